import { expect, test } from 'vitest';
import { refreshText } from '../../../client/explorer/refreshText.ts';
import type { ModelState } from '../../../client/connection/connections.ts';

const before: ModelState = { schemaCount: 58, checkedAt: 1 };
const after: ModelState = { schemaCount: 59, checkedAt: 2 };

test('a first reading tells how much was read', () => {
  expect(refreshText('Acme', ['a:b'], undefined, after)).toBe('The data model of Acme was read: 59 schemas.');
});

test('a refresh that finds nothing new says so', () => {
  expect(refreshText('Acme', [], before, after)).toBe(
    'The data model of Acme is up to date: 59 schemas, none changed.',
  );
});

test('what changed is counted and named, up to a handful', () => {
  expect(refreshText('Acme', ['cus:b'], before, after)).toBe('1 schema of Acme changed: cus:b.');
  const many = Array.from({ length: 8 }, (_, i) => `cus:s${8 - i}`);
  expect(refreshText('Acme', many, before, after)).toBe(
    '8 schemas of Acme changed: cus:s1, cus:s2, cus:s3, cus:s4, cus:s5, and 3 more.',
  );
});
