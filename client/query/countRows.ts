import { toQueryDef } from '../../core/queryDef/queryDef.ts';
import type { SoapClient } from '../../core/soap/soapClient.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import type { TextRange } from '../../core/xml/xmlTree.ts';
import { setAttribute, type PreparedQuery } from './prepareQuery.ts';

/** A query's text as one that counts what it finds: no order and no part of the rows, which say nothing of how many. */
export function toCountQuery({ xml }: Pick<PreparedQuery, 'xml'>): string {
  const { root } = parseXml(xml);
  if (root === undefined) return xml;
  const isDropped = (name: string): boolean => name === 'lineCount' || name === 'startLine';
  const dropped: TextRange[] = [
    ...root.attributes.filter(({ name }) => isDropped(name)),
    ...root.children.filter((child) => child.kind === 'element' && child.name === 'orderBy'),
  ].sort((left, right) => right.start - left.start);
  let text = xml;
  for (const { start, end } of dropped) text = text.slice(0, start).trimEnd() + text.slice(end);
  return setAttribute(text, toQueryDef(parseXml(text).root!), 'operation', 'count');
}

/**
 * How many rows a query finds, without fetching them. Rejects with `CampaignError`.
 * Source: Campaign documentation of queryDef: `operation="count"` answers with the attribute `count`.
 */
export async function countRows(
  soap: Pick<SoapClient, 'executeQuery'>,
  prepared: Pick<PreparedQuery, 'xml'>,
  signal: AbortSignal,
): Promise<number> {
  const batches = soap.executeQuery(toCountQuery(prepared), { columns: ['@count'], signal });
  for await (const { columns, rows } of batches) {
    const count = Number(rows[0]?.[columns.indexOf('@count')]);
    if (Number.isInteger(count)) return count;
  }
  throw new Error('The instance did not say how many rows there are.');
}
