import { expect, test } from 'vitest';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { createPasswordSignIn } from '../../../core/soap/signIn.ts';
import { TransportError } from '../../../core/soap/transport.ts';
import {
  createFakeClient,
  faultEnvelope,
  finish,
  logonResponse,
  password,
  responseOf,
  securityToken,
  sessionToken,
  settle,
  type Answer,
  type Responder,
} from './fakes.ts';

const testCnx = { urn: 'xtk:session', method: 'TestCnx' } as const;
const ok: Answer = { body: responseOf('TestCnx', '', 'xtk:session') };
const expiredText = 'XSV-350008 Session has expired or is invalid. Please reconnect.';

async function catchError(promise: Promise<unknown>): Promise<CampaignError> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(CampaignError);
    return error as CampaignError;
  }
  throw new Error('Expected the call to fail.');
}

/** Makes a call that must fail and checks that nothing in the error holds a secret. */
async function checkFailure(
  respond: Responder,
  call: Parameters<ReturnType<typeof createFakeClient>['client']['call']>[0] = testCnx,
): Promise<CampaignError> {
  const { client, clock } = createFakeClient(respond);
  const error = await catchError(finish(clock, client.call(call)));
  checkNoSecret(error);
  return error;
}

function checkNoSecret(error: CampaignError): void {
  const everything = `${error.message} ${error.details.join(' ')} ${error.stack ?? ''} ${String(error.cause)}`;
  for (const secret of [sessionToken, securityToken, password]) expect(everything).not.toContain(secret);
}

test('logs on before the first call and puts both tokens on every call', async () => {
  const { client, transport, clock } = createFakeClient(() => ok);
  await finish(clock, Promise.all([client.call(testCnx), client.call(testCnx), client.call(testCnx)]));
  expect(transport.actions).toEqual([
    'xtk:session#Logon',
    'xtk:session#TestCnx',
    'xtk:session#TestCnx',
    'xtk:session#TestCnx',
  ]);
  const [logon, ...calls] = transport.requests;
  expect(logon!.headers['Cookie']).toBeUndefined();
  expect(logon!.url).toBe('https://acme.example/nl/jsp/soaprouter.jsp');
  for (const { headers } of calls) {
    expect(headers['Cookie']).toBe(`__sessiontoken=${sessionToken}`);
    expect(headers['X-Security-Token']).toBe(securityToken);
    expect(headers['Content-Type']).toBe('text/xml; charset=utf-8');
  }
});

test('tells what the instance said at logon', async () => {
  const { client, clock } = createFakeClient(() => ok);
  expect(client.session).toBeUndefined();
  const info = await finish(clock, client.logon());
  expect(info).toEqual({
    releaseName: '7.3.4',
    buildNumber: '9364',
    instanceName: 'instance1',
    databaseId: 'uFE80',
    login: 'admin',
    loginId: '1059',
    timezone: 'America/New_York',
    allowSql: false,
    rights: ['admin', 'sql'],
    packages: ['nms:core'],
  });
  expect(client.session).toBe(info);
});

test.each([
  ['as plain text with status 200', { body: expiredText }],
  ['as plain text with status 403', { status: 403, body: expiredText }],
  ['as plain text of an old build', { body: 'Session has expired or is invalid. Please reconnect.' }],
  ['inside a fault', { body: faultEnvelope('SOP-330011 Error', expiredText) }],
])('expiry %s: one logon shared by all waiting calls, each repeated once', async (_shape, expired) => {
  let logons = 0;
  let isRevoked = false;
  const { client, transport, clock } = createFakeClient(
    (request) => {
      const isCurrent = request.headers['Cookie'] === `__sessiontoken=${sessionToken}${logons}`;
      return isRevoked || !isCurrent ? expired : ok;
    },
    {
      requestsPerSecond: 1000,
      respondLogon: () => {
        logons++;
        isRevoked = false;
        return { body: logonResponse(`${sessionToken}${logons}`), delayMs: 500 };
      },
    },
  );
  await finish(clock, client.call(testCnx));
  isRevoked = true;
  await finish(clock, Promise.all([1, 2, 3, 4, 5].map(() => client.call(testCnx))));
  const testCount = transport.actions.filter((action) => action === 'xtk:session#TestCnx').length;
  expect(logons).toBe(2);
  // Three may be under way with the old session before its end is known; those still queued wait for the new one.
  expect(testCount).toBeGreaterThan(1 + 5);
  expect(testCount).toBeLessThanOrEqual(1 + 5 + 5);
  expect(client.figures.retryCount).toBe(testCount - 6);
});

