/**
 * The grammar of `xtk:queryDef` documents as rows: elements, what may stand in them, their attributes and values.
 * Completion, hover and diagnostics read these rows; nothing else knows the grammar.
 * Source: Campaign Classic v7 and v8 documentation of queryDef, and working queries.
 */

/** What the value of an attribute is; decides how it is completed and checked. */
export type QueryValueKind =
  'schemaId' | 'expression' | 'xpath' | 'alias' | 'boolean' | 'integer' | 'choice' | 'sql' | 'text';

/** Which clause a `node` stands in. */
export type QueryClause = 'select' | 'orderBy' | 'groupBy';

export interface QueryValueRow {
  name: string;
  doc: string;
}

export interface QueryAttributeRow {
  name: string;
  doc: string;
  kind: QueryValueKind;
  /** The closed list of values of a `choice`. */
  values?: readonly QueryValueRow[];
  /** Clauses in which a `node` may carry it; absent: all. */
  clauses?: readonly QueryClause[];
  /** An older spelling still read: the name to write instead. */
  replacedBy?: string;
  /** Written by consoles and tools for themselves: accepted, not offered. */
  internal?: boolean;
  required?: boolean;
  /** No documentation names it: seen in working queries, and its meaning is inferred. */
  undocumented?: boolean;
}

export interface QueryElementRow {
  name: string;
  doc: string;
  attributes: readonly QueryAttributeRow[];
  /** Names of the elements that may stand in it. */
  children: readonly string[];
  /** Tolerate any attribute: it is the root of an entity, which carries bookkeeping of its own. */
  open?: boolean;
}

const booleans: readonly QueryValueRow[] = [
  { name: 'true', doc: '' },
  { name: 'false', doc: '' },
];

const flag = (name: string, doc: string, more: Partial<QueryAttributeRow> = {}): QueryAttributeRow => ({
  name,
  doc,
  kind: 'boolean',
  values: booleans,
  ...more,
});

const text = (name: string, doc: string, more: Partial<QueryAttributeRow> = {}): QueryAttributeRow => ({
  name,
  doc,
  kind: 'text',
  ...more,
});

/** Operations of a queryDef. Enumeration `xtk:queryDef:operation`; `update` belongs to the method `Update` of v8. */
export const queryOperations: readonly QueryValueRow[] = [
  { name: 'select', doc: 'Returns the matching records, in a collection element.' },
  { name: 'get', doc: 'Returns one record; fails when none matches.' },
  { name: 'getIfExists', doc: 'Returns one record, or an empty element when none matches.' },
  { name: 'count', doc: 'Returns the number of matching records as `@count`; the select clause is ignored.' },
  { name: 'update', doc: 'Mass update: only for the method `Update` (v8).' },
];

/** How a condition relates to the set below it. Enumeration `xtk:queryDef:setOperator`. */
export const setOperators: readonly QueryValueRow[] = [
  { name: 'EXISTS', doc: 'At least one record of the collection matches the conditions inside.' },
  { name: 'NOT EXISTS', doc: 'No record of the collection matches the conditions inside.' },
  { name: 'IN', doc: 'The value is among those the sub-query selects.' },
  { name: 'NOT IN', doc: 'The value is not among those the sub-query selects.' },
  { name: 'COUNT', doc: 'Compares the number of records of the collection.' },
  { name: 'SUM', doc: 'Compares a sum over the collection.' },
  { name: 'AVG', doc: 'Compares an average over the collection.' },
  { name: 'MIN', doc: 'Compares the smallest value in the collection.' },
  { name: 'MAX', doc: 'Compares the greatest value in the collection.' },
];

const boolOperators: readonly QueryValueRow[] = [
  { name: 'AND', doc: 'This condition and the next one must both hold. The default.' },
  { name: 'OR', doc: 'This condition or the next one must hold.' },
];

const expression = (doc: string): QueryAttributeRow => ({ name: 'expr', doc, kind: 'expression' });
const nativeSql: QueryAttributeRow = {
  name: 'sql',
  kind: 'sql',
  doc: 'Native SQL. It bypasses the data model, ties the query to one database, and a v7 instance refuses it outside trusted security zones; prefer `expr`.',
};
const noSqlBind = flag(
  'noSqlBind',
  'Writes constants into the SQL instead of binding them. Needed when grouping or ordering by an expression that contains constants.',
);

const queryClauses = ['select', 'where', 'groupBy', 'having', 'orderBy'] as const;

