import { afterAll, expect, test } from 'vitest';
import { openSandbox } from './call.ts';
import { FakeClock, librarySeed } from './library.ts';

const caller = await openSandbox({ seed: librarySeed, clock: new FakeClock() });
afterAll(() => caller.sandbox.stop());

const queryDef = (schema: string, content: string, attributes = 'operation="select"'): string =>
  `<queryDef schema="${schema}" ${attributes}>${content}</queryDef>`;
const select = (...exprs: string[]): string =>
  `<select>${exprs.map((expr) => (expr.startsWith('<') ? expr : `<node expr="${expr}"/>`)).join('')}</select>`;

async function checkSql(query: string, expected: string): Promise<void> {
  expect(await caller.sql(query)).toBe(expected);
}

async function checkResult(query: string, expected: string): Promise<void> {
  expect(await caller.query(query)).toBe(expected);
}

/** Values of `@title` (or another attribute) of the rows that meet a condition, in order of id. */
async function titles(where: string): Promise<string[]> {
  const query = queryDef(
    'lib:book',
    `${select('@isbn')}<where>${where}</where><orderBy><node expr="@id"/></orderBy>`,
  );
  const answer = await caller.query(query);
  if (!answer.startsWith('<book-collection')) return [answer];
  return [...answer.matchAll(/isbn="([^"]*)"/g)].map((match) => match[1]!);
}

const condition = (expr: string, more = ''): string =>
  `<condition expr="${expr.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}" ${more}/>`;

// --- SQL ---

test('a link becomes one left join, however often it is used', () =>
  checkSql(
    queryDef(
      'lib:loan',
      `${select('@reader', '[book/@title]', '[book/author/@name]')}<where>${condition('[book/@price] > 5')}</where>`,
    ),
    'SELECT R0.sReader, R1.sTitle, R2.sName FROM LibLoan R0 LEFT JOIN LibBook R1 ON R0.iBookId = R1.iBookId ' +
      'LEFT JOIN LibAuthor R2 ON R1.iAuthorId = R2.iAuthorId WHERE ifnull(R1.dPrice, 0) > 5 LIMIT 200',
  ));

test('the key of a linked record is the foreign key, without a join', () =>
  checkSql(
    queryDef('lib:loan', `${select('[book/@id]')}<where>${condition('[book/@id] = 11')}</where>`),
    'SELECT R0.iBookId FROM LibLoan R0 WHERE R0.iBookId = 11 LIMIT 200',
  ));

test('boolOperator of the earlier sibling joins it to the next, and nesting is brackets', () =>
  checkSql(
    queryDef(
      'lib:book',
      `${select('@id')}<where>${condition('@id = 1', 'boolOperator="OR"')}${condition('@id = 2')}
        <condition boolOperator="OR">${condition('@kind = 1', 'boolOperator="OR"')}${condition('@price > 3')}</condition>
        ${condition('@id = 3', 'bool-operator="AND"')}</where>`,
    ),
    'SELECT R0.iBookId FROM LibBook R0 WHERE R0.iBookId = 1 OR R0.iBookId = 2 AND (R0.iKind = 1 OR R0.dPrice > 3) OR R0.iBookId = 3 LIMIT 200',
  ));

test('EXISTS and NOT EXISTS are correlated with the row outside', () =>
  checkSql(
    queryDef(
      'lib:author',
      `${select('@id')}<where><condition expr="book" setOperator="EXISTS">${condition('@price > 9')}</condition>
       <condition expr="[book/loan]" setOperator="NOT EXISTS"/></where>`,
    ),
    'SELECT R0.iAuthorId FROM LibAuthor R0 WHERE EXISTS (SELECT 1 FROM LibBook R1 WHERE R0.iAuthorId = R1.iAuthorId AND (R1.dPrice > 9)) ' +
      'AND NOT EXISTS (SELECT 1 FROM LibBook R2 LEFT JOIN LibLoan R3 ON R2.iBookId = R3.iBookId WHERE R0.iAuthorId = R2.iAuthorId) LIMIT 200',
  ));

test('a sub-query reaches the query around it through ../', () =>
  checkSql(
    queryDef(
      'lib:book',
      `${select('@id')}<where><condition expr="@id" setOperator="NOT IN"><subQuery schema="lib:loan">${select('[@book-id]')}
       <where>${condition('@days > [../size/@pages]')}</where></subQuery></condition></where>`,
    ),
    'SELECT R0.iBookId FROM LibBook R0 WHERE R0.iBookId NOT IN (SELECT R1.iBookId FROM LibLoan R1 WHERE R1.iDays > R0.iPages) LIMIT 200',
  ));

