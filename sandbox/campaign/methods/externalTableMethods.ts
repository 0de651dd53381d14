import { compileSource, sourceSchemas, storeCompiled, sourceId } from '../entity/compileSource.ts';
import { identifier } from '../database/identifier.ts';
import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { attribute, createElement, elements, firstElement, type Element } from '../xml/element.ts';
import { writeDocument } from '../write/writeDocument.ts';

/** The sandbox has one database: an external account reads the tables of the instance. @throws for an unknown account. */
function checkDataSource(instance: Instance, dataSource: string): void {
  const name = dataSource.trim().replace(/^nms:extAccount:/, '');
  if (name === '' || name === 'default') return;
  if (instance.value('nms:extAccount', '@id', '@name', name) === undefined)
    throw new CampaignFailure(`XSV-350063 The data source '${dataSource.trim()}' is not defined.`);
}

/** Tables whose names meet an SQL pattern; a text without `%` is looked for anywhere in the name. */
function tableNames(instance: Instance, filter: string): string[] {
  const pattern = filter === '' ? '%' : filter.includes('%') ? filter : `%${filter}%`;
  return instance.rows
    .all(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'Sandbox%' AND name LIKE ? ORDER BY name",
      [pattern],
    )
    .map(([name]) => String(name));
}

interface TableColumn {
  name: string;
  type: string;
  isKey: boolean;
}

function columnsOf(instance: Instance, table: string): TableColumn[] {
  const rows = instance.rows.all('SELECT name, type, pk FROM pragma_table_info(?)', [table]);
  if (rows.length === 0) throw new CampaignFailure(`The table '${table}' does not exist.`);
  return rows.map(([name, type, key]) => ({
    name: String(name),
    type: String(type).toUpperCase(),
    isKey: Number(key) > 0,
  }));
}

const typeOf = ({ type }: TableColumn): string =>
  type.startsWith('INT') ? 'long' : /^(REAL|DOUBLE|NUMERIC)/.test(type) ? 'double' : 'string';

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const toAttribute = (column: TableColumn): Element =>
  createElement('attribute', {
    name: lowerFirst(column.name),
    label: column.name,
    type: typeOf(column),
    sqlname: column.name,
  });

/** [I] A field for each column under its own name; the key is the one of the table. */
function sourceOfTable(instance: Instance, namespace: string, table: string): Element {
  const columns = columnsOf(instance, table);
  const name = lowerFirst(table);
  const keys = columns.filter((column) => column.isKey);
  const key = createElement(
    'key',
    { name: 'id', internal: true },
    keys.map((column) => createElement('keyfield', { xpath: `@${lowerFirst(column.name)}` })),
  );
  const main = createElement('element', { name, label: table, sqltable: table }, [
    ...(keys.length === 0 ? [] : [key]),
    ...columns.map(toAttribute),
  ]);
  return createElement('srcSchema', { namespace, name, label: table, mappingType: 'sql' }, [main]);
}

function build(instance: Instance, source: Element): void {
  writeDocument(instance, source, 'xtk:srcSchema');
  storeCompiled(instance, compileSource(instance, source));
}

function buildAndInstall(call: Call): Answer {
  const { instance } = call;
  checkDataSource(instance, call.text(0));
  const namespace = call.text(1).trim();
  if (!/^[A-Za-z]\w*$/.test(namespace)) throw new CampaignFailure(`The namespace '${namespace}' is no name.`);
  const list = call.element(2);
  const tables = list === undefined ? [] : elements(list, 'table').map((table) => attribute(table, 'name'));
  instance.transaction(() => {
    for (const table of tables) build(instance, sourceOfTable(instance, namespace, table));
  });
  instance.updateDatabase();
  return {};
}

/** Adds to a source the columns that its table has and the source does not name. */
function updateFromDatabase(call: Call): Answer {
  const { instance } = call;
  const id = call.text(0).trim();
  const source = sourceSchemas(instance).find((candidate) => sourceId(candidate) === id);
  const storage = instance.model.storage(id);
  if (source === undefined || storage === undefined)
    throw new CampaignFailure(`XFR-180000 The document 'xtk:srcSchema|${id}' does not exist.`);
  const known = new Set([...storage.columns.map((column) => column.name), 'mData']);
  const added = columnsOf(instance, storage.table).filter((column) => !known.has(column.name));
  const main = firstElement(source, 'element');
  if (main === undefined || added.length === 0) return {};
  main.children.push(...added.map(toAttribute));
  instance.transaction(() => {
    build(instance, source);
  });
  return {};
}

const admin = { access: 'admin' } as const;

/** `xtk:sqlSchema`: schemas made from tables that are there. */
export const externalTableMethods: readonly Method[] = [
  method(
    'xtk:sqlSchema#BuildTableList',
    'strDataSource:string, strFilter:string -> pdomTableList:DOMDocument',
    ({ instance, text }) => {
      checkDataSource(instance, text(0));
      const tables = tableNames(instance, text(1).trim()).map((name) => {
        const count = instance.rows.first(`SELECT count(*) FROM ${identifier(name)}`)?.[0];
        return createElement('table', { name, rowCount: Number(count ?? 0) });
      });
      // [I] Only that the answer lists tables is known.
      return { values: [createElement('tableList', {}, tables)] };
    },
    admin,
  ),
  method(
    'xtk:sqlSchema#BuildAndInstallSchemas',
    'strDataSource:string, strNamespace:string, elemTableList:DOMElement',
    buildAndInstall,
    admin,
  ),
  method('xtk:builder#UpdateSchemaFromDatabase', 'strId:string', updateFromDatabase, admin),
  // Temporary schemas belong to workflows that run; here none leaves any.
  method('xtk:builder#UpdateTempSchemasFromDatabase', '', () => ({}), admin),
];
