import { expect, test } from 'vitest';
import { documentValues } from '../../../client/staging/documentValues.ts';
import { stagingTargets } from '../../../client/staging/stagingTargets.ts';
import { closest } from '../../../client/staging/suggest.ts';

function targets(ids: string, fileName: string): string {
  return stagingTargets(
    ids.split(' ').map((id) => ({ id, label: id })),
    fileName,
  )
    .map(({ stagingId }) => stagingId)
    .join(' ');
}

test('a staging schema is one whose base is there too', () => {
  expect(targets('cus:a cus:aStg cus:bStg nms:stg', 'x.csv')).toBe('cus:aStg');
});

test('the schema the file is named after comes first', () => {
  const ids = 'cus:category cus:categoryStg cus:purchase cus:purchaseStg cus:store cus:storeStg';
  expect(targets(ids, 'purchases.csv')).toBe('cus:purchaseStg cus:categoryStg cus:storeStg');
  expect(targets(ids, 'Categories.json')).toBe('cus:categoryStg cus:purchaseStg cus:storeStg');
  expect(targets(ids, 'export_store_2026.csv')).toBe('cus:storeStg cus:categoryStg cus:purchaseStg');
});

test('the values of the review are read from the document', () => {
  expect(
    documentValues('<a id="1"><b c="&lt;x&gt;"/><note>hi &amp; bye</note></a>', [
      '@id',
      'b/@c',
      'note',
      '@none',
      'no/@x',
    ]),
  ).toEqual(['1', '<x>', 'hi & bye', '', '']);
});

test('the nearest name is suggested only when it is near', () => {
  const names = ['@email', '@lastName', '@amount'];
  expect(closest('@emial', names)).toBe('@email');
  expect(closest('@LASTNAME', names)).toBe('@lastName');
  expect(closest('@zip', names)).toBeUndefined();
});
