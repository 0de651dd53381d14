import { failed, type ReadResult, type RowProblem } from './readRows.ts';

/** `JSON.parse` with the source text of numbers, which every engine this runs on has but its types do not know yet. */
type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;

/** A list of flat objects, or one object a line. */
export function readJson(text: string): ReadResult {
  const trimmed = text.trimStart();
  return trimmed.startsWith('[') ? readList(text) : readLines(text);
}

function readList(text: string): ReadResult {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const { line, reason } = locate(text, error);
    return failed({ ...(line === undefined ? {} : { line }), message: `The file is not JSON: ${reason}` });
  }
  if (!Array.isArray(value)) return failed({ message: 'The file must hold a list of objects: [{…}, {…}].' });
  const items = value as unknown[];
  const lines = itemLines(text);
  return toTable(
    items.map((item, index) => ({ item, line: lines[index] ?? 1 })),
    'JSON',
  );
}

function readLines(text: string): ReadResult {
  const items: { item: unknown; line: number }[] = [];
  const problems: RowProblem[] = [];
  text.split(/\r\n|\r|\n/).forEach((lineText, index) => {
    if (lineText.trim() === '') return;
    const line = index + 1;
    try {
      items.push({ item: parse(lineText), line });
    } catch {
      problems.push({
        line,
        message: `Line ${line} is not a JSON object. Write one object a line, or a list: [{…}, {…}].`,
      });
    }
  });
  const [first, ...rest] = problems;
  if (first === undefined) return toTable(items, 'JSON lines');
  // One object spread over several lines makes every line of it a problem: say it once.
  return problems.length > 1 && items.length === 0
    ? failed({ message: 'The file must hold a list of objects, [{…}, {…}], or one object a line.' })
    : failed(first, ...rest);
}

function toTable(items: readonly { item: unknown; line: number }[], format: string): ReadResult {
  const problems: RowProblem[] = [];
  const positions = new Map<string, number>();
  const rows: (string | undefined)[][] = [];
  items.forEach(({ item, line }, index) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      problems.push({ line, message: `Item ${index + 1} (line ${line}) is not an object.` });
      return;
    }
    const row: (string | undefined)[] = [];
    for (const [name, value] of Object.entries(item)) {
      let position = positions.get(name);
      if (position === undefined) positions.set(name, (position = positions.size));
      if (value === null) continue;
      if (typeof value === 'object') {
        problems.push({
          line,
          message: `“${name}” of item ${index + 1} (line ${line}) is a list or an object. Write one value a field, e.g. "location/@city".`,
        });
      } else row[position] = String(value);
    }
    rows.push(row);
  });
  const [first, ...rest] = problems;
  if (first !== undefined) return failed(first, ...rest);
  if (rows.length === 0) return failed({ message: 'The file has no rows.' });
  const columns = [...positions.keys()];
  const nameless = columns.indexOf('');
  if (nameless >= 0) return failed({ message: 'A field of the file has no name.' });
  return {
    table: {
      columns,
      rows: rows.map((row) => columns.map((_, index) => row[index])),
      lines: items.map(({ line }) => line),
      format,
    },
    problems: [],
  };
}

/** Numbers stay the text they are: ids have more digits than a number holds, and `1.10` is not `1.1`. */
function parse(text: string): unknown {
  return (JSON.parse as unknown as ParseWithSource)(text, (_key, value, context) =>
    typeof value === 'number' ? (context.source ?? String(value)) : value,
  );
}

function locate(text: string, error: unknown): { line?: number; reason: string } {
  const message = error instanceof Error ? error.message : String(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  if (/end of JSON/.test(message)) return { reason: 'it ends before its list does. Is the file complete?' };
  if (position === undefined) return { reason: `${message}.` };
  const line = text.slice(0, Number(position)).split(/\r\n|\r|\n/).length;
  return { line, reason: `line ${line} is not as JSON is written.` };
}

/** The line each item of a list begins in. Only for text that `JSON.parse` has read. */
function itemLines(text: string): number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  let expectsItem = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\n' || (char === '\r' && text[i + 1] !== '\n')) line++;
    if (/\s/.test(char)) continue;
    if (depth === 1 && expectsItem && char !== ']') {
      lines.push(line);
      expectsItem = false;
    }
    if (char === '"') {
      for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (char === '[' || char === '{') {
      depth++;
      if (depth === 1) expectsItem = true;
    } else if (char === ']' || char === '}') depth--;
    else if (char === ',' && depth === 1) expectsItem = true;
  }
  return lines;
}
