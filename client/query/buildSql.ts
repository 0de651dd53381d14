import type { SoapClient } from '../../core/soap/soapClient.ts';

/**
 * The SQL an instance makes of a query, which is not run. Rejects with `CampaignError`: a hardened server does not show SQL to
 * everybody. Source: campaign notes on `xtk:queryDef`, `BuildQuery`.
 */
export async function buildSql(soap: Pick<SoapClient, 'call'>, queryDefXml: string): Promise<string> {
  const outputs = await soap.call({
    urn: 'xtk:queryDef',
    method: 'BuildQuery',
    parameters: [{ name: 'entity', type: 'element', value: queryDefXml }],
  });
  const sql = outputs.find(({ type }) => type === 'string')?.value ?? outputs[0]?.value ?? '';
  return `${String(sql).trim()}\n`;
}
