import { CampaignError } from './campaignError.ts';
import type { CancelSignal } from './cancelSignal.ts';
import { maskSecrets } from './maskSecrets.ts';
import { parseXml } from '../xml/parseXml.ts';
import { attributeValue } from '../xml/xmlTree.ts';
import {
  readSessionInfo,
  toOpenSession,
  toSessionHeaders,
  type OpenSession,
  type PasswordCredentials,
  type SignIn,
  type SignInContext,
} from './signIn.ts';
import type { SessionInfo } from './soapClient.ts';

/** An IMS access token; `expiresAt` (ms since 1970) when its end is known. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAt?: number | undefined;
}

/** Where access tokens come from: pasted by a person, or asked of IMS. */
export type GetAccessToken = (context: SignInContext) => Promise<AccessToken>;

/**
 * `Authorization: Bearer` on every call, no logon (v8.5+, v7.3.5/7.4.1+). What the instance would have told at logon is
 * pieced together from `GetUserInfo` and `/r/test`.
 */
export function createBearerSignIn(getToken: GetAccessToken): SignIn {
  return {
    async open(context) {
      const { token, expiresAt } = await getToken(context);
      context.addSecret(token);
      const headers = { Authorization: `Bearer ${token}` };
      return {
        headers,
        sessionToken: '',
        info: await describeInstance(context, { headers }, 'The access token'),
        secrets: [token],
        expiresAt,
        isBearer: true,
        canLogoff: false,
      };
    },
  };
}

/** `xtk:session#BearerTokenLogon`: an access token in exchange for a native session. */
export function createBearerLogonSignIn(getToken: GetAccessToken): SignIn {
  return {
    async open(context) {
      const { token } = await getToken(context);
      context.addSecret(token);
      const outputs = await context.call({
        urn: 'xtk:session',
        method: 'BearerTokenLogon',
        parameters: [{ name: 'bearerToken', type: 'string', value: token }],
      });
      return toOpenSession(outputs, 'xtk:session#BearerTokenLogon', context.now, [token]);
    },
  };
}

/** Tokens of a session opened elsewhere, in a browser for example. It cannot be renewed, and is not ended by us. */
export function createPastedSessionSignIn(
  getTokens: (signal: CancelSignal) => Promise<{ sessionToken: string; securityToken: string }>,
): SignIn {
  return {
    async open(context): Promise<OpenSession> {
      const { sessionToken, securityToken } = await getTokens(context.signal);
      context.addSecret(sessionToken);
      context.addSecret(securityToken);
      const headers = toSessionHeaders(sessionToken, securityToken);
      try {
        const info = await describeInstance(context, { headers }, 'The pasted session');
        return { headers, sessionToken: '', info, secrets: [sessionToken, securityToken], canLogoff: false };
      } catch (error) {
        if (!(error instanceof CampaignError) || error.code !== 'sessionExpired') throw error;
        throw new CampaignError({
          code: 'signIn',
          explanation: 'The pasted session has ended, or is not complete.',
          nextStep: 'Connect again and paste the tokens of an open session.',
          method: 'xtk:session#GetUserInfo',
          campaignCode: error.campaignCode,
          cause: error,
        });
      }
    },
  };
}

/**
 * Login and password in the `sessiontoken` parameter of each call, without a logon. Only where the security zone has
 * `allowUserPassword`; meant for Message Center behind a load balancer, where a session would belong to one server.
 * Source: Campaign Classic documentation, security zones and transactional events.
 */
export function createUserPasswordSignIn(
  getCredentials: (signal: CancelSignal) => Promise<PasswordCredentials>,
): SignIn {
  return {
    async open(context) {
      const { login, password } = await getCredentials(context.signal);
      // The server splits at the first slash.
      if (login.includes('/')) {
        throw new CampaignError({
          code: 'signIn',
          explanation: `The login “${login}” holds a slash, which separates login and password in this way to sign in.`,
          nextStep: 'Sign in with login and password instead.',
          outcome: 'notSent',
        });
      }
      const sessionToken = `${login}/${password}`;
      context.addSecret(password);
      context.addSecret(sessionToken);
      return {
        headers: {},
        sessionToken,
        info: await describeInstance(context, { sessionToken }, 'This login with this password'),
        secrets: [password, sessionToken],
        canLogoff: false,
      };
    },
  };
}

async function describeInstance(
  context: SignInContext,
  authentication: Partial<Pick<OpenSession, 'headers' | 'sessionToken'>>,
  what: string,
): Promise<SessionInfo> {
  const outputs = await context.call({ urn: 'xtk:session', method: 'GetUserInfo' }, authentication);
  const { info } = readSessionInfo(String(outputs[0]?.value ?? ''));
  // The method is open to everybody; without a session it describes nobody.
  if (info.loginId === undefined || info.loginId === '0') {
    throw new CampaignError({
      code: 'signIn',
      explanation: `${what} is not that of an operator of this instance.`,
      nextStep:
        'Check that it is for this instance and still valid; a technical account needs a product profile of the instance.',
      method: 'xtk:session#GetUserInfo',
    });
  }
  return { ...info, ...(await readVersion(context)) };
}

