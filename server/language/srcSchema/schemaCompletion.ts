import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type CompletionList,
} from 'vscode-languageserver-types';
import { quoteXtk } from '../../../core/expression/literals.ts';
import { typeFamily } from '../../../core/expression/typeFamily.ts';
import {
  parameterTypes,
  schemaAttributeRow,
  schemaElementRow,
  unlistedSchemaElements,
  xtkTypes,
  type SchemaAttributeRow,
  type SchemaElementRow,
  type SchemaValueRow,
} from '../../../core/schema/srcSchemaGrammar.ts';
import { enterElement, resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import { isLink, stepOf, xpathOf, type SchemaElement, type SchemaNode } from '../../../core/schema/schema.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import {
  attributeOf,
  attributeValue,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import {
  canBeginAttribute,
  contentMode,
  isBeforeValue,
  isInSection,
  tagNameMode,
  type ElementNameMode,
} from '../xmlCompletionMode.ts';
import type { ExpressionPlace } from '../queryDef/expressionAt.ts';
import { completeExpression } from '../queryDef/expressionCompletion.ts';
import { typeText } from '../queryDef/fieldDocumentation.ts';
import type { EditorFeatures } from '../queryDef/queryContext.ts';
import { toLspRange } from '../queryDef/queryRanges.ts';
import { completeSchemaIds } from '../queryDef/schemaCompletion.ts';
import { describedElement, type SchemaContext } from './schemaContext.ts';
import { schemaExpressionAt, schemaFunctions, schemaModel } from './schemaExpression.ts';

/** What an element is written with, as a snippet without its `<`. */
const bodies: Readonly<Record<string, string>> = {
  srcSchema:
    'srcSchema namespace="${1:cus}" name="${2:name}" label="$3" labelSingular="$4">\n\t<element name="${2:name}" autopk="true">\n\t\t<attribute name="$5" type="${6:string}" length="${7:100}" label="$8"/>\n\t</element>\n</srcSchema>',
  attribute: 'attribute name="$1" type="${2:string}" label="$3"/>',
  key: 'key name="$1">\n\t<keyfield xpath="@$2"/>\n</key>',
  dbindex: 'dbindex name="$1">\n\t<keyfield xpath="@$2"/>\n</dbindex>',
  keyfield: 'keyfield xpath="@$1"/>',
  join: 'join xpath-src="@$1" xpath-dst="@$2"/>',
  'compute-string': 'compute-string expr="@$1"/>',
  enumeration:
    'enumeration name="$1" basetype="${2:byte}">\n\t<value name="$3" label="$4" value="${5:0}"/>\n</enumeration>',
  value: 'value name="$1" label="$2" value="$3"/>',
  sysFilter:
    'sysFilter name="${1|readAccess,writeAccess|}">\n\t<condition enabledIf="$2" expr="FALSE"/>\n</sysFilter>',
  method:
    'method name="$1" library="${2:cus:name.js}" static="true">\n\t<parameters>\n\t\t<param name="$3" type="string"/>\n\t</parameters>\n</method>',
  param: 'param name="$1" type="${2:string}" inout="${3|in,out|}"/>',
};

/** What can be typed at an offset of a schema source. */
export function completeSchemaSource(
  context: SchemaContext,
  editor: EditorFeatures,
  offset: number,
): CompletionList {
  const at = locateXml(context.xml, offset);
  switch (at.kind) {
    case 'content': {
      if (isInSection(context.text, 0, offset)) return list([]);
      if (at.element === undefined && context.xml.root !== undefined) return list([]);
      const mode = contentMode(context.text, offset);
      return list(completeElements(context, editor, at.element, { start: offset, end: offset }, mode));
    }
    case 'tagName': {
      const replace = { start: at.element.nameStart, end: at.element.nameEnd };
      const mode = tagNameMode(context.text, at.element);
      return list(completeElements(context, editor, at.element.parent, replace, mode));
    }
    case 'attributeName': {
      if (at.attribute === undefined && !canBeginAttribute(context.text, offset)) return list([]);
      const replace = { start: at.attribute?.start ?? offset, end: at.attribute?.nameEnd ?? offset };
      const hasValue = isBeforeValue(context.text, offset, at.attribute);
      return list(completeAttributes(context, editor, at.element, at.attribute, replace, hasValue));
    }
    case 'attributeValue':
      return completeValue(context, editor, at.element, at.attribute, offset);
    case 'endTag':
      return list([]);
  }
}

const list = (items: CompletionItem[]): CompletionList => ({ items, isIncomplete: false });
const order = (index: number): string => String(index).padStart(3, '0');
const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value });