test('grouping, having, order, distinct, paging', async () => {
  await checkSql(
    queryDef(
      'lib:book',
      `<select><node expr="[author/@country]" groupBy="true"/><node expr="Count(@id)" alias="@n"/></select>
       <having>${condition('Count(@id) > 1')}</having><orderBy><node expr="Count(@id)" sortDesc="true"/><node expr="[author/@country]"/></orderBy>`,
      'operation="select" lineCount="10" startLine="20"',
    ),
    'SELECT R1.sCountry, COUNT(R0.iBookId) FROM LibBook R0 LEFT JOIN LibAuthor R1 ON R0.iAuthorId = R1.iAuthorId ' +
      'GROUP BY R1.sCountry HAVING COUNT(R0.iBookId) > 1 ORDER BY COUNT(R0.iBookId) DESC, R1.sCountry LIMIT 10 OFFSET 20',
  );
  await checkSql(
    queryDef('lib:book', select('@kind'), 'operation="select" distinct="true" noLineCount="1"'),
    'SELECT DISTINCT R0.iKind FROM LibBook R0 LIMIT -1',
  );
});

test('constants are escaped, whatever they hold', async () => {
  await checkSql(
    queryDef('lib:book', `${select('@id')}<where>${condition("@title = 'it\\'s'")}</where>`),
    "SELECT R0.iBookId FROM LibBook R0 WHERE R0.sTitle = 'it''s' LIMIT 200",
  );
  expect(await titles(condition("@title = 'x\\' OR 1=1 --'"))).toEqual([]);
  expect(await titles(condition("@title = '100% <Anonymous>'"))).toEqual(['I-5']);
});

test('a computed field is its expression', () =>
  checkSql(
    queryDef('lib:loan', select('[book/@shortTitle]')),
    'SELECT xtkLeft(R1.sTitle, 3) FROM LibLoan R0 LEFT JOIN LibBook R1 ON R0.iBookId = R1.iBookId LIMIT 200',
  ));

// --- shapes ---

test('values come back at their own path, in one element per row', () =>
  checkResult(
    queryDef(
      'lib:book',
      `${select('@isbn', '[size/@pages]', '[author/@name]', 'summary')}<orderBy><node expr="@id"/></orderBy>`,
      'lineCount="2"',
    ),
    '<book-collection><book isbn="I-1"><size pages="333"/><author name="Woolf"/><summary>A life of four centuries.</summary></book>' +
      '<book isbn="I-2"><size pages="296"/><author name="Woolf"/><summary/></book></book-collection>',
  ));

test('an alias moves a value: to an attribute, a child, an element', () =>
  checkResult(
    queryDef(
      'lib:book',
      select(
        '<node expr="@title" alias="@t"/>',
        '<node expr="[author/@name]" alias="by/@who"/>',
        '<node expr="@price" alias="cost"/>',
      ),
      'operation="get"',
    ),
    '<book t="Orlando"><by who="Woolf"/><cost>9.5</cost></book>',
  ));

test('a computed column without alias gets a name of the server, several in one node get theirs', async () => {
  await checkResult(queryDef('lib:book', select('@id + 1'), 'operation="get"'), '<book expr0="12"/>');
  await checkResult(
    queryDef('lib:book', select('@isbn,@kind'), 'operation="get"'),
    '<book isbn="I-1" kind="0"/>',
  );
});

test('get, getIfExists, count and select when nothing matches', async () => {
  const none = `${select('@id')}<where>${condition('@id = -1')}</where>`;
  await checkResult(queryDef('lib:book', none), '<book-collection/>');
  await checkResult(queryDef('lib:book', none, 'operation="getIfExists"'), '<book/>');
  await checkResult(queryDef('lib:book', none, 'operation="count"'), '<book count="0"/>');
  expect(await caller.query(queryDef('lib:book', none, 'operation="get"'))).toBe(
    "SOP-330011 Error while executing the method 'ExecuteQuery' of service 'xtk:queryDef'.\nWDB-200011 The requested database record does not exist.",
  );
});

test('count ignores the select clause, and counts groups and distinct rows', async () => {
  await checkResult(queryDef('lib:book', select('@id'), 'operation="count"'), '<book count="5"/>');
  await checkResult(
    queryDef('lib:book', select('@kind'), 'operation="count" distinct="true"'),
    '<book count="2"/>',
  );
  await checkResult(
    queryDef('lib:book', '<groupBy><node expr="@kind"/></groupBy>', 'operation="count"'),
    '<book count="2"/>',
  );
});

