import type { ModelSearchItem, ModelSearchKind, SchemaListEntry } from '../../core/protocol/messages.ts';
import { isBuiltInNamespace } from '../../core/schema/builtInNamespaces.ts';
import {
  isCollection,
  isLink,
  splitSchemaId,
  stepOf,
  type Schema,
  type SchemaElement,
  type SchemaNode,
} from '../../core/schema/schema.ts';

/** One page of what was found. */
export interface ModelSearchPage {
  items: ModelSearchItem[];
  /** Of all pages. */
  total: number;
}

const kinds: readonly ModelSearchKind[] = [
  'schema',
  'attribute',
  'element',
  'link',
  'collection',
  'enumeration',
  'value',
  'method',
];

/**
 * What is found in one schema. Line `i` of `shown` is the item `i`: name, label and path, tab between them. `folded` has
 * the same lines in lower case and without accents; line 0 is the schema itself. A line costs its text and four numbers:
 * a model of 2,000 schemas has 130,000 of them.
 */
interface SchemaLines {
  id: string;
  label: string;
  /** Has the content been added? */
  isRead: boolean;
  shown: string;
  folded: string;
  lineStarts: Uint32Array;
  kinds: Uint8Array;
  /** Two numbers a line: start and end in the text of the schema. */
  places: Uint32Array;
  builtIn: boolean;
}

/** Points of a word, by how it is in the line; the sum over the words of a query orders what was found. */
const points = {
  name: 100,
  nameStart: 80,
  nameWord: 60,
  labelStart: 55,
  labelWord: 50,
  insideName: 40,
  inside: 20,
  scattered: 10,
  schemaOnly: 5,
} as const;

const schemaBonus = 15;
const ownBonus = 3;
const valueMalus = 4;
/** Shorter words than this are in nearly every name when their letters may stand apart. */
const minScatteredLength = 3;

/**
 * Finds schemas, fields, links, enumerations, values and methods of a model by name or label. One lower-cased string a
 * schema is all there is to search: substring search is faster than any structure that would have to be built first.
 *
 * A schema that is listed and not read yet is found by its id and label.
 */
export class ModelSearch {
  private readonly schemas = new Map<string, SchemaLines>();
  private sorted: SchemaLines[] | undefined;

  /** Schemas whose content is searched. */
  get readCount(): number {
    let count = 0;
    for (const lines of this.schemas.values()) if (lines.isRead) count++;
    return count;
  }

  /** Makes the schemas of the model the ones that are searched: new ones by id and label, those gone not at all. */
  setList(entries: readonly SchemaListEntry[]): void {
    const listed = new Set(entries.map((entry) => entry.id));
    for (const id of this.schemas.keys()) if (!listed.has(id)) this.schemas.delete(id);
    for (const { id, label } of entries) {
      if (!this.schemas.has(id)) this.schemas.set(id, toLines(id, label, false, [schemaItem(id, label)]));
    }
    this.sorted = undefined;
  }

  /** Has the content of the schema been added? */
  has(schemaId: string): boolean {
    return this.schemas.get(schemaId)?.isRead === true;
  }

  /** Adds the content of a schema, in place of what was known of it. */
  add(schema: Schema): void {
    this.schemas.set(schema.id, toLines(schema.id, schema.label, true, itemsOf(schema)));
    this.sorted = undefined;
  }

  /** Forgets the given schemas, or all. */
  remove(schemaIds?: readonly string[]): void {
    if (schemaIds === undefined) this.schemas.clear();
    else for (const id of schemaIds) this.schemas.delete(id);
    this.sorted = undefined;
  }

  /**
   * Finds what has every word of the query in its name, path or label, or in those of its schema; best first. Where that
   * leaves room on the page, names that have the letters of a word in their order (`rcpid` for `recipientId`) follow.
   * An empty query finds the schemas.
   */
  find(query: string, offset: number, limit: number): ModelSearchPage {
    const words = fold(query)
      .split(/\s+/)
      .filter((word) => word !== '');
    const schemas = this.inOrder();
    if (words.length === 0) {
      const page = schemas.slice(offset, offset + limit);
      return { items: page.map((lines) => toItem(lines, 0)), total: schemas.length };
    }
    const hits = new Hits();
    for (const [index, lines] of schemas.entries()) findInSchema(lines, index, words, false, hits);
    if (hits.count < offset + limit && words.some((word) => word.length >= minScatteredLength)) {
      for (const [index, lines] of schemas.entries()) findInSchema(lines, index, words, true, hits);
    }
    const items = hits.page(offset, limit).map(([index, line]) => toItem(schemas[index]!, line));
    return { items, total: hits.count };
  }

  /** Own schemas before those of the product, each by id. */
  private inOrder(): SchemaLines[] {
    this.sorted ??= [...this.schemas.values()].sort(
      (a, b) => Number(a.builtIn) - Number(b.builtIn) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    );
    return this.sorted;
  }
}

/** Lines found, by points; nothing is made of a line before its page is asked for. */
class Hits {
  private readonly byPoints = new Map<number, number[]>();
  count = 0;

