import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { literalAt } from '../../../../server/language/javascript/positions.ts';
import { maskDocument } from '../../../../server/language/javascript/scriptDocument.ts';
import { isInStep, seededProbes, type Probe, type Subject } from '../../../support/mutations.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { testModel } from '../../../support/queryModel.ts';
import { fixtureScripts, scripts } from '../../../support/scripts.ts';

/** The promise: this much of what is half-typed is usable, and of what follows it is what it was. */
const leastUsable = 0.99;
const leastInStep = 0.97;

const folder = new URL('../../../fixtures/constructs/', import.meta.url);

const realistic: Subject[] = [...fixtureScripts].map(([name, text]) => ({
  name,
  languageId: 'campaign-javascript',
  text,
}));

const constructs: Subject[] = readdirSync(folder, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => /\.(?:js|jssp|jst)$/.test(name))
  .sort()
  .map((name) => ({
    name,
    languageId: name.endsWith('.js') ? 'campaign-javascript' : 'campaign-jssp',
    text: readFileSync(new URL(name, folder), 'utf8'),
  }));

/** Each script with four others behind it: alone, most are too short to have anything six lines behind an edit. */
const followed: Subject[] = constructs
  .filter(({ languageId }) => languageId === 'campaign-javascript')
  .map((subject, index, all) => {
    const others = [1, 6, 11, 16].map((step) => all[(index + step) % all.length]!);
    return { ...subject, text: [subject, ...others].map(({ text }) => `${text.trimEnd()}\n`).join('') };
  });

const templates = constructs.filter(({ languageId }) => languageId !== 'campaign-javascript');

/** One document edited again and again, as in an editor. */
const versions = { last: 0 };

function isUsable({ subject, text, cursor, wants }: Probe): boolean {
  const { languageId } = subject;
  if (wants === 'literal') return literalAt(maskDocument(languageId, text), cursor) !== undefined;
  const isScript = languageId === 'campaign-javascript';
  const declaration = isScript ? 'var probe = new File("x");\n' : '<% var probe = new File("x"); %>\n';
  const document = TextDocument.create(
    isScript ? 'file:///probe.js' : 'file:///probe.jssp',
    languageId,
    ++versions.last,
    declaration + text,
  );
  const { items } = scripts.completion(testModel, document, declaration.length + cursor);
  return items.some(({ label }) => label === 'readln');
}

interface Counts {
  usable: number;
  probes: number;
  inStep: number;
  steps: number;
}

const show = ({ usable, probes, inStep, steps }: Counts): string =>
  `usable ${usable}/${probes}, in step ${inStep}/${steps}`;

function measure(probes: readonly Probe[]): { total: Counts; report: string } {
  const total: Counts = { usable: 0, probes: 0, inStep: 0, steps: 0 };
  const rows = new Map<string, Counts>();
  for (const probe of probes) {
    const row = rows.get(probe.kind) ?? { usable: 0, probes: 0, inStep: 0, steps: 0 };
    rows.set(probe.kind, row);
    const inStep = isInStep(probe);
    const isProbed = probe.wants !== 'rest';
    const usable = isProbed && isUsable(probe);
    for (const counts of [row, total]) {
      if (isProbed) counts.probes++;
      if (usable) counts.usable++;
      if (inStep !== undefined) counts.steps++;
      if (inStep === true) counts.inStep++;
    }
  }
  return { total, report: [...rows].map(([kind, counts]) => `${kind}: ${show(counts)}`).join('\n') };
}

const cases: [name: string, subjects: readonly Subject[], further: boolean, seed: number, samples: number][] =
  [
    ['scripts as people write them', realistic, false, 20_240_601, 60],
    ['scripts dense with E4X', constructs, false, 20_240_601, 60],
    ['scripts dense with E4X and more behind them', followed, false, 20_240_602, 40],
    ['templates', templates, false, 20_240_603, 20],
    ['further edits of scripts as people write them', realistic, true, 20_240_604, 20],
    ['further edits of scripts dense with E4X', followed, true, 20_240_605, 30],
    ['further edits of templates', templates, true, 20_240_606, 10],
  ];

test.each(cases)(
  'half-typed text is usable and the rest stays what it is: %s',
  { timeout: 120_000 },
  (name, subjects, further, seed, samples) => {
    const probes = seededProbes(subjects, seed, samples, further);
    const { total, report } = measure(probes);
    console.log(`${report}\n${name}: ${show(total)}`);
    expect(total.probes).toBeGreaterThan(samples * 8);
    expect(total.steps).toBeGreaterThan(samples * 2);
    expect(total.usable / total.probes, show(total)).toBeGreaterThanOrEqual(leastUsable);
    expect(total.inStep / total.steps, show(total)).toBeGreaterThanOrEqual(leastInStep);
  },
);

