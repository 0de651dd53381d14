import { bracket } from './scriptWords.ts';

/** What has been read of a script, as far as it decides what the next token can be. */
export class ScanState {
  /** Where reading ends. */
  readonly limit: number;
  /** Inside the `{…}` of a literal. */
  readonly inHole: boolean;
  /** The open brackets. */
  readonly stack: number[] = [];
  /** Unanswered `?` of the conditional operator in the innermost bracket. */
  conditional = 0;
  /** An operand, and so a regular expression or a literal, may begin here. */
  atOperand = true;
  atStatement: boolean;
  afterDot = false;
  /** Where the last `(`, `,` or `{` ends: the word behind it may be a key, or the `var` of a `for`. */
  keyOffset = 0;
  /** What the next `(` or `{` will be. */
  nextParen: number = bracket.group;
  nextBrace = -1;
  /** The bracket whose `)` came last was the head of a `catch` with a condition, or of one behind such a `catch`. */
  isGuarded = false;
  /** The `catch` read last stands behind one with a condition. */
  isChained = false;
  /** Behind the `}` of a `catch` with a condition. */
  guardEnd = -1;
  /** How many brackets are open around the comprehension that is being read; `-1` for none. */
  comprehensionDepth = -1;
  /** {@link conditional} of the outer brackets. */
  private readonly conditionals: number[] = [];

  constructor(limit: number, inHole: boolean) {
    this.limit = limit;
    this.inHole = inHole;
    this.atStatement = !inHole;
  }

  push(kind: number): void {
    this.stack.push(kind);
    this.conditionals.push(this.conditional);
    this.conditional = 0;
  }

  pop(): number {
    this.conditional = this.conditionals.pop() ?? 0;
    if (this.stack.length <= this.comprehensionDepth) this.comprehensionDepth = -1;
    return this.stack.pop() ?? -1;
  }

  /** At a `{`. */
  openBrace(): void {
    const isBlock = this.atStatement || !this.atOperand;
    const kind = this.nextBrace >= 0 ? this.nextBrace : isBlock ? bracket.block : bracket.object;
    this.push(kind);
    // Behind a class head come members; a statement is near enough to one.
    this.atStatement = kind !== bracket.object;
    this.atOperand = true;
    this.nextBrace = -1;
  }

  behindOperand(): void {
    this.atOperand = false;
    this.atStatement = false;
  }

  behindOperator(): void {
    this.atOperand = true;
    this.atStatement = false;
  }

  behindStatement(): void {
    this.atOperand = true;
    this.atStatement = true;
  }

  /** What was announced (`function`, `if`) did not come. */
  forgetNext(): void {
    this.nextParen = bracket.group;
    this.nextBrace = -1;
  }
}
