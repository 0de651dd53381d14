import { CompletionItemKind } from 'vscode-languageserver-types';
import { isCollection, isLink, type SchemaNode } from '../../core/schema/schema.ts';

/** How a field, container or link shows in a list of completions. */
export function kindOfNode(node: SchemaNode): CompletionItemKind {
  if (node.kind === 'attribute') return CompletionItemKind.Field;
  if (node.type === undefined) return CompletionItemKind.Module;
  return isLink(node) ? CompletionItemKind.Reference : CompletionItemKind.Field;
}

/** Goes before the name to sort by: fields, then containers, links, collections; what the console hides as advanced last. */
export function rankOfNode(node: SchemaNode): string {
  if (node.advanced) return '5';
  if (node.kind === 'attribute') return '1';
  if (isCollection(node)) return '4';
  return isLink(node) ? '3' : '2';
}
