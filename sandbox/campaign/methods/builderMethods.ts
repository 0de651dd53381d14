import { compileSchemas } from '../../../core/schema/compileSchemas.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { serializeXmlNode, toXmlNode, type XmlNode } from '../../../core/schema/xmlNode.ts';
import { tableStatements } from '../database/tables.ts';
import { findRows, md5Of, tableOf } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { updateRecords } from '../database/records.ts';
import { storeSchema } from '../entity/schemaStore.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import {
  attribute,
  cloneElement,
  createElement,
  elements,
  firstElement,
  isElement,
  parseElement,
  writeElement,
  type Element,
} from '../xml/element.ts';
import { writeDocument } from '../write/writeDocument.ts';

// --- schemas ---

function toNode(xml: string): XmlNode {
  const { root } = parseXml(xml);
  if (root === undefined) throw new CampaignFailure('The document of the schema is empty.');
  return toXmlNode(root);
}

/** All source schemas as documents. */
function sources(instance: Instance): Element[] {
  const table = tableOf(instance, 'xtk:srcSchema');
  return findRows(instance, table, []).map((row) => {
    const source = row.body === undefined ? createElement('srcSchema') : cloneElement(row.body);
    for (const name of ['namespace', 'name', 'label', 'mappingType', 'extendedSchema']) {
      const value = row.cells.get(`@${name}`);
      if (value !== null && value !== undefined && value !== '') source.attributes.set(name, String(value));
    }
    return source;
  });
}

const schemaId = (source: Element): string =>
  `${attribute(source, 'namespace')}:${attribute(source, 'name')}`;

/**
 * Compiles a source with all that belongs to the same compiled schema: its base, and the extensions of that base.
 * @returns the compiled documents by id, the one asked for first. @throws CampaignFailure for a broken source.
 */
function compile(instance: Instance, source: Element): Map<string, string> {
  const id = schemaId(source);
  if (attribute(source, 'name') === '' || attribute(source, 'namespace') === '') {
    throw new CampaignFailure("The schema has no 'name' or no 'namespace'.");
  }
  const baseId = attribute(source, 'extendedSchema') || id;
  const family = sources(instance).filter((other) => {
    const otherId = schemaId(other);
    return otherId !== id && (otherId === baseId || attribute(other, 'extendedSchema') === baseId);
  });
  const all = [source, ...family].map((element) => toNode(writeElement(element)));
  const getCompiled = (wanted: string): XmlNode | undefined => {
    const text = instance.model.textOf(wanted);
    return text === undefined ? undefined : toNode(text);
  };
  const { schemas, problems } = compileSchemas(all, getCompiled);
  checkSource(source, id);
  if (problems.length > 0) throw new CampaignFailure(...problems.map((problem) => problem.message));
  const texts = [...schemas].map(([key, node]) => [key, serializeXmlNode(node)] as const);
  return new Map(texts.sort(([a], [b]) => Number(b === baseId) - Number(a === baseId)));
}

/** What compilation lets pass but the server refuses. */
function checkSource(source: Element, id: string): void {
  const main = elements(source, 'element').find(
    (element) => attribute(element, 'name') === attribute(source, 'name'),
  );
  const isFree = attribute(source, 'extendedSchema') !== '' || attribute(source, 'library') === 'true';
  const hasMethods =
    firstElement(source, 'methods') !== undefined || firstElement(source, 'interface') !== undefined;
  if (main === undefined && !isFree && !hasMethods) {
    throw new CampaignFailure(
      `The schema '${id}' has no main element called '${attribute(source, 'name')}'.`,
    );
  }
  if (main !== undefined) checkElement(main, id);
}

function checkElement(element: Element, id: string): void {
  const seen = new Set<string>();
  for (const child of elements(element)) {
    const name = attribute(child, 'name');
    if (child.name !== 'attribute' && child.name !== 'element') continue;
    if (name === '' && !child.attributes.has('aggregate'))
      throw new CampaignFailure(`A field of schema '${id}' has no name.`);
    const key = `${child.name} ${name}`;
    if (name !== '' && seen.has(key))
      throw new CampaignFailure(`The ${child.name} '${name}' of schema '${id}' is declared twice.`);
    seen.add(key);
    if (child.name === 'element') checkElement(child, id);
  }
}

function buildSchemaFromId(call: Call): Answer {
  const { instance } = call;
  const id = call.text(0).trim();
  const source = sources(instance).find((candidate) => schemaId(candidate) === id);
  if (source === undefined)
    throw new CampaignFailure(`XFR-180000 The document 'xtk:srcSchema|${id}' does not exist.`);
  store(instance, compile(instance, source));
  return {};
}

function store(instance: Instance, compiled: ReadonlyMap<string, string>): void {
  instance.rows.transaction(() => {
    for (const xml of compiled.values()) storeSchema(instance, xml);
  });
}

function sourceOf(call: Call): Element {
  const source = call.element(0);
  if (source === undefined) throw new CampaignFailure('The source of the schema is missing.');
  return source;
}

function buildOutputSchema(call: Call): Answer {
  const compiled = compile(call.instance, sourceOf(call));
  if (call.flag(1)) store(call.instance, compiled);
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
  removeAdded(schema, id);
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

function removeAdded(element: Element, id: string): void {
  element.children = element.children.filter(
    (child) => !isElement(child) || attribute(child, 'belongsTo') !== id,
  );
  for (const child of elements(element)) removeAdded(child, id);
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

// --- packages ---

/** Writes the entities of a package, then compiles the schemas among them. */
function installPackage(call: Call): Answer {
  const { instance } = call;
  const parameters = call.element(0);
  const packages =
    parameters === undefined
      ? []
      : parameters.name === 'package'
        ? [parameters]
        : elements(parameters, 'package');
  if (packages.length === 0) throw new CampaignFailure('The package is missing.');
  const installed: Element[] = [];
  instance.rows.transaction(() => {
    for (const group of packages.flatMap((element) => elements(element, 'entities'))) {
      const id = attribute(group, 'schema');
      for (const entity of elements(group)) {
        writeDocument(instance, entity, id);
        if (id === 'xtk:srcSchema') installed.push(entity);
      }
    }
    for (const source of installed)
      for (const xml of compile(instance, source).values()) storeSchema(instance, xml);
  });
  instance.updateDatabase();
  return {};
}

// --- scripts ---

/** Scripts need Campaign's own engine; the sandbox answers as a server where running them is switched off. */
function refuseScript(): never {
  throw new CampaignFailure('The execution of JavaScript code is not authorized on this server.');
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
      store(call.instance, compile(call.instance, sourceOf(call)));
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
  method('xtk:builder#InstallPackage', 'parameters:DOMElement', installPackage, admin),
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
  throw new CampaignFailure('The execution of SQL scripts is not authorized on this server.');
}
