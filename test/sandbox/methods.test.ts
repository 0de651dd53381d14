import { expect, test } from 'vitest';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import type { SchemaMethod } from '../../core/schema/schema.ts';
import { readModelFiles } from '../../sandbox/campaign/data/modelFiles.ts';
import { allMethods } from '../../sandbox/campaign/methods/allMethods.ts';
import { declareMethods } from '../../sandbox/campaign/methods/declareMethods.ts';

/** Every method as the schemas declare it, completed as the sandbox serves them, by `service#Method`. */
const declared = new Map<string, SchemaMethod>();
for (const xml of readModelFiles().schemas.values()) {
  const schema = parseSchema(declareMethods(xml)).schema!;
  for (const method of schema.methods.values()) {
    const service =
      method.interfaceName === undefined ? schema.id : `${schema.namespace}:${method.interfaceName}`;
    declared.set(`${service}#${method.name}`, method);
  }
}

const kindOf = (method: SchemaMethod): string =>
  method.isStatic ? 'static' : method.keyOnly ? 'key' : method.isConst ? 'const' : 'document';

function signatureOf(method: SchemaMethod): string[] {
  const inputs = method.parameters.filter(({ direction }) => direction !== 'out');
  const outputs = method.parameters.filter(({ direction }) => direction !== 'in');
  return [
    ...inputs.map(({ name, type }) => `${name}:${type}`),
    '->',
    ...outputs.map(({ name, type }) => `${name}:${type}`),
  ];
}

test.each(allMethods.map((method) => [`${method.service}#${method.name}`, method] as const))(
  '%s is declared as it is answered',
  (id, method) => {
    const declaration = declared.get(id);
    // Counters have no schema in the demo; clients that know the method call it all the same.
    if (method.service === 'xtk:counter') return;
    const of = (direction: string): string[] =>
      method.parameters
        .filter((parameter) => parameter.direction === direction)
        .map(({ name, type }) => `${name}:${type}`);
    expect(
      declaration && [kindOf(declaration), declaration.access ?? 'operator', ...signatureOf(declaration)],
    ).toEqual([method.kind, method.access, ...of('in'), '->', ...of('out')]);
  },
);

test('what schemas declare is answered, unless it is JavaScript', () => {
  const answered = new Set(allMethods.map((method) => `${method.service}#${method.name}`));
  const missing = [...declared].filter(([id, method]) => !answered.has(id) && method.library === undefined);
  expect(missing.map(([id]) => id)).toEqual([]);
});

test('schemas without methods of the server are left as they are', () => {
  const xml = '<schema namespace="cus" name="x"><element name="x"/></schema>';
  expect(declareMethods(xml)).toBe(xml);
});

/** What public documentation, Adobe's SDK and published WSDLs name, with enough to answer it. */
const documented: Readonly<Record<string, string>> = {
  'xtk:session':
    'Logon BearerTokenLogon Logoff GetUserInfo TestCnx GetServerTime GetCnxInfo GetOption GetNewIds GetNewIdsEx Diff GetModifiedEntities FormatDataPolicy Encrypt EncryptPassword ReEncryptPassword EncryptServerPassword HashPassword ChangePassword KillSession ClearUserContextCache ServerShutdown GetTAClientId',
  'xtk:persist':
    'Write WriteCollection Ingest IngestExt ImportCollection DeleteCollection GetEntityIfMoreRecent GetDirtyCacheEntities GetImages GetDefaultEntity NewInstance Duplicate DuplicateTo DuplicateWithMappingId ApplyDuplicateRules SetDefaults SetDefaultValues Load LoadIfExists LoadAsText Store Remove',
  'xtk:queryDef':
    'ExecuteQuery SelectAll BuildQuery BuildQueryEx Update GetInstanceFromModel CreateInstanceFromModel EvaluateExpr DisplayCondition GetXmlStruct',
  'xtk:builder':
    'BuildSchemaFromId BuildSchema BuildOutputSchema GenerateNavTree BuildOutputNavTree BuildUpdateOneSchemaDiff BuildUpdateSchemaDiff UpdateDb GetDbParams GetDefaultNamespace CheckTableExists ExecSql ExecSqlScript RemoveSchemaLinkRef GenerateSchema UpdateSchemaFromDatabase UpdateTempSchemasFromDatabase InstallPackage ResolvePackageReferences EvaluateJavaScript EvaluateJavaScriptTemplate CopyXxlData',
  'xtk:specFile': 'GenerateDoc Generate',
  'xtk:sqlSchema': 'BuildTableList BuildAndInstallSchemas',
  'xtk:workflow':
    'Start Stop Pause Wakeup Kill Restart StartWithParameters Simulate SimulateWithParameters PostEvent Spawn SpawnWithParameters SpawnWithParametersEx RestartTask DeleteResult Cleanup Execute ExecuteInstance',
  'xtk:folder': 'LoadChildrenWithPath',
  'xtk:jobInterface':
    'Execute Submit SubmitSoapCall GetStatus GetResult Cancel Pause HasWarning WaitJobCancelled',
  'nms:delivery':
    'Prepare PrepareTarget PrepareMessage PrepareAndStart PrepareProof BuildPreview LoadExpandedContents PrepareFromId Play Pause Stop BuildPreviewFromId GetDlStatusAndLogs HtmlToText DiagnoseHTML RecomputeStats Cancel CreateFromModel SubmitDelivery',
  'nms:subscription': 'Subscribe Unsubscribe',
  'nms:rtEvent': 'PushEvent PushEvents',
  'nms:batchEvent': 'PushEvent PushEvents',
  'nms:privacyRequest': 'CreateRequestByName',
  'nms:replicationStrategy': 'StartReplicateStagingData',
  'xtk:counter': 'IncreaseValue',
  'nl:monitoring': 'DumpCurrentInstanceState',
};

test('every documented method is answered, and no other', () => {
  const names = Object.entries(documented).flatMap(([service, methods]) =>
    methods.split(' ').map((name) => `${service}#${name}`),
  );
  const answered = allMethods.map((method) => `${method.service}#${method.name}`);
  expect(answered.toSorted()).toEqual(names.toSorted());
});
