import * as vscode from 'vscode';
import { commandIds, type Commands } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import type { LanguageServer } from '../languageClient/languageServer.ts';
import { describeModel } from './describeModel.ts';
import { searchModel } from './searchModel.ts';
import { snapshotModel } from './snapshotModel.ts';

export interface DataModelServices {
  readonly connections: Connections;
  readonly language: LanguageServer;
  readonly commands: Commands;
}

/** Searching the data model, and writing it into folders. */
export function registerDataModel(context: vscode.ExtensionContext, services: DataModelServices): void {
  const { commands } = services;
  context.subscriptions.push(
    commands.register(commandIds.searchModel, () => searchModel(services)),
    commands.register(commandIds.snapshotModel, (folder?: unknown) =>
      snapshotModel(services, toFolder(folder)),
    ),
    commands.register(commandIds.describeModel, (folder?: unknown, schemaIds?: readonly string[]) => {
      const target = toFolder(folder);
      return describeModel(services, target, target === undefined ? undefined : schemaIds);
    }),
  );
}

/** Scripts may name the folder; a menu of the tree passes its item, which is none. */
function toFolder(argument: unknown): vscode.Uri | undefined {
  return argument instanceof vscode.Uri ? argument : undefined;
}
