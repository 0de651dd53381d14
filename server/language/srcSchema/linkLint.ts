import { enterElement, resolvePath } from '../../../core/schema/resolvePath.ts';
import type { SchemaNode } from '../../../core/schema/schema.ts';
import { attributeOf, attributeValue, childElements, type XmlElement } from '../../../core/xml/xmlTree.ts';
import { replaceFix } from '../queryDef/queryProblem.ts';
import { describedElement, resolveFromMain, type SchemaContext } from './schemaContext.ts';
import { insertAttribute, removeAttribute } from './schemaFixes.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { definitionTag, isCloudTable, says } from './schemaTags.ts';
import { tagRange, valueRange } from './structureChecks.ts';

/** Advice about one link of a schema source. */
export function lintLink(context: SchemaContext, link: XmlElement, problems: SchemaSourceProblem[]): void {
  const name = attributeValue(link, 'name') ?? '';
  if (/(-id|Id)$/.test(name)) {
    const message =
      'The foreign key is named after the link: a link called "company" gives "company-id". Leave out the id.';
    problems.push(schemaProblem('lint/link-name-id', valueRange(link, 'name'), message));
  }
  lintOuterJoin(context, link, problems);
  lintIntegrity(context, link, problems);
  lintJoins(context, link, problems);
  const revLink = attributeValue(link, 'revLink');
  if (
    /^last[A-Z]/.test(name) &&
    attributeValue(link, 'revCardinality') === 'single' &&
    revLink !== '_NONE_'
  ) {
    const message =
      'Nobody looks for records by being the last of another one: leave the reverse link out, revLink="_NONE_".';
    const fix =
      revLink === undefined
        ? insertAttribute(link, 'revLink', '_NONE_')
        : replaceFix('Change to _NONE_', valueRange(link, 'revLink'), '_NONE_');
    problems.push(schemaProblem('lint/visible-technical-revlink', valueRange(link, 'name'), message, fix));
  }
}

function lintOuterJoin(context: SchemaContext, link: XmlElement, problems: SchemaSourceProblem[]): void {
  const target = context.model.getSchema(attributeValue(link, 'target') ?? '')?.root;
  for (const attribute of ['externalJoin', 'revExternalJoin']) {
    if (
      says(link, attribute) &&
      (target?.autoPk === true || target?.autoUuid === true) &&
      childElements(link, 'join').length === 0
    ) {
      const message =
        'An outer join is not needed: tables with an automatic key have a record 0 that stands for "none".';
      const fix = removeAttribute(link, attribute);
      problems.push(schemaProblem('lint/external-join', valueRange(link, attribute), message, fix));
    }
  }
}

function lintIntegrity(context: SchemaContext, link: XmlElement, problems: SchemaSourceProblem[]): void {
  for (const attribute of ['integrity', 'revIntegrity']) {
    const value = attributeValue(link, attribute) ?? '';
    const big = `${attributeValue(link, 'target') ?? ''} ${context.own?.id ?? ''}`;
    if (value.startsWith('own') && /log/i.test(big)) {
      const message = `${attribute}="${value}" deletes log records one by one; on a big table that takes very long. Use neutral or normal.`;
      const range = valueRange(link, attribute);
      const fix = replaceFix('Change to normal', range, 'normal');
      problems.push(schemaProblem('lint/own-on-large', range, message, fix));
    }
  }
}

function lintJoins(context: SchemaContext, link: XmlElement, problems: SchemaSourceProblem[]): void {
  const joins = childElements(link, 'join');
  const filter = joins.find((join) => attributeOf(join, 'dstFilterExpr') !== undefined);
  if (joins.length > 1 || filter !== undefined) {
    const message = 'A join over several columns, or with a filter, is slow in every query: join by one key.';
    problems.push(schemaProblem('lint/multi-column-join', tagRange(filter ?? joins[1]!), message));
  }
  if (!isCloudTable(definitionTag(link)))
    for (const join of joins) lintTextJoin(context, link, join, problems);
}

/** The cloud database of v8 joins text as fast as numbers; a join that leads nowhere is told by its own problem. */
function lintTextJoin(
  context: SchemaContext,
  link: XmlElement,
  join: XmlElement,
  problems: SchemaSourceProblem[],
): void {
  const source = resolveFromMain(context, attributeValue(join, 'xpath-src') ?? '');
  const described = describedElement(context, link);
  const target = described === undefined ? undefined : enterElement(context.source, described);
  if (source.kind !== 'found' || !isText(context, source.node) || target?.kind !== 'found') return;
  const destination = (attributeValue(join, 'xpath-dst') ?? '').split('/');
  if (resolvePath(context.source, target.element, destination).kind !== 'found') return;
  const message = 'Text is slower to join by than numbers: link by the primary key where there is one.';
  problems.push(schemaProblem('lint/string-join-key', valueRange(join, 'xpath-src'), message));
}

/** Without a type a field is text, unless it copies another or changes one that the extended schema declares. */
function isText({ own }: SchemaContext, { type, raw, schemaId }: SchemaNode): boolean {
  const mayHaveOther =
    raw.has('template') || raw.has('ref') || (own?.extendedSchema !== undefined && schemaId === own.id);
  return type === 'string' && (raw.has('type') || !mayHaveOther);
}
