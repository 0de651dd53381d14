import { resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import { attributeOf, attributeValue, childElements, type XmlElement } from '../../../core/xml/xmlTree.ts';
import { replaceFix } from '../queryDef/queryProblem.ts';
import { describedElement, type SchemaContext } from './schemaContext.ts';
import { insertAttribute, removeAttribute } from './schemaFixes.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { says } from './schemaTags.ts';
import { valueRange } from './structureChecks.ts';

/** What v8 documents as the longest string. */
const longestString = 16_000;
/** Types that take more room than a flag or a short list of values needs. */
const wideTypes: ReadonlySet<string> = new Set(['long', 'int', 'int64', 'double', 'float']);

/** Advice about one field of a schema source. */
export function lintField(context: SchemaContext, field: XmlElement, problems: SchemaSourceProblem[]): void {
  if (attributeValue(field, '_operation') === 'delete') return;
  const isChange = context.own?.extendedSchema !== undefined && attributeOf(field, 'type') === undefined;
  const copies = ['template', 'ref', 'aggregate'].some((name) => attributeOf(field, name) !== undefined);
  const type = attributeValue(field, 'type') ?? 'string';
  const name = attributeValue(field, 'name') ?? '';
  const length = Number(attributeValue(field, 'length') ?? NaN);
  const isStored = attributeOf(field, 'expr') === undefined && !isInXml(context, field);
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
  if (!isChange && !copies && attributeOf(field, 'label') === undefined && !says(field, 'advanced')) {
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
  lintWidth(field, name, type, problems);
  if (says(field, 'xml') && attributeOf(field, 'enum') !== undefined) {
    const message = `"${name}" has values to choose from, so people will filter by it; stored in XML it cannot be filtered. Leave out xml.`;
    const fix = removeAttribute(field, 'xml');
    problems.push(schemaProblem('lint/xml-filterable', valueRange(field, 'xml'), message, fix));
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

/** Is the field stored in XML, by itself or with what it is in? */
function isInXml(context: SchemaContext, field: XmlElement): boolean {
  const { parent } = field;
  if (field.localName === 'element') return describedElement(context, field)?.xml === true;
  const owner = parent === undefined ? undefined : describedElement(context, parent);
  return owner?.attributes.get(attributeValue(field, 'name') ?? '')?.xml === true;
}

/** A flag in a type that is wider than a flag. */
function lintWidth(field: XmlElement, name: string, type: string, problems: SchemaSourceProblem[]): void {
  if (!/^(?:is|has)[A-Z]/.test(name) || !wideTypes.has(type) || attributeOf(field, 'enum') !== undefined)
    return;
  const range = valueRange(field, 'type');
  const message = `"${name}" reads as yes or no, and is stored in a ${type}; a boolean takes one byte.`;
  problems.push(
    schemaProblem('lint/wide-type', range, message, replaceFix('Change to boolean', range, 'boolean')),
  );
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

/** Advice about a list of values. */
export function lintEnumeration(enumeration: XmlElement, problems: SchemaSourceProblem[]): void {
  lintBaseType(enumeration, problems);
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

/** Small numbers in a wide type. */
function lintBaseType(enumeration: XmlElement, problems: SchemaSourceProblem[]): void {
  const type = attributeValue(enumeration, 'basetype') ?? '';
  const values = childElements(enumeration, 'value').map(
    (value) => attributeValue(value, 'value') ?? attributeValue(value, 'name') ?? '',
  );
  const isByte = (value: string): boolean => /^-?\d{1,3}$/.test(value) && Math.abs(Number(value)) <= 127;
  if (!wideTypes.has(type) || values.length === 0 || !values.every(isByte)) return;
  const message = `Every value fits into a byte; ${type} takes more room in each record. Change it here and on the fields that have the list.`;
  problems.push(schemaProblem('lint/wide-type', valueRange(enumeration, 'basetype'), message));
}
