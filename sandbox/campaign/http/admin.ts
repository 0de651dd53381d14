import { BadSetting, changeSettings } from '../settings.ts';
import type { Instance } from '../instance.ts';
import { BadFault, readFaults, type Injection } from './injection.ts';
import { jsonReply, textReply, type Reply } from './reply.ts';
import type { Request } from './server.ts';
import type { Statistics } from './statistics.ts';

/** Pages for tests and demonstrations: settings, faults and counters of a running sandbox. JSON in and out. */
export class AdminPages {
  private readonly instance: Instance;
  private readonly injection: Injection;
  private readonly statistics: Statistics;
  private readonly actions: Readonly<Record<string, () => unknown>>;

  constructor(
    instance: Instance,
    injection: Injection,
    statistics: Statistics,
    actions: Readonly<Record<string, () => unknown>>,
  ) {
    this.instance = instance;
    this.injection = injection;
    this.statistics = statistics;
    this.actions = actions;
  }

  handle(request: Request): Reply {
    // A web page open in a browser could reach this address; it cannot send JSON here without being asked first.
    const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '');
    if (!isLocal || request.headers.origin !== undefined) return textReply(403, 'Forbidden');
    const isChange = request.method !== 'GET';
    if (isChange && !/^application\/json/.test(request.headers['content-type'] ?? '')) {
      return jsonReply(415, { error: 'Send JSON, with Content-Type: application/json.' });
    }
    try {
      return this.page(request);
    } catch (error) {
      if (error instanceof BadSetting || error instanceof BadFault || error instanceof SyntaxError) {
        return jsonReply(400, { error: error.message });
      }
      throw error;
    }
  }

  private page(request: Request): Reply {
    const name = request.path.slice('/sandbox/'.length);
    const isPost = request.method === 'POST';
    switch (name) {
      case 'stats':
        if (request.method === 'DELETE') this.statistics.reset();
        return jsonReply(200, this.statistics.snapshot());
      case 'settings':
        if (isPost) changeSettings(this.instance.settings, readRecord(request));
        return jsonReply(200, this.instance.settings);
      case 'faults':
        if (request.method === 'DELETE') this.injection.set([]);
        if (isPost) this.injection.set(readFaults(readJson(request)));
        return jsonReply(200, { faults: this.injection.list() });
      default: {
        const action = Object.hasOwn(this.actions, name) ? this.actions[name] : undefined;
        if (action === undefined) {
          const pages = ['stats', 'settings', 'faults', ...Object.keys(this.actions)];
          return jsonReply(404, {
            error: `There is no such page. Pages: ${pages.map((p) => `/sandbox/${p}`).join(', ')}.`,
          });
        }
        if (!isPost) return jsonReply(405, { error: `Send a POST to /sandbox/${name}.` });
        return jsonReply(200, action() ?? {});
      }
    }
  }
}

function readJson(request: Request): unknown {
  const text = request.body.toString('utf8');
  return text.trim() === '' ? {} : (JSON.parse(text) as unknown);
}

function readRecord(request: Request): Record<string, unknown> {
  const value = readJson(request);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadSetting('Send an object such as {"tps": 5}.');
  }
  return value as Record<string, unknown>;
}
