import type * as ts from 'typescript';
import { dottedName } from './names.ts';
import type { CheckedScript } from './scriptCheck.ts';

/** A call that sends SQL. */
export interface SqlCall {
  call: ts.CallExpression;
  /** As in the API, e.g. `sqlExec`; `query` and `execute` are methods of a connection. */
  name: string;
  /** The SQL. */
  sql: ts.Expression;
  /** Where its values begin among the arguments; `undefined` for calls without bound parameters. */
  firstValue: number | undefined;
}

interface SqlPlaces {
  /** Position of the SQL among the arguments. */
  sql: number;
  /** Position of the first value; absent where there are no bound parameters. */
  firstValue?: number;
}

/** Source: JSAPI documentation, "Database". */
const functions: ReadonlyMap<string, SqlPlaces> = new Map<string, SqlPlaces>([
  ...['sqlExec', 'sqlGetString', 'sqlGetMemo', 'sqlGetInt', 'sqlGetDouble', 'sqlGetDate'].flatMap(
    (name): [string, SqlPlaces][] => [
      [name, { sql: 0, firstValue: 1 }],
      [`${name}OnDataSource`, { sql: 0, firstValue: 2 }],
    ],
  ),
  ['sqlSelect', { sql: 1 }],
  ['sqlExecScript', { sql: 0 }],
]);

/** The SQL a call sends; `undefined` for calls of anything else. A connection is known by its type. */
export function sqlCall(script: CheckedScript, node: ts.Node): SqlCall | undefined {
  const { ts } = script;
  if (!ts.isCallExpression(node)) return undefined;
  const name = dottedName(script, node.expression);
  const known = functions.get(name ?? '');
  if (name !== undefined && known !== undefined) {
    const sql = node.arguments[known.sql];
    return sql && { call: node, name, sql, firstValue: known.firstValue };
  }
  if (!ts.isPropertyAccessExpression(node.expression)) return undefined;
  const method = node.expression.name.text;
  const [sql] = node.arguments;
  if (sql === undefined || !['query', 'execute', 'exec'].includes(method)) return undefined;
  const type = script.typeAt(node.expression.expression);
  return type.getSymbol()?.name === 'DBEngine' ? { call: node, name: method, sql, firstValue: 1 } : undefined;
}