test('a second expiry in a row is final', async () => {
  const { client, transport, clock } = createFakeClient(() => ({ body: expiredText }));
  const error = await catchError(finish(clock, client.call(testCnx)));
  expect(error.code).toBe('sessionExpired');
  expect(error.campaignCode).toBe('XSV-350008');
  expect(transport.actions).toEqual([
    'xtk:session#Logon',
    'xtk:session#TestCnx',
    'xtk:session#Logon',
    'xtk:session#TestCnx',
  ]);
});

test('expiry text inside a valid answer is data', async () => {
  const { client, transport, clock } = createFakeClient(() => ({
    body: responseOf('GetLog', `<pstrLog xsi:type='xsd:string'>${expiredText}</pstrLog>`),
  }));
  const outputs = await finish(clock, client.call({ urn: 'cus:log', method: 'GetLog' }));
  expect(outputs).toEqual([{ name: 'pstrLog', type: 'string', value: expiredText }]);
  expect(client.figures.logonCount).toBe(1);
  expect(transport.requests).toHaveLength(2);
});

test('a write is repeated after expiry, because the server refused it', async () => {
  let count = 0;
  const { client, clock } = createFakeClient(() =>
    ++count === 1 ? { status: 403, body: expiredText } : { body: responseOf('Write') },
  );
  await finish(clock, client.write('<option xtkschema="xtk:option"/>'));
  expect(count).toBe(2);
});

test('wrong password: one logon for all callers, and no further attempt until someone connects again', async () => {
  let logons = 0;
  let isRight = false;
  const { client, transport, clock } = createFakeClient(() => ok, {
    signIn: createPasswordSignIn(() => {
      logons++;
      return Promise.resolve({ login: 'admin', password: isRight ? password : 'wr0ng-password' });
    }),
  });
  const send = transport.send.bind(transport);
  transport.send = async (request) => {
    const reply = await send(request);
    return request.body?.includes('wr0ng-password') === true
      ? { ...reply, status: 403, body: bytesOf('XSV-350012 Invalid login or password. Connection denied.') }
      : reply;
  };
  const errors = await finish(
    clock,
    Promise.all([
      catchError(client.call(testCnx)),
      catchError(client.call(testCnx)),
      catchError(client.call(testCnx)),
    ]),
  );
  expect(logons).toBe(1);
  for (const error of errors) {
    expect(error.code).toBe('signIn');
    expect(error.message).toBe(
      'The login or the password is wrong (XSV-350012). Check both and connect again; on v8 from 8.6 technical users sign in with Adobe IMS instead.',
    );
  }
  await catchError(finish(clock, client.call(testCnx)));
  expect(logons).toBe(1);
  isRight = true;
  await finish(clock, client.logon());
  await finish(clock, client.call(testCnx));
  expect(logons).toBe(2);
});

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield new TextEncoder().encode(text);
}

test('a logon survives one of its waiters giving up, and is dropped with the last', async () => {
  const { client, transport, clock } = createFakeClient(() => ok);
  let answer: (() => void) | undefined;
  const send = transport.send.bind(transport);
  transport.send = async (request) => {
    if (request.headers['SOAPAction'] === 'xtk:session#Logon')
      await new Promise<void>((resolve) => (answer = resolve));
    return send(request);
  };
  const first = new AbortController();
  const firstCall = catchError(client.call(testCnx, { signal: first.signal }));
  const secondCall = client.call(testCnx);
  await settle();
  first.abort();
  expect((await firstCall).code).toBe('cancelled');
  answer!();
  await finish(clock, secondCall);
  expect(transport.actions.filter((action) => action === 'xtk:session#Logon')).toHaveLength(1);
});

