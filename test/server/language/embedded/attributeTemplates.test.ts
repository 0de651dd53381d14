import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, test } from 'vitest';
import { acceptItem, entityItems, openEntity, readEntity, service } from '../../../support/entities.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { scriptItems } from '../../../support/scripts.ts';

/** A field of an activity. @param value as it is written between the quotes. */
const field = (value: string, quote = '"'): string =>
  `<workflow internalName="WKF1"><activities><fileTransfer name="get" path=${quote}${value}${quote}/>
<js name="js"><script>vars.folder = 1;</script></js></activities></workflow>`;

const codes = (text: string): unknown[] =>
  service.diagnostics(scriptModel, readEntity(text)).map(({ code }) => code);

describe.each([
  [
    'escaped',
    (script: string) => `/in/&lt;%= ${script.replaceAll('&', '&amp;').replaceAll('<', '&lt;')} %&gt;.csv`,
  ],
  ['with one bracket escaped', (script: string) => `/in/&lt;%= ${script} %>.csv`],
])('a template in a field, %s', (_name, value) => {
  test('completes, and knows the variables of the workflow', () => {
    expect(acceptItem(field(value('vars.fol$0')), 'folder')).toBe(field(value('vars.folder')));
    expect(entityItems(field(value('logI$0'))).map(({ label }) => label)).toContain('logInfo');
    expect(
      entityItems(field(value('vars.$0'))).map(({ labelDetails }) => labelDetails?.description),
    ).toContain('set in js');
  });

  test('explains and checks what is in it', () => {
    const { file, offset } = openEntity(
      field(value('format$0Date(vars.folder, "")').replaceAll('"', '&quot;')),
    );
    expect(JSON.stringify(service.hover(scriptModel, file, offset))).toContain('formatDate');
    expect(codes(field(value('vars.folder')))).toEqual([]);
    expect(codes(field(value('vars.folder +')))).toEqual(['script/syntax']);
  });

  test('is renamed with the scripts', () => {
    const { file, offset } = openEntity(field(value('vars.fol$0der')));
    const result = service.rename(scriptModel, file, offset, 'place');
    if (result === undefined || 'refused' in result) throw new Error('refused');
    const renamed = TextDocument.applyEdits(file.document, result.changes![file.document.uri]!);
    expect(renamed).toBe(field(value('vars.place')).replace('vars.folder', 'vars.place'));
  });
});

test.each(['"', "'"])('what is inserted fits between the quotes %s', (quote) => {
  const source = field('&lt;%= a %>', quote);
  const { text } = readEntity(source).regions.embedded!.find(({ attribute }) => attribute !== undefined)!;
  const index = text.text.indexOf('a');
  const [change] = text.toChanges({ start: index, end: index + 1, newText: `f("<", '&')\n` });
  const changed = source.slice(0, change!.start) + change!.newText + source.slice(change!.end);
  const { text: again } = readEntity(changed).regions.embedded!.find(
    ({ attribute }) => attribute !== undefined,
  )!;
  expect(again.text).toBe(`<%= f("<", '&')\n %>`);
  expect(change!.newText).toBe(
    quote === '"' ? "f(&quot;&lt;&quot;, '&amp;')&#10;" : 'f("&lt;", &apos;&amp;&apos;)&#10;',
  );
});

test('markup that is not escaped is one problem, with its fix', () => {
  const text = field('<%= a && b %>');
  expect(codes(text)).toEqual(['script/raw-markup']);
  const file = readEntity(text);
  const actions = service.codeActions(scriptModel, file, { start: 0, end: text.length });
  const fix = actions.find(({ title }) => title === 'Escape the markup');
  expect(TextDocument.applyEdits(file.document, fix!.edit!.changes![file.document.uri]!)).toBe(
    field('&lt;%= a &amp;&amp; b %>'),
  );
});

test('fields without a template, and expressions of queries, are no scripts', () => {
  const embedded = (text: string): number => readEntity(text).regions.embedded!.length;
  expect(embedded(field('/in/file.csv'))).toBe(1);
  expect(embedded(field('&lt;%= a %>'))).toBe(2);
  expect(
    embedded(
      field('').replace(
        '<js',
        '<query schema="nms:recipient"><where><condition expr="@a LIKE \'&lt;%\'"/></where></query><js',
      ),
    ),
  ).toBe(1);
});

test('the outline of a workflow does not show fields', () => {
  const names = JSON.stringify(
    service.documentSymbols(readEntity(field('&lt;%= f(function () { var inner; }) %>'))),
  );
  expect(names).not.toContain('inner');
  expect(names).toContain('get');
});

test('values of attributes in pages are scripts, too', () => {
  const items = scriptItems('<input value="<%= request.$0 %>"/>', 'file:///xtk_jssp/a.jssp', 'campaign-jssp');
  expect(items.map(({ label }) => label)).toContain('getParameter');
});
