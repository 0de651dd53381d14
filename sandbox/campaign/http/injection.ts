import type { Clock } from '../clock.ts';

/** Things that go wrong on purpose. */
export const faultKinds = [
  /** Wait `delayMs`, then go on. */
  'latency',
  /** 429, with `retryAfter` in seconds, as a date, or not at all. */
  'tooManyRequests',
  /** 503, or `status`. */
  'unavailable',
  /** The connection is cut without an answer. */
  'dropConnection',
  /** The answer is cut in the middle. */
  'truncateReply',
  /** A page of a gateway instead of an envelope. */
  'htmlPage',
  /** The session ends: `XSV-350008`. */
  'expireSession',
  /** The answer trickles: `delayMs` between its pieces. */
  'slowBody',
  /** The server restarts: the connection is cut, and all sessions and jobs are gone. */
  'restart',
  /** A SOAP fault with `body` as its detail; an empty one has none. */
  'soapFault',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** A rule: which calls it hits, and what happens to them. */
export interface FaultRule {
  kind: FaultKind;
  /** `service#Method`, or only the method's name. Absent: every call. */
  method?: string;
  /** Calls let through first. Default 0. */
  after?: number;
  /** How many calls it hits before it is used up. Absent: all. */
  times?: number;
  /** Only each nth of the calls it could hit. Default 1. */
  every?: number;
  /**
   * `after` runs the method before things go wrong: the caller cannot know that it ran. Default `before`. For
   * `dropConnection`, `restart`, `unavailable`, `tooManyRequests`, `htmlPage` and `soapFault`.
   */
  phase?: 'before' | 'after';
  delayMs?: number;
  status?: number;
  /** Seconds, or `date` for a date `delayMs` (default 1000) away. */
  retryAfter?: number | 'date';
  body?: string;
}

/** A rule as it stands. */
export interface FaultState extends FaultRule {
  seen: number;
  hits: number;
}

/** Thrown for a rule that cannot be read; the message says what is wrong. */
export class BadFault extends Error {}

export class Injection {
  private states: FaultState[] = [];

  set(rules: readonly FaultRule[]): void {
    this.states = rules.map((rule) => ({ ...rule, seen: 0, hits: 0 }));
  }

  add(rule: FaultRule): void {
    this.states.push({ ...rule, seen: 0, hits: 0 });
  }

  list(): readonly FaultState[] {
    return this.states;
  }

  /** The rules that hit a call, in order. Counts the call. */
  hit(method: string): FaultRule[] {
    return this.states.filter((state) => {
      if (state.method !== undefined && state.method !== method && state.method !== method.split('#')[1])
        return false;
      const index = state.seen++ - (state.after ?? 0);
      if (index < 0 || index % (state.every ?? 1) !== 0) return false;
      if (state.times !== undefined && state.hits >= state.times) return false;
      state.hits++;
      return true;
    });
  }
}

/** Value of a Retry-After header. */
export function retryAfterHeader(rule: FaultRule, clock: Clock): Record<string, string> {
  if (rule.retryAfter === undefined) return {};
  const date = new Date(clock.now() + (rule.delayMs ?? 1000)).toUTCString();
  return { 'Retry-After': rule.retryAfter === 'date' ? date : String(rule.retryAfter) };
}

const numbers = ['after', 'times', 'every', 'delayMs', 'status'] as const;
const known: ReadonlySet<string> = new Set(['kind', 'method', 'phase', 'retryAfter', 'body', ...numbers]);

/** Checks rules that came from outside. @throws BadFault. */
export function readFaults(value: unknown): FaultRule[] {
  const list: unknown = Array.isArray(value)
    ? value
    : isRecord(value) && 'faults' in value
      ? value['faults']
      : [value];
  if (!Array.isArray(list)) throw new BadFault('"faults" is a list of rules.');
  return list.map(readFault);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function readFault(value: unknown): FaultRule {
  if (!isRecord(value)) throw new BadFault('A fault is an object such as {"kind":"unavailable","times":2}.');
  const unknown = Object.keys(value).find((key) => !known.has(key));
  if (unknown !== undefined)
    throw new BadFault(`A fault has no "${unknown}"; it can have ${[...known].join(', ')}.`);
  const kind = value['kind'];
  if (!faultKinds.includes(kind as FaultKind))
    throw new BadFault(`"kind" is one of ${faultKinds.join(', ')}.`);
  for (const name of numbers) {
    const number = value[name];
    const min = name === 'every' ? 1 : 0;
    if (number !== undefined && !(Number.isInteger(number) && (number as number) >= min)) {
      throw new BadFault(`"${name}" is a whole number from ${min}.`);
    }
  }
  for (const name of ['method', 'body'] as const) {
    if (value[name] !== undefined && typeof value[name] !== 'string')
      throw new BadFault(`"${name}" is a text.`);
  }
  const { phase, retryAfter } = value;
  if (phase !== undefined && phase !== 'before' && phase !== 'after')
    throw new BadFault('"phase" is before or after.');
  if (
    retryAfter !== undefined &&
    retryAfter !== 'date' &&
    !(Number.isInteger(retryAfter) && (retryAfter as number) >= 0)
  ) {
    throw new BadFault('"retryAfter" is a number of seconds or "date".');
  }
  return value as unknown as FaultRule;
}