test('without a select clause the row has its keys', () =>
  checkResult(
    queryDef('lib:loan', `<where>${condition("@reader = 'bob'")}</where>`, 'operation="get"'),
    '<loan book-id="11" reader="bob"/>',
  ));

test('a link is its compute string and its foreign key', () =>
  checkResult(
    queryDef('lib:book', select('author'), 'operation="get"'),
    '<book author-id="1"><author _cs="Woolf (GB)"/></book>',
  ));

test('the record itself is its compute string', () =>
  checkResult(queryDef('lib:author', select('[.]'), 'operation="get"'), '<author _cs="Woolf (GB)"/>'));

test('analyze adds name and label of enumeration values', () =>
  checkResult(
    queryDef('lib:loan', `<select><node expr="[book/@kind]" analyze="true"/></select>`, 'operation="get"'),
    '<loan><book kind="0" kindName="novel" kindLabel="A novel"/></loan>',
  ));

test('a collection in select is a list below each row, filtered and sorted', () =>
  checkResult(
    queryDef(
      'lib:book',
      `<select><node expr="@isbn"/><node expr="loan"><node expr="@reader"/><node expr="[book/@title]"/>
       <where>${condition('@days >= 10')}</where><orderBy><node expr="@from" sortDesc="true"/></orderBy></node></select>
       <where>${condition('@id IN (11, 13)')}</where><orderBy><node expr="@id"/></orderBy>`,
    ),
    '<book-collection><book isbn="I-1"><loan reader="bob"><book title="Orlando"/></loan><loan reader="ann"><book title="Orlando"/></loan></book>' +
      '<book isbn="I-3"/></book-collection>',
  ));

test('an aggregate of a collection needs no join, with a filter of its own or an alias above', async () => {
  await checkResult(
    queryDef(
      'lib:book',
      `<select><node expr="Count([loan/@reader])" alias="@n"><where>${condition("@reader = 'ann'")}</where></node></select>`,
      'operation="get"',
    ),
    '<book n="1"/>',
  );
  await checkResult(
    queryDef(
      'lib:book',
      '<select><node expr="loan"><node expr="Sum(@days)" alias="../@days"/></node></select>',
      'operation="get"',
    ),
    '<book days="44"/>',
  );
});

test('a field across a collection multiplies rows', () =>
  checkResult(
    queryDef(
      'lib:book',
      `${select('@isbn', '[loan/@reader]')}<where>${condition('@id = 11')}</where><orderBy><node expr="[loan/@reader]"/></orderBy>`,
    ),
    '<book-collection><book isbn="I-1"><loan reader="ann"/></book><book isbn="I-1"><loan reader="bob"/></book></book-collection>',
  ));

test('another schema is joined by naming it', () =>
  checkResult(
    queryDef(
      'lib:author',
      `${select('@name', '<node expr="[lib:book:b:@title]" alias="@title"/>')}<where>${condition('@id = [lib:book:b:@author-id] AND [lib:book:b:@price] > 10')}</where><orderBy><node expr="@name"/></orderBy>`,
    ),
    '<author-collection><author name="Calvino" title="Invisible Cities"/><author name="Szymborska" title="View with a Grain of Sand"/></author-collection>',
  ));

test('startPath moves where paths begin', () =>
  checkResult(
    queryDef('lib:book', select('@pages'), 'operation="get" startPath="/size"'),
    '<book pages="333"/>',
  ));

test('rows have a default limit, which a query or a setting changes', async () => {
  caller.sandbox.set({ defaultLineCount: 2 });
  const count = async (attributes: string): Promise<number> =>
    [...(await caller.query(queryDef('lib:book', select('@id'), attributes))).matchAll(/<book /g)].length;
  expect([await count(''), await count('lineCount="4"'), await count('noLineCount="true"')]).toEqual([
    2, 4, 5,
  ]);
  caller.sandbox.set({ defaultLineCount: 200 });
});

test('startLine counts from 0, or repeats a row where a server does so', async () => {
  const page = queryDef(
    'lib:book',
    `${select('@id')}<orderBy><node expr="@id"/></orderBy>`,
    'lineCount="2" startLine="2"',
  );
  await checkResult(page, '<book-collection><book id="13"/><book id="14"/></book-collection>');
  caller.sandbox.set({ startLineQuirk: true });
  await checkResult(page, '<book-collection><book id="12"/><book id="13"/></book-collection>');
  caller.sandbox.set({ startLineQuirk: false });
});

