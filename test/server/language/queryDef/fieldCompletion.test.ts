import { expect, test } from 'vitest';
import {
  checkAccept,
  checkCompletion,
  checkOffers,
  offered,
  offeredLabels,
} from '../../../support/checkCompletion.ts';

const inSelect = (expr: string): string =>
  `<queryDef schema="nms:recipient"><select><node expr="${expr}"/></select></queryDef>`;
const inWhere = (expr: string): string =>
  `<queryDef schema="nms:recipient"><where><condition expr="${expr}"/></where></queryDef>`;

test('completes attributes after @', () =>
  checkCompletion(
    inSelect('@$0'),
    `field @age long
     field @birthDate date
     field @blackList boolean
     field @email string(128)
     field @gender byte
     field @lastName string(50)
     field @notes string
     field @tier string
     field @folder-id long
     field @id long`,
  ));

test('completes through a link', () =>
  checkCompletion(
    inSelect('[folder/$0]'),
    `field @id long
     field @label string(128)
     reference parent link → xtk:folder
     field @parent-id long`,
  ));

test('completes through a link that leads back', () => {
  expect(offeredLabels(inSelect('[broadLog/recipient/folder/parent/parent/$0]'))).toEqual([
    '@id',
    '@label',
    'parent',
    '@parent-id',
  ]);
});

test('completes inside a container', () =>
  checkCompletion(inSelect('[location/$0]'), 'field @city string(100)'));

test('offers containers, links and collections where a value may stand', () =>
  checkOffers(
    inSelect('$0'),
    `field @email string(128)
     module location element
     reference folder link → xtk:folder
     reference broadLog collection → nms:broadLogRcp`,
  ));

test('offers nothing behind a link whose target the model does not have', () => {
  expect(offered(inSelect('[lost/$0]'))).toEqual([]);
});

test('adds brackets around a path through a link', () =>
  checkAccept(inSelect('folder/@la$0'), '@label', inSelect('[folder/@label]')));

test('adds brackets around a path just begun', () =>
  checkAccept(inSelect('folder/$0'), '@label', inSelect('[folder/@label]')));

test('adds brackets around a name with a hyphen', () =>
  checkAccept(inSelect('@fol$0'), '@folder-id', inSelect('[@folder-id]')));

test('adds no brackets where there are some', () =>
  checkAccept(inSelect('[@fol$0]'), '@folder-id', inSelect('[@folder-id]')));

test('closes brackets left open', () =>
  checkAccept(inSelect('[folder/@la$0'), '@label', inSelect('[folder/@label]')));

test('replaces the whole name, not only what is before the cursor', () =>
  checkAccept(inSelect('@em$0ail'), '@email', inSelect('@email')));

test('keeps the rest of the expression', () =>
  checkAccept(
    inWhere("@em$0 = 'a' and folder/@label = 'b'"),
    '@email',
    inWhere("@email = 'a' and folder/@label = 'b'"),
  ));

test('finds the place behind character references', () =>
  checkAccept(inWhere('@id &lt; 5 and folder/@la$0'), '@label', inWhere('@id &lt; 5 and [folder/@label]')));

test('offers the fields of the collection in a nested node', () =>
  checkCompletion(
    `<queryDef schema="nms:recipient"><select><node expr="broadLog"><node expr="@$0"/></node></select></queryDef>`,
    `field @eventDate datetime
     field @id long
     field @status byte
     field @recipient-id long`,
  ));

test('offers the fields of the collection below EXISTS', () =>
  checkOffers(
    `<queryDef schema="nms:recipient"><where><condition expr="broadLog" setOperator="EXISTS"><condition expr="@$0"/></condition></where></queryDef>`,
    'field @eventDate datetime',
    ['@email'],
  ));

test('offers the fields of the schema of a sub-query, and of the query around it after ../', () => {
  const inSubQuery = (expr: string): string =>
    `<queryDef schema="nms:recipient"><where><condition expr="@id" setOperator="IN"><subQuery schema="nms:broadLogRcp"><where><condition expr="${expr}"/></where></subQuery></condition></where></queryDef>`;
  checkOffers(inSubQuery('@$0'), 'field @status byte', ['@email']);
  checkOffers(inSubQuery('[../@$0]'), 'field @email string(128)', ['@status']);
  checkOffers(inSubQuery('[../folder/@$0]'), 'field @label string(128)', ['@status']);
});

