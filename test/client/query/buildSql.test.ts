import { expect, test } from 'vitest';
import { buildSql } from '../../../client/query/buildSql.ts';
import type { SoapCall } from '../../../core/soap/soapClient.ts';

test('the query is sent to be built, not to be run, and its SQL comes back', async () => {
  const calls: SoapCall[] = [];
  const soap = {
    call: (call: SoapCall) => {
      calls.push(call);
      return Promise.resolve([{ name: 'pstrSql', type: 'string', value: ' SELECT 1 ' } as const]);
    },
  };
  expect(await buildSql(soap, '<queryDef schema="a:b"/>')).toBe('SELECT 1\n');
  expect(calls).toEqual([
    {
      urn: 'xtk:queryDef',
      method: 'BuildQuery',
      parameters: [{ name: 'entity', type: 'element', value: '<queryDef schema="a:b"/>' }],
    },
  ]);
});
