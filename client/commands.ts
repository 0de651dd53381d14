import * as vscode from 'vscode';
import { CampaignError, type CampaignErrorCode } from '../core/soap/campaignError.ts';
import type { Connection, Connections } from './connection/connections.ts';

/** Every command of the extension; `package.json` contributes the same ones, which a test checks. */
export const commandIds = {
  addConnection: 'campaign.connection.add',
  editConnection: 'campaign.connection.edit',
  removeConnection: 'campaign.connection.remove',
  forgetCredentials: 'campaign.connection.forgetCredentials',
  connect: 'campaign.connection.connect',
  disconnect: 'campaign.connection.disconnect',
  selectConnection: 'campaign.connection.select',
  allowWrites: 'campaign.connection.allowWrites',
  protect: 'campaign.connection.protect',
  pauseTraffic: 'campaign.connection.pause',
  resumeTraffic: 'campaign.connection.resume',
  stopTraffic: 'campaign.connection.stop',
  connectionMenu: 'campaign.connection.menu',
  refreshModel: 'campaign.model.refresh',
  searchModel: 'campaign.model.search',
  snapshotModel: 'campaign.model.snapshot',
  describeModel: 'campaign.model.describe',
  retry: 'campaign.explorer.retry',
  copyXPath: 'campaign.explorer.copyXPath',
  insertXPath: 'campaign.explorer.insertXPath',
  copyName: 'campaign.explorer.copyName',
  copyValue: 'campaign.explorer.copyValue',
  showBuiltIn: 'campaign.explorer.showBuiltIn',
  hideBuiltIn: 'campaign.explorer.hideBuiltIn',
  findSchema: 'campaign.schema.find',
  openSchema: 'campaign.schema.open',
  previewSchema: 'campaign.schema.preview',
  newQuery: 'campaign.schema.newQuery',
  callMethod: 'campaign.method.call',
  runQuery: 'campaign.query.run',
  cancelQuery: 'campaign.query.cancel',
  showSql: 'campaign.query.showSql',
  countRows: 'campaign.query.count',
  exportQuery: 'campaign.query.export',
  queryHistory: 'campaign.query.history',
  pushFile: 'campaign.staging.push',
  showPushes: 'campaign.staging.show',
  showCalls: 'campaign.calls.show',
  clearCalls: 'campaign.calls.clear',
  pauseCalls: 'campaign.calls.pause',
  resumeCalls: 'campaign.calls.resume',
  recordBodies: 'campaign.calls.recordBodies',
  stopBodies: 'campaign.calls.stopBodies',
  exportCalls: 'campaign.calls.export',
  showProblemCodes: 'campaign.problems.show',
  showLog: 'campaign.log.show',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

interface NextStep {
  readonly label: string;
  readonly command: CommandId;
}

const showLog: NextStep = { label: 'Show Log', command: commandIds.showLog };
const connect: NextStep = { label: 'Connect', command: commandIds.connect };
const editConnection: NextStep = { label: 'Edit Connection', command: commandIds.editConnection };

/** The buttons under an error, by its code; the first is the likeliest cure. */
const nextSteps: Partial<Record<CampaignErrorCode, readonly NextStep[]>> = {
  signIn: [connect, editConnection, showLog],
  sessionExpired: [connect, showLog],
  network: [editConnection, showLog],
  readOnly: [{ label: 'Allow Writing…', command: commandIds.allowWrites }],
  http: [editConnection, showLog],
  badResponse: [editConnection, showLog],
};

/** Which buttons a failure offers, as command and label. */
export function nextStepsOf(error: unknown): readonly NextStep[] {
  return (error instanceof CampaignError ? nextSteps[error.code] : undefined) ?? [showLog];
}

/** A failure whose message is all there is to say; the message names the next step. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly steps: readonly NextStep[];

  constructor(message: string, steps: readonly NextStep[] = []) {
    super(message);
    this.steps = steps;
  }
}

/** The person backed out, or the work was cancelled: nobody has to be told. */
export function isCancellation(error: unknown): boolean {
  return (
    error instanceof vscode.CancellationError ||
    (error instanceof CampaignError && error.code === 'cancelled') ||
    (error instanceof Error && error.name === 'AbortError')
  );
}

/** The active connection; without one, the person chooses. Backing out cancels the command. */
export async function activeConnection(connections: Connections): Promise<Connection> {
  if (connections.active === undefined) await vscode.commands.executeCommand(commandIds.selectConnection);
  if (connections.active === undefined) throw new vscode.CancellationError();
  return connections.active;
}

/**
 * A connection, signed in: for commands that cannot do without the instance.
 * @param id Default: the active one.
 */
export async function signedInConnection(connections: Connections, id?: string): Promise<Connection> {
  const { settings } =
    (id === undefined ? undefined : connections.get(id)) ?? (await activeConnection(connections));
  if (connections.get(settings.id)?.state === 'disconnected') {
    await vscode.commands.executeCommand(commandIds.connect, { connectionId: settings.id });
  }
  const connection = connections.get(settings.id);
  // What went wrong has been told by the command.
  if (connection?.state !== 'connected') throw new vscode.CancellationError();
  return connection;
}

/**
 * The schemas of the active connection for a person who asked for them: from the cache when there is one, else by signing
 * in.
 */
export async function schemasOf(
  connections: Connections,
): Promise<NonNullable<Awaited<ReturnType<Connections['listSchemas']>>>['schemas']> {
  await activeConnection(connections);
  try {
    return (await connections.listSchemas())?.schemas ?? [];
  } catch (error) {
    if (!(error instanceof CampaignError && error.code === 'signIn')) throw error;
    await signedInConnection(connections);
    return (await connections.listSchemas())?.schemas ?? [];
  }
}

/** Registers commands so that every failure is logged and told the same way. */
export class Commands {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  register(id: CommandId, run: (...args: never[]) => unknown): vscode.Disposable {
    return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await run(...(args as never[]));
      } catch (error) {
        this.report(error, id);
        return undefined;
      }
    });
  }

  /** Logs a failure and shows it with what to do next. Does not wait for the person. */
  report(error: unknown, what: string): void {
    if (isCancellation(error)) return;
    const message = error instanceof Error ? error.message : String(error);
    this.log(error, what);
    const steps = error instanceof UserError ? error.steps : nextStepsOf(error);
    void vscode.window.showErrorMessage(message, ...steps.map(({ label }) => label)).then((chosen) => {
      const step = steps.find(({ label }) => label === chosen);
      if (step !== undefined) void vscode.commands.executeCommand(step.command);
    });
  }

  /** Logs a failure without showing it. Messages of `CampaignError` are masked already. */
  log(error: unknown, what: string): void {
    if (error instanceof CampaignError) {
      this.#log.error(`${what}: ${error.message}`);
      for (const detail of error.details) this.#log.error(`  ${detail}`);
    } else if (error instanceof UserError) this.#log.info(`${what}: ${error.message}`);
    else
      this.#log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

/** A cancellation of the editor, as the SOAP client takes it. */
export function toSignal(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