/** What a line behind something half-typed becomes, blanks squeezed and the names of functions left out. */
function lineBehind(halfTyped: string, line: string): string {
  const { text } = maskDocument('campaign-javascript', `${halfTyped}\n${line}`);
  expect(text.length).toBe(halfTyped.length + 1 + line.length);
  return text
    .slice(halfTyped.length + 1)
    .replace(/ᐸ[0-9a-z]{4,8}(?=\()/g, 'ᐸ')
    .replace(/ +/g, ' ')
    .trim();
}

const behind: [name: string, halfTyped: string, line: string, expected: string][] = [
  ['a dot', 'probe.', 'for each (var r in x) f(r.@id);', 'for (var r of x) f(r.ꙩid);'],
  ['a dot in a call', 'f(probe.', 'return <a/>;', 'return ᐸ( );'],
  ['a dot in a condition', 'if (probe.', 'if (x) <a b={c}/>;', 'if (x) ᐸ(c, );'],
  ['a dot above a function', 'x.', '(function () { f(a.@b); }());', '(function () { f(a.ꙩb); }());'],
  ['a call', 'f(a, ', 'default xml namespace = "urn:x";', 'var ᐸxmlns = "urn:x";'],
  ['an object in a call', 'f({a: {b: ', 'if (x) { <a b={c}/>; }', 'if (x) { ᐸ(c, ); }'],
  ['an array in a filter', 'x.(@a == [', 'while (x) /[<a>]/.test(y);', 'while (x) /[<a>]/.test(y);'],
  ['a hole with an open call', 'f(<a b={g(', 'var x = y.@z;', 'var x = y.ꙩz;'],
  ['a comment in a literal', 'f(<a><!-- ', 'var x = <b><!-- c --></b>;', 'var x = ᐸ( );'],
  ['character data', 'f(<a><![CDATA[', 'var x = <b><![CDATA[c]]></b>;', 'var x = ᐸ( );'],
  ['a tag whose end tag has another name', 'f(<que', '<a/></query>); x.@y = 1;', ')); x.ꙩy = 1;'],
  ['a comment before a decrement', 'f(<a><!-- ', 'while (n-->0) x.@y = 1;', 'while (n-->0) x.ꙩy = 1;'],
  ['a comment as a literal', 'x = <!-- ', 'while (n-->0) x.@y = 1;', 'while (n-->0) x.ꙩy = 1;'],
  ['an instruction', 'x = <?xml-stylesheet href="', 'var x = <b><?php c ?></b>;', 'var x = ᐸ( );'],
  ['character data as a literal', 'x = <![CDATA[a', 'var x = <b><![CDATA[c]]></b>;', 'var x = ᐸ( );'],
  ['a declaration of nothing', 'x = <!', 'var x = y.@z;', 'var x = y.ꙩz;'],
  ['an end tag without its name', 'f(<a><b>c</', 'var x = y.@z;', 'var x = y.ꙩz;'],
  ['an element', 'f(<a>', 'default xml namespace = "urn:x";', 'var ᐸxmlns = "urn:x";'],
  ['an attribute value', 'f(<a b="', 'delete x.@y;', 'delete x.ꙩy;'],
];

test.each(behind)('a line behind %s is what it is', (_name, halfTyped, line, expected) =>
  expect(lineBehind(halfTyped, line)).toBe(expected),
);

test.each([
  'x = <a b="c$0\n  d.e="f"\n  g="h"/>;',
  'x = <a\n  d.e="f"\n  g="$0\n  h="i"/>;',
  'x = <a>\n  <b>c</$0\nvar y = 1;',
  'x = <a><b>c</b></a$0\nvar y = 1;',
  'x = <![CD$0\nvar y = 1;',
  'x = <!$0',
  'x = <t>\n  $0e={style}>{text}</d>\n</t>;',
])('the cursor is in the literal: %s', (marked) => {
  const { text, offset } = takeCursor(marked);
  expect(literalAt(maskDocument('campaign-javascript', text), offset)).toBeDefined();
});

test.each([
  'x = <a><!-- one\n  two --><?b c?><![CDATA[<![CDATA[\nvar y = 1;]]></a>;',
  'x = <a><!--\nvar y = 1;\n--></a>;',
  'x = <![CDATA[<![CDATA[ twice ]]>;',
  'x = <!-- two\n  lines -->;',
])('a whole literal may contain what looks half-typed: %s', (text) => {
  const [literal] = maskDocument('campaign-javascript', text).literals;
  expect(literal).toMatchObject({ start: 4, end: text.length - 1, closed: true });
});

test.each([
  'promise.\n  catch(function (e) {})\n  .then(f)',
  'x.\n  return(y)',
  'f({ if: 1, get return() { return 1; }, catch(e) {}, async for() {}, *do() {} });',
  'f({ a: 1, // says why\n  catch(e) { return /<a>/; } });',
  'for (var i = 0, n = f(a, b); i < n; i++) for (const a in b) c;',
])('words of statements that are names stay names: %s', (source) =>
  expect(maskDocument('campaign-javascript', source).text).toBe(source),
);

test('the measurement sees a script that is out of step', () => {
  const lines = (count: number): string => 'x = <a b={c}/>;\n'.repeat(count);
  const subject = { name: 'lines', languageId: 'campaign-javascript', text: lines(12) };
  const edit = { kind: 'a comment begun', wants: 'rest', subject, cursor: 2, rest: 0 } as const;
  expect(isInStep({ ...edit, text: `/*${subject.text}` })).toBe(false);
  expect(isInStep({ ...edit, text: `//${subject.text}` })).toBe(true);
  // Nothing is left where six lines behind the edit the script ends.
  const short = { ...subject, text: lines(6) };
  expect(isInStep({ ...edit, subject: short, text: `/*${short.text}` })).toBeUndefined();
});
