import { expect, test } from 'vitest';
import { checkScript, checkScriptFix, scriptFixes } from '../../../../support/checkScript.ts';

const query = (
  nodes = '<node expr="@id"/><node expr="[folder/@label]"/>',
  attributes = 'operation="select" lineCount="5"',
): string => `<queryDef schema="nms:recipient" ${attributes}><select>${nodes}</select></queryDef>`;
const objectQuery = (nodes: string): string =>
  `NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", operation: "select", lineCount: 5, select: {node: ${nodes}}}})`;
const codes = ['field-not-selected'];

test('a field of a row that the query does not select', () => {
  const rows = `xtk.queryDef.create(${query()}).ExecuteQuery().recipient`;
  checkScript(
    `for each (var r in ${rows}) f(r.@id, r.«@email», r[«"@lastName"»]);`.replace(
      '"«@lastName»"',
      '«"@lastName"»',
    ),
    [...codes, ...codes],
  );
  checkScript(`for each (var r in ${rows}) f(r.folder.@label, r.folder.«@name»);`, codes);
  checkScript(`var rows = ${rows}; f(rows[0].«@email»); f(rows.(@id == 1).«@email»);`, [...codes, ...codes]);
  checkScript(
    `var q = ${query()}; var res = NLWS.xtkQueryDef.create(q).ExecuteQuery(); for each (var r in res.recipient) f(r.«@email»);`,
    codes,
  );
});

test('the same for a query in its object form', () => {
  checkScript(
    `for each (var r in ${objectQuery('[{expr: "@id"}]')}.ExecuteQuery().getElements()) f(r.$id, r.«$email»);`,
    codes,
  );
  checkScript(
    `for each (var r in ${objectQuery('[{expr: "@id", alias: "@nr"}]')}.ExecuteQuery().getElements()) f(r.$nr, r.«$id»);`,
    codes,
  );
});

test('what is selected, moved by an alias, or comes along', () => {
  const read = (nodes: string, code: string, attributes?: string): void =>
    checkScript(
      `for each (var r in xtk.queryDef.create(${query(nodes, attributes)}).ExecuteQuery().recipient) ${code}`,
    );
  read('<node expr="Lower(@email)" alias="@mail"/>', 'f(r.@mail);');
  read('<node expr="@gender" analyze="true"/>', 'f(r.@gender, r.@genderLabel);');
  read('<node expr="folder"/>', 'f(r.folder.@id, r.folder.@_cs);');
  read('<node expr="@id"/>', 'r.@email = "a"; delete r.@lastName; f(r.@_operation);');
  checkScript(
    `var n = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="count"/>).ExecuteQuery().@count;`,
  );
});

test('a query that may be another when it runs', () => {
  const read = (before: string, row = 'ExecuteQuery().recipient'): void =>
    checkScript(`${before}.${row}; for each (var r in rows) f(r.@email);`);
  read(`var rows = xtk.queryDef.create(${query('<node expr="@id"/>{more}')})`);
  read(`var rows = xtk.queryDef.create(${query('<node expr={field}/>')})`);
  read(`var q = ${query()}; q.select.appendChild(<node expr="@email"/>); var rows = xtk.queryDef.create(q)`);
  read(`var q = xtk.queryDef.create(${query()}); q.SelectAll(); var rows = q`);
  read(
    `var rows = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="select" lineCount="5">{select}</queryDef>)`,
  );
  checkScript(`for each (var r in ${objectQuery('nodes')}.ExecuteQuery().getElements()) f(r.$email);`);
  checkScript(
    `for each (var r in ${objectQuery('[{expr: field}]')}.ExecuteQuery().getElements()) f(r.$email);`,
  );
});

test('the fix selects the field, laid out like the others', () => {
  checkScriptFix(
    `var rows = xtk.queryDef.create(
  <queryDef schema="nms:recipient" operation="select" lineCount="5">
    <select>
      <node expr="@id"/>
    </select>
  </queryDef>).ExecuteQuery();
for each (var r in rows.recipient) f(r.folder.@label);`,
    'Select [folder/@label]',
    `var rows = xtk.queryDef.create(
  <queryDef schema="nms:recipient" operation="select" lineCount="5">
    <select>
      <node expr="@id"/>
      <node expr="[folder/@label]"/>
    </select>
  </queryDef>).ExecuteQuery();
for each (var r in rows.recipient) f(r.folder.@label);`,
  );
  checkScriptFix(
    `for each (var r in ${objectQuery('[{expr: "@id"}]')}.ExecuteQuery().getElements()) f(r.$email);`,
    'Select @email',
    `for each (var r in ${objectQuery('[{expr: "@id"}, { expr: "@email" }]')}.ExecuteQuery().getElements()) f(r.$email);`,
  );
});

test('what the schema does not have, and one of two queries of the same text, are not selected by a fix', () => {
  const rows = `xtk.queryDef.create(${query()}).ExecuteQuery().recipient`;
  expect(scriptFixes(`for each (var r in ${rows}) f(r.@nowhere);`)).toEqual([]);
  expect(
    scriptFixes(`for each (var r in ${rows}) f(r.@email); for each (var s in ${rows}) f(s.@id);`),
  ).toEqual([]);
});