// Fault texts: live notes on v7.4.3 and community traces.
test('an error wrapped in SOP-330011 shows its cause', async () => {
  const error = await checkFailure(() => ({
    body: faultEnvelope(
      "SOP-330011 Error while executing the method 'Write' of service 'xtk:persist|xtk:session'.",
      'PGS-220000 PostgreSQL error: ERROR: duplicate key value violates unique constraint "xtkoption_name"\n' +
        "XSV-350023 Unable to save document of type 'Options (xtk:option)'.",
    ),
  }));
  expect(error.code).toBe('fault');
  expect(error.campaignCode).toBe('PGS-220000');
  expect(error.explanation).toBe(
    'The database refused the operation. PGS-220000 PostgreSQL error: ERROR: duplicate key value violates unique constraint "xtkoption_name".',
  );
  expect(error.details).toHaveLength(3);
});

test('a fault with status 500 is the same as one with 200', async () => {
  const error = await checkFailure(() => ({
    status: 500,
    body: faultEnvelope(
      'SOP-330011 Error',
      "XTK-170036 Unable to parse expression 'x'. Attribute 'x' unknown.",
    ),
  }));
  expect(error.campaignCode).toBe('XTK-170036');
  expect(error.nextStep).toMatch(/spelling/);
});

test('a fault without detail and one of an old build without codes', async () => {
  const bare = await checkFailure(() => ({ body: faultEnvelope("SOP-330006 Method 'X' is not defined") }));
  expect(bare.campaignCode).toBe('SOP-330006');
  const old = await checkFailure(() => ({
    body: faultEnvelope(
      "Error while reading parameters of method 'PushEvent' of service 'nms:rtEvent'.",
      'Invalid login or password. Connection denied.',
      'SOAP-ENV:Client',
    ),
  }));
  expect(old.code).toBe('signIn');
});

test('a fault that echoes the request shows no token', async () => {
  const error = await checkFailure(() => ({
    body: faultEnvelope(
      "The XML SOAP message is invalid (service 'xtk:session', method 'Logon')",
      `<![CDATA[<sessiontoken>${sessionToken}</sessiontoken><strPassword xsi:type="x">${password.replace('&', '&amp;')}</strPassword> X-Security-Token: ${securityToken}]]>`,
    ),
  }));
  expect(error.details.join()).toContain('•••');
});

test.each([
  [
    'a web page of a proxy',
    {
      body: '<!DOCTYPE html><html><head><title>Acme proxy: access denied</title></head><body>…</body></html>',
    },
    'acme.example answered with a web page titled “Acme proxy: access denied” instead of SOAP. Check the URL of the connection, and whether a proxy or a sign-on page stands between this computer and the instance.',
  ],
  [
    'XHTML with a declaration',
    {
      body: '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><title>Sign in</title></html>',
    },
    'acme.example answered with a web page titled “Sign in” instead of SOAP. Check the URL of the connection, and whether a proxy or a sign-on page stands between this computer and the instance.',
  ],
  [
    'a page not found',
    { status: 404, body: '<html><title>Apache Tomcat</title></html>' },
    'acme.example answered xtk:session#TestCnx with HTTP status 404: “Apache Tomcat”. Check the URL of the connection: it is the address of the instance, without a path.',
  ],
  [
    'an empty answer',
    { body: '' },
    'The answer to xtk:session#TestCnx is empty. Try again; if it stays so, the server or a proxy between cuts the answers off.',
  ],
  [
    'some other XML',
    { body: "<redir status='OK'/>" },
    'The answer to xtk:session#TestCnx is no SOAP answer: it begins with <redir>. Check the URL of the connection, and whether a proxy or a sign-on page stands between this computer and the instance.',
  ],
  [
    'a redirect to another host',
    { status: 302, headers: { location: 'https://sso.example/login?from=acme' } },
    'acme.example redirects to sso.example; the redirect was not followed, because the request holds the session. If sso.example is the instance, use it as the URL of the connection; otherwise a sign-on page or proxy stands between.',
  ],
  [
    'an IP address that is not allowed',
    {
      status: 403,
      body: "XSV-350013 The '198.51.100.7' IP address via which you are connecting is not allowed.",
    },
    'This computer’s IP address may not connect to the instance (XSV-350013). Ask the administrator to add the address to the allow-list of the security zone.',
  ],
] satisfies [string, Answer, string][])('%s gives one clear message', async (_what, answer, message) => {
  expect((await checkFailure(() => answer)).message).toBe(message);
});

