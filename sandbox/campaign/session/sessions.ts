import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Settings } from '../settings.ts';

/** An operator who may log on. */
export interface Operator {
  id: number;
  login: string;
  label: string;
  /** Named rights, e.g. `admin`. */
  rights: readonly string[];
}

export interface Session {
  operator: Operator;
  sessionToken: string;
  securityToken: string;
  /** Milliseconds since the epoch. */
  sessionEndsMs: number;
  securityEndsMs: number;
}

const longSessionSec = 1_296_000;

/** The sessions of one instance, in memory: a restart ends them all, as on a real server. */
export class Sessions {
  private readonly byToken = new Map<string, Session>();
  private readonly clock: Clock;
  private readonly settings: Settings;

  constructor(clock: Clock, settings: Settings) {
    this.clock = clock;
    this.settings = settings;
  }

  open(operator: Operator, long: boolean): Session {
    const now = this.clock.now();
    const session: Session = {
      operator,
      sessionToken: `___${randomUUID()}`,
      securityToken: `@${randomBytes(79).toString('base64url')}==`,
      sessionEndsMs: now + 1000 * (long ? longSessionSec : this.settings.sessionTimeOutSec),
      securityEndsMs: now + 1000 * (long ? longSessionSec : this.settings.securityTimeOutSec),
    };
    this.byToken.set(session.sessionToken, session);
    return session;
  }

  /** The live session of a token pair; `undefined` when it is unknown, over, or the security token does not belong to it. */
  find(sessionToken: string, securityToken: string): Session | undefined {
    const session = this.byToken.get(sessionToken);
    if (session === undefined) return undefined;
    const now = this.clock.now();
    if (now >= session.sessionEndsMs) {
      this.byToken.delete(sessionToken);
      return undefined;
    }
    if (this.settings.sessionTokenOnly) return session;
    return session.securityToken === securityToken && now < session.securityEndsMs ? session : undefined;
  }

  /** A session for one call, known by no token. */
  transient(operator: Operator): Session {
    const ends = this.clock.now() + 1000;
    return { operator, sessionToken: '', securityToken: '', sessionEndsMs: ends, securityEndsMs: ends };
  }

  close(sessionToken: string): void {
    this.byToken.delete(sessionToken);
  }

  /** Ends every session at once, as a restart of the server does. */
  closeAll(): void {
    this.byToken.clear();
  }

  get count(): number {
    return this.byToken.size;
  }
}
