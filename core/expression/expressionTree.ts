/**
 * The tree of an XTK expression. Offsets are zero-based UTF-16 units in the text that was parsed, `end` exclusive.
 *
 * Brackets stay in the tree as `group` nodes so that offsets and printing are exact; `ungroup` looks through them.
 * `AND` and `OR` are n-ary because generated filters chain thousands of them; every other operator is binary. The
 * height of a tree is bounded (`maxTreeHeight` of the parser), so recursive consumers are safe.
 */
export type ExpressionNode =
  | PathNode
  | StringNode
  | NumberNode
  | BooleanNode
  | NullNode
  | DateNode
  | UnaryNode
  | BinaryNode
  | LogicalNode
  | IsNullNode
  | InNode
  | CallNode
  | MacroNode
  | SqlDataNode
  | GroupNode
  | HoleNode
  | InvalidNode
  | MissingNode;

/** A piece of the parsed text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A piece of the parsed text together with what it says. */
export interface TextSpan extends Span {
  readonly text: string;
}

/**
 * A path to a field, link or container: `@email`, `[folder/@label]`, `[nms:recipient:r2:@email]`, `..`.
 * With neither step, `absolute` nor join the brackets were empty.
 */
export interface PathNode extends Span {
  readonly kind: 'path';
  readonly bracketed: boolean;
  /** False when the `]` is missing. Always true for a path without brackets. */
  readonly closed: boolean;
  /** Starts with `/`: from the root of the document (of the joined schema, if there is a join). */
  readonly absolute: boolean;
  readonly join?: PathJoin;
  readonly steps: readonly PathStep[];
  /** A name is partly unknown (`holeCharacter` or a macro as a step): the path cannot be resolved. */
  readonly hasHole: boolean;
}

/** The `ns:schema:` or `ns:schema:alias:` in front of a path. */
export interface PathJoin {
  /** The schema id as typed, `nms:` when only the namespace is there. */
  readonly schema: TextSpan;
  /** May be a macro: `$primarykey(…)`. */
  readonly alias?: TextSpan;
}

/**
 * One step of a path; the span covers the name (with its `@`), not the predicates. A half-typed path ends in a step
 * with an empty name (`[folder/`, `[folder/@`).
 */
export interface PathStep extends Span {
  readonly kind: 'attribute' | 'element' | 'self' | 'parent';
  /** Without the `@`; `.` and `..` for self and parent. */
  readonly name: string;
  /** What stands before the step; `.` only occurs in temporary schemas of workflows. */
  readonly separator: '' | '/' | '.';
  readonly predicates: readonly PathPredicate[];
}

/** `[1]` or `[@label = 'x']` after a step; the span includes the brackets. Typing ignores predicates. */
export interface PathPredicate extends Span {
  readonly test: ExpressionNode;
  readonly closed: boolean;
}

export interface StringNode extends Span {
  readonly kind: 'string';
  /** The text with `\'` and `\\` decoded. `\%` and `\_` (LIKE patterns) are kept as written. */
  readonly value: string;
  readonly closed: boolean;
  readonly hasHole: boolean;
}

export interface NumberNode extends Span {
  readonly kind: 'number';
  readonly value: number;
  /** As written: 64-bit integers do not survive `value`. */
  readonly raw: string;
}

export interface BooleanNode extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NullNode extends Span {
  readonly kind: 'null';
}

export interface DateNode extends Span {
  readonly kind: 'date';
  /** The text between the `#`. */
  readonly value: string;
  readonly closed: boolean;
  readonly hasHole: boolean;
}

export interface UnaryNode extends Span {
  readonly kind: 'unary';
  readonly operator: 'not' | '-';
  readonly operand: ExpressionNode;
}

/** Relations keep the spelling of the text (`=` and `==`, `!=` and `<>` mean the same). */
export type RelationOperator = '=' | '==' | '!=' | '<>' | '<' | '<=' | '>' | '>=' | 'like' | 'not like';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '||';