  add(pointCount: number, schemaIndex: number, line: number): void {
    this.count++;
    const found = this.byPoints.get(pointCount);
    if (found === undefined) this.byPoints.set(pointCount, [schemaIndex, line]);
    else found.push(schemaIndex, line);
  }

  page(offset: number, limit: number): [schemaIndex: number, line: number][] {
    const page: [number, number][] = [];
    let skip = offset;
    for (const pointCount of [...this.byPoints.keys()].sort((a, b) => b - a)) {
      const found = this.byPoints.get(pointCount)!;
      const count = found.length / 2;
      for (let at = Math.min(skip, count); at < count && page.length < limit; at++) {
        page.push([found[2 * at]!, found[2 * at + 1]!]);
      }
      skip = Math.max(0, skip - count);
      if (page.length === limit) break;
    }
    return page;
  }
}

/** @param scattered finds the lines that only match with letters apart, and those only. */
function findInSchema(
  lines: SchemaLines,
  schemaIndex: number,
  words: readonly string[],
  scattered: boolean,
  hits: Hits,
): void {
  const { folded } = lines;
  const headEnd = endOfLine(lines, 0);
  const inHead = words.map((word) => isBefore(folded.indexOf(word), headEnd));
  const wanted = words.filter((_, index) => !inHead[index]);
  if (scattered) {
    const terms = toTerms(words, inHead);
    for (let line = 0; line < lines.kinds.length; line++) {
      const pointCount = pointsOf(lines, line, terms, true);
      if (pointCount > 0) hits.add(pointCount, schemaIndex, line);
    }
    return;
  }
  // A line needs a word of its own: the words that are not in the head, or one of those that are.
  const pivots = wanted.length > 0 ? [longest(wanted)] : words;
  const seen = pivots.length > 1 ? new Set<number>() : undefined;
  for (const pivot of pivots) {
    const terms = toTerms(words, inHead);
    let line: number;
    for (let at = folded.indexOf(pivot); at >= 0; at = folded.indexOf(pivot, endOfLine(lines, line))) {
      line = lineAt(lines, at);
      if (seen?.has(line) === true) continue;
      seen?.add(line);
      const pointCount = pointsOf(lines, line, terms, false);
      if (pointCount > 0) hits.add(pointCount, schemaIndex, line);
    }
  }
}

/** A word of the query on its way through a schema, line after line. */
interface Term {
  word: string;
  inHead: boolean;
  /** Its first place at or after the line that was last looked at: each text is read once for each word. */
  next: number;
}

function toTerms(words: readonly string[], inHead: readonly boolean[]): Term[] {
  return words.map((word, index) => ({ word, inHead: inHead[index]!, next: -1 }));
}

/** @returns 0 when the line is not what the query asks for. */
function pointsOf(lines: SchemaLines, line: number, terms: readonly Term[], scattered: boolean): number {
  const kind = kinds[lines.kinds[line]!]!;
  let sum = 0;
  let ownWords = 0;
  let scatteredWords = 0;
  for (const term of terms) {
    const { word } = term;
    let best = pointsOfWord(lines, line, term);
    if (best === 0 && scattered && word.length >= minScatteredLength && hasLetters(lines, line, word)) {
      best = points.scattered;
      scatteredWords++;
    }
    if (best > 0) ownWords++;
    else if (term.inHead && line > 0) best = points.schemaOnly;
    else return 0;
    sum += best;
  }
  if (ownWords === 0 || scattered !== scatteredWords > 0) return 0;
  if (kind === 'schema') sum += schemaBonus;
  else if (kind === 'value') sum -= valueMalus;
  return Math.max(1, lines.builtIn ? sum : sum + ownBonus);
}

function pointsOfWord(lines: SchemaLines, line: number, term: Term): number {
  const { folded } = lines;
  const { word } = term;
  const start = lines.lineStarts[line]!;
  const end = endOfLine(lines, line);
  if (term.next < start) {
    const at = folded.indexOf(word, start);
    term.next = at < 0 ? Infinity : at;
  }
  if (term.next >= end) return 0;
  const nameEnd = folded.indexOf('\t', start);
  const labelEnd = folded.indexOf('\t', nameEnd + 1);
  // `@` and the namespace are not what a person types first.
  const nameStart =
    folded.charCodeAt(start) === 0x40 ? start + 1 : line === 0 ? folded.indexOf(':', start) + 1 : start;
  let best = 0;
  for (let at = term.next; at >= 0 && at < end; at = folded.indexOf(word, at + 1)) {
    let found: number;
    if (at < nameEnd) {
      const isWhole = at + word.length >= nameEnd;
      if (at === nameStart || at === start) found = isWhole ? points.name : points.nameStart;
      else found = startsWord(lines, at, start) ? points.nameWord : points.insideName;
    } else if (at < labelEnd) {
      if (at === nameEnd + 1) found = points.labelStart;
      else found = startsWord(lines, at, start) ? points.labelWord : points.inside;
    } else found = points.inside;
    if (found > best) best = found;
    if (best >= points.nameStart) break;
  }
  return best;
}

