import { expect, test } from 'vitest';
import { isCampaignScript, needsServer } from '../../../client/languageClient/documents.ts';

function check(languageId: string, text: string): boolean {
  return needsServer({ languageId, uri: { scheme: 'file' }, getText: () => text });
}

test('the server starts for the languages of the extension', () => {
  expect(check('campaign-javascript', '')).toBe(true);
  expect(check('javascript', 'NLWS.x()')).toBe(false);
});

test('the server starts for XML whose root is Campaign’s, and for no other', () => {
  expect(check('xml', '<?xml version="1.0"?>\n<!-- note -->\n<queryDef schema="a:b"/>')).toBe(true);
  expect(check('xml', '<srcSchema>')).toBe(true);
  expect(check('xml', '<project><queryDef/></project>')).toBe(false);
  expect(check('xml', '<queryDefinition/>')).toBe(false);
  expect(check('xml', '')).toBe(false);
});

test.each([
  ['a query literal', 'var q = xtk.queryDef.create(<queryDef schema="nms:recipient"/>);', true],
  ['a literal and the API', 'var x = <a b="1"/>;\nlogInfo("done");', true],
  ['a loop over values and the API', 'for each (var r in rows) logInfo(r);', true],
  ['an attribute and the API', 'logInfo(row.@id + row..@name);', true],
  ['an address in a text', 'logInfo("user@example.com".length);', false],
  ['an attribute without the API', 'var a = row.@id;', false],
  ['a decorator', 'class A { @Input() for = 1; }', false],
  ['the API without a literal', 'var n = sqlSelect("a", "select 1");', false],
  ['a comparison', 'for (var i = 0; i <n; i++) logInfo(i);', false],
  ['JSX', 'import React from "react";\nconst a = (<div/>); logInfo(a);', false],
  ['a literal without the API', 'const svg = (<svg></svg>);', false],
  ['ordinary code', 'export const a = (b) => b < 3 && c > 4;', false],
])('plain JavaScript is taken for Campaign’s only when it has both signs: %s', (_name, text, expected) => {
  expect(isCampaignScript(text)).toBe(expected);
});
