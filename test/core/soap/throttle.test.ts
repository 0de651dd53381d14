import { expect, test } from 'vitest';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import type { Priority, SoapClient } from '../../../core/soap/soapClient.ts';
import { parseRetryAfter, Throttle, type Slot } from '../../../core/soap/throttle.ts';
import { createFakeClient, FakeClock, finish, responseOf, settle, type Answer } from './fakes.ts';

const testCnx = { urn: 'xtk:session', method: 'TestCnx' } as const;
const ok: Answer = { body: responseOf('TestCnx') };

/** Admits so many requests in any second that ends now. */
function createSlidingLimit(perSecond: number): (now: number) => boolean {
  let admitted: number[] = [];
  return (now) => {
    admitted = admitted.filter((at) => at > now - 1000);
    if (admitted.length >= perSecond) return false;
    admitted.push(now);
    return true;
  };
}

/** Admits so many requests in each second of the clock. */
function createFixedLimit(perSecond: number): (now: number) => boolean {
  let second = -1;
  let count = 0;
  return (now) => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      count = 0;
    }
    return ++count <= perSecond;
  };
}

/** A bucket that holds one second's worth. */
function createBucketLimit(perSecond: number): (now: number) => boolean {
  let tokens = perSecond;
  let last = 0;
  return (now) => {
    tokens = Math.min(perSecond, tokens + ((now - last) / 1000) * perSecond);
    last = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}

interface Load {
  accepted: number;
  refused: number;
  lost: number;
  perSecondLately: number;
  found: number | undefined;
}

/** Keeps the client busy for some seconds, as a push does, against a server with a limit. */
async function runLoad(options: {
  limit: (now: number) => boolean;
  requestsPerSecond?: number;
  foundPerSecond?: number | undefined;
  seconds: number;
  latencyMs?: number;
  concurrency?: number;
  refusal?: Answer;
}): Promise<Load> {
  const load: Load = { accepted: 0, refused: 0, lost: 0, perSecondLately: 0, found: undefined };
  let late = 0;
  const latencyMs = options.latencyMs ?? 40;
  const { client, clock } = createFakeClient(
    () => {
      if (options.limit(clock.time)) {
        load.accepted++;
        if (clock.time > endsAt - 10_000) late++;
        return { ...ok, delayMs: latencyMs };
      }
      load.refused++;
      return { status: 429, ...options.refusal, delayMs: latencyMs };
    },
    {
      requestsPerSecond: options.requestsPerSecond,
      foundPerSecond: options.foundPerSecond,
      concurrency: options.concurrency ?? 8,
    },
  );
  await finish(clock, client.logon());
  const endsAt = clock.time + options.seconds * 1000;
  const worker = async (): Promise<void> => {
    while (clock.time < endsAt) {
      try {
        await client.call(testCnx, { priority: 'push' });
      } catch {
        load.lost++;
      }
    }
  };
  const workers = Promise.all(Array.from({ length: 20 }, worker));
  await finish(clock, workers);
  load.perSecondLately = late / 10;
  load.found = client.figures.foundPerSecond;
  return load;
}

const limits = [
  ['a sliding second', createSlidingLimit],
  ['seconds of the clock', createFixedLimit],
  ['a bucket', createBucketLimit],
] as const;

test.each(limits.flatMap(([name, create]) => [10, 50, 100].map((rate) => [name, rate, create] as const)))(
  'known limit (%s, %i/s): at least 97 percent of it, and no 429',
  async (_name, rate, create) => {
    const load = await runLoad({ limit: create(rate), requestsPerSecond: rate, seconds: 30 });
    expect(load.refused).toBe(0);
    expect(load.perSecondLately).toBeGreaterThanOrEqual(0.97 * rate);
  },
);

test.each(limits.flatMap(([name, create]) => [10, 50, 100].map((rate) => [name, rate, create] as const)))(
  'hidden limit (%s, %i/s): at least 85 percent of it within 30 s, at most 3 percent of calls answered 429, none lost',
  async (_name, rate, create) => {
    const load = await runLoad({ limit: create(rate), seconds: 40 });
    expect(load.lost).toBe(0);
    expect(load.refused / (load.accepted + load.refused)).toBeLessThanOrEqual(0.03);
    expect(load.perSecondLately).toBeGreaterThanOrEqual(0.85 * rate);
  },
);

test.each(limits.flatMap(([name, create]) => [3, 5].map((rate) => [name, rate, create] as const)))(
  'a hidden limit that is very low (%s, %i/s) is tried rarely once it is found: at most 3 percent of calls answered 429',
  async (_name, rate, create) => {
    const load = await runLoad({ limit: create(rate), seconds: 120 });
    expect(load.lost).toBe(0);
    expect(load.refused / (load.accepted + load.refused)).toBeLessThanOrEqual(0.03);
    expect(load.perSecondLately).toBeGreaterThanOrEqual(0.85 * rate);
  },
);

test.each([
  ['no 429', [], 7000],
  ['one at the start', [5], 10_000],
  ['two on the way', [20, 60], 10_000],
])(
  'a hundred rows at a hidden 20/s and %s cost seconds, not tens of them',
  async (_what, refused, mostMs) => {
    const limit = createSlidingLimit(20);
    let count = 0;
    const { client, clock } = createFakeClient(() => {
      const isRefused = refused.includes(++count) || !limit(clock.time);
      return isRefused ? { status: 429, delayMs: 30 } : { ...ok, delayMs: 30 };
    });
    await finish(clock, client.logon());
    const start = clock.time;
    let left = 100;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await client.call(testCnx, { priority: 'push' });
    };
    await finish(clock, Promise.all(Array.from({ length: 4 }, worker)));
    expect(clock.time - start).toBeLessThan(mostMs);
  },
);

