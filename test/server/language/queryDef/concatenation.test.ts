import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { maskDocument } from '../../../../server/language/javascript/scriptDocument.ts';
import { checkConcatenation } from '../../../../server/language/queryDef/concatenation.ts';
import { checkQuery } from '../../../../server/language/queryDef/queryDiagnostics.ts';
import { findRegions } from '../../../../server/language/regions.ts';
import { testModel } from '../../../support/queryModel.ts';

/** The values that are put between quotes as they are. */
const values = (script: string): string[] =>
  checkConcatenation(script, { start: 0, end: script.length }).map(({ start, end }) =>
    script.slice(start, end),
  );

/** The script after the first fix. */
function fixed(script: string): string | undefined {
  const [fix] = checkConcatenation(script, { start: 0, end: script.length })[0]!.fixes;
  return fix?.edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.newText + text.slice(edit.end), script);
}

test('a value between quotes is pointed at', () => {
  expect(values(`"@name = '" + name + "'"`)).toEqual(['name']);
  expect(values(`"@name = '" + record.@name + "' AND @city = '" + city() + "'"`)).toEqual([
    'record.@name',
    'city()',
  ]);
  expect(values(`'@name = \\'' + name + '\\''`)).toEqual(['name']);
  expect(values(`"@name LIKE '%" + part + "%'"`)).toEqual(['part']);
});

test('a value outside of quotes, or made fit for them, is not', () => {
  expect(values(`"@id = " + id`)).toEqual([]);
  expect(values(`"@name = " + NL.XTK.toXTKString(name)`)).toEqual([]);
  expect(values(`"@name = '" + escape(name) + "'"`)).toEqual([]);
  expect(values(`"@name = '" + sdk.escapeXtk(name) + "'"`)).toEqual([]);
  expect(values(`"@age = '" + parseInt(age, 10) + "'"`)).toEqual([]);
  expect(values(`"@name = 'it\\\\'s' AND @id = " + id`)).toEqual([]);
  expect(values(`"@name = '" + name.replace(/'/g, "\\\\'") + "'"`)).toEqual([]);
  expect(values(`"@code = 'spring-" + new Date().getFullYear() + "'"`)).toEqual([]);
  expect(values('condition')).toEqual([]);
});

test('what is not a concatenation of strings is left alone', () => {
  expect(values(`isOne ? "@a = 'b'" : "@a = 'c'"`)).toEqual([]);
  expect(values(`build("'" + name)`)).toEqual([]);
  expect(values(`"@name = '`)).toEqual([]);
  expect(values('')).toEqual([]);
});

test('the fix lets toXTKString write the quotes', () => {
  expect(fixed(`"@name = '" + name + "'"`)).toBe(`"@name = " + NL.XTK.toXTKString(name)`);
  expect(fixed(`"@name = '" + name + "' AND @id = 1"`)).toBe(
    `"@name = " + NL.XTK.toXTKString(name) + " AND @id = 1"`,
  );
});

test('there is no fix where the value is only part of the string', () => {
  expect(fixed(`"@name LIKE '%" + part + "%'"`)).toBeUndefined();
  expect(fixed(`'@name = \\'' + name + '\\''`)).toBeUndefined();
});

test('the literals of a script are checked', () => {
  const text = `var q = <queryDef schema="nms:recipient"><where><condition expr={"@email = '" + email + "'"}/></where></queryDef>;`;
  const { literals } = maskDocument('campaign-javascript', text);
  const [region] = findRegions('campaign-javascript', text, literals).queries;
  const document = TextDocument.create('file:///a.campaign.js', 'campaign-javascript', 1, text);
  const problems = checkQuery({ model: testModel, document, region: region! });
  expect(problems.map(({ code, start, end }) => `${code} ${text.slice(start, end)}`)).toEqual([
    'query/concat-injection email',
  ]);
});
