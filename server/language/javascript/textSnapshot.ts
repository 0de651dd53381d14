import type * as ts from 'typescript';

/**
 * A version of a text for TypeScript. The change from an older version is found by comparing: what both begin and end
 * with is kept, so that only the edited function is parsed again.
 */
export class TextSnapshot implements ts.IScriptSnapshot {
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  getText(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  getLength(): number {
    return this.text.length;
  }

  getChangeRange(older: ts.IScriptSnapshot): ts.TextChangeRange | undefined {
    if (!(older instanceof TextSnapshot)) return undefined;
    const a = older.text;
    const b = this.text;
    const shorter = Math.min(a.length, b.length);
    let start = 0;
    while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++;
    let end = 0;
    while (end < shorter - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end))
      end++;
    return { span: { start, length: a.length - start - end }, newLength: b.length - start - end };
  }
}
