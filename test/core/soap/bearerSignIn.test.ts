import { expect, test } from 'vitest';
import {
  createBearerLogonSignIn,
  createBearerSignIn,
  createImsTokens,
  createPastedSessionSignIn,
  createUserPasswordSignIn,
  parseImsCredentials,
} from '../../../core/soap/bearerSignIn.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import type { SignIn } from '../../../core/soap/signIn.ts';
import type { HttpRequest } from '../../../core/soap/transport.ts';
import {
  createFakeClient,
  finish,
  logonResponse,
  responseOf,
  securityToken,
  sessionToken,
  type Answer,
} from './fakes.ts';

const testCnx = { urn: 'xtk:session', method: 'TestCnx' } as const;
const secret = 'p8e-Verys3cretValue';
const credentials = {
  clientId: 'abc123',
  clientSecret: secret,
  scopes: ['openid', 'AdobeID', 'campaign_sdk'],
};

const userInfo = (loginId: string): Answer => ({
  body: responseOf(
    'GetUserInfo',
    `<pUserInfo xsi:type='ns:Element'><userInfo login="tech@acme" loginId="${loginId}" timezone="UTC"><login-right right="admin"/></userInfo></pUserInfo>`,
    'xtk:session',
  ),
});

/** IMS and an instance that accepts the tokens `token-1`, `token-2`, … IMS gave out last. */
function createWorld(
  signIn: SignIn,
  options: { expiresIn?: number; respondIms?: (request: HttpRequest) => Answer | undefined } = {},
) {
  const state = { tokens: 0, revoked: new Set<string>() };
  const world = createFakeClient(
    (request) => {
      if (request.url.includes('/ims/token')) {
        const answer = options.respondIms?.(request);
        if (answer !== undefined) return answer;
        state.tokens++;
        return {
          body: JSON.stringify({
            access_token: `token-${state.tokens}`,
            token_type: 'bearer',
            expires_in: options.expiresIn ?? 86399,
          }),
        };
      }
      if (request.url.endsWith('/r/test'))
        return {
          body: "<redir status='OK' date='x' version='8.6.1' build='9400' instance='acme_mkt_prod1'/>",
        };
      const token = request.headers['Authorization']?.slice(7);
      if (token !== undefined && state.revoked.has(token))
        return { status: 401, body: '{"error":"invalid_token"}' };
      if (request.headers['SOAPAction'] === 'xtk:session#GetUserInfo') return userInfo('1234');
      if (request.headers['SOAPAction'] === 'xtk:session#BearerTokenLogon') {
        return { body: logonResponse().replaceAll('LogonResponse', 'BearerTokenLogonResponse') };
      }
      return { body: responseOf('TestCnx') };
    },
    { signIn },
  );
  return { ...world, state };
}

