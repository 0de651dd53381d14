import { expect, test } from 'vitest';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { linkedTags } from '../../../server/language/linkedTags.ts';
import { openScript, scripts } from '../../support/scripts.ts';
import { takeCursor } from '../../support/cursor.ts';

/** The text with the linked names in `«»`. */
function mark(text: string, ranges: { start: number; end: number }[] | undefined): string {
  return [...(ranges ?? [])].reverse().reduce((shown, { start, end }) => {
    return `${shown.slice(0, start)}«${shown.slice(start, end)}»${shown.slice(end)}`;
  }, text);
}

function linked(marked: string): string {
  const { text, offset } = takeCursor(marked);
  return mark(text, linkedTags(text, parseXml(text), offset));
}

function linkedInScript(marked: string): string {
  const { document, offset } = openScript(marked);
  return mark(document.getText(), scripts.linkedTags(document, offset));
}

test('the names of both tags are linked, from either of them', () => {
  expect(linked('<a><wh$0ere>x</where></a>')).toBe('<a><«where»>x</«where»></a>');
  expect(linked('<a><where>x</whe$0re></a>')).toBe('<a><«where»>x</«where»></a>');
  expect(linked('<a><where$0>x</where></a>')).toBe('<a><«where»>x</«where»></a>');
  expect(linked('<a x="1"><b/></$0a>')).toBe('<«a» x="1"><b/></«a»>');
});

test('outside of the names nothing is linked', () => {
  for (const text of ['<a $0b="1"></a>', '<a>$0x</a>', '<a$0/>', '<a$0>', '<$0', '$0<a></a>', '<a></a $0>'])
    expect(linked(text)).toBe(text.replace('$0', ''));
});

test('in the literals of a script, holes and computed names included', () => {
  expect(linkedInScript('x = <a b={c}><li$0st>{d}</list></a>;')).toBe(
    'x = <a b={c}><«list»>{d}</«list»></a>;',
  );
  expect(linkedInScript('x = <a>{<b$0></b>}</a>;')).toBe('x = <a>{<«b»></«b»>}</a>;');
  expect(linkedInScript('x = <{n}>a</{n$0}>;')).toBe('x = <{n}>a</{n}>;');
  expect(linkedInScript('if (a <b && c > d$0) f();')).toBe('if (a <b && c > d) f();');
});
