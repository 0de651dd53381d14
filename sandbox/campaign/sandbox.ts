import { systemClock, type Clock } from './clock.ts';
import { demoSeed } from './demoSeed.ts';
import { AdminPages } from './http/admin.ts';
import { Injection, type FaultRule, type FaultState } from './http/injection.ts';
import { Router } from './http/router.ts';
import { startServer } from './http/server.ts';
import { Statistics, type Counters } from './http/statistics.ts';
import { Instance } from './instance.ts';
import { allMethods } from './methods/allMethods.ts';
import { declareMethods } from './methods/declareMethods.ts';
import { prepareDatabase, type Seed } from './seed.ts';
import { ReplicationSchedule } from './staging/staging.ts';
import { changeSettings, defaultSettings, type Settings } from './settings.ts';
import { Dispatcher } from './soap/dispatcher.ts';

/** How a sandbox starts. */
export interface SandboxOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default `admin`. */
  login?: string;
  /** Default `sandbox-password`; the IMS client secret is the same. */
  password?: string;
  /** Synthetic schemas beside those of the demo. Default 0. */
  schemas?: number;
  /** Recipients of the demo data. Default 20,000. */
  rows?: number;
  /** File that keeps the database across restarts. Default: in memory. */
  file?: string;
  settings?: Partial<Settings>;
  faults?: readonly FaultRule[];
  /** Replaces the demo data and model. */
  seed?: Seed;
  clock?: Clock;
}

/** A running sandbox. */
export interface Sandbox {
  /** Base address; the SOAP router is `url + '/nl/jsp/soaprouter.jsp'`. */
  url: string;
  login: string;
  password: string;
  /** For `/ims/token/v3`. */
  imsClientId: string;
  imsClientSecret: string;
  /** The instance behind the server, for tests that look at its data. */
  instance: Instance;
  /** Changes settings while it runs. */
  set(settings: Partial<Settings>): void;
  /** Replaces the fault rules. */
  setFaults(rules: readonly FaultRule[]): void;
  faults(): readonly FaultState[];
  stats(): Counters;
  resetStats(): void;
  /** Ends every session, as a restart of the server does. */
  expireSessions(): void;
  /** Moves staged rows to the cloud tables now. @returns how many. */
  replicate(): number;
  stop(): Promise<void>;
}

/** Starts a local Campaign instance on 127.0.0.1. @throws Error when the port is taken or the file is no database. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = defaultSettings();
  changeSettings(settings, { ...options.settings });
  const clock = options.clock ?? systemClock;
  const login = options.login ?? 'admin';
  const password = options.password ?? 'sandbox-password';
  const instance = new Instance({ settings, clock, file: options.file, login, password });
  prepareDatabase(
    instance,
    options.seed ?? demoSeed(options.rows ?? 20_000, options.schemas ?? 0),
    declareMethods,
  );
  const injection = new Injection();
  injection.set(options.faults ?? []);
  const statistics = new Statistics();
  const expireSessions = (): void => {
    instance.sessions.closeAll();
    instance.ims.expireAll();
  };
  const schedule = new ReplicationSchedule(instance);
  const replicate = (): number => instance.as(undefined, () => schedule.run());
  const admin = new AdminPages(instance, injection, statistics, {
    expire: expireSessions,
    replicate: () => ({ rows: replicate() }),
  });
  const dispatcher = new Dispatcher(instance, allMethods);
  const beforeCall = (): void => {
    instance.agenda.runDue();
    schedule.refresh();
  };
  const router = new Router({ instance, dispatcher, injection, statistics, admin, beforeCall });
  const server = await startServer(options.port ?? 0, clock, (request) => router.handle(request));
  return {
    url: server.url,
    login,
    password,
    imsClientId: instance.ims.clientId,
    imsClientSecret: instance.ims.clientSecret,
    instance,
    set: (changes) => {
      changeSettings(settings, changes);
    },
    setFaults: (rules) => {
      injection.set(rules);
    },
    faults: () => injection.list(),
    stats: () => statistics.snapshot(),
    resetStats: () => {
      statistics.reset();
    },
    expireSessions,
    replicate,
    stop: async () => {
      await server.stop();
      instance.close();
    },
  };
}
