import { primaryKey } from '../../../core/schema/schema.ts';
import { tableOf } from '../entity/document.ts';
import { mustLoadRecord } from '../entity/loadRecord.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { prepareDuplicate } from '../write/newDocument.ts';
import { attribute, cloneElement, createElement, type Element } from '../xml/element.ts';

/** A copy of a record, not saved. */
function duplicate(call: Call, folder?: string): Element {
  const copy = mustLoadRecord(call.instance, call.text(0));
  prepareDuplicate(call.instance, tableOf(call.instance, attribute(copy, 'xtkschema')), copy);
  if (folder !== undefined) copy.attributes.set('folder-id', folder.split('|').at(-1) ?? '');
  return copy;
}

/** [I] Which key became which: the shape of the mapping is not documented. */
function duplicateWithMapping(call: Call): Answer {
  const entity = duplicate(call);
  const table = tableOf(call.instance, attribute(entity, 'xtkschema'));
  const key = (primaryKey(table.schema)?.fields[0]?.xpath ?? '@id').replace(/^@/, '');
  const from = call.text(0).split('|').at(-1) ?? '';
  const entry = createElement('map', { schema: table.schema.id, from, to: attribute(entity, key) });
  return { entity, values: [createElement('mapping', {}, [entry])] };
}

/** What duplicating does to a document that the caller has read already. */
function applyRules(call: Call): Answer {
  const schemaId = call.schemaId === 'xtk:persist' ? attribute(call.entity, 'xtkschema') : call.schemaId;
  const entity = cloneElement(call.entity);
  prepareDuplicate(call.instance, tableOf(call.instance, schemaId), entity);
  return { entity };
}

const document = { kind: 'document' } as const;

/** Copies of records: `xtk:persist`. Nothing is saved. */
export const duplicateMethods: readonly Method[] = [
  method('xtk:persist#Duplicate', 'pkPk:primarykey', (call) => ({ entity: duplicate(call) }), document),
  method(
    'xtk:persist#DuplicateTo',
    'pkPk:primarykey, pkFolder:primarykey',
    (call) => ({ entity: duplicate(call, call.text(1)) }),
    document,
  ),
  method(
    'xtk:persist#DuplicateWithMappingId',
    'pkPk:primarykey -> pdomMapping:DOMDocument',
    duplicateWithMapping,
    document,
  ),
  method('xtk:persist#ApplyDuplicateRules', '', applyRules, document),
];
