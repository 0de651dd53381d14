import type { Schema, SchemaSource } from '../schema.ts';
import { indexHtml, schemaHtml } from './htmlPages.ts';
import { indexMarkdown, schemaMarkdown } from './markdownPages.ts';
import type { IndexRow, PageContext } from './pages.ts';
import { locationText, schemaFacts } from './schemaFacts.ts';

/** A file of the description; paths have `/` and start at its folder. */
export interface DescriptionFile {
  path: string;
  text: string;
}

/** The pages of one schema, and what the index keeps of it. */
export interface SchemaPages {
  files: DescriptionFile[];
  row: IndexRow;
}

/**
 * Describes one schema, as HTML and as Markdown. Schemas are described one by one, so that a model of any size needs no
 * more memory than its index.
 * @param stagedSchemaId the schema this one is the staging twin of.
 * @param source has the schemas of `referencedSchemaIds`; without it their fields are not shown.
 * @returns `undefined` when the context has no page for the schema.
 */
export function describeSchemaPages(
  schema: Schema,
  context: PageContext,
  stagedSchemaId?: string,
  source?: SchemaSource,
): SchemaPages | undefined {
  const path = context.pagePath(schema.id);
  if (path === undefined) return undefined;
  const facts = schemaFacts(schema, stagedSchemaId, source);
  return {
    files: [
      { path: `${path}.html`, text: schemaHtml(facts, context) },
      { path: `${path}.md`, text: schemaMarkdown(facts, context) },
    ],
    row: {
      id: facts.id,
      label: facts.label,
      table: facts.table,
      location: locationText(facts.location),
      fieldCount: facts.fields.length,
      linkCount: facts.links.length,
    },
  };
}

/** The pages that lead to all others. */
export function describeIndexPages(rows: readonly IndexRow[], context: PageContext): DescriptionFile[] {
  return [
    { path: 'index.html', text: indexHtml(rows, context) },
    { path: 'README.md', text: indexMarkdown(rows, context) },
  ];
}
