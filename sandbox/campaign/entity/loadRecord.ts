import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import type { Element } from '../xml/element.ts';
import { findRows, toDocument } from './document.ts';
import { recordKey } from './entityKey.ts';

/** A record by its primary key, `schema|value`; `undefined` when there is none. */
export function loadRecord(instance: Instance, text: string): Element | undefined {
  const { table, key } = recordKey(instance, text);
  const [row] = findRows(instance, table, key, 1);
  return row === undefined ? undefined : toDocument(table, row);
}

/** @throws CampaignFailure when there is no such record. */
export function mustLoadRecord(instance: Instance, text: string): Element {
  const document = loadRecord(instance, text);
  if (document === undefined) throw new CampaignFailure(`XSV-350000 The record '${text}' cannot be found.`);
  return document;
}
