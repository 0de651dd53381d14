import { expect, test } from 'vitest';
import { campaignRootOf } from '../../../core/xml/campaignRoot.ts';
import { findRootTag } from '../../../core/xml/rootElement.ts';

test.each([
  ['<queryDef schema="nms:recipient"/>', 'queryDef'],
  ['<?xml version="1.0"?>\n<!-- a > b --> <xtk:queryFilter/>', 'queryDef'],
  ['<querydef', 'queryDef'],
  ['\uFEFF<srcSchema name="a">', 'srcSchema'],
  ['<workflow label="a" internalName="WKF1"><activities/></workflow>', 'entity'],
  ['<workflow>\n  <activities>', 'entity'],
  ['<workflow xmlns="urn:xtk:workflow"/>', 'entity'],
  ['<package buildNumber="*">', 'entity'],
  ['<package>\n<desc>x</desc><entities schema="xtk:workflow"/></package>', 'entity'],
  ['<entities schema="nms:webApp">', 'entity'],
  ['<form name="recipient" namespace="cus">', 'entity'],
  ['<navtree name="all" namespace="cus"/>', 'entity'],
  ['<javascript namespace="cus" name="a.js"><data/></javascript>', 'entity'],
  ['<delivery internalName="DM1"/>', 'entity'],
])('%s is ours', (text, kind) => expect(campaignRootOf(text)).toBe(kind));

test.each([
  '',
  'text',
  '<',
  '<!-- <queryDef/> -->',
  '<project><queryDef/></project>',
  '<package xmlns="http://schemas.microsoft.com/packaging/2010/07/nuspec.xsd"><metadata/></package>',
  '<workflow name="build"><step run="make"/></workflow>',
  '<workflow-app xmlns="uri:oozie:workflow:0.5" name="a"/>',
  '<form action="/login"><input name="a"/></form>',
  '<entities><entity name="a"/></entities>',
  '<delivery date="2024-01-01"/>',
  '<constructor/>',
])('%s is not ours', (text) => expect(campaignRootOf(text)).toBeUndefined());

test('a document type is passed over, with its internal subset', () => {
  expect(findRootTag('<!DOCTYPE a [ <!ELEMENT a (#PCDATA)> ]>\n<a b="c">')).toEqual({
    localName: 'a',
    start: 40,
    end: 49,
  });
});

test('thousands of comments without an element are read once', () => {
  expect(findRootTag('<!-- a -->'.repeat(100_000) + '<1')).toBeUndefined();
});
