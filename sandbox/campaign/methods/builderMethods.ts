import { tableStatements } from '../database/tables.ts';
import { findRows, md5Of, tableOf } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { updateRecords } from '../database/records.ts';
import { storeSchema } from '../entity/schemaStore.ts';
import {
  compileSource,
  removeAddedBy,
  sourceId,
  sourceSchemas,
  storeCompiled,
} from '../entity/compileSource.ts';
import { CampaignFailure, notImplemented } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import {
  attribute,
  cloneElement,
  createElement,
  elements,
  parseElement,
  writeElement,
  type Element,
} from '../xml/element.ts';

// --- schemas ---

function buildSchemaFromId(call: Call): Answer {
  const { instance } = call;
  const id = call.text(0).trim();
  const source = sourceSchemas(instance).find((candidate) => sourceId(candidate) === id);
  if (source === undefined)
    throw new CampaignFailure(`XFR-180000 The document 'xtk:srcSchema|${id}' does not exist.`);
  storeCompiled(instance, compileSource(instance, source));
  return {};
}

function sourceOf(call: Call): Element {
  const source = call.element(0);
  if (source === undefined) throw new CampaignFailure('The source of the schema is missing.');
  return source;
}

function buildOutputSchema(call: Call): Answer {
  const compiled = compileSource(call.instance, sourceOf(call));
  if (call.flag(1)) storeCompiled(call.instance, compiled);
  const [first = ''] = compiled.values();
  return { values: [parseElement(first)] };
}

/** Takes what a deleted extension had added out of the schema it extended. */
function removeSchemaLinkRef(call: Call): Answer {
  const id = call.text(0).trim();
  const extended = call.text(1).trim();
  const text = call.instance.model.textOf(extended);
  if (text === undefined) throw new CampaignFailure(`XFR-180000 The schema '${extended}' does not exist.`);
  const schema = parseElement(text);
  removeAddedBy(schema, id);
  const depending = attribute(schema, 'dependingSchemas')
    .split(',')
    .filter((entry) => entry !== '' && entry !== id);
  if (depending.length > 0) schema.attributes.set('dependingSchemas', depending.join(','));
  else schema.attributes.delete('dependingSchemas');
  call.instance.rows.transaction(() => {
    storeSchema(call.instance, writeElement(schema));
  });
  return {};
}

// --- database ---

function diff(instance: Instance, ids?: readonly string[]): Answer {
  const statements = tableStatements(instance.rows, instance.model, ids);
  const scripts = statements.map((sql) => createElement('sql', {}, [{ text: `${sql};`, cdata: true }]));
  return { values: [createElement('sqlSchemaDiff', {}, scripts)] };
}

function updateDb(call: Call): Answer {
  call.instance.updateDatabase();
  return {};
}

function tableExists(instance: Instance, name: string): boolean {
  const sql = "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(?)";
  return instance.rows.first(sql, [name]) !== undefined;
}

// --- navigation tree ---

/** All trees in one, the document the console asks for. */
export function mergeNavtrees(instance: Instance): Element {
  const table = tableOf(instance, 'xtk:navtree');
  const merged = createElement('navtree');
  for (const row of findRows(instance, table, [])) {
    const isMerged = row.cells.get('@namespace') === 'xtk' && row.cells.get('@name') === 'merged';
    if (isMerged || row.body === undefined) continue;
    for (const child of elements(row.body)) mergeTree(merged, cloneElement(child));
  }
  return merged;
}

function mergeTree(parent: Element, child: Element): void {
  const name = attribute(child, 'name');
  const same = elements(parent, child.name).find((other) => attribute(other, 'name') === name);
  if (same === undefined) parent.children.push(child);
  else for (const inner of elements(child)) mergeTree(same, inner);
}

function generateNavTree(call: Call): Answer {
  const merged = mergeNavtrees(call.instance);
  const values = { data: writeElement(merged), '@md5': md5Of(merged) };
  updateRecords(call.instance, 'xtk:navtree', { '@namespace': 'xtk', '@name': 'merged' }, values);
  return {};
}

// --- scripts ---

/** Scripts need Campaign's own engine. */
function refuseScript(): never {
  throw notImplemented('the sandbox runs no JavaScript.');
}

