import { walkExpression } from '../../core/expression/expressionTree.ts';
import { findFunction } from '../../core/expression/functions.ts';
import { offeredAttributes, queryAttribute, queryElement } from '../../core/queryDef/grammar.ts';
import { schemaAttributeRow, schemaElementRow } from '../../core/schema/srcSchemaGrammar.ts';
import { descendantElements, type XmlElement } from '../../core/xml/xmlTree.ts';
import { clauseOf, readExpression } from '../../server/language/queryDef/queryContext.ts';
import { queryFunctions } from '../../server/language/queryDef/functionCompletion.ts';

/** A piece of a document that completion should offer at its place. */
export interface CompletionToken {
  kind: 'element' | 'attribute' | 'value' | 'schema' | 'field' | 'function';
  start: number;
  end: number;
  text: string;
}

/** Everything in a queryDef that one would rather choose than type. */
export function queryTokens(text: string, root: XmlElement | undefined): CompletionToken[] {
  const tokens: CompletionToken[] = [];
  if (root !== undefined) collect(text, root, tokens);
  return tokens;
}

/** The same of a schema source, as far as its grammar lists it. */
export function schemaTokens(text: string, root: XmlElement | undefined): CompletionToken[] {
  const tokens: CompletionToken[] = [];
  for (const element of root === undefined ? [] : [...descendantElements(root)]) {
    const add = (kind: CompletionToken['kind'], start: number, end: number): void => {
      if (end > start) tokens.push({ kind, start, end, text: text.slice(start, end) });
    };
    const parent = element.parent && schemaElementRow(element.parent.localName);
    if (parent?.children.includes(element.localName) === true)
      add('element', element.nameStart, element.nameEnd);
    for (const attribute of element.attributes) {
      const row = schemaAttributeRow(element.localName, attribute.name);
      if (row === undefined || row.internal === true) continue;
      add('attribute', attribute.start, attribute.nameEnd);
      const isListed =
        row.kind === 'boolean' || row.values?.some(({ name }) => name === attribute.value) === true;
      if (isListed) add('value', attribute.valueStart, attribute.valueEnd);
      if (row.kind === 'type') add('value', attribute.valueStart, attribute.valueEnd);
    }
  }
  return tokens;
}

function collect(text: string, element: XmlElement, tokens: CompletionToken[]): void {
  const add = (kind: CompletionToken['kind'], start: number, end: number): void => {
    if (end > start) tokens.push({ kind, start, end, text: text.slice(start, end) });
  };
  const parent = element.parent === undefined ? undefined : queryElement(element.parent.localName);
  if (parent?.children.includes(element.localName) === true)
    add('element', element.nameStart, element.nameEnd);
  const clause = element.localName === 'node' ? clauseOf(element) : undefined;
  const offered = new Set(offeredAttributes(element.localName, clause).map(({ name }) => name));
  for (const attribute of element.attributes) {
    if (offered.has(attribute.name)) add('attribute', attribute.start, attribute.nameEnd);
    const row = queryAttribute(element.localName, attribute.name);
    if (row?.kind === 'schemaId') add('schema', attribute.valueStart, attribute.valueEnd);
    const choices = row?.values?.map(({ name }) => name) ?? [];
    if (choices.includes(attribute.value)) add('value', attribute.valueStart, attribute.valueEnd);
    if (row?.kind === 'expression') addExpression(text, attribute, tokens);
  }
  for (const child of element.children) if (child.kind === 'element') collect(text, child, tokens);
}

function addExpression(
  text: string,
  attribute: XmlElement['attributes'][number],
  tokens: CompletionToken[],
): void {
  const expression = readExpression(text, attribute);
  const add = (kind: CompletionToken['kind'], span: { start: number; end: number }): void => {
    const { start, end } = expression.toRange(span);
    tokens.push({ kind, start, end, text: text.slice(start, end) });
  };
  walkExpression(expression.parsed.tree, (node) => {
    if (node.kind === 'call' && queryFunctions.includes(findFunction(node.name)!))
      add('function', node.nameSpan);
    if (node.kind !== 'path') return;
    for (const step of node.steps) {
      if (step.kind === 'attribute' || (step.kind === 'element' && step.name !== 'data')) add('field', step);
    }
  });
}
