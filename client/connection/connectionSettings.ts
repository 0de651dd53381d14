/**
 * How careful to be with an instance. `production` is read-only until a person lifts it for a time, and the SOAP client
 * enforces that.
 */
export type Tier = 'development' | 'test' | 'staging' | 'production';

/**
 * How to sign in. `password`: native logon · `imsClientCredentials`: an OAuth Server-to-Server credential of the Adobe
 * Developer Console, its token sent with each call · `bearer`: an access token, sent with each call · `bearerLogon`: an
 * access token, exchanged for a session · `session`: the tokens of a session opened elsewhere · `userPassword`: login and
 * password in each call, without a logon (Message Center). Secrets are never in the settings.
 */
export type SignInMode =
  'password' | 'imsClientCredentials' | 'bearer' | 'bearerLogon' | 'session' | 'userPassword';

/** One entry of the `campaign.connections` setting. */
export interface ConnectionSettings {
  /** Stable and unique; names the secrets and the cache folder. */
  readonly id: string;
  readonly name: string;
  /** Base address, e.g. `https://acme.campaign.adobe.com`; the SOAP router's path is added. */
  readonly url: string;
  /** Default `password`. */
  readonly signIn: SignInMode;
  readonly login?: string;
  /** Default `production`: an instance nobody classified is treated with care. */
  readonly tier: Tier;
  /** Requests per second the instance allows, when known. Absent: found out by trying. */
  readonly requestsPerSecond?: number;
  /**
   * Limits of single methods, where the instance has such: `{ "xtk:persist#IngestExt": 20 }`, in requests per second.
   */
  readonly methodLimits?: Readonly<Record<string, number>>;
  /** Requests under way at once. Default 4, minimum 1. */
  readonly concurrency?: number;
  /** Longest wait for the answer to a call, in seconds. Default 60. */
  readonly timeoutSeconds?: number;
  /** Token service of Adobe IMS. Default `https://ims-na1.adobelogin.com/ims/token/v3`. */
  readonly imsUrl?: string;
  /** PEM file of a private certificate authority. */
  readonly caFile?: string;
  /** PEM files of a client certificate and its key. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

const tiers: readonly Tier[] = ['development', 'test', 'staging', 'production'];
const signInModes: readonly SignInMode[] = [
  'password',
  'imsClientCredentials',
  'bearer',
  'bearerLogon',
  'session',
  'userPassword',
];

/**
 * Reads the setting as people write it. Entries that cannot be used are left out, each with a problem: one sentence
 * that says what to change.
 */
export function parseConnectionSettings(value: unknown): {
  connections: ConnectionSettings[];
  problems: string[];
} {
  const connections: ConnectionSettings[] = [];
  const problems: string[] = [];
  if (value === undefined || value === null) return { connections, problems };
  if (!Array.isArray(value)) {
    return { connections, problems: ['campaign.connections must be a list of connections.'] };
  }
  (value as unknown[]).forEach((entry, index) => {
    const outcome = parseEntry(entry, index);
    if (typeof outcome === 'string') problems.push(outcome);
    else if (connections.some(({ id }) => id === outcome.id)) {
      problems.push(`campaign.connections: the id “${outcome.id}” is used twice; give the second its own.`);
    } else connections.push(outcome);
  });
  return { connections, problems };
}

function parseEntry(entry: unknown, index: number): ConnectionSettings | string {
  const where = `campaign.connections[${index}]`;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return `${where} must be an object.`;
  const fields = entry as Record<string, unknown>;
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const positive = (name: string): number | undefined => {
    const value = fields[name];
    return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : undefined;
  };
  const secret = Object.keys(fields).find((name) => /password|secret|token/i.test(name));
  if (secret !== undefined) {
    return `${where} holds “${secret}”: secrets do not belong in settings. Remove it; connecting asks once and keeps it safe.`;
  }
  const url = text('url');
  if (url === undefined)
    return `${where} has no url; write the address of the instance, e.g. https://acme.campaign.adobe.com.`;
  const baseUrl = toBaseUrl(url);
  if (baseUrl === undefined)
    return `${where}: “${url.replace(/\/\/[^/@]*@/, '//')}” is no address of an instance; write e.g. https://acme.campaign.adobe.com.`;
  const name = text('name') ?? text('id') ?? new URL(baseUrl).host;
  const id = text('id') ?? name;
  const tier = text('tier') ?? 'production';
  if (!tiers.includes(tier as Tier)) return `${where}: tier “${tier}” is none of ${tiers.join(', ')}.`;
  const signIn = text('signIn') ?? 'password';
  if (!signInModes.includes(signIn as SignInMode)) {
    return `${where}: signIn “${signIn}” is none of ${signInModes.join(', ')}.`;
  }
  for (const field of ['requestsPerSecond', 'concurrency', 'timeoutSeconds'] as const) {
    if (fields[field] !== undefined && positive(field) === undefined) {
      return `${where}: ${field} must be a number above 0; leave it out for the default.`;
    }
  }
  if ((text('certFile') === undefined) !== (text('keyFile') === undefined)) {
    return `${where}: certFile and keyFile belong together; name both or neither.`;
  }
  const methodLimits = fields['methodLimits'];
  if (methodLimits !== undefined && !isMethodLimits(methodLimits)) {
    return `${where}: methodLimits must name methods with a number above 0, e.g. { "xtk:persist#IngestExt": 20 }.`;
  }
  const imsUrl = text('imsUrl');
  if (
    imsUrl !== undefined &&
    !/^https:\/\/[^/@]+\//.test(imsUrl) &&
    !/^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(imsUrl)
  ) {
    return `${where}: imsUrl must be an https address; the secret is sent to it.`;
  }
  const optional = {
    login: text('login'),
    requestsPerSecond: positive('requestsPerSecond'),
    methodLimits,
    concurrency: positive('concurrency'),
    timeoutSeconds: positive('timeoutSeconds'),
    imsUrl,
    caFile: text('caFile'),
    certFile: text('certFile'),
    keyFile: text('keyFile'),
  };
  return {
    id,
    name,
    url: baseUrl,
    tier: tier as Tier,
    signIn: signIn as SignInMode,
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<ConnectionSettings>),
  };
}

function isMethodLimits(value: unknown): value is Record<string, number> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, limit]) =>
        name.includes('#') && typeof limit === 'number' && limit > 0 && Number.isFinite(limit),
    )
  );
}

/** The address without path, query and trailing slash; `undefined` when it is none, or holds a password. */
function toBaseUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (!/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '')
    return undefined;
  const path = parsed.pathname.replace(/\/(?:nl\/jsp\/.*|view\/.*)?$/, '');
  return `${parsed.origin}${path}`;
}
