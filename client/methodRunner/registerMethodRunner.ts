import * as vscode from 'vscode';
import type { MethodDescription } from '../../core/protocol/messages.ts';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import type { SchemaMethod } from '../../core/schema/schema.ts';
import { activeConnection, commandIds, schemasOf, UserError, type Commands } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import { MethodPanel } from './methodPanel.ts';

export interface MethodRunnerServices {
  readonly connections: Connections;
  readonly commands: Commands;
}

/** An item of the tree; absent when the command came from the palette. */
type Target = { readonly schemaId?: string; readonly description?: MethodDescription } | undefined;

/** Calling a method of the instance by its declaration. */
export function registerMethodRunner(
  context: vscode.ExtensionContext,
  { connections, commands }: MethodRunnerServices,
): void {
  context.subscriptions.push(
    commands.register(commandIds.callMethod, async (target?: Target) => {
      const connection = await activeConnection(connections);
      const schemaId = target?.schemaId ?? (await pickSchema(connections));
      const methods = await methodsOf(connections, schemaId);
      const named = target?.description?.name;
      const method =
        named === undefined ? await pickMethod(schemaId, methods) : find(methods, schemaId, named);
      const { id } = connection.settings;
      new MethodPanel(
        context.extensionUri,
        commands,
        connection,
        () => connections.get(id),
        schemaId,
        method,
      );
    }),
  );
}

async function pickSchema(connections: Connections): Promise<string> {
  const schemas = await schemasOf(connections);
  const picked = await vscode.window.showQuickPick(
    schemas.map(({ id, label }) => ({ label: id, description: label })),
    {
      title: 'Call a Method: Schema',
      placeHolder: 'The schema that declares the method',
      matchOnDescription: true,
    },
  );
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.label;
}

async function methodsOf(connections: Connections, schemaId: string): Promise<readonly SchemaMethod[]> {
  const xml = await connections.loadSchema(schemaId);
  const { schema } = xml === null ? {} : parseSchema(xml);
  const methods = [...(schema?.methods.values() ?? [])].filter(({ hidden }) => !hidden);
  if (methods.length === 0) {
    throw new UserError(`${schemaId} declares no methods. Try xtk:session, xtk:queryDef or xtk:workflow.`);
  }
  return methods.sort((a, b) => a.name.localeCompare(b.name));
}

async function pickMethod(schemaId: string, methods: readonly SchemaMethod[]): Promise<SchemaMethod> {
  const picked = await vscode.window.showQuickPick(
    methods.map((method) => ({
      label: method.name,
      description: method.label,
      detail: signature(method),
      method,
    })),
    { title: `Call a Method of ${schemaId}`, matchOnDescription: true },
  );
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.method;
}

function find(methods: readonly SchemaMethod[], schemaId: string, name: string): SchemaMethod {
  const method = methods.find((each) => each.name === name);
  if (method !== undefined) return method;
  throw new UserError(`${schemaId} has no method ${name}. Refresh the data model.`);
}

/** `(name: string) → value: string, type: byte` */
function signature({ parameters }: SchemaMethod): string {
  const list = (directions: readonly string[]): string =>
    parameters
      .filter(({ direction }) => directions.includes(direction))
      .map(({ name, type }) => `${name}: ${type}`)
      .join(', ');
  const results = list(['out', 'inout']);
  return `(${list(['in', 'inout'])})${results === '' ? '' : ` → ${results}`}`;
}
