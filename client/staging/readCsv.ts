import { failed, type ReadResult, type RowProblem } from './readRows.ts';

const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};

interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** @param delimiter found from the header line when absent. */
export function readCsv(text: string, delimiter = detectDelimiter(text)): ReadResult {
  const reader = new CsvReader(text, delimiter);
  const problems: RowProblem[] = [];
  const header = reader.next();
  if (header === undefined || 'message' in header) {
    return failed(header ?? { message: 'The file has no header line.' });
  }
  const columns = header.values.map((name) => name.trim());
  problems.push(...checkHeader(columns, header.line));
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) {
    if ('message' in record) {
      problems.push(record);
      break;
    }
    const { line, values } = record;
    if (values.length !== columns.length) {
      problems.push({
        line,
        message: `Line ${line} has ${count(values.length, 'value')}; the header has ${count(columns.length, 'column')}.`,
      });
      continue;
    }
    rows.push(values);
    lines.push(line);
  }
  const [first, ...rest] = problems;
  if (first !== undefined) return failed(first, ...rest);
  if (rows.length === 0) return failed({ message: 'The file has a header but no rows.' });
  return {
    table: {
      columns,
      rows,
      lines,
      format: `CSV, separated by ${delimiterNames[delimiter] ?? `“${delimiter}”`}`,
    },
    problems: [],
  };
}

/** The separator seen most often in the header line, outside quotes; a comma when there is none. */
export function detectDelimiter(text: string): string {
  const counts = new Map(Object.keys(delimiterNames).map((delimiter) => [delimiter, 0]));
  let isQuoted = false;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '\n' || char === '\r')) {
      // Lines before the header may be blank.
      if ([...counts.values()].some((n) => n > 0)) break;
    } else if (!isQuoted && counts.has(char)) counts.set(char, counts.get(char)! + 1);
  }
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

function checkHeader(columns: readonly string[], line: number): RowProblem[] {
  const problems: RowProblem[] = [];
  columns.forEach((name, index) => {
    if (name === '') {
      problems.push({ line, message: `Column ${index + 1} has no name in the header (line ${line}).` });
    } else if (columns.indexOf(name) < index) {
      problems.push({ line, message: `The column “${name}” is in the header twice (line ${line}).` });
    }
  });
  return problems;
}

/** Records of a CSV text (RFC 4180): quoted values may hold separators, line breaks and doubled quotes. */
class CsvReader {
  readonly #text: string;
  readonly #delimiter: string;
  #at = 0;
  #line = 1;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter;
  }

  /** The next record, blank lines skipped; a problem ends the reading. */
  next(): CsvRecord | RowProblem | undefined {
    const text = this.#text;
    while (this.#at < text.length) {
      const line = this.#line;
      const values: string[] = [];
      for (;;) {
        const value = text[this.#at] === '"' ? this.#quoted(line) : this.#plain();
        if (typeof value !== 'string') return value;
        values.push(value);
        if (text[this.#at] !== this.#delimiter) break;
        this.#at++;
      }
      this.#endLine();
      if (values.length > 1 || values[0]!.trim() !== '') return { line, values };
    }
    return undefined;
  }

  #plain(): string {
    const start = this.#at;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || char === this.#delimiter || char === '\n' || char === '\r') break;
      this.#at++;
    }
    return this.#text.slice(start, this.#at);
  }

  #quoted(line: number): string | RowProblem {
    const text = this.#text;
    const startLine = this.#line;
    let value = '';
    this.#at++;
    for (;;) {
      const end = text.indexOf('"', this.#at);
      if (end < 0) {
        return { line: startLine, message: `A quote opened in line ${startLine} is never closed.` };
      }
      const part = text.slice(this.#at, end);
      value += part;
      this.#line += countLineBreaks(part);
      this.#at = end + 1;
      if (text[this.#at] !== '"') break;
      value += '"';
      this.#at++;
    }
    const after = text[this.#at];
    if (after !== undefined && after !== this.#delimiter && after !== '\n' && after !== '\r') {
      return {
        line: this.#line,
        message: `Line ${line} has text after a closing quote. Write a quote inside a quoted value twice ("").`,
      };
    }
    return value;
  }

  #endLine(): void {
    if (this.#text[this.#at] === '\r') this.#at++;
    if (this.#text[this.#at] === '\n') this.#at++;
    this.#line++;
  }
}

function countLineBreaks(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
