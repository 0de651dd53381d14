import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Operator, Session } from './sessions.ts';

/** Life of an access token, as Adobe's identity service gives it. */
const tokenLifeSec = 86_399;

/** Stands in for Adobe's identity service: hands out access tokens and knows whose they are. */
export class Ims {
  readonly clientId: string;
  readonly clientSecret: string;
  private readonly clock: Clock;
  private readonly operator: () => Operator;
  private readonly tokens = new Map<string, number>();

  constructor(clock: Clock, operator: () => Operator, clientId: string, clientSecret: string) {
    this.clock = clock;
    this.operator = operator;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
  }

  /** `POST /ims/token/v3`: status and JSON body. */
  token(form: URLSearchParams): { status: number; body: Record<string, string | number> } {
    if (form.get('grant_type') !== 'client_credentials') {
      return { status: 400, body: { error: 'unsupported_grant_type' } };
    }
    if (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret) {
      return {
        status: 401,
        body: { error: 'invalid_client', error_description: 'invalid client_id or client_secret' },
      };
    }
    if ((form.get('scope') ?? '') === '') return { status: 400, body: { error: 'invalid_scope' } };
    const token = `eyJ${randomBytes(48).toString('base64url')}`;
    this.tokens.set(token, this.clock.now() + tokenLifeSec * 1000);
    return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: tokenLifeSec } };
  }

  isValid(token: string): boolean {
    return (this.tokens.get(token) ?? 0) > this.clock.now();
  }

  /** A session for one call; `undefined` when the token is unknown or over. */
  sessionOf(token: string): Session | undefined {
    if (!this.isValid(token)) return undefined;
    const ends = this.tokens.get(token)!;
    return {
      operator: this.operator(),
      sessionToken: '',
      securityToken: '',
      sessionEndsMs: ends,
      securityEndsMs: ends,
    };
  }

  expireAll(): void {
    this.tokens.clear();
  }
}
