import { expect, test } from 'vitest';
import { reviewNotes } from '../../../client/staging/reportText.ts';

const plan = { rows: [], key: { kind: 'columns', xpaths: ['@email'] } } as const;
const table = { columns: ['email', 'name'], format: 'CSV' };

test('the review says what is sent, what makes a row the same, and where it goes', () => {
  const notes = reviewNotes(plan, table, false);
  expect(notes[0]).toBe('0 rows of 2 columns, read as CSV.');
  expect(notes[1]).toContain('by @email');
  expect(notes[2]).toContain('staging table');
  expect(notes).toHaveLength(3);
});

test('a push that would be refused says so before it begins', () =>
  expect(reviewNotes(plan, table, true).at(-1)).toContain('Allow Writing to Production'));
