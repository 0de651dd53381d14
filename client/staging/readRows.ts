import { readCsv } from './readCsv.ts';
import { readJson } from './readJson.ts';

/** The rows of a file, as text. */
export interface SourceTable {
  readonly columns: readonly string[];
  /** `row[i]` belongs to `columns[i]`; `undefined` where the source has no such value (JSON), which is not the same as empty. */
  readonly rows: readonly (readonly (string | undefined)[])[];
  /** Where each row begins in the file, counted from 1. */
  readonly lines: readonly number[];
  /** How the file was read, for the review: `CSV, separated by semicolons`. */
  readonly format: string;
}

/** Something wrong with the file; the sentence says where and what to do. */
export interface RowProblem {
  /** From 1; absent when it is about the whole file. */
  readonly line?: number;
  readonly message: string;
}

export type ReadResult =
  | { readonly table: SourceTable; readonly problems: readonly [] }
  | { readonly table: undefined; readonly problems: readonly [RowProblem, ...RowProblem[]] };

/** More problems than this help nobody; the last one says how many there are. */
export const maxProblems = 50;

/**
 * Reads a file of rows: CSV (comma, semicolon, tab or bar), JSON (a list of objects), or JSON lines.
 * Never throws, and gives rows only when all of the file could be read.
 * @param fileName tells JSON from CSV by its ending; the content decides when it does not.
 */
export function readRows(fileName: string, bytes: Uint8Array): ReadResult {
  const text = decode(bytes);
  if (text === undefined) {
    return failed({
      message: 'The file is not UTF-8 text. Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and try again.',
    });
  }
  if (text.trim() === '') return failed({ message: 'The file is empty.' });
  const ending = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase();
  const isJson =
    ending === 'json' ||
    ending === 'jsonl' ||
    ending === 'ndjson' ||
    (ending !== 'csv' && /^\s*[[{]/.test(text));
  return isJson ? readJson(text) : readCsv(text, ending === 'tsv' ? '\t' : undefined);
}

export function failed(...problems: readonly [RowProblem, ...RowProblem[]]): ReadResult {
  if (problems.length <= maxProblems) return { table: undefined, problems };
  const more = problems.length - maxProblems;
  const [first, ...rest] = problems.slice(0, maxProblems);
  return {
    table: undefined,
    problems: [first!, ...rest, { message: `${more} more problems like these.` }],
  };
}

/** UTF-8, or UTF-16 when a byte order mark says so. */
function decode(bytes: Uint8Array): string | undefined {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const charset = !isUtf16 ? 'utf-8' : bytes[0] === 0xff ? 'utf-16le' : 'utf-16be';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
