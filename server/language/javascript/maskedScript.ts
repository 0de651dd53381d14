import type { TextRange } from '../../../core/xml/xmlTree.ts';

/** An embedded expression `{…}` with its braces. */
export interface E4xHole extends TextRange {
  /** False while its `}` is missing: it ends with its tag or its line. */
  closed: boolean;
}

/** Is an offset between the braces? Behind an unclosed hole a cursor is still in it. */
export function isInHole(hole: TextRange & { closed?: boolean }, offset: number): boolean {
  return offset > hole.start && (offset < hole.end || (offset === hole.end && hole.closed === false));
}

/** An E4X literal. Ranges are offsets of the script. */
export interface E4xLiteral extends TextRange {
  /** Name of the outermost element; `''` for a list, a computed name, a comment. */
  rootName: string;
  /** Its embedded expressions, in order; those of literals nested in a hole belong to the nested literal. */
  holes: E4xHole[];
  /** Name of the function the literal became a call of, unique to its text; `''` when it was too short to carry one. */
  callee: string;
  /** False while it is being typed: the end is where the script seems to go on. */
  closed: boolean;
}

export type MaskProblemCode = 'attribute-outside-filter' | 'literal-unclosed';

export interface MaskProblem extends TextRange {
  code: MaskProblemCode;
  message: string;
}

/** A script whose E4X has become ordinary JavaScript of the same length. */
export interface MaskedScript {
  /** Same length as the source; equal to it when there is no E4X. */
  text: string;
  /** In order of their start; an outer literal comes before those in its holes. */
  literals: E4xLiteral[];
  /** The predicates `(…)` of filters `x.(…)`, parentheses included, in order of their end. */
  filters: TextRange[];
  /** Offsets of the `for` of each `for each`. */
  forEachLoops: number[];
  problems: MaskProblem[];
  /** Where an error of syntax is TypeScript's alone: forms of old engines that no text of the same length can say. */
  tolerated: TextRange[];
  /** How many characters were read more than once; what the linear bound is tested with. */
  rereadCount: number;
}
