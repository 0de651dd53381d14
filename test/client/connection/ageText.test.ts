import { expect, test } from 'vitest';
import { ageText } from '../../../client/connection/ageText.ts';

const minute = 60_000;

test.each([
  [0, 'just now'],
  [-5 * minute, 'just now'],
  [59_999, 'just now'],
  [minute, '1 min ago'],
  [59 * minute, '59 min ago'],
  [60 * minute, '1 h ago'],
  [23.9 * 60 * minute, '23 h ago'],
  [24 * 60 * minute, '1 day ago'],
  [80 * 24 * 60 * minute, '80 days ago'],
])('%d ms are told as “%s”', (ms, text) => {
  expect(ageText(1_000_000, 1_000_000 + ms)).toBe(text);
});
