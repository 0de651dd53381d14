import type { ExpressionNode, PathStep } from '../../../core/expression/expressionTree.ts';

/** A tree as one line of text, without offsets: `(and (= @a 1) (like [b/@c] 'x%'))`. */
export function describeTree(node: ExpressionNode): string {
  const list = (...parts: string[]): string => `(${parts.filter((part) => part !== '').join(' ')})`;
  switch (node.kind) {
    case 'path': {
      const join = node.join ? `${node.join.schema.text}|${node.join.alias?.text ?? ''}|` : '';
      const root = node.absolute && node.steps.length === 0 ? '/' : '';
      const text = join + root + node.steps.map(describeStep).join('');
      return node.bracketed ? `[${text}]` : text;
    }
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.raw;
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
    case 'date':
      return `#${node.value}#`;
    case 'unary':
      return list(node.operator === '-' ? 'neg' : 'not', describeTree(node.operand));
    case 'binary':
      return list(node.operator, describeTree(node.left), describeTree(node.right));
    case 'logical':
      return list(node.operator, ...node.operands.map(describeTree));
    case 'isNull':
      return list(node.negated ? 'is not null' : 'is null', describeTree(node.operand));
    case 'in':
      return list(
        node.negated ? 'not in' : 'in',
        describeTree(node.operand),
        ...node.values.map(describeTree),
      );
    case 'call':
      return list(`${node.name}()`, ...node.args.map(describeTree));
    case 'macro':
      return list(`$${node.name}`, node.path ? describeTree(node.path) : '');
    case 'sqlData':
      return list('sql', node.sql);
    case 'group':
      return list('group', describeTree(node.inner));
    case 'invalid':
      return list('invalid', ...node.children.map(describeTree));
    case 'hole':
      return 'hole';
    case 'missing':
      return 'missing';
  }
}

function describeStep(step: PathStep): string {
  const predicates = step.predicates.map((predicate) => `[${describeTree(predicate.test)}]`).join('');
  return `${step.separator}${step.kind === 'attribute' ? '@' : ''}${step.name}${predicates}`;
}
