import type { SchemaFacts } from './schemaFacts.ts';

/** What a page needs to know of the pages beside it. */
export interface PageContext {
  /** What was described, e.g. the name of the connection. */
  modelName: string;
  /** Path without extension of the page of a schema, from the folder of all: `nms/recipient`; none: no page. */
  pagePath(schemaId: string): string | undefined;
}

/** What the index says of one schema: what is kept of it when its pages are written. */
export interface IndexRow {
  id: string;
  label: string;
  table: string;
  location: string;
  fieldCount: number;
  linkCount: number;
}

/** The id of the place of an enumeration in its page; the same in HTML and Markdown. */
export function enumerationAnchor(name: string): string {
  return `enumeration-${name.replace(/[^\w-]/g, '_').toLowerCase()}`;
}

/** The address of a page from the page of another schema; `undefined` when it has none. */
export function pageAddress(context: PageContext, schemaId: string, extension: string): string | undefined {
  const path = context.pagePath(schemaId);
  return path === undefined ? undefined : `../${path}.${extension}`;
}

/** The schema and the name an enumeration reference stands for. */
export function splitEnumeration(facts: SchemaFacts, reference: string): { schemaId: string; name: string } {
  const parts = reference.split(':');
  return parts.length === 3
    ? { schemaId: `${parts[0]!}:${parts[1]!}`, name: parts[2]! }
    : { schemaId: facts.id, name: reference };
}
