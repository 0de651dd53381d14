import {
  childrenOf,
  ungroup,
  type CallNode,
  type DateNode,
  type ExpressionNode,
  type PathJoin,
  type PathNode,
  type PathStep,
  type Span,
  type StringNode,
} from './expressionTree.ts';
import { parseExpression, type ParsedExpression } from './parseExpression.ts';
import { operatorWords, type Token } from './tokens.ts';

/**
 * The nodes that contain an offset, outermost first. Both ends of a node count as inside it; where two siblings touch,
 * the later one wins unless it is empty, as a cursor between `@a` and `>` still belongs to what was typed before it.
 */
export function nodesAt(tree: ExpressionNode, offset: number): ExpressionNode[] {
  const chain: ExpressionNode[] = [];
  let node: ExpressionNode | undefined = contains(tree, offset) ? tree : undefined;
  while (node !== undefined) {
    chain.push(node);
    node = childAt(node, offset);
  }
  return chain;
}

/** The innermost node at an offset; `undefined` outside the tree. */
export function nodeAt(tree: ExpressionNode, offset: number): ExpressionNode | undefined {
  const chain = nodesAt(tree, offset);
  return chain[chain.length - 1];
}

function childAt(node: ExpressionNode, offset: number): ExpressionNode | undefined {
  const candidates = childrenOf(node).filter((child) => contains(child, offset));
  return candidates.find((child) => child.kind !== 'missing') ?? candidates[0];
}

function contains(span: Span, offset: number): boolean {
  return offset >= span.start && offset <= span.end;
}

/** The call whose arguments the offset is in. */
export interface CallContext {
  readonly call: CallNode;
  readonly name: string;
  /** From 0; counts commas, so `Iif(a,` is at 1. */
  readonly argumentIndex: number;
}

/** The path under a cursor, taken apart for completion. */
export interface PathContext extends ContextBase {
  readonly kind: 'path';
  /** What is being typed: a step, or the namespace, name or alias of a join. */
  readonly part: 'step' | 'schema' | 'alias';
  /** Complete steps before the one at the cursor, those of an enclosing path (predicates) first. */
  readonly steps: readonly PathStep[];
  readonly absolute: boolean;
  readonly join: PathJoin | undefined;
  /** The step at the cursor up to the cursor, with its `@`; for `schema`, the schema id so far. */
  readonly prefix: string;
  /** The step or schema id at the cursor, to replace. */
  readonly replaceStart: number;
  readonly replaceEnd: number;
  readonly bracketed: boolean;
  /** The whole path. To add brackets, wrap its span. */
  readonly path: PathNode;
  /** The cast of the macro the path is in (`''` for `$(…)`): it then starts in the caller's context. */
  readonly macro: string | undefined;
}

/** A place for a value where nothing, or a bare word that may still become a field, link, function or literal, is typed. */
export interface OperandContext extends ContextBase {
  readonly kind: 'operand';
  /** Steps of the path whose predicate the cursor is in; a path typed here starts there. Else empty. */
  readonly steps: readonly PathStep[];
  /** A `(` follows what will be replaced: insert a function name without one. */
  readonly beforeParenthesis: boolean;
  readonly prefix: string;
  readonly replaceStart: number;
  readonly replaceEnd: number;
}

export interface StringContext extends ContextBase {
  readonly kind: 'string';
  readonly node: StringNode;
  /** Decoded content up to the cursor. */
  readonly prefix: string;
  /** The content between the quotes. */
  readonly replaceStart: number;
  readonly replaceEnd: number;
}

export interface DateContext extends ContextBase {
  readonly kind: 'date';
  readonly node: DateNode;
  readonly prefix: string;
  readonly replaceStart: number;
  readonly replaceEnd: number;
}

/** After a complete value: an operator is expected. `prefix` holds words typed so far (`NOT L`), else is empty. */
export interface OperatorContext extends ContextBase {
  readonly kind: 'operator';
  /** The value on the left, brackets looked through. */
  readonly operand: ExpressionNode;
  /** The value ends a comparison, as after `@a = 1`: the next one is joined by `AND` or `OR`. */
  readonly isCompared: boolean;
  readonly prefix: string;
  readonly replaceStart: number;
  readonly replaceEnd: number;
}

