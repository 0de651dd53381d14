import type { Rows } from './rows.ts';

/** Identifiers and counters. The first 1,000 identifiers are reserved, as on a real instance. */
export class Sequences {
  private readonly rows: Rows;

  constructor(rows: Rows) {
    this.rows = rows;
    rows.database.exec(
      'CREATE TABLE IF NOT EXISTS SandboxSequence (sName TEXT PRIMARY KEY, iNext INTEGER NOT NULL)',
    );
  }

  next(name: string): number {
    return this.reserve(name, 1);
  }

  /** Takes `count` values in a row and returns the first. */
  reserve(name: string, count: number): number {
    const first = this.peek(name);
    this.rows.run(
      'INSERT INTO SandboxSequence VALUES (?, ?) ON CONFLICT(sName) DO UPDATE SET iNext = excluded.iNext',
      [name, first + count],
    );
    return first;
  }

  /** Moves a sequence past a value that is in use. */
  skipTo(name: string, next: number): void {
    if (next > this.peek(name)) this.reserve(name, next - this.peek(name));
  }

  private peek(name: string): number {
    const row = this.rows.first('SELECT iNext FROM SandboxSequence WHERE sName = ?', [name]);
    return row === undefined ? (name.startsWith('counter ') ? 1 : 1001) : Number(row[0]);
  }
}
