import { resultColumns } from '../../core/queryDef/resultColumns.ts';
import { toQueryDef, type QueryDef } from '../../core/queryDef/queryDef.ts';
import { escapeXmlAttribute, escapeXmlText } from '../../core/xml/entities.ts';
import { parseXml } from '../../core/xml/parseXml.ts';

/** A JavaScript expression inside a literal, as `campaign/queryAt` reports it; offsets include the braces. */
export interface Hole {
  readonly source: string;
  readonly attribute?: string;
  readonly start: number;
  readonly end: number;
}

/** A query ready to be sent. */
export interface PreparedQuery {
  readonly xml: string;
  readonly query: QueryDef;
  readonly schemaId: string;
  /** Most rows to fetch; `undefined` for operations that give no list. */
  readonly limit: number | undefined;
  /** The limit is the query's own `lineCount`: who wrote it wants that many rows. */
  readonly isOwnLimit: boolean;
  /** Cells the query asks for, as the SOAP client names them, in the order written. */
  readonly columns: readonly string[];
}

/** Puts values in the place of embedded expressions, as text: quotes and markup in them stay what they are. */
export function fillHoles(xml: string, holes: readonly Hole[], values: readonly string[]): string {
  let filled = xml;
  for (let i = holes.length - 1; i >= 0; i--) {
    const { attribute, start, end } = holes[i]!;
    const value = values[i] ?? '';
    const text =
      attribute === undefined
        ? escapeXmlText(value)
        : // In E4X the braces stand where the quotes would: attribute={value}.
          /=\s*$/.test(xml.slice(0, start))
          ? `"${escapeXmlAttribute(value)}"`
          : escapeXmlAttribute(value);
    filled = filled.slice(0, start) + text + filled.slice(end);
  }
  return filled;
}

/**
 * Checks a queryDef and gives it a limit when it has none: without one the instance applies a silent limit of its own.
 * @param limitOverride replaces the query's own limit.
 * @returns a sentence when the text cannot be sent.
 */
export function prepareQuery(
  xml: string,
  defaultLimit: number,
  limitOverride?: number,
): PreparedQuery | { readonly problem: string } {
  const document = parseXml(xml);
  const problem = document.problems[0];
  if (document.root === undefined) return { problem: 'There is no queryDef element to run.' };
  if (problem !== undefined) {
    const line = xml.slice(0, problem.start).split('\n').length;
    return { problem: `The queryDef is not complete XML (line ${line} of the query: ${problem.message})` };
  }
  const query = toQueryDef(document.root);
  if (query.schemaId === undefined || query.schemaId.trim() === '') {
    return { problem: 'The queryDef names no schema: add schema="namespace:name".' };
  }
  const columns = resultColumns(query).flatMap(({ path, columns: inner }) =>
    path === undefined || inner.length > 0 || !path.at(-1)!.startsWith('@') ? [] : [path.join('/')],
  );
  const base = {
    schemaId: query.schemaId,
    columns: [...new Set(columns)],
    isOwnLimit: query.lineCount !== undefined && (limitOverride ?? query.lineCount) === query.lineCount,
  };
  if (query.operation !== 'select') return { ...base, xml, query, limit: undefined };
  const limit = limitOverride ?? query.lineCount ?? defaultLimit;
  if (limit === query.lineCount) return { ...base, xml, query, limit };
  const limited = setAttribute(xml, query, 'lineCount', String(limit));
  return { ...base, xml: limited, query: toQueryDef(parseXml(limited).root!), limit };
}

/** The text of a query with an attribute of its root set, or put in. */
export function setAttribute(xml: string, { element }: QueryDef, name: string, value: string): string {
  const existing = element.attributes.find((attribute) => attribute.name === name);
  return existing === undefined
    ? `${xml.slice(0, element.nameEnd)} ${name}="${value}"${xml.slice(element.nameEnd)}`
    : `${xml.slice(0, existing.start)}${name}="${value}"${xml.slice(existing.end)}`;
}
