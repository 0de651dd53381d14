import { afterAll, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '../../sandbox/campaign/settings.ts';
import { Caller, contentOf, faultOf, openSandbox } from './call.ts';
import { FakeClock, librarySeed } from './library.ts';

const clock = new FakeClock();
const caller = await openSandbox({ seed: librarySeed, clock, password: 'pass"word' });
const { sandbox } = caller;
afterAll(() => sandbox.stop());

beforeEach(async () => {
  sandbox.set(defaultSettings());
  await caller.logon();
});

const anyone = (): Caller => new Caller(sandbox);
const option = '<strName>Nothing</strName>';

// --- dispatch ---

test.each([
  'xtk:session#TestCnx',
  '"xtk:session#TestCnx"',
  ' "xtk:session#TestCnx" ',
  'urn:xtk:session#TestCnx',
])('the SOAPAction alone decides: %s', async (action) => {
  const answer = await caller.post(action);
  expect(answer.status).toBe(200);
  expect(answer.text).toContain("<TestCnxResponse xmlns='urn:xtk:session'");
});

test('body namespace, prefixes and parameter names mean nothing', async () => {
  const body = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header/><s:Body>
    <x:Whatever xmlns:x="urn:else"><x:__sessiontoken/><x:a>NewUUID</x:a></x:Whatever></s:Body></s:Envelope>`;
  const answer = await caller.send('xtk:session#GetOption', body);
  expect(contentOf(answer.text, 'GetOptionResponse')).toBe(
    "<pstrValue xsi:type='xsd:string'></pstrValue><pbtType xsi:type='xsd:byte'>0</pbtType>",
  );
});

test('the answer has the declaration and namespaces of the server', async () => {
  const answer = await caller.post('xtk:session#GetServerTime');
  expect(answer.text).toMatch(
    /^<\?xml version='1\.0'\?>\n<SOAP-ENV:Envelope xmlns:xsd='[^']*' xmlns:xsi='[^']*' xmlns:ns='urn:xtk:session' xmlns:SOAP-ENV='http:\/\/schemas\.xmlsoap\.org\/soap\/envelope\/'><SOAP-ENV:Body><GetServerTimeResponse xmlns='urn:xtk:session' SOAP-ENV:encodingStyle='http:\/\/schemas\.xmlsoap\.org\/soap\/encoding\/'>/,
  );
  expect(answer.text).toContain(
    "<ptmServerTime xsi:type='xsd:dateTime'>2024-08-15T12:00:00.000Z</ptmServerTime>",
  );
  expect(answer.headers.get('content-type')).toBe('text/xml;charset=utf-8');
});

test('interface methods answer in urn:wpp:default, document methods of a schema in its own', async () => {
  const entity = await caller.post('xtk:persist#GetEntityIfMoreRecent', '<a>xtk:schema|x:y</a><b/><c>0</c>');
  expect(faultOf(entity.text)).toContain('XFR-180000');
  const bare = await caller.post('xtk:persist#GetDefaultEntity', '<s>lib:book</s>');
  expect(bare.text).toContain("<GetDefaultEntityResponse xmlns='urn:wpp:default'");
  const piped = await caller.post('xtk:persist|lib:book#NewInstance', '<document><book/></document>');
  expect(piped.text).toContain("<NewInstanceResponse xmlns='urn:lib:book'");
  const fixed = await caller.post('xtk:persist|lib:book#GetDefaultEntity', '<s>lib:book</s>');
  expect(fixed.text).toContain("<GetDefaultEntityResponse xmlns='urn:wpp:default'");
});

test('a missing session token moves the parameters, and the call fails', async () => {
  const answer = await caller.post('xtk:session#GetOption', option, {}, true);
  expect(faultOf(answer.text)).toContain(
    "Error while reading parameters of method 'GetOption' of service 'xtk:session'.",
  );
  const query = await caller.post(
    'xtk:queryDef#ExecuteQuery',
    '<entity><queryDef schema="lib:book"/></entity>',
    {},
    true,
  );
  expect(faultOf(query.text)).toContain('SOP-330003');
});

test.each([
  ['xtk:session#Nothing', '', 'SOP-330006'],
  ['no:schema#Method', '', 'SOP-330006'],
  ['xtk:persist|no:schema#NewInstance', '<d><x/></d>', 'SOP-330006'],
  ['lib:book#Write', '<d/>', 'SOP-330024'],
  ['lib:book#GetEntityIfMoreRecent', '<d/>', 'SOP-330024'],
  ['xtk:session#GetOption', '', 'SOP-330003'],
  ['xtk:session#GetOption', '<a/><b/>', 'SOP-330003'],
  ['xtk:session#GetNewIds', '<lCount>many</lCount>', 'SOP-330003'],
  ['xtk:queryDef#ExecuteQuery', '<entity/>', 'SOP-330003'],
])('%s with %s faults with %s', async (action, parameters, code) => {
  const answer = await caller.post(action, parameters);
  expect([answer.status, faultOf(answer.text)]).toEqual([200, expect.stringContaining(code) as string]);
});

test('a message that is no XML, and one without an action, are faults of the client', async () => {
  const broken = await caller.send('xtk:session#TestCnx', '<Envelope><Body>');
  expect(broken.text).toContain('<faultcode>SOAP-ENV:Client</faultcode>');
  expect(faultOf(broken.text)).toContain(
    "The XML SOAP message is invalid (service 'xtk:session', method 'TestCnx').",
  );
  const none = await caller.send('', '<Envelope><Body/></Envelope>');
  expect(none.text).toContain('<faultcode>SOAP-ENV:Client</faultcode>');
});

test('faults come with status 200 or 500, with or without detail', async () => {
  const fail = (): ReturnType<Caller['post']> =>
    caller.post('xtk:queryDef#ExecuteQuery', '<e><queryDef schema="no:such"/></e>');
  sandbox.set({ faultStatus: 500 });
  expect((await fail()).status).toBe(500);
  sandbox.set({ showErrors: false });
  const hidden = faultOf((await fail()).text);
  expect(hidden).toContain('SOP-330023');
  expect(hidden).not.toContain('XFR-180000');
});

test('older builds answer in ISO-8859-1, with a prefix, and faults have no codes', async () => {
  sandbox.set({ replyForm: 'old' });
  const send = async (action: string, parameters: string): Promise<[string | null, string]> => {
    const method = action.split('#')[1]!;
    const response = await fetch(`${sandbox.url}/nl/jsp/soaprouter.jsp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'text/xml; charset=utf-8',
        SOAPAction: action,
        'X-Security-Token': caller.securityToken,
        Cookie: `__sessiontoken=${caller.sessionToken}`,
      },
      body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><${method}><sessiontoken/>${parameters}</${method}></e:Body></e:Envelope>`,
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return [response.headers.get('content-type'), bytes.toString('latin1')];
  };
  const [type, text] = await send('xtk:queryDef#EvaluateExpr', "<e>'é € 😀'</e>");
  expect(type).toBe('text/xml');
  expect(text).toMatch(/^<\?xml version='1\.0' encoding='ISO-8859-1'\?>/);
  expect(text).toContain("<urn:EvaluateExprResponse xmlns:urn='urn:xtk:queryDef'");
  expect(text).toContain('</urn:EvaluateExprResponse></SOAP-ENV:Body>');
  expect(contentOf(text, 'pstrResult')).toBe('é &#8364; &#128512;');
  const [, fault] = await send('xtk:queryDef#ExecuteQuery', '<e><queryDef schema="no:where"/></e>');
  expect(contentOf(fault, 'faultstring')).toBe(
    "Error while executing the method 'ExecuteQuery' of service 'xtk:queryDef'.",
  );
  expect(contentOf(fault, 'detail')).toMatch(/^<!\[CDATA\[The schema 'no:where' does not exist\./);
  sandbox.expireSessions();
  expect((await send('xtk:session#TestCnx', ''))[1]).toBe(
    'Session has expired or is invalid. Please reconnect.',
  );
});

test('a request without charset is read as ISO-8859-1', async () => {
  const send = async (type: string): Promise<string> => {
    const answer = await caller.post('xtk:queryDef#EvaluateExpr', "<e>'é'</e>", { 'Content-Type': type });
    return contentOf(answer.text, 'pstrResult')!;
  };
  expect(await send('text/xml; charset=utf-8')).toBe('é');
  expect(await send('text/xml')).toBe('Ã©');
  sandbox.set({ charsetRequired: false });
  expect(await send('application/soap+xml')).toBe('é');
});

test('other addresses answer as a server does', async () => {
  const get = async (path: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
    const response = await fetch(sandbox.url + path, { headers, redirect: 'manual' });
    return [response.status, await response.text()];
  };
  const cookies = {
    Cookie: `__sessiontoken=${caller.sessionToken}`,
    'X-Security-Token': caller.securityToken,
  };
  expect((await get('/nothing'))[0]).toBe(404);
  expect((await get('/nl/jsp/soaprouter.jsp'))[0]).toBe(405);
  expect((await get('/nl/jsp/ping.jsp'))[0]).toBe(302);
  expect((await get('/nl/jsp/monitor.jsp'))[0]).toBe(302);
  expect((await get('/nl/jsp/nothing.jsp', cookies))[0]).toBe(404);
  expect(await get('/nl/jsp/ping.jsp', cookies)).toEqual([200, 'OK\n2024-08-15 12:00:00.000Z\n']);
  expect((await get('/nl/jsp/mcPing.jsp', cookies))[1]).toBe(
    'Ok\n2024-08-15 12:00:00.000Z\n0/400 pending events\n',
  );
  expect((await get('/r/test'))[1]).toBe(
    "<redir status='OK' date='2024-08-15 12:00:00.000+00' build='9469' version='8.6.2' sha1='0000000' instance='sandbox' host='127.0.0.1' localHost='sandbox' sourceIP='127.0.0.1'/>",
  );
  sandbox.set({ showDebug: false });
  expect((await get('/r/test'))[1]).toBe(
    "<redir status='OK' date='2024-08-15 12:00:00.000+00' sourceIP='127.0.0.1'/>",
  );
});

test('old builds refuse the x-request-id header', async () => {
  expect((await caller.post('xtk:session#TestCnx', '', { 'x-request-id': 'a' })).status).toBe(200);
  sandbox.set({ refuseRequestId: true });
  expect((await caller.post('xtk:session#TestCnx', '', { 'x-request-id': 'a' })).status).toBe(400);
});

// --- sessions ---

test('Logon gives both tokens and tells about server and user', async () => {
  sandbox.set({ release: '7.4.3', build: 9396, rights: 'admin,sql' });
  const answer = await caller.logon();
  expect(caller.sessionToken).toMatch(/^___[\da-f]{8}-[\da-f-]{27}$/);
  expect(caller.securityToken).toMatch(/^@[\w-]{100,}==$/);
  const info = contentOf(answer.text, 'sessionInfo')!;
  expect(info).toContain('majNumber="6" minNumber="7"');
  expect(info).toContain('buildNumber="9396" releaseName="7.4.3"');
  expect(info).toContain('<login-right right="admin"/><login-right right="sql"/>');
  expect(answer.text.indexOf('pstrSessionToken')).toBeLessThan(answer.text.indexOf('pSessionInfo'));
  expect(answer.text.indexOf('</pSessionInfo>')).toBeLessThan(answer.text.indexOf('<pstrSecurityToken'));
});

test('wrong credentials are one line of text with status 403', async () => {
  const answer = await anyone().post('xtk:session#Logon', '<l>admin</l><p>wrong</p><e/>');
  expect([answer.status, answer.text]).toEqual([
    403,
    'XSV-350012 Invalid login or password. Connection denied.',
  ]);
});

test('a logon can be refused for its address, or for being native', async () => {
  sandbox.set({ blockedAddress: true });
  const blocked = await anyone().logon();
  expect([blocked.status, blocked.text.slice(0, 10)]).toEqual([403, 'XSV-350013']);
  sandbox.set({ blockedAddress: false, nativeLogon: false });
  expect((await anyone().logon()).status).toBe(403);
});

test('every call needs both tokens', async () => {
  const expired = [200, 'XSV-350008 Session has expired or is invalid. Please reconnect.'];
  const status = async (sessionToken: string, securityToken: string): Promise<unknown[]> => {
    const other = anyone();
    Object.assign(other, { sessionToken, securityToken });
    const answer = await other.post('xtk:session#TestCnx');
    return [answer.status, answer.text];
  };
  const second = anyone();
  await second.logon();
  expect(await status('', '')).toEqual(expired);
  expect(await status(caller.sessionToken, '')).toEqual(expired);
  expect(await status('', caller.securityToken)).toEqual(expired);
  expect(await status(caller.sessionToken, second.securityToken)).toEqual(expired);
  sandbox.set({ expiryStatus: 403 });
  expect(await status('', '')).toEqual([403, expired[1]]);
  sandbox.set({ sessionTokenOnly: true });
  expect((await status(caller.sessionToken, ''))[0]).toBe(200);
});

test('the session token may come as cookie, header or first parameter', async () => {
  const { sessionToken, securityToken } = caller;
  const other = anyone();
  other.securityToken = securityToken;
  const bare = { Cookie: '' };
  expect((await other.post('xtk:session#TestCnx', `<t>${sessionToken}</t>`, bare, true)).text).toContain(
    'TestCnxResponse',
  );
  const header = await other.post('xtk:session#TestCnx', '', { 'X-Session-Token': sessionToken });
  expect(header.text).toContain('TestCnxResponse');
});

test('sessions end after their time, a long one later, a closed one at once', async () => {
  const long = anyone();
  const logon = await long.post(
    'xtk:session#Logon',
    '<l>admin</l><p>pass"word</p><e><parameters rememberMe="true"/></e>',
  );
  long.sessionToken = contentOf(logon.text, 'pstrSessionToken')!;
  long.securityToken = contentOf(logon.text, 'pstrSecurityToken')!;
  const isAlive = async (who: Caller): Promise<boolean> =>
    (await who.post('xtk:session#TestCnx')).text.includes('TestCnxResponse');
  clock.ms += 86_399_999;
  expect([await isAlive(caller), await isAlive(long)]).toEqual([true, true]);
  clock.ms += 1;
  expect([await isAlive(caller), await isAlive(long)]).toEqual([false, true]);
  expect((await long.post('xtk:session#Logoff')).text).toContain('<LogoffResponse');
  expect(await isAlive(long)).toBe(false);
});

test('anonymous methods need no session', async () => {
  const time = await anyone().post('xtk:session#GetServerTime');
  expect(time.text).toContain('ptmServerTime');
  const user = await anyone().post('xtk:session#GetUserInfo');
  expect(user.text).toContain('login="" loginId="0"');
  expect((await caller.post('xtk:session#GetUserInfo')).text).toContain('login="admin" loginId="1059"');
});

test('login/password works as session token only where the zone allows it', async () => {
  const call = (token: string): ReturnType<Caller['post']> =>
    anyone().post('xtk:session#TestCnx', `<t>${token}</t>`, {}, true);
  expect(faultOf((await call('admin/pass&quot;word')).text)).toContain('Error while reading parameters');
  sandbox.set({ userPasswordToken: true });
  expect((await call('admin/pass&quot;word')).text).toContain('TestCnxResponse');
  expect((await call('admin/no')).text).toContain('XSV-350012');
});

test('rights decide who may call what', async () => {
  sandbox.set({ rights: '' });
  await caller.logon();
  expect(await caller.run('xtk:builder#GenerateNavTree', '')).toContain('You do not have the right');
});

// --- IMS ---

const token = async (
  form: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(`${sandbox.url}/ims/token/v3`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const goodForm = (): Record<string, string> => ({
  grant_type: 'client_credentials',
  client_id: sandbox.imsClientId,
  client_secret: sandbox.imsClientSecret,
  scope: 'openid,campaign',
});

test('the identity service hands out tokens that calls and BearerTokenLogon accept', async () => {
  const { status, body } = await token(goodForm());
  expect([status, body['token_type'], body['expires_in']]).toEqual([200, 'bearer', 86_399]);
  const headers = { Authorization: `Bearer ${String(body['access_token'])}` };
  expect((await anyone().post('xtk:session#TestCnx', '', headers)).text).toContain('TestCnxResponse');
  const logon = await anyone().post(
    'xtk:session#BearerTokenLogon',
    `<bearerToken>${String(body['access_token'])}</bearerToken>`,
  );
  expect(contentOf(logon.text, 'pstrSessionToken')).toMatch(/^___/);
  clock.ms += 86_399_000;
  expect((await anyone().post('xtk:session#TestCnx', '', headers)).text).toContain('XSV-350008');
});

test('the identity service refuses what is wrong', async () => {
  expect((await token({ ...goodForm(), client_secret: 'no' })).status).toBe(401);
  expect((await token({ ...goodForm(), grant_type: 'password' })).status).toBe(400);
  expect((await token({ ...goodForm(), scope: '' })).status).toBe(400);
  expect((await fetch(`${sandbox.url}/ims/token/v3`)).status).toBe(405);
  expect((await anyone().post('xtk:session#BearerTokenLogon', '<t>nonsense</t>')).status).toBe(403);
  const { body } = await token(goodForm());
  sandbox.set({ imsLogon: false });
  const headers = { Authorization: `Bearer ${String(body['access_token'])}` };
  expect((await anyone().post('xtk:session#TestCnx', '', headers)).text).toContain('XSV-350008');
});

// --- small methods ---

test('a password is changed by who knows the old one', async () => {
  const change = (from: string, to: string): Promise<string> =>
    caller.run('xtk:session#ChangePassword', `<o>${from}</o><n>${to}</n>`);
  expect(await change('wrong', 'new')).toContain('XSV-350012');
  expect(await change('pass"word', '')).toContain('The new password is empty.');
  expect(await change('pass"word', 'new')).toBe('');
  expect((await caller.logon()).text).toContain('XSV-350012');
  const again = new Caller({ ...sandbox, password: 'new' });
  await again.logon();
  expect(again.sessionToken).not.toBe('');
  expect(await again.run('xtk:session#ChangePassword', '<o>new</o><n>pass"word</n>')).toBe('');
});

test('a server that is shut down forgets its sessions', async () => {
  expect(await caller.run('xtk:session#ServerShutdown', '')).toBe('');
  expect((await caller.post('xtk:session#TestCnx')).text).toContain('XSV-350008');
  await caller.logon();
  const { text } = await caller.post('xtk:session#GetTAClientId');
  expect(contentOf(text, 'pstrClientId')).toBe('sandbox-client');
});

test('identifiers are reserved in order and never twice', async () => {
  const ids = async (action: string, parameters: string): Promise<number[]> =>
    contentOf((await caller.post(action, parameters)).text, 'pstrIdList')!
      .split(',')
      .map(Number);
  const [first, ...rest] = await ids('xtk:session#GetNewIds', '<n>3</n>');
  expect(rest).toEqual([first! + 1, first! + 2]);
  expect(await ids('xtk:session#GetNewIds', '<n>1</n>')).toEqual([first! + 3]);
  expect(await ids('xtk:session#GetNewIdsEx', '<n>2</n><s>Other</s>')).toEqual([1001, 1002]);
});

test('data policies are applied', async () => {
  const format = async (policy: string, value: string): Promise<string> =>
    contentOf(
      (await anyone().post('xtk:session#FormatDataPolicy', `<p>${policy}</p><v>${value}</v>`)).text,
      'pstrResult',
    )!;
  expect(await format('smartCase', 'jEAN-pierre O’brian')).toBe('Jean-Pierre O’brian');
  expect(await format('phone', '+33 (0)1 02')).toBe('+330102');
  expect(await format('email', ' A@B.C ')).toBe('a@b.c');
  expect(await format('none', 'As Is')).toBe('As Is');
});

test('many clients at once each get their own answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => caller.post('xtk:queryDef#EvaluateExpr', `<e>${n} + ${n}</e>`)),
  );
  expect(answers.map((answer) => contentOf(answer.text, 'pstrResult'))).toEqual(
    answers.map((_, n) => String(2 * n)),
  );
});
