import {
  parameterTypes,
  schemaAttributeRow,
  schemaElementRow,
  schemaElementSpelling,
  unlistedSchemaElements,
  xtkTypes,
} from '../../../core/schema/srcSchemaGrammar.ts';
import {
  attributeOf,
  attributeValue,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { closestName } from '../closestName.ts';
import { replaceFix, type QueryFix } from '../queryDef/queryProblem.ts';
import { suggestType, suggestValue } from './schemaFixes.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';

const booleans: ReadonlySet<string> = new Set(['true', 'false', '1', '0']);
const typeNames = xtkTypes.map((row) => row.name);
const allTypeNames = [...typeNames, ...parameterTypes.map((row) => row.name)];

/** Start tags, as a range to underline. */
export function tagRange(element: XmlElement): TextRange {
  return { start: element.nameStart, end: element.nameEnd };
}

/** The value of an attribute as a range to underline, or the element's name when it is missing. */
export function valueRange(element: XmlElement, name: string): TextRange {
  const attribute = attributeOf(element, name);
  return attribute === undefined
    ? tagRange(element)
    : { start: attribute.valueStart, end: attribute.valueEnd };
}

/** Checks an element against the grammar: its place, attributes and closed values; then what is below it. */
export function checkStructure(element: XmlElement, problems: SchemaSourceProblem[]): void {
  if (unlistedSchemaElements.has(element.localName)) return;
  const row = schemaElementRow(element.localName);
  if (row === undefined) {
    problems.push(unknownElement(element));
    return;
  }
  for (const attribute of element.attributes) checkAttribute(element, attribute, problems);
  for (const missing of row.attributes) {
    // Files of a community tool keep name and namespace in a header comment, so the root is not judged here.
    const isNamed = attributeOf(element, missing.name) !== undefined;
    if (missing.required !== true || isNamed || element.parent === undefined) continue;
    const code = row.name === 'compute-string' ? 'schema/unknown-attribute' : 'schema/missing-name';
    problems.push(
      schemaProblem(code, tagRange(element), `<${row.name}> needs the attribute ${missing.name}.`),
    );
  }
  for (const child of element.children) {
    if (child.kind !== 'element') continue;
    if (child.localName === 'join' && row.name === 'element') {
      if (!mayBeLink(element)) {
        const message = 'A join belongs to a link: an element with type="link".';
        problems.push(schemaProblem('schema/join-outside-link', tagRange(child), message));
      }
    } else if (schemaElementRow(child.localName) !== undefined && !row.children.includes(child.localName)) {
      // `description` and the like are tolerated by servers; an element of the grammar in a wrong place has no effect.
      const message = `<${child.localName}> has no effect inside <${row.name}>.`;
      problems.push(schemaProblem('schema/unknown-element', tagRange(child), message));
    }
    checkStructure(child, problems);
  }
}

/** A link says so, unless the type comes from a definition it copies or from the schema that is extended. */
function mayBeLink(element: XmlElement): boolean {
  const type = attributeValue(element, 'type');
  if (type !== undefined) return type === 'link';
  if (attributeOf(element, 'template') !== undefined || attributeOf(element, 'ref') !== undefined)
    return true;
  let root = element;
  while (root.parent !== undefined) root = root.parent;
  return attributeOf(root, 'extendedSchema') !== undefined;
}

function unknownElement(element: XmlElement): SchemaSourceProblem {
  const spelling = schemaElementSpelling(element.localName);
  const parentRow = element.parent === undefined ? undefined : schemaElementRow(element.parent.localName);
  const meant = spelling ?? closestName(element.localName, parentRow?.children ?? ['srcSchema']);
  const hint = meant === undefined ? '' : ` Did you mean <${meant}>?`;
  const message = `<${element.localName}> is not an element of schemas.${hint}`;
  return schemaProblem(
    'schema/unknown-element',
    tagRange(element),
    message,
    meant === undefined ? undefined : renameFix(element, meant),
  );
}

function renameFix(element: XmlElement, name: string): QueryFix {
  const edits = [{ ...tagRange(element), newText: name }];
  if (element.closeStart >= 0) {
    const start = element.closeStart + 2;
    edits.push({ start, end: start + element.name.length, newText: name });
  }
  return { title: `Change to <${name}>`, edits };
}

function checkAttribute(element: XmlElement, attribute: XmlAttribute, problems: SchemaSourceProblem[]): void {
  const nameRange = { start: attribute.start, end: attribute.nameEnd };
  const row = schemaAttributeRow(element.localName, attribute.name);
  if (row === undefined) {
    if (/^xmlns(:|$)|:/.test(attribute.name)) return;
    const known = schemaElementRow(element.localName)?.attributes.map((candidate) => candidate.name) ?? [];
    const meant = closestName(attribute.name, known);
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
    const message = `${attribute.name} is not an attribute of <${element.localName}>.${hint}`;
    const fix = meant === undefined ? undefined : replaceFix(`Change to ${meant}`, nameRange, meant);
    problems.push(schemaProblem('schema/unknown-attribute', nameRange, message, fix));
    return;
  }
  if (!attribute.hasValue) return;
  const range = { start: attribute.valueStart, end: attribute.valueEnd };
  const { value } = attribute;
  switch (row.kind) {
    case 'boolean':
      if (!booleans.has(value)) problems.push(badValue(row.name, value, range, ['true', 'false']));
      break;
    case 'choice': {
      const values = (row.values ?? []).map((candidate) => candidate.name);
      if (!values.includes(value)) problems.push(badValue(row.name, value, range, values));
      break;
    }
    case 'type': {
      const names = element.localName === 'param' ? allTypeNames : typeNames;
      if (names.includes(value)) break;
      const { hint, fix } = suggestType(value, range, names);
      const message = `There is no data type "${value}".${hint}`;
      problems.push(schemaProblem('schema/unknown-type', range, message, fix));
      break;
    }
    case 'integer':
      if (!/^\d+$/.test(value)) {
        problems.push(schemaProblem('schema/bad-enum-value', range, `${row.name} is a whole number.`));
      }
      break;
    default:
      break;
  }
}

function badValue(
  name: string,
  value: string,
  range: TextRange,
  values: readonly string[],
): SchemaSourceProblem {
  const message = `"${value}" is not a value of ${name}: ${values.join(', ')}.`;
  const { fix } = suggestValue(value, range, values);
  return schemaProblem('schema/bad-enum-value', range, message, fix);
}
