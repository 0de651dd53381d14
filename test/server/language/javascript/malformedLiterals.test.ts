import { expect, test } from 'vitest';
import { checkScript, checkScriptFix, scriptFixes, scriptProblems } from '../../../support/checkScript.ts';

test.each([
  'x = <a>«<b»></a>;',
  'x = <a>«<b»></c></a>;',
  'x = <a b="1" «b»="2"/>;',
  "x = <a b={c} «b»='2'><d/></a>;",
  'x = <a b=«c»/>;',
  'x = <a «b»/>;',
  'f(<a>{<b>«<c»></b>}</a>);',
  'x = <>«<a»></>;',
  'x = <a><b>«<c»></b>{d}</a>;',
])('what makes a literal no XML is reported once: %s', (marked) => {
  const text = marked.replace(/[«»]/g, '');
  const found = scriptProblems(text).filter(({ code }) => code === 'script/literal-malformed');
  expect(found).toHaveLength(1);
  const { start, end } = found[0]!;
  expect(`${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`).toBe(marked);
});

test.each([
  'x = <{t} a="1"/>;',
  'x = <{t}>a</{t}>;',
  'x = <{t}><b/></name>;',
  'x = <a {n}="v" {m}={v}/>;',
  'x = <a {n}="v" {n}="w"/>;',
  'x = <></>;',
  'x = <><a/>text{x}<b/></>;',
  'x = <!-- a -- b -->;',
  'x = <![CDATA[ a < b ]]>;',
  'x = <a><![CDATA[ <b> ]]></a>;',
  'x = <?target a="1" a="2"?>;',
  'x = <a b="x < y" c=\'>\'/>;',
  'x = <a>{<b c={<d e="f"/>}/>}</a>;',
  'x = <s:a xmlns:s="u" a="1" s:a="2"><s:b/></s:a>;',
  'x = <a\n  b = "1"\n></a >;',
  'x = <a>1 < 2, a & b, &nbsp;</a>;',
])('every form of a literal that is one is let pass: %s', (text) => checkScript(text));

test('a literal deeper than anybody writes is not judged', () => {
  checkScript(`x = ${'<a>'.repeat(3_000)}${'</a>'.repeat(3_000)};`);
});

test('a value without quotes becomes an expression or text', () => {
  checkScriptFix('x = <a b=r.@id/>;', 'Write {r.@id}', 'x = <a b={r.@id}/>;');
  checkScriptFix('x = <a b=c/>;', 'Write "c"', 'x = <a b="c"/>;');
  expect(scriptFixes('x = <a b=2+c/>;')).toEqual(['Write "2+c"']);
});

test('a literal that is still being typed has its own problem, and a query, too', () => {
  const codes = (text: string): string[] => scriptProblems(text).map(({ code }) => code);
  expect(codes('x = <a><b c="1" c="2">')).toEqual(['script/literal-unclosed']);
  expect(codes('x = <queryDef schema="nms:recipient" schema="nms:recipient"/>;')).toEqual([]);
});
