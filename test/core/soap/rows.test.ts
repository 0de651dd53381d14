import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { createFakeClient, envelope, finish, type Answer } from './fakes.ts';

const query = '<queryDef schema="nms:recipient" operation="select"/>';

function answerOf(result: string, declaration = "<?xml version='1.0'?>"): string {
  return `${declaration}\n<SOAP-ENV:Envelope xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/'><SOAP-ENV:Body>
<ExecuteQueryResponse xmlns='urn:xtk:queryDef' SOAP-ENV:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'>
<pdomOutput xsi:type='ns:Element' SOAP-ENV:encodingStyle='http://xml.apache.org/xml-soap/literalxml'>${result}</pdomOutput>
</ExecuteQueryResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
}

interface Table {
  columns: readonly string[];
  rows: string[][];
  batchSizes: number[];
}

async function readAnswer(
  answer: Answer,
  options: { columns?: string[]; batchRows?: number } = {},
): Promise<Table> {
  const { client, clock } = createFakeClient(() => answer);
  const read = async (): Promise<Table> => {
    const table: Table = { columns: [], rows: [], batchSizes: [] };
    for await (const batch of client.executeQuery(query, options)) {
      expect(batch.rows.length).toBe(batch.rowCount);
      table.columns = batch.columns;
      table.rows.push(...batch.rows.map((row) => [...row]));
      table.batchSizes.push(batch.rowCount);
    }
    return table;
  };
  const table = await finish(clock, read());
  expect(client.figures.activeCount).toBe(0);
  return table;
}

async function checkRows(result: string, columns: string, ...rows: string[]): Promise<void> {
  const table = await readAnswer({ body: answerOf(result) });
  expect([table.columns.join(' | '), ...table.rows.map((row) => row.join(' | '))]).toEqual([
    columns,
    ...rows,
  ]);
}

async function catchError(promise: Promise<unknown>): Promise<CampaignError> {
  const error: unknown = await promise.then(
    () => new Error('Expected a failure.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CampaignError)) throw error;
  return error;
}

/** Pieces of `size` bytes, as a slow network would bring them. */
function inPieces(body: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += size) pieces.push(body.subarray(at, at + size));
  return pieces;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test('attributes become columns', () =>
  checkRows(
    `<recipient-collection><recipient id="1" email="a@x.org"/><recipient id="2" email=""/></recipient-collection>`,
    '@id | @email',
    '1 | a@x.org',
    '2 | ',
  ));

test('elements within become paths, texts too', () =>
  checkRows(
    `<recipient-collection>
       <recipient id='1'><folder id="7" name="f&amp;g" _cs="x"/><data><![CDATA[a < b ]]> &#38; c</data></recipient>
       <recipient id='2'><folder id="8"/></recipient>
     </recipient-collection>`,
    '@id | folder/@id | folder/@name | folder/@_cs | data',
    '1 | 7 | f&g | x | a < b  & c',
    '2 | 8',
  ));

test('a second element of the same name has a number', () =>
  checkRows(
    `<r-collection><r><s id="1"/><s id="2"/><s id="3"/></r><r><s id="4"/></r></r-collection>`,
    's/@id | s[2]/@id | s[3]/@id',
    '1 | 2 | 3',
    '4',
  ));

test('columns that appear later are added, and rows without them stay short', () =>
  checkRows(
    `<r-collection><r a="1"/><r b="2" a="3"/><r c="4"/></r-collection>`,
    '@a | @b | @c',
    '1',
    '3 | 2',
    ' |  | 4',
  ));

test('columns asked for come first, in their order', async () => {
  const table = await readAnswer(
    { body: answerOf('<r-collection><r b="2" a="1"/></r-collection>') },
    { columns: ['@a', 'x/@y'] },
  );
  expect(table.columns).toEqual(['@a', 'x/@y', '@b']);
  expect(table.rows).toEqual([['1', '', '2']]);
});

test('white space is a value in an element of its own, and layout elsewhere', () =>
  checkRows(
    `<r-collection><r a="1">\n <t>  </t>\n <u>\n<v b="2"/>\n</u></r></r-collection>`,
    '@a | t | u/v/@b',
    '1 |    | 2',
  ));

test('text of the row itself', () =>
  checkRows(`<r-collection><r a="1">x</r></r-collection>`, '@a | .', '1 | x'));

test('get and count give one row', async () => {
  await checkRows(`<recipient id="5"><folder id="1"/></recipient>`, '@id | folder/@id', '5 | 1');
  await checkRows(`<recipient count="3"/>`, '@count', '3');
});

test.each([
  '<recipient-collection/>',
  '<recipient-collection></recipient-collection>',
  '<recipient-collection>\n</recipient-collection>',
  '',
])('no rows: %j', async (result) => expect((await readAnswer({ body: answerOf(result) })).rows).toEqual([]));

test('the result of getIfExists without a record is one row without values', () =>
  checkRows('<recipient/>', '', ''));

test('prefixes and a namespace on the rows do not show', () =>
  checkRows(
    `<q:r-collection xmlns:q="urn:xtk:queryDef"><q:r xmlns="urn:x" a="1"><q:f b="2"/></q:r></q:r-collection>`,
    '@a | f/@b',
    '1 | 2',
  ));

test('a > or a quote within a value, comments, and instructions between rows', () =>
  checkRows(
    `<r-collection><!-- <r a="no"/> --><r a="x/>y" b='say "hi"'/>\n<?pi <r/> ?><r a='1>' b="it's"></r></r-collection>`,
    '@a | @b',
    `x/>y | say "hi"`,
    `1> | it's`,
  ));

