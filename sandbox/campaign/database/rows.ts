import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cell } from '../query/resultLayout.ts';
import { CampaignFailure } from '../soap/fault.ts';

/** Prepared statements kept for reuse. */
const maxStatements = 256;

/** SQL of the instance: prepared once, errors as the server words them. */
export class Rows {
  readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private depth = 0;

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** Rows as arrays, in the order of the columns. */
  all(sql: string, parameters: readonly Cell[] = []): Cell[][] {
    return this.guard(() => {
      const statement = this.prepare(sql);
      try {
        return statement.all(...parameters) as unknown as Cell[][];
      } catch (error) {
        // Only 64-bit values need BigInt, which costs everyone else.
        if (!isOutOfRange(error)) throw error;
        statement.setReadBigInts(true);
        return statement.all(...parameters) as unknown as Cell[][];
      }
    });
  }

  first(sql: string, parameters: readonly Cell[] = []): Cell[] | undefined {
    return this.all(sql, parameters)[0];
  }

  /** Runs a change and returns how many rows it changed. */
  run(sql: string, parameters: readonly Cell[] = []): number {
    return this.guard(() => Number(this.prepare(sql).run(...parameters).changes));
  }

  /** All or nothing. Inside another transaction it is a part of that one, which it alone can undo. */
  transaction<T>(action: () => T): T {
    const name = `s${this.depth}`;
    this.database.exec(`SAVEPOINT ${name}`);
    this.depth++;
    try {
      const result = action();
      this.database.exec(`RELEASE ${name}`);
      return result;
    } catch (error) {
      this.database.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
      throw error;
    } finally {
      this.depth--;
    }
  }

  /** Forgets prepared statements; needed when tables changed. */
  reset(): void {
    this.statements.clear();
  }

  private prepare(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      statement.setReturnArrays(true);
      const oldest = this.statements.size >= maxStatements ? this.statements.keys().next().value : undefined;
      if (oldest !== undefined) this.statements.delete(oldest);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}

const isOutOfRange = (error: unknown): boolean =>
  error instanceof RangeError && (error as { code?: unknown }).code === 'ERR_OUT_OF_RANGE';

/** An SQLite error in the words of the database the instance pretends to have. */
export function databaseFailure(error: unknown): unknown {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (!(error instanceof Error) || code !== 'ERR_SQLITE_ERROR') return error;
  const unique = /^UNIQUE constraint failed: (.*)$/.exec(error.message);
  if (unique === null) return new CampaignFailure(`PGS-220000 PostgreSQL error: ERROR: ${error.message}`);
  const columns = (unique[1] ?? '').split(', ');
  const table = columns[0]?.split('.')[0] ?? '';
  const names = columns.map((column) => column.split('.')[1] ?? column).join(', ');
  return new CampaignFailure(
    `PGS-220000 PostgreSQL error: ERROR: duplicate key value violates unique constraint "${table}_${names.replaceAll(', ', '_')}"`,
  );
}
