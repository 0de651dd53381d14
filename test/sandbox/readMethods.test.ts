import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { readMethods } from '../../core/soap/methodAccess.ts';
import { faultOf, openSandbox } from './call.ts';
import { FakeClock } from './library.ts';

// What the client repeats after a failure, and lets through on a read-only connection, must change nothing.

const caller = await openSandbox({ rows: 5, clock: new FakeClock() });
afterAll(() => caller.sandbox.stop());

const query =
  '<e><queryDef schema="nms:delivery" operation="select"><select><node expr="@label"/></select></queryDef></e>';
const delivery = '<e><delivery xtkschema="nms:delivery" internalName="DM_springCollection"/></e>';
const key = async (): Promise<string> => {
  const row = await caller.query(
    '<queryDef schema="nms:delivery" operation="get"><select><node expr="@id"/></select><where><condition expr="@internalName = \'DM_springCollection\'"/></where></queryDef>',
  );
  return / id="(\d+)"/.exec(row)![1]!;
};
const id = await key();
const submitted = await caller.post('xtk:jobInterface|nms:delivery#Execute', `${delivery}<m>HtmlToText</m>`);
const [, job = ''] = /<pstrId[^>]*>([^<]*)</.exec(submitted.text) ?? [];
const finished = await caller.post('xtk:jobInterface|nms:delivery#Execute', `${delivery}<m>Prepare</m>`);
const [, done = ''] = /<pstrId[^>]*>([^<]*)</.exec(finished.text) ?? [];

/** A call of each method that succeeds. Methods of an interface are called for a schema. */
const calls: Readonly<Record<string, string>> = {
  'xtk:queryDef#ExecuteQuery': query,
  'xtk:queryDef#SelectAll': `${query}<b>false</b>`,
  'xtk:queryDef#BuildQuery': query,
  'xtk:queryDef#BuildQueryEx': query,
  'xtk:queryDef#EvaluateExpr': '<e>1 + 1</e>',
  'xtk:queryDef#DisplayCondition': '<s>nms:delivery</s><w><where><condition expr="@id = 1"/></where></w>',
  'xtk:queryDef#GetXmlStruct': query,
  'xtk:queryDef#GetInstanceFromModel': `${query}<s>nms:delivery</s>`,
  'xtk:persist#GetEntityIfMoreRecent': '<p>xtk:schema|nms:delivery</p><m/><b>true</b>',
  'xtk:persist#GetDirtyCacheEntities':
    '<c><cache><schema><entityCache pk="nms:delivery" md5="0"/></schema></cache></c>',
  'xtk:persist#GetImages': '<l>cus:store.png</l>',
  'xtk:persist#GetDefaultEntity': '<s>nms:delivery</s>',
  'xtk:persist#Load': `<e><delivery xtkschema="nms:delivery"/></e><k>nms:delivery|${id}</k>`,
  'xtk:persist#LoadIfExists': `<e><delivery xtkschema="nms:delivery"/></e><k>nms:delivery|${id}</k>`,
  'xtk:persist#LoadAsText': '<k>xtk:schema|nms:delivery</k>',
  'xtk:persist#SetDefaults': delivery,
  'xtk:persist#SetDefaultValues': `${delivery}<x>/</x>`,
  'xtk:persist#ApplyDuplicateRules': delivery,
  'xtk:session#GetUserInfo': '',
  'xtk:session#TestCnx': '',
  'xtk:session#GetServerTime': '',
  'xtk:session#GetCnxInfo': '',
  'xtk:session#GetOption': '<n>XtkDatabaseId</n>',
  'xtk:session#Diff': '<k>xtk:schema|nms:delivery</k>',
  'xtk:session#GetModifiedEntities': '<c><cache><schema/></cache></c>',
  'xtk:session#FormatDataPolicy': '<p>upperCase</p><v>a</v>',
  'xtk:builder#BuildUpdateOneSchemaDiff': '<s>cus:store</s><b>false</b>',
  'xtk:builder#BuildUpdateSchemaDiff': '<p/><b>false</b>',
  'xtk:builder#GetDbParams': '',
  'xtk:builder#GetDefaultNamespace': '',
  'xtk:builder#CheckTableExists': '<d/><t>CusStore</t>',
  'xtk:builder#ResolvePackageReferences':
    '<p><package><entities schema="nms:delivery"><delivery internalName="DM_new" label="n"/></entities></package></p>',
  'xtk:folder#LoadChildrenWithPath': '<a/><b/><c>false</c><d/><e/><f>true</f>',
  'xtk:specFile#GenerateDoc': '<e><specFile><definition schema="cus:store"/></specFile></e>',
  'xtk:jobInterface#GetStatus': `<i>${done}</i><l>0</l><m>10</m>`,
  'xtk:jobInterface#GetResult': `<i>${done}</i>`,
  'xtk:jobInterface#HasWarning': `<i>${job}</i>`,
  'nms:delivery#GetDlStatusAndLogs': `<i>${id}</i><l>0</l>`,
  'nms:delivery#BuildPreviewFromId': `<i>${id}</i><p><params content="html"/></p>`,
  'nms:delivery#DiagnoseHTML': '<h>&lt;p&gt;</h><f>1</f>',
  'nms:delivery#HtmlToText': '<h>&lt;p&gt;</h>',
  'nl:monitoring#DumpCurrentInstanceState': '',
};

/** The method's parameters are not documented: the sandbox does not know it. */
const unanswered: readonly string[] = ['xtk:persist#GetPkList'];

/** Everything in the database. Identifiers and counters may move on: a document that is filled in takes some. */
function fingerprint(): string {
  const { rows } = caller.sandbox.instance;
  const hash = createHash('sha256');
  const tables = rows.all(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'SandboxSequence' ORDER BY name",
  );
  for (const [table] of tables) {
    hash.update(String(table));
    for (const row of rows.all(`SELECT * FROM "${String(table)}" ORDER BY rowid`))
      hash.update(row.map(String).join('\t'));
  }
  return hash.digest('hex');
}

test('there is a call for every method that counts as reading', () =>
  expect([...Object.keys(calls), ...unanswered].toSorted()).toEqual(readMethods.toSorted()));

test.each(Object.entries(calls))('%s succeeds and changes nothing', async (action, parameters) => {
  const target = action.replace(/^(xtk:persist)#(Load|SetDef|Apply)/, '$1|nms:delivery#$2');
  const before = fingerprint();
  const { text } = await caller.post(target, parameters);
  expect(faultOf(text)).toBe('');
  expect(text).toContain(`${action.split('#')[1]!}Response`);
  expect(fingerprint()).toBe(before);
});
