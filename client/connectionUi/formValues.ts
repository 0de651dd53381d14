import type { FormError, FormPlace, FormValues } from '../../core/protocol/connectionFormMessages.ts';
import type { CampaignError } from '../../core/soap/campaignError.ts';
import type { SessionInfo } from '../../core/soap/soapClient.ts';
import { parseConnectionSettings, type ConnectionSettings } from '../connection/connectionSettings.ts';
import type { SavedConnection } from './savedConnections.ts';

/** What the form shows of an entry; everything it does not show stays as it is when saved. */
export function toFormValues(entry: SavedConnection | undefined): FormValues {
  const text = (name: string): string => {
    const value = entry?.[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return {
    name: text('name') || text('id'),
    url: text('url'),
    // Nobody has said yet that it is anything less.
    tier: text('tier') || 'production',
    signIn: text('signIn') || 'password',
    credentials: { login: text('login') },
    requestsPerSecond: text('requestsPerSecond'),
    concurrency: text('concurrency'),
    timeoutSeconds: text('timeoutSeconds'),
    caFile: text('caFile'),
  };
}

export type FormResult =
  | { readonly entry: SavedConnection; readonly settings: ConnectionSettings; readonly errors: readonly [] }
  | { readonly entry: undefined; readonly errors: readonly FormError[] };

/**
 * Turns what was typed into an entry of the settings.
 * @param before the entry being edited.
 * @param takenIds ids of the other connections.
 */
export function fromFormValues(
  values: FormValues,
  before: SavedConnection | undefined,
  takenIds: readonly string[],
): FormResult {
  const errors: FormError[] = [];
  const url = toUrl(values.url);
  if (values.url === '') errors.push({ place: 'url', message: 'Write the address of the instance.' });
  else if (url === undefined) {
    errors.push({
      place: 'url',
      message: 'This is no address of an instance. Write e.g. https://acme.campaign.adobe.com.',
    });
  }
  const numbers: Record<string, number> = {};
  for (const place of ['requestsPerSecond', 'concurrency', 'timeoutSeconds'] as const) {
    if (values[place] === '') continue;
    const number = Number(values[place].replace(',', '.'));
    const isRight =
      number > 0 && Number.isFinite(number) && (place !== 'concurrency' || Number.isInteger(number));
    if (isRight) numbers[place] = number;
    else {
      errors.push({
        place,
        message: place === 'concurrency' ? 'Write a whole number above 0.' : 'Write a number above 0.',
      });
    }
  }
  const name = values.name === '' && url !== undefined ? new URL(url).host : values.name;
  const id = idFor(name, before, takenIds);
  if (errors.length > 0 || url === undefined) return { entry: undefined, errors };

  const kept = Object.fromEntries(Object.entries(before ?? {}).filter(([key]) => !shownKeys.has(key)));
  const { login } = values.credentials;
  const entry: SavedConnection = {
    ...kept,
    id,
    name,
    url,
    ...(values.signIn === 'password' ? {} : { signIn: values.signIn }),
    ...(login === undefined || login.trim() === '' ? {} : { login: login.trim() }),
    tier: values.tier,
    ...numbers,
    ...(values.caFile === '' ? {} : { caFile: values.caFile }),
  };
  const parsed = parseConnectionSettings([entry]);
  const settings = parsed.connections[0];
  return settings === undefined
    ? { entry: undefined, errors: parsed.problems.map((message) => ({ place: 'form', message })) }
    : { entry: { ...entry, url: settings.url }, settings, errors: [] };
}

const shownKeys: ReadonlySet<string> = new Set([
  'id',
  'name',
  'url',
  'signIn',
  'login',
  'tier',
  'requestsPerSecond',
  'concurrency',
  'timeoutSeconds',
  'caFile',
]);

/** People paste what the browser shows: the page behind the address does not matter. */
function toUrl(text: string): string | undefined {
  const url = /^[a-z][\w+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, username, password } = new URL(url);
  if (!/^https?:$/.test(protocol) || hostname === '' || username !== '' || password !== '') return undefined;
  return url;
}

/** Stays what it was: the stored secrets and the model cache hang on it. */
function idFor(name: string, before: SavedConnection | undefined, takenIds: readonly string[]): string {
  const existing = before?.['id'];
  if (typeof existing === 'string' && existing !== '') return existing;
  const base =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'campaign';
  let id = base;
  for (let n = 2; takenIds.includes(id); n++) id = `${base}-${n}`;
  return id;
}

/** At which field a failed test belongs, and whether the connection may be saved all the same. */
export function toFormError(error: CampaignError): FormError {
  const places: Partial<Record<CampaignError['code'], FormPlace>> = {
    network: 'url',
    http: 'url',
    badResponse: 'url',
    signIn: error.campaignCode === 'XSV-350013' ? 'form' : 'credentials',
  };
  const details = error.code === 'signIn' || error.details.length === 0 ? [] : error.details.slice(0, 3);
  return { place: places[error.code] ?? 'form', message: [error.message, ...details].join('\n') };
}

/** What a successful test says. */
export function toSuccess(session: SessionInfo): string {
  const version = session.releaseName === undefined ? '' : ` ${session.releaseName}`;
  const build = session.buildNumber === undefined ? '' : ` (build ${session.buildNumber})`;
  const instance = session.instanceName === undefined ? '' : `, instance ${session.instanceName}`;
  const login = session.login === undefined ? '' : ` as ${session.login}`;
  return `Connected${login}: Campaign${version}${build}${instance}.`;
}