const admin = { access: 'admin' } as const;
const nothing = (): Answer => ({});

/** `xtk:builder`. */
export const builderMethods: readonly Method[] = [
  method('xtk:builder#BuildSchemaFromId', 'strSchemaId:string', buildSchemaFromId, admin),
  method(
    'xtk:builder#BuildSchema',
    'elemSource:DOMElement',
    (call) => {
      storeCompiled(call.instance, compileSource(call.instance, sourceOf(call)));
      return {};
    },
    admin,
  ),
  method(
    'xtk:builder#BuildOutputSchema',
    'elemSource:DOMElement, bSaveEntity:boolean -> pdomSchema:DOMDocument',
    buildOutputSchema,
    admin,
  ),
  method(
    'xtk:builder#RemoveSchemaLinkRef',
    'strId:string, strExtendedSchema:string',
    removeSchemaLinkRef,
    admin,
  ),
  method(
    'xtk:builder#BuildUpdateOneSchemaDiff',
    'strSchemaId:string, bUseNamingConventions:boolean -> pdomSqlSchemaDiff:DOMDocument',
    ({ instance, text }) => diff(instance, [text(0).trim()]),
    admin,
  ),
  method(
    'xtk:builder#BuildUpdateSchemaDiff',
    'elemParameters:DOMElement, bUseNamingConventions:boolean -> pdomSqlSchemaDiff:DOMDocument',
    ({ instance }) => diff(instance),
    admin,
  ),
  method('xtk:builder#UpdateDb', 'elemParameters:DOMElement', updateDb, admin),
  method(
    'xtk:builder#CheckTableExists',
    'strDataSource:string, strTableName:string -> pbExists:boolean',
    ({ instance, text }) => ({
      values: [tableExists(instance, text(1).trim())],
    }),
  ),
  // [I] What the parameters are is not documented; these are the ones of GetCnxInfo.
  method('xtk:builder#GetDbParams', '-> pdomParams:DOMDocument', () => ({
    values: [createElement('dbParams', { provider: 'PostgreSQL', unicode: true })],
  })),
  // [I] From a source to a compiled schema that nobody keeps.
  method(
    'xtk:builder#GenerateSchema',
    'elemParameters:DOMElement, elemSource:DOMElement -> pdomSchema:DOMDocument',
    (call) => {
      const source = call.element(1);
      if (source === undefined) throw new CampaignFailure('The source of the schema is missing.');
      const [first = ''] = compileSource(call.instance, source).values();
      return { values: [parseElement(first)] };
    },
    admin,
  ),
  method('xtk:builder#GetDefaultNamespace', '-> pstrNamespace:string', () => ({ values: ['cus'] })),
  method('xtk:builder#GenerateNavTree', '', generateNavTree, admin),
  method(
    'xtk:builder#BuildOutputNavTree',
    'elemNavtreeSource:DOMElement, bSave:boolean -> pdomNavtree:DOMDocument',
    (call) => {
      const merged = mergeNavtrees(call.instance);
      const source = call.element(0);
      for (const child of source === undefined ? [] : elements(source))
        mergeTree(merged, cloneElement(child));
      if (call.flag(1)) generateNavTree(call);
      return { values: [merged] };
    },
    admin,
  ),
  method(
    'xtk:builder#EvaluateJavaScript',
    'strName:string, strScript:string, pdomContext:DOMDocument -> pdomContext:DOMDocument',
    refuseScript,
    admin,
  ),
  method(
    'xtk:builder#EvaluateJavaScriptTemplate',
    'strName:string, strTemplate:string, pdomContext:DOMDocument -> pdomContext:DOMDocument, pstrResult:string',
    refuseScript,
    admin,
  ),
  method('xtk:builder#ExecSql', 'strDataSource:string, strSql:string', refuseSql, { access: 'sql' }),
  method('xtk:builder#ExecSqlScript', 'strDataSource:string, strSql:string', refuseSql, { access: 'sql' }),
  // Data of the cloud tables is in the same database here: there is nothing to copy.
  method('xtk:builder#CopyXxlData', 'elemParameters:DOMElement', nothing, admin),
];

/** The tables are SQLite's, and the SQL people would send is PostgreSQL's. */
function refuseSql(): never {
  throw notImplemented('the sandbox runs no native SQL scripts.');
}
