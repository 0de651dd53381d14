import { scriptProblem } from '../scriptProblem.ts';
import type { LiteralCheck } from './scriptCheck.ts';

/** Source: XML 1.0 reserves the target `xml`; the engine refuses it in a literal. */
export const checkXmlDeclaration: LiteralCheck = function* ({ text }, { start, end }) {
  if (!/^<\?xml[\s?]/i.test(text.slice(start, start + 7))) return;
  // Alone it is all the value there is, and taking it away would leave nothing.
  const rest = /^\s*(?=<)/.exec(text.slice(end, end + 200));
  const fix = rest && {
    title: 'Remove the XML declaration',
    edits: [{ start, end: end + rest[0].length, newText: '' }],
  };
  yield scriptProblem(
    'script/xml-declaration',
    { start, end },
    'A literal has no XML declaration; leave it out.',
    fix ?? undefined,
  );
};
