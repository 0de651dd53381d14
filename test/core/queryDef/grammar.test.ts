import { expect, test } from 'vitest';
import {
  offeredAttributes,
  queryAttribute,
  queryElement,
  queryElementSpelling,
  queryFragments,
  queryRoots,
  type QueryElementRow,
} from '../../../core/queryDef/grammar.ts';

/** Every row, found by walking from the roots. */
function allRows(): QueryElementRow[] {
  const found = new Map<string, QueryElementRow>();
  const visit = (name: string): void => {
    const row = queryElement(name);
    if (row === undefined || found.has(name)) return;
    found.set(name, row);
    row.children.forEach(visit);
  };
  for (const name of [...queryRoots, ...queryFragments]) visit(name);
  return [...found.values()];
}

test('every element and attribute is explained, attributes once', () => {
  const rows = allRows();
  expect(rows.map((row) => row.name).sort()).toEqual([
    'condition',
    'groupBy',
    'having',
    'node',
    'orderBy',
    'queryDef',
    'queryFilter',
    'select',
    'subQuery',
    'sysFilter',
    'where',
  ]);
  for (const row of rows) {
    expect(row.doc).not.toBe('');
    const names = row.attributes.map((attribute) => attribute.name);
    expect(new Set(names).size, row.name).toBe(names.length);
    for (const attribute of row.attributes) {
      expect(attribute.doc, `${row.name}@${attribute.name}`).not.toBe('');
      expect((attribute.values ?? []).length > 0, `${row.name}@${attribute.name}`).toBe(
        attribute.kind === 'choice' || attribute.kind === 'boolean',
      );
    }
  }
});

test('older spellings lead to an attribute of the same element', () => {
  const old = allRows().flatMap((row) =>
    row.attributes
      .filter((attribute) => attribute.replacedBy !== undefined)
      .map((attribute) => ({ row, attribute })),
  );
  expect(old.map(({ row, attribute }) => `${row.name}@${attribute.name}`)).toEqual([
    'condition@bool-operator',
    'condition@filter-name',
  ]);
  for (const { row, attribute } of old) expect(queryAttribute(row.name, attribute.replacedBy!)).toBeDefined();
});

test('only children without a row of their own are those whose content is not described', () => {
  const names = allRows().flatMap((row) => row.children.filter((child) => queryElement(child) === undefined));
  expect([...new Set(names)]).toEqual(['tempSchemas', 'set']);
});

test('offered attributes fit the clause and leave out bookkeeping and older spellings', () => {
  const names = (clause?: 'select' | 'orderBy'): string[] =>
    offeredAttributes('node', clause).map((row) => row.name);
  expect(names('select')).toContain('alias');
  expect(names('select')).not.toContain('sortDesc');
  expect(names('orderBy')).toContain('sortDesc');
  expect(names('orderBy')).not.toContain('alias');
  expect(offeredAttributes('condition').map((row) => row.name)).not.toContain('bool-operator');
  expect(offeredAttributes('condition').map((row) => row.name)).not.toContain('internalId');
});

test('a wrong letter case leads to the right spelling', () => {
  expect(queryElementSpelling('groupby')).toBe('groupBy');
  expect(queryElementSpelling('SubQuery')).toBe('subQuery');
  expect(queryElementSpelling('groupBy')).toBeUndefined();
  expect(queryElementSpelling('nothing')).toBeUndefined();
});

test('attributes no documentation names are marked', () => {
  const marked = queryElement('queryDef')!.attributes.filter((row) => row.undocumented === true);
  expect(marked.map((row) => row.name)).toContain('firstRows');
  expect(queryAttribute('queryDef', 'lineCount')?.undocumented).toBeUndefined();
});