test('a limit found another time is kept to from the first request on', async () => {
  for (const [, create] of limits) {
    const first = await runLoad({ limit: create(20), seconds: 30 });
    expect(first.found).toBeGreaterThan(15);
    expect(first.found).toBeLessThanOrEqual(20);
    const again = await runLoad({ limit: create(20), seconds: 4, foundPerSecond: first.found });
    expect([again.refused, again.lost]).toEqual([0, 0]);
    expect(again.accepted).toBeGreaterThan(15 * 4);
  }
});

test('a server without limit is not held back for long', async () => {
  const load = await runLoad({ limit: () => true, seconds: 30, latencyMs: 20 });
  expect(load.perSecondLately).toBeGreaterThan(300);
});

test('a limit that comes back up is found again', async () => {
  const low = createBucketLimit(10);
  const high = createBucketLimit(40);
  let start = 0;
  const load = await runLoad({
    limit: (now) => {
      start ||= now;
      return now - start < 20_000 ? low(now) : high(now);
    },
    seconds: 120,
  });
  expect(load.lost).toBe(0);
  expect(load.perSecondLately).toBeGreaterThan(30);
});

// -- Waiting as the server asks ---------------------------------------------------------------------------------------

/** Times (ms after the first request) of the requests to a server that refuses the first one with `refusal`. */
async function timesAfter(
  refusal: Answer,
  count = 2,
): Promise<{ times: number[]; client: SoapClient; reasons: string[] }> {
  const times: number[] = [];
  const reasons: string[] = [];
  const { client, clock } = createFakeClient(() => {
    times.push(clock.time);
    return times.length < count ? refusal : ok;
  });
  await finish(clock, client.logon());
  await finish(
    clock,
    client.call(testCnx, {
      onRetry: ({ reason, delayMs }) => reasons.push(`${reason} ${Math.round(delayMs)}`),
    }),
  );
  return { times: times.map((time) => time - times[0]!), client, reasons };
}

test('429 with Retry-After in seconds is obeyed, and the caller told', async () => {
  const { times, client, reasons } = await timesAfter({ status: 429, headers: { 'retry-after': '7' } });
  expect(times[1]).toBeGreaterThanOrEqual(7000);
  expect(times[1]).toBeLessThan(7200);
  expect(reasons).toEqual(['The server said “too many requests” (429). 7000']);
  expect(client.figures).toMatchObject({ throttledCount: 1, retryCount: 1 });
});

test('429 with Retry-After as a date is obeyed', async () => {
  const date = new Date(1_700_000_000_000 + 12_000).toUTCString();
  const { times } = await timesAfter({ status: 429, headers: { 'retry-after': date } });
  expect(times[1]).toBeGreaterThanOrEqual(11_000);
  expect(times[1]).toBeLessThan(12_500);
});

