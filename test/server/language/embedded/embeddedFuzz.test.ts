import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';
import { parseXml } from '../../../../core/xml/parseXml.ts';
import { entityUri, readEntity, service, workflow, writtenForms } from '../../../support/entities.ts';
import { fullEditor } from '../../../support/queryModel.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { seededRandom } from '../../../support/scripts.ts';

/** Multiplies what is tried: `CAMPAIGN_FUZZ=10 npx vitest run test/server/language/embedded/embeddedFuzz`. */
const factor = Number(process.env['CAMPAIGN_FUZZ'] ?? 1);

const script = `var total = 1 < 2 && "a]]";
var q = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="select">
  <select><node expr="[folder/@label]" alias="@l"/></select></queryDef>);
for each (var r in q.ExecuteQuery().recipient) { vars.seen = r.@l; total += 1; }
function twice(n) { return n > 1 ? n : vars.seen; }
`;
const sources = writtenForms.map(([, write]) =>
  workflow(
    write(script),
    `<query name="q" schema="nms:recipient"><where><condition expr="@email = 'a &amp; b'"/></where></query>
     <jsx name="x">
       <call>
         <!-- first --><![CDATA[vars.other = 1;]]>&lt;a/&gt;
       </call><recall></recall>
     </jsx>
     <alert name="m"><message>&lt;b&gt;&lt;%= vars.seen %&gt;&lt;/b&gt;</message></alert>
     <fileTransfer name="f" path="/in/&lt;%= vars.seen + &quot;a&quot; %&gt;" user='&lt;% if (1 &lt; 2) { %>a&lt;% } %>'/>`,
  ),
);
sources.push(`<package buildNumber="*"><entities schema="xtk:form">
<form name="any" namespace="cus" entity-schema="nms:recipient"><container xpath="folder" visibleIf="[../@email] != 'a &amp; b'">
  <input xpath="@label"/><input xpath="../location/@city"/><container xpath="/"><input xpath='[folder/@name]'/></container>
  <input type="linklist" xpath="../folder"><sysFilter><condition expr="@id &gt; 1"/></sysFilter><input xpath="/tmp/@a"/></input>
</container><enter><set xpath="@email" expr="Lower(@email)"/></enter></form></entities>
<entities schema="xtk:navtree"><navtree name="n" namespace="cus"><model><nodeModel name="a">
  <view name="v" schema="nms:recipient"><columns><node xpath="@email"/><node xpath="folder/@label"/></columns></view>
</nodeModel></model></navtree></entities></package>`);

/** Asks everything at an offset. @returns the edits that were answered, those of one change together. */
function askAt(text: string, offset: number): TextEdit[][] {
  const file = readEntity(text);
  const { items } = service.complete(scriptModel, file, offset, fullEditor);
  const taken = items
    .slice(0, 3)
    .map((item) => [item.textEdit as TextEdit, ...(item.additionalTextEdits ?? [])]);
  service.hover(scriptModel, file, offset);
  service.signatureHelp(scriptModel, file, offset);
  service.definition(scriptModel, file, offset);
  service.references(scriptModel, file, offset, []);
  service.highlights(scriptModel, file, offset);
  service.selectionRange(scriptModel, file, offset);
  service.linkedTags(file, offset);
  service.queryAt(file, offset);
  service.prepareRename(scriptModel, file, offset);
  const renamed = service.rename(scriptModel, file, offset, 'renamed');
  const actions = service.codeActions(scriptModel, file, { start: offset, end: offset });
  const edits = [renamed, ...actions.map(({ edit }) => edit)].flatMap((edit) =>
    edit === undefined || 'refused' in edit ? [] : [edit.changes?.[entityUri] ?? []],
  );
  return [...taken, ...edits];
}

function askAll(text: string): void {
  const file = readEntity(text);
  const range = { start: 0, end: text.length };
  const folds = service.foldingRanges(file);
  const ranges = [...service.diagnostics(scriptModel, file)].map(({ range: each }) => each);
  for (const { start, length } of service.semanticTokens(scriptModel, file)) {
    expect(start + length).toBeLessThanOrEqual(text.length);
    expect(length).toBeGreaterThan(0);
  }
  service.inlayHints(scriptModel, file, range);
  service.documentSymbols(file);
  service.runnableQueries(file);
  const last = file.document.lineCount;
  expect(folds.every(({ startLine, endLine }) => startLine < endLine && endLine < last)).toBe(true);
  expect(ranges.every(({ start, end }) => file.document.offsetAt(start) <= file.document.offsetAt(end))).toBe(
    true,
  );
}

test('every offset is answered, and every edit keeps the document well-formed', () => {
  const random = seededRandom(5);
  let answered = 0;
  for (const source of sources) {
    askAll(source);
    expect(parseXml(source).problems).toEqual([]);
    for (let round = 0; round < 40 * factor; round++) {
      const offset = Math.floor(random() * (source.length + 1));
      for (const edits of askAt(source, offset)) {
        const document = TextDocument.create(entityUri, 'xml', 1, source);
        const edited = TextDocument.applyEdits(document, edits);
        // Markup is completed as it is typed: `<where` is not a document yet.
        const inMarkup = (readEntity(source).regions.embedded ?? []).every(
          ({ text }) => text.indexAt(offset) === undefined,
        );
        if (inMarkup) continue;
        expect(parseXml(edited).problems, edited).toEqual([]);
        answered++;
      }
    }
  }
  expect(answered).toBeGreaterThan(60 * factor);
});

test('half-written documents are answered without an exception', () => {
  const random = seededRandom(6);
  for (const source of sources) {
    for (let round = 0; round < 20 * factor; round++) {
      const at = Math.floor(random() * source.length);
      const length = 1 + Math.floor(random() * 20);
      const cut = random() < 0.5 ? source.slice(0, at) : source.slice(0, at) + source.slice(at + length);
      askAll(cut);
      askAt(cut, Math.min(at, cut.length));
    }
  }
});

test('a rename through escapes is the rename of the script', () => {
  for (const [index, [, write]] of writtenForms.entries()) {
    const source = sources[index]!;
    const file = readEntity(source);
    const inner = file.regions.embedded![0]!;
    const at = inner.text.toRange({ start: script.indexOf('total'), end: script.indexOf('total') + 1 }).start;
    const edit = service.rename(scriptModel, file, at, 'sum');
    const edits = edit !== undefined && 'changes' in edit ? edit.changes[entityUri] : undefined;
    expect(TextDocument.applyEdits(file.document, edits ?? [])).toBe(
      source.replace(write(script), write(script.replaceAll('total', 'sum'))),
    );
  }
});
