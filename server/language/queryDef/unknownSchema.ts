import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { closestName } from '../closestName.ts';
import type { LanguageModel } from '../model.ts';
import { queryProblem, replaceFix, type QueryProblem } from './queryProblem.ts';

/**
 * The problem of a schema id the model does not have, with the one that was probably meant.
 * @param range the id in the document.
 */
export function unknownSchema(model: LanguageModel, schemaId: string, range: TextRange): QueryProblem {
  const ids = (model.listSchemas() ?? []).map(({ id }) => id);
  const close =
    closestName(schemaId, ids) ??
    ids.find((id) => id.endsWith(`:${schemaId.slice(schemaId.indexOf(':') + 1)}`));
  const message =
    `There is no schema ${schemaId} in the data model.` +
    (close === undefined
      ? ' Check the spelling, or refresh the model if it was added since.'
      : ` Did you mean ${close}?`);
  const fix = close === undefined ? undefined : replaceFix(`Write ${close}`, range, close);
  return queryProblem('query/schema-unknown', range, message, fix);
}