export interface BinaryNode extends Span {
  readonly kind: 'binary';
  readonly operator: RelationOperator | ArithmeticOperator;
  readonly operatorSpan: Span;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** `a AND b AND c`: one node, all operands in order (always two or more). */
export interface LogicalNode extends Span {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly ExpressionNode[];
}

export interface IsNullNode extends Span {
  readonly kind: 'isNull';
  readonly negated: boolean;
  readonly operand: ExpressionNode;
}

export interface InNode extends Span {
  readonly kind: 'in';
  readonly negated: boolean;
  readonly operand: ExpressionNode;
  /** The values between the brackets; may hold one `sqlData` node (legacy). */
  readonly values: readonly ExpressionNode[];
  /** From `(` to `)`, both included when present. */
  readonly list: Span;
}

export interface CallNode extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly ExpressionNode[];
  /** Offset of the `(`. */
  readonly open: number;
  /** Offsets of the commas between arguments, in order. */
  readonly commas: readonly number[];
  readonly closed: boolean;
}

/** `$(xpath)`, `$long(xpath)`: replaced by a value of the caller's context before the query is built. */
export interface MacroNode extends Span {
  readonly kind: 'macro';
  /** `''` for `$(…)`, else the cast such as `long`. */
  readonly name: string;
  /** What is between the brackets, read as a path; `undefined` when the `(` is missing. */
  readonly path: PathNode | undefined;
  readonly closed: boolean;
}

/** `[SQLDATA[…]]`: raw SQL, refused by most instances. */
export interface SqlDataNode extends Span {
  readonly kind: 'sqlData';
  readonly sql: string;
  readonly closed: boolean;
}

export interface GroupNode extends Span {
  readonly kind: 'group';
  readonly inner: ExpressionNode;
  readonly closed: boolean;
}

/** Text that is not known here, such as the value a JavaScript expression will give. */
export interface HoleNode extends Span {
  readonly kind: 'hole';
}

/** Something the language does not have; `children` are the readable operands inside it. A problem says why. */
export interface InvalidNode extends Span {
  readonly kind: 'invalid';
  readonly text: string;
  readonly children: readonly ExpressionNode[];
}

/** An operand that is not there; the span is the white space where it would go. */
export interface MissingNode extends Span {
  readonly kind: 'missing';
}

/** The node inside any brackets around it. */
export function ungroup(node: ExpressionNode): ExpressionNode {
  let inner = node;
  while (inner.kind === 'group') inner = inner.inner;
  return inner;
}

/**
 * Direct children of a node in text order. Predicates of path steps are children; so is the path of a macro.
 */
export function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.kind) {
    case 'path':
      return node.steps.flatMap((step) => step.predicates.map((predicate) => predicate.test));
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'logical':
      return node.operands;
    case 'isNull':
      return [node.operand];
    case 'in':
      return [node.operand, ...node.values];
    case 'call':
      return node.args;
    case 'macro':
      return node.path ? [node.path] : [];
    case 'group':
      return [node.inner];
    case 'invalid':
      return node.children;
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'date':
    case 'sqlData':
    case 'hole':
    case 'missing':
      return [];
  }
}

/** Calls `visit` for the node and everything below it, parents first. */
export function walkExpression(node: ExpressionNode, visit: (node: ExpressionNode) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walkExpression(child, visit);
}

/**
 * Every path the expression reads, in text order. Paths inside predicates are left out (they start at the step they
 * filter), and so are macro paths (they start in the caller's context).
 */
export function pathsOf(node: ExpressionNode): PathNode[] {
  const paths: PathNode[] = [];
  const collect = (current: ExpressionNode): void => {
    if (current.kind === 'path') paths.push(current);
    else if (current.kind !== 'macro') for (const child of childrenOf(current)) collect(child);
  };
  collect(node);
  return paths;
}
