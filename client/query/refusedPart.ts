import { findCodes, wrapperCodes } from '../../core/soap/campaignCodes.ts';
import { decodeXml, mapReferences } from '../../core/xml/entities.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import { descendantElements, type TextRange } from '../../core/xml/xmlTree.ts';

/**
 * Finds what the messages of a server are about in the text of a query: the expression they quote and in it the field
 * they name; else the field wherever it stands; else a value they quote, such as a schema or an operator.
 *
 * Messages are in the language of the server, so besides the documented English forms anything in quotes counts.
 * Source: the error texts documented for queries (`Attribute 'x' unknown (see definition of schema '…')`, `XTK-170036
 * Unable to parse expression '…'`), in either order of their words.
 * @param text the query as the document has it: XML, a literal with `{…}`, or an object of a script.
 * @param messages lines of the server, root cause first.
 * @returns offsets in `text`; `undefined` when nothing of it is named.
 */
export function findRefusedPart(text: string, messages: readonly string[]): TextRange | undefined {
  const values = valuesOf(text);
  const claims = messages.filter((line) => !isWrapper(line)).map(readClaims);
  const expressions = claims.flatMap(({ expression }) => expression ?? []);
  const steps = claims.flatMap((claim) => claim.steps);
  const words = claims.flatMap((claim) => claim.words);
  const quoted = expressions.flatMap((expression) => values.filter((value) => isSame(value, expression)))[0];
  if (quoted !== undefined) {
    const parts = [...steps, ...words].map((word) => findWord(quoted, word));
    const part = parts.find((found) => found !== undefined);
    return part === undefined ? rangeOf(quoted) : toText(quoted, part);
  }
  // A server may quote the piece of an expression it stumbled over.
  for (const piece of expressions) {
    const found = values.find(({ text }) => piece.trim() !== '' && text.includes(piece));
    if (found === undefined) continue;
    const start = found.text.indexOf(piece);
    return toText(found, { start, end: start + piece.length });
  }
  for (const step of steps) {
    const found = inValues(values, step);
    if (found !== undefined) return found;
  }
  for (const word of words) {
    const whole = values.find((value) => value.text === word);
    if (whole !== undefined) return rangeOf(whole);
  }
  for (const word of words) {
    const found = inValues(values, word);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Says which call failed, not why: its quotes are names of methods and schemas of the platform. */
function isWrapper(message: string): boolean {
  const codes = findCodes(message);
  const isCall = /\bmethod '[^']*' of service '/i.test(message);
  return isCall || (codes.length > 0 && codes.every((code) => wrapperCodes.has(code)));
}

/** What a message names. */
interface Claims {
  /** An expression, whole. */
  expression: string | undefined;
  /** Steps of paths: `@email`, `folder`. */
  steps: string[];
  /** Whatever else it quotes. */
  words: string[];
}

function readClaims(message: string): Claims {
  // An expression may hold quotes of its own, so it goes on to the last one of the line.
  const expression = /\bexpression\s*:?\s*(['"])(.*)\1/i.exec(message)?.[2];
  const named = [
    ...message.matchAll(/\b(?<kind>attribute|element)\s+'(?<name>[^']+)'\s+unknown/gi),
    ...message.matchAll(/'(?<name>[^']+)'\s+(?<kind>attribute|element)\s+unknown/gi),
  ];
  const steps = named.map(({ groups }) => {
    const name = groups!['name']!.replace(/^@/, '');
    return groups!['kind']!.toLowerCase() === 'attribute' ? `@${name}` : name;
  });
  const rest = (expression === undefined ? message : message.replace(expression, '')).replace(
    /\([^()]*\([^()]*\)[^()]*\)|\(see [^)]*\)/gi,
    '',
  );
  // Of the groups, one has matched.
  const words = [...rest.matchAll(/'([^']+)'|"([^"]+)"|«\s*([^»]+?)\s*»|“([^”]+)”/g)].map((match) =>
    match.slice(1).join(''),
  );
  return {
    expression,
    steps,
    words: words.filter((word) => !steps.includes(word) && !steps.includes(`@${word}`)),
  };
}

/** A value in the text of a query: of an attribute, or of a property. */
interface QueryValue {
  /** Decoded. */
  text: string;
  start: number;
  end: number;
  /** From an offset in `text` to one in the document. */
  toOuter: (index: number) => number;
}

/** Attributes first; the strings of a script may be parts of them, in a literal of E4X. */
function valuesOf(text: string): QueryValue[] {
  return [...(text.trimStart().startsWith('<') ? xmlValues(text) : []), ...scriptValues(text)];
}

function xmlValues(text: string): QueryValue[] {
  const { root } = parseXml(text);
  if (root === undefined) return [];
  return [...descendantElements(root)].flatMap((element) =>
    element.attributes.flatMap(({ valueStart: start, valueEnd: end, hole, hasValue }) => {
      if (!hasValue || hole) return [];
      const raw = text.slice(start, end);
      const references = mapReferences(raw);
      return [
        { text: decodeXml(raw), start, end, toOuter: (index: number) => start + references.toSource(index) },
      ];
    }),
  );
}

/** The string literals of a script, and of XML that is escaped in another document. */
function scriptValues(text: string): QueryValue[] {
  const values: QueryValue[] = [];
  for (const { 0: literal, index } of text.matchAll(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|&quot;.*?&quot;/g,
  )) {
    const edge = literal.startsWith('&') ? '&quot;'.length : 1;
    const start = index + edge;
    const raw = literal.slice(edge, -edge);
    const offsets: number[] = [];
    let decoded = '';
    for (let at = 0; at < raw.length; at++) {
      const isEscape = raw[at] === '\\' && at + 1 < raw.length;
      offsets.push(start + at);
      if (isEscape) at++;
      decoded += raw[at]!;
    }
    const end = start + raw.length;
    values.push({ text: decoded, start, end, toOuter: (place) => offsets[place] ?? end });
  }
  return values;
}

function isSame({ text }: QueryValue, expression: string): boolean {
  const bare = (written: string): string => written.trim().replace(/\s+/g, ' ');
  return bare(text) === bare(expression);
}

/** The first value that has a word; one that is nothing but the word is surer than a path that ends with it. */
function inValues(values: readonly QueryValue[], word: string): TextRange | undefined {
  const exact = values.find(({ text }) => text.trim() === word);
  const candidates = exact === undefined ? values : [exact];
  for (const value of candidates) {
    const found = findWord(value, word);
    if (found !== undefined) return toText(value, found);
  }
  return undefined;
}

/** Where a word stands on its own: not as a part of a longer name, nor in a string. */
function findWord({ text }: QueryValue, word: string): TextRange | undefined {
  const isName = (character: string | undefined): boolean =>
    character !== undefined && /[\w@-]/.test(character);
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
    const end = start + word.length;
    const isWhole = !isName(text[start - 1]) && !isName(text[end]);
    const quotes = text.slice(0, start).replace(/\\./g, '').split("'").length - 1;
    const isInString = quotes % 2 === 1;
    if (isWhole && !isInString) return { start, end };
  }
  return undefined;
}

function rangeOf({ start, end }: QueryValue): TextRange {
  return { start, end };
}

function toText({ toOuter }: QueryValue, { start, end }: TextRange): TextRange {
  return { start: toOuter(start), end: toOuter(end) };
}
