import { CompletionItemKind, type CompletionItem, type CompletionList } from 'vscode-languageserver-types';
import { expressionFunctions, findFunction } from '../../../core/expression/functions.ts';
import { parseXPath } from '../../../core/expression/parseExpression.ts';
import { queryAttribute } from '../../../core/queryDef/grammar.ts';
import { enterElement, resolvePath, rootOf } from '../../../core/schema/resolvePath.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import {
  attributeValue,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { LanguageModel } from '../model.ts';
import {
  canBeginAttribute,
  contentMode,
  isBeforeValue,
  isInSection,
  tagNameMode,
} from '../xmlCompletionMode.ts';
import { completeExpression } from './expressionCompletion.ts';
import {
  addressOf,
  typeText,
  fieldDocumentation,
  nodeAt,
  schemaDocumentation,
  type NodeAddress,
} from './fieldDocumentation.ts';
import { functionDocumentation } from './functionDocumentation.ts';
import { completeAttributes, completeChoices, completeElements } from './grammarCompletion.ts';
import { readExpression, type EditorFeatures, type QueryContext } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';
import { unknownScope } from './queryScope.ts';
import { completeSchemaIds } from './schemaCompletion.ts';

/**
 * What can be typed at an offset of a queryDef: elements, attributes, values, schema ids, paths, functions.
 * Items carry their documentation only where it is at hand; see {@link resolveQueryCompletion}.
 */
export function completeQuery(context: QueryContext, editor: EditorFeatures, offset: number): CompletionList {
  const { region } = context;
  const endTag = /<\/[\w:.-]*$/.exec(region.text.slice(Math.max(region.start, offset - 100), offset));
  if (endTag !== null) return list(completeEndTag(context, offset - endTag[0].length));
  const at = locateXml(region.xml, offset);
  switch (at.kind) {
    case 'content': {
      const replace = { start: offset, end: offset };
      if (isInSection(region.text, region.start, offset)) return list([]);
      if (at.element === undefined && region.inScript) return list([]);
      if (at.element === undefined && region.root !== undefined) return list([]);
      return list(completeElements(context, editor, at.element, replace, contentMode(region.text, offset)));
    }
    case 'tagName': {
      const { element } = at;
      const replace = { start: element.nameStart, end: element.nameEnd };
      const mode = tagNameMode(region.text, element);
      return list(completeElements(context, editor, element.parent, replace, mode));
    }
    case 'endTag':
      return list([]);
    case 'attributeName': {
      if (at.attribute === undefined && !canBeginAttribute(region.text, offset)) return list([]);
      const replace =
        at.attribute === undefined
          ? { start: offset, end: offset }
          : { start: at.attribute.start, end: at.attribute.nameEnd };
      const hasValue = isBeforeValue(region.text, offset, at.attribute);
      return list(completeAttributes(context, editor, at.element, at.attribute, replace, hasValue));
    }
    case 'attributeValue':
      return at.attribute.hole ? list([]) : completeValue(context, editor, at.element, at.attribute, offset);
  }
}

const list = (items: CompletionItem[]): CompletionList => ({ items, isIncomplete: false });

/** The name after `</` is that of the element that is open there; what the half-typed tag closes says nothing. */
function completeEndTag(context: QueryContext, tagStart: number): CompletionItem[] {
  const { text, xml } = context.region;
  const { element } = locateXml(xml, tagStart);
  if (element === undefined || element.name === '') return [];
  const start = tagStart + 2;
  const name = /^[\w:.-]*/.exec(text.slice(start))?.[0] ?? '';
  const isClosed = /^\s*>/.test(text.slice(start + name.length));
  const range = toLspRange(context, { start, end: start + name.length });
  const newText = isClosed ? element.name : `${element.name}>`;
  return [{ label: element.name, kind: CompletionItemKind.Struct, textEdit: { range, newText } }];
}

function completeValue(
  context: QueryContext,
  editor: EditorFeatures,
  element: XmlElement,
  attribute: XmlAttribute,
  offset: number,
): CompletionList {
  const row = queryAttribute(element.localName, attribute.name);
  if (row === undefined) return list([]);
  const whole: TextRange = { start: attribute.valueStart, end: attribute.valueEnd };
  const quote = (text: string): string => (attribute.hasValue ? text : `"${text}"`);
  switch (row.kind) {
    case 'schemaId': {
      const typed = context.region.text.slice(attribute.valueStart, offset);
      return completeSchemaIds(context, typed, whole, quote);
    }
    case 'boolean':
    case 'choice':
      return list(completeChoices(context, row, whole).map((item) => withText(item, quote)));
    case 'expression': {
      const expression = readExpression(context.region.text, attribute);
      const hasMacros = !context.region.inScript;
      return completeExpression(context, editor, element, expression, offset, quote, { hasMacros });
    }
    case 'alias':
      return list(completeAlias(context, element, whole).map((item) => withText(item, quote)));
    case 'xpath':
      return list(
        completeStartPath(context, element, attribute, offset).map((item) => withText(item, quote)),
      );
    case 'text': {
      if (row.name !== 'enabledIf') return list([]);
      // Evaluated before the query is built: no fields yet, but parameters and the functions of the session.
      const expression = readExpression(context.region.text, attribute);
      const options = {
        scope: unknownScope,
        functions: expressionFunctions,
        hasMacros: !context.region.inScript,
      };
      return completeExpression(context, editor, element, expression, offset, quote, options);
    }
    case 'integer':
    case 'sql':
      return list([]);
  }
}