test('references', () =>
  checkRows(
    `<r-collection><r a="&lt;&gt;&amp;&quot;&apos;&#233;&#x20ac;&#10;é€" b="&unknown; &#0;"/></r-collection>`,
    '@a | @b',
    `<>&"'é€\né€ | &unknown; &#0;`,
  ));

test.each([
  ['by header', "<?xml version='1.0'?>", { 'content-type': 'text/xml; charset=ISO-8859-1' }],
  ['by declaration', "<?xml version='1.0' encoding='iso-8859-1'?>", {}],
])('ISO-8859-1 %s', async (_how, declaration, headers) => {
  const body = Buffer.from(
    answerOf('<r-collection><r a="é&#8364;ü"><t>ñ</t></r></r-collection>', declaration),
    'latin1',
  );
  for (const size of [1, 1000]) {
    expect((await readAnswer({ body: inPieces(body, size), headers })).rows).toEqual([['é€ü', 'ñ']]);
  }
});

test('UTF-8 by default, a byte-order mark passed over', async () => {
  const body = utf8(`\ufeff${answerOf('<r-collection><r a="é€😀"/></r-collection>')}`);
  for (const size of [1, 2, 3, 1000])
    expect((await readAnswer({ body: inPieces(body, size) })).rows).toEqual([['é€😀']]);
});

test('another character set is told', async () => {
  const error = await catchError(
    readAnswer({ body: answerOf('<r-collection/>', "<?xml version='1.0' encoding='Shift_JIS'?>") }),
  );
  expect(error.code).toBe('badResponse');
  expect(error.message).toContain('“Shift_JIS”, which Campaign does not use');
});

test('batches are bounded, and come with the pieces of the answer', async () => {
  const rows = Array.from({ length: 25 }, (_, i) => `<r id="${i}"/>`).join('');
  const table = await readAnswer(
    { body: [answerOf(`<r-collection>${rows}</r-collection>`)] },
    { batchRows: 10 },
  );
  expect(table.batchSizes).toEqual([10, 10, 5]);
});

test('the next piece is taken from the network only when the next batch is asked for', async () => {
  let taken = 0;
  const [head, tail] = answerOf('<r-collection>|</r-collection>').split('|');
  const pieces = [head!, '<r id="1"/>', '<r id="2"/>', '<r id="3"/>', tail!];
  const body = {
    *[Symbol.iterator]() {
      for (const piece of pieces) {
        taken++;
        yield piece;
      }
    },
  };
  const { client, clock, transport } = createFakeClient(() => ({ body: body as unknown as string[] }));
  const rows = client.executeQuery(query)[Symbol.asyncIterator]();
  await finish(clock, rows.next());
  expect(taken).toBe(2);
  await finish(clock, rows.next());
  expect(taken).toBe(3);
  expect(transport.closedCount).toBe(1); // the logon
  await rows.return?.();
  expect(taken).toBe(3);
  expect(transport.closedCount).toBe(2);
  expect(client.figures.activeCount).toBe(0);
});

test('the time a consumer takes does not count towards the time limit', async () => {
  const [head, tail] = answerOf('<r-collection><r id="1"/>|</r-collection>').split('|');
  const { client, clock } = createFakeClient(() => ({ body: [head!, '<r id="2"/>', tail!] }));
  const rows = client.executeQuery(query, { timeoutMs: 1000 })[Symbol.asyncIterator]();
  expect((await finish(clock, rows.next())).done).toBe(false);
  await clock.advance(600_000);
  expect((await finish(clock, rows.next())).done).toBe(false);
  expect((await finish(clock, rows.next())).done).toBe(true);
});

