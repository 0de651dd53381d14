import type { Instance } from '../instance.ts';
import type { Credentials } from '../session/credentials.ts';
import { callName, readAction, type Dispatcher } from '../soap/dispatcher.ts';
import type { Action } from '../soap/method.ts';
import { notImplemented, SoapFault } from '../soap/fault.ts';
import { loadEntity } from '../methods/entityMethods.ts';
import { writeFault } from '../soap/envelope.ts';
import { toOldForm } from '../soap/oldForm.ts';
import { toInstantText } from '../clock.ts';
import { escapeXmlAttribute } from '../../../core/xml/entities.ts';
import type { AdminPages } from './admin.ts';
import type { FaultRule, Injection } from './injection.ts';
import { retryAfterHeader } from './injection.ts';
import { Pages } from './pages.ts';
import { htmlReply, jsonReply, textReply, xmlReply, type Reply } from './reply.ts';
import type { Request } from './server.ts';
import type { Statistics } from './statistics.ts';
import { Throttle } from './throttle.ts';

/** What requests are sent to. */
export interface RouterParts {
  instance: Instance;
  dispatcher: Dispatcher;
  injection: Injection;
  statistics: Statistics;
  admin: AdminPages;
  /** Lets time catch up before a call is answered. */
  beforeCall: () => void;
}

/** Sends each request where it belongs. */
export class Router {
  private readonly instance: Instance;
  private readonly dispatcher: Dispatcher;
  private readonly injection: Injection;
  private readonly statistics: Statistics;
  private readonly throttle: Throttle;
  private readonly pages: Pages;
  private readonly admin: AdminPages;
  private readonly beforeCall: () => void;

  constructor(parts: RouterParts) {
    this.instance = parts.instance;
    this.dispatcher = parts.dispatcher;
    this.injection = parts.injection;
    this.statistics = parts.statistics;
    this.admin = parts.admin;
    this.beforeCall = parts.beforeCall;
    this.pages = new Pages(parts.instance);
    this.throttle = new Throttle(parts.instance.clock, parts.instance.settings);
  }

  async handle(request: Request): Promise<Reply> {
    if (request.path.startsWith('/sandbox/')) return this.admin.handle(request);
    this.statistics.request();
    if (this.instance.settings.refuseRequestId && request.headers['x-request-id'] !== undefined) {
      return textReply(400, 'Bad Request');
    }
    switch (request.path) {
      case '/nl/jsp/soaprouter.jsp':
        return request.method === 'POST'
          ? this.soap(request)
          : textReply(405, 'Method Not Allowed', { Allow: 'POST' });
      case '/r/test':
        return xmlReply(200, this.redirectionTest(request));
      case '/nl/jsp/logon.jsp':
        return htmlReply(200, 'Adobe Campaign');
      case '/ims/token/v3':
        return this.imsToken(request);
      default:
        // Every other page of the server asks for a session before it says that it is not there.
        return request.path.endsWith('.jsp') ? this.page(request) : this.dynamicPage(request.path);
    }
  }

  private async soap(request: Request): Promise<Reply> {
    const action = readAction(header(request, 'soapaction'));
    const name = action === undefined ? '' : callName(action);
    this.statistics.call(name);
    const waitMs = this.throttle.take(name);
    if (waitMs > 0) {
      this.statistics.throttled(name);
      return this.tooManyRequests(waitMs);
    }
    if (action === undefined) {
      const fault = new SoapFault('Client', 'The SOAPAction header is missing or is not "schema#Method".');
      return xmlReply(this.instance.settings.faultStatus, writeFault(fault));
    }
    if (this.instance.settings.latencyMs > 0)
      await this.instance.clock.sleep(this.instance.settings.latencyMs);
    return this.injected(request, action, name);
  }

  /** Runs a call, with what the fault rules do to it. */
  private async injected(request: Request, action: Action, name: string): Promise<Reply> {
    const rules = this.injection.hit(name);
    for (const rule of rules) {
      this.statistics.injected();
      if (rule.kind === 'latency') await this.instance.clock.sleep(rule.delayMs ?? 0);
      if (rule.kind === 'expireSession') this.expire(request);
    }
    const instead = rules.find((rule) => isInstead(rule));
    if (instead !== undefined && instead.phase !== 'after') return this.broken(instead, name);
    this.beforeCall();
    const reply = await this.dispatcher.handle(
      action,
      readText(request, this.instance),
      credentialsOf(request),
    );
    if (instead !== undefined) return this.broken(instead, name);
    this.count(reply, name);
    const cut = rules.some((rule) => rule.kind === 'truncateReply');
    const slow = rules.find((rule) => rule.kind === 'slowBody');
    return {
      ...(this.instance.settings.replyForm === 'old' ? toOldForm(reply) : reply),
      ...(cut ? { cut: 'middle' as const } : {}),
      ...(slow === undefined ? {} : { pieceDelayMs: slow.delayMs ?? 0 }),
    };
  }

  private count(reply: Reply, name: string): void {
    const isFault = typeof reply.body === 'string';
    if (isFault) this.statistics.fault(name);
    else this.statistics.answered();
  }

