import { expect, test } from 'vitest';
import { methodAccess, readMethods } from '../../../core/soap/methodAccess.ts';
import type { SoapValue } from '../../../core/soap/soapValue.ts';
import { createFakeClient, finish, responseOf } from './fakes.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';

function accessOf(action: string, ...values: SoapValue[]): string {
  const [urn, method] = action.split('#');
  return methodAccess({
    urn: urn!,
    method: method!,
    parameters: values.map((value) => ({
      name: 'p',
      type: typeof value === 'boolean' ? 'boolean' : 'element',
      value,
    })),
  });
}

test.each([
  'xtk:persist#Write',
  'xtk:persist#WriteCollection',
  'xtk:persist#Ingest',
  'xtk:persist#IngestExt',
  'xtk:persist#DeleteCollection',
  'xtk:persist|nms:delivery#NewInstance',
  'xtk:queryDef#Update',
  'xtk:builder#EvaluateJavaScript',
  'xtk:builder#ExecSql',
  'xtk:workflow#Start',
  'nms:delivery#SubmitDelivery',
  'cus:anything#GetLikeName',
  'cus:queryDef#ExecuteQuery',
])('%s counts as writing', (action) => expect(accessOf(action)).toBe('write'));

test.each(['xtk:persist|nms:delivery#Load', 'xtk:session#GetOption', 'xtk:queryDef#BuildQuery'])(
  '%s counts as reading',
  (action) => expect(accessOf(action)).toBe('read'),
);

test.each([
  ['<queryDef/>', 'read'],
  ['<queryDef operation="select"/>', 'read'],
  ["<?xml version='1.0'?><!-- --><queryDef operation='count'/>", 'read'],
  ['<queryDef operation="update"/>', 'write'],
  ['<queryDef operation="delete"/>', 'write'],
  ['<queryDef x:operation="delete"/>', 'write'],
  ['<queryDef operation="get" ', 'write'],
  ['', 'write'],
])('a query %j counts as %s', (xml, access) =>
  expect(accessOf('xtk:queryDef#ExecuteQuery', xml)).toBe(access),
);

test('a compilation reads when it is told not to save', () => {
  expect(accessOf('xtk:builder#BuildOutputSchema', '<srcSchema/>', false)).toBe('read');
  expect(accessOf('xtk:builder#BuildOutputSchema', '<srcSchema/>', true)).toBe('write');
  expect(accessOf('xtk:builder#BuildOutputSchema', '<srcSchema/>')).toBe('write');
});

test('no method that is known to change something is on the list', () => {
  const suspicious = readMethods.filter((action) =>
    /#(?:Write|Update|Delete|Remove|Store|Ingest|Start|Stop|Kill|Submit|Send|Exec|Install|Evaluate(?!Expr)|Create|Set(?!Default)|Change)/.test(
      action,
    ),
  );
  // ExecuteQuery is judged by its operation.
  expect(suspicious).toEqual(['xtk:queryDef#ExecuteQuery']);
});

test('a write that still waits when the permission ends is not sent', async () => {
  const { client, transport, clock } = createFakeClient(() => ({ body: responseOf('Write') }), {
    readOnly: true,
  });
  await finish(clock, client.logon());
  expect(client.isReadOnly).toBe(true);
  client.allowWrites(10_000);
  expect(client.writesAllowedUntil).toBe(clock.time + 10_000);
  client.pause();
  const waiting = client.write('<a xtkschema="cus:a"/>').catch((reason: unknown) => reason);
  await clock.advance(11_000);
  client.resume();
  const error = await finish(clock, waiting);
  expect(error).toBeInstanceOf(CampaignError);
  expect((error as CampaignError).message).toBe(
    'xtk:persist#Write would change the instance, and this connection is read-only. Allow writing for a time (Campaign: Allow Writing to Production…) if you mean to.',
  );
  expect((error as CampaignError).outcome).toBe('notSent');
  expect(transport.actions).toEqual(['xtk:session#Logon']);
  expect(client.writesAllowedUntil).toBeUndefined();
});
