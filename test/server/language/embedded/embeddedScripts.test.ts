import { readFileSync } from 'node:fs';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, test } from 'vitest';
import { tokenLegend } from '../../../../server/language/languageService.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import {
  acceptItem,
  entityItems,
  entityUri,
  openEntity,
  readEntity,
  service,
  workflow,
  writtenForms,
} from '../../../support/entities.ts';

const labels = (marked: string): string[] => entityItems(marked).map(({ label }) => label);

describe.each(writtenForms)('a script written as %s', (_name, write) => {
  const inWorkflow = (script: string): string => workflow(write(script));
  /** The document's text at each range. */
  const texts = (
    marked: string,
    ranges: (opened: ReturnType<typeof openEntity>) => {
      range: { start: { line: number; character: number }; end: { line: number; character: number } };
    }[],
  ): string[] => {
    const opened = openEntity(marked);
    return ranges(opened).map(({ range }) => opened.file.document.getText(range));
  };

  test('completes the globals of a workflow', () => {
    expect(labels(inWorkflow('if (a < b && c) { $0 }'))).toEqual(
      expect.arrayContaining(['vars', 'instance', 'logInfo', 'task']),
    );
    expect(labels(inWorkflow('request.$0'))).not.toContain('getParameter');
  });

  test('writes what is taken behind references where the cursor is', () => {
    expect(acceptItem(inWorkflow('if (1 < 2 && 3 > 1) logIn$0("<>");'), 'logInfo')).toBe(
      inWorkflow('if (1 < 2 && 3 > 1) logInfo("<>");'),
    );
  });

  test('completes the fields of what a query returns', () => {
    const script = `var q = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="select"><select><node expr="@email"/></select></queryDef>);
for each (var r in q.ExecuteQuery().recipient) logInfo(r.@em$0)`;
    expect(acceptItem(inWorkflow(script), '@email')).toBe(inWorkflow(script.replace('@em$0', '@email')));
  });

  test('completes inside a query of the script, written as the script is', () => {
    const script = (query: string): string => `var a = 1 < 2;\nxtk.queryDef.create(${query});`;
    const before = '<queryDef schema="nms:recipient"><select><node expr="[folder/$0]"/></select></queryDef>';
    const after =
      '<queryDef schema="nms:recipient"><select><node expr="[folder/@label]"/></select></queryDef>';
    expect(acceptItem(inWorkflow(script(before)), '@label')).toBe(inWorkflow(script(after)));
    const tag = '<queryDef schema="nms:recipient"><$0</queryDef>';
    expect(entityItems(inWorkflow(script(tag))).map(({ label }) => label)).toContain('select');
  });

  test('hovers with the range of the name', () => {
    const { file, offset } = openEntity(inWorkflow('var a = "<&>"; log$0Info(a);'));
    const hover = service.hover(scriptModel, file, offset)!;
    expect(JSON.stringify(hover.contents)).toContain('logInfo');
    expect(hover.range && file.document.getText(hover.range)).toBe('logInfo');
  });

  test('helps with the signature of a call', () => {
    const { file, offset } = openEntity(inWorkflow('var a = "<&>"; logInfo($0'));
    expect(service.signatureHelp(scriptModel, file, offset)!.signatures[0]!.label).toContain('logInfo');
  });

  test('leads to declarations, of the script and of the model', () => {
    const marked = inWorkflow('var a = 1 < 2 && 3;\nlogInfo(a$0);');
    const { file, offset } = openEntity(marked);
    const [target] = service.definition(scriptModel, file, offset);
    expect(target).toMatchObject({ kind: 'script', location: { uri: entityUri } });
    if (target?.kind === 'script') expect(file.document.getText(target.location.range)).toBe('a');
    const model = openEntity(inWorkflow('if (1 < 2) nms.recip$0ient.create();'));
    expect(service.definition(scriptModel, model.file, model.offset)).toMatchObject([
      { kind: 'schema', target: { schemaId: 'nms:recipient' } },
    ]);
  });

  test('finds references in its own script only', () => {
    const marked = workflow(
      write('var total$0 = 1 < 2; logInfo(total && total);'),
      `<js name="js2"><script>${write('var total = 2;')}</script></js>`,
    );
    const found = texts(marked, ({ file, offset }) => service.references(scriptModel, file, offset, []));
    expect(found).toEqual(['total', 'total', 'total']);
  });

  test('renames', () => {
    const script = 'var total = 1 < 2; logInfo(total && total, <a b={total}/>);';
    const { file, offset } = openEntity(inWorkflow(script.replace('total', 'tot$0al')));
    const check = service.prepareRename(scriptModel, file, offset);
    expect(check).toMatchObject({ placeholder: 'total' });
    const edit = service.rename(scriptModel, file, offset, 'sum');
    const edits = edit !== undefined && 'changes' in edit ? edit.changes[entityUri] : undefined;
    expect(TextDocument.applyEdits(file.document, edits!)).toBe(
      inWorkflow(script.replaceAll('total', 'sum')),
    );
    expect(service.rename(scriptModel, file, offset, 'a b')).toHaveProperty('refused');
  });

  test('reports errors where they are written', () => {
    const file = readEntity(inWorkflow('if (1 < 2 && 3) { logInfo("a" }'));
    const [problem] = service.diagnostics(scriptModel, file);
    expect(file.document.getText(problem!.range)).toBe('}');
    expect(service.diagnostics(scriptModel, readEntity(inWorkflow('if (1 < 2 && 3) return <a/>;')))).toEqual(
      [],
    );
  });

  test('reports and fixes what is wrong in a query of the script', () => {
    const script = (field: string): string =>
      `if (1 < 2) xtk.queryDef.create(<queryDef schema="nms:recipient" operation="select" lineCount="5"><select><node expr="${field}"/></select></queryDef>);`;
    const file = readEntity(inWorkflow(script('@emial')));
    const problems = service.diagnostics(scriptModel, file);
    expect(problems.map(({ code, range }) => `${code} ${file.document.getText(range)}`)).toEqual([
      'query/field-unknown @emial',
    ]);
    const start = file.document.offsetAt(problems[0]!.range.start);
    const [fix] = service.codeActions(scriptModel, file, { start, end: start });
    expect(TextDocument.applyEdits(file.document, fix!.edit!.changes![entityUri]!)).toBe(
      inWorkflow(script('@email')),
    );
  });

  test('colours a script as if it were alone', () => {
    const script =
      '/* of\nlines */ function twice(n) { return <a b="1">{n < 2 ? "x" : /y/}</a>; }\nfor each (var x in y);';
    const file = readEntity(inWorkflow(script));
    const text = file.document.getText();
    const tokens = service.semanticTokens(scriptModel, file);
    const words = (...types: string[]): string[] =>
      tokens
        .filter(({ type }) => types.includes(tokenLegend.tokenTypes[type]!))
        .map(({ start, length }) => text.slice(start, start + length));
    expect(words('comment')).toEqual(['/* of', 'lines */']);
    expect(words('function', 'parameter')).toEqual(['twice', 'n', 'n']);
    expect(words('keyword')).toEqual(['function', 'return', 'for', 'each', 'var', 'in']);
    expect(words('tag', 'attribute')).toEqual(['a', 'b', 'a']);
    expect(words('number')).toEqual(['2']);
    expect(words('string').map((word) => word.replaceAll('&quot;', '"'))).toEqual(['"1"', '"x"', '/y/']);
    for (const [index, { start }] of tokens.entries()) {
      const before = tokens[index - 1];
      expect(start).toBeGreaterThanOrEqual(before === undefined ? 0 : before.start + before.length);
    }
  });

  test('shows in the outline below its activity', () => {
    const file = readEntity(inWorkflow('var ok = 1 < 2;\nfunction twice(n) { return n; }'));
    const show = (symbols: ReturnType<typeof service.documentSymbols>): unknown =>
      symbols.map(({ name, children = [] }) => (children.length === 0 ? name : [name, show(children)]));
    expect(show(service.documentSymbols(file))).toEqual([
      ['Test', ['start', ['Count', [['script', ['ok', 'twice']]]]]],
    ]);
  });

  test('folds its functions', () => {
    const file = readEntity(inWorkflow('\nif (1 < 2)\nfunction f() {\n  return 1;\n}\n'));
    const line = file.document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('function'));
    expect(service.foldingRanges(file)).toContainEqual({ startLine: line, endLine: line + 1 });
  });

  test('selects outwards from the name to the markup around the script', () => {
    const { file, offset } = openEntity(inWorkflow('if (1 < 2) log$0Info(1);'));
    const selected: string[] = [];
    for (let at = service.selectionRange(scriptModel, file, offset); at !== undefined; at = at.parent) {
      selected.push(file.document.getText(at.range));
    }
    expect(selected[0]).toBe('logInfo');
    expect(selected).toContainEqual(expect.stringMatching(/^<script>[\s\S]*<\/script>$/));
    expect(selected.at(-1)).toBe(file.document.getText().slice(file.document.getText().indexOf('<workflow')));
  });

  test('highlights the uses of a name', () => {
    const marked = inWorkflow('var total$0 = 1 < 2; logInfo(total);');
    expect(texts(marked, ({ file, offset }) => service.highlights(scriptModel, file, offset))).toEqual([
      'total',
      'total',
    ]);
  });

  test('offers to run its queries', () => {
    const file = readEntity(inWorkflow('a < b; x(<queryDef schema="nms:recipient" operation="select"/>)'));
    const [query] = service.runnableQueries(file);
    expect(query!.schemaId).toBe('nms:recipient');
    expect(service.queryAt(file, file.document.offsetAt(query!.range.start) + 3)).toMatchObject({
      xml: '<queryDef schema="nms:recipient" operation="select"/>',
    });
  });
});

test('the script of an SQL activity is SQL; what stands in its tags is JavaScript', () => {
  const sql = (script: string): string =>
    `<workflow><activities><sql name="purge"><script><![CDATA[${script}]]></script></sql></activities></workflow>`;
  const problems = (script: string): unknown[] =>
    service.diagnostics(scriptModel, openEntity(`${sql(script)}$0`).file);
  expect(problems("DELETE FROM T WHERE a = 'x' AND b <> 3;")).toEqual([]);
  expect(problems("<% var table = 'T'; %>\nDELETE FROM <%= table %> WHERE a <> 3;")).toEqual([]);
  expect(labels(sql('DELETE FROM <%= vars.$0 %>'))).not.toEqual([]);
});

test('the workflow of the demonstration has nothing to complain about', () => {
  const demo = new URL('../../../../sandbox/vscode/workspace/workflows/welcome.xml', import.meta.url);
  const file = readEntity(readFileSync(demo, 'utf8'));
  expect(file.regions.embedded).toHaveLength(2);
  expect(service.diagnostics(scriptModel, file).map(({ message }) => message)).toEqual([]);
});
