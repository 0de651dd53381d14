import * as vscode from 'vscode';
import { commandIds, UserError, type CommandId, type Commands } from '../commands.ts';
import type { Connection, Connections } from '../connection/connections.ts';
import { stateText } from '../connection/stateText.ts';
import { colorTitleBar } from './colorTitleBar.ts';
import { ConnectionForms } from './connectionFormPanel.ts';
import { SavedConnections } from './savedConnections.ts';
import { createStatusBar } from './statusBar.ts';

export interface ConnectionUiServices {
  readonly connections: Connections;
  readonly commands: Commands;
}

/** A connection, or a tree item that stands for one; absent when the command came from the palette. */
type Target = { readonly connectionId: string } | undefined;

/** The commands on connections, and the status bar. */
export function registerConnectionUi(
  context: vscode.ExtensionContext,
  { connections, commands }: ConnectionUiServices,
): void {
  const forms = new ConnectionForms(context, { connections, commands });
  const openForm = (connection?: Connection): void => forms.show(connection);
  const saved = new SavedConnections();
  const pick = (target: Target, title: string): Promise<Connection> =>
    pickConnection(connections, target, title);
  const connect = async (connection: Connection): Promise<void> => {
    const { name, id } = connection.settings;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Connecting to ${name}…`, cancellable: true },
      async (_progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        await connections.connect(id, abort.signal);
      },
    );
  };

  context.subscriptions.push(
    createStatusBar(connections),
    followContext(connections),
    colorTitleBar(context, connections, commands),
    commands.register(commandIds.addConnection, () => openForm()),
    commands.register(commandIds.editConnection, async (target?: Target) => {
      openForm(await pick(target, 'Connection to Edit'));
    }),
    commands.register(commandIds.removeConnection, async (target?: Target) => {
      const { id, name } = (await pick(target, 'Connection to Remove')).settings;
      const remove = 'Remove';
      const answer = await vscode.window.showWarningMessage(
        `Remove the connection “${name}”?`,
        {
          modal: true,
          detail: 'Its settings and its stored password are deleted. The instance is not touched.',
        },
        remove,
      );
      if (answer !== remove) return;
      await connections.forgetCredentials(id);
      await saved.remove(id);
    }),
    commands.register(commandIds.forgetCredentials, async (target?: Target) => {
      const { id, name } = (await pick(target, 'Connection whose Credentials to Forget')).settings;
      await connections.forgetCredentials(id);
      void vscode.window.showInformationMessage(
        `The password of ${name} is forgotten, and its session ended.`,
      );
    }),
    commands.register(commandIds.connect, async (target?: Target) => {
      if (connections.all.length === 0) openForm();
      else await connect(await pick(target, 'Connect to'));
    }),
    commands.register(commandIds.disconnect, async (target?: Target) => {
      const connected = connections.all.filter(({ state }) => state !== 'disconnected');
      const connection =
        target === undefined && connected.length === 1
          ? connected[0]!
          : await pick(target, 'Connection to Disconnect');
      await connections.disconnect(connection.settings.id);
    }),
    commands.register(commandIds.selectConnection, async (target?: Target) => {
      if (connections.all.length === 0) openForm();
      else await connections.setActive((await pick(target, 'Active Connection')).settings.id);
    }),
    commands.register(commandIds.allowWrites, async (target?: Target) => {
      await allowWrites(connections, await pick(target, 'Connection to Write to'));
    }),
    commands.register(commandIds.protect, async (target?: Target) => {
      const connection = await pick(target, 'Connection to Protect');
      connections.allowWrites(connection.settings.id, 0);
    }),
    commands.register(commandIds.pauseTraffic, async (target?: Target) => {
      const connection = await pick(target, 'Connection to Pause');
      connections.holdTraffic(connection.settings.id, true);
    }),
    commands.register(commandIds.resumeTraffic, async (target?: Target) => {
      const paused = connections.all.filter(({ soap }) => soap.figures.held);
      const connection =
        target === undefined && paused.length === 1 ? paused[0]! : await pick(target, 'Connection to Resume');
      connections.holdTraffic(connection.settings.id, false);
    }),
    commands.register(commandIds.stopTraffic, async (target?: Target) => {
      const { soap, settings } = await pick(target, 'Connection whose Calls to Cancel');
      const { activeCount, waitingCount } = soap.figures;
      soap.stop();
      const count = activeCount + waitingCount;
      void vscode.window.showInformationMessage(
        count === 0
          ? `${settings.name} had no calls to cancel.`
          : `${count} ${count === 1 ? 'call' : 'calls'} of ${settings.name} cancelled.`,
      );
    }),
    commands.register(commandIds.connectionMenu, async () => showMenu(connections, connect)),
  );
}

/** Production opens for minutes, after its name was typed: a click is made too easily. */
async function allowWrites(connections: Connections, { settings, soap }: Connection): Promise<void> {
  const { id, name, tier } = settings;
  if (tier !== 'production') {
    void vscode.window.showInformationMessage(
      `${name} is not a production instance: writing is always allowed.`,
    );
    return;
  }
  if (!soap.isReadOnly) {
    void vscode.window.showInformationMessage(`Writing to ${name} is allowed already.`);
    return;
  }
  const picked = await vscode.window.showQuickPick(
    [5, 15, 60].map((minutes) => ({ label: minutes === 60 ? '1 hour' : `${minutes} minutes`, minutes })),
    { title: `Allow writing to ${name} for` },
  );
  if (picked === undefined) return;
  const typed = await vscode.window.showInputBox({
    title: `Allow Writing to ${name} for ${picked.label}`,
    prompt: `This is production. Type its name, ${name}, to allow changes.`,
    ignoreFocusOut: true,
    validateInput: (value) => (value === name || value === '' ? undefined : `Type ${name}`),
  });
  if (typed === name) connections.allowWrites(id, picked.minutes * 60_000);
}

/** What menus and welcome texts depend on. */
function followContext(connections: Connections): vscode.Disposable {
  const update = (): void => {
    const set = (key: string, value: unknown): void =>
      void vscode.commands.executeCommand('setContext', key, value);
    set('campaign.hasConnections', connections.all.length > 0);
    set(
      'campaign.connected',
      connections.all.some(({ state }) => state === 'connected'),
    );
    set(
      'campaign.paused',
      connections.all.some(({ soap }) => soap.figures.held),
    );
  };
  update();
  return new vscode.Disposable(connections.onDidChange(update));
}

async function pickConnection(connections: Connections, target: Target, title: string): Promise<Connection> {
  const named = target === undefined ? undefined : connections.get(target.connectionId);
  if (named !== undefined) return named;
  const { all, active } = connections;
  if (all.length === 0) {
    throw new UserError('There are no connections yet.', [
      { label: 'Add Connection', command: commandIds.addConnection },
    ]);
  }
  if (all.length === 1) return all[0]!;
  const picked = await vscode.window.showQuickPick(
    all.map((connection) => toPick(connection, active)),
    {
      title,
      matchOnDetail: true,
    },
  );
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.connection;
}

function toPick(
  connection: Connection,
  active: Connection | undefined,
): vscode.QuickPickItem & { connection: Connection } {
  const { settings, state } = connection;
  return {
    label: `$(${state === 'connected' ? 'vm-active' : 'vm-outline'}) ${settings.name}`,
    description: [settings.tier, stateText(state), ...(connection === active ? ['active'] : [])].join(' · '),
    detail: settings.url,
    connection,
  };
}

/** Behind the status bar: switch, connect, and what else one wants of the active connection. */
async function showMenu(
  connections: Connections,
  connect: (connection: Connection) => Promise<void>,
): Promise<void> {
  const { all, active } = connections;
  type Item = vscode.QuickPickItem & { run?: () => unknown };
  const command = (label: string, id: CommandId): Item => ({
    label,
    run: () => vscode.commands.executeCommand(id, active && { connectionId: active.settings.id }),
  });
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: Item[] = [
    separator('Active connection'),
    ...all.map((connection) => ({
      ...toPick(connection, active),
      run: () =>
        connection.state === 'connected'
          ? connections.setActive(connection.settings.id)
          : connect(connection),
    })),
    separator(active?.settings.name ?? ''),
    ...(active === undefined
      ? []
      : [
          ...(active.state === 'connected'
            ? [command('$(debug-disconnect) Disconnect', commandIds.disconnect)]
            : [command('$(plug) Connect', commandIds.connect)]),
          command('$(refresh) Refresh Data Model', commandIds.refreshModel),
          ...(active.settings.tier !== 'production'
            ? []
            : active.soap.isReadOnly
              ? [command('$(unlock) Allow Writing…', commandIds.allowWrites)]
              : [command('$(lock) Make Read-only Again', commandIds.protect)]),
          active.soap.figures.held
            ? command('$(debug-continue) Resume Traffic', commandIds.resumeTraffic)
            : command('$(debug-pause) Pause Traffic', commandIds.pauseTraffic),
          ...(active.soap.figures.activeCount + active.soap.figures.waitingCount === 0
            ? []
            : [command('$(debug-stop) Cancel All Calls', commandIds.stopTraffic)]),
          command('$(edit) Edit Connection…', commandIds.editConnection),
        ]),
    separator(''),
    command('$(add) Add Connection…', commandIds.addConnection),
    command('$(pulse) Show Calls', commandIds.showCalls),
    command('$(output) Show Log', commandIds.showLog),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Campaign', matchOnDetail: true });
  await picked?.run?.();
}
