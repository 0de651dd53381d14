import { parseXml } from '../xml/parseXml.ts';
import { attributeValue, childElements, descendantElements } from '../xml/xmlTree.ts';
import { CampaignError } from './campaignError.ts';
import type { CancelSignal } from './cancelSignal.ts';
import type { SessionInfo, SoapCall } from './soapClient.ts';
import type { SoapOutput } from './soapValue.ts';

/** What every call of a session carries. In memory only. */
export interface OpenSession {
  readonly headers: Readonly<Record<string, string>>;
  /** Goes into the `sessiontoken` parameter; `''` under cookie and bearer sign-in. */
  readonly sessionToken: string;
  readonly info: SessionInfo;
  /** Values to mask wherever they turn up. */
  readonly secrets: readonly string[];
  /** When the server will end the session (ms since 1970), when it says so: it is renewed before. */
  readonly expiresAt?: number | undefined;
  /** Signed in with an access token: HTTP 401 means that it has ended. */
  readonly isBearer?: boolean;
  /** There is a session on the server to end with `Logoff`. */
  readonly canLogoff: boolean;
}

/** A request of a sign-in that is not SOAP. */
export interface SignInRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What it is for, in messages and in the log. */
  readonly purpose: string;
  /** Not a request to the instance. */
  readonly isElsewhere: boolean;
}

/** What a sign-in may use: requests without a session, none of which is repeated. */
export interface SignInContext {
  /** Base address of the instance. */
  readonly url: string;
  readonly now: number;
  readonly signal: CancelSignal;
  /** @param authentication what proves who calls: headers, or a text for the `sessiontoken` parameter. */
  call(
    call: SoapCall,
    authentication?: Partial<Pick<OpenSession, 'headers' | 'sessionToken'>>,
  ): Promise<readonly SoapOutput[]>;
  /** Any status is an answer; only a failing network rejects. Answers are bounded to 1 MB. */
  fetchText(request: SignInRequest): Promise<{ status: number; text: string }>;
  /** Values that must be masked if this attempt fails. Tell them before they are sent. */
  addSecret(secret: string): void;
}

/** A way to get a session. The secrets come from functions, so that they are held only while they are used. */
export interface SignIn {
  open(context: SignInContext): Promise<OpenSession>;
}

export interface PasswordCredentials {
  readonly login: string;
  readonly password: string;
}

/** `xtk:session#Logon`. `getCredentials` may ask a person; it rejects with `cancelled` when the person backs out. */
export function createPasswordSignIn(
  getCredentials: (signal: CancelSignal) => Promise<PasswordCredentials>,
): SignIn {
  return {
    async open(context) {
      const { login, password } = await getCredentials(context.signal);
      context.addSecret(password);
      const outputs = await context.call({
        urn: 'xtk:session',
        method: 'Logon',
        parameters: [
          { name: 'strLogin', type: 'string', value: login },
          { name: 'strPassword', type: 'string', value: password },
          { name: 'elemParameters', type: 'element', value: '' },
        ],
      });
      return toOpenSession(outputs, 'xtk:session#Logon', context.now, [password]);
    },
  };
}

/** The session in the answer of `Logon` or `BearerTokenLogon`. Results are taken by name, then by position. */
export function toOpenSession(
  outputs: readonly SoapOutput[],
  method: string,
  now: number,
  secrets: readonly string[],
): OpenSession {
  const find = (pattern: RegExp, index: number): string =>
    String((outputs.find((output) => pattern.test(output.name)) ?? outputs[index])?.value ?? '');
  const sessionToken = find(/sessionToken$/i, 0);
  const securityToken = find(/securityToken$/i, 2);
  if (sessionToken === '') {
    throw new CampaignError({
      code: 'badResponse',
      explanation: `The answer to ${method} holds no session token.`,
      nextStep: 'Check that the URL is that of a Campaign instance and that the account may use the API.',
      method,
    });
  }
  const { info, timeOutSeconds } = readSessionInfo(find(/info$/i, 1));
  return {
    headers: toSessionHeaders(sessionToken, securityToken),
    sessionToken: '',
    info,
    secrets: [...secrets, sessionToken, securityToken],
    expiresAt: timeOutSeconds === undefined ? undefined : now + timeOutSeconds * 1000,
    canLogoff: true,
  };
}

/** The headers of a native session. Both tokens go on every call, reads included. */
export function toSessionHeaders(sessionToken: string, securityToken: string): Record<string, string> {
  return {
    Cookie: `__sessiontoken=${sessionToken}`,
    ...(securityToken === '' ? {} : { 'X-Security-Token': securityToken }),
  };
}

/**
 * Reads `<sessionInfo>` (from `Logon`) or `<userInfo>` (from `GetUserInfo`).
 * `majNumber` is the internal version (v7 prints 6.7); `releaseName` has the public one.
 */
export function readSessionInfo(xml: string): { info: SessionInfo; timeOutSeconds: number | undefined } {
  const root = parseXml(xml).root;
  const elements = root === undefined ? [] : [...descendantElements(root)];
  const server = elements.find((element) => element.localName === 'serverInfo');
  const user = elements.find((element) => element.localName === 'userInfo');
  const of = (element: typeof server, name: string): string | undefined => {
    const value = element === undefined ? undefined : attributeValue(element, name);
    return value === '' ? undefined : value;
  };
  const list = (name: string, toText: (attribute: (name: string) => string) => string): string[] =>
    user === undefined
      ? []
      : childElements(user, name).map((element) =>
          toText((attribute) => attributeValue(element, attribute) ?? ''),
        );
  const allowSql = of(server, 'allowSQL');
  const optional = {
    releaseName: of(server, 'releaseName'),
    buildNumber: of(server, 'buildNumber'),
    instanceName: of(server, 'instanceName'),
    databaseId: of(server, 'databaseId'),
    login: of(user, 'login'),
    loginId: of(user, 'loginId'),
    timezone: of(user, 'timezone'),
    allowSql: allowSql === undefined ? undefined : allowSql === 'true' || allowSql === '1',
  };
  const timeOuts = [of(server, 'sessionTimeOut'), of(server, 'securityTimeOut')]
    .map((text) => Number(text ?? NaN))
    .filter((seconds) => seconds > 0);
  return {
    info: {
      ...(Object.fromEntries(
        Object.entries(optional).filter(([, value]) => value !== undefined),
      ) as Partial<SessionInfo>),
      rights: list('login-right', (attribute) => attribute('right')),
      packages: list('installed-package', (attribute) => `${attribute('namespace')}:${attribute('name')}`),
    },
    timeOutSeconds: timeOuts.length === 0 ? undefined : Math.min(...timeOuts),
  };
}
