import {
  childrenOf,
  type ExpressionNode,
  type PathNode,
  type PathStep,
} from '../../../core/expression/expressionTree.ts';

/** A path of an expression, and what has to be followed to know where it leads. */
export interface PlacedPath {
  path: PathNode;
  /** The path with the steps it starts from: those of the path whose predicate it is in. */
  whole: PathNode;
  /** How many steps of `whole` come before the path's own. */
  skippedSteps: number;
}

/** The paths of an expression in text order, those of predicates included; paths of macros start where nobody knows. */
export function placedPaths(tree: ExpressionNode): PlacedPath[] {
  const found: PlacedPath[] = [];
  const collect = (node: ExpressionNode, outer: PathNode | undefined): void => {
    if (node.kind === 'macro') return;
    if (node.kind !== 'path') {
      for (const child of childrenOf(node)) collect(child, outer);
      return;
    }
    const placed = place(node, outer);
    found.push(placed);
    node.steps.forEach((step, index) => {
      const base = cut(placed.whole, placed.skippedSteps + index + 1);
      for (const predicate of step.predicates) collect(predicate.test, base);
    });
  };
  collect(tree, undefined);
  return found;
}

/** The same for one path of an expression, found by identity. */
export function placedPath(tree: ExpressionNode, path: PathNode): PlacedPath | undefined {
  return placedPaths(tree).find((placed) => placed.path === path);
}

/** The path up to and including one of its own steps, as it can be followed. */
export function upToStep({ whole, skippedSteps }: PlacedPath, stepIndex: number): PathNode {
  return cut(whole, skippedSteps + stepIndex + 1);
}

function place(path: PathNode, outer: PathNode | undefined): PlacedPath {
  const isOwnStart = path.absolute || path.join !== undefined;
  if (outer === undefined || isOwnStart) return { path, whole: path, skippedSteps: 0 };
  const steps: PathStep[] = [...outer.steps, ...path.steps];
  const whole = { ...outer, steps, hasHole: outer.hasHole || path.hasHole };
  return { path, whole, skippedSteps: outer.steps.length };
}

function cut(path: PathNode, stepCount: number): PathNode {
  return { ...path, steps: path.steps.slice(0, stepCount) };
}
