import { toExpressionText } from '../../core/schema/insertionText.ts';
import type { TreeNode } from './treeNodes.ts';

/** What "copy" and dragging give for a node: the name code uses. */
export function toPlainText(node: TreeNode): string {
  switch (node.kind) {
    case 'connection':
      return node.settings.url;
    case 'model':
      return '';
    case 'folder':
      return node.path;
    case 'namespace':
      return node.namespace;
    case 'schema':
      return node.schemaId;
    case 'group':
      return node.children.map(toPlainText).join('\n');
    case 'field':
      return node.xpath;
    case 'key':
      return node.description.xpaths.join(', ');
    case 'enumeration':
      return node.description.name;
    case 'value':
      return node.value.value;
    case 'method':
      return `${node.schemaId}#${node.description.name}`;
    case 'error':
      return node.message;
  }
}

/** What is put at the cursor: an xpath as an expression takes it, in brackets where it has to be. */
export function toInsertion(node: TreeNode): string {
  const text = toPlainText(node);
  return node.kind === 'field' ? toExpressionText(text) : text;
}