test.each([
  [
    'unknownHost',
    1,
    'The host acme.example is not known. Check the URL of the connection, and the network or VPN of this computer.',
  ],
  [
    'refused',
    3,
    'acme.example refuses the connection. Check the port of the URL, and whether the server is running (it restarts once a day).',
  ],
  [
    'certificate',
    1,
    'The certificate of acme.example is not trusted. If the instance uses a private certificate authority, name its file in the connection (caFile).',
  ],
] as const)('network failure %s gives one clear message', async (failure, tries, message) => {
  let count = 0;
  const error = await checkFailure(() => {
    count++;
    return new TransportError(failure, 'x', { unsent: true });
  });
  expect(error.code).toBe('network');
  expect(error.outcome).toBe('notSent');
  expect(error.message).toBe(message);
  expect(count).toBe(tries);
});

test('half an answer is repeated for a read, then told', async () => {
  let count = 0;
  const error = await checkFailure(() => {
    count++;
    return { body: ok.body!.slice(0, -40) as string };
  });
  expect(count).toBe(3);
  expect(error.message).toBe(
    'The answer of acme.example broke off before its end. Try again; if it stays so, the server or a proxy between cuts long answers: ask for fewer rows.',
  );
});

test('a read is repeated after a broken connection, a write only when it is idempotent', async () => {
  const broken = new TransportError('reset', 'x', { unsent: false });
  for (const [idempotent, tries] of [
    [undefined, 1],
    [true, 2],
  ] as const) {
    let count = 0;
    const { client, clock } = createFakeClient(() =>
      ++count === 1 ? broken : { body: responseOf('Ingest', '<pstrSUuids>u</pstrSUuids>') },
    );
    const result = finish(clock, client.ingest('<sampleStg xtkschema="cus:sampleStg"/>', { idempotent }));
    if (idempotent === true) expect(await result).toBe('u');
    else {
      const error = await catchError(result);
      expect(error.outcome).toBe('unknown');
      expect(error.nextStep).toBe(
        'The server may have carried out xtk:persist#Ingest all the same: look before sending it again.',
      );
    }
    expect(count).toBe(tries);
  }
});

test('a write that times out is reported as unknown and not repeated', async () => {
  let count = 0;
  const { client, clock } = createFakeClient(() => {
    count++;
    return { delayMs: 120_000 };
  });
  const error = await catchError(
    finish(clock, client.write('<option xtkschema="xtk:option"/>', { timeoutMs: 5_000 })),
  );
  expect(error.code).toBe('network');
  expect(error.outcome).toBe('unknown');
  expect(count).toBe(1);
  expect(client.figures.activeCount).toBe(0);
});

test('a deadlock is retried for a write only when it is idempotent', async () => {
  for (const [idempotent, tries] of [
    [false, 1],
    [true, 3],
  ] as const) {
    let count = 0;
    const { client, clock } = createFakeClient(() => {
      count++;
      return {
        body: faultEnvelope('SOP-330011 Error', 'PGS-220000 PostgreSQL error: ERROR: deadlock detected'),
      };
    });
    const error = await catchError(finish(clock, client.write('<a/>', { idempotent })));
    expect(error.campaignCode).toBe('PGS-220000');
    expect(count).toBe(tries);
  }
});

test('cancelling aborts the request, frees its slot, and leaves no timer behind', async () => {
  const { client, transport, clock } = createFakeClient(() => ({ delayMs: 60_000 }), { concurrency: 1 });
  await finish(clock, client.logon());
  const stop = new AbortController();
  const failure = catchError(client.call(testCnx, { signal: stop.signal }));
  await clock.advance(1000);
  expect(client.figures.activeCount).toBe(1);
  stop.abort();
  expect((await failure).code).toBe('cancelled');
  expect(transport.requests.at(-1)!.signal.aborted).toBe(true);
  expect(client.figures).toMatchObject({ activeCount: 0, waitingCount: 0 });
});

