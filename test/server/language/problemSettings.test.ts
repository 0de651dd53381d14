import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction } from 'vscode-languageserver-types';
import { parseDocument } from '../../../server/documents.ts';
import { createLanguageService } from '../../../server/language/languageService.ts';
import {
  defaultProblemSettings,
  readSeverities,
  type ProblemSettings,
} from '../../../server/language/problemSettings.ts';
import { testModel } from '../../support/queryModel.ts';
import { scripts } from '../../support/scripts.ts';

const service = createLanguageService(scripts);

function open(text: string, languageId: string): ReturnType<typeof parseDocument> {
  scripts.close('file:///test');
  return parseDocument(TextDocument.create('file:///test', languageId, 1, text));
}

/** `severity code` of each diagnostic; severities are counted from error, 1, to hint, 4. */
function shown(
  text: string,
  severity: Record<string, string> = {},
  languageId = 'campaign-querydef',
): string[] {
  const settings: ProblemSettings = {
    ...defaultProblemSettings,
    severities: readSeverities(severity).severities,
  };
  return service
    .diagnostics(testModel, open(text, languageId), settings)
    .map(({ severity: shownAs, code }) => `${shownAs} ${code}`);
}

/** A query with `count` rows, whose nodes are these lines. */
const query = (...lines: string[]): string =>
  [
    '<queryDef schema="nms:recipient" operation="select" lineCount="10">',
    '  <select>',
    ...lines,
    '  </select>',
    '</queryDef>',
  ].join('\n');
const wrong = '    <node expr="@emial"/>';

test('a severity can be chosen for a code and for a group, and the code has precedence', () => {
  const text = query(wrong, '    <node expr="@id" alias="@a"/>', '    <node expr="@email" alias="@a"/>');
  expect(shown(text)).toEqual(['1 query/field-unknown', '2 query/duplicate-alias']);
  expect(shown(text, { 'query/field-unknown': 'hint' })).toEqual([
    '4 query/field-unknown',
    '2 query/duplicate-alias',
  ]);
  expect(shown(text, { 'query/*': 'information', 'query/duplicate-alias': 'error' })).toEqual([
    '3 query/field-unknown',
    '1 query/duplicate-alias',
  ]);
  expect(shown(text, { 'query/*': 'off' })).toEqual([]);
});

test('a rule of taste is off until its own code is named', () => {
  const text =
    '<srcSchema namespace="cus" name="a"><element name="a" autopk="true" pkSequence="S"><key name="k"><keyfield xlink="buyer"/></key><element name="buyer" type="link" target="nms:recipient"/></element></srcSchema>';
  const language = 'campaign-schema';
  expect(shown(text, {}, language)).toEqual([]);
  expect(shown(text, { 'lint/*': 'warning' }, language)).toEqual([]);
  expect(shown(text, { 'lint/*': 'off', 'lint/implicit-join': 'information' }, language)).toEqual([
    '3 lint/implicit-join',
  ]);
});

test('a severity for what does not exist, and one that does not exist, are complained about', () => {
  const { severities, complaints } = readSeverities({
    'query/feild-unknown': 'off',
    'query/contains': 'loud',
    'schema/*': 'hint',
    nothing: 'off',
  });
  expect([...severities]).toEqual([['schema/*', 'hint']]);
  expect(complaints).toEqual([
    'There is no problem code query/feild-unknown; did you mean query/field-unknown?',
    'The severity of query/contains is off, hint, information, warning or error.',
    'There is no problem code nothing',
  ]);
  expect(readSeverities('off').severities.size).toBe(0);
  expect(readSeverities(null).severities.size).toBe(0);
});

const ignored = '<!-- campaign-ignore query/field-unknown -->';

test('a comment on the line before, or on the same line, leaves a problem out', () => {
  expect(shown(query(ignored, wrong))).toEqual([]);
  expect(shown(query(`${wrong} ${ignored}`))).toEqual([]);
  expect(shown(query(ignored, '', wrong))).toEqual([]);
  expect(shown(query('<!-- campaign-ignore query/contains -->', ignored, wrong))).toEqual([]);
});

test('it leaves out no other line and no other code', () => {
  expect(shown(query(ignored, wrong, wrong))).toContain('1 query/field-unknown');
  expect(shown(query(`${wrong} ${ignored}`, wrong))).toContain('1 query/field-unknown');
  expect(shown(query('<!-- campaign-ignore query/contains -->', wrong))).toEqual(['1 query/field-unknown']);
  expect(shown(query('<!-- campaign-ignored query/field-unknown -->', wrong))).toEqual([
    '1 query/field-unknown',
  ]);
});

test('it covers a tag of several lines', () =>
  expect(shown(query(ignored, '    <node', '      label="a > b"', '      expr="@emial"/>'))).toEqual([]));

test('it may name several codes, a group, and a reason', () => {
  expect(shown(query('<!-- campaign-ignore query/contains, query/field-unknown -->', wrong))).toEqual([]);
  expect(shown(query('<!-- campaign-ignore query/contains query/field-unknown -->', wrong))).toEqual([]);
  expect(shown(query('<!-- campaign-ignore query/* -->', wrong))).toEqual([]);
  expect(shown(query('<!-- campaign-ignore query/field-unknown: comes with the package -->', wrong))).toEqual(
    [],
  );
});