const rows: readonly QueryElementRow[] = [
  {
    name: 'queryDef',
    doc: 'A query on one schema: what to select, which records, in which order.',
    open: true,
    children: [...queryClauses, 'sysFilter', 'subQuery', 'tempSchemas', 'set'],
    attributes: [
      {
        name: 'schema',
        kind: 'schemaId',
        required: true,
        doc: 'Start schema, `namespace:name`. Every path of the query starts at its main element.',
      },
      {
        name: 'operation',
        kind: 'choice',
        values: queryOperations,
        doc: 'What the query does. Default `select`.',
      },
      {
        name: 'lineCount',
        kind: 'integer',
        doc: 'Most records to return. Without it a silent limit applies: 200 through SOAP, 10,000 in server-side JavaScript.',
      },
      {
        name: 'startLine',
        kind: 'integer',
        doc: 'Records to skip, from 0. Pages are only stable with an `orderBy`.',
      },
      flag('distinct', 'Leaves out records that repeat. Default false.'),
      flag(
        'noLineCount',
        'Removes the default limit on the number of records. Seen in working code, undocumented.',
        { undocumented: true },
      ),
      flag(
        'fullLoad',
        'Sent by several tools with `get`; undocumented, reads as "load the complete entity".',
        { undocumented: true },
      ),
      flag(
        'firstRows',
        'Sent by console lists: asks the database for its first rows quickly. Undocumented.',
        { undocumented: true },
      ),
      flag('ignoreDeleteStatus', 'Also returns records marked as deleted. Undocumented.', {
        undocumented: true,
      }),
      { name: 'startPath', kind: 'xpath', doc: 'Where in the schema paths start. Default `/`.' },
      flag('unExpandMemoData', 'Undocumented: presumably leaves the XML memo of the records packed.', {
        undocumented: true,
      }),
      flag('showSQL', 'The answer also carries the SQL. Undocumented.', { undocumented: true }),
      text('xtkschema', 'Schema of this document itself, `xtk:queryDef`. Clients add it.', {
        internal: true,
      }),
      text('id', 'Bookkeeping of the console.', { internal: true }),
      text('_cs', 'Bookkeeping of the console.', { internal: true }),
      text('_operation', 'Bookkeeping of the console.', { internal: true }),
    ],
  },
  {
    name: 'select',
    doc: 'The columns of the answer.',
    attributes: [],
    children: ['node'],
  },
  {
    name: 'node',
    doc: 'One column, or, below another node, one column of a collection.',
    children: ['node', 'where', 'orderBy', 'groupBy'],
    attributes: [
      expression(
        'Column: a path (`@email`, `[folder/@label]`), a link, a collection with nodes of its own, or an expression.',
      ),
      {
        name: 'alias',
        kind: 'alias',
        clauses: ['select'],
        doc: 'Where the value goes in the answer: `@name` for an attribute, `name` for a child element, `../@name` on the enclosing record.',
      },
      text('label', 'Column title.', { clauses: ['select'] }),
      flag('groupBy', 'Also groups by this column.', { clauses: ['select'] }),
      flag(
        'analyze',
        'For an enumeration field, also returns the name (`…Name`) and the label (`…Label`) of its value.',
        {
          clauses: ['select'],
        },
      ),
      flag('sort', 'Orders by this node.', { clauses: ['select', 'orderBy'] }),
      flag('sortDesc', 'Descending order. Default false.', { clauses: ['orderBy'] }),
      flag('desc', 'Descending order, as navigation trees write it.', {
        clauses: ['orderBy'],
        internal: true,
      }),
      flag('anyType', 'Returns the whole XML subtree of an element stored in the memo.', {
        clauses: ['select'],
      }),
      noSqlBind,
      flag('noComputeString', 'Does not also return the compute string of a link.', { clauses: ['select'] }),
      flag('ordered', 'Seen with `@id` in a documented sample.', { clauses: ['select'], internal: true }),
      nativeSql,
      text('type', 'Parameter of generated queries.', { clauses: ['select'], internal: true }),
      text('value', 'Parameter of generated queries.', { clauses: ['select'], internal: true }),
      text('colSize', 'Column width in console lists.', { internal: true }),
      flag('hidden', 'Column hidden in console lists.', { internal: true }),
    ],
  },
  {
    name: 'where',
    doc: 'Which records. Conditions are joined by the `boolOperator` of the earlier one; default AND.',
    children: ['condition'],
    attributes: [
      text('id', 'Bookkeeping of the console.', { internal: true }),
      text('displayFilter', 'The filter in words, kept by the console.', { internal: true }),
      { name: 'filteringSchema', kind: 'schemaId', doc: 'Schema the filter was edited for.', internal: true },
      text('filterName', 'Predefined filter this part came from.'),
      text('filterLabel', 'Label of that filter.', { internal: true }),
    ],
  },
  {
    name: 'condition',
    doc: 'A condition; without `expr`, a pair of brackets around the conditions inside.',
    children: ['condition', 'subQuery'],
    attributes: [
      expression(
        'True for the records to keep. With `EXISTS` a collection, with `IN` the value to look for in the sub-query.',
      ),
      {
        name: 'boolOperator',
        kind: 'choice',
        values: boolOperators,
        doc: 'Joins this condition with the next one. Default AND.',
      },
      {
        name: 'setOperator',
        kind: 'choice',
        values: setOperators,
        doc: 'Relates the expression to a collection or a sub-query.',
      },
      {
        name: 'enabledIf',
        kind: 'text',
        doc: "Expression evaluated before the query runs; when false the condition is left out. Typical: `$(param) != ''`.",
      },
      flag('ignore', 'Leaves the condition out.'),
      text('filterName', 'Applies a predefined filter.'),
      noSqlBind,
      nativeSql,
      { name: 'aliasSqlTable', kind: 'sql', doc: 'Adds a table for `sql`. Obsolete: use a `subQuery`.' },
      text('internalId', 'Number the console gives to the condition.', { internal: true }),
      text('filterLabel', 'Label of the predefined filter.', { internal: true }),
      text('compositeKey', 'Bookkeeping of the console.', { internal: true }),
      text('dependkey', 'Bookkeeping of the console.', { internal: true }),
      { name: 'xpath', kind: 'text', doc: 'Path of a form parameter.', internal: true },
      {
        name: 'bool-operator',
        kind: 'choice',
        values: boolOperators,
        doc: 'Older spelling of `boolOperator`.',
        replacedBy: 'boolOperator',
      },
      text('filter-name', 'Older spelling of `filterName`.', { replacedBy: 'filterName' }),
    ],
  },
  {
    name: 'subQuery',
    doc: 'A query inside a condition. Its paths start at its own schema; `../` reaches the enclosing query.',
    children: [...queryClauses],
    open: true,
    attributes: [
      { name: 'schema', kind: 'schemaId', required: true, doc: 'Schema the sub-query reads.' },
      {
        name: 'operation',
        kind: 'choice',
        values: queryOperations,
        doc: 'A sub-query selects.',
        internal: true,
      },
      flag('distinct', 'Leaves out values that repeat. Default false.'),
    ],
  },
  {
    name: 'orderBy',
    doc: 'The order of the records.',
    children: ['node'],
    attributes: [],
  },
  {
    name: 'groupBy',
    doc: 'Groups the records by these expressions; each repeats a selected one.',
    children: ['node'],
    attributes: [],
  },
  {
    name: 'having',
    doc: 'Conditions on groups, with aggregates: `count(@email) > 1`.',
    children: ['condition'],
    attributes: [],
  },
  {
    name: 'sysFilter',
    doc: 'Conditions the console keeps apart from the where clause.',
    children: ['condition'],
    attributes: [text('name', 'Name of the filter; the console writes `userFilter`.')],
    open: true,
  },
  {
    name: 'queryFilter',
    doc: 'A predefined filter: a where clause with the schema it filters.',
    children: ['where', 'sysFilter'],
    attributes: [
      { name: 'schema', kind: 'schemaId', doc: 'Schema the filter applies to.' },
      text('name', 'Internal name of the filter.'),
      text('label', 'Label of the filter.'),
    ],
    open: true,
  },
];

