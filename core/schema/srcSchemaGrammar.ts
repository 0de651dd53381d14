/**
 * The grammar of `<srcSchema>` as rows: elements, what may stand in them, their attributes and values. Completion,
 * hover and checks of schema source read these rows.
 * Source: Campaign Classic v7 and v8 documentation, schema reference; v8 "API staging mechanism".
 */

/** What the value of an attribute is. */
export type SchemaValueKind =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'choice'
  | 'type'
  | 'schemaId'
  | 'enumeration'
  | 'reference'
  | 'xpath'
  | 'link'
  | 'expression';

export interface SchemaValueRow {
  name: string;
  doc: string;
}

export interface SchemaAttributeRow {
  name: string;
  doc: string;
  kind: SchemaValueKind;
  /** Closed list of a `choice`. */
  values?: readonly SchemaValueRow[];
  /** Written by the server or by compilation: accepted, not offered. */
  internal?: boolean;
  required?: boolean;
  /** Only on the main element, on links, or on typed fields; absent: anywhere. */
  on?: 'main' | 'link' | 'field';
}

export interface SchemaElementRow {
  name: string;
  doc: string;
  attributes: readonly SchemaAttributeRow[];
  children: readonly string[];
}

type More = Partial<SchemaAttributeRow>;
const of =
  (kind: SchemaValueKind) =>
  (name: string, doc: string, more: More = {}): SchemaAttributeRow => ({ name, doc, kind, ...more });
const text = of('text');
const flag = of('boolean');
const expr = of('expression');
const choice = (
  name: string,
  doc: string,
  values: readonly SchemaValueRow[],
  more: More = {},
): SchemaAttributeRow => ({
  name,
  doc,
  kind: 'choice',
  values,
  ...more,
});
const list = (...names: string[]): SchemaValueRow[] => names.map((name) => ({ name, doc: '' }));

/** XTK data types, with what is stored. `money`, `int` and `datetimetz` are seen in use; the rest is documented. */
export const xtkTypes: readonly SchemaValueRow[] = [
  { name: 'string', doc: 'Text of up to `length` characters, 255 by default. Default value: empty.' },
  { name: 'memo', doc: 'Long text. Not comparable on every database: use `IsMemoNull`, `MemoContains`.' },
  { name: 'CDATA', doc: 'Long text kept in the XML of the row, in a CDATA section.' },
  { name: 'html', doc: 'Formatted text.' },
  { name: 'blob', doc: 'Binary content.' },
  { name: 'bin', doc: 'Binary content.' },
  { name: 'boolean', doc: 'True or false; never null.' },
  { name: 'byte', doc: 'Whole number from -128 to 127; never null.' },
  { name: 'short', doc: 'Whole number of 16 bits; never null.' },
  { name: 'long', doc: 'Whole number of 32 bits; never null.' },
  { name: 'int', doc: 'Whole number of 32 bits, another name of `long`.' },
  { name: 'int64', doc: 'Whole number of 64 bits; JavaScript keeps it as text.' },
  { name: 'float', doc: 'Decimal number.' },
  { name: 'double', doc: 'Decimal number of double precision; never null.' },
  { name: 'percent', doc: 'Decimal number shown as a percentage.' },
  { name: 'money', doc: 'Amount; seen in use, not in the reference.' },
  { name: 'date', doc: 'Day. Literals: `#2024-12-31#`.' },
  { name: 'datetime', doc: 'Moment, stored in UTC.' },
  { name: 'datetimetz', doc: 'Moment, stored in UTC; another name of `datetime`.' },
  { name: 'datetimenotz', doc: 'Moment without time zone.' },
  { name: 'time', doc: 'Time of day.' },
  { name: 'timespan', doc: 'Duration in seconds.' },
  { name: 'uuid', doc: 'Unique identifier.' },
  { name: 'primarykey', doc: 'Key of a record of any schema, as text.' },
  { name: 'link', doc: 'Join to another schema; needs `target`.' },
  { name: 'ANY', doc: 'XML of any shape; nothing below it is checked.' },
  { name: 'MNTOKEN', doc: 'Name kept in XML documents.' },
  { name: 'enum', doc: 'Value of an enumeration kept in XML documents.' },
];

/** Types of method parameters beyond the data types. */
export const parameterTypes: readonly SchemaValueRow[] = [
  { name: 'DOMElement', doc: 'One XML element.' },
  { name: 'DOMDocument', doc: 'An XML document.' },
  { name: 'sessionUserInfo', doc: 'Description of the signed-in operator.' },
];

