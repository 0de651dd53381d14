import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { openEntity, service } from '../../../support/entities.ts';
import { scriptModel } from '../../../support/scriptModel.ts';

/** A package of two workflows; the first has a variable `total` in every place that may name one. */
const flows = (
  second: string,
  filter = '$(vars/@total)',
): string => `<package buildNumber="*"><entities schema="xtk:workflow">
<workflow internalName="WKF1"><activities>
  <js name="first"><script>vars.total = 1 &lt; 2; instance.vars.total = 3; // vars.total of old
    logInfo("vars.total: " + vars.total, /"vars.total/); task.vars.total = vars [ 'total' ];</script></js>
  <jsx name="second"><call><![CDATA[${second}]]></call></jsx>
  <alert name="mail"><content>vars.total is &lt;%= vars.total %></content></alert>
  <query name="q" schema="nms:recipient"><where><condition expr="@id = ${filter} OR @id = $(instance/vars/@total)"/></where></query>
</activities><variables kept="1"/></workflow>
<workflow internalName="WKF2"><activities><js name="a"><script>vars.total = 1;</script></js></activities></workflow>
</entities></package>`;

/** The document after a rename at the `$0`, or why there is none. */
function rename(marked: string, newName = 'sum'): string {
  const { file, offset } = openEntity(marked);
  const check = service.prepareRename(scriptModel, file, offset);
  const result = service.rename(scriptModel, file, offset, newName);
  if (check !== undefined && 'refused' in check) expect(result).toEqual(check);
  if (result === undefined) return '';
  if ('refused' in result) return result.refused;
  const { uri } = file.document;
  expect(Object.keys(result.changes ?? {})).toEqual([uri]);
  return TextDocument.applyEdits(file.document, result.changes?.[uri] ?? []);
}

const renamed = flows('f(vars.sum);', '$(vars/@sum)')
  .replace('<script>vars.total = 1 &lt;', '<script>vars.sum = 1 &lt;')
  .replace('" + vars.total', '" + vars.sum')
  .replace("vars [ 'total' ]", "vars [ 'sum' ]")
  .replace('&lt;%= vars.total', '&lt;%= vars.sum');

test('a variable is renamed in every script, page and filter of its workflow, wherever the rename begins', () => {
  expect(rename(flows('f(vars.to$0tal);'))).toBe(renamed);
  expect(rename(flows('f(vars.total);', '$(vars/@to$0tal)'))).toBe(renamed);
  expect(rename(flows('f(vars.total);').replace("'total'", "'tot$0al'"))).toBe(renamed);
  expect(rename(flows('f(vars.total);').replace('&lt;%= vars.total', '&lt;%= vars.to$0tal'))).toBe(renamed);
});

test('variables of other scopes and of other workflows keep their name', () => {
  expect(rename(flows('f(task.vars.to$0tal);'))).toBe(
    flows('f(task.vars.sum);').replace('task.vars.total', 'task.vars.sum'),
  );
  expect(rename(flows('instance.vars.ke$0pt = 1;'), 'stored')).toBe(
    flows('instance.vars.stored = 1;').replace('kept="1"', 'stored="1"'),
  );
});

test('what a rename would begin from is the name as it is', () => {
  const { file, offset } = openEntity(flows('f(vars.to$0tal);'));
  const check = service.prepareRename(scriptModel, file, offset);
  expect(check).toMatchObject({ placeholder: 'total' });
  if (check === undefined || 'refused' in check) throw new Error('refused');
  expect(file.document.getText(check.range)).toBe('total');
});

test('what the platform sets keeps its name, and no other variable takes it', () => {
  expect(rename(flows('f(vars.rec$0Count);'))).toContain('vars.recCount is set by the platform');
  expect(rename(flows('f(vars.to$0tal);'), 'recCount')).toContain('vars.recCount is set by the platform');
  expect(rename(flows('f(instance.vars.rec$0Count);'), 'rows')).toBe(flows('f(instance.vars.rows);'));
});

test('two variables do not become one, and a new name is one', () => {
  expect(rename(flows('vars.so$0me = 1;'), 'total')).toContain('WKF1 has a variable vars.total already');
  expect(rename(flows('f(vars.to$0tal);'), '1st')).toContain('"1st" cannot be a variable');
  expect(rename(flows('f(vars.to$0tal);'), 'a$b')).toContain('cannot be a variable');
  expect(rename(flows('f(vars.to$0tal);'), 'total')).toBe(flows('f(vars.total);'));
});

test('all uses light up, and their text in comments and strings does not', () => {
  const { file, offset } = openEntity(flows('f(vars.to$0tal); // vars.total'));
  const shown = service
    .highlights(scriptModel, file, offset)
    .map(({ range }) => file.document.getText({ ...range, start: { line: range.start.line, character: 0 } }));
  expect(shown).toHaveLength(6);
  expect(shown.filter((line) => line.includes('//'))).toEqual([]);
});

test('variables of a web application are its own affair', () => {
  const page = (name: string): string =>
    `<webApp internalName="A" label="a"><activities><script name="s"><script>ctx.vars.${name} = 1;</script></script></activities></webApp>`;
  const { file, offset } = openEntity(page('to$0tal'));
  expect(service.prepareRename(scriptModel, file, offset)).not.toMatchObject({ placeholder: 'total' });
});