test('cancelling between two batches frees the slot at once', async () => {
  const [head, tail] = answerOf('<r-collection><r id="1"/>|</r-collection>').split('|');
  const { client, clock } = createFakeClient(() => ({ body: [head!, '<r id="2"/>', tail!] }));
  const stop = new AbortController();
  const rows = client.executeQuery(query, { signal: stop.signal })[Symbol.asyncIterator]();
  await finish(clock, rows.next());
  expect(client.figures.activeCount).toBe(1);
  stop.abort();
  expect(client.figures.activeCount).toBe(0);
  expect((await catchError(rows.next())).code).toBe('cancelled');
});

test('an expired session is renewed before the first row', async () => {
  let count = 0;
  const { client, clock } = createFakeClient(() =>
    ++count === 1
      ? { body: 'XSV-350008 Session has expired or is invalid. Please reconnect.' }
      : { body: answerOf('<r-collection><r id="1"/></r-collection>') },
  );
  const first = await finish(clock, client.executeQuery(query)[Symbol.asyncIterator]().next());
  expect(first.done).toBe(false);
  expect(client.figures.logonCount).toBe(2);
});

test('every cut of an answer is an error, never rows that are missing in silence', async () => {
  const whole = answerOf('<r-collection><r id="1"><f a="x"/></r><r id="2"/></r-collection>');
  const firstRow = whole.indexOf('<r ');
  for (let length = firstRow; length < whole.length; length += 7) {
    const error = await catchError(readAnswer({ body: whole.slice(0, length) }));
    expect([error.code, length]).toEqual(['network', length]);
    expect(error.message).toMatch(/broke off before its end/);
  }
});

test.each([
  ['<r-collection><r a="1></r-collection>', /cannot be read|broke off/],
  ['<r-collection><r><a></r></a></r-collection>', /<a> is ended by <\/r>/],
  ['<r-collection><r a=1/></r-collection>', /not quoted/],
  ['<r-collection><r a="1"b="2"/></r-collection>', /not separated/],
  [`<r-collection><r a='1"/><r b="2'/></r-collection>`, /cannot be read|not closed/],
  ['<r-collection><!DOCTYPE x><r/></r-collection>', /declaration/],
])('malformed rows %j are told', async (result, pattern) => {
  expect((await catchError(readAnswer({ body: answerOf(result) }))).message).toMatch(pattern);
});

test('the tail of the envelope is checked too', async () => {
  const error = await catchError(
    readAnswer({ body: answerOf('<r-collection><r a="1"/></r-collection>').replace('</SOAP-ENV:Body>', '') }),
  );
  expect(error.code).toBe('badResponse');
});

test('more different fields than any query has', async () => {
  const row = `<r ${Array.from({ length: 5000 }, (_, i) => `a${i}="1"`).join(' ')}/>`;
  const error = await catchError(readAnswer({ body: answerOf(`<r-collection>${row}</r-collection>`) }));
  expect(error.message).toMatch(/more than 4000 different fields/);
});

// -- The same documents, read by fast-xml-parser ---------------------------------------------------------------------

