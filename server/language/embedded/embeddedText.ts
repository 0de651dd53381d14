import { decodeXml } from '../../../core/xml/entities.ts';
import type { TextRange, XmlAttribute, XmlElement } from '../../../core/xml/xmlTree.ts';
import { rawText } from './rawText.ts';

/** A stretch of markup that carries text. */
interface Run extends TextRange {
  /** Character data, or the value of an attribute, with references; the inside of a CDATA section; the text itself. */
  kind: 'text' | 'attribute' | 'cdata' | 'verbatim';
}

/** A stretch of a run: text that stands for itself, or one reference. */
interface Piece extends TextRange {
  run: Run;
  /** Where it begins in the decoded text. */
  index: number;
  /** How much decoded text it is. */
  length: number;
  isReference: boolean;
}

/** A change of a text; offsets are those of the text it changes. */
export interface TextChange extends TextRange {
  newText: string;
}

/** Where a cursor stands, on both sides. Where two sections meet, an index alone does not tell which one is meant. */
export interface Caret {
  index: number;
  offset: number;
}

const reference = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));/g;

/**
 * The text inside an element as a program reads it, with the way between its offsets (`index`) and those of the document
 * (`offset`). A position inside a reference counts as its beginning; a decoded range maps to all the markup it comes
 * from. Read once; every question after that is a binary search.
 */
export class EmbeddedText implements TextRange {
  /** References replaced, CDATA sections opened, comments left out. */
  readonly text: string;
  /** From the first to the last stretch of text in the document, marks of CDATA excluded. */
  readonly start: number;
  readonly end: number;
  private readonly source: string;
  private readonly runs: readonly Run[];
  private readonly pieces: readonly Piece[];

  /** @param runs at least one; in order, none overlapping. */
  private constructor(source: string, runs: readonly Run[]) {
    this.source = source;
    this.runs = runs;
    const pieces: Piece[] = [];
    const parts: string[] = [];
    let index = 0;
    const add = (run: Run, start: number, end: number, text: string, isReference: boolean): void => {
      if (text === '') return;
      pieces.push({ run, start, end, index, length: text.length, isReference });
      parts.push(text);
      index += text.length;
    };
    for (const run of runs) {
      const raw = source.slice(run.start, run.end);
      let at = 0;
      if ((run.kind === 'text' || run.kind === 'attribute') && raw.includes('&')) {
        for (const match of raw.matchAll(reference)) {
          const character = decodeXml(match[0]);
          if (character === match[0]) continue;
          add(run, run.start + at, run.start + match.index, raw.slice(at, match.index), false);
          const start = run.start + match.index;
          at = match.index + match[0].length;
          add(run, start, run.start + at, character, true);
        }
      }
      add(run, run.start + at, run.end, raw.slice(at), false);
    }
    this.pieces = pieces;
    this.text = parts.join('');
    this.start = runs[0]!.start;
    this.end = runs.at(-1)!.end;
  }

  /** The text of an element; `undefined` for `<script/>`, which has no place for any. */
  static of(source: string, element: XmlElement): EmbeddedText | undefined {
    if (element.selfClosing || !element.openTagClosed) return undefined;
    // What XML would read as tags is still the script somebody is typing.
    const raw = rawText(source, element);
    if (raw !== undefined) return new EmbeddedText(source, [{ ...raw, kind: 'text' }]);
    const runs: Run[] = [];
    for (const node of element.children) {
      if (node.kind !== 'text') continue;
      const last = runs.at(-1);
      if (node.cdata) {
        const start = node.start + '<![CDATA['.length;
        const isClosed = source.startsWith(']]>', node.end - 3) && node.end - 3 >= start;
        runs.push({ start, end: isClosed ? node.end - 3 : node.end, kind: 'cdata' });
      } else if (last?.kind === 'text' && last.end === node.start) last.end = node.end;
      else runs.push({ start: node.start, end: node.end, kind: 'text' });
    }
    if (runs.length === 0) runs.push({ start: element.openEnd, end: element.openEnd, kind: 'text' });
    return new EmbeddedText(source, runs);
  }

  /** The value of an attribute. */
  static ofAttribute(source: string, { valueStart, valueEnd }: XmlAttribute): EmbeddedText {
    return new EmbeddedText(source, [{ start: valueStart, end: valueEnd, kind: 'attribute' }]);
  }

  /** A stretch of a document as it is: what has the same text on both sides. */
  static verbatim(source: string, range: TextRange): EmbeddedText {
    return new EmbeddedText(source, [{ ...range, kind: 'verbatim' }]);
  }

  /** The index of an offset; `undefined` outside of the text, such as on the marks of a CDATA section. */
  indexAt(offset: number): number | undefined {
    const run = this.runs.find(({ start, end }) => offset >= start && offset <= end);
    if (run === undefined) return undefined;
    const piece = this.pieces[lastAtOrBefore(this.pieces, offset, (candidate) => candidate.start)];
    // The run may be empty, and what is found may end before it.
    if (piece === undefined) return 0;
    if (offset >= piece.end) return piece.index + piece.length;
    return piece.isReference ? piece.index : piece.index + (offset - piece.start);
  }

