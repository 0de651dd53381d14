import { primaryKey, type SchemaElement } from '../../../core/schema/schema.ts';
import { findRows, tableOf, toDocument, type Table } from '../entity/document.ts';
import { recordKey } from '../entity/entityKey.ts';
import type { Instance } from '../instance.ts';
import { rowIdsWhere } from '../query/selectQuery.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import {
  attribute,
  cloneElement,
  createElement,
  elements,
  ensurePath,
  type Element,
} from '../xml/element.ts';
import { checkAccess } from '../write/access.ts';
import { defaultValue } from '../write/defaults.ts';
import { deleteRow } from '../write/deleteRow.ts';
import { writeDocument } from '../write/writeDocument.ts';

function schemaOf(document: Element | undefined): { document: Element; schemaId: string } {
  const schemaId = document === undefined ? '' : attribute(document, 'xtkschema');
  if (document === undefined || schemaId === '') {
    throw new CampaignFailure("The document has no attribute 'xtkschema'.");
  }
  return { document, schemaId };
}

function write(call: Call): Answer {
  const { document, schemaId } = schemaOf(call.element(0));
  call.instance.rows.transaction(() => writeDocument(call.instance, document, schemaId));
  return {};
}

/** [I] One transaction for the collection. */
function writeCollection(call: Call): Answer {
  const { document, schemaId } = schemaOf(call.element(0));
  call.instance.rows.transaction(() => {
    for (const child of elements(document)) {
      writeDocument(call.instance, child, attribute(child, 'xtkschema') || schemaId);
    }
  });
  return {};
}

function deleteCollection(call: Call): Answer {
  const { instance } = call;
  const table = tableOf(instance, call.text(0).trim());
  checkAccess(instance, table.schema, 'writeAccess');
  const where = call.element(1);
  // Everything at once is never meant.
  if (where === undefined || elements(where, 'condition').length === 0) {
    throw new CampaignFailure('The condition of the records to delete is empty.');
  }
  instance.rows.transaction(() => {
    const ids = new Set(rowIdsWhere(table.schema.id, where, instance.queryEnvironment()));
    for (const row of findRows(instance, table, []).filter((candidate) => ids.has(candidate.rowId))) {
      deleteRow(instance, table, row);
    }
  });
  return {};
}

// --- documents before they are saved ---

/** Fills in the defaults of fields the document leaves out. */
function applyDefaults(instance: Instance, table: Table, document: Element, path = ''): void {
  const { root } = table.schema;
  if (root !== undefined) fill(instance, root, document, path.replace(/^\/+|\/+$/g, ''), '');
}

function fill(
  instance: Instance,
  definition: SchemaElement,
  at: Element,
  only: string,
  prefix: string,
): void {
  const isInside = only === '' || prefix.startsWith(`${only}/`) || prefix === `${only}/`;
  for (const node of definition.attributes.values()) {
    if (!isInside || at.attributes.has(node.name) || node.expr !== undefined) continue;
    const value = defaultValue(instance, node);
    if (value !== undefined) at.attributes.set(node.name, value);
  }
  for (const link of definition.elements.values()) {
    const source = link.type === 'link' && link.joins.length === 1 ? link.joins[0]!.source : '';
    if (!isInside || !source.startsWith('@') || at.attributes.has(source.slice(1))) continue;
    const value = defaultValue(instance, link);
    if (value !== undefined) at.attributes.set(source.slice(1), value);
  }
  for (const child of definition.elements.values()) {
    if (child.unbound || child.type !== undefined || child.ref !== undefined) continue;
    const hasDefaults = [...child.attributes.values()].some((node) => node.defaultValue !== undefined);
    if (hasDefaults) fill(instance, child, ensurePath(at, child.name), only, `${prefix}${child.name}/`);
  }
}

/** A fresh key, and `_operation="insert"`: nothing is saved. */
function newInstance(call: Call): Answer {
  const { instance } = call;
  const schemaId = call.schemaId === 'xtk:persist' ? attribute(call.entity, 'xtkschema') : call.schemaId;
  const table = tableOf(instance, schemaId);
  const entity = cloneElement(call.entity);
  applyDefaults(instance, table, entity);
  giveKey(instance, table, entity);
  entity.attributes.set('_operation', 'insert');
  return { entity };
}

function giveKey(instance: Instance, table: Table, entity: Element): void {
  const { root } = table.schema;
  const xpath = primaryKey(table.schema)?.fields[0]?.xpath;
  if (root?.autoPk !== true || xpath?.startsWith('@') !== true || entity.attributes.has(xpath.slice(1)))
    return;
  const isUuid = root.autoUuid;
  const id = isUuid
    ? instance.evaluate('NewUUID()')
    : instance.sequences.next(root.raw.get('pkSequence') ?? 'XtkNewId');
  entity.attributes.set(xpath.slice(1), String(id));
}