test('429 without Retry-After: short at first, since the limit is one per second, and doubled each time', async () => {
  const { times } = await timesAfter({ status: 429 }, 5);
  const waits = times.slice(1).map((time, i) => time - times[i]!);
  expect(waits.map((wait) => Math.round(wait / 10))).toEqual([31, 63, 125, 250]);
});

test.each([
  ['an empty body', {}],
  ['JSON', { body: '{"error_code":"429050","message":"Too many requests"}' }],
  ['a web page', { body: '<html><body>429 Too Many Requests</body></html>' }],
])('429 with %s', async (_what, answer) => {
  expect((await timesAfter({ status: 429, ...answer })).times).toHaveLength(2);
});

test('a server that stays busy is given up on, with the next step', async () => {
  let count = 0;
  const { client, clock } = createFakeClient(() => {
    count++;
    return { status: 429, headers: { 'retry-after': '1' } };
  });
  const error = await finish(
    clock,
    client.call(testCnx).catch((reason: unknown) => reason),
  );
  expect(error).toBeInstanceOf(CampaignError);
  expect((error as CampaignError).code).toBe('throttled');
  expect((error as CampaignError).message).toBe(
    'The server still answers xtk:session#TestCnx with “too many requests” (429) after 10 tries. Wait a moment, or set requestsPerSecond of the connection below the limit of the instance.',
  );
  expect(count).toBe(10);
});

test('429 is repeated for writes too, because the server refused them', async () => {
  let count = 0;
  const { client, clock } = createFakeClient(() =>
    ++count === 1 ? { status: 429 } : { body: responseOf('Write') },
  );
  await finish(clock, client.write('<a xtkschema="cus:a"/>'));
  expect(count).toBe(2);
});

test('503 pauses and repeats a read; a write is reported as unknown', async () => {
  expect(
    (await timesAfter({ status: 503, headers: { 'retry-after': '3' } })).times[1],
  ).toBeGreaterThanOrEqual(3000);
  let count = 0;
  const { client, clock } = createFakeClient(() => {
    count++;
    return { status: 503 };
  });
  const error = (await finish(
    clock,
    client.write('<a/>').catch((reason: unknown) => reason),
  )) as CampaignError;
  expect([count, error.outcome]).toEqual([1, 'unknown']);
});

test('a 429 pauses the whole server, not one call', async () => {
  const times: number[] = [];
  let isFirst = true;
  const { client, clock } = createFakeClient(
    () => {
      times.push(clock.time);
      if (!isFirst) return ok;
      isFirst = false;
      return { status: 429, headers: { 'retry-after': '10' } };
    },
    { requestsPerSecond: 1000 },
  );
  await finish(clock, client.logon());
  const start = clock.time;
  const first = client.call(testCnx);
  await clock.advance(500);
  const others = [client.call(testCnx), client.call(testCnx)];
  await finish(clock, Promise.all([first, ...others]));
  expect(times[0]! - start).toBeLessThan(100);
  for (const time of times.slice(1)) expect(time - start).toBeGreaterThanOrEqual(10_000);
});