function completeElements(
  context: SchemaContext,
  editor: EditorFeatures,
  parent: XmlElement | undefined,
  replace: TextRange,
  mode: ElementNameMode,
): CompletionItem[] {
  const opening = mode === 'content' ? '<' : '';
  const isSnippet = mode !== 'name' && editor.snippets;
  const names = parent === undefined ? ['srcSchema'] : childNames(parent);
  const rows = names.map(schemaElementRow).filter((row): row is SchemaElementRow => row !== undefined);
  const items = rows.map((row, index): CompletionItem => {
    const body = bodies[row.name] ?? `${row.name}>$0</${row.name}>`;
    return {
      label: row.name,
      kind: CompletionItemKind.Struct,
      sortText: order(index),
      filterText: `${opening}${row.name}`,
      documentation: markdown(row.doc),
      textEdit: {
        range: toLspRange(context, replace),
        newText: opening + (isSnippet ? body : row.name),
      },
      ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet }),
    };
  });
  if (!names.includes('element') || !isSnippet) return items;
  const link: CompletionItem = {
    label: 'element (link)',
    kind: CompletionItemKind.Struct,
    sortText: order(items.length),
    filterText: `${opening}link element`,
    documentation: markdown(
      'A link to another schema. The server adds the foreign key, its index and the reverse link.',
    ),
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: {
      range: toLspRange(context, replace),
      newText: `${opening}element name="$1" type="link" target="$2" label="$3"/>`,
    },
  };
  return [
    ...items.filter((item) => item.label !== 'element'),
    elementItem(context, replace, opening, items.length),
    link,
  ];
}

/** A container and a table are written with children, so the plain element leaves its tag open. */
function elementItem(
  context: SchemaContext,
  replace: TextRange,
  opening: string,
  index: number,
): CompletionItem {
  return {
    label: 'element',
    kind: CompletionItemKind.Struct,
    sortText: order(index),
    filterText: `${opening}element`,
    documentation: markdown(schemaElementRow('element')?.doc ?? ''),
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: {
      range: toLspRange(context, replace),
      newText: `${opening}element name="$1" label="$2">\n\t$0\n</element>`,
    },
  };
}

function childNames(parent: XmlElement): string[] {
  const isMain = parent.parent?.parent === undefined;
  const isLinkElement = attributeValue(parent, 'type') === 'link';
  return (schemaElementRow(parent.localName)?.children ?? []).filter((name) => {
    if (unlistedSchemaElements.has(name)) return false;
    if (parent.localName !== 'element') return true;
    if (name === 'join') return isLinkElement;
    if (isLinkElement) return name === 'help';
    return isMain || !['key', 'dbindex', 'compute-string', 'sysFilter'].includes(name);
  });
}

function completeAttributes(
  context: SchemaContext,
  editor: EditorFeatures,
  element: XmlElement,
  current: XmlAttribute | undefined,
  replace: TextRange,
  hasValue: boolean,
): CompletionItem[] {
  const rows = (schemaElementRow(element.localName)?.attributes ?? []).filter(
    (row) =>
      row.internal !== true &&
      fits(row, element) &&
      (attributeOf(element, row.name) === undefined || row.name === current?.name),
  );
  return rows.map((row, index) => {
    const placeholder = row.kind === 'boolean' ? '${1|true,false|}' : '$1';
    const suggests =
      editor.suggestCommand !== undefined && !['boolean', 'text', 'integer'].includes(row.kind);
    const text = editor.snippets ? `${row.name}="${placeholder}"` : `${row.name}=""`;
    return {
      label: row.name,
      kind: CompletionItemKind.Property,
      sortText: order(index),
      documentation: markdown(row.doc),
      textEdit: { range: toLspRange(context, replace), newText: hasValue ? row.name : text },
      ...(!hasValue && editor.snippets && { insertTextFormat: InsertTextFormat.Snippet }),
      ...(!hasValue && suggests && { command: { title: 'Suggest', command: editor.suggestCommand! } }),
    };
  });
}

function fits(row: SchemaAttributeRow, element: XmlElement): boolean {
  if (row.on === undefined || element.localName !== 'element') return true;
  const type = attributeValue(element, 'type');
  if (row.on === 'main') return element.parent?.parent === undefined;
  if (row.on === 'link') return type === 'link';
  return type !== undefined && type !== 'link';
}

function completeValue(
  context: SchemaContext,
  editor: EditorFeatures,
  element: XmlElement,
  attribute: XmlAttribute,
  offset: number,
): CompletionList {
  const row = schemaAttributeRow(element.localName, attribute.name);
  const replace = { start: attribute.valueStart, end: attribute.valueEnd };
  switch (row?.kind) {
    case 'boolean':
      return list(
        completeRows(
          context,
          [
            { name: 'true', doc: '' },
            { name: 'false', doc: '' },
          ],
          replace,
        ),
      );
    case 'choice':
      return list(completeRows(context, row.values ?? [], replace));
    case 'type': {
      const types = element.localName === 'param' ? [...xtkTypes, ...parameterTypes] : xtkTypes;
      const fitting = element.localName === 'element' ? types : types.filter((type) => type.name !== 'link');
      return list(completeRows(context, fitting, replace));
    }
    case 'schemaId':
      return completeSchemaIds(context, context.text.slice(attribute.valueStart, offset), replace);
    case 'enumeration':
      return list(completeEnumerations(context, replace));
    case 'link':
      return list(completeLinks(context, replace));
    case 'xpath':
      return list(completeXPath(context, element, attribute, offset));
    case 'expression':
      return completeSchemaExpression(context, editor, offset);
    default:
      return list([]);
  }
}