  /** The index of an offset, or of the nearest text behind it. */
  nearestIndex(offset: number): number {
    const exact = this.indexAt(offset);
    if (exact !== undefined) return exact;
    const next = this.pieces[lastAtOrBefore(this.pieces, offset, (candidate) => candidate.start) + 1];
    return next?.index ?? this.text.length;
  }

  /** The markup a stretch of the text comes from. An empty stretch gives an empty range. */
  toRange(range: TextRange, caret?: Caret): TextRange {
    const start = Math.min(range.start, this.text.length);
    const end = Math.min(range.end, this.text.length);
    if (start >= end) {
      const offset = this.offsetOf(start, caret);
      return { start: offset, end: offset };
    }
    const first = this.pieceFrom(start);
    const last = this.pieceUpTo(end);
    return {
      start: first.isReference ? first.start : first.start + (start - first.index),
      end: last.isReference ? last.end : last.start + (end - last.index),
    };
  }

  /**
   * The changes of the document that change the text as asked: escaped where markup would be read, and one for each
   * section the change touches. The document stays well-formed, and its decoded text is the one wanted.
   */
  toChanges({ newText, ...range }: TextChange, caret?: Caret): TextChange[] {
    const start = Math.min(range.start, this.text.length);
    const end = Math.min(range.end, this.text.length);
    if (start >= end) {
      const offset = this.offsetOf(start, caret);
      return [this.escaped(this.runAt(offset), { start: offset, end: offset, newText })];
    }
    const changes: TextChange[] = [];
    const whole = this.toRange({ start, end });
    let run: Run | undefined;
    for (let at = this.positionOf(start); at < this.pieces.length; at++) {
      const piece = this.pieces[at]!;
      if (piece.index >= end) break;
      if (piece.run === run) continue;
      run = piece.run;
      changes.push(
        this.escaped(run, {
          start: Math.max(run.start, whole.start),
          end: Math.min(run.end, whole.end),
          newText: changes.length === 0 ? newText : '',
        }),
      );
    }
    return changes;
  }

  /** The piece that holds the character at an index. */
  private pieceFrom(index: number): Piece {
    return this.pieces[this.positionOf(index)]!;
  }

  private positionOf(index: number): number {
    return Math.max(
      0,
      lastAtOrBefore(this.pieces, index, (candidate) => candidate.index),
    );
  }

  /** The piece that holds the character before an index. */
  private pieceUpTo(index: number): Piece {
    return this.pieceFrom(Math.max(0, index - 1));
  }

  /** Where a cursor at an index stands. Between two sections: in the CDATA section, where people keep scripts. */
  private offsetOf(index: number, caret: Caret | undefined): number {
    if (caret?.index === index) return caret.offset;
    if (this.pieces.length === 0)
      return (this.runs.find(({ kind }) => kind === 'cdata') ?? this.runs[0]!).start;
    const next = this.pieceFrom(index);
    if (index > next.index && index < next.index + next.length) {
      return next.isReference ? next.start : next.start + (index - next.index);
    }
    if (index <= 0) return next.start;
    const before = this.pieceUpTo(index);
    return index === next.index && next.run.kind === 'cdata' && before.run.kind !== 'cdata'
      ? next.start
      : before.end;
  }

  private runAt(offset: number): Run {
    const found = this.runs.filter(({ start, end }) => offset >= start && offset <= end);
    return found.find(({ kind }) => kind === 'cdata') ?? found[0]!;
  }

  private escaped(run: Run, { start, end, newText }: TextChange): TextChange {
    if (run.kind === 'verbatim') return { start, end, newText };
    if (run.kind === 'attribute') {
      const quote = this.source.charAt(run.start - 1);
      return { start, end, newText: escapeAttribute(newText, quote) };
    }
    const before = this.source.slice(Math.max(run.start, start - 2), start);
    const after = this.source.slice(end, Math.min(run.end, end + 2));
    const isText = run.kind === 'text';
    const plain = !isText
      ? newText
      : newText.replace(/[&<]/g, (character) => (character === '&' ? '&amp;' : '&lt;'));
    // `]]>` ends a CDATA section and is forbidden outside of one; a change may complete it at either edge.
    const around = before + plain + after;
    if (!around.includes(']]>')) return { start, end, newText: plain };
    const instead = isText ? ']]&gt;' : ']]]]><![CDATA[>';
    return {
      start: start - before.length,
      end: end + after.length,
      newText: around.replaceAll(']]>', instead),
    };
  }
}

/** What would end the value, begin markup, or be read as a blank. */
function escapeAttribute(text: string, quote: string): string {
  return text.replace(/[&<"'\n\r\t]/g, (character) => {
    if (character === '&') return '&amp;';
    if (character === '<') return '&lt;';
    if (character !== '"' && character !== "'") return `&#${character.charCodeAt(0)};`;
    if (character !== quote) return character;
    return character === '"' ? '&quot;' : '&apos;';
  });
}

/** Position of the last item whose key is not above a value; `-1` when there is none. */
function lastAtOrBefore<T>(items: readonly T[], value: number, key: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(items[middle]!) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
