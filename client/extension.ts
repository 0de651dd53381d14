import * as vscode from 'vscode';
import { commandIds, Commands } from './commands.ts';
import { registerCommunicationLog } from './communicationLog/registerCommunicationLog.ts';
import type { Connections } from './connection/connections.ts';
import { registerConnections } from './connection/registerConnections.ts';
import { registerConnectionUi } from './connectionUi/registerConnectionUi.ts';
import { registerDataModel } from './dataModel/registerDataModel.ts';
import { registerExplorer } from './explorer/registerExplorer.ts';
import type { LanguageServer } from './languageClient/languageServer.ts';
import { registerLanguageServer } from './languageClient/registerLanguageServer.ts';
import { registerMethodRunner } from './methodRunner/registerMethodRunner.ts';
import { registerQuery } from './query/registerQuery.ts';
import { registerStaging } from './staging/registerStaging.ts';

/** What tests get from `activate`; other extensions get nothing. */
export interface TestAccess {
  readonly connections: Connections;
  readonly language: LanguageServer;
  readonly secrets: vscode.SecretStorage;
  readonly activateMs: number;
}

/** Builds the services and lets each feature register itself. Nothing here waits, and nothing is loaded before it is needed. */
export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  const startedAt = performance.now();
  const log = vscode.window.createOutputChannel('Campaign', { log: true });
  const commands = new Commands(log);
  const connections = registerConnections(context);
  const language = registerLanguageServer(context, { connections, commands, log });
  context.subscriptions.push(
    log,
    commands.register(commandIds.showLog, () => log.show()),
    language,
  );
  registerConnectionUi(context, { connections, commands });
  registerCommunicationLog(context, { connections, commands });
  registerExplorer(context, { connections, language, commands });
  registerDataModel(context, { connections, language, commands });
  registerMethodRunner(context, { connections, commands });
  registerQuery(context, { connections, language, commands, log });
  registerStaging(context, { connections, language, commands, log });
  const activateMs = performance.now() - startedAt;
  return context.extensionMode === vscode.ExtensionMode.Test
    ? { connections, language, secrets: context.secrets, activateMs }
    : undefined;
}