/** Nothing to offer: numbers, comments, raw SQL, text that is not known. */
export interface NoContext extends ContextBase {
  readonly kind: 'none';
}

interface ContextBase {
  /** The innermost call whose arguments the cursor is in. */
  readonly call: CallContext | undefined;
  /** The other side of the comparison, `LIKE` or `IN` whose operand the cursor is in; brackets looked through. */
  readonly comparedWith: ExpressionNode | undefined;
}

export type ExpressionContext =
  PathContext | OperandContext | StringContext | DateContext | OperatorContext | NoContext;

/**
 * What can be typed at an offset of an expression. Never throws; offsets outside the text are taken as its ends.
 * @param source the text, or the result of parsing it when it is at hand.
 */
export function expressionContext(source: string | ParsedExpression, offset: number): ExpressionContext {
  const parsed = typeof source === 'string' ? parseExpression(source) : source;
  const at = Math.max(0, Math.min(offset, parsed.text.length));
  const chain = nodesAt(parsed.tree, at);
  const base: ContextBase = { call: innermostCall(chain, at), comparedWith: comparedWith(chain, at) };
  const token = tokenAt(parsed.tokens, at);
  switch (token?.kind) {
    case 'number':
    case 'comment':
    case 'sqlData':
    case 'hole':
      return { kind: 'none', ...base };
    case 'string':
      if (isInside(token, at)) return stringContext(chain, at, base, parsed.text);
      break;
    case 'date':
      if (isInside(token, at)) return dateContext(chain, at, base, parsed.text);
      break;
    default:
      break;
  }
  return pathContext(chain, at, base, parsed) ?? wordContext(parsed, chain, at, base);
}

/** The call around an offset, for signature help: inside its brackets, the closing one excluded. */
export function signatureAt(source: string | ParsedExpression, offset: number): CallContext | undefined {
  const parsed = typeof source === 'string' ? parseExpression(source) : source;
  return innermostCall(nodesAt(parsed.tree, offset), offset);
}

function innermostCall(chain: readonly ExpressionNode[], offset: number): CallContext | undefined {
  for (let i = chain.length - 1; i >= 0; i--) {
    const node = chain[i]!;
    if (node.kind !== 'call' || offset <= node.open || (node.closed && offset === node.end)) continue;
    const argumentIndex = node.commas.filter((comma) => comma < offset).length;
    return { call: node, name: node.name, argumentIndex };
  }
  return undefined;
}

function comparedWith(chain: readonly ExpressionNode[], offset: number): ExpressionNode | undefined {
  const last = chain[chain.length - 1];
  if (last?.kind === 'call' && offset > last.open) return undefined;
  const isOnComparison = last?.kind === 'binary' || last?.kind === 'in';
  const parent = isOnComparison ? last : chain[parentIndex(chain, chain.length - 1)];
  if (parent?.kind === 'in') return offset > parent.list.start ? ungroup(parent.operand) : undefined;
  if (parent?.kind !== 'binary' || !isRelation(parent.operator)) return undefined;
  const isRight = offset >= parent.operatorSpan.end;
  if (!isRight && offset > parent.operatorSpan.start) return undefined;
  const other = ungroup(isRight ? parent.left : parent.right);
  return other.kind === 'missing' ? undefined : other;
}

/** Index of the nearest ancestor that is not a pair of brackets. */
function parentIndex(chain: readonly ExpressionNode[], index: number): number {
  let i = index - 1;
  while (i > 0 && chain[i]!.kind === 'group') i--;
  return i;
}

function isRelation(operator: string): boolean {
  return ['=', '==', '!=', '<>', '<', '<=', '>', '>=', 'like', 'not like'].includes(operator);
}

/** The token the cursor is in or right behind; a cursor between two tokens belongs to the earlier if it is a word. */
function tokenAt(tokens: readonly Token[], offset: number): Token | undefined {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.end < offset) low = middle + 1;
    else high = middle;
  }
  const token = tokens[low];
  return token !== undefined && token.kind !== 'end' && token.start < offset ? token : undefined;
}

/** Between the marks of a string or date; without a closing mark the end counts as inside. */
function isInside(token: Token, offset: number): boolean {
  return offset > token.start && (offset < token.end || token.closed === false);
}

