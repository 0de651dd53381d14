import {
  queryAttribute,
  queryElement,
  queryElementSpelling,
  type QueryAttributeRow,
} from '../../../core/queryDef/grammar.ts';
import { isTemporarySchema } from '../../../core/schema/schema.ts';
import {
  attributeOf,
  attributeValue,
  childElements,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { closestName } from '../closestName.ts';
import type { QueryContext } from './queryContext.ts';
import { unknownSchema } from './unknownSchema.ts';
import { queryProblem, replaceFix, type QueryFix, type QueryProblem } from './queryProblem.ts';

/** Checks one element against the grammar: its name, its place, its attributes and their values. */
export function checkElement(context: QueryContext, element: XmlElement): QueryProblem[] {
  const row = queryElement(element.localName);
  if (row === undefined) return checkUnknownElement(element);
  const problems = checkPlace(element);
  for (const attribute of element.attributes) problems.push(...checkAttribute(context, element, attribute));
  problems.push(...checkRequired(element));
  if (element.localName === 'condition') problems.push(...checkCondition(element));
  return problems;
}

/** The name in the start tag, and in the end tag where there is one: what a rename changes. */
function nameRanges(element: XmlElement): TextRange[] {
  const ranges = [{ start: element.nameStart, end: element.nameEnd }];
  if (element.closeStart >= 0) {
    const start = element.closeStart + 2;
    ranges.push({ start, end: start + element.name.length });
  }
  return ranges;
}

function renameFix(element: XmlElement, name: string): QueryFix {
  const edits = nameRanges(element).map((range) => ({ ...range, newText: name }));
  return { title: `Rename to <${name}>`, edits };
}

function checkUnknownElement(element: XmlElement): QueryProblem[] {
  // A computed name, a prefix, or a child of what the grammar does not describe: nothing is known about it.
  const parent = element.parent === undefined ? undefined : queryElement(element.parent.localName);
  if (element.name === '' || element.name.includes(':')) return [];
  const range = { start: element.nameStart, end: element.nameEnd };
  const spelling = queryElementSpelling(element.localName);
  if (spelling !== undefined) {
    const message = `The element is called <${spelling}>; as <${element.name}> the server ignores it.`;
    return [queryProblem('query/lowercase-element', range, message, renameFix(element, spelling))];
  }
  if (parent === undefined || parent.children.includes(element.localName)) return [];
  const close = closestName(element.localName, parent.children);
  // The root of an entity holds elements of its own; only what looks like a slip is reported there.
  if (close === undefined && parent.open === true) return [];
  const message =
    `<${parent.name}> has no <${element.name}>` +
    (close === undefined ? `; it may hold ${listNames(parent.children)}.` : `. Did you mean <${close}>?`);
  const fix = close === undefined ? undefined : renameFix(element, close);
  return [queryProblem('query/unknown-element', range, message, fix)];
}

function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.map((name) => `<${name}>`).join(', ');
}

/** Clauses stand once in a query or collection, and a sub-query once in a condition. */
function isRepeated(element: XmlElement, parent: XmlElement): boolean {
  const isOnce =
    /^(?:select|where|orderBy|groupBy|having)$/.test(element.localName) ||
    (element.localName === 'subQuery' && parent.localName === 'condition');
  if (!isOnce) return false;
  return childElements(parent, element.localName)[0] !== element;
}

function checkPlace(element: XmlElement): QueryProblem[] {
  const parent = element.parent === undefined ? undefined : queryElement(element.parent.localName);
  const range = { start: element.nameStart, end: element.nameEnd };
  if (element.parent !== undefined && isRepeated(element, element.parent)) {
    const message = `<${element.parent.name}> has a <${element.name}> already; a second one is not read for sure: put what is in it into the first.`;
    return [queryProblem('query/misplaced-element', range, message)];
  }
  if (parent === undefined || parent.children.includes(element.localName)) return [];
  const message = `<${element.name}> cannot stand in <${parent.name}>, which may hold ${listNames(parent.children)}.`;
  return [queryProblem('query/misplaced-element', range, message)];
}