async function catchError(promise: Promise<unknown>): Promise<CampaignError> {
  const error: unknown = await promise.then(
    () => new Error('Expected a failure.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CampaignError)) throw error;
  return error;
}

const ims = (): SignIn => createBearerSignIn(createImsTokens(() => Promise.resolve(credentials)));

test('IMS client credentials: one token, sent with each call in place of the Campaign tokens', async () => {
  const { client, clock, transport } = createWorld(ims());
  const info = await finish(clock, client.logon());
  expect(info).toMatchObject({
    login: 'tech@acme',
    releaseName: '8.6.1',
    buildNumber: '9400',
    instanceName: 'acme_mkt_prod1',
    rights: ['admin'],
  });
  await finish(clock, client.call(testCnx));
  const [token, user, version, call] = transport.requests;
  expect(token!.url).toBe('https://ims-na1.adobelogin.com/ims/token/v3');
  expect(token!.body).toBe(
    `grant_type=client_credentials&client_id=abc123&client_secret=${secret}&scope=openid%2CAdobeID%2Ccampaign_sdk`,
  );
  expect(user!.headers['SOAPAction']).toBe('xtk:session#GetUserInfo');
  expect(version!.url).toBe('https://acme.example/r/test');
  expect(version!.headers['Authorization']).toBeUndefined();
  expect(call!.headers['Authorization']).toBe('Bearer token-1');
  expect(call!.headers['Cookie']).toBeUndefined();
  expect(call!.headers['X-Security-Token']).toBeUndefined();
  expect(JSON.stringify(client.log.entries)).not.toContain(secret);
});

test('a token is renewed before it ends', async () => {
  const { client, clock, transport } = createWorld(ims(), { expiresIn: 3600 });
  await finish(clock, client.call(testCnx));
  await clock.advance(3600_000 - 70_000);
  await finish(clock, client.call(testCnx));
  expect(transport.requests.at(-1)!.headers['Authorization']).toBe('Bearer token-1');
  await clock.advance(20_000);
  await finish(clock, client.call(testCnx));
  expect(transport.requests.at(-1)!.headers['Authorization']).toBe('Bearer token-2');
});

test('a token refused in the middle is renewed once, for all waiting calls', async () => {
  const { client, clock, state } = createWorld(ims());
  await finish(clock, client.call(testCnx));
  state.revoked.add('token-1');
  await finish(clock, Promise.all([1, 2, 3, 4].map(() => client.call(testCnx))));
  expect(state.tokens).toBe(2);
});

test('credentials that IMS refuses: one clear message, and no second try', async () => {
  let count = 0;
  const { client, clock } = createWorld(ims(), {
    respondIms: () => {
      count++;
      return {
        status: 400,
        body: JSON.stringify({
          error: 'invalid_client',
          error_description: `client_secret ${secret} is wrong`,
        }),
      };
    },
  });
  const error = await catchError(finish(clock, client.logon()));
  expect(error.code).toBe('signIn');
  expect(error.message).toBe(
    'Adobe IMS refused the credential (invalid_client: client_secret ••• is wrong). Check client id, secret and scopes of the OAuth Server-to-Server credential in the Adobe Developer Console.',
  );
  await catchError(finish(clock, client.call(testCnx)));
  expect(count).toBe(1);
});

test('IMS out of order is not a refusal', async () => {
  const { client, clock } = createWorld(ims(), {
    respondIms: () => ({ status: 502, body: '<html>Bad gateway</html>' }),
  });
  const error = await catchError(finish(clock, client.logon()));
  expect(error.code).toBe('http');
  expect(error.explanation).toBe('Adobe IMS answered with HTTP status 502 and no token.');
});

test('a token of nobody is refused although GetUserInfo answers', async () => {
  const { client, clock } = createFakeClient(() => userInfo('0'), {
    signIn: createBearerSignIn(() => Promise.resolve({ token: 'pasted-token' })),
  });
  const error = await catchError(finish(clock, client.logon()));
  expect(error.code).toBe('signIn');
  expect(error.explanation).toBe('The access token is not that of an operator of this instance.');
});

test('a server that hides its version can still be used', async () => {
  const { client, clock } = createFakeClient(
    (request) => (request.url.endsWith('/r/test') ? { status: 404, body: 'no' } : userInfo('12')),
    { signIn: createBearerSignIn(() => Promise.resolve({ token: 'pasted-token' })) },
  );
  expect(await finish(clock, client.logon())).toEqual({
    login: 'tech@acme',
    loginId: '12',
    timezone: 'UTC',
    rights: ['admin'],
    packages: [],
  });
});

test('BearerTokenLogon exchanges the token for a session', async () => {
  const { client, clock, transport } = createWorld(
    createBearerLogonSignIn(() => Promise.resolve({ token: 'pasted-token' })),
  );
  await finish(clock, client.call(testCnx));
  const [logon, call] = transport.requests;
  expect(logon!.headers['SOAPAction']).toBe('xtk:session#BearerTokenLogon');
  expect(logon!.body).toContain('<bearerToken xsi:type="xsd:string">pasted-token</bearerToken>');
  expect(call!.headers).toMatchObject({
    Cookie: `__sessiontoken=${sessionToken}`,
    'X-Security-Token': securityToken,
  });
  expect(client.session?.releaseName).toBe('7.3.4');
});

test('a pasted session is used as it is, and not ended by us', async () => {
  const { client, clock, transport } = createWorld(
    createPastedSessionSignIn(() => Promise.resolve({ sessionToken, securityToken })),
  );
  await finish(clock, client.call(testCnx));
  expect(transport.actions).toEqual([
    'xtk:session#GetUserInfo',
    'https://acme.example/r/test',
    'xtk:session#TestCnx',
  ]);
  expect(transport.requests[2]!.headers).toMatchObject({
    Cookie: `__sessiontoken=${sessionToken}`,
    'X-Security-Token': securityToken,
  });
  await finish(clock, client.logoff());
  expect(transport.requests).toHaveLength(3);
});

test('a pasted session that has ended: one clear message', async () => {
  const { client, clock } = createFakeClient(
    () => ({ status: 403, body: 'XSV-350008 Session has expired or is invalid. Please reconnect.' }),
    {
      signIn: createPastedSessionSignIn(() => Promise.resolve({ sessionToken, securityToken })),
    },
  );
  const error = await catchError(finish(clock, client.call(testCnx)));
  expect(error.message).toBe(
    'The pasted session has ended, or is not complete. Connect again and paste the tokens of an open session.',
  );
  expect(JSON.stringify(client.log.entries)).not.toContain(sessionToken);
});

test.each([
  [
    'as downloaded',
    {
      CLIENT_ID: 'abc123',
      CLIENT_SECRETS: [secret],
      ORG_ID: 'x@AdobeOrg',
      SCOPES: ['openid', 'AdobeID', 'campaign_sdk'],
    },
  ],
  [
    'lower case, single',
    { client_id: 'abc123', client_secret: secret, scope: 'openid,AdobeID campaign_sdk' },
  ],
])('reads a Developer Console credential %s', (_form, json) =>
  expect(parseImsCredentials(JSON.stringify(json, undefined, 2))).toEqual(credentials),
);

test.each([
  ['', 'The credential is not JSON.'],
  ['[]', 'The credential has no CLIENT_ID.'],
  ['{"CLIENT_ID":"a"}', 'The credential has no CLIENT_SECRETS.'],
  ['{"CLIENT_ID":"a","CLIENT_SECRETS":[]}', 'The credential has no CLIENT_SECRETS.'],
  [`{"CLIENT_ID":"a","CLIENT_SECRETS":["${secret}"]}`, 'The credential has no SCOPES.'],
])('credential %j: %s', (json, explanation) => {
  let error: unknown;
  try {
    parseImsCredentials(json);
  } catch (caught) {
    error = caught;
  }
  expect((error as CampaignError).explanation).toBe(explanation);
  expect((error as CampaignError).message).not.toContain(secret);
});

test('login and password in each call: in the sessiontoken parameter, escaped, and in no message', async () => {
  const { client, transport, clock } = createFakeClient(
    (request) =>
      request.headers['SOAPAction']?.endsWith('GetUserInfo') === true
        ? userInfo('7')
        : { status: 500, body: request.body! },
    { signIn: createUserPasswordSignIn(() => Promise.resolve({ login: 'mc', password: 'P<a>ss/w&rd' })) },
  );
  const error = await finish(
    clock,
    client.call(testCnx).catch((reason: unknown) => reason),
  );
  expect(error).toBeInstanceOf(CampaignError);
  expect(JSON.stringify([(error as CampaignError).message, (error as CampaignError).details])).not.toMatch(
    /ss.w/,
  );
  const posts = transport.requests.filter(({ method }) => method === 'POST');
  expect(posts.map(({ headers }) => headers['SOAPAction'])).toEqual([
    'xtk:session#GetUserInfo',
    'xtk:session#TestCnx',
  ]);
  for (const { body, headers } of posts) {
    expect(body).toMatch(/<sessiontoken[^>]*>mc\/P&lt;a(?:&gt;|>)ss\/w&amp;rd<\/sessiontoken>/);
    expect(Object.keys(headers)).not.toContain('Cookie');
  }
});

test('a login with a slash is refused before it is sent', async () => {
  const { client, transport, clock } = createFakeClient(() => userInfo('7'), {
    signIn: createUserPasswordSignIn(() => Promise.resolve({ login: 'a/b', password: 'x' })),
  });
  await expect(finish(clock, client.logon())).rejects.toMatchObject({ code: 'signIn', outcome: 'notSent' });
  expect(transport.requests).toEqual([]);
});
