import { isBuiltInNamespace } from '../../../core/schema/builtInNamespaces.ts';
import {
  splitSchemaId,
  type Schema,
  type SchemaElement,
  type SchemaNode,
} from '../../../core/schema/schema.ts';
import { attributeOf, attributeValue, childElements, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { SchemaContext } from './schemaContext.ts';
import { insertAttribute, removeAttribute } from './schemaFixes.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { cloudDataSource, isLinkTag, says } from './schemaTags.ts';
import { tagRange, valueRange } from './structureChecks.ts';

/**
 * Advice about changes of a table the instance has: in an extension, or in the next version of a schema.
 * Source: Campaign documentation, "Extending a schema", "Data model best practices"; that a new NOT NULL column is refused
 * when there are records is told by its users [C].
 */
export function lintExistingTable(
  context: SchemaContext,
  main: XmlElement,
  problems: SchemaSourceProblem[],
): void {
  const { own, model } = context;
  const existing = own && model.getSchema(own.extendedSchema ?? own.id);
  if (existing?.root === undefined) return;
  if (own?.extendedSchema !== undefined) {
    lintSequence(main, existing.root, problems);
    if (isBuiltInNamespace(existing.namespace)) lintDeletions(main, existing.root, problems);
  }
  if (existing.root.sqlTable !== undefined) lintNotNull(main, existing.root, problems);
}

function lintSequence(main: XmlElement, existing: SchemaElement, problems: SchemaSourceProblem[]): void {
  const sequence = attributeValue(main, 'pkSequence');
  if (sequence === undefined || sequence === (existing.raw.get('pkSequence') ?? 'XtkNewId')) return;
  const message =
    'The records there are have keys of the sequence the table began with; another one gives the same keys out again.';
  const fix = removeAttribute(main, 'pkSequence');
  problems.push(schemaProblem('lint/sequence-changed', valueRange(main, 'pkSequence'), message, fix));
}

/** What an extension takes away from the product, the product still expects. */
function lintDeletions(element: XmlElement, existing: SchemaElement, problems: SchemaSourceProblem[]): void {
  for (const child of childElements(element)) {
    const name = attributeValue(child, 'name') ?? '';
    if (attributeValue(child, '_operation') !== 'delete') {
      const below = child.localName === 'element' ? existing.elements.get(name) : undefined;
      if (below !== undefined) lintDeletions(child, below, problems);
    } else if (isOfProduct(existing, child.localName, name)) {
      const message = `"${name}" is part of the product, whose own screens and workflows use it. Hide it with visibleIf="false" instead.`;
      problems.push(schemaProblem('lint/builtin-delete', valueRange(child, '_operation'), message));
    }
  }
}

function isOfProduct(existing: SchemaElement, kind: string, name: string): boolean {
  const isBuiltIn = (node: SchemaNode | undefined): boolean =>
    node !== undefined &&
    (node.belongsTo === undefined || isBuiltInNamespace(splitSchemaId(node.belongsTo).namespace));
  switch (kind) {
    case 'attribute':
      return isBuiltIn(existing.attributes.get(name));
    case 'element':
      return isBuiltIn(existing.elements.get(name));
    case 'key':
      return existing.keys.some((key) => key.name === name);
    case 'dbindex':
      return existing.indexes.some((index) => index.name === name);
    default:
      return false;
  }
}

/** Types whose columns are null unless told otherwise; the others begin with 0. */
const nullableTypes: ReadonlySet<string> = new Set([
  'string',
  'memo',
  'CDATA',
  'html',
  'blob',
  'bin',
  'date',
  'datetime',
  'datetimetz',
  'datetimenotz',
  'uuid',
]);

function lintNotNull(element: XmlElement, existing: SchemaElement, problems: SchemaSourceProblem[]): void {
  for (const field of childElements(element)) {
    const name = attributeValue(field, 'name') ?? '';
    const below = field.localName === 'element' ? existing.elements.get(name) : undefined;
    if (below !== undefined && !isLinkTag(field)) lintNotNull(field, below, problems);
    if (!says(field, 'notNull') || attributeOf(field, 'sqlDefault') !== undefined) continue;
    const before = existing.attributes.get(name);
    const type = attributeValue(field, 'type') ?? before?.type ?? 'string';
    if (before?.notNull === true || !nullableTypes.has(type)) continue;
    const message =
      'The table exists: where it has records, which have no value here, the update of the database fails. Fill the column first, or give it sqlDefault.';
    problems.push(schemaProblem('schema/not-null-on-existing', valueRange(field, 'notNull'), message));
  }
}

/** A new table of the local database whose links lead into the cloud, where the recipients may be. */
export function lintDataSource(
  context: SchemaContext,
  main: XmlElement,
  problems: SchemaSourceProblem[],
): void {
  const { own, model } = context;
  if (attributeOf(main, 'dataSource') !== undefined || says(main, 'temporaryTable')) return;
  if (own === undefined || (own.mappingType ?? 'sql') !== 'sql' || isInstalled(model.getSchema(own.id)))
    return;
  const targets = childElements(main, 'element').map((link) => attributeValue(link, 'target') ?? '');
  const cloud = ['nms:recipient', ...targets.filter((id) => id !== '' && id !== own.id)].find(
    (id) => model.getSchema(id)?.root?.dataSource === cloudDataSource,
  );
  if (cloud === undefined) return;
  const message = `${cloud} is in the cloud database; a table without dataSource is made in the local one, away from it.`;
  const fix = insertAttribute(main, 'dataSource', cloudDataSource);
  problems.push(schemaProblem('lint/missing-datasource', tagRange(main), message, fix));
}

function isInstalled(schema: Schema | null | undefined): boolean {
  // Not known yet counts as installed: nothing is said of it.
  return schema !== null;
}