/** A capital, or a letter after something that is none. */
function startsWord({ folded, shown }: SchemaLines, at: number, lineStart: number): boolean {
  if (at === lineStart || !isWordCharacter(folded.charCodeAt(at - 1))) return true;
  // Folding keeps the length of nearly every text; where it does not, capitals say nothing.
  if (folded.length !== shown.length) return false;
  const code = shown.charCodeAt(at);
  return code >= 0x41 && code <= 0x5a;
}

function isWordCharacter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code > 0x7f;
}

/** The letters of the word in their order within the name, the first at its start. */
function hasLetters({ folded, lineStarts }: SchemaLines, line: number, word: string): boolean {
  let at = lineStarts[line]!;
  if (line === 0) at = folded.indexOf(':', at) + 1;
  else if (folded.charCodeAt(at) === 0x40) at++;
  if (folded.charCodeAt(at) !== word.charCodeAt(0)) return false;
  let next = 1;
  for (let code = folded.charCodeAt(++at); code !== 0x09; code = folded.charCodeAt(++at)) {
    if (code === word.charCodeAt(next) && ++next === word.length) return true;
  }
  return false;
}

function isBefore(at: number, end: number): boolean {
  return at >= 0 && at < end;
}

function longest(words: readonly string[]): string {
  return words.reduce((best, word) => (word.length > best.length ? word : best));
}

function endOfLine({ lineStarts, folded }: SchemaLines, line: number): number {
  return (lineStarts[line + 1] ?? folded.length + 1) - 1;
}

function lineAt({ lineStarts }: SchemaLines, offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Lower case, without the accents. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  // eslint-disable-next-line no-control-regex
  return /^[\u0000-\u007f]*$/.test(lower) ? lower : lower.normalize('NFD').replace(/\p{M}/gu, '');
}

interface Item {
  kind: ModelSearchKind;
  name: string;
  label: string;
  /** From the main element; of a value, the enumeration. */
  path: string;
  /** What is stored, of a value. */
  value?: string;
  start: number;
  end: number;
}

function schemaItem(id: string, label: string, start = 0, end = 0): Item {
  return { kind: 'schema', name: id, label, path: '', start, end };
}

function itemsOf(schema: Schema): Item[] {
  const { root } = schema;
  const items: Item[] = [schemaItem(schema.id, schema.label, root?.start, root?.end)];
  if (root !== undefined) addChildren(items, root, '');
  for (const enumeration of schema.enumerations.values()) {
    const { name, label, start, end } = enumeration;
    items.push({ kind: 'enumeration', name, label, path: name, start, end });
    for (const value of enumeration.values) {
      items.push({ kind: 'value', ...value, path: name });
    }
  }
  for (const { name, label, start, end } of schema.methods.values()) {
    items.push({ kind: 'method', name, label, path: name, start, end });
  }
  return items;
}

function addChildren(items: Item[], parent: SchemaElement, path: string): void {
  for (const node of [...parent.attributes.values(), ...parent.elements.values()]) {
    const name = stepOf(node);
    const xpath = path === '' ? name : `${path}/${name}`;
    items.push({
      kind: kindOf(node),
      name,
      label: node.label,
      path: xpath,
      start: node.start,
      end: node.end,
    });
    if (node.kind === 'element' && node.type !== 'link') addChildren(items, node, xpath);
  }
}

function kindOf(node: SchemaNode): ModelSearchKind {
  if (node.kind === 'attribute') return 'attribute';
  if (isCollection(node)) return 'collection';
  return isLink(node) ? 'link' : 'element';
}

function toLines(id: string, label: string, isRead: boolean, items: readonly Item[]): SchemaLines {
  const texts = items.map(({ name, label: itemLabel, path, value }) =>
    [name, itemLabel, path, ...(value === undefined ? [] : [value])].map(toCell).join('\t'),
  );
  const folded = texts.map(fold);
  const lineStarts = new Uint32Array(items.length);
  let start = 0;
  for (const [line, text] of folded.entries()) {
    lineStarts[line] = start;
    start += text.length + 1;
  }
  return {
    id,
    label,
    isRead,
    shown: texts.join('\n'),
    folded: folded.join('\n'),
    lineStarts,
    kinds: Uint8Array.from(items, (item) => kinds.indexOf(item.kind)),
    places: Uint32Array.from(items.flatMap(({ start: from, end }) => [from, end])),
    builtIn: isBuiltInNamespace(splitSchemaId(id).namespace),
  };
}

/** Line breaks and tabs have a meaning of their own here. */
function toCell(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function toItem(lines: SchemaLines, line: number): ModelSearchItem {
  const kind = kinds[lines.kinds[line]!]!;
  const [name = '', label = '', path = '', value] = lines.shown.split('\n', line + 1)[line]!.split('\t');
  return {
    kind,
    schemaId: lines.id,
    schemaLabel: lines.label,
    name,
    label,
    path,
    ...(value !== undefined && { value }),
    ...(lines.isRead && { start: lines.places[2 * line]!, end: lines.places[2 * line + 1]! }),
  };
}