function load(instance: Instance, text: string): Element | undefined {
  const { table, key } = recordKey(instance, text);
  const [row] = findRows(instance, table, key, 1);
  return row === undefined ? undefined : toDocument(table, row);
}

function mustLoad(instance: Instance, text: string): Element {
  const document = load(instance, text);
  if (document === undefined) throw new CampaignFailure(`XSV-350000 The record '${text}' cannot be found.`);
  return document;
}

/** A copy with a key of its own; fields that say so get their default again. */
function duplicate(call: Call, folder?: string): Answer {
  const { instance } = call;
  const source = mustLoad(instance, call.text(0));
  const table = tableOf(instance, attribute(source, 'xtkschema'));
  for (const key of table.schema.root?.keys ?? []) {
    for (const field of key.fields)
      if (field.xpath?.startsWith('@') === true) source.attributes.delete(field.xpath.slice(1));
  }
  for (const node of table.schema.root?.attributes.values() ?? []) {
    if (node.raw.get('defOnDuplicate') === 'true') source.attributes.delete(node.name);
  }
  for (const name of ['md5', 'lastModified', 'modifiedBy-id', 'createdBy-id']) source.attributes.delete(name);
  applyDefaults(instance, table, source);
  giveKey(instance, table, source);
  if (folder !== undefined) source.attributes.set('folder-id', folder.split('|').at(-1) ?? '');
  source.attributes.set('_operation', 'insert');
  return { entity: source };
}

function withDefaults(call: Call, path: string): Answer {
  const schemaId = call.schemaId === 'xtk:persist' ? attribute(call.entity, 'xtkschema') : call.schemaId;
  const entity = cloneElement(call.entity);
  applyDefaults(call.instance, tableOf(call.instance, schemaId), entity, path);
  return { entity };
}

const document = { kind: 'document' } as const;

/** Writing, and documents on their way to be written: `xtk:persist`. */
export const writeMethods: readonly Method[] = [
  method('xtk:persist#Write', 'domDoc:DOMDocument', write),
  method('xtk:persist#WriteCollection', 'domDoc:DOMDocument', writeCollection),
  method('xtk:persist#ImportCollection', 'domDoc:DOMDocument', writeCollection),
  method(
    'xtk:persist#DeleteCollection',
    'strSchema:string, elemWhere:DOMElement, bIgnoreDeleteStatus:boolean',
    deleteCollection,
  ),
  method('xtk:persist#NewInstance', '', newInstance, document),
  method('xtk:persist#Duplicate', 'pkPk:primarykey', (call) => duplicate(call), document),
  method(
    'xtk:persist#DuplicateTo',
    'pkPk:primarykey, pkFolder:primarykey',
    (call) => duplicate(call, call.text(1)),
    document,
  ),
  method('xtk:persist#SetDefaults', '', (call) => withDefaults(call, ''), document),
  method(
    'xtk:persist#SetDefaultValues',
    'strXPath:string',
    (call) => withDefaults(call, call.text(0)),
    document,
  ),
  method(
    'xtk:persist#Load',
    'pkPk:primarykey',
    (call) => ({ entity: mustLoad(call.instance, call.text(0)) }),
    document,
  ),
  method(
    'xtk:persist#LoadIfExists',
    'pkPk:primarykey -> pbExists:boolean',
    (call) => {
      const found = load(call.instance, call.text(0));
      return { entity: found ?? call.entity, values: [found !== undefined] };
    },
    document,
  ),
  method('xtk:persist#GetDefaultEntity', 'strSchema:string -> pdomDoc:DOMDocument', ({ instance, text }) => {
    const table = tableOf(instance, text(0).trim());
    const entity = createElement(table.schema.root?.name ?? table.schema.name, {
      xtkschema: table.schema.id,
    });
    applyDefaults(instance, table, entity);
    return { values: [entity] };
  }),
  method(
    'xtk:persist#Store',
    '',
    ({ instance, entity, schemaId }) => {
      const id = schemaId === 'xtk:persist' ? attribute(entity, 'xtkschema') : schemaId;
      instance.rows.transaction(() => writeDocument(instance, entity, id));
      return { entity };
    },
    { kind: 'document', hidden: true },
  ),
  method(
    'xtk:persist#Remove',
    '',
    ({ instance, key }) => {
      instance.rows.transaction(() => {
        const found = recordKey(instance, key);
        checkAccess(instance, found.table.schema, 'writeAccess');
        const [row] = findRows(instance, found.table, found.key, 1);
        if (row !== undefined) deleteRow(instance, found.table, row);
      });
      return {};
    },
    { kind: 'key', hidden: true },
  ),
];
