import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types';
import type { SchemaListEntry } from '../../../core/protocol/messages.ts';
import { splitSchemaId } from '../../../core/schema/schema.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { QueryContext } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';

/** A page of suggestions; `isIncomplete` when typing on would bring others. */
export interface SchemaSuggestions {
  items: CompletionItem[];
  isIncomplete: boolean;
}

/** The part of a feature's context that suggesting schemas needs. */
export type SuggestionContext = Pick<QueryContext, 'model' | 'document'>;

/** Namespaces Adobe keeps for itself; what a project works with most is in the others. */
const builtInNamespaces: ReadonlySet<string> = new Set([
  'xtk',
  'nl',
  'nms',
  'ncm',
  'ncl',
  'temp',
  'crm',
  'xxl',
  'sfdc',
  'acx',
  'adb',
]);

/** More than this nobody scrolls; the rest comes while typing. */
const pageSize = 300;

/**
 * Schema ids that match what is typed, by id or by label, the project's own namespaces first.
 * @param typed text before the cursor; @param suffix added to the inserted id.
 */
export function completeSchemaIds(
  context: SuggestionContext,
  typed: string,
  replace: TextRange,
  quote: (text: string) => string = (text) => text,
): SchemaSuggestions {
  const schemas = context.model.listSchemas() ?? [];
  const wanted = typed.toLowerCase();
  const matches = schemas.filter((schema) => matchesSchema(schema, wanted));
  const items = matches
    .map((schema) => ({ schema, sortText: `${rank(schema.id)}${schema.id}` }))
    .sort((a, b) => (a.sortText < b.sortText ? -1 : 1))
    .slice(0, pageSize)
    .map(({ schema, sortText }) => toItem(context, schema, sortText, replace, quote));
  return { items, isIncomplete: matches.length > pageSize };
}

function matchesSchema(schema: SchemaListEntry, wanted: string): boolean {
  return isSubsequence(wanted, schema.id.toLowerCase()) || schema.label.toLowerCase().includes(wanted);
}

/** As editors match: every typed character, in order, with anything between. */
function isSubsequence(wanted: string, text: string): boolean {
  let at = 0;
  for (const character of wanted) {
    at = text.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function rank(schemaId: string): string {
  return builtInNamespaces.has(splitSchemaId(schemaId).namespace) ? '1' : '0';
}

function toItem(
  context: SuggestionContext,
  schema: SchemaListEntry,
  sortText: string,
  replace: TextRange,
  quote: (text: string) => string,
): CompletionItem {
  return {
    label: schema.id,
    labelDetails: { description: schema.label },
    kind: CompletionItemKind.Class,
    filterText: `${schema.id} ${schema.label}`,
    sortText,
    textEdit: { range: toLspRange(context, replace), newText: quote(schema.id) },
    data: { kind: 'schema', schemaId: schema.id },
  };
}
