import { findRows, tableOf } from '../entity/document.ts';
import { loadRecord, mustLoadRecord } from '../entity/loadRecord.ts';
import { recordKey } from '../entity/entityKey.ts';
import { rowIdsWhere } from '../query/selectQuery.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { attribute, cloneElement, createElement, elements, type Element } from '../xml/element.ts';
import { checkAccess } from '../write/access.ts';
import { removeRecord } from '../write/deleteRow.ts';
import { applyDefaults, giveKey } from '../write/newDocument.ts';
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
    const ids = new Set(rowIdsWhere(table.schema.id, where, instance.queryEnvironment(), call.flag(2)));
    for (const row of findRows(instance, table, []).filter((candidate) => ids.has(candidate.rowId))) {
      removeRecord(instance, table, row);
    }
  });
  return {};
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
    (call) => ({ entity: mustLoadRecord(call.instance, call.text(0)) }),
    document,
  ),
  method(
    'xtk:persist#LoadIfExists',
    'pkPk:primarykey -> pbExists:boolean',
    (call) => {
      const found = loadRecord(call.instance, call.text(0));
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
        if (row !== undefined) removeRecord(instance, found.table, row);
      });
      return {};
    },
    { kind: 'key', hidden: true },
  ),
];
