import { scriptContext } from '../scriptContext.ts';
import { scriptProblem } from '../scriptProblem.ts';
import type { NodeCheck } from './scriptCheck.ts';

/**
 * A control rule says with `return` whether the delivery passes.
 * Source: Campaign documentation, "Control rules".
 */
export const ruleResult: NodeCheck = {
  kinds: ['SourceFile'],
  *check({ ts, project, text, file }) {
    const { uri, languageId } = project.document;
    if (!ts.isSourceFile(file) || scriptContext(uri, languageId) !== 'typologyRule') return;
    const last = file.statements.findLast(({ pos, end }) => pos < text.length && end <= text.length);
    if (last === undefined || /\breturn\b/.test(text)) return;
    yield scriptProblem(
      'script/rule-without-result',
      { start: last.getStart(file), end: last.end },
      'A control rule ends with return true, which lets the delivery pass, or return false.',
      {
        title: 'Let the delivery pass at the end',
        edits: [{ start: last.end, end: last.end, newText: '\nreturn true;' }],
      },
    );
  },
};