// --- the XML body ---

test('data merges the XML body into the row', () =>
  checkResult(
    queryDef('lib:book', select('@isbn', 'data'), 'operation="get"'),
    '<book isbn="I-1" cover="hard"><notes lang="en"><intro><![CDATA[if (a < b && c) "x"]]></intro><note id="1" text="first"/><note id="2" text="second"/></notes><extra deep="1"><any/></extra></book>',
  ));

test('a container of the body is empty unless anyType asks for its tree; leaves are values', async () => {
  await checkResult(queryDef('lib:book', select('notes'), 'operation="get"'), '<book><notes/></book>');
  await checkResult(
    queryDef('lib:book', select('<node expr="notes" anyType="true"/>'), 'operation="get"'),
    '<book><notes lang="en"><intro><![CDATA[if (a < b && c) "x"]]></intro><note id="1" text="first"/><note id="2" text="second"/></notes></book>',
  );
  await checkResult(
    queryDef('lib:book', select('@cover', '[notes/@lang]', '[notes/intro]'), 'operation="get"'),
    '<book cover="hard"><notes lang="en"><intro><![CDATA[if (a < b && c) "x"]]></intro></notes></book>',
  );
});

test('a field of the body in a condition fails like a misspelt one', async () => {
  const fault = (field: string): string =>
    `SOP-330011 Error while executing the method 'ExecuteQuery' of service 'xtk:queryDef'.\nAttribute '${field}' unknown (see definition of schema 'Books (lib:book)').\nXTK-170036 Unable to parse expression '@${field} = 1'.`;
  expect(await titles(condition('@cover = 1'))).toEqual([fault('cover')]);
  expect(await titles(condition('@covr = 1'))).toEqual([fault('covr')]);
});

test('the whole body can be searched', async () =>
  expect(await titles(condition("data LIKE '%second%'"))).toEqual(['I-1']));

test('SelectAll lists every field, trees of the body included', async () => {
  const answer = await caller.post(
    'xtk:queryDef#SelectAll',
    `<entity>${queryDef('lib:book', '', 'operation="get"')}</entity><bDuplicate>false</bDuplicate>`,
  );
  const exprs = [...answer.text.matchAll(/<node [^>]*expr="([^"]*)"/g)].map((match) => match[1]);
  expect(exprs).toEqual([
    '@id',
    '@isbn',
    '@title',
    '@kind',
    '@price',
    '@inStock',
    '@added',
    '@shortTitle',
    '@md5',
    '@lastModified',
    '@cover',
    '[@author-id]',
    '[size/@pages]',
    '[size/@weight]',
    'summary',
    'notes',
    'extra',
    'author',
  ]);
  const completed = /<queryDef.*<\/queryDef>/.exec(answer.text)![0];
  expect(await caller.query(completed)).toContain('<extra deep="1"><any/></extra>');
});

// --- conditions ---

test.each([
  ['@price > 9', ['I-1', 'I-3', 'I-4']],
  ["@title LIKE '%of%'", ['I-4']],
  ["@title LIKE 'o%'", []],
  ["@title LIKE '100\\%%'", ['I-5']],
  ["@title NOT LIKE '%i%'", ['I-1', 'I-2', 'I-5']],
  ["@isbn IN ('I-1', 'I-4')", ['I-1', 'I-4']],
  ['@id NOT IN (11, 12)', ['I-3', 'I-4', 'I-5']],
  ['@added IS NULL', ['I-5']],
  ['@added IS NOT NULL AND NOT (@kind = 1)', ['I-1', 'I-2', 'I-3']],
  ['@added >= #2024-03-10#', ['I-3', 'I-4']],
  ['DateOnly(@added) = #2024-03-10#', ['I-3', 'I-4']],
  ['@added = #2024-02-10T10:00:00.000Z#', ['I-2']],
  ["@added > '2024-03-10 12:00:00'", ['I-4']],
  ['@inStock = true', ['I-1', 'I-3', 'I-4']],
  ["@inStock = 'false'", ['I-2', 'I-5']],
  ["@kind = '1'", ['I-4', 'I-5']],
  ["EV(@kind, 'poetry')", ['I-4', 'I-5']],
  ["EL(@kind) = 'Poems'", ['I-4', 'I-5']],
  ["summary = ''", ['I-2', 'I-3', 'I-4', 'I-5']],
  ["summary != ''", ['I-1']],
  ["[author/@name] = ''", ['I-5']],
  ['[author/@prizes] = 0', ['I-1', 'I-2', 'I-5']],
  ['author = 1', ['I-1', 'I-2']],
  ['@price * 2 + 1 = 20', ['I-1']],
  ['@id % 2 = 0', ['I-2', 'I-4']],
  ['-@id < -14', ['I-5']],
  ["@isbn + '-' + @id = 'I-2-12'", ['I-2']],
  ["@title + @price = 'The Waves8'", ['I-2']],
  ["Iif(@price > 10, 'dear', 'cheap') = 'dear'", ['I-3', 'I-4']],
  ["Case(When(@price > 14, 'a'), When(@price > 9, 'b'), Else('c')) = 'b'", ['I-1', 'I-3']],
  ['@price > 9 or @kind = 1 and @id = 15', ['I-1', 'I-3', 'I-4', 'I-5']],
  ['size/@pages > 300', ['I-1']],
] as const)('%s', async (expr, expected) => expect(await titles(condition(expr))).toEqual(expected));

