import type * as ts from 'typescript';
import { toQueryDef } from '../../../../core/queryDef/queryDef.ts';
import { resultColumns, type ResultColumn } from '../../../../core/queryDef/resultColumns.ts';
import {
  attributeOf,
  attributeValue,
  childElements,
  descendantElements,
  type XmlElement,
} from '../../../../core/xml/xmlTree.ts';
import type { QueryFix } from '../../queryDef/queryProblem.ts';
import type { E4xLiteral } from '../maskedScript.ts';
import type { CheckedScript } from './scriptCheck.ts';

/** What a query of a script selects, where that is certain. */
export interface Selection {
  schemaId: string | undefined;
  /** @param path from the row, e.g. `['folder', '@label']`. */
  has(path: readonly string[]): boolean;
  /** The edit that selects an expression, too; `undefined` where there is no one place for it. */
  add(expr: string): QueryFix['edits'][number] | undefined;
}

/**
 * What the query of a literal selects. `undefined` where it may be another before it runs: with a `{…}` in its select,
 * in a variable that is worked on, after `SelectAll`.
 * @param callee the function the literal became.
 */
export function selectOfLiteral(script: CheckedScript, callee: string): Selection | undefined {
  const literals = script.project.mask.literals.filter((literal) => literal.callee === callee);
  const [literal] = literals;
  const root = literal && script.xmlOf(literal);
  if (literal === undefined || root?.localName !== 'queryDef' || !isFinal(script, literal)) return undefined;
  const [select] = childElements(root, 'select');
  const operation = attributeOf(root, 'operation');
  const isRows = operation === undefined || (!operation.hole && operation.value !== 'count');
  if (select === undefined || !isRows || hasHole(root, select)) return undefined;
  const columns = resultColumns(toQueryDef(root));
  if (columns.some(({ path }) => path === undefined)) return undefined;
  const last = childElements(select, 'node').at(-1);
  return {
    schemaId: attributeValue(root, 'schema'),
    has: (path) => isSelected(columns, path),
    add(expr) {
      // Two queries of the same text are one to the types, so it is not known which is meant.
      if (last === undefined || literals.length > 1) return undefined;
      const before = /\s*$/.exec(script.text.slice(0, last.start))![0];
      return { start: last.end, end: last.end, newText: `${before}<node expr="${expr}"/>` };
    },
  };
}

/** Written where it is used, or in a variable that nothing is done to. */
function isFinal({ text }: CheckedScript, { start }: E4xLiteral): boolean {
  if (/\bSelectAll\b/.test(text)) return false;
  const before = text.slice(Math.max(0, start - 200), start);
  if (/\.create\(\s*$/.test(before)) return true;
  const variable = /\b(?:var|const)\s+(\w+)\s*=\s*$/.exec(before)?.[1];
  if (variable === undefined) return false;
  // Besides its declaration, it is only ever made into a query.
  const uses = text.match(new RegExp(`(?<![\\w.@])${variable}\\b`, 'g'))?.length ?? 0;
  const creations = text.match(new RegExp(`\\.create\\(\\s*${variable}\\s*\\)`, 'g'))?.length ?? 0;
  return uses === creations + 1;
}

/** A `{…}` beside the clauses, or in the select. */
function hasHole(root: XmlElement, select: XmlElement): boolean {
  if (root.children.some((child) => child.kind === 'text' && child.hole)) return true;
  if (childElements(root).some(({ name }) => name === '')) return true;
  return [...descendantElements(select)].some(
    (element) =>
      element.name === '' ||
      element.attributes.some(({ hole }) => hole) ||
      element.children.some((child) => child.kind === 'text' && child.hole),
  );
}

function isSelected(columns: readonly ResultColumn[], path: readonly string[]): boolean {
  return columns.some((column) => {
    const place = column.path ?? [];
    const rest = path.slice(place.length);
    if (place.every((step, index) => step === path[index]))
      return rest.length === 0 || column.columns.length === 0 || isSelected(column.columns, rest);
    // `analyze="true"` adds fields beside the selected one: `@statusLabel`.
    const [name, asked] = [place.at(-1) ?? '', path.at(-1) ?? ''];
    return place.length === path.length && name.startsWith('@') && asked.startsWith(name);
  });
}

/** What a query in its object form selects on the row itself. @param query `{schema: …, select: …}`. */
export function selectOfObject(
  script: CheckedScript,
  query: ts.ObjectLiteralExpression,
): Selection | undefined {
  const { ts, text } = script;
  if (query.getSourceFile() !== script.file || /\bSelectAll\b/.test(text)) return undefined;
  const select = valueOf(script, query, 'select');
  const nodes = select && ts.isObjectLiteralExpression(select) ? valueOf(script, select, 'node') : undefined;
  if (nodes === undefined) return undefined;
  const items: readonly ts.Expression[] = ts.isArrayLiteralExpression(nodes) ? nodes.elements : [nodes];
  const names = items.map((item) => columnName(script, item));
  if (names.length === 0 || names.includes(undefined)) return undefined;
  const schema = valueOf(script, query, 'schema');
  const end = items.at(-1)!.end;
  return {
    schemaId: schema && ts.isStringLiteralLike(schema) ? schema.text : undefined,
    has: ([name = '']) => names.some((known) => name.startsWith(known ?? '')),
    add(expr) {
      if (!ts.isArrayLiteralExpression(nodes)) return undefined;
      return { start: end, end, newText: `, { expr: "${expr}" }` };
    },
  };
}

function valueOf(
  { ts }: CheckedScript,
  object: ts.ObjectLiteralExpression,
  name: string,
): ts.Expression | undefined {
  for (const property of object.properties) {
    const isNamed =
      ts.isPropertyAssignment(property) &&
      (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name)) &&
      property.name.text === name;
    if (isNamed) return property.initializer;
  }
  return undefined;
}

/** `@email` of `{ expr: "@email" }`; an alias moves it. `undefined` where it cannot be known. */
function columnName(script: CheckedScript, item: ts.Expression): string | undefined {
  const { ts } = script;
  if (!ts.isObjectLiteralExpression(item) || item.properties.some((each) => !ts.isPropertyAssignment(each)))
    return undefined;
  const value = valueOf(script, item, 'alias') ?? valueOf(script, item, 'expr');
  if (value === undefined || !ts.isStringLiteralLike(value)) return undefined;
  const path = value.text.replace(/[[\]\s]/g, '');
  // Below another element it is no field of the row itself, but it is known.
  return /^(?:[\w-]+\/)*@?[\w-]+$/.test(path) ? path : undefined;
}
