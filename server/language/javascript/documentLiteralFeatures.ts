import {
  CompletionItemKind,
  InsertTextFormat,
  type CompletionItem,
  type CompletionList,
  type Hover,
} from 'vscode-languageserver-types';
import { isCollection, isLink, xpathOf, type SchemaNode } from '../../../core/schema/schema.ts';
import type { TextRange, XmlAttribute, XmlElement } from '../../../core/xml/xmlTree.ts';
import { addressOf, enumerationOf, fieldDocumentation, typeText } from '../queryDef/fieldDocumentation.ts';
import type { EditorFeatures } from '../queryDef/queryContext.ts';
import { completeSchemaIds } from '../queryDef/schemaCompletion.ts';
import { documentPlaceAt, type DocumentPlace } from './documentLiteral.ts';
import type { DefinitionTarget } from './javaScriptService.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** What any element that is written to the server may carry. Source: JSAPI documentation, "Writing data". */
const writeAttributes: readonly { name: string; doc: string; values?: readonly string[] }[] = [
  {
    name: '_operation',
    doc: 'What to do with the record; `insertOrUpdate` when absent.',
    values: ['insertOrUpdate', 'insert', 'update', 'delete', 'none'],
  },
  { name: '_key', doc: 'The fields the record is found by, e.g. `@email`; several with commas between.' },
  { name: '_forceDeleteCascade', doc: 'Also deletes what the record owns.', values: ['true', 'false'] },
  {
    name: '_mergeCollection',
    doc: 'Adds to a collection instead of replacing it.',
    values: ['true', 'false'],
  },
];
const schemaAttribute = {
  name: 'xtkschema',
  doc: 'The schema the document is of; `Write` needs it on the outermost element.',
};

const list = (items: CompletionItem[], isIncomplete = false): CompletionList => ({ items, isIncomplete });

/** Fields, elements and values inside a document literal; `undefined` outside of any. */
export function completeDocument(
  project: ScriptProject,
  editor: EditorFeatures,
  offset: number,
): CompletionList | undefined {
  const place = documentPlaceAt(project, offset);
  if (place === undefined) return undefined;
  const { location } = place;
  switch (location.kind) {
    case 'attributeName':
      return list(completeAttributes(project, editor, place, location.element, location.attribute, offset));
    case 'attributeValue':
      return completeValue(project, place, location.attribute, offset);
    case 'tagName': {
      const { element } = location;
      const siblings =
        element.parent === undefined ? [] : (documentPlaceAt(project, element.start)?.children ?? []);
      const range = { start: element.nameStart, end: element.nameEnd };
      return list(completeElements(project, siblings, range, (name) => name));
    }
    case 'content': {
      const range = { start: offset, end: offset };
      return list(completeElements(project, place.children, range, (name) => `<${name}`));
    }
    case 'endTag':
      return list([]);
  }
}

function editOf(
  { document }: ScriptProject,
  { start, end }: TextRange,
  newText: string,
): NonNullable<CompletionItem['textEdit']> {
  return { range: { start: document.positionAt(start), end: document.positionAt(end) }, newText };
}

function completeAttributes(
  project: ScriptProject,
  editor: EditorFeatures,
  place: DocumentPlace,
  element: XmlElement,
  current: XmlAttribute | undefined,
  offset: number,
): CompletionItem[] {
  const used = new Set(
    element.attributes.filter((attribute) => attribute !== current).map(({ name }) => name),
  );
  const range =
    current === undefined ? { start: offset, end: offset } : { start: current.start, end: current.nameEnd };
  const hasValue = current?.hasValue === true;
  // Values of fields are computed more often than not; what says how to write is a constant.
  const textOf = (name: string, value: string): Pick<CompletionItem, 'textEdit' | 'insertTextFormat'> => {
    if (hasValue) return { textEdit: editOf(project, range, name) };
    return editor.snippets
      ? {
          textEdit: editOf(project, range, `${name}=${value}`),
          insertTextFormat: InsertTextFormat.Snippet,
        }
      : { textEdit: editOf(project, range, `${name}=`) };
  };
  const items: CompletionItem[] = [];
  for (const field of place.element?.attributes.values() ?? []) {
    if (used.has(field.name)) continue;
    items.push({
      label: field.name,
      labelDetails: { description: field.label },
      detail: typeText(field),
      kind: CompletionItemKind.Field,
      sortText: `${field.advanced ? '3' : '1'}${field.name}`,
      data: { kind: 'field', ...addressOf(field) },
      ...textOf(field.name, field.enumeration === undefined ? '{$1}' : '"$1"'),
    });
  }
  const general = element === place.root ? [schemaAttribute, ...writeAttributes] : writeAttributes;
  for (const { name, doc } of general) {
    if (used.has(name)) continue;
    items.push({
      label: name,
      kind: CompletionItemKind.Property,
      documentation: { kind: 'markdown', value: doc },
      sortText: `2${name}`,
      ...textOf(name, '"$1"'),
    });
  }
  return items;
}