test('completes a join to any schema', () => {
  checkAccept(inWhere('@id = [nms:bro$0]'), 'nms:broadLogRcp', inWhere('@id = [nms:broadLogRcp:]'));
  checkOffers(inWhere('@id = [nms:broadLogRcp:$0]'), 'field @status byte', ['@email']);
  checkOffers(inWhere('@id = [nms:broadLogRcp:log:@$0]'), 'field @status byte', ['@email']);
});

test('offers nothing without a start schema that is known', () => {
  expect(offered('<queryDef schema="cus:nowhere"><select><node expr="@$0"/></select></queryDef>')).toEqual(
    [],
  );
  expect(offered('<queryDef schema="temp:query"><select><node expr="@$0"/></select></queryDef>')).toEqual([]);
  expect(offered('<queryDef><select><node expr="@$0"/></select></queryDef>')).toEqual([]);
});

test('inside a macro, whose path starts elsewhere, only the values of the session are known', () => {
  expect(offered(inWhere('@id = $long($0)')).map(({ label }) => label)).toEqual([
    'login',
    'loginId',
    'folderId',
    'entityPath',
  ]);
  checkAccept(inWhere('@email = $(log$0)'), 'loginId', inWhere('@email = $(loginId)'));
  expect(offered(inWhere('@id = $long(/tmp/$0)'))).toEqual([]);
});

test('parameters stand where a value may', () => {
  checkAccept(inWhere('@email = $$0'), '$(login)', inWhere('@email = $(login)'));
  checkAccept(inWhere('@email = $0'), '$long(…)', inWhere('@email = \\$long($1)'));
  checkAccept(inWhere('@email = $lo$0(/tmp/@a)'), '$long', inWhere('@email = $long(/tmp/@a)'));
});

test('operators fit the value before them', () => {
  const labels = (expr: string): string[] => offered(inWhere(expr)).map(({ label }) => label);
  expect(labels('@email $0')).toContain('LIKE');
  expect(labels('@email $0')).not.toContain('*');
  expect(labels('@id $0')).toContain('*');
  expect(labels('@id $0')).not.toContain('LIKE');
  expect(labels('@birthDate $0')).toContain('>=');
  expect(labels('@birthDate $0')).not.toContain('LIKE');
  expect(labels('Upper(@email) $0')).toContain('LIKE');
  expect(labels('[nowhere/@x] $0')).toContain('LIKE');
});

test('behind a comparison the next one is joined first, and none is chained', () => {
  const labels = (expr: string): string[] => offered(inWhere(expr)).map(({ label }) => label);
  expect(labels("@email = 'x' $0").slice(0, 2)).toEqual(['AND', 'OR']);
  expect(labels('@id = 1 $0')).toEqual(['AND', 'OR', '+', '-', '*', '/', '%']);
  expect(labels('@id IN (1, 2) $0')).toEqual(['AND', 'OR']);
  expect(labels('@email IS NULL $0').slice(0, 2)).toEqual(['AND', 'OR']);
  expect(labels('(@id = 1 OR @id = 2) $0')).toEqual(['AND', 'OR']);
  expect(labels('@id = 1 OR @blackList $0')[0]).toBe('=');
  expect(labels('(@id = 1) $0')).toEqual(['AND', 'OR']);
  expect(labels('@id = 1 AND @email $0')[0]).toBe('=');
  expect(labels('@id $0 = 1')[0]).toBe('=');
});

test('EXISTS is offered collections first, then the links that lead to some', () => {
  const query = (expr: string): string =>
    `<queryDef schema="nms:recipient"><where><condition setOperator="EXISTS" expr="${expr}"/></where></queryDef>`;
  const labels = offeredLabels(query('$0'));
  expect(labels[0]).toBe('broadLog');
  expect(labels.indexOf('folder')).toBeLessThan(labels.indexOf('@email'));
});

test('a function is taken without brackets where its arguments are there already', () => {
  checkAccept(inWhere('$0(@email) = 1'), 'Upper', inWhere('Upper(@email) = 1'));
  checkAccept(inWhere('Upp$0(@email) = 1'), 'Upper', inWhere('Upper(@email) = 1'));
});

test('the first step of a path can be put back in front of its slash', () =>
  checkAccept(inWhere('[$0/@label] = 1'), 'folder', inWhere('[folder/@label] = 1')));

test('a value without its closing quote completes behind spaces', () => {
  const text = '<queryDef schema="nms:recipient">\n<where>\n<condition expr="@id = $0\n</where>\n</queryDef>';
  checkAccept(text, '@gender', text.replace('$0', '@gender'));
});