const elements: ReadonlyMap<string, QueryElementRow> = new Map(rows.map((row) => [row.name, row]));
const byLowerCase: ReadonlyMap<string, string> = new Map(
  rows.map((row) => [row.name.toLowerCase(), row.name]),
);

/** Elements that start a query on their own; others are fragments whose start schema is not written down. */
export const queryRoots: ReadonlySet<string> = new Set(['queryDef', 'queryFilter', 'subQuery']);

/** Elements a JavaScript program builds queries from piece by piece. */
export const queryFragments: ReadonlySet<string> = new Set([
  'select',
  'where',
  'condition',
  'orderBy',
  'groupBy',
  'having',
  'sysFilter',
  'node',
]);

/** The row of an element, by its exact name. */
export function queryElement(name: string): QueryElementRow | undefined {
  return elements.get(name);
}

/** The right spelling of an element whose letter case is wrong (`groupby`); `undefined` when that is not the matter. */
export function queryElementSpelling(name: string): string | undefined {
  const spelling = byLowerCase.get(name.toLowerCase());
  return spelling === name ? undefined : spelling;
}

/** The row of an attribute, older spellings included. */
export function queryAttribute(elementName: string, name: string): QueryAttributeRow | undefined {
  return elements.get(elementName)?.attributes.find((row) => row.name === name);
}

/** The attributes worth offering on an element; `clause` narrows those of a `node`. */
export function offeredAttributes(elementName: string, clause?: QueryClause): readonly QueryAttributeRow[] {
  return (elements.get(elementName)?.attributes ?? []).filter(
    (row) =>
      row.internal !== true &&
      row.replacedBy === undefined &&
      (clause === undefined || row.clauses === undefined || row.clauses.includes(clause)),
  );
}