function completeElements(
  project: ScriptProject,
  children: Iterable<SchemaNode>,
  range: TextRange,
  written: (name: string) => string,
): CompletionItem[] {
  return [...children].map((child) => ({
    label: child.name,
    labelDetails: { description: child.label },
    detail: typeText(child),
    kind: isLink(child) ? CompletionItemKind.Reference : CompletionItemKind.Module,
    sortText: `${isCollection(child) ? '3' : isLink(child) ? '2' : '1'}${child.name}`,
    filterText: written(child.name),
    textEdit: editOf(project, range, written(child.name)),
    data: { kind: 'field', ...addressOf(child) },
  }));
}

function completeValue(
  project: ScriptProject,
  place: DocumentPlace,
  attribute: XmlAttribute,
  offset: number,
): CompletionList {
  if (attribute.hole) return list([]);
  const range = { start: attribute.valueStart, end: attribute.valueEnd };
  const quote = (text: string): string => (attribute.hasValue ? text : `"${text}"`);
  if (attribute.name === 'xtkschema') {
    const typed = project.text.slice(attribute.valueStart, offset);
    return completeSchemaIds(project, typed, range, quote);
  }
  if (attribute.name === '_key') return list(completeKey(project, place, attribute, offset));
  const values = writeAttributes.find(({ name }) => name === attribute.name)?.values;
  const field = place.element?.attributes.get(attribute.name);
  const enumeration = field === undefined ? undefined : enumerationOf(project.model, field);
  const choices: { value: string; label?: string }[] =
    values?.map((value) => ({ value })) ??
    enumeration?.values.map(({ name, label }) => ({ value: name, label })) ??
    (field?.type === 'boolean' ? [{ value: 'true' }, { value: 'false' }] : []);
  return list(
    choices.map(({ value, label }, index) => ({
      label: value,
      ...(label !== undefined && { labelDetails: { description: label } }),
      kind: CompletionItemKind.EnumMember,
      sortText: String(index).padStart(3, '0'),
      textEdit: editOf(project, range, quote(value)),
    })),
  );
}

/** `_key` is a list of xpaths; the one at the cursor is replaced. */
function completeKey(
  project: ScriptProject,
  place: DocumentPlace,
  attribute: XmlAttribute,
  offset: number,
): CompletionItem[] {
  const before = project.text.slice(attribute.valueStart, offset);
  const start = attribute.valueStart + before.lastIndexOf(',') + 1;
  const comma = project.text.slice(offset, attribute.valueEnd).indexOf(',');
  const range = { start, end: comma < 0 ? attribute.valueEnd : offset + comma };
  return [...(place.element?.attributes.values() ?? [])].map((field) => ({
    label: `@${field.name}`,
    labelDetails: { description: field.label },
    detail: typeText(field),
    kind: CompletionItemKind.Field,
    sortText: `${field.advanced ? '2' : '1'}${field.name}`,
    filterText: `@${field.name}`,
    textEdit: editOf(
      project,
      range,
      attribute.hasValue ? xpathOf(field).replace(/^.*\//, '') : `"@${field.name}"`,
    ),
    data: { kind: 'field', ...addressOf(field) },
  }));
}

/** The field an attribute or element of a document literal is. */
export function documentFieldAt(
  project: ScriptProject,
  offset: number,
): { node: SchemaNode; range: TextRange } | undefined {
  const place = documentPlaceAt(project, offset);
  const location = place?.location;
  if (place === undefined || location === undefined) return undefined;
  if (location.kind === 'attributeName' && location.attribute !== undefined) {
    const { start, nameEnd, name } = location.attribute;
    const node = place.element?.attributes.get(name);
    return node && { node, range: { start, end: nameEnd } };
  }
  if (location.kind === 'tagName' && location.element.parent !== undefined) {
    const { element } = location;
    const node = documentPlaceAt(project, element.start)?.children.find(({ name }) => name === element.name);
    return node && { node, range: { start: element.nameStart, end: element.nameEnd } };
  }
  return undefined;
}

/** Hover on a name in a document literal. */
export function hoverDocument(project: ScriptProject, offset: number): Hover | undefined {
  const field = documentFieldAt(project, offset);
  if (field === undefined) return undefined;
  const { document, model } = project;
  return {
    contents: { kind: 'markdown', value: fieldDocumentation(model, field.node) },
    range: { start: document.positionAt(field.range.start), end: document.positionAt(field.range.end) },
  };
}

/** Where such a name leads. */
export function documentDefinition(project: ScriptProject, offset: number): DefinitionTarget[] {
  const node = documentFieldAt(project, offset)?.node;
  return node === undefined
    ? []
    : [{ kind: 'schema', target: { schemaId: node.schemaId, start: node.start, end: node.end } }];
}
