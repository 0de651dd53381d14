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
  'nms:delivery#GetDlStatusAndLogs',
  'nms:delivery#BuildPreviewFromId',
  'nms:delivery#DiagnoseHTML',
  'nms:delivery#HtmlToText',
  'nl:monitoring#DumpCurrentInstanceState',
];

const readSet: ReadonlySet<string> = new Set(reads);
const sessionSet: ReadonlySet<string> = new Set([
  'xtk:session#Logon',
  'xtk:session#BearerTokenLogon',
  'xtk:session#Logoff',
]);

/** Every method that counts as reading. */
export const readMethods: readonly string[] = reads;

/**
 * What a call does. The pipe form counts as its interface: `xtk:persist|nms:delivery#Load` is `xtk:persist#Load`.
 */
export function methodAccess(urn: string, method: string): MethodAccess {
  const pipe = urn.indexOf('|');
  const action = `${pipe < 0 ? urn : urn.slice(0, pipe)}#${method}`;
  return readSet.has(action) ? 'read' : sessionSet.has(action) ? 'session' : 'write';
}