test.each([
  ['7', 7000],
  ['0.5', 500],
  ['-1', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
  ['100000', 600_000],
  [new Date(5000).toUTCString(), 5000],
  [new Date(-5000).toUTCString(), 0],
])('Retry-After %j means %s ms', (value, expected) => expect(parseRetryAfter(value, 0)).toBe(expected));

// -- Order ------------------------------------------------------------------------------------------------------------

function createThrottle(
  options: { concurrency?: number; requestsPerSecond?: number; methodLimits?: Record<string, number> } = {},
) {
  const clock = new FakeClock();
  const throttle = new Throttle({
    clock,
    requestsPerSecond: 1000,
    concurrency: 1,
    random: () => 0.5,
    ...options,
  });
  const order: string[] = [];
  const slots: Slot[] = [];
  const ask = (name: string, priority: Priority, key = 'k'): void =>
    void throttle.acquire({ priority, key }).then((slot) => {
      order.push(name);
      slots.push(slot);
    });
  /** Lets one request after the other through, each taking a while. */
  const drain = async (stepMs = 10): Promise<void> => {
    for (let i = 0; i < 400; i++) {
      await clock.advance(stepMs);
      slots.shift()?.release({ kind: 'ok' });
    }
  };
  return { clock, throttle, order, slots, ask, drain };
}

test('interactive calls go before background calls, those before pushes, equals in order', async () => {
  const { ask, drain, order } = createThrottle();
  ask('first', 'push');
  await settle();
  for (const name of ['p1', 'p2']) ask(name, 'push');
  for (const name of ['b1', 'b2']) ask(name, 'background');
  for (const name of ['i1', 'i2']) ask(name, 'interactive');
  await drain();
  expect(order).toEqual(['first', 'i1', 'i2', 'b1', 'b2', 'p1', 'p2']);
});

test('a push that has waited long enough goes before interactive calls', async () => {
  const { ask, clock, order, slots } = createThrottle();
  ask('busy', 'interactive');
  await settle();
  ask('push', 'push');
  for (let i = 0; i < 100; i++) {
    ask(`i${i}`, 'interactive');
    await clock.advance(1000);
    slots.shift()?.release({ kind: 'ok' });
    await clock.advance(1);
  }
  const place = order.indexOf('push');
  expect(place).toBeGreaterThan(10);
  expect(place).toBeLessThan(30);
});

test('one place stays free for interactive calls', async () => {
  const { ask, clock, order } = createThrottle({ concurrency: 3 });
  for (let i = 0; i < 5; i++) ask(`p${i}`, 'push');
  await clock.advance(1000);
  expect(order).toEqual(['p0', 'p1']);
  ask('i', 'interactive');
  await clock.advance(100);
  expect(order).toEqual(['p0', 'p1', 'i']);
});

test('no more requests at once than allowed', async () => {
  let active = 0;
  let most = 0;
  const { client, clock } = createFakeClient(
    async () => {
      most = Math.max(most, ++active);
      await new Promise<void>((resolve) => void clock.schedule(50, resolve));
      active--;
      return ok;
    },
    { concurrency: 3, requestsPerSecond: 1000 },
  );
  await finish(clock, Promise.all(Array.from({ length: 30 }, () => client.call(testCnx))));
  expect(most).toBe(3);
});

test('a method with a limit of its own waits without holding up the others', async () => {
  const { ask, clock, order, slots } = createThrottle({ concurrency: 10, methodLimits: { slow: 1 } });
  for (let i = 0; i < 3; i++) ask(`s${i}`, 'interactive', 'slow');
  for (let i = 0; i < 3; i++) ask(`f${i}`, 'interactive', 'fast');
  await clock.advance(100);
  expect(order).toEqual(['s0', 'f0', 'f1', 'f2']);
  await clock.advance(1000);
  expect(order).toEqual(['s0', 'f0', 'f1', 'f2', 's1']);
  expect(slots).toHaveLength(5);
});

test('holding lets nothing start, resuming lets it go on', async () => {
  const { client, transport, clock } = createFakeClient(() => ok);
  await finish(clock, client.logon());
  client.pause();
  const call = client.call(testCnx);
  await clock.advance(60_000);
  expect(transport.requests).toHaveLength(1);
  expect(client.figures).toMatchObject({ held: true, waitingCount: 1, activeCount: 0 });
  client.resume();
  await finish(clock, call);
  expect(client.figures).toMatchObject({ held: false, waitingCount: 0 });
});

test('figures tell what happens, at most five times a second', async () => {
  const { client, clock } = createFakeClient(() => ({ ...ok, delayMs: 100 }), { requestsPerSecond: 100 });
  const seen: number[] = [];
  client.onDidChangeFigures(({ requestCount }) => seen.push(requestCount));
  await finish(clock, Promise.all(Array.from({ length: 100 }, () => client.call(testCnx))));
  await clock.advance(1000);
  const { figures } = client;
  expect(figures).toMatchObject({
    callCount: 100,
    requestCount: 101,
    logonCount: 1,
    failedCount: 0,
    activeCount: 0,
  });
  expect(figures.sentBytes).toBeGreaterThan(101 * 300);
  expect(figures.receivedBytes).toBeGreaterThan(100 * 300);
  expect(figures.sentPerSecond).toBeGreaterThan(5);
  expect(seen.length).toBeLessThan(25);
  expect(seen.at(-1)).toBe(101);
});