test('cancelling a call that still waits sends nothing', async () => {
  const { client, transport, clock } = createFakeClient(() => ({ delayMs: 60_000 }), { concurrency: 1 });
  await finish(clock, client.logon());
  void client.call(testCnx).catch(() => undefined);
  await clock.advance(1000);
  const stop = new AbortController();
  const failure = catchError(client.call({ urn: 'xtk:persist', method: 'Write' }, { signal: stop.signal }));
  await settle();
  stop.abort();
  const error = await failure;
  expect(error.code).toBe('cancelled');
  expect(error.outcome).toBe('notSent');
  expect(transport.actions).not.toContain('xtk:persist#Write');
  expect(client.figures.waitingCount).toBe(0);
});

test('stopping cancels what is under way, what waits and what waits to be repeated; later calls go out', async () => {
  const answers: (Answer | TransportError)[] = [];
  const { client, transport, clock } = createFakeClient(() => answers.shift() ?? ok, { concurrency: 2 });
  await finish(clock, client.logon());
  answers.push(new TransportError('reset', 'x', { unsent: false }), { delayMs: 60_000 });
  const toRepeat = catchError(client.call(testCnx));
  const underWay = catchError(client.write('<a/>'));
  await clock.advance(100);
  answers.push({ delayMs: 60_000 });
  const other = catchError(client.call(testCnx));
  const waiting = catchError(client.write('<b/>'));
  await clock.advance(100);
  expect(client.figures).toMatchObject({ activeCount: 2, waitingCount: 1 });
  client.stop();
  const errors = await Promise.all([toRepeat, underWay, other, waiting]);
  expect(errors.map(({ code }) => code)).toEqual(Array(4).fill('cancelled'));
  // The write on its way may have been carried out; the one in the queue was not.
  expect(errors.map(({ outcome }) => outcome)).toEqual(['failed', 'unknown', 'failed', 'notSent']);
  expect(errors[1].message).toBe('All calls of the connection were cancelled.');
  expect(client.figures).toMatchObject({ activeCount: 0, waitingCount: 0 });
  const before = transport.requests.length;
  await finish(clock, client.call(testCnx));
  await clock.advance(120_000);
  expect(transport.requests).toHaveLength(before + 1);
});

test('a closed client cancels what is under way and refuses the rest', async () => {
  const { client, clock } = createFakeClient(() => ({ delayMs: 60_000 }));
  const failure = catchError(client.call(testCnx));
  await clock.advance(1000);
  client.dispose();
  expect((await failure).message).toBe('The connection was closed.');
  expect((await catchError(client.call(testCnx))).message).toBe('The connection was closed.');
});

test('logoff ends the session on the server and forgets the tokens, even when the server does not answer', async () => {
  const { client, transport, clock } = createFakeClient(
    () => new TransportError('reset', 'x', { unsent: false }),
  );
  await finish(clock, client.logon());
  await finish(clock, client.logoff());
  expect(transport.actions).toEqual(['xtk:session#Logon', 'xtk:session#Logoff']);
  expect(client.session).toBeUndefined();
});

test('a session about to end is renewed before a call fails with it', async () => {
  const { client, transport, clock } = createFakeClient(() => ok);
  await finish(clock, client.call(testCnx));
  await clock.advance(86_400_000 - 30_000);
  await finish(clock, client.call(testCnx));
  expect(transport.actions).toEqual([
    'xtk:session#Logon',
    'xtk:session#TestCnx',
    'xtk:session#Logon',
    'xtk:session#TestCnx',
  ]);
});

test('forgetting cancels what is under way, ends the session and drops even the secrets kept for masking', async () => {
  const { client, transport, clock } = createFakeClient((request) =>
    request.headers['SOAPAction']!.endsWith('Slow')
      ? { delayMs: 60_000 }
      : { body: faultEnvelope(`It was “${password}”.`) },
  );
  const told = async (): Promise<string> => (await catchError(finish(clock, client.call(testCnx)))).message;
  expect(await told()).not.toContain(password);
  const slow = catchError(client.call({ urn: 'cus:x', method: 'Slow' }));
  await clock.advance(100);
  await finish(clock, client.forget());
  expect((await slow).code).toBe('cancelled');
  expect(transport.actions.at(-1)).toBe('xtk:session#Logoff');
  expect(client.session).toBeUndefined();
});
