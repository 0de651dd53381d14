import { meantValue } from '../../../core/expression/enumerationWords.ts';
import type { ExpressionNode, PathNode } from '../../../core/expression/expressionTree.ts';
import { quoteXtk } from '../../../core/expression/literals.ts';
import { nodesAt } from '../../../core/expression/nodeAt.ts';
import { typeFamily } from '../../../core/expression/typeFamily.ts';
import { stepOf } from '../../../core/schema/schema.ts';
import { closestName } from '../closestName.ts';
import type { LanguageModel } from '../model.ts';
import { comparedField } from './enumerationValue.ts';
import { enumerationOf } from './fieldDocumentation.ts';
import type { Scope } from './queryScope.ts';

/** What a bare word was probably meant to be. */
interface MeantLiteral {
  /** As it is written in an expression. */
  literal: string;
  hint: string;
}

/**
 * A bare word that is no field, compared with a field whose value it can be: the name or label of a value of its
 * enumeration, or text without its quotes. `undefined` when a field of nearly that name is a likelier reading.
 */
export function unquotedValue(
  model: LanguageModel,
  scope: Scope,
  tree: ExpressionNode,
  path: PathNode,
): MeantLiteral | undefined {
  const [word, ...more] = path.steps;
  const isWord = word?.kind === 'element' && more.length === 0 && !path.bracketed && !path.absolute;
  if (!isWord || path.join !== undefined || word.predicates.length > 0) return undefined;
  const parent = nodesAt(tree, path.start).findLast(
    (node) => node !== path && node.kind !== 'group' && node.end >= path.end,
  );
  const field = comparedField(model, scope, path, parent);
  if (field === undefined) return undefined;
  const value = meantValue(word.name, enumerationOf(model, field)?.values ?? []);
  const isText = typeFamily(field.type ?? '') === 'text';
  if (value !== undefined) {
    const literal = isText ? quoteXtk(value.value) : value.value;
    return { literal, hint: `Compare with ${literal}, the value of ${value.name}.` };
  }
  const names = [...(scope.element?.attributes.values() ?? []), ...(scope.element?.elements.values() ?? [])];
  if (!isText || closestName(word.name, names.map(stepOf)) !== undefined) return undefined;
  const literal = quoteXtk(word.name);
  return { literal, hint: `Text is written in quotes: ${literal}.` };
}