test('characters that take an item: / goes on behind a link, a comma ends an argument', () => {
  const commits = (expr: string, label: string): string[] | undefined =>
    offered(inWhere(expr)).find((item) => item.label === label)?.commitCharacters;
  expect(commits('[$0]', 'folder')).toEqual(['/']);
  expect(commits('[$0]', '@email')).toEqual([]);
  expect(commits('Upper($0)', '@email')).toEqual([',', ')']);
  expect(commits('@id $0', 'AND')).toEqual([' ']);
});

test('completes below the startPath', () =>
  checkCompletion(
    `<queryDef schema="nms:recipient" startPath="location"><select><node expr="@$0"/></select></queryDef>`,
    'field @city string(100)',
  ));

test('completes in a half-typed document', () => {
  checkOffers('<queryDef schema="nms:recipient"><select><node expr="@$0', 'field @email string(128)');
  checkOffers(
    '<queryDef schema="nms:recipient">\n<select>\n<node expr="@$0\n<node expr="@id"/>\n</select></queryDef>',
    'field @email string(128)',
  );
});

test('offers the values of an enumeration after a comparison', () =>
  checkOffers(
    inWhere('@gender = $0'),
    `enummember 0
     enummember 1
     enummember 2`,
  ));

test('quotes the values of a string enumeration, and escapes them', () => {
  checkAccept(inWhere('@tier = $0'), "'gold'", inWhere("@tier = 'gold'"));
  checkAccept(inWhere('@tier = $0'), "'o\\'clock'", inWhere("@tier = 'o\\'clock'"));
  checkAccept(inWhere("@tier = 'go$0'"), 'gold', inWhere("@tier = 'gold'"));
  checkAccept(inWhere("@tier IN ('gold', '$0')"), 'gold', inWhere("@tier IN ('gold', 'gold')"));
});

test('finds the values of an enumeration behind a link', () =>
  checkOffers(inWhere('[broadLog/@status] = $0'), 'enummember 1\nenummember 2'));

test('offers names of values in EV', () => {
  checkAccept(inWhere("@gender = EV(@gender, '$0')"), 'female', inWhere("@gender = EV(@gender, 'female')"));
});

test('offers true and false first to a boolean field', () => {
  expect(offeredLabels(inWhere('@blackList = $0')).slice(0, 2)).toEqual(['true', 'false']);
});

test('offers operators after a value, escaped for XML', () => {
  checkAccept(inWhere('@id $0'), '<=', inWhere('@id &lt;='));
  checkOffers(inWhere('@email $0'), 'operator LIKE\noperator IS NOT NULL');
});

test('offers selected expressions under their alias in orderBy and having', () => {
  const query = (clause: string): string =>
    `<queryDef schema="nms:recipient"><select><node expr="count(@id)" alias="@total"/><node expr="@email"/></select>${clause}</queryDef>`;
  checkAccept(
    query('<orderBy><node expr="$0"/></orderBy>'),
    '@total',
    query('<orderBy><node expr="count(@id)"/></orderBy>'),
  );
  checkAccept(
    query('<orderBy><node expr="@to$0"/></orderBy>'),
    '@total',
    query('<orderBy><node expr="count(@id)"/></orderBy>'),
  );
  checkOffers(query('<having><condition expr="$0"/></having>'), 'variable @total count(@id)');
  checkOffers(query('<where><condition expr="$0"/></where>'), 'field @email string(128)', ['@total']);
});

test('offers nothing inside a reference of XML', () => {
  for (const expr of ['@id &$0gt; 3', '@id &g$0t; 3', '@id &gt$0; 3'])
    expect(offered(inWhere(expr))).toEqual([]);
  expect(offered(inWhere('@id &gt;$0 3'))).not.toEqual([]);
});

test('completes the startPath, step by step', () => {
  const query = (path: string): string => `<queryDef schema="nms:recipient" startPath="${path}"/>`;
  checkAccept(query('$0'), 'location', query('location'));
  checkAccept(query('/fol$0x/y'), 'folder', query('/folder/y'));
  expect(offeredLabels(query('/folder/$0'))).toContain('parent');
  expect(offeredLabels(query('$0'))).not.toContain('broadLog');
});

test('enabledIf knows parameters and functions, and no field', () => {
  const query = (text: string): string =>
    `<queryDef schema="nms:recipient"><where><condition enabledIf="${text}" expr="@id = 1"/></where></queryDef>`;
  checkAccept(query('$$0'), '$(login)', query('$(login)'));
  expect(offeredLabels(query('$0'))).toEqual(expect.arrayContaining(['HasNamedRight', 'Iif']));
  expect(offeredLabels(query('$0'))).not.toContain('@email');
});
