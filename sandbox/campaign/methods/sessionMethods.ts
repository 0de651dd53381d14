import { createHash, randomBytes } from 'node:crypto';
import type { Instance } from '../instance.ts';
import type { Session } from '../session/sessions.ts';
import { toInstantText } from '../clock.ts';
import { blockedAddress, CampaignFailure, wrongCredentials } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { createElement, flag, type Element } from '../xml/element.ts';
import { applyDataPolicy } from '../write/dataPolicy.ts';

const packages = [
  'xtk:core',
  'nl:core',
  'nms:core',
  'nms:campaign',
  'nms:delivery',
  'nms:social',
  'nms:centralLocal',
];

/** `<userInfo>` as `Logon` and `GetUserInfo` give it. */
export function userInfo(instance: Instance, session: Session | undefined): Element {
  const operator = session?.operator;
  const element = createElement('userInfo', {
    login: operator?.login ?? '',
    loginId: operator?.id ?? 0,
    loginCS: operator?.label ?? '',
    locale: 'en-US',
    instanceLocale: 'en-US',
    timezone: 'Europe/Paris',
    datakitInDatabase: true,
    homeDir: '',
    noConsoleCnx: false,
    orgUnitId: 0,
    theme: '',
  });
  if (operator === undefined) return element;
  element.children.push(createElement('login-group', { id: 1060 }));
  for (const right of operator.rights) element.children.push(createElement('login-right', { right }));
  const installed = instance.settings.ffda ? [...packages, 'nms:ffda'] : packages;
  for (const id of installed) {
    const [namespace, name] = id.split(':');
    element.children.push(createElement('installed-package', { namespace, name }));
  }
  return element;
}

function sessionInfo(instance: Instance, session: Session): Element {
  const { settings, clock } = instance;
  const [major = '8'] = settings.release.split('.');
  const isClassic = Number(major) < 8;
  const serverInfo = createElement('serverInfo', {
    // [W] v7 prints its internal version 6.7; the public one is releaseName.
    majNumber: isClassic ? 6 : major,
    minNumber: isClassic ? 7 : (settings.release.split('.')[1] ?? 0),
    servicePack: 0,
    minNumberTechnical: 0,
    buildNumber: settings.build,
    releaseName: settings.release,
    commitId: '0000000',
    instanceName: settings.instanceName,
    databaseId: instance.option('XtkDatabaseId').value,
    defaultNameSpace: 'cus',
    serverDate: toInstantText(clock.now()),
    sessionTimeOut: settings.sessionTimeOutSec,
    securityTimeOut: settings.securityTimeOutSec,
    allowSQL: settings.allowSql,
    useVault: false,
    fohVersion: 2,
    minClientBuildNumber: 9333,
    advisedClientBuildNumber: 0,
    advisedClientName: '',
    advisedClientVersion: '',
  });
  return createElement('sessionInfo', {}, [serverInfo, userInfo(instance, session)]);
}

const opened = (instance: Instance, session: Session): Answer => ({
  values: [session.sessionToken, sessionInfo(instance, session), session.securityToken],
});

function logon(call: Call): Answer {
  const { instance } = call;
  if (instance.settings.blockedAddress) throw blockedAddress(call.address);
  const operator = instance.settings.nativeLogon
    ? instance.authenticate(call.text(0), call.text(1))
    : undefined;
  // [?] What a server whose native logon is switched off answers is not documented.
  if (operator === undefined) throw wrongCredentials();
  const parameters = call.element(2);
  const isLong = parameters !== undefined && flag(parameters, 'rememberMe');
  return opened(instance, instance.sessions.open(operator, isLong));
}

function bearerLogon(call: Call): Answer {
  const { instance } = call;
  if (instance.settings.blockedAddress) throw blockedAddress(call.address);
  const isKnown = instance.settings.imsLogon && instance.ims.isValid(call.text(0).trim());
  if (!isKnown) throw wrongCredentials();
  return opened(instance, instance.sessions.open(instance.operator(), false));
}

function newIds(call: Call, sequence: string): Answer {
  const count = call.number(0);
  if (count < 1 || count > 100_000)
    throw new CampaignFailure(`${count} identifiers cannot be reserved at once.`);
  const first = call.instance.sequences.reserve(sequence, count);
  return { values: [Array.from({ length: count }, (_, index) => first + index).join(',')] };
}

