import { findRows, md5Of, toDocument, type StoredRow } from '../entity/document.ts';
import { removeAddedBy } from '../entity/compileSource.ts';
import { entityKey } from '../entity/entityKey.ts';
import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import {
  attribute,
  cloneElement,
  createElement,
  elements,
  writeElement,
  type Element,
} from '../xml/element.ts';
import { identifier } from '../database/identifier.ts';

/** A document by its entity key; `undefined` when there is none. */
export function loadEntity(instance: Instance, text: string): Element | undefined {
  const { table, key } = entityKey(instance, text);
  const [row] = findRows(instance, table, key, 1);
  if (row === undefined) return undefined;
  const document = toDocument(table, row);
  document.attributes.set('md5', md5OfRow(row, document));
  return document;
}

function md5OfRow(row: StoredRow, document: Element): string {
  const stored = row.cells.get('@md5');
  return typeof stored === 'string' && stored !== '' ? stored : md5Of(document);
}

function getEntityIfMoreRecent(call: Call): Answer {
  const pk = call.text(0).trim();
  const document = loadEntity(call.instance, pk);
  if (document === undefined) {
    if (!call.flag(2)) return { values: [undefined] };
    throw new CampaignFailure(
      `XFR-180000 The document '${pk}' does not exist.`,
      `XSV-350000 The entity '${pk}' cannot be found.`,
    );
  }
  // [I] Unchanged and missing look the same on the wire: an empty answer.
  const isUnchanged = call.text(1).trim().toUpperCase() === attribute(document, 'md5');
  return { values: [isUnchanged ? undefined : document] };
}

/** `<cache><xtk:schema><entityCache pk md5/>…` → what is stale, in the same shape. */
function getDirtyCacheEntities(call: Call): Answer {
  const answer = createElement('cache');
  const cache = call.element(0);
  for (const kind of cache === undefined ? [] : elements(cache)) {
    // The prefix of `<xtk:schema>` is gone after reading; kinds with such caches are all of `xtk`.
    const schemaId = `xtk:${kind.name}`;
    const dirty = elements(kind, 'entityCache').flatMap((entry) => {
      const pk = attribute(entry, 'pk');
      const document = loadEntity(call.instance, `${schemaId}|${pk}`);
      const md5 = document === undefined ? '' : attribute(document, 'md5');
      return md5 === attribute(entry, 'md5').toUpperCase() ? [] : [createElement('entityCache', { pk, md5 })];
    });
    if (dirty.length > 0) answer.children.push(createElement(kind.name, {}, dirty));
  }
  return { values: [answer] };
}

/** More changes than this and the client is told to start over. */
const maxChanges = 10;

function getModifiedEntities(call: Call): Answer {
  const { instance } = call;
  const request = call.element(0) ?? createElement('cache');
  const since = attribute(request, 'lastModified').replace('T', ' ');
  const answer = createElement('cache', {
    buildNumber: instance.settings.build,
    time: new Date(instance.clock.now()).toISOString(),
  });
  const isFirst = since === '' || attribute(request, 'buildNumber') === '';
  const isOtherBuild = attribute(request, 'buildNumber') !== String(instance.settings.build);
  if (isFirst) return { values: [answer] };
  const changes = elements(request).flatMap((kind) => changedSince(instance, `xtk:${kind.name}`, since));
  if (isOtherBuild || changes.length > maxChanges) answer.attributes.set('emptyCache', 'true');
  else answer.children.push(...changes);
  return { values: [answer] };
}

function changedSince(instance: Instance, schemaId: string, since: string): Element[] {
  const storage = instance.model.storage(schemaId);
  const columns = ['@namespace', '@name', '@md5', '@lastModified'].map(
    (xpath) => storage?.byXPath.get(xpath)?.name,
  );
  if (storage === undefined || columns.some((column) => column === undefined)) return [];
  const [namespace, name, md5, lastModified] = columns as string[];
  return instance.rows
    .all(
      `SELECT ${[namespace, name, md5, lastModified].join(', ')} FROM ${identifier(storage.table)} WHERE ${lastModified} >= ?`,
      [since],
    )
    .map(([ns, n, hash, at]) =>
      createElement('entityCache', {
        pk: `${schemaId}|${String(ns)}:${String(n)}`,
        schema: schemaId,
        md5: String(hash),
        lastModified: String(at).replace(' ', 'T'),
      }),
    );
}

// --- documents of the product ---

/** Namespaces of what comes with the product. */
const productNamespaces: ReadonlySet<string> = new Set([
  'xtk',
  'nl',
  'nms',
  'ncm',
  'temp',
  'ncl',
  'crm',
  'xxl',
]);

/** The document as the product brings it: a schema without what extensions added. */
function productText(document: Element): string {
  const namespace = attribute(document, 'namespace');
  if (!productNamespaces.has(namespace)) return '';
  const plain = cloneElement(document);
  for (const id of attribute(plain, 'dependingSchemas').split(',')) {
    if (id.trim() !== '') removeAddedBy(plain, id.trim());
  }
  plain.attributes.delete('dependingSchemas');
  // The row's own fingerprint says nothing of this text.
  plain.attributes.delete('md5');
  return writeElement(plain);
}

/** The original of a document and what it is now; the original of what a customer made is empty. */
function diff({ instance, text }: Call): Answer {
  const pk = text(0).trim();
  const document = mustLoadEntity(instance, pk);
  const original = productText(document);
  document.attributes.delete('md5');
  return { values: [original, writeElement(document)] };
}

/** [W] Reads what comes with the product; documents of the customer are in no file. */
function loadAsText({ instance, text }: Call): Answer {
  const pk = text(0).trim();
  const original = productText(mustLoadEntity(instance, pk));
  if (original === '') throw new CampaignFailure(`XFR-180000 The file of '${pk}' does not exist.`);
  return { values: [original] };
}

function mustLoadEntity(instance: Instance, pk: string): Element {
  const document = loadEntity(instance, pk);
  if (document !== undefined) return document;
  throw new CampaignFailure(
    `XFR-180000 The document '${pk}' does not exist.`,
    `XSV-350000 The entity '${pk}' cannot be found.`,
  );
}

/** [I] Images by name, in one document; those that are missing are left out. */
function getImages({ instance, text }: Call): Answer {
  const names = text(0)
    .split(',')
    .map((name) => name.trim().replace(/^xtk:image\|/, ''))
    .filter((name) => name !== '');
  const images = names.flatMap((name) => loadEntity(instance, `xtk:image|${name}`) ?? []);
  return { values: [createElement('image-collection', {}, images)] };
}

/** Reading documents: `xtk:persist`, and the feed of changes of `xtk:session`. */
export const entityMethods: readonly Method[] = [
  method(
    'xtk:persist#GetEntityIfMoreRecent',
    'strPk:string, strMd5:string, bMustExist:boolean -> pdomDoc:DOMDocument',
    getEntityIfMoreRecent,
  ),
  method(
    'xtk:persist#GetDirtyCacheEntities',
    'domCacheEntities:DOMDocument -> pdomDirtyEntities:DOMDocument',
    getDirtyCacheEntities,
  ),
  method('xtk:persist#GetImages', 'strPkList:string -> pdomDoc:DOMDocument', getImages),
  method('xtk:persist#LoadAsText', 'pkPk:primarykey -> pstrContent:string', loadAsText),
  method('xtk:session#Diff', 'pkPk:primarykey -> pstrOriginal:string, pstrCurrent:string', diff),
  method(
    'xtk:session#GetModifiedEntities',
    'domCache:DOMDocument -> pdomDirtyEntities:DOMDocument',
    getModifiedEntities,
  ),
];