const integrities: readonly SchemaValueRow[] = [
  { name: 'normal', doc: 'Deleting the source resets the keys of the link. The default.' },
  { name: 'define', doc: 'The source is not deleted while the link refers to it.' },
  { name: 'own', doc: 'Deleting the source deletes the target too, one by one: slow on big tables.' },
  { name: 'owncopy', doc: 'As `own`, and duplicating the source duplicates the target.' },
  { name: 'neutral', doc: 'Nothing happens.' },
];

const labels = [
  text('label', 'Name shown to people.'),
  text('desc', 'Longer description.'),
  text('img', 'Icon, `namespace:file.png`.'),
];

const operations = choice(
  '_operation',
  'How the node is merged into the schema it extends. Only `delete` has been seen in extensions.',
  list('none', 'insertOrUpdate', 'insert', 'update', 'delete'),
  { internal: true },
);

/** What attributes and typed elements share. */
const fieldAttributes: readonly SchemaAttributeRow[] = [
  text('sqlname', 'Column. By default a prefix for the type and the name.'),
  text('sqltable', 'Table, for fields kept in a side table.', { internal: true }),
  flag('xml', 'Stored in the XML memo of the row: no filter, sort or index on it.'),
  flag('sql', 'Stored in a column although it is inside an XML part.'),
  expr('expr', 'Computed field: evaluated in every query, never stored.'),
  expr('translatedExpr', 'As `expr`, collected for translation.', { internal: true }),
  expr('default', "Value given on creation by the application; text needs quotes: `'new'`."),
  expr('translatedDefault', 'As `default`, collected for translation.', { internal: true }),
  expr('sqlDefault', 'DEFAULT of the column, used only when the column is created.'),
  flag('defOnDuplicate', 'Applies the default again when a record is duplicated.'),
  flag('required', 'Must be filled in forms.'),
  flag('notNull', 'Overrides whether the column may be null. Numbers and booleans are not null by default.'),
  of('enumeration')(
    'enum',
    'Closed list of values: `name`, or `namespace:schema:name` for one of another schema.',
  ),
  text('userEnum', 'Open list of values kept by users under Administration > Platform > Enumerations.'),
  text('dbEnum', 'Closed list of values stored as codes.'),
  choice(
    'dataPolicy',
    'How input is normalised. Default none.',
    list('none', 'smartCase', 'lowerCase', 'upperCase', 'email', 'phone', 'identifier', 'resIdentifier'),
  ),
  text('edit', 'Input control.'),
  choice(
    'feature',
    'Stores the field in a side table; needs a key of one field.',
    list('shared', 'dedicated'),
  ),
  flag('featureDate', 'Keeps the date of the last update of a feature.'),
];

/** Of those, what containers and links may have, too. */
const onAnyElement: ReadonlySet<string> = new Set([
  'xml',
  'sql',
  'default',
  'defOnDuplicate',
  'required',
  'edit',
]);

const nodeAttributes: readonly SchemaAttributeRow[] = [
  ...labels,
  flag('advanced', 'Hidden until advanced fields are shown.'),
  expr('visibleIf', 'Hides the definition; the field can still be queried.'),
  expr('accessibleIf', 'Empties the values in results for those it does not allow.'),
  expr('applicableIf', 'The definition is taken only when true.'),
  of('reference')('ref', 'Live reference: `path` in this schema, or `namespace:schema:path`.'),
  of('reference')('template', 'Copies a definition when the schema is compiled: `namespace:schema:path`.'),
  choice('pkgStatus', 'Package export.', list('always', 'never', 'default', 'preCreate')),
  text('belongsTo', 'Compiled: the schema that added the node.', { internal: true }),
  text('user', 'Undocumented.', { internal: true }),
  text('inout', 'Undocumented.', { internal: true }),
  flag('localizable', 'Label collected for translation.', { internal: true }),
  operations,
];

const keyFieldRow: SchemaElementRow = {
  name: 'keyfield',
  doc: 'A part of a key or index: a field by `xpath`, or the columns of a link by `xlink`.',
  children: [],
  attributes: [
    of('xpath')('xpath', 'Field, `@name` or `container/@name`, without brackets.'),
    of('link')('xlink', 'Link whose foreign key is part of the key.'),
  ],
};