  private broken(rule: FaultRule, name: string): Reply {
    const retry = retryAfterHeader(rule, this.instance.clock);
    switch (rule.kind) {
      case 'restart':
        this.instance.restart();
        return { ...textReply(200, ''), cut: 'before' };
      case 'dropConnection':
        return { ...textReply(200, ''), cut: 'before' };
      case 'tooManyRequests':
        this.statistics.throttled(name);
        return textReply(429, rule.body ?? '', retry);
      case 'htmlPage':
        return {
          ...htmlReply(rule.status ?? 502, 'Bad Gateway', retry),
          ...(rule.body === undefined ? {} : { body: rule.body }),
        };
      case 'soapFault': {
        const fault = new SoapFault(
          'Server',
          `SOP-330011 Error while executing the method '${name.split('#')[1] ?? ''}' of service '${name.split('#')[0] ?? ''}'.`,
          rule.body ??
            'PGS-220000 PostgreSQL error: FATAL: terminating connection due to administrator command',
        );
        this.statistics.fault(name);
        return xmlReply(rule.status ?? this.instance.settings.faultStatus, writeFault(fault));
      }
      default:
        return textReply(rule.status ?? 503, rule.body ?? 'Service Unavailable', retry);
    }
  }

  private expire(request: Request): void {
    const { sessionToken, bearerToken } = credentialsOf(request);
    this.instance.sessions.close(sessionToken);
    // The token may have come as the first parameter only.
    if (sessionToken === '') this.instance.sessions.closeAll();
    if (bearerToken !== undefined) this.instance.ims.expireAll();
  }

  private tooManyRequests(waitMs: number): Reply {
    const { settings, clock } = this.instance;
    const retry: FaultRule = { kind: 'tooManyRequests', delayMs: waitMs };
    if (settings.retryAfter === 'seconds') retry.retryAfter = Math.ceil(waitMs / 1000);
    if (settings.retryAfter === 'date') retry.retryAfter = 'date';
    const headers = retryAfterHeader(retry, clock);
    switch (settings.throttleBody) {
      case 'empty':
        return textReply(429, '', headers);
      case 'text':
        return textReply(429, 'Too Many Requests', headers);
      case 'json': {
        const reply = jsonReply(429, { error_code: '429050', message: 'Too many requests' });
        return { ...reply, headers: { ...reply.headers, ...headers } };
      }
      case 'html':
        return htmlReply(429, 'Too Many Requests', headers);
    }
  }

  private redirectionTest(request: Request): string {
    const { settings, clock } = this.instance;
    const date = `${toInstantText(clock.now()).slice(0, -1)}+00`;
    const debug = settings.showDebug
      ? ` build='${settings.build}' version='${escapeXmlAttribute(settings.release)}' sha1='0000000'` +
        ` instance='${escapeXmlAttribute(settings.instanceName)}' host='127.0.0.1' localHost='sandbox'`
      : '';
    return `<redir status='OK' date='${date}'${debug} sourceIP='${escapeXmlAttribute(request.address)}'/>`;
  }

  /** A page that needs a session: without one the browser is sent to log on. */
  private page(request: Request): Reply {
    const { sessionToken, securityToken, bearerToken } = credentialsOf(request);
    const { sessions, ims } = this.instance;
    const isKnown =
      bearerToken === undefined
        ? sessions.find(sessionToken, securityToken) !== undefined
        : ims.isValid(bearerToken);
    if (!isKnown) return { status: 302, headers: { Location: '/nl/jsp/logon.jsp' }, body: '' };
    return this.pages.answer(request) ?? htmlReply(404, 'Not Found');
  }

  /** `/cus/stores.jssp`: pages of the instance are JavaScript. */
  private dynamicPage(path: string): Reply {
    const [, namespace = '', name = ''] = /^\/(\w+)\/([\w.-]+\.jssp)$/.exec(path) ?? [];
    const isThere = name !== '' && loadEntity(this.instance, `xtk:jssp|${namespace}:${name}`) !== undefined;
    return isThere
      ? textReply(501, notImplemented('the sandbox runs no JavaScript.').message)
      : htmlReply(404, 'Not Found');
  }

  private imsToken(request: Request): Reply {
    if (request.method !== 'POST') return textReply(405, 'Method Not Allowed', { Allow: 'POST' });
    const form = new URLSearchParams(request.body.toString('utf8'));
    for (const [name, value] of request.query) if (!form.has(name)) form.set(name, value);
    const { status, body } = this.instance.ims.token(form);
    return jsonReply(status, body);
  }
}

const isInstead = (rule: FaultRule): boolean =>
  ['dropConnection', 'restart', 'tooManyRequests', 'unavailable', 'htmlPage', 'soapFault'].includes(
    rule.kind,
  );

function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function credentialsOf(request: Request): Credentials {
  const cookie = /(?:^|;\s*)__sessiontoken=([^;]*)/.exec(request.headers.cookie ?? '')?.[1];
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  return {
    sessionToken: cookie ?? header(request, 'x-session-token') ?? '',
    securityToken: header(request, 'x-security-token') ?? '',
    bearerToken: bearer,
    address: request.address,
  };
}

/** A request that does not say its charset is not read as UTF-8: accented text is damaged, as on a real server. */
function readText(request: Request, instance: Instance): string {
  const charset = /charset="?([\w-]+)/i.exec(request.headers['content-type'] ?? '')?.[1]?.toLowerCase();
  const isLatin = charset === 'iso-8859-1' || (charset === undefined && instance.settings.charsetRequired);
  return request.body.toString(isLatin ? 'latin1' : 'utf8').replace(/^\uFEFF/, '');
}
