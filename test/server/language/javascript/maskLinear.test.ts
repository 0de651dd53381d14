import { expect, test } from 'vitest';
import { maskScript } from '../../../../server/language/javascript/mask.ts';
import { maskTemplate } from '../../../../server/language/javascript/maskTemplate.ts';

/** Characters read again for each character of the text, at most, whatever the text is. */
const mostRereads = 6;

function checkLinear(text: string): void {
  const { text: masked, rereadCount } = maskScript(text);
  expect(masked.length).toBe(text.length);
  expect(rereadCount).toBeLessThanOrEqual(mostRereads * text.length + 100_000);
}

const cases: [name: string, text: string][] = [
  [
    'literals that are never closed',
    `${'var x = <queryDef schema="nms:recipient">\n  <select>\n'.repeat(20)}${'f(a, b);\n'.repeat(30_000)}`,
  ],
  ['many literals that are never closed', 'f(<a>'.repeat(100_000)],
  ['literals begun on each line', 'x = <a b="1"\n'.repeat(50_000)],
  ['elements nested without end', '<a>'.repeat(200_000)],
  ['elements nested and closed', `x = ${'<a>'.repeat(2_000)}${'</a>'.repeat(2_000)};`],
  ['literals in holes of literals', `x = ${'<a>{'.repeat(2_000)}1${'}</a>'.repeat(2_000)};`],
  ['holes that are never closed', `x = ${'<a b={c '.repeat(50_000)}`],
  ['holes in holes, broken at the end', `x = ${'<a>{'.repeat(5_000)}`],
  ['brackets that are never closed', `${'('.repeat(200_000)}${']'.repeat(200_000)}`],
  ['braces that are never closed', `x = <a>${'{'.repeat(200_000)}`],
  ['regular expressions that are never closed', '(/[('.repeat(200_000)],
  ['one line of a megabyte', `x = <a>${'b '.repeat(500_000)}</a>`],
  ['one line of a megabyte, not closed', `x = <a b="1" ${'c '.repeat(500_000)}`],
  ['quotes that are never closed', 'x = <a b="c <d>\n'.repeat(50_000)],
  ['alternating quotes', `x = <a b=${`"'`.repeat(200_000)}`],
  ['end tags without a start', `x = <a>${'</b>'.repeat(100_000)}`],
  ['comments that are never closed', 'x = <a><!-- '.repeat(50_000)],
  ['comments that are never closed, a line each', 'x = <a><!-- \n'.repeat(50_000)],
  ['character data closed once for all', `${'x = <a><![CDATA[\n'.repeat(50_000)}]]>`],
  ['instructions that are never closed', 'x = <a><?b \n'.repeat(50_000)],
  ['end tags of other elements', `x = ${'<a>'.repeat(50_000)}${'</b>\n'.repeat(50_000)}`],
  ['end tags of every other element', `x = ${'<a>'.repeat(50_000)}${'<b></a>\n'.repeat(50_000)}`],
  ['words of statements in open brackets', 'f({a: [var x.\nif ('.repeat(50_000)],
  ['methods named like statements', `f({/*${' '.repeat(300_000)}*/${'get if '.repeat(50_000)}`],
  ['comments in heads', `for (${'/* a */'.repeat(50_000)} ${'var '.repeat(50_000)}`],
  ['dots above statements', 'x.\n\n\n\nvar '.repeat(50_000)],
  ['filters that are never closed', 'x.(@a '.repeat(100_000)],
  ['for each begun', 'for each ('.repeat(50_000)],
  ['white space', `default${' '.repeat(500_000)}`],
  ['conditions of the conditional operator', 'a ? '.repeat(200_000)],
  ['functions without braces', 'function (a) b '.repeat(50_000)],
  ['parameters that are never closed', 'function (a'.repeat(50_000)],
  ['comprehensions in comprehensions', '[a for (b in c) '.repeat(50_000)],
  ['conditional catches', '} catch (e if a) {'.repeat(50_000)],
  ['sharp variables', '#1='.repeat(100_000)],
  ['templates in templates', '`${'.repeat(100_000)],
];

test.each(cases)('is linear in %s', (_name, text) => checkLinear(text));

test('nests far deeper than scripts do, without running out of stack', () => {
  const depth = 20_000;
  expect(() => maskScript(`x = ${'<a>{'.repeat(depth)}1${'}</a>'.repeat(depth)};`)).not.toThrow();
  expect(() => maskScript('f(['.repeat(depth))).not.toThrow();
});

test('any text at all gives a text of the same length', () => {
  const alphabet = '<>/={}()[]"\'`@.*:;!?-#$\\ab \n\rforeach<a</a>{}CDATA[<%%>';
  let state = 7;
  for (let round = 0; round < 3_000; round++) {
    let text = '';
    for (let at = 0; at < 60; at++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      text += alphabet.charAt((state >> 8) % alphabet.length);
    }
    expect(maskScript(text).text.length, text).toBe(text.length);
    expect(maskTemplate(text).length, text).toBe(text.length);
  }
});
