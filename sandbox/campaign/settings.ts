/** How the sandbox behaves. Every setting can be given at start (`--set name=value`) and changed while it runs. */
export interface Settings {
  tps: number;
  burst: number;
  throttleScope: 'server' | 'method';
  retryAfter: 'none' | 'seconds' | 'date';
  throttleBody: 'empty' | 'text' | 'json' | 'html';
  latencyMs: number;
  release: string;
  build: number;
  instanceName: string;
  rights: string;
  sessionTimeOutSec: number;
  securityTimeOutSec: number;
  expiryStatus: number;
  faultStatus: number;
  showErrors: boolean;
  replyForm: 'current' | 'old';
  nativeLogon: boolean;
  imsLogon: boolean;
  userPasswordToken: boolean;
  sessionTokenOnly: boolean;
  charsetRequired: boolean;
  refuseRequestId: boolean;
  blockedAddress: boolean;
  defaultLineCount: number;
  startLineQuirk: boolean;
  shuffleRows: boolean;
  extraAttributes: boolean;
  allowSql: boolean;
  showDebug: boolean;
  ffda: boolean;
  replication: 'hourly' | 'stopped' | 'error';
  workflowDelayMs: number;
}

type SettingName = keyof Settings;

interface Row {
  name: SettingName;
  value: Settings[SettingName];
  /** Smallest value of a number. */
  min?: number;
  choices?: readonly string[];
  help: string;
}

const rows: readonly Row[] = [
  { name: 'tps', value: 0, min: 0, help: 'calls per second before 429; 0 is no limit' },
  { name: 'burst', value: 0, min: 0, help: 'calls accepted at once; 0 is one second of tps' },
  { name: 'throttleScope', value: 'server', choices: ['server', 'method'], help: 'what the limit counts' },
  { name: 'retryAfter', value: 'none', choices: ['none', 'seconds', 'date'], help: 'Retry-After of a 429' },
  { name: 'throttleBody', value: 'empty', choices: ['empty', 'text', 'json', 'html'], help: 'body of a 429' },
  { name: 'latencyMs', value: 0, min: 0, help: 'delay before each SOAP answer' },
  {
    name: 'release',
    value: '8.6.2',
    help: 'public version, e.g. 7.4.3 or 8.4.1; decides which methods exist',
  },
  { name: 'build', value: 9469, min: 1, help: 'build number' },
  { name: 'instanceName', value: 'sandbox', help: 'name of the instance' },
  { name: 'rights', value: 'admin', help: 'comma-separated named rights of the operator' },
  { name: 'sessionTimeOutSec', value: 86400, min: 0, help: 'life of a session token' },
  { name: 'securityTimeOutSec', value: 86400, min: 0, help: 'life of a security token' },
  { name: 'expiryStatus', value: 200, min: 200, help: 'HTTP status of XSV-350008: 200 or 403' },
  { name: 'faultStatus', value: 200, min: 200, help: 'HTTP status of a SOAP fault: 200 or 500' },
  { name: 'showErrors', value: true, help: 'false: faults lose their detail (SOP-330023)' },
  {
    name: 'replyForm',
    value: 'current',
    choices: ['current', 'old'],
    help: 'old: ISO-8859-1, prefixed method elements, faults without codes',
  },
  { name: 'nativeLogon', value: true, help: 'accept Logon with login and password' },
  { name: 'imsLogon', value: true, help: 'accept Bearer tokens of /ims/token/v3' },
  { name: 'userPasswordToken', value: false, help: 'accept login/password as session token' },
  { name: 'sessionTokenOnly', value: false, help: 'do not ask for the security token' },
  { name: 'charsetRequired', value: true, help: 'read a request without charset as ISO-8859-1' },
  { name: 'refuseRequestId', value: false, help: 'answer 400 to the x-request-id header, as old builds do' },
  { name: 'blockedAddress', value: false, help: 'refuse logons from this address (XSV-350013)' },
  { name: 'defaultLineCount', value: 200, min: 1, help: 'rows of a query without lineCount' },
  { name: 'startLineQuirk', value: false, help: 'startLine returns the last row of the page before again' },
  { name: 'shuffleRows', value: false, help: 'rows without orderBy come in another order each time' },
  { name: 'extraAttributes', value: false, help: 'rows carry _cs and md5 although nobody asked' },
  { name: 'allowSql', value: true, help: 'BuildQuery and native SQL are permitted' },
  { name: 'showDebug', value: true, help: '/r/test tells build and instance' },
  { name: 'ffda', value: true, help: 'two databases with staging; false is a server without' },
  {
    name: 'replication',
    value: 'hourly',
    choices: ['hourly', 'stopped', 'error'],
    help: 'staging replication',
  },
  { name: 'workflowDelayMs', value: 0, min: 0, help: 'time a workflow command takes to act' },
];

export const settingNames: readonly SettingName[] = rows.map((row) => row.name);

export function defaultSettings(): Settings {
  return Object.fromEntries(rows.map((row) => [row.name, row.value])) as unknown as Settings;
}

/** Thrown for a setting that does not exist or a value it cannot have; the message says what it can be. */
export class BadSetting extends Error {}

/** Changes some settings, all or none. Values may be text, as a command line has them. */
export function changeSettings(settings: Settings, changes: Readonly<Record<string, unknown>>): void {
  const accepted = Object.entries(changes).map(([name, value]) => [name, readSetting(name, value)] as const);
  Object.assign(settings, Object.fromEntries(accepted));
}

function readSetting(name: string, given: unknown): string | number | boolean {
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined)
    throw new BadSetting(`There is no setting "${name}". Settings: ${settingNames.join(', ')}.`);
  const value =
    typeof given === 'string' && typeof row.value !== 'string' ? fromText(given, row.value) : given;
  if (typeof value !== typeof row.value) {
    throw new BadSetting(`Setting ${name} takes a ${typeof row.value}, e.g. ${name}=${row.value}.`);
  }
  if (typeof value === 'number' && (!Number.isFinite(value) || value < (row.min ?? 0))) {
    throw new BadSetting(`Setting ${name} takes a number from ${row.min ?? 0}.`);
  }
  if (row.choices !== undefined && !row.choices.includes(value as string)) {
    throw new BadSetting(`Setting ${name} takes one of: ${row.choices.join(', ')}.`);
  }
  return value as string | number | boolean;
}

function fromText(text: string, like: unknown): unknown {
  if (typeof like === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** One line per setting, for `--help`. */
export function describeSettings(): string {
  return rows.map((row) => `  ${`${row.name}=${row.value}`.padEnd(28)} ${row.help}`).join('\n');
}

/** Is the simulated server at least this version? */
export function isRelease(settings: Settings, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = settings.release.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
