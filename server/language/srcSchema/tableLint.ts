import {
  attributeOf,
  attributeValue,
  childElements,
  descendantElements,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { QueryFix } from '../queryDef/queryProblem.ts';
import { insertAttribute, removeAttribute } from './schemaFixes.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { cloudDataSource, isCloudTable, says } from './schemaTags.ts';
import { tagRange, valueRange } from './structureChecks.ts';

/** More stored columns than this make rows slow to read and write. */
const manyColumns = 100;

/** Advice about the keys and the place of a table. */
export function lintTable(isView: boolean, main: XmlElement, problems: SchemaSourceProblem[]): void {
  const is = (name: string): boolean => says(main, name);
  const isCloud = isCloudTable(main);
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
  // What a definition brings along, the source does not show.
  const copies = ['template', 'ref', 'aggregate'].some((name) => attributeOf(main, name) !== undefined);
  if (keys.length === 0 && !is('autopk') && !isView && !copies && !is('temporaryTable')) {
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
  const primary = keys.find((key) => says(key, 'internal')) ?? (is('autopk') ? undefined : keys[0]);
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
  const feature = [...descendantElements(main)].find((field) => attributeOf(field, 'feature') !== undefined);
  if (feature !== undefined && parts.length > 1) {
    problems.push(
      schemaProblem(
        'lint/feature-composite-key',
        valueRange(feature, 'feature'),
        'A field with feature is kept in a side table, which finds its record by one field: give the table a primary key of one field.',
      ),
    );
  }
  const columns = [...descendantElements(main)].filter(
    (e) => e.localName === 'attribute' && !says(e, 'xml') && attributeOf(e, 'expr') === undefined,
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
    const source = main.parent;
    const words = [source && attributeValue(source, 'namespace'), attributeValue(main, 'name'), 'seq'];
    const sequence = words.map((word = '') => word.charAt(0).toUpperCase() + word.slice(1)).join('');
    report(
      'lint/shared-sequence',
      'autopk',
      'Without pkSequence the key is taken from XtkNewId, which all tables share and which runs out at 2 billion.',
      insertAttribute(main, 'pkSequence', sequence),
    );
  }
  const isWhole = attributeOf(main, 'template') === undefined && attributeOf(main, 'ref') === undefined;
  if (isWhole && childElements(main, 'key').length === 0) {
    report(
      'lint/no-business-key',
      '',
      'The generated key is the only one: add a key of the business, so that imports can find records.',
    );
  }
}
