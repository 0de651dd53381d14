import * as vscode from 'vscode';
import type { ModelChoice, QueryAtResult } from '../../core/protocol/messages.ts';
import { activeConnection, commandIds, UserError, type Commands } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import type { LanguageServer } from '../languageClient/languageServer.ts';
import { pickSchema } from '../languageClient/pickSchema.ts';
import { previewQuery } from './buildQuery.ts';
import { buildSql } from './buildSql.ts';
import { askForParameters, askForValues } from './askForValues.ts';
import { pagingKeyOf } from './columns.ts';
import { exportQuery } from './exportQuery.ts';
import { fillMacros, findMacros } from './macros.ts';
import { fillHoles, prepareQuery, type PreparedQuery } from './prepareQuery.ts';
import { chooseFromHistory, QueryHistory } from './queryHistory.ts';
import { tellCount } from './tellCount.ts';
import { QueryRunner, type QuerySettings } from './queryRunner.ts';
import { Refusals, type QueryOrigin } from './refusals.ts';
import { ResultsView, resultsViewId, type ResultsPlace } from './resultsView.ts';
import { SqlDocuments } from './sqlDocuments.ts';

export interface QueryServices {
  readonly connections: Connections;
  readonly language: LanguageServer;
  readonly commands: Commands;
  readonly log: vscode.LogOutputChannel;
}

/** A schema, or a tree item that stands for one. */
type SchemaArgument = string | SchemaItem;

interface SchemaItem {
  readonly schemaId: string;
  /** Where it was found; absent: in the active model. */
  readonly place?: 'folder' | { readonly connectionId: string; readonly isActive: boolean };
}

const previewRows = 200;
/** Of a query that is saved whole: the largest `lineCount` an instance takes. */
const unlimitedRows = 2_147_483_647;

interface CursorPosition {
  readonly line: number;
  readonly character: number;
}

/** Running queries: from the cursor, from a CodeLens, from a schema of the explorer. */
export function registerQuery(
  context: vscode.ExtensionContext,
  { connections, language, commands, log }: QueryServices,
): void {
  const history = new QueryHistory(context.workspaceState);
  const describeOn = (
    connectionId: string,
    schemaId: string,
  ): ReturnType<LanguageServer['describeSchema']> => {
    const isActive = connectionId === connections.active?.settings.id;
    return language.describeSchema(schemaId, isActive ? undefined : { connectionId });
  };
  const runner = new QueryRunner({
    commands,
    log,
    describeSchema: (schemaId, connectionId) => describeOn(connectionId, schemaId),
    ended: (query) => history.add(query),
    settings: readSettings,
    execute: (command) => void vscode.commands.executeCommand(command),
    setRunning: (isRunning) =>
      void vscode.commands.executeCommand('setContext', 'campaign.queryRunning', isRunning),
  });
  const view = new ResultsView(context.extensionUri, runner);
  runner.attach(view);
  const refusals = new Refusals();
  const sqlDocuments = new SqlDocuments();

  const run = async (
    xml: string,
    options: { limit?: number; connectionId?: string | undefined; origin?: QueryOrigin } = {},
  ): Promise<void> => {
    const { limit, connectionId, origin } = options;
    const connection =
      (connectionId === undefined ? undefined : connections.get(connectionId)) ??
      (await activeConnection(connections));
    const ended = (error?: unknown): void => {
      if (origin !== undefined) tell(refusals, origin, error);
    };
    const problem = await runner.start(connection, xml, { limit, ended });
    if (problem !== undefined) throw new UserError(problem);
  };

  context.subscriptions.push(
    view,
    refusals,
    sqlDocuments,
    vscode.window.registerWebviewViewProvider(resultsViewId, view, {
      webviewOptions: { retainContextWhenHidden: true },
    }),
    commands.register(commandIds.runQuery, async (uri?: string, position?: CursorPosition) => {
      const { xml, origin } = await filledQueryAt(language, uri, position);
      await run(xml, { origin });
    }),
    commands.register(commandIds.countRows, async (uri?: string, position?: CursorPosition) => {
      const { xml, origin } = await filledQueryAt(language, uri, position);
      const prepared = preparedQuery(xml);
      const connection = await activeConnection(connections);
      await telling(refusals, origin, tellCount(connection, prepared, uri, position));
    }),
    commands.register(commandIds.exportQuery, async (uri?: string, position?: CursorPosition) => {
      const { xml, origin } = await filledQueryAt(language, uri, position);
      const prepared = preparedQuery(xml, unlimitedRows);
      const connection = await activeConnection(connections);
      const saving = exportQuery(connection, prepared, readSettings().pageSize, async (schemaId) =>
        pagingKeyOf(await describeOn(connection.settings.id, schemaId)),
      );
      await telling(refusals, origin, saving);
    }),
    commands.register(commandIds.queryHistory, async () => {
      const chosen = await chooseFromHistory(history);
      if (chosen !== undefined) await run(chosen.xml, { connectionId: chosen.connectionId });
    }),
    commands.register(commandIds.showSql, async () => {
      const { xml, origin } = await filledQueryAt(language, undefined, undefined);
      const prepared = preparedQuery(xml);
      const { soap } = await activeConnection(connections);
      const content = await telling(refusals, origin, buildSql(soap, prepared.xml));
      await sqlDocuments.show(prepared.schemaId, content);
    }),
    commands.register(commandIds.cancelQuery, () => runner.cancelCurrent()),
    commands.register(commandIds.previewSchema, async (schema?: SchemaArgument) => {
      const place = typeof schema === 'object' ? schema.place : undefined;
      const connectionId = typeof place === 'object' ? place.connectionId : undefined;
      const xml = previewQuery(await describe(language, connections, schema));
      await run(xml, { limit: previewRows, connectionId });
    }),
    commands.register(commandIds.newQuery, async (schema?: SchemaArgument) => {
      const content = previewQuery(await describe(language, connections, schema), previewRows);
      const document = await vscode.workspace.openTextDocument({ language: 'campaign-querydef', content });
      await vscode.window.showTextDocument(document);
    }),
  );
}

