import { code, isLineBreak, isSpace, isXmlNameStart } from './characterClasses.ts';
import type { Edit } from './literalCall.ts';
import { LiteralReader, type LiteralHost } from './literalReader.ts';
import type { E4xHole, E4xLiteral } from './maskedScript.ts';
import { MozillaMasker } from './mozillaMasker.ts';

/** An unclosed `{…}` ends with its line; no line is looked at further than this. */
const longestHoleTail = 2_000;

const attributeBegin = /[ \t]+[A-Za-z_][\w:.-]*=["'{]/y;

/** Literals nested in the holes of literals; deeper ones are read as the comparison they could be. */
const maxNesting = 100;
/** Nested deeper, a literal no longer gets a function of its own, so that its text is not hashed at every level. */
const maxCalleeNesting = 4;

/** A state to come back to. */
interface Mark {
  pos: number;
  editCount: number;
  literalCount: number;
  filterCount: number;
  loopCount: number;
  problemCount: number;
  toleratedCount: number;
}

/** Masks literals and the scripts in their holes: strictly first, and once more with recovery where they are broken. */
export abstract class LiteralMasker extends MozillaMasker implements LiteralHost {
  protected readonly literals: E4xLiteral[] = [];
  /** Set while an outermost literal, out of budget, is on its way to be read with recovery. */
  protected isAbandoned = false;
  private nesting = 0;
  /** Set while a broken literal is read again: what is nested in it is not tried strictly a second time. */
  private isRecovering = false;
  private strictDepth = 0;

  /**
   * Reads JavaScript up to `limit`, or in a hole up to the `}` that closes it.
   * @returns true when that `}` was read (`pos` is behind it); false at the limit, and where a hole cannot go on.
   */
  protected abstract scanScript(limit: number, inHole: boolean): boolean;

  /** At a `<` where an operand may begin. @returns false, without having moved, when no markup begins here. */
  protected scanMarkup(limit: number): boolean {
    const { text, pos } = this;
    const c = text.charCodeAt(pos + 1);
    const isMarkup =
      isXmlNameStart(c) ||
      c === code.greater ||
      c === code.braceLeft ||
      c === code.question ||
      c === code.exclamation;
    if (!isMarkup) return false;
    if (this.nesting >= maxNesting) return false;
    this.nesting++;
    this.scanLiteral(limit);
    this.nesting--;
    return true;
  }

  private scanLiteral(limit: number): void {
    const wasRecovering = this.isRecovering;
    if (!wasRecovering && this.mayReread()) {
      const mark = this.mark();
      const filterDepth = this.filterStarts.length;
      this.strictDepth++;
      const isWhole = new LiteralReader(this, limit, true).read();
      this.strictDepth--;
      if (isWhole) return;
      this.rewind(mark);
      this.filterStarts.length = filterDepth;
      // Out of budget, the outermost literal recovers at once, instead of each one inside it in turn.
      this.isAbandoned = this.strictDepth > 0 && !this.mayReread();
      if (this.isAbandoned) return;
    }
    this.isRecovering = true;
    new LiteralReader(this, limit, false).read();
    this.isRecovering = wasRecovering;
  }

  private mark(): Mark {
    return {
      pos: this.pos,
      editCount: this.edits.length,
      literalCount: this.literals.length,
      filterCount: this.filters.length,
      loopCount: this.forEachLoops.length,
      problemCount: this.problems.length,
      toleratedCount: this.tolerated.length,
    };
  }

  private rewind(mark: Mark): void {
    this.rereadCount += this.pos - mark.pos;
    this.pos = mark.pos;
    this.edits.length = mark.editCount;
    this.literals.length = mark.literalCount;
    this.filters.length = mark.filterCount;
    this.forEachLoops.length = mark.loopCount;
    this.problems.length = mark.problemCount;
    this.tolerated.length = mark.toleratedCount;
  }

  // What the literal reader needs of the script around it

  get source(): string {
    return this.text;
  }

  get offset(): number {
    return this.pos;
  }

  moveTo(offset: number): void {
    this.pos = offset;
  }

  indexOf(needle: string, from: number): number {
    return this.find(needle, from);
  }

  countReread(count: number): void {
    this.rereadCount += count;
  }

  beginLiteral(literal: E4xLiteral): void {
    this.literals.push(literal);
  }

  addMarkupEdit(start: number, end: number): Edit {
    const edit = { start, end, text: '' };
    this.edits.push(edit);
    return edit;
  }

  addUnclosed(literal: E4xLiteral): void {
    const name = literal.rootName;
    this.problems.push({
      code: 'literal-unclosed',
      start: literal.start,
      end: Math.min(literal.end, literal.start + 1 + name.length),
      message: name === '' ? 'This XML literal has no end.' : `The XML literal <${name}> is not closed.`,
    });
  }

  get canGetCallee(): boolean {
    return this.nesting <= maxCalleeNesting;
  }

  readHole(limit: number, strict: boolean): E4xHole | undefined {
    const mark = this.mark();
    const filterDepth = this.filterStarts.length;
    const start = this.pos;
    if (strict || this.mayReread()) {
      this.pos = start + 1;
      if (this.scanScript(limit, true)) return { start, end: this.pos, closed: true };
      this.filterStarts.length = filterDepth;
      if (strict) return undefined;
      this.rewind(mark);
    }
    const end = this.unclosedHoleEnd(start, limit);
    const closed = end - 1 > start && this.text.charCodeAt(end - 1) === code.braceRight;
    this.pos = start + 1;
    this.scanScript(closed ? end - 1 : end, true);
    this.filterStarts.length = filterDepth;
    this.pos = end;
    return { start, end, closed };
  }

  private unclosedHoleEnd(start: number, limit: number): number {
    const { text } = this;
    const reach = Math.min(limit, start + longestHoleTail);
    let lineEnd = start + 1;
    for (; lineEnd < reach && !isLineBreak(text.charCodeAt(lineEnd)); lineEnd++) {
      const c = text.charCodeAt(lineEnd);
      const next = text.charCodeAt(lineEnd + 1);
      if ((c === code.slash && next === code.greater) || (c === code.less && next === code.slash))
        return lineEnd;
      if (c === code.braceRight) return lineEnd + 1;
      attributeBegin.lastIndex = lineEnd;
      if (isSpace(c) && attributeBegin.test(text)) return lineEnd;
    }
    let end = lineEnd;
    while (end > start + 1 && isSpace(text.charCodeAt(end - 1))) end--;
    const isTagEnd = text.charCodeAt(end - 1) === code.greater && text.charCodeAt(end - 2) !== code.equals;
    return isTagEnd && end - 1 > start ? end - 1 : lineEnd;
  }
}
