import { expect, test } from 'vitest';
import { toLine } from '../../../client/communicationLog/callText.ts';
import { toStatusText } from '../../../client/connectionUi/statusText.ts';
import type { ConnectionSettings, Tier } from '../../../client/connection/connectionSettings.ts';
import type { ConnectionState } from '../../../client/connection/connections.ts';
import type { SoapFigures } from '../../../core/soap/soapClient.ts';

const idle: SoapFigures = {
  requestCount: 0,
  callCount: 0,
  failedCount: 0,
  retryCount: 0,
  throttledCount: 0,
  logonCount: 0,
  sentBytes: 0,
  receivedBytes: 0,
  waitingCount: 0,
  activeCount: 0,
  allowedPerSecond: 5,
  sentPerSecond: 0,
  held: false,
};

interface Situation {
  tier?: Tier;
  state?: ConnectionState;
  figures?: Partial<SoapFigures>;
  isReadOnly?: boolean;
}

function status({ tier = 'development', state = 'connected', figures, isReadOnly = false }: Situation) {
  const settings: ConnectionSettings = {
    id: 'a',
    name: 'Acme',
    url: 'https://acme.example',
    signIn: 'password',
    tier,
  };
  return toStatusText(settings, state, { ...idle, ...figures }, isReadOnly, 1000);
}

test.each<[string, Situation, string]>([
  ['connected', {}, '$(vm-active) Acme · Dev'],
  ['not connected', { state: 'disconnected' }, '$(vm-outline) Acme · Dev: not connected'],
  ['connecting', { state: 'connecting' }, '$(loading~spin) Acme · Dev: connecting…'],
  ['busy', { figures: { activeCount: 1 } }, '$(sync~spin) Acme · Dev'],
  ['queueing', { figures: { activeCount: 4, waitingCount: 7 } }, '$(sync~spin) Acme · Dev: busy, 7 waiting'],
  ['told to wait', { figures: { pausedUntil: 4200 } }, '$(watch) Acme · Dev: asked to wait 4 s'],
  ['the wait is over', { figures: { pausedUntil: 900 } }, '$(vm-active) Acme · Dev'],
  ['held', { figures: { held: true } }, '$(debug-pause) Acme · Dev: paused'],
  ['production', { tier: 'production', isReadOnly: true }, '$(vm-active) Acme · Production'],
  ['production open', { tier: 'production' }, '$(vm-active) Acme · Production, writable'],
])('the status bar shows: %s', (_name, situation, text) => {
  expect(status(situation).text).toBe(text);
});

test('production stands out, and more so while it can be written to', () => {
  expect(status({}).background).toBeUndefined();
  expect(status({ tier: 'production', isReadOnly: true }).background).toBe('statusBarItem.warningBackground');
  expect(status({ tier: 'production' }).background).toBe('statusBarItem.errorBackground');
});

test('a screen reader hears words, no icons', () => {
  expect(status({ tier: 'production', isReadOnly: true }).spoken).toBe(
    'Campaign: Acme, Production, read-only, connected',
  );
});

test('the tooltip has the figures of the throttle once there are any', () => {
  expect(status({}).tooltip).toHaveLength(2);
  const { tooltip } = status({
    figures: {
      requestCount: 120,
      sentPerSecond: 4.26,
      allowedPerSecond: 18.4,
      activeCount: 3,
      waitingCount: 12,
      throttledCount: 2,
      lastThrottledAt: -89_000,
      retryCount: 3,
    },
  });
  expect(tooltip.slice(2)).toEqual([
    '120 requests, 3 retries',
    '4.3/s of 18/s allowed, 3 under way, 12 waiting',
    '2 times told to slow down, last 2 min ago',
  ]);
  expect(status({ figures: { requestCount: 1 } }).tooltip).toHaveLength(4);
});

test('the tooltip tells how old the data model is', () => {
  const settings: ConnectionSettings = {
    id: 'a',
    name: 'Acme',
    url: 'https://acme.example',
    signIn: 'password',
    tier: 'test',
  };
  const now = 3 * 3_600_000;
  const { tooltip } = toStatusText(settings, 'disconnected', idle, false, now, {
    schemaCount: 212,
    checkedAt: 3_600_000,
  });
  expect(tooltip).toContain('Data model: 212 schemas, checked 2 h ago');
});

test('a call is one line of the log', () => {
  const entry = {
    id: 1,
    sentAt: 0,
    httpMethod: 'POST',
    url: 'https://acme.example/nl/jsp/soaprouter.jsp',
    priority: 'interactive',
    action: 'xtk:queryDef#ExecuteQuery',
    attempt: 2,
    waitedMs: 120.4,
    durationMs: 56.7,
    status: 200,
    sentBytes: 700,
    receivedBytes: 26_100,
    result: 'fault',
    campaignCode: 'XTK-170036',
  } as const;
  expect(toLine(entry)).toBe(
    'xtk:queryDef#ExecuteQuery 200 fault XTK-170036, 57 ms, waited 120 ms, attempt 2, 700 B sent, 26.1 kB received',
  );
});
