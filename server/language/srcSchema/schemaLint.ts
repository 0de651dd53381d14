import { isTrue } from '../../../core/schema/parseSchema.ts';
import { resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import {
  attributeOf,
  attributeValue,
  childElements,
  descendantElements,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { replaceFix, type QueryFix } from '../queryDef/queryProblem.ts';
import type { SchemaContext } from './schemaContext.ts';
import { insertAttribute, removeAttribute } from './schemaFixes.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { tagRange, valueRange } from './structureChecks.ts';

/**
 * Advice of Adobe's guides for v7 and v8.
 * Source: Campaign Classic and Campaign v8 documentation, "Data model best practices", "Keys", "API staging mechanism".
 */

/** The cloud database of v8 (FFDA). */
const cloudDataSource = 'nms:extAccount:ffda';
/** More stored columns than this make rows slow to read and write. */
const manyColumns = 100;
/** What v8 documents as the longest string. */
const longestString = 16_000;

/** Adds the advice that applies to a schema source. */
export function lintSchema(context: SchemaContext, root: XmlElement, problems: SchemaSourceProblem[]): void {
  const { own } = context;
  const isExtension = own?.extendedSchema !== undefined;
  for (const main of childElements(root, 'element')) {
    const isMain = own !== undefined && attributeValue(main, 'name') === own.name;
    if (isMain && !isExtension && !own.library) lintTable(own.view, main, problems);
  }
  for (const element of descendantElements(root)) lintNode(context, element, problems);
}

function lintTable(isView: boolean, main: XmlElement, problems: SchemaSourceProblem[]): void {
  const is = (name: string): boolean => isTrue(attributeValue(main, name));
  const isCloud = attributeValue(main, 'dataSource') === cloudDataSource;
  const report = (
    code: Parameters<typeof schemaProblem>[0],
    attribute: string,
    message: string,
    fix?: QueryFix,
  ): void => {
    problems.push(
      schemaProblem(code, attribute === '' ? tagRange(main) : valueRange(main, attribute), message, fix),
    );
  };
  const keys = childElements(main, 'key');
  if (keys.length === 0 && !is('autopk') && !isView && !is('temporaryTable')) {
    report(
      'schema/no-key',
      '',
      'The table has no key: give it autopk="true" or a <key>.',
      insertAttribute(main, 'autopk', 'true'),
    );
  }
  if (is('autopk')) lintAutoKey(main, isCloud, report);
  if (is('autouuid') && !is('autopk')) {
    report(
      'lint/autouuid-without-autopk',
      'autouuid',
      'autouuid has effect only together with autopk="true".',
      insertAttribute(main, 'autopk', 'true'),
    );
  }
  if (is('autouuid') && !isCloud) {
    report(
      'lint/autouuid-not-ffda',
      'autouuid',
      `autouuid has effect only in the cloud database (dataSource="${cloudDataSource}").`,
      removeAttribute(main, 'autouuid'),
    );
  }
  if (is('autoStg')) {
    const name = attributeValue(main, 'name') ?? '';
    if (name.endsWith('Stg'))
      report(
        'lint/autostg-misuse',
        'autoStg',
        'A staging schema cannot be staged itself.',
        removeAttribute(main, 'autoStg'),
      );
    else if (!isCloud) {
      report(
        'lint/autostg-misuse',
        'autoStg',
        `Only tables of the cloud database (dataSource="${cloudDataSource}") can be staged.`,
        removeAttribute(main, 'autoStg'),
      );
    }
  }
  // With autopk the generated key is the primary one, unless another is marked.
  const primary =
    keys.find((key) => isTrue(attributeValue(key, 'internal'))) ?? (is('autopk') ? undefined : keys[0]);
  const parts = primary === undefined ? [] : childElements(primary, 'keyfield');
  const isRelation = parts.length > 0 && parts.every((part) => attributeOf(part, 'xlink') !== undefined);
  if (primary !== undefined && parts.length > 1 && !isRelation) {
    problems.push(
      schemaProblem(
        'lint/composite-primary-key',
        tagRange(primary),
        'A primary key of several fields is slow to join; use one field and make this a second key.',
      ),
    );
  }
  const columns = [...descendantElements(main)].filter(
    (e) =>
      e.localName === 'attribute' &&
      !isTrue(attributeValue(e, 'xml')) &&
      attributeOf(e, 'expr') === undefined,
  );
  if (columns.length > manyColumns) {
    report(
      'lint/too-many-columns',
      '',
      `The table has ${columns.length} columns; more than ${manyColumns} make its rows slow. Keep what is used for targeting and personalisation.`,
    );
  }
}

function lintAutoKey(
  main: XmlElement,
  isCloud: boolean,
  report: (
    code: Parameters<typeof schemaProblem>[0],
    attribute: string,
    message: string,
    fix?: QueryFix,
  ) => void,
): void {
  const ownId = childElements(main, 'attribute').find(
    (attribute) => attributeValue(attribute, 'name') === 'id',
  );
  if (ownId !== undefined) {
    report(
      'lint/autopk-with-own-id',
      'autopk',
      'autopk adds the field id; this schema declares one of its own.',
    );
  }
  if (isCloud && attributeOf(main, 'autouuid') === undefined) {
    report(
      'lint/missing-autouuid',
      'autopk',
      'Tables of the cloud database need autouuid="true" with autopk.',
      insertAttribute(main, 'autouuid', 'true'),
    );
  }
  if (!isCloud && attributeOf(main, 'pkSequence') === undefined) {
    const name = attributeValue(main, 'name') ?? '';
    const sequence = `Cus${name.charAt(0).toUpperCase()}${name.slice(1)}Seq`;
    report(
      'lint/shared-sequence',
      'autopk',
      'Without pkSequence the key is taken from XtkNewId, which all tables share and which runs out at 2 billion.',
      insertAttribute(main, 'pkSequence', sequence),
    );
  }
  if (childElements(main, 'key').length === 0) {
    report(
      'lint/no-business-key',
      '',
      'The generated key is the only one: add a key of the business, so that imports can find records.',
    );
  }
}

function lintNode(context: SchemaContext, element: XmlElement, problems: SchemaSourceProblem[]): void {
  switch (element.localName) {
    case 'element':
      if (attributeValue(element, 'type') === 'link') lintLink(context, element, problems);
      else if (attributeOf(element, 'type') !== undefined) lintField(context, element, problems);
      break;
    case 'attribute':
      lintField(context, element, problems);
      break;
    case 'enumeration':
      lintEnumeration(element, problems);
      break;
    case 'sysFilter':
      for (const condition of childElements(element, 'condition')) {
        const expr = attributeValue(condition, 'expr');
        if (expr === undefined || /^(TRUE|FALSE)$/i.test(expr)) continue;
        problems.push(
          schemaProblem(
            'lint/sysfilter-expr',
            valueRange(condition, 'expr'),
            'An access filter says TRUE or FALSE in expr, and when in enabledIf.',
          ),
        );
      }
      break;
    case 'method':
      if (attributeOf(element, 'library') === undefined) {
        const message = 'A method of your own needs library: the JavaScript that holds it.';
        const fix = insertAttribute(element, 'library', `${context.own?.id ?? 'cus:library'}.js`);
        problems.push(schemaProblem('lint/method-no-library', tagRange(element), message, fix));
      }
      break;
  }
}

function lintLink(context: SchemaContext, link: XmlElement, problems: SchemaSourceProblem[]): void {
  const name = attributeValue(link, 'name') ?? '';
  if (/(-id|Id)$/.test(name)) {
    const message =
      'The foreign key is named after the link: a link called "company" gives "company-id". Leave out the id.';
    problems.push(schemaProblem('lint/link-name-id', valueRange(link, 'name'), message));
  }
  const target = context.model.getSchema(attributeValue(link, 'target') ?? '')?.root;
  for (const attribute of ['externalJoin', 'revExternalJoin']) {
    if (
      isTrue(attributeValue(link, attribute)) &&
      (target?.autoPk === true || target?.autoUuid === true) &&
      childElements(link, 'join').length === 0
    ) {
      const message =
        'An outer join is not needed: tables with an automatic key have a record 0 that stands for "none".';
      const fix = removeAttribute(link, attribute);
      problems.push(schemaProblem('lint/external-join', valueRange(link, attribute), message, fix));
    }
  }
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

function lintField(context: SchemaContext, field: XmlElement, problems: SchemaSourceProblem[]): void {
  if (attributeValue(field, '_operation') === 'delete') return;
  const isChange = context.own?.extendedSchema !== undefined && attributeOf(field, 'type') === undefined;
  const copies = ['template', 'ref', 'aggregate'].some((name) => attributeOf(field, name) !== undefined);
  const type = attributeValue(field, 'type') ?? 'string';
  const name = attributeValue(field, 'name') ?? '';
  const length = Number(attributeValue(field, 'length') ?? NaN);
  const isStored = attributeOf(field, 'expr') === undefined && !isTrue(attributeValue(field, 'xml'));
  if (
    !isChange &&
    !copies &&
    type === 'string' &&
    Number.isNaN(length) &&
    isStored &&
    attributeOf(field, 'enum') === undefined
  ) {
    problems.push(
      schemaProblem(
        'lint/string-no-length',
        valueRange(field, 'name'),
        `"${name}" has no length: its column gets 255 characters. Say how many it needs.`,
        insertAttribute(field, 'length', '255'),
      ),
    );
  }
  if (type === 'string' && length > longestString) {
    problems.push(
      schemaProblem(
        'lint/string-too-long',
        valueRange(field, 'length'),
        `A string holds at most ${longestString} characters; use type="memo" for more.`,
      ),
    );
  }
  if (
    !isChange &&
    !copies &&
    attributeOf(field, 'label') === undefined &&
    !isTrue(attributeValue(field, 'advanced'))
  ) {
    problems.push(
      schemaProblem(
        'lint/missing-label',
        valueRange(field, 'name'),
        `"${name}" has no label for the people who see it.`,
      ),
    );
  }
  if (name !== '' && !/^[a-z_][A-Za-z0-9_]*$/.test(name) && !copies) {
    problems.push(
      schemaProblem(
        'lint/name-style',
        valueRange(field, 'name'),
        'Names begin with a small letter and have letters, digits and _ only; others need brackets or quotes everywhere.',
      ),
    );
  }
  if (attributeOf(field, 'accessibleIf') !== undefined && isKeyField(field, name)) {
    problems.push(
      schemaProblem(
        'lint/accessibleif-on-key',
        valueRange(field, 'accessibleIf'),
        'Queries may fail when the value of a key is hidden.',
      ),
    );
  }
  const defaultValue = attributeValue(field, 'default');
  const isText = type === 'string' || type === 'memo';
  if (
    isText &&
    defaultValue !== undefined &&
    /^[A-Za-z][\w ]*$/.test(defaultValue) &&
    !/^(true|false|null)$/i.test(defaultValue)
  ) {
    const range = valueRange(field, 'default');
    const fix = { title: 'Put it in quotes', edits: [{ ...range, newText: `'${defaultValue}'` }] };
    problems.push(
      schemaProblem(
        'lint/default-unquoted-string',
        range,
        `A default is an expression: text needs quotes, '${defaultValue}'.`,
        fix,
      ),
    );
  }
  lintEnumerationType(context, field, type, problems);
}

function isKeyField(field: XmlElement, name: string): boolean {
  const keys = field.parent === undefined ? [] : childElements(field.parent, 'key');
  return keys.some((key) =>
    childElements(key, 'keyfield').some((part) => attributeValue(part, 'xpath') === `@${name}`),
  );
}

function lintEnumerationType(
  context: SchemaContext,
  field: XmlElement,
  type: string,
  problems: SchemaSourceProblem[],
): void {
  const reference = attributeValue(field, 'enum');
  if (reference === undefined || context.own === undefined || attributeOf(field, 'type') === undefined)
    return;
  const result = resolveEnumeration(context.source, context.own.id, reference);
  if (result.kind !== 'found' || result.enumeration.baseType === type) return;
  const { baseType } = result.enumeration;
  const message = `The values of ${reference} are of type ${baseType}, the field is ${type}. Give both the same type.`;
  const range = valueRange(field, 'type');
  const fix = replaceFix(`Change to ${baseType}`, range, baseType);
  problems.push(schemaProblem('lint/enum-type-mismatch', range, message, fix));
}

function lintEnumeration(enumeration: XmlElement, problems: SchemaSourceProblem[]): void {
  const seen = new Map<string, string>();
  for (const value of childElements(enumeration, 'value')) {
    const name = attributeValue(value, 'name') ?? '';
    const stored = attributeValue(value, 'value') ?? name;
    const other = seen.get(stored);
    if (other !== undefined) {
      const message = `"${name}" and "${other}" are stored alike (${stored}); a record cannot tell them apart.`;
      problems.push(
        schemaProblem(
          'lint/duplicate-enum-value',
          valueRange(value, attributeOf(value, 'value') === undefined ? 'name' : 'value'),
          message,
        ),
      );
    }
    seen.set(stored, name);
  }
}
