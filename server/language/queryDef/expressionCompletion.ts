import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
} from 'vscode-languageserver-types';
import { ungroup, type ExpressionNode, type PathNode } from '../../../core/expression/expressionTree.ts';
import type { ExpressionFunction } from '../../../core/expression/functions.ts';
import { quoteXtk } from '../../../core/expression/literals.ts';
import {
  expressionContext,
  type ExpressionContext,
  type PathContext,
} from '../../../core/expression/nodeAt.ts';
import { typeFamily } from '../../../core/expression/typeFamily.ts';
import { enterElement, resolvePath } from '../../../core/schema/resolvePath.ts';
import {
  isCollection,
  isLink,
  stepOf,
  type Enumeration,
  type SchemaElement,
  type SchemaNode,
} from '../../../core/schema/schema.ts';
import { kindOfNode, rankOfNode } from '../nodeItem.ts';
import {
  attributeValue,
  childElements,
  descendantElements,
  type TextRange,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { LanguageModel } from '../model.ts';
import { addressOf, enumerationOf, typeText } from './fieldDocumentation.ts';
import { expressionType } from './expressionType.ts';
import { completeFunctions } from './functionCompletion.ts';
import { completeMacroPath, completeMacros } from './macroCompletion.ts';
import { completeOperators } from './operatorCompletion.ts';
import { clauseOf, type AttributeExpression, type EditorFeatures } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';
import { pathStart, resolveQueryPath, scopeOf, stepTexts, type Scope } from './queryScope.ts';
import { completeSchemaIds, type SchemaSuggestions, type SuggestionContext } from './schemaCompletion.ts';

/** What differs between the documents that hold expressions. */
export interface ExpressionCompletionOptions {
  /** Where its paths start. Default: where the queryDef around the element puts it. */
  scope?: Scope;
  /** Which functions are offered. Default: those the database knows. */
  functions?: readonly ExpressionFunction[];
  /** `$(…)` is replaced before the expression is read: in filters, forms and activities, not in scripts. */
  hasMacros?: boolean;
}

/** Everything the parts of an expression completion share. */
interface ExpressionRequest {
  context: SuggestionContext;
  editor: EditorFeatures;
  scope: Scope;
  expression: AttributeExpression;
  hasMacros: boolean;
  /** The condition asks about the records of a collection. */
  asksRecords: boolean;
  /** Makes inserted text fit for the place: XML escaping, quotes where there are none yet. */
  toXml: (text: string) => string;
}

/**
 * What can be typed at an offset of an attribute that holds an expression.
 * @param element the element of the attribute.
 * @param quote puts quotes around the inserted text where the attribute has none yet.
 */
export function completeExpression(
  context: SuggestionContext,
  editor: EditorFeatures,
  element: XmlElement,
  expression: AttributeExpression,
  offset: number,
  quote: (text: string) => string,
  options: ExpressionCompletionOptions = {},
): SchemaSuggestions {
  // Inside a reference such as &gt; there is no place to type at.
  if (expression.toDocument(expression.toExpression(offset)) !== offset) return complete([]);
  const request: ExpressionRequest = {
    context,
    editor,
    scope: options.scope ?? scopeOf(context.model, element),
    expression,
    hasMacros: options.hasMacros === true,
    asksRecords: /^(?:NOT )?EXISTS$/.test(attributeValue(element, 'setOperator') ?? ''),
    toXml: (text) => quote(expression.escape(text)),
  };
  const at = expressionContext(expression.parsed, expression.toExpression(offset));
  switch (at.kind) {
    case 'path':
      return completePath(request, at, element);
    case 'operand': {
      const replace = expression.toRange({ start: at.replaceStart, end: at.replaceEnd });
      return complete([
        ...completeValues(request, at, replace, false),
        ...completeSelected(request, element, replace),
        ...completeFields(request, at.steps, undefined, replace),
        ...completeFunctions(
          context,
          editor,
          element,
          replace,
          request.toXml,
          options.functions,
          at.beforeParenthesis,
        ),
        ...completeLiterals(request, at, replace),
        ...(request.hasMacros
          ? completeMacros(context, editor, replace, request.toXml, at.beforeParenthesis)
          : []),
      ]);
    }
    case 'string': {
      const replace = expression.toRange({ start: at.replaceStart, end: at.replaceEnd });
      return complete(completeValues(request, at, replace, true));
    }
    case 'operator': {
      const replace = expression.toRange({ start: at.replaceStart, end: at.replaceEnd });
      const family = typeFamily(expressionType(context.model, request.scope, at.operand));
      const value = { family, isCompared: at.isCompared };
      return complete(completeOperators(context, editor, value, replace, request.toXml));
    }
    case 'date':
    case 'none':
      return complete([]);
  }
}

const complete = (items: CompletionItem[]): SchemaSuggestions => ({ items, isIncomplete: false });

function completePath(request: ExpressionRequest, at: PathContext, element: XmlElement): SchemaSuggestions {
  const { expression, context } = request;
  const replace = expression.toRange({ start: at.replaceStart, end: at.replaceEnd });
  if (at.macro !== undefined) {
    const isValue = at.part === 'step' && at.steps.length === 0 && !at.absolute && at.join === undefined;
    return complete(isValue && request.hasMacros ? completeMacroPath(context, replace, request.toXml) : []);
  }
  if (at.part === 'alias') return complete([]);
  if (at.part === 'schema') {
    return completeSchemaIds(context, at.prefix, replace, (id) => request.toXml(`${id}:`));
  }
  const items = completeFields(request, at.steps, at, replace);
  if (at.bracketed && at.path.steps.length <= 1 && at.path.join === undefined && !at.absolute) {
    const schemas = completeSchemaIds(context, at.prefix, replace, (id) => request.toXml(`${id}:`));
    const joins = schemas.items.map((item) => ({ ...item, sortText: `8${item.sortText ?? ''}` }));
    return { items: [...items, ...joins], isIncomplete: schemas.isIncomplete };
  }
  const isFirst = at.steps.length === 0 && at.join === undefined && !at.absolute;
  return complete(
    isFirst && !at.bracketed ? [...completeSelected(request, element, replace), ...items] : items,
  );
}

/** The element whose children are offered, or `undefined` when nothing is known about the place. */
function elementAt(
  model: LanguageModel,
  scope: Scope,
  path: Pick<PathNode, 'steps' | 'absolute' | 'join'>,
): SchemaElement | undefined {
  const start = pathStart(model, scope, path);
  if (start.kind !== 'found') return undefined;
  const result = resolvePath(model, start.element, stepTexts(start.steps));
  if (result.kind !== 'found' || result.node.kind !== 'element') return undefined;
  const entered = enterElement(model, result.node);
  return entered.kind === 'found' ? entered.element : undefined;
}

/** Attributes, containers, links and collections of the element a path has reached. */
function completeFields(
  request: ExpressionRequest,
  steps: PathContext['steps'],
  path: PathContext | undefined,
  replace: TextRange,
): CompletionItem[] {
  const { context, expression } = request;
  const join = path?.join;
  const from = { steps, absolute: path?.absolute ?? false, ...(join !== undefined && { join }) };
  const parent = elementAt(context.model, request.scope, from);
  if (parent === undefined) return [];
  // A path without brackets is replaced as a whole, because the brackets go around all of it.
  const isBare = path?.bracketed !== true;
  const before =
    isBare && path !== undefined ? expression.parsed.text.slice(path.path.start, path.replaceStart) : '';
  const whole =
    before === '' ? replace : { start: expression.toDocument(path!.path.start), end: replace.end };
  const range = toLspRange(context, whole);
  const attributesOnly = path?.prefix.startsWith('@') === true;
  const nodes: SchemaNode[] = [...parent.attributes.values()];
  if (!attributesOnly) nodes.push(...parent.elements.values());
  return nodes.map((node) => {
    const step = stepOf(node);
    const written = before + step;
    let newText = isBare && /[/:-]/.test(written) ? `[${written}]` : written;
    if (!isBare && !path.path.closed && node.kind === 'attribute') newText += ']';
    return {
      label: step,
      labelDetails: { description: node.label },
      detail: typeText(node),
      kind: kindOfNode(node),
      filterText: written,
      sortText: `${request.asksRecords ? rankForRecords(node) : rankOfNode(node)}${node.name}`,
      textEdit: { range, newText: request.toXml(newText) },
      commitCharacters: commitCharacters(node, isBare),
      data: { kind: 'field', ...addressOf(node) },
    };
  });
}

/** What `EXISTS` can be asked about first, then what leads there; plain fields are no records. */
function rankForRecords(node: SchemaNode): string {
  if (node.kind === 'attribute' || !isLink(node)) return `2${rankOfNode(node)}`;
  return isCollection(node) ? '0' : '1';
}

/**
 * What one types after the name, taking it: `/` goes on behind a link or container in brackets, `,` and `)` end an
 * argument. Spaces and operators would take names nobody chose.
 */
function commitCharacters(node: SchemaNode, isBare: boolean): string[] {
  if (isBare) return [',', ')'];
  return node.kind === 'element' && (node.type === 'link' || node.type === undefined) ? ['/'] : [];
}

/** The values a comparison, or `EV(field, …)`, can be with: those of the other side's enumeration or type. */
function completeValues(
  request: ExpressionRequest,
  at: ExpressionContext,
  replace: TextRange,
  inString: boolean,
): CompletionItem[] {
  const { model } = request.context;
  const byName = at.call !== undefined && isEnumerationCall(at.call.name) && at.call.argumentIndex === 1;
  const other = byName ? at.call.call.args[0] : at.comparedWith;
  const field = other === undefined ? undefined : fieldOf(model, request.scope, ungroup(other));
  if (field === undefined) return [];
  const enumeration = enumerationOf(model, field);
  if (enumeration !== undefined) return enumerationItems(request, enumeration, replace, inString, byName);
  if (inString || field.type !== 'boolean') return [];
  return ['true', 'false'].map((value) => ({
    label: value,
    kind: CompletionItemKind.Value,
    sortText: `0${value === 'true' ? 0 : 1}`,
    textEdit: { range: toLspRange(request.context, replace), newText: request.toXml(value) },
  }));
}

function isEnumerationCall(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'ev' || lower === 'el';
}

function fieldOf(model: LanguageModel, scope: Scope, node: ExpressionNode): SchemaNode | undefined {
  if (node.kind !== 'path') return undefined;
  const result = resolveQueryPath(model, scope, node);
  return result.kind === 'found' ? result.node : undefined;
}

function enumerationItems(
  request: ExpressionRequest,
  enumeration: Enumeration,
  replace: TextRange,
  inString: boolean,
  byName: boolean,
): CompletionItem[] {
  const isText = byName || enumeration.baseType === 'string';
  if (inString && !isText) return [];
  const range = toLspRange(request.context, replace);
  return enumeration.values.map((value, index) => {
    const stored = byName ? value.name : value.value;
    const quoted = isText ? quoteXtk(stored) : stored;
    const written = inString ? quoted.slice(1, -1) : quoted;
    return {
      label: written,
      labelDetails: {
        ...(value.name !== stored && { detail: ` ${value.name}` }),
        description: value.label,
      },
      kind: CompletionItemKind.EnumMember,
      filterText: `${written} ${value.name} ${value.label}`,
      sortText: `0${String(index).padStart(4, '0')}`,
      ...(value.description !== undefined && { documentation: value.description }),
      textEdit: { range, newText: request.toXml(written) },
    };
  });
}

/** In orderBy, groupBy and having: the expressions already selected, each under its alias. */
function completeSelected(
  request: ExpressionRequest,
  element: XmlElement,
  replace: TextRange,
): CompletionItem[] {
  const query = enclosingQuery(element);
  const select = query === undefined ? undefined : childElements(query, 'select')[0];
  if (select === undefined || query === undefined || !repeatsSelected(element, query)) return [];
  const range = toLspRange(request.context, replace);
  return childElements(select, 'node').flatMap((node, index) => {
    const expr = attributeValue(node, 'expr')?.trim() ?? '';
    const alias = attributeValue(node, 'alias');
    const label = attributeValue(node, 'label');
    // A plain path is offered among the fields already.
    if (expr === '' || (alias === undefined && /^[@\w]+$/.test(expr))) return [];
    return [
      {
        label: alias ?? expr,
        labelDetails: { description: label ?? 'selected' },
        detail: expr,
        kind: CompletionItemKind.Variable,
        filterText: `${alias ?? ''} ${expr}`.trim(),
        sortText: `0${String(index).padStart(4, '0')}`,
        textEdit: { range, newText: request.toXml(expr) },
      },
    ];
  });
}

function enclosingQuery(element: XmlElement): XmlElement | undefined {
  let at = element.parent;
  while (at !== undefined && at.localName !== 'queryDef' && at.localName !== 'subQuery') at = at.parent;
  return at;
}

function repeatsSelected(element: XmlElement, query: XmlElement): boolean {
  const clause = clauseOf(element);
  if (clause !== undefined && clause !== 'select') return true;
  return childElements(query, 'having').some((having) => [...descendantElements(having)].includes(element));
}

const literals = [
  { label: 'true', snippet: 'true', doc: 'True' },
  { label: 'false', snippet: 'false', doc: 'False' },
  { label: "'text'", snippet: "'$1'", doc: "A string; a quote inside is written `\\'`" },
  {
    label: '#date#',
    snippet: '#${1:yyyy-mm-dd}#',
    doc: 'A date, or a date and time: `#2024-12-01 10:30:00#`',
  },
] as const;

function completeLiterals(
  request: ExpressionRequest,
  at: ExpressionContext,
  replace: TextRange,
): CompletionItem[] {
  const compared =
    at.comparedWith === undefined
      ? undefined
      : fieldOf(request.context.model, request.scope, at.comparedWith);
  const isDate = compared?.type?.startsWith('date') === true;
  const range = toLspRange(request.context, replace);
  return literals
    .filter(({ label }) => request.editor.snippets || /^\w+$/.test(label))
    .map(({ label, snippet, doc }) => ({
      label,
      kind: CompletionItemKind.Value,
      sortText: `${isDate && label === '#date#' ? '0' : '7'}${label}`,
      documentation: { kind: MarkupKind.Markdown, value: doc },
      textEdit: { range, newText: request.toXml(snippet) },
      ...(snippet.includes('$') && { insertTextFormat: InsertTextFormat.Snippet }),
    }));
}