function completeSchemaExpression(
  context: SchemaContext,
  editor: EditorFeatures,
  offset: number,
): CompletionList {
  const place = schemaExpressionAt(context, offset);
  if (place === undefined) return list([]);
  const { element, attribute, expression } = place;
  const inModel = { document: context.document, model: schemaModel(context) };
  const quote = (text: string): string => (attribute.hasValue ? text : `"${text}"`);
  const { items, isIncomplete } = completeExpression(inModel, editor, element, expression, offset, quote, {
    scope: place.scope(),
    functions: schemaFunctions(attribute),
  });
  return { items: [...defaultValues(context, place), ...items], isIncomplete };
}

/** The values of its enumeration, for the default of a field; before everything an expression can be. */
function defaultValues(
  context: SchemaContext,
  { element, attribute, expression }: ExpressionPlace,
): CompletionItem[] {
  const name = attributeValue(element, 'enum');
  const schemaId = context.own?.id;
  if (attribute.name !== 'default' || !attribute.hasValue || name === undefined || schemaId === undefined)
    return [];
  const found = resolveEnumeration(schemaModel(context), schemaId, name);
  if (found.kind !== 'found') return [];
  const isText = typeFamily(attributeValue(element, 'type') ?? 'string') === 'text';
  const replace = { start: attribute.valueStart, end: attribute.valueEnd };
  return found.enumeration.values.map(({ value, label: description }, index) => {
    const label = isText ? quoteXtk(value) : value;
    return {
      label,
      labelDetails: { description },
      kind: CompletionItemKind.EnumMember,
      sortText: ` ${order(index)}`,
      textEdit: { range: toLspRange(context, replace), newText: expression.escape(label) },
    };
  });
}

function completeRows(
  context: SchemaContext,
  rows: readonly SchemaValueRow[],
  replace: TextRange,
): CompletionItem[] {
  return rows.map((row, index) => ({
    label: row.name,
    kind: CompletionItemKind.EnumMember,
    sortText: order(index),
    ...(row.doc !== '' && { documentation: markdown(row.doc) }),
    textEdit: { range: toLspRange(context, replace), newText: row.name },
  }));
}

/** Lists of the document itself and, for an extension, those of the extended schema by their full name. */
function completeEnumerations(context: SchemaContext, replace: TextRange): CompletionItem[] {
  const own = [...(context.own?.enumerations.values() ?? [])].map((e) => ({ name: e.name, label: e.label }));
  const extended = context.own?.extendedSchema;
  const base = extended === undefined ? undefined : context.model.getSchema(extended);
  const foreign = [...(base?.enumerations.values() ?? [])].map((e) => ({
    name: `${extended!}:${e.name}`,
    label: e.label,
  }));
  return [...own, ...foreign].map(({ name, label }, index) => ({
    label: name,
    labelDetails: { description: label },
    kind: CompletionItemKind.Enum,
    sortText: order(index),
    textEdit: { range: toLspRange(context, replace), newText: name },
  }));
}

function completeLinks(context: SchemaContext, replace: TextRange): CompletionItem[] {
  const links = [...(context.main()?.elements.values() ?? [])].filter(isLink);
  return links.filter((link) => !link.unbound).map((link) => toFieldItem(context, link, link.name, replace));
}

/** Fields for a key, an index or a join; `xpath-dst` starts at the target of the link. */
function completeXPath(
  context: SchemaContext,
  element: XmlElement,
  attribute: XmlAttribute,
  offset: number,
): CompletionItem[] {
  const replace = { start: attribute.valueStart, end: Math.max(offset, attribute.valueEnd) };
  return pathRoots(context, element, attribute)
    .flatMap((root) => [...storedFields(root)])
    .map((field) => toFieldItem(context, field, xpathOf(field), replace));
}

function pathRoots(context: SchemaContext, element: XmlElement, attribute: XmlAttribute): SchemaElement[] {
  const main = context.main();
  if (attribute.name !== 'xpath-dst') return main === undefined ? [] : [main];
  const link = element.parent === undefined ? undefined : describedElement(context, element.parent);
  const target = link === undefined ? undefined : enterElement(context.source, link);
  return target?.kind === 'found' ? [target.element] : [];
}

function* storedFields(element: SchemaElement): Generator<SchemaNode> {
  for (const attribute of element.attributes.values()) {
    if (!attribute.xml && attribute.expr === undefined) yield attribute;
  }
  for (const child of element.elements.values()) {
    if (child.type === undefined && child.ref === undefined && !child.unbound) yield* storedFields(child);
  }
}

function toFieldItem(
  context: SchemaContext,
  node: SchemaNode,
  text: string,
  replace: TextRange,
): CompletionItem {
  return {
    label: text,
    labelDetails: { description: node.label },
    detail: typeText(node),
    kind: node.kind === 'attribute' ? CompletionItemKind.Field : CompletionItemKind.Reference,
    sortText: `${stepOf(node).startsWith('@') ? '0' : '1'}${text}`,
    textEdit: { range: toLspRange(context, replace), newText: text },
  };
}
