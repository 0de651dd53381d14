import type * as ts from 'typescript';
import type { TextRange, XmlElement } from '../../../../core/xml/xmlTree.ts';
import type { DocumentProblem } from '../../problems.ts';
import type { E4xLiteral } from '../maskedScript.ts';
import type { ScriptProject } from '../scriptWorkspace.ts';

/** A script while it is checked: its tree, and what the checks may ask about a node of it. */
export interface CheckedScript {
  readonly project: ScriptProject;
  readonly ts: ScriptProject['ts'];
  readonly file: ts.SourceFile;
  /** The script as written; offsets of the tree are offsets of it. */
  readonly text: string;
  /** The nodes around the one at hand, the file first. Only valid until the check returns. */
  readonly ancestors: readonly ts.Node[];
  /** Asked of few nodes only: it makes TypeScript infer, which the walk alone does not. */
  typeAt(node: ts.Node): ts.Type;
  /** The symbol a name stands for. */
  symbolAt(node: ts.Node): ts.Symbol | undefined;
  /** A literal as XML; `undefined` when it has no element. Parsed once. */
  xmlOf(literal: E4xLiteral): XmlElement | undefined;
  /** The literal a node stands for; `undefined` for anything else. */
  literalAt(node: ts.Node): E4xLiteral | undefined;
  /** Without the space before it. */
  rangeOf(node: ts.Node): TextRange;
  /** As written in the script. */
  sourceOf(node: ts.Node): string;
}

/** A check of some kinds of node. Pure: it looks at the script and says what it finds. */
export interface NodeCheck {
  kinds: readonly (keyof typeof ts.SyntaxKind)[];
  check(script: CheckedScript, node: ts.Node): Iterable<DocumentProblem>;
}

/** A check of every E4X literal. */
export type LiteralCheck = (script: CheckedScript, literal: E4xLiteral) => Iterable<DocumentProblem>;