test('a comment for the file leaves it out everywhere', () => {
  const file = '<!-- campaign-ignore-file query/field-unknown -->';
  expect(shown(`${file}\n${query(wrong, wrong)}`)).toEqual(['4 query/duplicate-node']);
  expect(shown(query(wrong, wrong, file))).toEqual(['4 query/duplicate-node']);
});

test('a comment that names no code there is says so', () => {
  expect(shown(query('<!-- campaign-ignore query/feild-unknown -->', wrong))).toEqual([
    '1 query/field-unknown',
    '4 ignore/unknown-code',
  ]);
  expect(shown(query('<!-- campaign-ignore -->', wrong))).toEqual([
    '1 query/field-unknown',
    '4 ignore/unknown-code',
  ]);
  expect(apply(query('<!-- campaign-ignore $feild-unknown -->', wrong), 'Write query/field-unknown')).toBe(
    query('<!-- campaign-ignore query/field-unknown -->', wrong),
  );
});

test('scripts take both kinds of comments', () => {
  const script = (text: string): string[] => shown(text, {}, 'campaign-javascript');
  const literal = (line: string): string =>
    `var q = <queryDef schema="nms:recipient" lineCount="1">\n<select>\n${line}\n</select></queryDef>;`;
  expect(script('let a = 1;')).toEqual(['2 script/later-syntax']);
  expect(script('// campaign-ignore script/later-syntax\nlet a = 1;')).toEqual([]);
  expect(script('let a = 1; // campaign-ignore script/later-syntax')).toEqual([]);
  expect(script('/* campaign-ignore script/later-syntax */ let a = 1;')).toEqual([]);
  expect(script('/* campaign-ignore-file script/* */\nf();\nlet a = 1;')).toEqual([]);
  expect(script(literal(wrong))).toContain('1 query/field-unknown');
  expect(script(literal(`${ignored}\n${wrong}`))).toEqual([]);
});

/** The text after the action of that title, asked for at the `$`; `undefined` when it is not offered. */
function apply(marked: string, title: string, languageId = 'campaign-querydef'): string | undefined {
  const at = marked.indexOf('$');
  const file = open(marked.replace('$', ''), languageId);
  const action = service
    .codeActions(testModel, file, { start: at, end: at })
    .find((candidate: CodeAction) => candidate.title === title);
  const edits = action?.edit?.changes?.['file:///test'];
  return edits && TextDocument.applyEdits(file.document, edits);
}

test('a quick fix writes the comment before the line', () => {
  const title = 'Ignore query/field-unknown for this line';
  const fixed = apply(query('    <node expr="@emi$al"/>'), title)!;
  expect(fixed).toBe(query(`    ${ignored}`, wrong));
  expect(shown(fixed)).toEqual([]);
});

test('in a tag of several lines, before the tag', () => {
  const lines = ['    <node', '      expr="@emial"/>'];
  const fixed = apply(
    query(lines[0]!, '      expr="@emi$al"/>'),
    'Ignore query/field-unknown for this line',
  )!;
  expect(fixed).toBe(query(`    ${ignored}`, ...lines));
  expect(shown(fixed)).toEqual([]);
});

test('in a script, as what stands there is written', () => {
  const title = 'Ignore query/field-unknown for this line';
  const script = (...lines: string[]): string => lines.join('\n');
  expect(
    apply(
      script('f(', '  <queryDef schema="nms:recipient"><select><node expr="@emi$al"/></select></queryDef>);'),
      title,
      'campaign-javascript',
    ),
  ).toMatch(/^f\(\n {2}\/\/ campaign-ignore query\/field-unknown\n {2}<queryDef/);
  expect(
    apply(
      script('f(<queryDef schema="nms:recipient"><select>', '  <node expr="@emi$al"/></select></queryDef>);'),
      title,
      'campaign-javascript',
    ),
  ).toMatch(/<select>\n {2}<!-- campaign-ignore query\/field-unknown -->\n {2}<node/);
  expect(apply('<p>\n<% l$et a = 1; %>', 'Ignore script/later-syntax for this line', 'campaign-jssp')).toBe(
    '<p>\n<% /* campaign-ignore script/later-syntax */ %>\n<% let a = 1; %>',
  );
  expect(
    shown('<p>\n<% /* campaign-ignore script/later-syntax */ %>\n<% let a = 1; %>', {}, 'campaign-jssp'),
  ).toEqual([]);
});

test('for the file, at its top, behind an XML declaration', () => {
  const title = 'Ignore query/field-unknown in this file';
  const file = '<!-- campaign-ignore-file query/field-unknown -->';
  const marked = query('    <node expr="@emi$al"/>');
  expect(apply(marked, title)).toBe(`${file}\n${query(wrong)}`);
  const declaration = '<?xml version="1.0"?>';
  expect(apply(`${declaration}\n${marked}`, title)).toBe(`${declaration}\n${file}\n${query(wrong)}`);
  expect(apply(`${declaration}${marked}`, title)).toBeUndefined();
  expect(apply('l$et a;', 'Ignore script/later-syntax in this file', 'campaign-javascript')).toBe(
    '// campaign-ignore-file script/later-syntax\nlet a;',
  );
});
