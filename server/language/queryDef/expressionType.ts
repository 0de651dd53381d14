import type { ExpressionNode } from '../../../core/expression/expressionTree.ts';
import { inferTypes } from '../../../core/expression/inferType.ts';
import type { LanguageModel } from '../model.ts';
import { resolveQueryPath, type Scope } from './queryScope.ts';

/** XTK type of the value of an expression, as far as the model tells; `unknown` when it does not. */
export function expressionType(model: LanguageModel, scope: Scope, node: ExpressionNode): string {
  return inferTypes(node, {
    resolve: (path) => {
      const result = resolveQueryPath(model, scope, path);
      return result.kind === 'found' ? { type: result.node.type } : undefined;
    },
  }).type;
}