const rows: readonly SchemaElementRow[] = [
  {
    name: 'srcSchema',
    doc: 'Source of a schema, or of an extension of one. The server compiles it into the schema that queries see.',
    children: [
      'createdBy',
      'modifiedBy',
      'data',
      'help',
      'enumeration',
      'element',
      'attribute',
      'methods',
      'interface',
    ],
    attributes: [
      text('name', 'Name of the schema, unique in its namespace; the main element has the same.', {
        required: true,
      }),
      text(
        'namespace',
        'Namespace, `cus` for customers by default. `xtk`, `nl`, `nms`, `ncm`, `temp`, `crm`, `xxl` are reserved.',
        {
          required: true,
        },
      ),
      ...labels,
      text('labelSingular', 'Name of one record.'),
      of('schemaId')('extendedSchema', 'Makes this an extension of that schema.'),
      choice('mappingType', 'Storage. Default sql.', list('sql', 'textFile', 'xmlFile', 'binaryFile')),
      flag('library', 'A library of definitions or methods, without a table.'),
      flag('view', 'The database update leaves the table alone: an existing table or a view.'),
      of('schemaId')('implements', 'Interface the schema answers, usually `xtk:persist`.'),
      flag('useRecycleBin', 'Deleted records go to a bin first.'),
      text('dataSource', 'External account the table lives in.', { internal: true }),
      ...[
        'entitySchema',
        'xtkschema',
        'created',
        'lastModified',
        'createdBy-id',
        'modifiedBy-id',
        'md5',
        '_cs',
        'dependingSchemas',
        'dependsOn',
        'genAccessors',
        'pkgAdmin',
        'pkgPlatform',
        'build',
      ].map((name) => text(name, 'Kept by the server.', { internal: true })),
      operations,
    ],
  },
  {
    name: 'element',
    doc: 'The main element (the table), a container that groups fields, a link, a typed element, or an XML collection.',
    children: [
      'help',
      'default',
      'translatedDefault',
      'compute-string',
      'dbindex',
      'key',
      'sysFilter',
      'attribute',
      'element',
      'join',
    ],
    attributes: [
      text('name', 'Name of the node.'),
      of('type')('type', 'Data type, `link` or `ANY`; without it the element is a container.'),
      { name: 'length', kind: 'integer', doc: 'Most characters of a string.', on: 'field' },
      { name: 'target', kind: 'schemaId', doc: 'Schema the link leads to.', on: 'link' },
      text('labelSingular', 'Name of one record.', { on: 'main' }),
      text('sqltable', 'Table. By default namespace and name: `CusOrder`.', { on: 'main' }),
      flag('autopk', 'The server adds the key `@id`.', { on: 'main' }),
      flag('autouuid', 'v8 with a cloud database: the key is a generated UUID; needs `autopk` too.', {
        on: 'main',
      }),
      flag('autoStg', 'v8 with a cloud database: makes the staging twin `…Stg` for the ingestion API.', {
        on: 'main',
      }),
      text(
        'dataSource',
        'External account the table lives in; `nms:extAccount:ffda` is the cloud database of v8.',
        { on: 'main' },
      ),
      text('pkSequence', 'Sequence the automatic key is taken from; give a big table its own.', {
        on: 'main',
      }),
      text('tableSpace', 'Physical place of the table.', { on: 'main' }),
      text('tableSpaceIndex', 'Physical place of the indexes.', { on: 'main' }),
      flag('temporaryTable', 'The database update does not create the table.', { on: 'main' }),
      of('link')('folderLink', 'Link that files the records in folders.', { on: 'main' }),
      text('folderModel', 'Kinds of folder that may hold the records.', { on: 'main' }),
      of('link')('folderProcess', 'Folder of what is made from a model.', { on: 'main' }),
      flag('xmlChildren', 'Everything below is stored as XML.'),
      flag('unbound', 'A collection: a 1-N link or a repeated XML element.'),
      flag('ordered', 'The order of the items of an XML collection is kept.'),
      flag('externalJoin', 'There may be no linked record: an outer join.', { on: 'link' }),
      choice('integrity', 'What deleting the source does to the target. Default normal.', integrities, {
        on: 'link',
      }),
      text(
        'revLink',
        'Name of the reverse link in the target; `_NONE_` for none. Default: the name of this schema.',
        { on: 'link' },
      ),
      text('revLabel', 'Label of the reverse link.', { on: 'link' }),
      text('revDesc', 'Description of the reverse link.', { on: 'link' }),
      flag('revAdvanced', 'The reverse link is hidden until advanced fields are shown.', { on: 'link' }),
      text('revTarget', 'Target of the reverse link; listed in the reference without more.', {
        on: 'link',
        internal: true,
      }),
      choice('revIntegrity', 'Integrity of the reverse link.', integrities, { on: 'link' }),
      choice(
        'revCardinality',
        'How many records of this schema one target has. Default unbound.',
        [
          { name: 'single', doc: 'One: a 1-1 link.' },
          { name: 'unbound', doc: 'Any number. The default.' },
        ],
        { on: 'link' },
      ),
      flag('revExternalJoin', 'Outer join on the reverse side.', { on: 'link' }),
      text('revVisibleIf', 'Hides the reverse link.', { on: 'link', internal: true }),
      flag('noDbIndex', 'No index on the foreign key.', { on: 'link' }),
      flag(
        'displayAsField',
        'The link is shown as a field: its compute string in lists, its key in filters.',
        { on: 'link' },
      ),
      flag('fullLoad', 'Pickers load all records of the target.', { on: 'link' }),
      of('reference')('aggregate', 'Copies the content of a definition: `namespace:schema:element`.'),
      ...nodeAttributes,
      ...fieldAttributes.map((row) => (onAnyElement.has(row.name) ? row : { ...row, on: 'field' as const })),
      ...[
        'overflowtable',
        'hierarchical',
        'hierarchicalPath',
        'noKey',
        'filterPath',
        'convDate',
        'emptyKeyValue',
        'expandSchemaTarget',
        'doesNotSupportDiff',
        'enumImage',
      ].map((name) => text(name, 'Listed in the reference without a description.', { internal: true })),
    ],
  },
  {
    name: 'attribute',
    doc: 'A field of the element it stands in.',
    children: ['help'],
    attributes: [
      text('name', 'Name, without `@`; unique in its element.', { required: true }),
      of('type')('type', 'Data type. Default string.'),
      { name: 'length', kind: 'integer', doc: 'Most characters of a string.' },
      ...nodeAttributes,
      ...fieldAttributes,
      flag('autoIncrement', 'The column counts by itself.'),
      of('schemaId')('target', 'Listed in the reference without a description.', { internal: true }),
    ],
  },
  {
    name: 'key',
    doc: 'What identifies a record. The internal key, or the first one, is the primary key.',
    children: ['keyfield'],
    attributes: [
      text('name', 'Name, unique among the keys.', { required: true }),
      flag('internal', 'The primary key; one in a schema.'),
      flag('allowEmptyPart', 'A key of several fields holds when at least one is filled.'),
      flag('noDbIndex', 'No unique index is made for it.'),
      expr('applicableIf', 'The key is taken only when true.'),
      ...labels,
      operations,
    ],
  },
  {
    name: 'dbindex',
    doc: 'An index of the table; its SQL name is the table and this name.',
    children: ['keyfield'],
    attributes: [
      text('name', 'Name, unique among the indexes.', { required: true }),
      flag('unique', 'No two records have the same values.'),
      expr('applicableIf', 'The index is made only when true.'),
      ...labels,
      operations,
    ],
  },
  keyFieldRow,
  {
    name: 'join',
    doc: 'Columns that join a link; several are joined by AND. Without one, the foreign key to the primary key of the target.',
    children: [],
    attributes: [
      of('xpath')('xpath-src', 'Field of this schema.'),
      of('xpath')('xpath-dst', 'Field of the target.'),
      expr('dstFilterExpr', 'Which records of the target may be linked.'),
    ],
  },
  {
    name: 'compute-string',
    doc: 'The text that stands for a record in lists and links.',
    children: [],
    attributes: [expr('expr', 'Expression of the text.', { required: true })],
  },
  {
    name: 'sysFilter',
    doc: 'Who may see (`readAccess`) or write (`writeAccess`) the records.',
    children: ['condition'],
    attributes: [
      choice('name', 'Which access.', [
        { name: 'readAccess', doc: 'Rows that can be seen.' },
        { name: 'writeAccess', doc: 'Rows that can be written.' },
      ]),
      operations,
    ],
  },
  {
    name: 'condition',
    doc: 'A condition of a filter; in access filters `expr` is TRUE or FALSE and `enabledIf` says when it applies.',
    children: ['condition'],
    attributes: [
      expr('expr', 'The condition.'),
      expr('enabledIf', 'The condition applies only when true.'),
      choice('boolOperator', 'Joins the condition with the next one. Default AND.', list('AND', 'OR')),
    ],
  },
  {
    name: 'enumeration',
    doc: 'A closed list of values.',
    children: ['help', 'value'],
    attributes: [
      text('name', 'Name the fields refer to.', { required: true }),
      of('type')('basetype', 'Type of the stored values, usually byte or string.'),
      text('default', 'Name of the default value.'),
      of('reference')('template', 'Copies another enumeration.'),
      ...labels,
      operations,
    ],
  },
  {
    name: 'value',
    doc: 'A value of an enumeration.',
    children: ['help'],
    attributes: [
      text('name', 'Internal name.', { required: true }),
      text('value', 'What is stored; the name when missing.'),
      ...labels,
      expr('enabledIf', 'The value can be chosen only when true.'),
      expr('applicableIf', 'The value exists only when true.'),
      operations,
    ],
  },
  {
    name: 'methods',
    doc: 'SOAP methods of the schema.',
    children: ['method'],
    attributes: [flag('async', 'Seen in samples.', { internal: true })],
  },
  {
    name: 'interface',
    doc: 'A group of methods other schemas may implement.',
    children: ['method'],
    attributes: [
      text('name', 'Name of the interface.', { required: true }),
      ...labels,
      flag('async', 'Seen in samples.'),
    ],
  },
  {
    name: 'method',
    doc: 'A SOAP method. In JavaScript it is the function `namespace_schema_Method` of its library.',
    children: ['help', 'parameters'],
    attributes: [
      text('name', 'Name of the method.', { required: true }),
      flag('static', 'Called without a document.'),
      flag('const', 'Does not change the document.'),
      flag('pkonly', 'Called with a key in place of the document.'),
      text('library', 'JavaScript library that holds it, `namespace:file.js`.'),
      choice(
        'access',
        'Who may call it. Default: any identified operator.',
        list('anonymous', 'admin', 'sql'),
      ),
      flag('hidden', 'Not listed.'),
      ...labels,
      operations,
    ],
  },
  { name: 'parameters', doc: 'Parameters of a method, in order.', children: ['param'], attributes: [] },
  {
    name: 'param',
    doc: 'A parameter; the order counts, not the name.',
    children: ['help'],
    attributes: [
      text('name', 'Name.', { required: true }),
      of('type')('type', 'Data type, `DOMElement` or `DOMDocument`.'),
      choice('inout', 'Direction. Default in.', list('in', 'out', 'inout')),
      ...labels,
      of('enumeration')('enum', 'List of values.'),
      flag('optional', 'May be left out; seen in use.'),
      text('namespace', 'Undocumented.', { internal: true }),
      flag('localizable', 'Collected for translation.', { internal: true }),
      operations,
    ],
  },
  { name: 'help', doc: 'Help text.', children: [], attributes: [] },
  {
    name: 'default',
    doc: 'Default value as text, or the initial items of a collection.',
    children: [],
    attributes: [],
  },
  {
    name: 'translatedDefault',
    doc: 'Default value collected for translation.',
    children: [],
    attributes: [],
  },
  { name: 'createdBy', doc: 'Kept by the server.', children: [], attributes: [] },
  { name: 'modifiedBy', doc: 'Kept by the server.', children: [], attributes: [] },
  { name: 'data', doc: 'Kept by the server.', children: [], attributes: [] },
];