/** The containers and links a `startPath` can lead to. */
function completeStartPath(
  context: QueryContext,
  element: XmlElement,
  attribute: XmlAttribute,
  offset: number,
): CompletionItem[] {
  const typed = context.region.text.slice(attribute.valueStart, offset);
  const slash = typed.lastIndexOf('/') + 1;
  const steps = typed.slice(0, slash).split('/').filter(Boolean);
  const start = rootOf(context.model, attributeValue(element, 'schema') ?? '');
  const place = start.kind === 'found' ? resolvePath(context.model, start.element, steps) : start;
  if (place.kind !== 'found' || !('node' in place) || place.node.kind !== 'element') return [];
  const entered = enterElement(context.model, place.node);
  if (entered.kind !== 'found') return [];
  const rest = /^[^/]*/.exec(context.region.text.slice(offset, attribute.valueEnd))?.[0].length ?? 0;
  const range = toLspRange(context, { start: attribute.valueStart + slash, end: offset + rest });
  return [...entered.element.elements.values()]
    .filter((node) => !node.unbound && (node.type === undefined || node.type === 'link'))
    .map((node) => ({
      label: node.name,
      labelDetails: { description: node.label },
      detail: typeText(node),
      kind: CompletionItemKind.Reference,
      commitCharacters: ['/'],
      textEdit: { range, newText: node.name },
      data: { kind: 'field', ...addressOf(node) },
    }));
}

function withText(item: CompletionItem, change: (text: string) => string): CompletionItem {
  const edit = item.textEdit;
  return edit === undefined ? item : { ...item, textEdit: { ...edit, newText: change(edit.newText) } };
}

/** A name for the value: that of the last step of its path, or of the function around it. */
function completeAlias(context: QueryContext, element: XmlElement, replace: TextRange): CompletionItem[] {
  return suggestedAliases(attributeValue(element, 'expr') ?? '').map((alias, index) => ({
    label: alias,
    kind: CompletionItemKind.Variable,
    sortText: String(index),
    textEdit: { range: toLspRange(context, replace), newText: alias },
  }));
}

/** `@folderLabel` and `@label` for `[folder/@label]`; `@countId` for `count(@id)`. */
export function suggestedAliases(expr: string): string[] {
  const call = /^\s*(\w+)\s*\(/.exec(expr);
  const inner = call === null ? expr : (/[@\w[][^,)]*/.exec(expr.slice(call[0].length))?.[0] ?? '');
  const names = parseXPath(inner.replace(/^\s*\[|\]\s*$/g, ''))
    .path.steps.map((step) => step.name)
    .filter((name) => /^[A-Za-z_]/.test(name));
  if (call !== null) names.unshift(call[1]!.charAt(0).toLowerCase() + call[1]!.slice(1));
  const words = names.flatMap((name) => name.split('-'));
  const joined = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  const last = names.at(-1)?.replaceAll('-', '_');
  return [...new Set([joined, last])].flatMap((name) =>
    name === undefined || name === '' ? [] : [`@${name}`],
  );
}

/** What travels with an item until its documentation is asked for. */
export type CompletionData =
  | ({ kind: 'field' } & NodeAddress)
  | { kind: 'schema'; schemaId: string }
  | { kind: 'function'; name: string }
  /** An item of the JavaScript side, which knows its documentation itself. */
  | { kind: 'script' };

/** Adds the documentation of a field, schema or function to an item; an item without data comes back as it is. */
export function resolveQueryCompletion(model: LanguageModel, item: CompletionItem): CompletionItem {
  const value = documentationOf(model, item.data as CompletionData | undefined);
  return value === undefined ? item : { ...item, documentation: { kind: 'markdown', value } };
}

function documentationOf(model: LanguageModel, data: CompletionData | undefined): string | undefined {
  switch (data?.kind) {
    case 'schema': {
      const schema = model.getSchema(data.schemaId);
      return schema ? schemaDocumentation(schema) : undefined;
    }
    case 'function': {
      const row = findFunction(data.name);
      return row === undefined ? undefined : functionDocumentation(row);
    }
    case 'field': {
      const node = nodeAt(model, data);
      return node === undefined ? undefined : fieldDocumentation(model, node);
    }
    // Items of another side.
    default:
      return undefined;
  }
}
