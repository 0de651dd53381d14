import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import { foreignKeyOf } from '../../../core/schema/resolvePath.ts';
import type { Schema, SchemaElement, SchemaNode } from '../../../core/schema/schema.ts';
import { escapeXmlAttribute, toCdata } from '../../../core/xml/entities.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { writeXml } from '../../../core/xml/writeXml.ts';
import { childElements, textOf, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { DemoContext, DemoRow, DemoValue } from './demoContext.ts';
import { schemaFolder } from './modelFiles.ts';

const entityFolder = join(import.meta.dirname, 'entities');

/** Code kept in files of its own language: folder, what the files end with, what the entities' names end with. */
const codeKinds = [
  {
    schemaId: 'xtk:javascript',
    folder: 'javascript',
    extension: '.campaign.js',
    suffix: '.js',
    field: 'data',
  },
  { schemaId: 'xtk:jssp', folder: 'jssp', extension: '.jssp', suffix: '.jssp', field: 'data' },
  { schemaId: 'xtk:jst', folder: 'jst', extension: '.jst', suffix: '', field: 'code' },
  { schemaId: 'xtk:sql', folder: 'sql', extension: '.sql', suffix: '.sql', field: 'data' },
] as const;

const codeLabels: Readonly<Record<string, string>> = {
  'common.js': 'What several workflows need',
  'csv.js': 'Reading and writing CSV',
  'loyalty.js': 'Methods of cus:loyalty',
  'purchase.js': 'Purchases of a recipient',
  'recipient.js': 'Methods added to nms:recipient',
  'preferences.jssp': 'Preference center',
  'stores.jssp': 'Stores of a country, as JSON',
  receipt: 'Receipt of a purchase',
  weeklyReport: 'Report of the week',
  'purgeEvents.sql': 'Purge of the events',
};

/** Libraries, pages, templates and SQL scripts. */
export function* codeRows(context: DemoContext): Generator<DemoRow> {
  for (const { schemaId, folder, extension, suffix, field } of codeKinds) {
    const element = schemaId.slice('xtk:'.length);
    for (const [index, file] of listFiles(`${folder}/cus`).entries()) {
      const name = `${file.slice(0, -extension.length)}${suffix}`;
      const code = readFileSync(join(entityFolder, folder, 'cus', file), 'utf8');
      yield {
        schemaId,
        row: {
          '@namespace': 'cus',
          '@name': name,
          '@label': codeLabels[name] ?? name,
          '@entitySchema': schemaId,
          ...auditTrail(context, 300 - 7 * index, 20 + index),
          data: `<${element}><${field}>${toCdata(code)}</${field}></${element}>`,
        },
      };
    }
  }
}

/** Forms, trees and package specifications: documents known by namespace and name. */
export function* documentRows(context: DemoContext): Generator<DemoRow> {
  for (const kind of ['form', 'navtree', 'specFile']) {
    for (const [index, file] of listFiles(`${kind}/cus`).entries()) {
      const text = readFileSync(join(entityFolder, kind, 'cus', file), 'utf8');
      const row = {
        ...documentToRow(context, `xtk:${kind}`, text),
        ...auditTrail(context, 250, 12 + index),
      };
      yield { schemaId: `xtk:${kind}`, row };
      // The tree the console asks for is the one merged from all others; here there is only one.
      if (kind === 'navtree') {
        yield { schemaId: 'xtk:navtree', row: { ...row, '@namespace': 'xtk', '@name': 'merged' } };
      }
    }
  }
}

const namedKinds = [
  { schemaId: 'nms:includeView', folder: 'includeView', key: 'name' },
  { schemaId: 'xtk:queryFilter', folder: 'queryFilter', key: 'name' },
  { schemaId: 'nms:typologyRule', folder: 'typologyRule', key: 'name' },
  { schemaId: 'nms:webApp', folder: 'webApp', key: 'internalName' },
] as const;

/** Blocks, filters, rules and web applications: documents with an id and an internal name. */
export function* namedDocumentRows(context: DemoContext): Generator<DemoRow> {
  for (const { schemaId, folder, key } of namedKinds) {
    for (const [index, text] of readDocuments(folder).entries()) {
      const row = documentToRow(context, schemaId, text);
      const id = context.newNamedId(schemaId, String(row[`@${key}`]));
      const audit = schemaId === 'nms:typologyRule' ? {} : auditTrail(context, 200 - index, 15 + index);
      yield { schemaId, row: { '@id': id, ...row, ...audit } };
    }
  }
}

export function* workflowRows(context: DemoContext): Generator<DemoRow> {
  for (const [index, text] of readDocuments('workflow').entries()) {
    const row = documentToRow(context, 'xtk:workflow', text);
    const isStarted = row['@state'] === 11;
    yield {
      schemaId: 'xtk:workflow',
      row: {
        '@id': context.newNamedId('xtk:workflow', String(row['@internalName'])),
        ...row,
        ...auditTrail(context, 400 - 11 * index, 3 + index),
        '@lastStart': row['@isModel'] === undefined ? context.instant(2 + index) : null,
        '@processDate': isStarted ? context.instant(0.2 + index / 50) : null,
        '@nextProcessingDate': isStarted ? context.instant(-0.5 - index / 50) : null,
        '@taskCount': row['@isModel'] === undefined ? 8 : 0,
        '@errorCount': row['@failed'] === undefined ? 0 : 1,
      },
    };
  }
}

/** Deliveries whose content is kept in files, without id: the deliveries of the demo give them one. */
export function deliveryDocuments(context: DemoContext): Record<string, DemoValue>[] {
  return readDocuments('delivery').map((text) => documentToRow(context, 'nms:delivery', text));
}

function auditTrail(
  context: DemoContext,
  createdDaysAgo: number,
  changedDaysAgo: number,
): Record<string, DemoValue> {
  return {
    '@created': context.instant(createdDaysAgo),
    '@lastModified': context.instant(changedDaysAgo),
    '@createdBy-id': context.idOf('xtk:operator', 'dev'),
    '@modifiedBy-id': context.idOf('xtk:operator', 'jurgen'),
  };
}

const listFiles = (folder: string): string[] => readdirSync(join(entityFolder, folder)).sort();

const readDocuments = (folder: string): string[] =>
  listFiles(folder).map((file) => readFileSync(join(entityFolder, folder, file), 'utf8'));

/**
 * Splits a document into columns and XML body, as a Write does: links are found by internal name, what the schema
 * stores in XML stays in the body. `{id:nms:delivery:NAME}` stands for the id of that record.
 */
function documentToRow(context: DemoContext, schemaId: string, text: string): Record<string, DemoValue> {
  const schema = loadSchema(schemaId);
  const main = schema.root!;
  const root = parseXml(text).root!;
  const row: Record<string, DemoValue> = {};
  takeColumns(context, main, root, '', row);
  root.attributes = root.attributes.filter(({ name }) => name !== 'xtkschema' && name !== 'entitySchema');
  if (main.attributes.has('entitySchema')) row['@entitySchema'] = schemaId;
  row['data'] = writeXml(root).replace(/\{id:([\w:]+):(\w+)\}/g, (_, id: string, name: string) =>
    escapeXmlAttribute(String(context.idOf(id, name))),
  );
  return row;
}

function takeColumns(
  context: DemoContext,
  definition: SchemaElement,
  element: XmlElement,
  path: string,
  row: Record<string, DemoValue>,
): void {
  element.attributes = element.attributes.filter(({ name, value }) => {
    const field = definition.attributes.get(name);
    if (field?.sqlName === undefined) return true;
    row[`${path}@${name}`] = toValue(field, value);
    return false;
  });
  element.children = element.children.filter((node) => {
    if (node.kind !== 'element') return true;
    const child = definition.elements.get(node.localName);
    if (child === undefined || child.xml) return true;
    if (child.type === 'link') {
      const name = node.attributes.find((attribute) => attribute.name !== '_operation')?.value ?? '';
      const foreignKey = foreignKeyOf(child);
      if (foreignKey !== undefined) row[`@${foreignKey.name}`] = context.idOf(child.target!, name);
      return false;
    }
    if (child.sqlName !== undefined) {
      row[path + child.name] = textOf(node);
      return false;
    }
    takeColumns(context, child, node, `${path}${child.name}/`, row);
    return node.attributes.length > 0 || childElements(node).length > 0;
  });
}

const numericTypes: ReadonlySet<string | undefined> = new Set(['byte', 'short', 'long', 'double']);

function toValue({ type }: SchemaNode, text: string): DemoValue {
  if (type === 'boolean') return text === 'true' ? 1 : 0;
  return numericTypes.has(type) ? Number(text) : text;
}

function loadSchema(id: string): Schema {
  const { schema } = parseSchema(readFileSync(join(schemaFolder, `${id.replace(':', '/')}.xml`), 'utf8'));
  if (schema?.root === undefined) throw new Error(`The demo model has no table for ${id}.`);
  return schema;
}
