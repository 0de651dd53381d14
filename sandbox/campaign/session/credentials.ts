import type { Instance } from '../instance.ts';
import { badParameters, sessionExpired, wrongCredentials } from '../soap/fault.ts';
import type { Session } from './sessions.ts';

/** What a request brought to say who sends it. */
export interface Credentials {
  /** From the cookie or the header; the first parameter of the call may bring it too. */
  sessionToken: string;
  securityToken: string;
  /** Of `Authorization: Bearer`. */
  bearerToken: string | undefined;
  address: string;
}

interface CallFacts {
  anonymous: boolean;
  method: string;
  service: string;
}

/**
 * Who is calling. Anonymous methods go on without a session, but know it when there is one.
 * @throws TextReply for sessions that are over, SoapFault for a token that is none.
 */
export function authenticate(
  instance: Instance,
  credentials: Credentials,
  parameterToken: string,
  call: CallFacts,
): Session | undefined {
  const { settings, sessions } = instance;
  if (credentials.bearerToken !== undefined) {
    const session = settings.imsLogon ? instance.ims.sessionOf(credentials.bearerToken) : undefined;
    if (session === undefined && !call.anonymous) throw sessionExpired(settings.expiryStatus);
    return session;
  }
  if (parameterToken.includes('/') && !parameterToken.startsWith('_')) {
    return userPasswordSession(instance, parameterToken, call);
  }
  const token = parameterToken === '' ? credentials.sessionToken : parameterToken;
  const session = token === '' ? undefined : sessions.find(token, credentials.securityToken);
  if (session !== undefined || call.anonymous) return session;
  // A first parameter that is no token at all: the caller forgot to send one, and all parameters have moved.
  if (parameterToken !== '' && !parameterToken.startsWith('___')) {
    throw badParameters(
      call.method,
      call.service,
      'XSV-350012 Invalid login or password. Connection denied.',
    );
  }
  throw sessionExpired(settings.expiryStatus);
}

/** `login/password` instead of a token, where the security zone allows it. */
function userPasswordSession(instance: Instance, token: string, call: CallFacts): Session | undefined {
  const slash = token.indexOf('/');
  const operator = instance.settings.userPasswordToken
    ? instance.authenticate(token.slice(0, slash), token.slice(slash + 1))
    : undefined;
  if (operator !== undefined) return instance.sessions.transient(operator);
  if (call.anonymous) return undefined;
  if (instance.settings.userPasswordToken) throw wrongCredentials();
  throw badParameters(call.method, call.service, 'XSV-350012 Invalid login or password. Connection denied.');
}
