import type { SchemaElement } from '../../../core/schema/schema.ts';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import type { Instance } from '../instance.ts';
import { writeRow, type Cell, type RowLayout } from '../query/resultLayout.ts';
import { buildQuery, operationOf, rowIdsWhere } from '../query/selectQuery.ts';
import { unknownSchema } from '../query/scope.ts';
import { CampaignFailure, notImplemented } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method, type OutValue } from '../soap/method.ts';
import {
  attribute,
  cloneElement,
  createElement,
  elements,
  firstElement,
  isTrue,
  type Element,
} from '../xml/element.ts';
import { findRows, tableOf, toDocument, type StoredRow, type Table } from '../entity/document.ts';
import { writeDocument } from '../write/writeDocument.ts';

/** Rows become text in pieces of about this size, so that large answers neither wait nor pile up. */
const pieceLength = 1 << 16;

function* rowPieces(name: string, layout: RowLayout, rows: readonly Cell[][]): Generator<string> {
  if (rows.length === 0) {
    yield `<${name}-collection/>`;
    return;
  }
  let piece = `<${name}-collection>`;
  for (const row of rows) {
    piece += writeRow(layout, row);
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
  yield `${piece}</${name}-collection>`;
}

/** Runs a queryDef and gives the document of its answer. */
export function executeQuery(instance: Instance, queryDef: Element): OutValue {
  const environment = instance.queryEnvironment();
  const { sql, layout } = buildQuery(queryDef, environment);
  const operation = operationOf(queryDef);
  const rows = environment.all(sql);
  const { name } = layout.root;
  switch (operation) {
    case 'count':
      return createElement(name, { count: Number(rows[0]?.[0] ?? 0) });
    case 'select':
      // Lists inside rows are read now: an answer shows the data as of one moment.
      return {
        chunks: layout.lists.length > 0 ? [...rowPieces(name, layout, rows)] : rowPieces(name, layout, rows),
      };
    case 'get':
    case 'getIfExists': {
      const [row] = rows;
      if (row !== undefined) return { chunks: [writeRow(layout, row)] };
      if (operation === 'getIfExists') return createElement(name);
      throw new CampaignFailure('WDB-200011 The requested database record does not exist.');
    }
  }
}

function build(call: Call): ReturnType<typeof buildQuery> {
  const { instance } = call;
  if (!instance.settings.allowSql) {
    throw new CampaignFailure('You do not have the right to see the SQL of a query.');
  }
  return buildQuery(call.entity, instance.queryEnvironment());
}

/** Fills in every field: columns, then the parts of the XML body as trees. */
export function selectAll(instance: Instance, queryDef: Element, isDuplicate: boolean): Element {
  const schemaId = attribute(queryDef, 'schema');
  const { schema } = tableOf(instance, schemaId);
  if (schema.root === undefined) throw unknownSchema(schemaId);
  const nodes: Element[] = [];
  const keys = new Set(
    schema.root.keys.filter((key) => key.primary).flatMap((key) => key.fields.map((f) => f.xpath)),
  );
  addFields(instance, schema.root, '', nodes, (xpath) => isDuplicate && keys.has(xpath));
  const result = cloneElement(queryDef);
  const select = firstElement(result, 'select');
  const known = new Set(
    (select === undefined ? [] : elements(select)).map((node) => attribute(node, 'expr')),
  );
  const added = nodes.filter((node) => !known.has(attribute(node, 'expr')));
  if (select === undefined) result.children.unshift(createElement('select', {}, added));
  else select.children.push(...added);
  return result;
}

const bracketed = (xpath: string): string => (/[/-]/.test(xpath) ? `[${xpath}]` : xpath);

function addFields(
  instance: Instance,
  element: SchemaElement,
  path: string,
  nodes: Element[],
  isLeftOut: (xpath: string) => boolean,
): void {
  for (const attributeNode of element.attributes.values()) {
    const xpath = `${path}@${attributeNode.name}`;
    if (!isLeftOut(xpath)) nodes.push(createElement('node', { expr: bracketed(xpath), noComputeString: 1 }));
  }
  for (const child of element.elements.values()) {
    const xpath = `${path}${child.name}`;
    if (child.type === 'link') {
      if (!child.unbound) nodes.push(createElement('node', { expr: bracketed(xpath), noComputeString: 1 }));
    } else if (child.sqlName === 'mData') continue;
    else if (child.xml || child.unbound || child.type === 'ANY') {
      nodes.push(createElement('node', { anyType: true, expr: bracketed(xpath) }));
    } else if (child.type !== undefined)
      nodes.push(createElement('node', { expr: bracketed(xpath), noComputeString: 1 }));
    else {
      const scope = enterElement(instance.model, child);
      if (scope.kind === 'found') addFields(instance, scope.element, `${xpath}/`, nodes, isLeftOut);
    }
  }
}

/** A condition in words. [I] The server's own wording is not published; this one names fields and operators. */
function displayCondition(where: Element): string {
  const parts = elements(where, 'condition').map((condition) => {
    const nested = displayCondition(condition);
    const own = attribute(condition, 'expr');
    const operator = attribute(condition, 'setOperator');
    const text = [own, operator.toLowerCase(), nested === '' ? '' : `(${nested})`]
      .filter((part) => part !== '')
      .join(' ');
    const isOr = /^or$/i.test(attribute(condition, 'boolOperator'));
    return { text, next: isOr ? ' or ' : ' and ' };
  });
  return parts.map((part, index) => part.text + (index < parts.length - 1 ? part.next : '')).join('');
}

/** A new record made from a template, changed as the caller says. @returns its document, not saved. */
function instanceOf(table: Table, model: StoredRow, change: Element | undefined): Element {
  const document = toDocument(table, model);
  for (const key of table.schema.root?.keys ?? []) {
    for (const { xpath } of key.fields)
      if (xpath?.startsWith('@') === true) document.attributes.delete(xpath.slice(1));
  }
  if (table.storage.byXPath.has('@isModel')) document.attributes.set('isModel', 'false');
  for (const [name, value] of change?.attributes ?? []) document.attributes.set(name, value);
  document.children.push(...(change === undefined ? [] : elements(change)));
  document.attributes.set('_operation', 'insert');
  return document;
}

function getInstanceFromModel(call: Call): Answer {
  const { instance } = call;
  const table = tableOf(instance, call.text(0).trim());
  const where = firstElement(call.entity, 'where') ?? createElement('where');
  const [rowId] = rowIdsWhere(table.schema.id, where, instance.queryEnvironment());
  const model = findRows(instance, table, []).find((row) => row.rowId === rowId);
  if (model === undefined) throw new CampaignFailure('XSV-350000 The template cannot be found.');
  return { values: [instanceOf(table, model, undefined)] };
}

function createInstanceFromModel(call: Call): Answer {
  const { instance } = call;
  const table = tableOf(instance, call.text(0).trim());
  const column = table.storage.byXPath.get('@id');
  const key = column === undefined ? [] : [{ column: column.name, value: call.number(1) }];
  const model = key.length === 0 ? undefined : findRows(instance, table, key, 1)[0];
  if (model === undefined)
    throw new CampaignFailure(`XSV-350000 The template ${call.number(1)} cannot be found.`);
  const row = instance.rows.transaction(() =>
    writeDocument(instance, instanceOf(table, model, call.element(2)), table.schema.id),
  );
  return { values: [Number(row?.cells.get('@id') ?? 0)] };
}

/** [?] What its document looks like is not documented, and a guess could change every row. */
function refuseUpdate(): never {
  throw notImplemented('the sandbox runs no mass updates. Use xtk:persist#WriteCollection.');
}

const execute = (call: Call): Answer => ({ values: [executeQuery(call.instance, call.entity)] });

/** `xtk:queryDef`. */
export const queryMethods: readonly Method[] = [
  method('xtk:queryDef#ExecuteQuery', '-> pdomOutput:DOMDocument', execute, { kind: 'const' }),
  method('xtk:queryDef#BuildQuery', '-> pstrSql:string', (call) => ({ values: [build(call).sql] }), {
    kind: 'const',
  }),
  method(
    'xtk:queryDef#BuildQueryEx',
    '-> pstrSql:string, pstrFormat:string',
    (call) => {
      const { sql, format } = build(call);
      return { values: [sql, format] };
    },
    { kind: 'const' },
  ),
  method(
    'xtk:queryDef#SelectAll',
    'bDuplicate?:boolean',
    (call) => ({ entity: selectAll(call.instance, call.entity, isTrue(call.text(0))) }),
    { kind: 'document' },
  ),
  method('xtk:queryDef#GetXmlStruct', '', (call) => ({ entity: call.entity }), {
    kind: 'document',
    hidden: true,
  }),
  method('xtk:queryDef#Update', 'elemContext:DOMElement', refuseUpdate, { kind: 'document' }),
  method(
    'xtk:queryDef#GetInstanceFromModel',
    'strSchema:string -> pdomOutput:DOMDocument',
    getInstanceFromModel,
    {
      kind: 'const',
    },
  ),
  method(
    'xtk:queryDef#CreateInstanceFromModel',
    'strSchema:string, lModelId:long, elemDiff:DOMElement -> plOutput:long',
    createInstanceFromModel,
  ),
  method('xtk:queryDef#EvaluateExpr', 'strExpr:string -> pstrResult:string', ({ instance, text }) => ({
    values: [instance.evaluate(text(0))],
  })),
  method(
    'xtk:queryDef#DisplayCondition',
    'strSchema:string, elemWhere:DOMElement -> pstrResult:string',
    ({ element }) => ({ values: [displayCondition(element(1) ?? createElement('where'))] }),
  ),
];