/** From `/r/test`, which some servers hide or do not have: then the version stays unknown. */
async function readVersion(context: SignInContext): Promise<Partial<SessionInfo>> {
  try {
    const { status, text } = await context.fetchText({
      method: 'GET',
      url: `${context.url}/r/test`,
      purpose: '/r/test',
      isElsewhere: false,
    });
    const root = status === 200 ? parseXml(text).root : undefined;
    if (root?.localName !== 'redir') return {};
    const releaseName = attributeValue(root, 'version');
    const buildNumber = attributeValue(root, 'build');
    const instanceName = attributeValue(root, 'instance');
    return {
      ...(releaseName === undefined ? {} : { releaseName }),
      ...(buildNumber === undefined ? {} : { buildNumber }),
      ...(instanceName === undefined ? {} : { instanceName }),
    };
  } catch (error) {
    if (error instanceof CampaignError && error.code !== 'cancelled') return {};
    throw error;
  }
}

/** An OAuth server-to-server credential of the Adobe Developer Console. */
export interface ImsCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
}

/**
 * Reads the JSON that the Developer Console offers for download, as it is: `CLIENT_ID`, `CLIENT_SECRETS` (a list; the
 * first counts), `SCOPES` (a list). Lower case, `CLIENT_SECRET` and scopes in one text are taken too. Throws `signIn`.
 */
export function parseImsCredentials(json: string): ImsCredentials {
  const refuse = (what: string): never => {
    throw new CampaignError({
      code: 'signIn',
      explanation: `The credential ${what}.`,
      nextStep:
        'Paste the JSON of an OAuth Server-to-Server credential, as the Adobe Developer Console offers it for download.',
      outcome: 'notSent',
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return refuse('is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) return refuse('is not a JSON object');
  const fields = new Map(
    Object.entries(parsed).map(([name, value]) => [name.toUpperCase(), value as unknown]),
  );
  const texts = (...names: string[]): string[] =>
    names
      .flatMap((name) => fields.get(name) ?? [])
      .filter((value): value is string => typeof value === 'string' && value.trim() !== '')
      .map((value) => value.trim());
  const clientId = texts('CLIENT_ID')[0] ?? refuse('has no CLIENT_ID');
  const clientSecret = texts('CLIENT_SECRETS', 'CLIENT_SECRET')[0] ?? refuse('has no CLIENT_SECRETS');
  const scopes = texts('SCOPES', 'SCOPE').flatMap((text) => text.split(/[\s,]+/));
  if (scopes.length === 0) refuse('has no SCOPES');
  return { clientId, clientSecret, scopes };
}

/** Adobe's own token service. */
export const defaultImsUrl = 'https://ims-na1.adobelogin.com/ims/token/v3';

/**
 * Asks IMS for an access token (OAuth client credentials). There is no refresh token: near the end another one is asked
 * for. Source: Adobe Developer Console, OAuth server-to-server reference.
 */
export function createImsTokens(
  getCredentials: (signal: CancelSignal) => Promise<ImsCredentials>,
  imsUrl: string = defaultImsUrl,
): GetAccessToken {
  return async (context) => {
    const { clientId, clientSecret, scopes } = await getCredentials(context.signal);
    context.addSecret(clientSecret);
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: scopes.join(','),
    };
    const { status, text } = await context.fetchText({
      method: 'POST',
      url: imsUrl,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      // In the body: addresses are logged.
      body: Object.entries(form)
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join('&'),
      purpose: 'Adobe IMS token',
      isElsewhere: true,
    });
    const answer = parseObject(text);
    const token = answer['access_token'];
    if (status === 200 && typeof token === 'string' && token !== '') {
      const seconds = Number(answer['expires_in'] ?? NaN);
      return { token, expiresAt: seconds > 0 ? context.now + seconds * 1000 : undefined };
    }
    const reason = [answer['error'], answer['error_description']]
      .filter((part): part is string => typeof part === 'string')
      .join(': ');
    const isRefusal = status === 400 || status === 401 || status === 403;
    throw new CampaignError({
      code: isRefusal ? 'signIn' : 'http',
      explanation: isRefusal
        ? `Adobe IMS refused the credential${reason === '' ? '' : ` (${maskSecrets(reason, [clientSecret]).slice(0, 200)})`}.`
        : `Adobe IMS answered with HTTP status ${status} and no token.`,
      nextStep: isRefusal
        ? 'Check client id, secret and scopes of the OAuth Server-to-Server credential in the Adobe Developer Console.'
        : 'Try again later; if it stays so, check the proxy and the IMS address (imsUrl) of the connection.',
      status,
      outcome: 'refused',
    });
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
