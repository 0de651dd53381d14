import type { Range } from 'vscode-languageserver-types';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { QueryContext } from './queryContext.ts';

/** Offsets to the lines and characters the editor counts in. */
export function toLspRange(context: Pick<QueryContext, 'document'>, range: TextRange): Range {
  return {
    start: context.document.positionAt(range.start),
    end: context.document.positionAt(range.end),
  };
}
