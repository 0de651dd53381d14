import { expect, test } from 'vitest';
import { proxyFor, resolveNetworkSettings } from '../../../client/connection/networkSettings.ts';

function checkProxy(
  url: string,
  http: Parameters<typeof resolveNetworkSettings>[0],
  environment: Record<string, string>,
  expected: string | undefined,
): void {
  expect(proxyFor(url, resolveNetworkSettings(http, environment))).toBe(expected);
}

const url = 'https://acme.campaign.adobe.com';

test('without settings and environment there is no proxy', () => checkProxy(url, {}, {}, undefined));
test('the setting goes before the environment', () =>
  checkProxy(url, { proxy: 'http://p:1' }, { HTTPS_PROXY: 'http://e:2' }, 'http://p:1'));
test('an empty setting leaves it to the environment', () =>
  checkProxy(url, { proxy: '' }, { https_proxy: 'e:2' }, 'http://e:2'));
test('proxySupport off means none', () =>
  checkProxy(url, { proxy: 'http://p:1', proxySupport: 'off' }, { HTTPS_PROXY: 'http://e:2' }, undefined));
test('this computer is always reached directly', () => {
  for (const local of ['http://localhost:8080', 'http://127.0.0.1:1', 'http://[::1]:8080'])
    checkProxy(local, { proxy: 'http://p:1' }, {}, undefined);
});
test.each([
  ['*', undefined],
  ['adobe.com', undefined],
  ['.adobe.com', undefined],
  ['*.adobe.com', undefined],
  ['acme.campaign.adobe.com:443', undefined],
  ['acme.campaign.adobe.com:8080', 'http://p:1'],
  ['dobe.com', 'http://p:1'],
  ['other.com', 'http://p:1'],
] as const)('exception %s', (entry, expected) => {
  checkProxy(url, { proxy: 'http://p:1', noProxy: [entry] }, {}, expected);
  checkProxy(url, { proxy: 'http://p:1' }, { NO_PROXY: `localhost, ${entry}` }, expected);
});
