import {
  attributeOf,
  attributeValue,
  childElements,
  descendantElements,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { describedElement, type SchemaContext } from './schemaContext.ts';
import { insertAttribute, removeAttribute } from './schemaFixes.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { isCloudTable, isLinkTag, says } from './schemaTags.ts';
import { tagRange, valueRange } from './structureChecks.ts';

/** More indexes than this slow down every write. */
const manyIndexes = 5;

/**
 * Advice about the indexes of a table. The cloud database of v8 has none, so nothing is said there.
 * Source: Campaign Classic documentation, "Data model best practices" (indexes, primary keys).
 */
export function lintIndexes(context: SchemaContext, main: XmlElement, problems: SchemaSourceProblem[]): void {
  if (isCloudTable(main) || context.own?.view === true) return;
  const indexes = childElements(main, 'dbindex').filter(
    (index) => attributeValue(index, '_operation') !== 'delete',
  );
  if (indexes.length > manyIndexes) {
    const message = `The table has ${indexes.length} indexes of its own; more than ${manyIndexes} make every write slow. Keep those that filters and joins use.`;
    problems.push(schemaProblem('lint/too-many-indexes', tagRange(indexes[manyIndexes]!), message));
  }
  // A key has an index of the same fields, unless it says otherwise.
  const keys = childElements(main, 'key').filter((key) => !says(key, 'noDbIndex'));
  for (const [at, index] of indexes.entries()) {
    const other = [...keys, ...indexes.slice(0, at), ...indexes.slice(at + 1)].find((candidate) =>
      makesUseless(candidate, index, indexes.indexOf(candidate) < at),
    );
    if (other === undefined) continue;
    const message = `The ${other.localName === 'key' ? 'key' : 'index'} ${attributeValue(other, 'name') ?? ''} begins with the same fields, and its index serves the same filters. Leave this one out.`;
    problems.push(schemaProblem('lint/too-many-indexes', tagRange(index), message));
  }
  for (const link of descendantElements(main)) {
    if (isLinkTag(link) && !says(link, 'unbound')) lintForeignKey(main, link, problems);
  }
}

/** Do the fields of an index come first in another one? Of two that are equal, the later one is useless. */
function makesUseless(other: XmlElement, index: XmlElement, isBefore: boolean): boolean {
  if (says(index, 'unique') || attributeOf(index, 'applicableIf') !== undefined) return false;
  if (attributeOf(other, 'applicableIf') !== undefined) return false;
  const [fields, others] = [fieldsOf(index), fieldsOf(other)];
  const isShorter = fields.length < others.length || (fields.length === others.length && isBefore);
  return fields.length > 0 && isShorter && fields.every((field, at) => field === others[at]);
}

function fieldsOf(index: XmlElement): string[] {
  return childElements(index, 'keyfield').map(
    (field) => attributeValue(field, 'xpath') ?? attributeValue(field, 'xlink') ?? '',
  );
}

/** Who wrote a record is shown, never searched for. */
const auditLink = /^(?:created|modified|lastModified)By$/;

function lintForeignKey(main: XmlElement, link: XmlElement, problems: SchemaSourceProblem[]): void {
  const name = attributeValue(link, 'name') ?? '';
  const hasNoIndex = says(link, 'noDbIndex');
  const isAudit = auditLink.test(name) && attributeValue(link, 'target') === 'xtk:operator';
  if (isAudit && !hasNoIndex) {
    const message = `Nobody looks for records by ${name}; the index on its foreign key costs time at every write.`;
    const fix = insertAttribute(link, 'noDbIndex', 'true');
    problems.push(schemaProblem('lint/useless-fk-index', valueRange(link, 'name'), message, fix));
  }
  // With a join of its own a link has no foreign key to index.
  const isHidden = attributeValue(link, 'revLink') === '_NONE_' || childElements(link, 'join').length > 0;
  if (!hasNoIndex || isAudit || isHidden || isIndexedBesides(main, name)) return;
  const message =
    'The target has the reverse of this link as a collection, and without an index every use of it reads the whole table. Leave out noDbIndex, or the reverse link.';
  const fix = removeAttribute(link, 'noDbIndex');
  problems.push(schemaProblem('lint/fk-not-indexed', valueRange(link, 'noDbIndex'), message, fix));
}

/** Does an index or a key begin with the link? */
function isIndexedBesides(main: XmlElement, link: string): boolean {
  return [...childElements(main, 'dbindex'), ...childElements(main, 'key')].some((index) => {
    const [first = ''] = fieldsOf(index);
    return first === link || first.startsWith(`@${link}-`);
  });
}

/** A table that exists already, and is only described: its names and indexes are those of the database. */
export function lintView(context: SchemaContext, main: XmlElement, problems: SchemaSourceProblem[]): void {
  if (attributeOf(main, 'sqltable') === undefined) {
    const message = 'The table exists already: say its name in sqltable, or the server makes one up.';
    problems.push(schemaProblem('lint/view-explicit-names', tagRange(main), message));
  }
  for (const field of descendantElements(main)) {
    if (!isColumn(context, field) || attributeOf(field, 'sqlname') !== undefined) continue;
    const message = 'The column exists already: say its name in sqlname, or the server makes one up.';
    problems.push(schemaProblem('lint/view-explicit-names', valueRange(field, 'name'), message));
  }
  if (childElements(main, 'dbindex').length === 0 && !isCloudTable(main)) {
    const message =
      'Nobody can see here which fields of the table are indexed: declare the indexes it has, so that filters are built on them.';
    problems.push(schemaProblem('lint/existing-table-index', tagRange(main), message));
  }
}

function isColumn(context: SchemaContext, field: XmlElement): boolean {
  if (field.localName !== 'attribute' || field.parent === undefined) return false;
  const node = describedElement(context, field.parent)?.attributes.get(attributeValue(field, 'name') ?? '');
  const isCopy = attributeOf(field, 'template') !== undefined || attributeOf(field, 'ref') !== undefined;
  return node !== undefined && !node.xml && node.expr === undefined && !isCopy;
}