/** A generator of numbers that is the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

const texts = [
  '',
  'a',
  'Ünï',
  '€',
  '😀 x',
  '&amp;',
  '&lt;b&gt;',
  'it&apos;s',
  '&quot;',
  '&#233;&#x20AC;',
  'x > y',
  '/',
  '=',
  ' two  words ',
];

function generateElement(random: (below: number) => number, depth: number, name: string): string {
  const attributes: string[] = [];
  for (const attribute of ['id', 'email', 'first-name', '_cs', 'ünï', 'a.b']) {
    if (random(3) === 0) continue;
    const quote = random(2) === 0 ? '"' : "'";
    const other = quote === '"' ? "'" : '"';
    let value = '';
    for (let i = random(4); i > 0; i--) value += random(8) === 0 ? other : texts[random(texts.length)]!;
    attributes.push(
      `${random(6) === 0 ? '\n  ' : ' '}${attribute}${random(9) === 0 ? ' = ' : '='}${quote}${value}${quote}`,
    );
  }
  const open = `<${name}${attributes.join('')}${random(5) === 0 ? ' ' : ''}`;
  if (depth === 0 || random(3) === 0) return random(2) === 0 ? `${open}/>` : `${open}></${name}>`;
  if (random(3) === 0) {
    let text = '';
    for (let i = random(4); i > 0; i--) {
      text +=
        random(3) === 0
          ? `<![CDATA[${['', 'a<b>', '&amp;', ']]', 'é€'][random(5)]!}]]>`
          : texts[random(texts.length)]!;
    }
    return `${open}>${text}</${name}>`;
  }
  let children = '';
  for (let i = random(4); i >= 0; i--) {
    if (random(6) === 0) children += '<!-- a "comment" <b> -->';
    if (random(3) === 0) children += '\n   ';
    children += generateElement(random, depth - 1, ['folder', 'data', 'link', 'r'][random(4)]!);
  }
  return `${open}>${children}</${name}>`;
}

type Ordered = Record<string, unknown> & { ':@'?: Record<string, string> };

/** What fast-xml-parser found, flattened by the rules of `RowBatch`. */
function flatten(node: Ordered, prefix: string, cells: Map<string, string>, isRow: boolean): void {
  for (const [name, value] of Object.entries(node[':@'] ?? {})) cells.set(`${prefix}@${name}`, value);
  const name = Object.keys(node).find((key) => key !== ':@')!;
  const counts = new Map<string, number>();
  let text = '';
  for (const child of node[name] as Ordered[]) {
    const childName = Object.keys(child).find((key) => key !== ':@')!;
    if (childName === '#text') text += String(child['#text']);
    else if (childName === '#cdata')
      text += (child['#cdata'] as Ordered[]).map((part) => String(part['#text'])).join('');
    else {
      const count = (counts.get(childName) ?? 0) + 1;
      counts.set(childName, count);
      flatten(child, `${prefix}${childName}${count === 1 ? '' : `[${count}]`}/`, cells, false);
    }
  }
  const isLayout = (counts.size > 0 || isRow) && text.trim() === '';
  if (text !== '' && !isLayout) cells.set(isRow ? '.' : prefix.slice(0, -1), text);
}

function readWithFastXmlParser(xml: string): Map<string, string>[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    trimValues: false,
    parseTagValue: false,
    parseAttributeValue: false,
    htmlEntities: true,
    cdataPropName: '#cdata',
  });
  const find = (nodes: Ordered[], name: string): Ordered[] =>
    nodes.find((node) => name in node)![name] as Ordered[];
  let nodes = parser.parse(xml) as Ordered[];
  for (const name of [
    'SOAP-ENV:Envelope',
    'SOAP-ENV:Body',
    'ExecuteQueryResponse',
    'pdomOutput',
    'r-collection',
  ]) {
    nodes = find(nodes, name);
  }
  return nodes
    .filter((node) => !('#text' in node))
    .map((node) => {
      const cells = new Map<string, string>();
      flatten(node, '', cells, true);
      return cells;
    });
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  '300 generated rows read as fast-xml-parser reads them, whatever the pieces (seed %i)',
  async (seed) => {
    const random = createRandom(seed);
    const rows = Array.from({ length: 300 }, () => generateElement(random, 3, 'r'));
    const xml = answerOf(`<r-collection>${rows.join(random(2) === 0 ? '\n' : '')}</r-collection>`);
    const expected = readWithFastXmlParser(xml);
    const bytes = utf8(xml);
    for (const size of [1, 7, 1 + random(3000), bytes.length]) {
      const { columns, rows: found } = await readAnswer({ body: inPieces(bytes, size) });
      const cells = found.map(
        (row) =>
          new Map(row.flatMap((cell, i): [string, string][] => (cell === '' ? [] : [[columns[i]!, cell]]))),
      );
      const wanted = expected.map((row) => new Map([...row].filter(([, cell]) => cell !== '')));
      expect(cells.length).toBe(300);
      for (const [i, cell] of cells.entries())
        expect(Object.fromEntries(cell)).toEqual(Object.fromEntries(wanted[i]!));
    }
  },
);

test('an envelope with a fault is a fault, whatever its pieces', async () => {
  const body = utf8(
    envelope(
      `<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>SOP-330011 Error</faultstring><detail>XTK-170036 Ünknown</detail></SOAP-ENV:Fault>`,
    ),
  );
  for (const size of [1, 10_000]) {
    const error = await catchError(readAnswer({ body: inPieces(body, size) }));
    expect(error.campaignCode).toBe('XTK-170036');
    expect(error.explanation).toContain('Ünknown');
  }
});
