import * as vscode from 'vscode';
import { isBuiltInNamespace } from '../../core/schema/builtInNamespaces.ts';
import { describeIndexPages, describeSchemaPages } from '../../core/schema/describe/describeSchemas.ts';
import type { IndexRow, PageContext } from '../../core/schema/describe/pages.ts';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import { stagingSchemaId } from '../../core/schema/resolvePath.ts';
import { splitSchemaId } from '../../core/schema/schema.ts';
import { UserError } from '../commands.ts';
import { ReferencedSchemas } from './referencedSchemas.ts';
import {
  confirmFolder,
  currentModel,
  pickFolder,
  tellResult,
  writeModel,
  type ModelServices,
  type ModelWriter,
  type WriteContext,
} from './writeModel.ts';

/**
 * Writes a description of the data model into a folder: web pages and the same as Markdown.
 * @param target the folder; absent: the person is asked.
 * @param schemaIds the schemas to describe; absent: the person is asked.
 */
export async function describeModel(
  services: ModelServices,
  target?: vscode.Uri,
  schemaIds?: readonly string[],
): Promise<void> {
  const { connection, ids, labels } = await currentModel(services.connections);
  const chosen = schemaIds ?? (await chooseSchemas(ids, labels));
  const writer = createWriter(connection.settings.name, new Set(ids));
  const folder = target ?? (await pickFolder('Folder for the Description', writer, connection));
  if (target !== undefined) await confirmFolder(target, writer, connection);
  const result = await writeModel(services, writer, folder, connection, chosen);
  const index = vscode.Uri.joinPath(folder, 'index.html');
  tellResult(services, 'Description of the data model', folder, result, [
    { label: 'Open', run: () => vscode.env.openExternal(index) },
  ]);
}

/** @param listed every schema of the instance, the chosen ones among them. */
function createWriter(modelName: string, listed: ReadonlySet<string>): ModelWriter {
  const rows: IndexRow[] = [];
  const referenced = new ReferencedSchemas();
  const toPages = ({ paths }: WriteContext): PageContext => ({
    modelName,
    pagePath: (schemaId) => paths.get(schemaId),
  });
  return {
    kind: { markerFile: '.campaign-description.json', extensions: ['html', 'md'] },
    noun: 'description',
    schema: async (id, xml, context) => {
      const { schema } = parseSchema(xml);
      if (schema?.id !== id) return [];
      const source = await referenced.collect(schema, context.load);
      const staged = await stagedSchemaId(id, listed, context);
      const pages = describeSchemaPages(schema, toPages(context), staged, source);
      if (pages === undefined) return [];
      rows.push(pages.row);
      return pages.files;
    },
    rest: (context) => describeIndexPages(rows, toPages(context)),
  };
}

/** The schema this one is the staging twin of: the one without the ending says so. */
async function stagedSchemaId(
  id: string,
  listed: ReadonlySet<string>,
  { load }: WriteContext,
): Promise<string | undefined> {
  const base = /^(.+)Stg$/.exec(id)?.[1];
  if (base === undefined || !listed.has(base)) return undefined;
  const xml = await load(base);
  const schema = xml === null ? undefined : parseSchema(xml).schema;
  return schema !== undefined && stagingSchemaId(schema) === id ? base : undefined;
}

async function chooseSchemas(
  ids: readonly string[],
  labels: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const own = ids.filter((id) => !isBuiltInNamespace(splitSchemaId(id).namespace));
  const scopes: (vscode.QuickPickItem & { ids?: readonly string[] })[] = [
    { label: 'All schemas', description: String(ids.length), ids },
    ...(own.length > 0 && own.length < ids.length
      ? [{ label: 'Own schemas', description: `${own.length}, without those of the product`, ids: own }]
      : []),
    { label: 'Choose schemas…' },
  ];
  const scope = await vscode.window.showQuickPick(scopes, { title: 'Describe the Data Model' });
  if (scope === undefined) throw new vscode.CancellationError();
  if (scope.ids !== undefined) return scope.ids;
  const picked = await vscode.window.showQuickPick(
    ids.map((id) => ({ label: id, description: labels.get(id) ?? '' })),
    {
      title: 'Schemas to Describe',
      canPickMany: true,
      matchOnDescription: true,
      placeHolder: 'Name or label',
    },
  );
  if (picked === undefined) throw new vscode.CancellationError();
  if (picked.length === 0) throw new UserError('No schema was chosen, so there is nothing to describe.');
  return picked.map(({ label }) => label);
}
