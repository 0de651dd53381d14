import type { DatabaseSync } from 'node:sqlite';
import { isWholeNumber } from '../model/columns.ts';
import {
  functionRows,
  sqlFunctionName,
  type FunctionEnvironment,
  type SqlValue,
} from '../query/functions.ts';

/** Registers the functions of the XTK language that SQLite lacks. */
export function registerFunctions(database: DatabaseSync, environment: FunctionEnvironment): void {
  for (const row of functionRows) {
    if (row.run === undefined) continue;
    const run = row.run(environment);
    database.function(sqlFunctionName(row.name), { varargs: true }, (...args) =>
      whole(run(...args.map(plain)), row.type),
    );
  }
  // Count, mean and sum of squares, as Welford keeps them.
  database.aggregate('xtkStdDev', {
    start: () => new Float64Array(3),
    step: (state, value) => {
      const sums = state as Float64Array;
      if (value === null) return sums;
      const delta = Number(value) - sums[1]!;
      sums[0]!++;
      sums[1]! += delta / sums[0]!;
      sums[2]! += delta * (Number(value) - sums[1]!);
      return sums;
    },
    result: (state) => {
      const [count = 0, , squares = 0] = state as Float64Array;
      return count < 2 ? 0 : Math.sqrt(squares / (count - 1));
    },
  });
}

/** Numbers of JavaScript arrive in SQL as fractions, and would be written `1.0`. */
const whole = (value: SqlValue, type: string | number): SqlValue =>
  typeof value === 'number' && Number.isSafeInteger(value) && typeof type === 'string' && isWholeNumber(type)
    ? BigInt(value)
    : value;

/** No column holds bytes; a blob made in SQL counts as text. */
const plain = (value: SqlValue | Uint8Array): SqlValue =>
  value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
