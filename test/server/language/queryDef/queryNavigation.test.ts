import { expect, test } from 'vitest';
import type { DocumentSymbol, SelectionRange } from 'vscode-languageserver-types';
import { queryDefinition } from '../../../../server/language/queryDef/queryDefinition.ts';
import { expressionAt } from '../../../../server/language/queryDef/expressionAt.ts';
import { querySignature } from '../../../../server/language/queryDef/querySignature.ts';
import { describeQueryElement } from '../../../../server/language/queryDef/querySymbols.ts';
import { xmlFolding, xmlSelection, xmlSymbols } from '../../../../server/language/xmlStructure.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { queryContext, schemaTexts } from '../../../support/queryModel.ts';

const inWhere = (expr: string): string =>
  `<queryDef schema="nms:recipient"><where><condition expr="${expr}"/></where></queryDef>`;

/** The text in the schema the definition leads to. */
function definition(marked: string): string | undefined {
  const { text, offset } = takeCursor(marked);
  const [target] = queryDefinition(queryContext(text), offset);
  return target && `${target.schemaId}: ${schemaTexts.get(target.schemaId)!.slice(target.start, target.end)}`;
}

test('a field leads to its declaration in the schema', () => {
  expect(definition(inWhere('@birth$0Date = 1'))).toMatch(/^nms:recipient: <attribute name="birthDate"/);
  expect(definition(inWhere('[folder/@la$0bel] = 1'))).toMatch(/^xtk:folder: <attribute name="label"/);
  expect(definition(inWhere('[fol$0der/@label] = 1'))).toMatch(/^nms:recipient: <element name="folder"/);
});

test('a schema id leads to the main element', () => {
  expect(definition('<queryDef schema="xtk:$0folder"/>')).toMatch(/^xtk:folder: <element name="folder"/);
  expect(definition(inWhere('@id = [xtk:fol$0der:@id]'))).toMatch(/^xtk:folder: <element name="folder"/);
});

test('a value leads to its enumeration', () => {
  expect(definition(inWhere('@gender = $01'))).toMatch(/^nms:recipient: <enumeration name="gender"/);
});

test('nothing leads nowhere', () => {
  expect(definition(inWhere('@noth$0ing = 1'))).toBeUndefined();
  expect(definition('<query$0Def/>')).toBeUndefined();
});

/** The signature at the `$0`, its active parameter in «». */
function signature(expr: string): string | undefined {
  const { text, offset } = takeCursor(inWhere(expr));
  const help = querySignature(queryContext(text), offset);
  const [shown] = help?.signatures ?? [];
  const active = help?.activeParameter;
  const parameter = active == null ? undefined : (shown?.parameters?.[active]?.label as string);
  return parameter === undefined ? shown?.label : shown?.label.replace(parameter, `«${parameter}»`);
}

test('shows the argument the cursor is at', () => {
  expect(signature('Iif($0')).toBe('Iif(«condition», yes, no)');
  expect(signature('Iif(@id = 1, $0')).toBe('Iif(condition, «yes», no)');
  expect(signature('Iif(@id = 1, Upper($0), 2)')).toBe('Upper(«text»)');
  expect(signature('Iif(@id = 1, Upper(@email), $02)')).toBe('Iif(condition, yes, «no»)');
  expect(signature('Upper(@email) $0')).toBeUndefined();
});

function outline(text: string): DocumentSymbol[] {
  const { document, region } = queryContext(text);
  return xmlSymbols(document, region.xml, describeQueryElement);
}

test('says what type an argument has, and whether it can be left out or repeated', () => {
  const types = (expr: string): unknown[] => {
    const { text, offset } = takeCursor(inWhere(expr));
    const [shown] = querySignature(queryContext(text), offset)!.signatures;
    return shown!.parameters!.map(({ documentation }) => documentation);
  };
  expect(types('Coalesce(@email, Round($0')).toEqual(['number', 'long']);
  expect(types('Case($0')).toEqual(['When, may be repeated', 'Else, optional']);
  expect(types('Coalesce($0')).toEqual(['any type', 'any type']);
});

test('the outline names clauses, columns and conditions', () => {
  const text =
    '<queryDef schema="nms:recipient"><select><node expr="@id"/><node expr="Count(@id)" alias="@n"/></select><where><condition expr="broadLog" setOperator="EXISTS"/></where></queryDef>';
  const lines: string[] = [];
  const list = (symbols: readonly DocumentSymbol[], depth: number): void => {
    for (const symbol of symbols) {
      lines.push(`${'  '.repeat(depth)}${symbol.name} ${symbol.detail ?? ''}`.trimEnd());
      list(symbol.children ?? [], depth + 1);
    }
  };
  list(outline(text), 0);
  expect(lines).toEqual([
    'nms:recipient select',
    '  select',
    '    @id',
    '    @n Count(@id)',
    '  where',
    '    broadLog EXISTS',
  ]);
});

test('the outline of a half-typed document has a name for everything', () => {
  const symbols = outline('<queryDef schema=""><select><node expr=""');
  expect(JSON.stringify(symbols)).not.toContain('"name":""');
});

test('folds elements of several lines, their end tags left visible', () => {
  const text = '<queryDef>\n  <select>\n    <node\n      expr="@id"/>\n  </select>\n</queryDef>';
  const { document, region } = queryContext(text);
  expect(xmlFolding(document, region.xml)).toEqual([
    { startLine: 0, endLine: 4 },
    { startLine: 1, endLine: 3 },
    { startLine: 2, endLine: 3 },
  ]);
});

test('selects ever more around the cursor', () => {
  const { text, offset } = takeCursor(inWhere('@id = 1 AND Upper([folder/@la$0bel]) = 2'));
  const context = queryContext(text);
  const { document, region } = context;
  const { expression } = expressionAt(context, offset)!;
  const selected: string[] = [];
  let at: SelectionRange | undefined = xmlSelection(document, region.xml, offset, expression, undefined);
  for (; at !== undefined; at = at.parent) selected.push(document.getText(at.range));
  expect(selected.slice(0, 6)).toEqual([
    '@label',
    'folder/@label',
    '[folder/@label]',
    'Upper([folder/@label])',
    'Upper([folder/@label]) = 2',
    '@id = 1 AND Upper([folder/@label]) = 2',
  ]);
  expect(selected.at(-1)).toBe(text);
});
