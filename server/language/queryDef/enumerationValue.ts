import { ungroup, type ExpressionNode } from '../../../core/expression/expressionTree.ts';
import type { Enumeration, EnumerationValue, SchemaNode } from '../../../core/schema/schema.ts';
import type { LanguageModel } from '../model.ts';
import { escapeMarkdown, findEnumeration } from './fieldDocumentation.ts';
import { resolveQueryPath, type Scope } from './queryScope.ts';

/** A literal that stands for a value of an enumeration field. */
export interface ComparedValue {
  field: SchemaNode;
  enumeration: Enumeration;
  /** The schema that declares the enumeration. */
  schemaId: string;
  /** `undefined` when the enumeration has no such value. */
  value: EnumerationValue | undefined;
  /** In words, as Markdown. */
  text: string;
}

const equalities: ReadonlySet<string> = new Set(['=', '==', '!=', '<>']);

/** The field a literal is compared with: the other side of `=` and `!=`, or what `IN` looks for. */
export function comparedField(
  model: LanguageModel,
  scope: Scope,
  literal: ExpressionNode,
  parent: ExpressionNode | undefined,
): SchemaNode | undefined {
  let other: ExpressionNode | undefined;
  if (parent?.kind === 'binary' && equalities.has(parent.operator)) {
    other = ungroup(parent.left) === literal ? parent.right : parent.left;
  } else if (parent?.kind === 'in' && ungroup(parent.operand) !== literal) other = parent.operand;
  if (other === undefined) return undefined;
  const path = ungroup(other);
  if (path.kind !== 'path') return undefined;
  const result = resolveQueryPath(model, scope, path);
  return result.kind === 'found' ? result.node : undefined;
}

/** What is written in a string or a number, as an enumeration stores it; `undefined` for anything else. */
export function literalText(node: ExpressionNode): string | undefined {
  if (node.kind === 'string') return node.hasHole ? undefined : node.value;
  if (node.kind === 'number') return node.raw;
  return undefined;
}

/** The enumeration value a literal stands for; `chain` ends with the literal, outermost node first. */
export function enumerationValueAt(
  model: LanguageModel,
  scope: Scope,
  chain: readonly ExpressionNode[],
): ComparedValue | undefined {
  const literal = chain.at(-1);
  const written = literal === undefined ? undefined : literalText(literal);
  if (literal === undefined || written === undefined) return undefined;
  const parent = chain.slice(0, -1).findLast((node) => node.kind !== 'group');
  const field = comparedField(model, scope, literal, parent);
  const found = field === undefined ? undefined : findEnumeration(model, field);
  if (field === undefined || found === undefined) return undefined;
  const { enumeration, schemaId } = found;
  const value = enumeration.values.find((candidate) => candidate.value === written);
  const text =
    value === undefined
      ? `\`${written}\` is not a value of \`${enumeration.name}\``
      : `**\`${value.value}\`** ${escapeMarkdown(value.label)}${value.name === value.value ? '' : ` (\`${value.name}\`)`} · value of \`${enumeration.name}\``;
  return { field, enumeration, schemaId, value, text };
}