test('conditions that are switched off take their operator with them', async () => {
  expect(
    await titles(
      `${condition('@id = 11', 'boolOperator="OR"')}${condition('@id = 12', 'ignore="true"')}${condition('@id = 13')}`,
    ),
  ).toEqual(['I-1', 'I-3']);
  expect(await titles(`${condition('@id = 11')}${condition('1 = 2', `enabledIf="1 = 2"`)}`)).toEqual(['I-1']);
  expect(
    await titles(`${condition('@id = 11')}${condition('1 = 2', `enabledIf="$(login) = 'admin'"`)}`),
  ).toEqual([]);
});

test('set operators that count', async () => {
  expect(await titles('<condition expr="loan &gt; 1" setOperator="COUNT"/>')).toEqual(['I-1']);
  expect(await titles('<condition expr="[loan/@days] &lt; 10" setOperator="SUM"/>')).toEqual([
    'I-2',
    'I-3',
    'I-4',
    'I-5',
  ]);
});

test('a sysFilter of the query narrows it', () =>
  checkResult(
    queryDef('lib:book', `${select('@id')}<sysFilter name="userFilter">${condition('@id = 12')}</sysFilter>`),
    '<book-collection><book id="12"/></book-collection>',
  ));

// --- faults ---

test.each([
  ['unknown schema', queryDef('lib:none', select('@id')), "XFR-180000 The schema 'lib:none' does not exist."],
  [
    'temporary schema',
    queryDef('temp:x', select('@id')),
    "XTK-170024 The temporary schema 'temp:x' is not defined in the current context.",
  ],
  ['syntax', queryDef('lib:book', select('(@id')), "XTK-170006 Unable to parse expression '(@id'."],
  ['unknown function', queryDef('lib:book', select('Frobnicate(@id)')), 'XTK-170006'],
  ['wrong number of arguments', queryDef('lib:book', select('Left(@id)')), 'XTK-170006'],
  ['count(*)', queryDef('lib:book', select('count(*)')), 'XTK-170006'],
  [
    'unknown link',
    queryDef('lib:book', select('[autor/@name]')),
    "Element 'autor' unknown (see definition of schema 'Books (lib:book)').",
  ],
  [
    'field of a linked schema',
    queryDef('lib:book', select('[author/@nam]')),
    "Attribute 'nam' unknown (see definition of schema 'Authors (lib:author)').",
  ],
  ['letter case', queryDef('lib:book', select('@Id')), "Attribute 'Id' unknown"],
  ['operation', queryDef('lib:book', '', 'operation="list"'), 'XTK-170006'],
  [
    'boolOperator',
    queryDef('lib:book', `<where>${condition('1=1', 'boolOperator="XOR"')}</where>`),
    'XTK-170006',
  ],
  ['lineCount', queryDef('lib:book', select('@id'), 'lineCount="ten"'), 'XTK-170006'],
  ['type of a constant', queryDef('lib:book', `<where>${condition("@id = 'x'")}</where>`), 'PGS-220000'],
  [
    'EXISTS on a field',
    queryDef('lib:book', '<where><condition expr="@id" setOperator="EXISTS"/></where>'),
    'XTK-170036',
  ],
  ['alias', queryDef('lib:book', select('<node expr="@id" alias="a b"/>')), 'XTK-170006'],
])('a query fails with its code: %s', async (_name, query, expected) =>
  expect(await caller.query(query)).toContain(expected),
);

