import type { SoapCall } from './soapClient.ts';
import { XmlReader } from './xmlReader.ts';

/** What calling a method does to the instance. `write` is also the answer for every method not listed. */
export type MethodAccess = 'read' | 'session' | 'write';

/** Methods that only read: they may be repeated, and are allowed on a read-only connection. */
const reads: readonly string[] = [
  'xtk:queryDef#ExecuteQuery',
  'xtk:queryDef#SelectAll',
  'xtk:queryDef#BuildQuery',
  'xtk:queryDef#BuildQueryEx',
  'xtk:queryDef#EvaluateExpr',
  'xtk:queryDef#DisplayCondition',
  'xtk:queryDef#GetXmlStruct',
  'xtk:queryDef#GetInstanceFromModel',
  'xtk:persist#GetEntityIfMoreRecent',
  'xtk:persist#GetDirtyCacheEntities',
  'xtk:persist#GetImages',
  'xtk:persist#GetDefaultEntity',
  'xtk:persist#Load',
  'xtk:persist#LoadIfExists',
  'xtk:persist#LoadAsText',
  'xtk:persist#GetPkList',
  'xtk:persist#SetDefaults',
  'xtk:persist#SetDefaultValues',
  'xtk:persist#ApplyDuplicateRules',
  'xtk:session#GetUserInfo',
  'xtk:session#TestCnx',
  'xtk:session#GetServerTime',
  'xtk:session#GetCnxInfo',
  'xtk:session#GetOption',
  'xtk:session#Diff',
  'xtk:session#GetModifiedEntities',
  'xtk:session#FormatDataPolicy',
  'xtk:builder#BuildUpdateOneSchemaDiff',
  'xtk:builder#BuildUpdateSchemaDiff',
  'xtk:builder#GetDbParams',
  'xtk:builder#GetDefaultNamespace',
  'xtk:builder#CheckTableExists',
  'xtk:builder#ResolvePackageReferences',
  'xtk:folder#LoadChildrenWithPath',
  'xtk:specFile#GenerateDoc',
  'xtk:jobInterface#GetStatus',
  'xtk:jobInterface#GetResult',
  'xtk:jobInterface#HasWarning',
  'nms:delivery#GetDlStatusAndLogs',
  'nms:delivery#BuildPreviewFromId',
  'nms:delivery#DiagnoseHTML',
  'nms:delivery#HtmlToText',
  'nl:monitoring#DumpCurrentInstanceState',
];

const readSet: ReadonlySet<string> = new Set(reads);
/** Methods whose second parameter says whether to save. */
const savingSet: ReadonlySet<string> = new Set([
  'xtk:builder#BuildOutputSchema',
  'xtk:builder#BuildOutputNavTree',
]);
const sessionSet: ReadonlySet<string> = new Set([
  'xtk:session#Logon',
  'xtk:session#BearerTokenLogon',
  'xtk:session#Logoff',
]);

/** Every method that counts as reading. */
export const readMethods: readonly string[] = reads;

/** Operations of a queryDef that only read; a missing one counts as `select`. */
const readOperations: ReadonlySet<string> = new Set(['', 'select', 'get', 'getIfExists', 'count']);

/**
 * What a call does. The pipe form counts as its interface: `xtk:persist|nms:delivery#Load` is `xtk:persist#Load`. Two
 * methods depend on their arguments: a query may carry a writing operation, and a compilation may be told not to save.
 */
export function methodAccess(call: SoapCall): MethodAccess {
  const { urn, method, parameters = [] } = call;
  const pipe = urn.indexOf('|');
  const action = `${pipe < 0 ? urn : urn.slice(0, pipe)}#${method}`;
  if (sessionSet.has(action)) return 'session';
  if (savingSet.has(action)) return parameters[1]?.value === false ? 'read' : 'write';
  if (!readSet.has(action)) return 'write';
  if (action !== 'xtk:queryDef#ExecuteQuery') return 'read';
  return readOperations.has(operationOf(String(parameters[0]?.value ?? ''))) ? 'read' : 'write';
}

/** The `operation` of a queryDef; a text that cannot be read counts as one that writes. */
function operationOf(queryDefXml: string): string {
  const reader = new XmlReader({ maxTokenLength: Infinity });
  reader.feed(queryDefXml);
  reader.finish();
  try {
    if (reader.next() !== 'start') return 'unreadable';
  } catch {
    return 'unreadable';
  }
  return reader.attribute('operation') ?? '';
}
