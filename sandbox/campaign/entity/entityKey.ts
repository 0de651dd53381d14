import { primaryKey } from '../../../core/schema/schema.ts';
import type { Instance } from '../instance.ts';
import { toColumnValue } from '../model/columns.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { columnsOfKey, tableOf, type RowKey, type Table } from './document.ts';

/** Splits `schema|k1|k2`; `\|` and `\"` are escapes inside a value. */
export function splitPrimaryKey(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\' && i + 1 < text.length) part += text.charAt(++i);
    else if (c === '|') {
      parts.push(part);
      part = '';
    } else part += c;
  }
  return [...parts, part];
}

/**
 * Finds what the first parameter of `GetEntityIfMoreRecent` names: `xtk:schema|nms:recipient`, or a bare name for
 * entities keyed by `@name`. [W] Schemas keyed by `@internalName` cannot be read this way: the server looks for `@name`.
 */
export function entityKey(instance: Instance, text: string): { table: Table; key: RowKey } {
  const [schemaId = '', ...rest] = splitPrimaryKey(text);
  const table = tableOf(instance, schemaId);
  const { storage, schema } = table;
  const name = rest.join('|');
  const byName = storage.byXPath.get('@name');
  if (byName === undefined) {
    throw new CampaignFailure(
      `Attribute 'name' unknown (see definition of schema '${schema.label} (${schema.id})').`,
      `XSV-350000 The entity '${name}' of type '${schemaId}' cannot be found.`,
    );
  }
  const byNamespace = storage.byXPath.get('@namespace');
  const colon = name.indexOf(':');
  if (byNamespace === undefined) return { table, key: [{ column: byName.name, value: name }] };
  return {
    table,
    key: [
      { column: byNamespace.name, value: name.slice(0, Math.max(0, colon)) },
      { column: byName.name, value: name.slice(colon + 1) },
    ],
  };
}

/** Finds what a `primarykey` names: `schema|value[|value…]`, the values being those of the schema's key. */
export function recordKey(instance: Instance, text: string): { table: Table; key: RowKey } {
  const [schemaId = '', ...values] = splitPrimaryKey(text);
  const table = tableOf(instance, schemaId);
  const primary = primaryKey(table.schema);
  const columns = primary === undefined ? undefined : columnsOfKey(table, primary);
  if (columns === undefined || columns.length !== values.length) {
    throw new CampaignFailure(`The key '${text}' does not fit the schema '${schemaId}'.`);
  }
  const key = columns.map(({ column, type }, index) => ({
    column,
    value: toColumnValue(type, values[index] ?? ''),
  }));
  return { table, key };
}