function checkAttribute(context: QueryContext, element: XmlElement, attribute: XmlAttribute): QueryProblem[] {
  if (attribute.name === '' || /^(xmlns|xml:|xsi:)/.test(attribute.name)) return [];
  const row = queryAttribute(element.localName, attribute.name);
  if (row === undefined) return checkUnknownAttribute(element, attribute);
  const problems: QueryProblem[] = [];
  const name = { start: attribute.start, end: attribute.nameEnd };
  if (row.replacedBy !== undefined) {
    const message = `${row.name} is the older spelling of ${row.replacedBy}.`;
    const fix =
      attributeOf(element, row.replacedBy) === undefined
        ? replaceFix(`Write ${row.replacedBy}`, name, row.replacedBy)
        : undefined;
    problems.push({ ...queryProblem('query/old-spelling', name, message, fix), deprecated: true });
  }
  if (row.undocumented === true) {
    const message = `What ${row.name} does is not documented, and may change with the next build.`;
    problems.push(queryProblem('query/undocumented-attribute', name, message));
  }
  if (row.kind === 'sql') {
    const message =
      'Native SQL bypasses the data model, ties the query to one database, and is refused where SQL injection is not allowed; use expr or a subQuery.';
    problems.push(queryProblem('query/native-sql', name, message));
  }
  // `$(…)` is replaced before the query is built, so what will be there is not known.
  const isKnown = attribute.hasValue && !attribute.hole && !attribute.value.includes('$(');
  if (isKnown) problems.push(...checkValue(context, element, attribute, row));
  return problems;
}

function checkUnknownAttribute(element: XmlElement, attribute: XmlAttribute): QueryProblem[] {
  const row = queryElement(element.localName);
  const names = (row?.attributes ?? []).map(({ name }) => name);
  const close = closestName(attribute.name, names);
  // The root of an entity carries attributes of its own; only what looks like a slip is reported there.
  if (close === undefined && row?.open === true) return [];
  const range = { start: attribute.start, end: attribute.nameEnd };
  const message =
    `<${element.name}> has no attribute ${attribute.name}` +
    (close === undefined ? '; the server ignores it.' : `. Did you mean ${close}?`);
  const isFree = close !== undefined && attributeOf(element, close) === undefined;
  const fix = isFree ? replaceFix(`Write ${close}`, range, close) : undefined;
  return [queryProblem('query/unknown-attribute', range, message, fix)];
}

function checkValue(
  context: QueryContext,
  element: XmlElement,
  attribute: XmlAttribute,
  row: QueryAttributeRow,
): QueryProblem[] {
  const range = { start: attribute.valueStart, end: attribute.valueEnd };
  const value = attribute.value.trim();
  switch (row.kind) {
    case 'schemaId':
      return checkSchemaId(context, value, range);
    case 'boolean':
      if (/^(true|false|1|0)$/.test(value)) return [];
      return [queryProblem('query/boolean-value', range, `${row.name} is true or false.`)];
    case 'integer':
      if (/^\d+$/.test(value)) return [];
      return [queryProblem('query/integer-value', range, `${row.name} is a whole number from 0.`)];
    case 'choice':
      return checkChoice(element, value, range, row);
    default:
      return [];
  }
}

/** The schema does not exist: only said when the list of schemas is known. */
function checkSchemaId(context: QueryContext, schemaId: string, range: TextRange): QueryProblem[] {
  if (schemaId === '' || isTemporarySchema(schemaId)) return [];
  return context.model.getSchema(schemaId) === null ? [unknownSchema(context.model, schemaId, range)] : [];
}

function checkChoice(
  element: XmlElement,
  value: string,
  range: TextRange,
  row: QueryAttributeRow,
): QueryProblem[] {
  const names = (row.values ?? []).map(({ name }) => name);
  if (names.includes(value)) return [];
  // Only IN looks a value up in a sub-query.
  const hasSubQuery = childElements(element, 'subQuery').length > 0;
  const fitting =
    row.name === 'setOperator' ? names.filter((name) => /^(?:NOT )?IN$/.test(name) === hasSubQuery) : names;
  const same = fitting.find((name) => name.toLowerCase() === value.toLowerCase());
  const close = same ?? closestName(value, fitting);
  const fix = close === undefined ? undefined : replaceFix(`Write ${close}`, range, close);
  if (row.name === 'operation') {
    const message = `There is no operation ${value}; it is ${listChoices(names)}.`;
    return [queryProblem('query/operation-unknown', range, message, fix)];
  }
  if (row.name === 'setOperator') {
    if (/^(and|or)$/i.test(value)) {
      const message = `${value} joins conditions: that is boolOperator, not setOperator.`;
      const attribute = attributeOf(element, 'setOperator')!;
      const name = { start: attribute.start, end: attribute.nameEnd };
      // With conditions inside, something else was meant to be written here.
      const isFree =
        attributeOf(element, 'boolOperator') === undefined && childElements(element).length === 0;
      const rename = isFree ? replaceFix('Write boolOperator', name, 'boolOperator') : undefined;
      return [queryProblem('query/bool-operator-value', range, message, rename)];
    }
    const message = `There is no set operator ${value}; known are ${listChoices(names)}.`;
    return [queryProblem('query/set-operator-unknown', range, message, fix)];
  }
  return [queryProblem('query/bool-operator-value', range, `${row.name} is ${listChoices(names)}.`, fix)];
}

