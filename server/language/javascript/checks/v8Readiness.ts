import type * as ts from 'typescript';
import { attributeMark } from '../maskCharacters.ts';
import { scriptProblem } from '../scriptProblem.ts';
import { anchorOfSymbol } from '../symbolsAt.ts';
import { mayBeInCloud } from './cloudSchema.ts';
import { dottedName, initialValue, sessionMethod, unwrapped } from './names.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';
import { sqlCall, type SqlCall } from './sqlCall.ts';
import { stringTerms } from './stringTerms.ts';

/**
 * SQL sent to the local database. On v8 Enterprise profiles, logs and custom tables are in the cloud database.
 * [I] That a call without a data source goes to the local database.
 */
export const v8RawSql: NodeCheck = {
  kinds: ['CallExpression'],
  *check(script, node) {
    const found = sqlCall(script, node);
    if (found === undefined || hasDataSource(script, found) || isLocal(script, found)) return;
    yield scriptProblem(
      'script/v8-raw-sql',
      script.rangeOf(found.call.expression),
      'On Campaign v8 Enterprise profiles, logs and custom tables are in the cloud database, which this SQL may not reach: use a query, xtk.session.Write, or a call with a data source.',
    );
  },
};

/** A statement, as far as it is written out, that names local tables only. */
function isLocal(script: CheckedScript, { sql }: SqlCall): boolean {
  // What is put into the text stands as a name that is no table's.
  const text = stringTerms(script, sql)
    .map((term) => term.text ?? '_')
    .join('');
  const tables = [...text.matchAll(/\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)/gi)].map((match) => match[1]!);
  return tables.length > 0 && tables.every((table) => /^(?:Xtk|Ncm)/.test(table));
}

function hasDataSource(script: CheckedScript, { call, name }: SqlCall): boolean {
  const { ts } = script;
  if (name.endsWith('OnDataSource')) return true;
  if (name === 'sqlSelect') return call.arguments.length > 2;
  // `application.getConnection("nms:extAccount:ffda")`, in place or in a variable.
  if (!ts.isPropertyAccessExpression(call.expression)) return false;
  const receiver = unwrapped(script, call.expression.expression);
  const connection = ts.isIdentifier(receiver) ? initialValue(script, receiver) : receiver;
  return connection !== undefined && ts.isCallExpression(connection) && connection.arguments.length > 0;
}

const converters: ReadonlySet<string> = new Set(['parseInt', 'parseFloat', 'Number', 'NL.XTK.parseInt']);

/**
 * `parseInt(row.@id, 10)`: keys of tables in the cloud database are UUIDs, no integers.
 * Source: Campaign v8 documentation, "Key management" (`autouuid`).
 */
export const v8IntegerKey: NodeCheck = {
  kinds: ['CallExpression'],
  *check(script, node) {
    const { ts } = script;
    if (!ts.isCallExpression(node)) return;
    const [argument] = node.arguments;
    const converts = converters.has(dottedName(script, node.expression) ?? '');
    if (converts && argument !== undefined && isKey(script, withoutText(script, argument))) {
      yield scriptProblem(
        'script/v8-integer-key',
        script.rangeOf(node),
        'On Campaign v8 Enterprise the key of a table in the cloud is a UUID: as a number it is lost. Keep it as a text, and put it between quotes in conditions.',
      );
    }
    const sql = sqlCall(script, node);
    const text = sql && ts.isStringLiteralLike(sql.sql) ? sql.sql.text : '';
    const selectsKey =
      sql !== undefined &&
      /^sqlGetInt/.test(sql.name) &&
      integerKeyColumn.test(text) &&
      !localTable.test(text);
    if (selectsKey) {
      yield scriptProblem(
        'script/v8-integer-key',
        script.rangeOf(sql.sql),
        'On Campaign v8 Enterprise the key of a table in the cloud is a UUID, which sqlGetInt cannot read.',
      );
    }
  },
};

/** `SELECT iRecipientId FROM …`, aggregates included. */
const integerKeyColumn = /^\s*SELECT\s+(?:(?:MAX|MIN)\s*\(\s*)?(?:\w+\.)?i[A-Z]\w*Id\b/i;
const localTable = /\bFROM\s+(?:Xtk|Ncm|NmsDelivery|NmsOperation|NmsTypology|NmsPlan|NmsProgram)\w*/i;

/** Inside `String(…)` and `….toString()`. */
function withoutText(script: CheckedScript, value: ts.Expression): ts.Expression {
  const { ts } = script;
  const inner = unwrapped(script, value);
  if (!ts.isCallExpression(inner)) return inner;
  const [argument] = inner.arguments;
  if (dottedName(script, inner.expression) === 'String' && argument !== undefined)
    return unwrapped(script, argument);
  return ts.isPropertyAccessExpression(inner.expression) && inner.expression.name.text === 'toString'
    ? inner.expression.expression
    : inner;
}

/** Keys that stay integers: those of tables in the local database. */
const localKey =
  /^(?:folder|delivery|operation|workflow|task|operator|createdBy|modifiedBy|mapping|program|plan|typology|service|scenario|extAccount|account)-id$/;

/** A field that is a key, or refers to one, of a table that may be in the cloud. */
function isKey(script: CheckedScript, node: ts.Expression): boolean {
  const name = fieldName(script, node);
  if (name === undefined || (name !== 'id' && !name.endsWith('-id')) || localKey.test(name)) return false;
  const symbol = script.ts.isPropertyAccessExpression(node) ? script.symbolAt(node.name) : undefined;
  const anchor = anchorOfSymbol(script.project, symbol);
  if (anchor?.kind !== 'node') return true;
  const { node: field } = anchor;
  if (name === 'id') return mayBeInCloud(field.schemaId);
  const links = [...(field.parent?.elements.values() ?? [])];
  const link = links.find(({ joins }) => joins.some(({ source }) => source === `@${name}`));
  return link?.target === undefined || mayBeInCloud(link.target);
}

/** `row.@id` and `row.$id` → `id`; `undefined` for what is no attribute of a record. */
function fieldName({ ts }: CheckedScript, node: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.name.text;
    return name.startsWith(attributeMark) || name.startsWith('$') ? name.slice(1) : undefined;
  }
  if (!ts.isElementAccessExpression(node) || !ts.isStringLiteralLike(node.argumentExpression))
    return undefined;
  const name = node.argumentExpression.text;
  return /^[@$]/.test(name) || name.startsWith(attributeMark) ? name.slice(1) : undefined;
}

/**
 * A logon with a name and a password from a script. From 8.5 or 8.6 on technical operators come in through IMS only;
 * the documentation has both numbers.
 */
export const v8NativeLogon: NodeCheck = {
  kinds: ['CallExpression'],
  *check(script, node) {
    const { ts } = script;
    if (!ts.isCallExpression(node)) return;
    const isRemote =
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'addMethod' &&
      node.arguments.some((each) => ts.isStringLiteralLike(each) && each.text === 'xtk:session#Logon');
    if (!isRemote && sessionMethod(script, node) !== 'Logon') return;
    yield scriptProblem(
      'script/v8-native-logon',
      script.rangeOf(node.expression),
      'Campaign v8 takes technical operators only through IMS: a logon with a password may be refused there.',
    );
  },
};
