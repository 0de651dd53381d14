import { expect, test } from 'vitest';
import {
  argumentCounts,
  expressionFunctions,
  findFunction,
  functionSignature,
  parameterAt,
} from '../../../core/expression/functions.ts';
import { typeFamily } from '../../../core/expression/typeFamily.ts';

test('functions are found in any letter case', () => {
  expect(findFunction('SubString')?.name).toBe('Substring');
  expect(findFunction('COUNTDISTINCT')?.name).toBe('Countdistinct');
  expect(findFunction('iif')?.name).toBe('Iif');
  expect(findFunction('nothing')).toBeUndefined();
});

test('names are unique whatever their letter case, and rows are complete', () => {
  const names = expressionFunctions.map((row) => row.name.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  for (const row of expressionFunctions) {
    expect(row.summary, row.name).toMatch(/^[A-Z0-9].*\.$/s);
    expect(['documented', 'unclear', 'community', 'inferred']).toContain(row.certainty);
    for (const type of [row.returns, ...row.params.map((param) => param.type)]) {
      const isReference = type.startsWith('=');
      if (isReference) expect(row.params.map((param) => param.name)).toContain(type.slice(1));
      else expect(type === 'any' || typeFamily(type) !== 'unknown', `${row.name}: ${type}`).toBe(true);
    }
  }
});

test('optional parameters stand last, and at most one repeats', () => {
  for (const row of expressionFunctions) {
    expect(row.params.filter((param) => param.rest === true).length).toBeLessThanOrEqual(1);
    const firstOptional = row.params.findIndex((param) => param.optional === true);
    if (firstOptional >= 0)
      expect(
        row.params.slice(firstOptional).every((param) => param.optional === true),
        row.name,
      ).toBe(true);
  }
});

test('argument counts follow optional and repeated parameters', () => {
  expect(argumentCounts(findFunction('Count')!)).toEqual({ min: 0, max: 1 });
  expect(argumentCounts(findFunction('Iif')!)).toEqual({ min: 3, max: 3 });
  expect(argumentCounts(findFunction('Case')!)).toEqual({ min: 1, max: Infinity });
});

test('the parameters behind a repeated one belong to the last arguments', () => {
  const row = findFunction('Case')!;
  const names = [0, 1, 2].map((index) => parameterAt(row, index, 3)?.name);
  expect(names).toEqual(['when', 'when', 'else']);
  expect(parameterAt(findFunction('Upper')!, 1, 2)).toBeUndefined();
});

test('signatures mark what is optional and what repeats', () => {
  expect(functionSignature(findFunction('right')!)).toBe('Right(text, [count])');
  expect(functionSignature(findFunction('case')!)).toBe('Case(when…, [else])');
  expect(functionSignature(findFunction('getdate')!)).toBe('GetDate()');
});