function listChoices(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;
}

function checkRequired(element: XmlElement): QueryProblem[] {
  const range = { start: element.nameStart, end: element.nameEnd };
  const hasComputedName = element.attributes.some((attribute) => attribute.name === '');
  const isMissing = (name: string): boolean => {
    const attribute = attributeOf(element, name);
    return (
      !hasComputedName && (attribute === undefined || (!attribute.hole && attribute.value.trim() === ''))
    );
  };
  switch (element.localName) {
    case 'queryDef':
      if (!isMissing('schema')) return [];
      return [
        queryProblem(
          'query/schema-missing',
          range,
          'A queryDef needs a schema, for example schema="nms:recipient".',
        ),
      ];
    case 'subQuery':
      if (!isMissing('schema')) return [];
      return [queryProblem('query/subquery-schema-missing', range, 'A subQuery needs a schema of its own.')];
    case 'node':
    case 'condition': {
      const isEmpty =
        isMissing('expr') && isMissing('sql') && isMissing('filterName') && isMissing('filter-name');
      if (!isEmpty || hasOwnMeaning(element)) return [];
      const setOperator = attributeValue(element, 'setOperator');
      const message =
        element.localName === 'node'
          ? 'A node needs an expr: the column it stands for.'
          : setOperator === undefined
            ? 'A condition needs an expr, or conditions inside.'
            : `${setOperator} needs an expr: what it is asked about.`;
      return [queryProblem('query/expr-empty', range, message)];
    }
    default:
      return [];
  }
}

/** May an element go without `expr`? A pair of brackets around conditions may, and what a script fills in. */
function hasOwnMeaning(element: XmlElement): boolean {
  if (element.children.some((child) => child.kind === 'text' && child.hole)) return true;
  if (element.localName === 'node') return false;
  const setOperator = attributeOf(element, 'setOperator');
  if (setOperator === undefined) return element.children.some((child) => child.kind === 'element');
  return (
    setOperator.hole ||
    (setOperator.value.endsWith('EXISTS') && childElements(element, 'subQuery').length > 0)
  );
}

function checkCondition(element: XmlElement): QueryProblem[] {
  const operator = attributeValue(element, 'setOperator');
  const attribute = attributeOf(element, 'setOperator');
  if (operator === undefined || attribute === undefined) return [];
  if (element.children.some((child) => child.kind === 'text' && child.hole)) return [];
  const range = { start: attribute.start, end: attribute.end };
  const subQuery = childElements(element, 'subQuery')[0];
  if (operator === 'IN' || operator === 'NOT IN') {
    if (subQuery === undefined) {
      const message = `${operator} looks a value up in a subQuery; for a list of values write expr="@id IN (1, 2)".`;
      return [queryProblem('query/in-needs-values', range, message)];
    }
    return checkSelectedValue(subQuery, operator);
  }
  const isExists = operator === 'EXISTS' || operator === 'NOT EXISTS';
  if (isExists && childElements(element).length === 0) {
    const message = `Without conditions inside, ${operator} asks whether there is any record at all.`;
    return [queryProblem('query/set-operator-needs-children', range, message)];
  }
  return [];
}

function checkSelectedValue(subQuery: XmlElement, operator: string): QueryProblem[] {
  const select = childElements(subQuery, 'select')[0];
  const isUnknown = [subQuery, select].some((element) =>
    element?.children.some((child) => child.kind === 'text' && child.hole),
  );
  const count = select === undefined ? 0 : childElements(select, 'node').length;
  if (isUnknown || count === 1) return [];
  const range = { start: subQuery.nameStart, end: subQuery.nameEnd };
  const message = `The subQuery of ${operator} selects exactly one node, the value to compare with; it has ${count}.`;
  return [queryProblem('query/subquery-select', range, message)];
}