function readSettings(): QuerySettings {
  const settings = vscode.workspace.getConfiguration('campaign.query');
  return {
    rowLimit: Math.max(1, settings.get('rowLimit', 1000)),
    pageSize: Math.max(1, settings.get('pageSize', 10_000)),
    place: settings.get<ResultsPlace>('resultsLocation', 'panel'),
  };
}

/** A query of a document, checked and limited. */
function preparedQuery(xml: string, defaultLimit = readSettings().rowLimit): PreparedQuery {
  const prepared = prepareQuery(xml, defaultLimit);
  if ('problem' in prepared) throw new UserError(prepared.problem);
  return prepared;
}

/** The query at a place, with what a script, a form or a workflow would put in asked of the person. */
async function filledQueryAt(
  language: LanguageServer,
  uri: string | undefined,
  position: CursorPosition | undefined,
): Promise<{ xml: string; origin: QueryOrigin }> {
  const { found, origin } = await queryAt(language, uri, position);
  const xml = fillHoles(found.xml, found.holes, await askForValues(found));
  return { xml: fillMacros(xml, await askForParameters(findMacros(xml), found.schemaId)), origin };
}

/** Waits for what a server does with a query, and shows what became of it where the query stands. */
async function telling<T>(refusals: Refusals, origin: QueryOrigin, work: Promise<T>): Promise<T> {
  try {
    const result = await work;
    tell(refusals, origin);
    return result;
  } catch (error) {
    tell(refusals, origin, error);
    throw error;
  }
}

/** Shows what became of a query where it stands; without an error, it was taken. */
function tell(refusals: Refusals, origin: QueryOrigin, error?: unknown): void {
  if (error === undefined) refusals.clear(origin);
  else refusals.show(origin, error);
}

async function queryAt(
  language: LanguageServer,
  uri: string | undefined,
  position: CursorPosition | undefined,
): Promise<{ found: QueryAtResult; origin: QueryOrigin }> {
  const editor = vscode.window.activeTextEditor;
  const document =
    uri === undefined ? editor?.document : await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  if (document === undefined) {
    throw new UserError('There is no editor to take a query from. Open a file with a queryDef.');
  }
  const at =
    position === undefined
      ? (editor?.selection.active ?? new vscode.Position(0, 0))
      : new vscode.Position(position.line, position.character);
  const { version } = document;
  const found = await language.queryAt(document, at);
  if (found === null) {
    throw new UserError('There is no queryDef at the cursor. Put the cursor inside a <queryDef> element.');
  }
  const { start, end } = found.range;
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  return { found, origin: { uri: document.uri, version, range } };
}

async function describe(
  language: LanguageServer,
  connections: Connections,
  schema: SchemaArgument | undefined,
): Promise<NonNullable<Awaited<ReturnType<LanguageServer['describeSchema']>>>> {
  const { schemaId, place } =
    typeof schema === 'object'
      ? schema
      : { schemaId: schema ?? (await pickSchema(connections, language, 'Schema')), place: undefined };
  const description = await language.describeSchema(schemaId, toModelChoice(place));
  if (description === null) {
    throw new UserError(`The schema ${schemaId} could not be read. Connect, or refresh the data model.`);
  }
  return description;
}

function toModelChoice(place: SchemaItem['place']): ModelChoice | undefined {
  if (place === 'folder') return { folder: true };
  return place === undefined || place.isActive ? undefined : { connectionId: place.connectionId };
}