function stringContext(
  chain: readonly ExpressionNode[],
  offset: number,
  base: ContextBase,
  text: string,
): ExpressionContext {
  const node = chain[chain.length - 1];
  if (node?.kind !== 'string') return { kind: 'none', ...base };
  const replaceStart = node.start + 1;
  const raw = text.slice(replaceStart, offset);
  return {
    kind: 'string',
    node,
    prefix: raw.replace(/\\([\\'])/g, '$1'),
    replaceStart,
    replaceEnd: node.closed ? node.end - 1 : node.end,
    ...base,
  };
}

function dateContext(
  chain: readonly ExpressionNode[],
  offset: number,
  base: ContextBase,
  text: string,
): ExpressionContext {
  const node = chain[chain.length - 1];
  if (node?.kind !== 'date') return { kind: 'none', ...base };
  const replaceStart = node.start + 1;
  return {
    kind: 'date',
    node,
    prefix: text.slice(replaceStart, offset),
    replaceStart,
    replaceEnd: node.closed ? node.end - 1 : node.end,
    ...base,
  };
}

function pathContext(
  chain: readonly ExpressionNode[],
  offset: number,
  base: ContextBase,
  parsed: ParsedExpression,
): PathContext | undefined {
  const index = chain.length - 1;
  const path = chain[index];
  if (path?.kind !== 'path' || !isTyping(path, offset)) return undefined;
  const parent = chain[index - 1];
  const macro = parent?.kind === 'macro' ? parent.name : undefined;
  const first = path.steps[0];
  const isBareWord =
    !path.bracketed &&
    macro === undefined &&
    path.steps.length === 1 &&
    path.join === undefined &&
    !path.absolute;
  if (isBareWord && first?.kind !== 'attribute') return undefined;

  const outer = enclosingSteps(chain.slice(0, index), offset);
  const outerJoin = outer.path?.join;
  const common = { kind: 'path', bracketed: path.bracketed, path, macro, ...base } as const;
  const joinPart = joinContext(path, offset, parsed.text);
  if (joinPart !== undefined) return { ...common, ...joinPart, steps: [], absolute: false, join: path.join };

  const at = path.steps.findIndex((step) => offset >= step.start && offset <= step.end);
  const step = path.steps[at];
  const before =
    at >= 0 ? path.steps.slice(0, at) : path.steps.filter((candidate) => candidate.end <= offset);
  // In front of the slash, as in `[|/@label]`, the first step is missing: what is typed there begins the path.
  const isAbsolute =
    path.absolute && !(path.bracketed && path.join === undefined && offset === path.start + 1);
  const isOwnStart = isAbsolute || path.join !== undefined || macro !== undefined;
  return {
    ...common,
    part: 'step',
    steps: isOwnStart ? before : [...outer.steps, ...before],
    absolute: isAbsolute || (!isOwnStart && outer.path?.absolute === true),
    join: path.join ?? (isOwnStart ? undefined : outerJoin),
    prefix: step === undefined ? '' : parsed.text.slice(step.start, offset),
    replaceStart: step?.start ?? offset,
    replaceEnd: step?.end ?? offset,
  };
}

/** Inside the brackets, or on a name without brackets. */
function isTyping(path: PathNode, offset: number): boolean {
  if (!path.bracketed) return offset >= path.start && offset <= path.end;
  return offset > path.start && (offset < path.end || !path.closed);
}

function joinContext(
  path: PathNode,
  offset: number,
  text: string,
): Pick<PathContext, 'part' | 'prefix' | 'replaceStart' | 'replaceEnd'> | undefined {
  const { join } = path;
  if (join === undefined) return undefined;
  const part = join.alias !== undefined && contains(join.alias, offset) ? 'alias' : 'schema';
  const span = part === 'alias' ? join.alias! : join.schema;
  if (!contains(span, offset)) return undefined;
  return {
    part,
    prefix: text.slice(span.start, offset),
    replaceStart: span.start,
    replaceEnd: span.end,
  };
}

/** Steps a path inside a predicate starts from: those of the paths around it, up to the filtered step. */
function enclosingSteps(
  chain: readonly ExpressionNode[],
  offset: number,
): { steps: readonly PathStep[]; path: PathNode | undefined } {
  let steps: PathStep[] = [];
  let path: PathNode | undefined;
  for (const node of chain) {
    if (node.kind !== 'path') continue;
    const index = node.steps.findIndex((step) =>
      step.predicates.some((predicate) => contains(predicate, offset)),
    );
    if (index < 0) continue;
    const own = node.steps.slice(0, index + 1);
    const isOwnStart = node.absolute || node.join !== undefined;
    steps = isOwnStart ? own : [...steps, ...own];
    if (path === undefined || isOwnStart) path = node;
  }
  return { steps, path };
}

/** Operand or operator: decided by what stands before the word at the cursor. */
function wordContext(
  parsed: ParsedExpression,
  chain: readonly ExpressionNode[],
  offset: number,
  base: ContextBase,
): ExpressionContext {
  const { tokens, text } = parsed;
  const before = tokens.filter(
    (token) => token.end <= offset && token.kind !== 'end' && token.kind !== 'comment',
  );
  const wordIndex = tokens.findIndex(
    (token) =>
      (token.kind === 'identifier' || token.kind === 'macroOpen') &&
      token.start < offset &&
      token.end >= offset,
  );
  const word = tokens[wordIndex];
  const innermost = chain[chain.length - 1];
  if (word !== undefined && before[before.length - 1] === word) before.pop();
  let replaceStart = word?.start ?? offset;
  const opensMacro = word?.text.endsWith('(') === true;
  const replaceEnd = opensMacro ? word.end - 1 : (word?.end ?? offset);
  // `NOT`, `IS` and `IS NOT` after a value begin an operator of several words.
  let last = before.length - 1;
  let wordsStart = replaceStart;
  while (last >= 0 && isWord(before[last]!, ['not', 'is'])) wordsStart = before[last--]!.start;
  const previous = before[last];
  const afterValue = previous !== undefined && endsOperand(previous);
  if (afterValue) {
    replaceStart = wordsStart;
    const operand = operandBefore(parsed.tree, previous.end);
    return {
      kind: 'operator',
      operand: ungroup(operand),
      isCompared: endsComparison(parsed.tree, previous.end),
      prefix: text.slice(replaceStart, offset),
      replaceStart,
      replaceEnd,
      ...base,
    };
  }
  // `folder-i`: several tokens, one name that lacks its brackets.
  if (innermost?.kind === 'path' && word !== undefined)
    replaceStart = Math.min(replaceStart, innermost.start);
  return {
    kind: 'operand',
    steps: enclosingSteps(chain, offset).steps,
    beforeParenthesis:
      opensMacro ||
      (word === undefined
        ? tokens.some((token) => token.kind === 'open' && token.start === offset)
        : tokens[wordIndex + 1]?.kind === 'open'),
    prefix: word === undefined ? '' : text.slice(replaceStart, offset),
    replaceStart,
    replaceEnd,
    ...base,
  };
}

function isWord(token: Token, words: readonly string[]): boolean {
  return token.kind === 'identifier' && words.includes(token.text.toLowerCase());
}

function endsOperand(token: Token): boolean {
  switch (token.kind) {
    case 'identifier':
      return !operatorWords.has(token.text.toLowerCase());
    case 'attribute':
    case 'number':
    case 'string':
    case 'date':
    case 'close':
    case 'bracketClose':
    case 'pathName':
    case 'dot':
    case 'dotdot':
    case 'hole':
    case 'sqlData':
      return true;
    default:
      return false;
  }
}

/** The largest node that ends at an offset: the value an operator typed there would apply to. */
function operandBefore(tree: ExpressionNode, offset: number): ExpressionNode {
  const ending = nodesAt(tree, offset).filter((node) => node.end === offset && node.start < offset);
  return ending.find((node) => isValue(node)) ?? ending[ending.length - 1] ?? tree;
}

function endsComparison(tree: ExpressionNode, offset: number): boolean {
  return nodesAt(tree, offset).some(
    (node) => node.end === offset && node.start < offset && isComparison(node),
  );
}

function isComparison(node: ExpressionNode): boolean {
  if (node.kind === 'group') {
    const inner = ungroup(node);
    return inner.kind === 'logical' || isComparison(inner);
  }
  if (node.kind === 'binary') return isRelation(node.operator);
  return node.kind === 'in' || node.kind === 'isNull';
}

/** Operators chain onto the value right before them, not onto the comparison it is part of. */
function isValue(node: ExpressionNode): boolean {
  return !['logical', 'binary', 'isNull', 'in', 'unary', 'invalid'].includes(node.kind);
}