const elements: ReadonlyMap<string, SchemaElementRow> = new Map(rows.map((row) => [row.name, row]));
const byLowerCase: ReadonlyMap<string, string> = new Map(
  rows.map((row) => [row.name.toLowerCase(), row.name]),
);

/** The row of an element, by its exact name. */
export function schemaElementRow(name: string): SchemaElementRow | undefined {
  return elements.get(name);
}

/** The right spelling of an element in the wrong letter case, else `undefined`. */
export function schemaElementSpelling(name: string): string | undefined {
  const spelling = byLowerCase.get(name.toLowerCase());
  return spelling === name ? undefined : spelling;
}

/** The row of an attribute of an element. */
export function schemaAttributeRow(element: string, name: string): SchemaAttributeRow | undefined {
  return elements.get(element)?.attributes.find((row) => row.name === name);
}

/** Elements whose content is the server's or free: neither offered nor checked. */
export const unlistedSchemaElements: ReadonlySet<string> = new Set([
  'createdBy',
  'modifiedBy',
  'data',
  // Seen inside methods, with paragraphs of text.
  'description',
]);

/** Namespaces Adobe keeps for itself, in any letter case. */
export const reservedNamespaces: ReadonlySet<string> = new Set([
  'xtk',
  'nl',
  'nms',
  'ncm',
  'temp',
  'crm',
  'xxl',
  'ncl',
]);

/** Built-in schemas documented as not extensible; the list is stated to be incomplete. */
export const closedSchemas: ReadonlySet<string> = new Set(
  `xtk:entityBackupNew xtk:entityBackupOriginal xtk:entityOriginal xtk:form xtk:srcSchema ncm:publishing nl:monitoring
   nms:calendar nms:remoteTracking nms:userAgentRules xtk:builder xtk:connections xtk:dbInit xtk:funcList xtk:fusion
   xtk:jst xtk:navtree xtk:queryDef xtk:resourceMenu xtk:schema xtk:scriptContext xtk:session xtk:sqlSchema xtk:strings`.split(
    /\s+/,
  ),
);
