import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { findRegions } from '../../../../server/language/regions.ts';
import { aliasDefinition } from '../../../../server/language/queryDef/queryAliases.ts';
import type { QueryContext } from '../../../../server/language/queryDef/queryContext.ts';
import { prepareQueryRename, renameQueryAlias } from '../../../../server/language/queryDef/queryRename.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { queryContext, testModel } from '../../../support/queryModel.ts';

const query = (select: string, later = ''): string =>
  `<queryDef schema="nms:recipient"><select>${select}</select>${later}</queryDef>`;

/** The document after the rename, or the refusal. */
function rename(marked: string, newName: string): string | undefined {
  const { text, offset } = takeCursor(marked);
  const context = queryContext(text);
  const result = renameQueryAlias(context, offset, newName);
  if (result === undefined || 'refused' in result) return result?.refused;
  return TextDocument.applyEdits(context.document, result.changes![context.document.uri]!);
}

/** What the editor would put in its box, or the refusal. */
function prepare(marked: string): string | undefined {
  const { text, offset } = takeCursor(marked);
  const context = queryContext(text);
  const result = prepareQueryRename(context, offset);
  if (result === undefined) return undefined;
  if ('refused' in result) return result.refused;
  expect(context.document.getText(result.range)).toBe(result.placeholder);
  return result.placeholder;
}

const counted = (name: string): string => `<node expr="Count(@id)" alias="${name}"/>`;
const ordered = (expr: string): string => `<orderBy><node expr="${expr}"/></orderBy>`;

test('a rename changes the alias and its uses in later clauses', () => {
  const marked = query(
    counted('@to$0tal'),
    `${ordered('@total')}<having><condition expr="@total &gt; 1"/></having>`,
  );
  expect(rename(marked, 'count')).toBe(
    query(counted('@count'), `${ordered('@count')}<having><condition expr="@count &gt; 1"/></having>`),
  );
});

test('a rename can start at a use', () => {
  expect(prepare(query(counted('@total'), ordered('@to$0tal')))).toBe('total');
  expect(rename(query(counted('@total'), ordered('[@to$0tal]')), '@count')).toBe(
    query(counted('@count'), ordered('[@count]')),
  );
});

test('a name with a hyphen gets brackets where it is used', () =>
  expect(rename(query(counted('@to$0tal'), ordered('@total')), 'in-all')).toBe(
    query(counted('@in-all'), ordered('[@in-all]')),
  ));

test('only the last name of an alias is renamed', () => {
  expect(prepare(query(counted('../@to$0tal')))).toBe('total');
  expect(rename(query(counted('../@to$0tal')), 'n')).toBe(query(counted('../@n')));
});

test('a field of that name is the field, not the alias', () => {
  const marked = query('<node expr="Upper(@email)" alias="@em$0ail"/>', ordered('@email'));
  expect(rename(marked, 'mail')).toBe(query('<node expr="Upper(@email)" alias="@mail"/>', ordered('@email')));
});

test('a sub-query does not see the aliases around it', () => {
  const inner =
    '<where><condition expr="@id" setOperator="IN"><subQuery schema="nms:broadLogRcp"><select><node expr="@id"/></select><orderBy><node expr="@total"/></orderBy></subQuery></condition></where>';
  expect(rename(query(counted('@to$0tal'), inner), 'n')).toBe(query(counted('@n'), inner));
});

test('refuses a name that a path cannot read, or that is taken', () => {
  expect(rename(query(counted('@to$0tal')), 'a b')).toMatch(/cannot be an alias/);
  expect(rename(query(counted('@to$0tal')), '')).toMatch(/cannot be an alias/);
  expect(rename(query(counted('@to$0tal') + counted('@other')), 'other')).toMatch(/has the alias @other/);
  expect(rename(query(counted('@to$0tal'), ordered('@total')), 'email')).toMatch(/is a field of the schema/);
});

test('refuses what belongs to the model, and says where to go', () => {
  expect(prepare(query('<node expr="@em$0ail"/>'))).toMatch(
    /^@email belongs to the schema nms:recipient; rename/,
  );
  expect(prepare(query('<node expr="[fold$0er/@label]"/>'))).toMatch(
    /^folder belongs to the schema nms:recipient/,
  );
  expect(prepare('<queryDef schema="nms:re$0cipient"/>')).toMatch(/belongs to the schema/);
});

test('there is nothing to rename in grammar and literals', () => {
  expect(prepare('<query$0Def schema="nms:recipient"/>')).toBeUndefined();
  expect(prepare(query('<node expr="Upp$0er(@email)"/>'))).toBeUndefined();
  expect(prepare(query('<node expr="@nothi$0ng"/>'))).toBeUndefined();
  expect(rename(query('<node expr="1$02"/>'), 'x')).toBeUndefined();
});

test('refuses in a script, which reads the column by its alias', () => {
  const { text, offset } = takeCursor(`var q = ${query(counted('@to$0tal'))};`);
  const start = text.indexOf('<');
  const end = text.length - 1;
  const { queries } = findRegions('campaign-javascript', text, [
    { start, end, rootName: 'queryDef', holes: [], closed: true },
  ]);
  const document = TextDocument.create('file:///a.js', 'campaign-javascript', 1, text);
  const context: QueryContext = { model: testModel, document, region: queries[0]! };
  const expected = { refused: expect.stringMatching(/The script reads this column as @total/) as string };
  expect(prepareQueryRename(context, offset)).toEqual(expected);
  expect(renameQueryAlias(context, offset, 'n')).toEqual(expected);
});

test('the use of an alias leads to its node', () => {
  const { text, offset } = takeCursor(query(counted('@total'), ordered('@to$0tal')));
  const range = aliasDefinition(queryContext(text), offset);
  expect(text.slice(range!.start - 7, range!.end)).toBe('alias="@total');
  const field = takeCursor(query(counted('@total'), ordered('@ema$0il')));
  expect(aliasDefinition(queryContext(field.text), field.offset)).toBeUndefined();
});
