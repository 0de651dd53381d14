import { expect, test } from 'vitest';
import { checkScriptFix, scriptFixes, scriptProblems } from '../../../support/checkScript.ts';

/** A query in its object form, around what is the subject of a test. */
const query = (inner: string): string => `NLWS.xtkQueryDef.create({queryDef: {${inner}}});`;

/** @param before and @param after what stands in the object. */
function checkFix(before: string, title: string, after: string): void {
  checkScriptFix(query(before), title, query(after));
}

const start = 'schema: "nms:recipient", operation: "get", where: {condition: [{expr: "@id = 1"}]}, ';

test('a name in a string is corrected where it is', () => {
  checkFix(
    `${start}select: {node: [{expr: "@emial"}]}`,
    'Write @email',
    `${start}select: {node: [{expr: "@email"}]}`,
  );
  checkFix(
    'schema: "nms:recipiant", operation: "get"',
    'Write nms:recipient',
    'schema: "nms:recipient", operation: "get"',
  );
});

test('what is added to an element becomes a property', () => {
  checkFix(
    'schema: "nms:recipient", operation: "select", select: {node: [{expr: "@id"}]}',
    'Add lineCount="1000"',
    'schema: "nms:recipient", operation: "select", lineCount: 1000, select: {node: [{expr: "@id"}]}',
  );
  checkFix(
    `${start}select: {node: [{expr: "Lower(@email)"}]}`,
    'Add alias="@lowerEmail"',
    `${start}select: {node: [{expr: "Lower(@email)", alias: "@lowerEmail"}]}`,
  );
});

test('names of properties are renamed', () => {
  checkFix(
    'schema: "nms:recipient", operation: "get", where: {condition: [{expr: "@id = 1", "bool-operator": "OR"}, {expr: "@id = 2"}]}',
    'Write boolOperator',
    'schema: "nms:recipient", operation: "get", where: {condition: [{expr: "@id = 1", "boolOperator": "OR"}, {expr: "@id = 2"}]}',
  );
  checkFix(
    `${start}select: {node: [{expr: "@id"}]}, orderby: {node: [{expr: "@id"}]}`,
    'Rename to <orderBy>',
    `${start}select: {node: [{expr: "@id"}]}, orderBy: {node: [{expr: "@id"}]}`,
  );
});

test('an object of an array is removed with its comma', () => {
  checkFix(
    `${start}select: {node: [{expr: "@id"}, {expr: "@email"}, {expr: "@id"}]}`,
    'Remove this node',
    `${start}select: {node: [{expr: "@id"}, {expr: "@email"}]}`,
  );
  checkFix(
    `${start}select: {node: [{expr: "@id"}, {expr: "@id"}, {expr: "@email"}]}`,
    'Remove this node',
    `${start}select: {node: [{expr: "@id"}, {expr: "@email"}]}`,
  );
});

test('a condition over a collection is asked with EXISTS, as an object', () =>
  checkFix(
    `schema: "nms:recipient", operation: "get", where: {condition: [{expr: "[broadLog/@status] = 1"}]}`,
    'Ask with EXISTS',
    `schema: "nms:recipient", operation: "get", where: {condition: [{ expr: "broadLog", setOperator: "EXISTS", condition: { expr: "@status = 1" } }]}`,
  ));

test('no fix breaks the object', () => {
  const texts = [
    'operation: "select", select: {node: [{expr: "@id"}]}',
    `lineCount: 5, "schema": 'nms:recipient', select: {node: {expr: 'Lower(@email)'}}, where: {condition: {expr: '[broadLog/@status] = 1'}}`,
    'schema: "nms:recipient", operation: "SELECT", select: {nodes: [{expr: "@id", Alias: "x"}]}, groupby: {}',
    'select: {node: [{expr: "@id"}, {expr: "@id"}]}',
  ];
  for (const text of texts) {
    const script = query(text);
    for (const { title, edits } of scriptProblems(script).flatMap(({ fixes }) => fixes)) {
      let fixed = script;
      for (const edit of [...edits].sort((a, b) => b.start - a.start))
        fixed = fixed.slice(0, edit.start) + edit.newText + fixed.slice(edit.end);
      const broken = scriptProblems(fixed).filter(({ code }) => code === 'script/syntax');
      expect([title, fixed, broken]).toEqual([title, fixed, []]);
    }
  }
  expect(scriptFixes(query(texts[0]!)).length).toBeGreaterThan(0);
});