/** Holds as long as the sandbox runs. */
function changePassword({ instance, text }: Call): Answer {
  if (instance.authenticate(instance.login, text(0)) === undefined)
    throw new CampaignFailure('XSV-350012 Invalid login or password. Connection denied.');
  if (text(1) === '') throw new CampaignFailure('The new password is empty.');
  instance.changePassword(text(1));
  return {};
}

const digest = (text: string): string => `@${createHash('sha256').update(text).digest('base64')}`;

const encrypt = (call: Call): Answer => ({
  values: [`@${Buffer.concat([randomBytes(16), Buffer.from(digest(call.text(0)))]).toString('base64')}`],
});

/** `xtk:session`. */
export const sessionMethods: readonly Method[] = [
  method(
    'xtk:session#Logon',
    'strLogin:string, strPassword:string, elemParameters?:DOMElement -> pstrSessionToken:string, pSessionInfo:DOMDocument, pstrSecurityToken:string',
    logon,
    { access: 'anonymous' },
  ),
  method(
    'xtk:session#BearerTokenLogon',
    'bearerToken:string -> pstrSessionToken:string, pSessionInfo:DOMDocument, pstrSecurityToken:string',
    bearerLogon,
    { access: 'anonymous' },
  ),
  method('xtk:session#Logoff', '', ({ instance, session }) => {
    instance.sessions.close(session?.sessionToken ?? '');
    return {};
  }),
  method(
    'xtk:session#GetUserInfo',
    '-> pUserInfo:sessionUserInfo',
    ({ instance, session }) => ({ values: [userInfo(instance, session)] }),
    { access: 'anonymous' },
  ),
  method('xtk:session#TestCnx', '', () => ({})),
  method(
    'xtk:session#GetServerTime',
    '-> ptmServerTime:datetime',
    ({ instance }) => ({ values: [new Date(instance.clock.now())] }),
    { access: 'anonymous' },
  ),
  method('xtk:session#GetCnxInfo', '-> pdomCnxInfo:DOMDocument', ({ instance }) => ({
    values: [
      createElement('infos', {}, [
        createElement('connection', {
          instance: instance.settings.instanceName,
          provider: 'PostgreSQL',
          unicode: true,
        }),
      ]),
    ],
  })),
  method(
    'xtk:session#GetOption',
    'strName:string -> pstrValue:string, pbtType:byte',
    ({ instance, text }) => {
      const { value, type } = instance.option(text(0));
      return { values: [value, type] };
    },
  ),
  method('xtk:session#GetNewIds', 'lCount:long -> pstrIdList:string', (call) => newIds(call, 'XtkNewId')),
  method('xtk:session#GetNewIdsEx', 'lCount:long, strSequence:string -> pstrIdList:string', (call) =>
    newIds(call, call.text(1).trim() || 'XtkNewId'),
  ),
  method(
    'xtk:session#FormatDataPolicy',
    'strDataPolicy:string, strValue:string -> pstrResult:string',
    ({ text }) => ({ values: [applyDataPolicy(text(0), text(1))] }),
    { access: 'anonymous' },
  ),
  method('xtk:session#Encrypt', 'strValue:string -> pstrResult:string', encrypt),
  method('xtk:session#EncryptPassword', 'strPassword:string -> pstrResult:string', encrypt),
  method('xtk:session#EncryptServerPassword', 'strPassword:string -> pstrResult:string', encrypt),
  method('xtk:session#ReEncryptPassword', 'strPassword:string -> pstrResult:string', encrypt),
  method('xtk:session#HashPassword', 'strPassword:string -> pstrResult:string', ({ text }) => ({
    values: [digest(text(0))],
  })),
  method(
    'xtk:session#KillSession',
    'strSessionId:string',
    ({ instance, text }) => {
      instance.sessions.close(text(0));
      return {};
    },
    { access: 'admin' },
  ),
  method('xtk:session#ChangePassword', 'strOldPassword:string, strNewPassword:string', changePassword),
  // It comes back at once: from outside only the sessions and jobs are gone.
  method(
    'xtk:session#ServerShutdown',
    '',
    ({ instance }) => {
      instance.restart();
      return {};
    },
    { access: 'admin' },
  ),
  method(
    'xtk:session#GetTAClientId',
    '-> pstrClientId:string',
    ({ instance }) => ({ values: [instance.ims.clientId] }),
    { access: 'admin' },
  ),
  // The sandbox reads rights anew on each call: there is no cache to clear.
  method('xtk:session#ClearUserContextCache', '', () => ({}), { access: 'admin' }),
];
