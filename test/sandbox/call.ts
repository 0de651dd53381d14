import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/campaign/sandbox.ts';

/** An answer as it came over HTTP. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** Where a sandbox is and who may log on; a process of its own gives no more than this. */
export type Address = Pick<Sandbox, 'url' | 'login' | 'password'>;

/** Talks to a sandbox with envelopes written by hand: nothing of the client is involved. */
export class Caller<T extends Address = Address> {
  readonly sandbox: T;
  sessionToken = '';
  securityToken = '';

  constructor(sandbox: T) {
    this.sandbox = sandbox;
  }

  /** Posts an envelope around the parameters; `sessiontoken` is added unless `bare`. */
  async post(
    action: string,
    parameters = '',
    headers: Record<string, string> = {},
    bare = false,
  ): Promise<Answer> {
    const name = action.replace(/"/g, '').split('#')[1] ?? 'Method';
    const body =
      `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>` +
      `<${name} xmlns="urn:any">${bare ? '' : '<sessiontoken/>'}${parameters}</${name}></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
    return this.send(action, body, headers);
  }

  async send(action: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.sandbox.url}/nl/jsp/soaprouter.jsp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'text/xml; charset=utf-8',
        SOAPAction: action,
        'X-Security-Token': this.securityToken,
        ...(this.sessionToken === '' ? {} : { Cookie: `__sessiontoken=${this.sessionToken}` }),
        ...headers,
      },
      body,
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async logon(): Promise<Answer> {
    const { login, password } = this.sandbox;
    const answer = await this.post(
      'xtk:session#Logon',
      `<strLogin>${login}</strLogin><strPassword>${password}</strPassword><elemParameters/>`,
    );
    this.sessionToken = textOf(answer.text, 'pstrSessionToken') ?? '';
    this.securityToken = textOf(answer.text, 'pstrSecurityToken') ?? '';
    return answer;
  }

  /** The document of an `ExecuteQuery`, or the text of the fault. */
  async query(queryDef: string): Promise<string> {
    const answer = await this.post('xtk:queryDef#ExecuteQuery', `<entity>${queryDef}</entity>`);
    return contentOf(answer.text, 'pdomOutput') ?? faultOf(answer.text);
  }

  async sql(queryDef: string): Promise<string> {
    const answer = await this.post('xtk:queryDef#BuildQuery', `<entity>${queryDef}</entity>`);
    return unescape(textOf(answer.text, 'pstrSql') ?? faultOf(answer.text));
  }

  /** Runs a method that returns nothing; the fault's text when it fails, else `''`. */
  async run(action: string, parameters: string): Promise<string> {
    const answer = await this.post(action, parameters);
    return faultOf(answer.text);
  }
}

/** A sandbox and someone logged on to it; `stop` it when done. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Caller<Sandbox>> {
  const caller = new Caller(await startSandbox({ rows: 50, ...options }));
  await caller.logon();
  return caller;
}

export const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** What is between the tags of the first element of a name; `undefined` when there is none. */
export function contentOf(xml: string, name: string): string | undefined {
  const match = new RegExp(`<${name}(?:\\s[^>]*?)?(?:/>|>([\\s\\S]*?)</${name}>)`).exec(xml);
  return match === null ? undefined : (match[1] ?? '');
}

export const textOf = contentOf;

/** `faultstring` and `detail`, one line each; `''` when the answer is no fault. */
export function faultOf(xml: string): string {
  if (!xml.startsWith('<')) return xml;
  const parts = [contentOf(xml, 'faultstring'), contentOf(xml, 'detail')].filter(
    (part) => part !== undefined,
  );
  return unescape(parts.join('\n'));
}
