import type { CancelSignal } from './cancelSignal.ts';
import { writeEnvelope } from './envelope.ts';
import { methodAccess } from './methodAccess.ts';
import type { OpenSession, SignIn } from './signIn.ts';
import {
  receiveOutputs,
  receiveText,
  toError,
  toHeaders,
  toRequest,
  type PlannedRequest,
  type RequestDefaults,
} from './soapRequest.ts';
import type { Wire, WireResult } from './wire.ts';

/** Opens a session. Invariant: nothing in here is ever repeated by itself. @param onLogon told of each logon sent. */
export async function openSession(
  wire: Wire,
  signIn: SignIn,
  defaults: RequestDefaults,
  signal: CancelSignal,
  onLogon: () => unknown,
): Promise<OpenSession> {
  const once = { isIdempotent: true, attempt: 1 };
  const valueOf = <T>(result: WireResult<T>, request: PlannedRequest): T => {
    if (result.kind === 'value') return result.value;
    throw toError(result, request, wire.secrets);
  };
  const session = await signIn.open({
    url: defaults.baseUrl,
    now: wire.clock.now(),
    signal,
    addSecret: (secret) => wire.remember([secret]),
    call: async (call, { headers = {}, sessionToken = '' } = {}) => {
      if (methodAccess(call) === 'session') onLogon();
      const request = toRequest(defaults, call, writeEnvelope(call, sessionToken), { signal }, once);
      const prepare = (): Record<string, string> => toHeaders(call, { headers });
      return valueOf(await wire.exchange({ ...request, prepare }, receiveOutputs), request);
    },
    fetchText: async ({ method, url, headers = {}, body, purpose, isElsewhere }) => {
      const request = {
        ...toRequest(defaults, { urn: '', method: '' }, body ?? '', { signal }, once),
        httpMethod: method,
        url,
        action: purpose,
        isElsewhere,
      };
      return valueOf(await wire.exchange({ ...request, prepare: () => headers }, receiveText), request);
    },
  });
  wire.remember(session.secrets);
  return session;
}