test('BuildQuery can be forbidden, and native SQL with it', async () => {
  const native = queryDef('lib:book', `${select('@id')}<where><condition sql="R0.iBookId = 12"/></where>`);
  await checkResult(native, '<book-collection><book id="12"/></book-collection>');
  caller.sandbox.set({ allowSql: false });
  expect(await caller.sql(queryDef('lib:book', select('@id')))).toContain('SOP-330011');
  expect(await caller.query(native)).toContain('SOP-330011');
  caller.sandbox.set({ allowSql: true });
});

test('BuildQueryEx tells the columns', async () => {
  const answer = await caller.post(
    'xtk:queryDef#BuildQueryEx',
    `<entity>${queryDef('lib:book', select('@id', '[author/@name]'))}</entity>`,
  );
  expect(answer.text).toContain(
    "<pstrFormat xsi:type='xsd:string'>@id:long,author/@name:string,</pstrFormat>",
  );
});

test('EvaluateExpr evaluates constants', async () => {
  const answer = await caller.post(
    'xtk:queryDef#EvaluateExpr',
    "<strExpr>Upper('é') + ToString(1 + 2)</strExpr>",
  );
  expect(answer.text).toContain("<pstrResult xsi:type='xsd:string'>É3</pstrResult>");
});

test('a plain column beside an aggregate must be grouped', async () => {
  const count = '<node expr="Count(@id)" alias="@n"/>';
  expect(await caller.query(queryDef('lib:book', select('@kind', count)))).toContain(
    'PGS-220000 PostgreSQL error: ERROR: column "R0.iKind" must appear in the GROUP BY clause',
  );
  await checkResult(
    queryDef(
      'lib:book',
      `${select('@kind', count)}<groupBy><node expr="@kind"/></groupBy><orderBy><node expr="@kind"/></orderBy>`,
    ),
    '<book-collection><book kind="0" n="3"/><book kind="1" n="2"/></book-collection>',
  );
  await checkResult(
    queryDef('lib:book', select("<node expr=\"'x'\" alias='@x'/>", count)),
    '<book-collection><book x="x" n="5"/></book-collection>',
  );
});

test('rows can carry attributes nobody asked for', async () => {
  caller.sandbox.set({ extraAttributes: true });
  await checkResult(
    queryDef('lib:book', select('@isbn'), 'operation="get"'),
    '<book isbn="I-1" _cs="Orlando" md5=""/>',
  );
  await checkResult(
    queryDef('lib:book', select('<node expr="Count()" alias="@n"/>'), 'operation="get"'),
    '<book n="5"/>',
  );
  caller.sandbox.set({ extraAttributes: false });
});

test('rows without orderBy come in any order where a server is like that', async () => {
  caller.sandbox.set({ shuffleRows: true });
  const orders = new Set<string>();
  for (let i = 0; i < 20; i++) orders.add(await caller.query(queryDef('lib:book', select('@id'))));
  expect(orders.size).toBeGreaterThan(1);
  const sorted = queryDef('lib:book', `${select('@id')}<orderBy><node expr="@id"/></orderBy>`);
  expect(await caller.query(sorted)).toBe(await caller.query(sorted));
  caller.sandbox.set({ shuffleRows: false });
});

test('thousands of conditions are read, in an expression and in elements', async () => {
  const terms = Array.from({ length: 2000 }, (_, n) => `@id = ${n + 12}`);
  expect(await titles(condition(terms.join(' OR ')))).toEqual(['I-2', 'I-3', 'I-4', 'I-5']);
  const siblings = terms.map((term) => condition(term, 'boolOperator="OR"')).join('');
  expect(await titles(siblings)).toEqual(['I-2', 'I-3', 'I-4', 'I-5']);
  const others = terms.map((term) => condition(term.replace('=', '!='))).join('');
  expect(await titles(others)).toEqual(['I-1']);
});

test('a constant orders by nothing: it is not the number of a column', async () => {
  const query = (expr: string): string =>
    queryDef('lib:book', `${select('@isbn')}<orderBy><node expr="${expr}"/><node expr="@id"/></orderBy>`);
  for (const expr of ['7', '-7', '(0)']) {
    expect(await caller.query(query(expr))).toBe(await caller.query(query("''")));
  }
});

test('a sign or a test for null in front of a constant is kept where text is joined', async () => {
  const expr = "'a' + -7 + ('b' IS NULL)";
  await checkResult(
    queryDef('lib:book', select(`<node expr="${expr}" alias="@x"/>`), 'operation="get"'),
    '<book x="a-70"/>',
  );
});
