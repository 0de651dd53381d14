import { expect, test } from 'vitest';
import type { MarkupContent } from 'vscode-languageserver-types';
import { hoverQuery } from '../../../../server/language/queryDef/queryHover.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { queryContext } from '../../../support/queryModel.ts';

function hover(marked: string): { covers: string; says: string } | undefined {
  const { text, offset } = takeCursor(marked);
  const context = queryContext(text);
  const found = hoverQuery(context, offset);
  if (found === undefined) return undefined;
  return { covers: context.document.getText(found.range), says: (found.contents as MarkupContent).value };
}

/** What is explained at the `$0`, and some of what is said about it. */
function checkHover(marked: string, covers: string, ...says: string[]): void {
  const found = hover(marked);
  expect(found?.covers).toBe(covers);
  for (const text of says) expect(found?.says).toContain(text);
}

const inSelect = (expr: string): string =>
  `<queryDef schema="nms:recipient"><select><node expr="${expr}"/></select></queryDef>`;
const inWhere = (expr: string): string =>
  `<queryDef schema="nms:recipient"><where><condition expr="${expr}"/></where></queryDef>`;

test('explains a field: label, type, description, SQL name, schema', () =>
  checkHover(
    inSelect('@last$0Name'),
    '@lastName',
    'Last name',
    'string(50)',
    'Family name',
    'SQL name `sLastName`',
    'Schema `nms:recipient`',
  ));

test('explains where a field is stored, computed, indexed, and who added it', () => {
  checkHover(inSelect('@not$0es'), '@notes', 'XML memo');
  checkHover(inSelect('@a$0ge'), '@age', 'Computed: `YearsOld(@birthDate)`');
  checkHover(inSelect('@em$0ail'), '@email', 'Indexed');
  checkHover(inSelect('@ti$0er'), '@tier', 'added by `cus:recipient`');
  expect(hover(inSelect('@last$0Name'))?.says).not.toContain('Indexed');
});

test('explains each step of a path', () => {
  checkHover(inSelect('[fol$0der/@label]'), 'folder', 'link → xtk:folder', '`@folder-id` = `@id`');
  checkHover(inSelect('[folder/@la$0bel]'), '@label', 'Schema `xtk:folder`');
  checkHover(inSelect('[broad$0Log/@status]'), 'broadLog', 'collection → nms:broadLogRcp', 'EXISTS');
});

test('lists the values of an enumeration, and explains one that is compared with', () => {
  checkHover(inSelect('@gen$0der'), '@gender', '- `1` `male` Man');
  checkHover(inWhere('@gender = $01'), '1', '**`1`** Man (`male`)');
  checkHover(inWhere("@tier IN ('go$0ld')"), "'gold'", 'Gold tier');
  checkHover(inWhere('@gender = $07'), '7', 'is not a value');
});

test('explains functions', () =>
  checkHover(inSelect('Cou$0nt(@id)'), 'Count', 'Count(', 'long', 'Aggregates'));

test('explains schemas', () => {
  checkHover(
    '<queryDef schema="nms:rec$0ipient"/>',
    'nms:recipient',
    'SQL table `NmsRecipient`',
    'Primary key `@id`',
  );
  checkHover(inWhere('@id = [xtk:fol$0der:@id]'), 'xtk:folder', 'Folders');
});

test('explains the grammar', () => {
  checkHover('<query$0Def/>', 'queryDef', 'A query on one schema');
  checkHover('<queryDef line$0Count="1"/>', 'lineCount', 'Most records to return');
  checkHover('<queryDef operation="ge$0t"/>', 'get', 'fails when none matches');
});

test('labels cannot smuggle in markup', () => {
  expect(hover(inSelect('@la$0stName'))?.says).not.toContain('](');
});

test('says nothing where there is nothing to say', () => {
  expect(hover('<queryDef> $0 </queryDef>')).toBeUndefined();
  expect(hover(inSelect('@not$0hing'))).toBeUndefined();
  expect(hover(inSelect('$0'))).toBeUndefined();
});

const withAlias = (groupBy: string, alias = '@mail'): string =>
  `<queryDef schema="nms:recipient"><select><node expr="Upper(@email)" alias="${alias}"/></select><groupBy><node expr="${groupBy}"/></groupBy></queryDef>`;

test('explains an alias where it is given and where it is used', () => {
  checkHover(withAlias('@ma$0il'), '@mail', 'alias of `Upper(@email)`', 'string');
  checkHover(withAlias('@mail', '@ma$0il'), '@mail', 'alias of `Upper(@email)`');
});

test('tells the type of an expression, at its name and at its operators', () => {
  checkHover(
    '<queryDef schema="nms:recipient"><select><node ex$0pr="@id * 1.5"/></select></queryDef>',
    'expr',
    '`double`',
  );
  checkHover(inSelect('@id *$0 1.5'), '@id * 1.5', 'double');
  checkHover(inWhere('@id &gt;$0 1'), '@id &gt; 1', 'boolean');
  expect(hover(inWhere('@nothing + $0@more'))).toBeUndefined();
});

test('explains parameters', () => {
  checkHover(inWhere('@email = $(lo$0gin)'), '$(login)', 'Login of the operator');
  checkHover(inWhere('@id = $lo$0ng(/tmp/@a)'), '$long(/tmp/@a)', 'whole number', '`/tmp/@a`');
});
