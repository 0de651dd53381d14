import { compileSchemas } from '../../../core/schema/compileSchemas.ts';
import { serializeXmlNode, toXmlNode, type XmlNode } from '../../../core/schema/xmlNode.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import {
  attribute,
  cloneElement,
  createElement,
  elements,
  firstElement,
  isElement,
  writeElement,
  type Element,
} from '../xml/element.ts';
import { findRows, tableOf } from './document.ts';
import { dropSchema, storeSchema } from './schemaStore.ts';

function toNode(xml: string): XmlNode {
  const { root } = parseXml(xml);
  if (root === undefined) throw new CampaignFailure('The document of the schema is empty.');
  return toXmlNode(root);
}

/** All source schemas as documents. */
export function sourceSchemas(instance: Instance): Element[] {
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

/** `namespace:name` of a source. */
export const sourceId = (source: Element): string =>
  `${attribute(source, 'namespace')}:${attribute(source, 'name')}`;

/**
 * Compiles a source with all that belongs to the same compiled schema: its base, and the extensions of that base.
 * @returns the compiled documents by id, the one asked for first. @throws CampaignFailure for a broken source.
 */
export function compileSource(instance: Instance, source: Element): Map<string, string> {
  const id = sourceId(source);
  if (attribute(source, 'name') === '' || attribute(source, 'namespace') === '') {
    throw new CampaignFailure("The schema has no 'name' or no 'namespace'.");
  }
  const baseId = attribute(source, 'extendedSchema') || id;
  const family = sourceSchemas(instance).filter((other) => {
    const otherId = sourceId(other);
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

/** Keeps compiled documents, all or none. Tables follow when the structure is updated. */
export function storeCompiled(instance: Instance, compiled: ReadonlyMap<string, string>): void {
  instance.transaction(() => {
    for (const xml of compiled.values()) storeSchema(instance, xml);
    for (const id of compiled.keys()) removeStagingTwin(instance, id);
  });
}

/** A schema that is staged no more loses its twin, and the rows that waited there. */
function removeStagingTwin(instance: Instance, id: string): void {
  const schema = instance.model.getSchema(id);
  const twinId = `${id}Stg`;
  const isStaged = schema === null || schema.root?.autoStg === true;
  const isOwn = sourceSchemas(instance).some((source) => sourceId(source) === twinId);
  if (!isStaged && !isOwn && instance.model.getSchema(twinId) !== null) dropSchema(instance, twinId);
}

/** Takes out of a schema what one extension added to it, and the indexes on it. */
export function removeAddedBy(element: Element, id: string): void {
  const isAdded = (child: Element): boolean => attribute(child, 'belongsTo') === id;
  const gone = new Set(
    elements(element, 'attribute')
      .filter(isAdded)
      .map((node) => `@${attribute(node, 'name')}`),
  );
  const isOnAdded = (child: Element): boolean =>
    child.name === 'dbindex' &&
    elements(child, 'keyfield').some((field) => gone.has(attribute(field, 'xpath')));
  element.children = element.children.filter(
    (child) => !isElement(child) || !(isAdded(child) || isOnAdded(child)),
  );
  for (const child of elements(element)) removeAddedBy(child, id);
}
