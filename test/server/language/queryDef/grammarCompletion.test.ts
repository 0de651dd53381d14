import { expect, test } from 'vitest';
import { checkAccept, checkOffers, offered, offeredLabels } from '../../../support/checkCompletion.ts';

test('offers a whole query in an empty document', () => {
  expect(offeredLabels('$0')).toEqual(['queryDef', 'queryFilter']);
  expect(offeredLabels('<$0')).toEqual(['queryDef', 'queryFilter']);
});

test('offers the clauses a query does not have yet', () =>
  expect(offeredLabels('<queryDef schema="nms:recipient"><select/><$0<orderBy/></queryDef>')).toEqual([
    'where',
    'groupBy',
    'having',
    'sysFilter',
    'subQuery',
  ]));

test('offers conditions in conditions, as many as wanted', () =>
  expect(offeredLabels('<queryDef><where><condition><condition/><$0</condition></where></queryDef>')).toEqual(
    ['condition', 'subQuery'],
  ));

test('writes a new element whole, and renames one that is there', () => {
  checkAccept(
    '<queryDef><select><no$0\n</select></queryDef>',
    'node',
    '<queryDef><select><node expr="$1"/>\n</select></queryDef>',
  );
  checkAccept(
    '<queryDef><select><nod$0 expr="@id"/></select></queryDef>',
    'node',
    '<queryDef><select><node expr="@id"/></select></queryDef>',
  );
});

test('brings its own < between tags', () =>
  checkAccept(
    '<queryDef><select>\n$0\n</select></queryDef>',
    'node',
    '<queryDef><select>\n<node expr="$1"/>\n</select></queryDef>',
  ));

test('writes plain names for an editor without snippets', () =>
  checkAccept(
    '<queryDef><select><no$0\n</select></queryDef>',
    'node',
    '<queryDef><select><node\n</select></queryDef>',
    { snippets: false },
  ));

test('closes the element that is open', () => {
  checkAccept('<queryDef><select></$0', 'select', '<queryDef><select></select>');
  checkAccept('<queryDef><select></se$0></queryDef>', 'select', '<queryDef><select></select></queryDef>');
});

test('offers the attributes an element does not have yet', () => {
  const labels = offeredLabels('<queryDef schema="nms:recipient" $0></queryDef>');
  expect(labels.slice(0, 3)).toEqual(['operation', 'lineCount', 'startLine']);
  expect(labels).not.toContain('schema');
});

test('offers a node the attributes of its clause', () => {
  expect(offeredLabels('<queryDef><orderBy><node $0/></orderBy></queryDef>')).toContain('sortDesc');
  expect(offeredLabels('<queryDef><select><node $0/></select></queryDef>')).not.toContain('sortDesc');
  expect(offeredLabels('<queryDef><select><node $0/></select></queryDef>')).toContain('alias');
});

test('writes an attribute with its quotes, and opens the suggestions for its value', () => {
  checkAccept('<queryDef sch$0></queryDef>', 'schema', '<queryDef schema="$1"></queryDef>');
  const schema = offered('<queryDef $0></queryDef>').find((item) => item.label === 'schema');
  expect(schema?.command?.command).toBe('suggest');
  checkAccept('<queryDef sch$0="a"></queryDef>', 'schema', '<queryDef schema="a"></queryDef>');
});

test('offers schemas by id and by label, those of the project first', () => {
  checkOffers('<queryDef schema="$0"/>', 'class nms:broadLogRcp\nclass nms:recipient\nclass xtk:folder');
  checkAccept('<queryDef schema="deliv$0"/>', 'nms:broadLogRcp', '<queryDef schema="nms:broadLogRcp"/>');
  checkAccept('<queryDef schema="$0nms:rec"/>', 'xtk:folder', '<queryDef schema="xtk:folder"/>');
});

test('puts quotes around a value that has none', () => {
  checkAccept('<queryDef schema=$0></queryDef>', 'xtk:folder', '<queryDef schema="xtk:folder"></queryDef>');
  checkAccept('<queryDef operation=$0/>', 'get', '<queryDef operation="get"/>');
});

test('offers the values of closed lists', () => {
  expect(offeredLabels('<queryDef operation="$0"/>')).toEqual([
    'select',
    'get',
    'getIfExists',
    'count',
    'update',
  ]);
  expect(offeredLabels('<where><condition boolOperator="$0"/></where>')).toEqual(['AND', 'OR']);
  expect(offeredLabels('<queryDef distinct="$0"/>')).toEqual(['true', 'false']);
});

test('names an alias after its expression', () => {
  const alias = (expr: string): string[] =>
    offeredLabels(`<queryDef><select><node expr="${expr}" alias="$0"/></select></queryDef>`);
  expect(alias('[folder/@label]')).toEqual(['@folderLabel', '@label']);
  expect(alias('Count(@id)')).toEqual(['@countId', '@id']);
  expect(alias('[@folder-id]')).toEqual(['@folderId', '@folder_id']);
  expect(alias('Upper([location/@city])')).toEqual(['@upperLocationCity', '@city']);
});

test('offers functions with their arguments to fill in', () => {
  checkAccept(
    '<queryDef schema="nms:recipient"><select><node expr="Upp$0"/></select></queryDef>',
    'Upper',
    '<queryDef schema="nms:recipient"><select><node expr="Upper(${1:text})"/></select></queryDef>',
  );
});

test('offers no functions the database does not have', () => {
  const labels = offeredLabels(
    '<queryDef schema="nms:recipient"><select><node expr="$0"/></select></queryDef>',
  );
  expect(labels).toContain('GetDate');
  expect(labels).not.toContain('NodeExists');
});

test('a name that was deleted is put back without a second bracket or value', () => {
  const tag = '<queryDef schema="nms:recipient"><select><$0 expr="@id"/></select></queryDef>';
  checkAccept(tag, 'node', tag.replace('$0', 'node'));
  const attribute = '<queryDef schema="nms:recipient"><select><node $0="@id"/></select></queryDef>';
  checkAccept(attribute, 'expr', attribute.replace('$0', 'expr'));
});

test('nothing is offered in comments, CDATA and instructions', () => {
  const inside = (text: string): string => `<queryDef schema="nms:recipient">${text}</queryDef>`;
  for (const text of ['<!-- $0 -->', '<!-- <$0 -->', '<![CDATA[ $0 ]]>', '<?x $0 ?>', '<!-- $0'])
    expect(offered(inside(text)), text).toEqual([]);
  expect(offered('<!-- $0 -->')).toEqual([]);
  for (const text of ['<!-- a -->$0', '$0<!-- a -->', '<![CDATA[ a ]]><$0'])
    expect(offered(inside(text)), text).not.toEqual([]);
});

test('an attribute begins behind a space, not behind a quote, = or /', () => {
  for (const tag of ['schema="nms:recipient"$0/', 'schema=$0"nms:recipient"/', 'schema="nms:recipient"/$0'])
    expect(offered(`<queryDef ${tag}>`), tag).toEqual([]);
  expect(offered('<queryDef schema="nms:recipient" $0/>')).not.toEqual([]);
});
