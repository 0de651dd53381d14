import { resolveReference } from '../../../core/schema/resolveReference.ts';
import { isTemporarySchema } from '../../../core/schema/schema.ts';
import { attributeOf, type XmlElement } from '../../../core/xml/xmlTree.ts';
import { closestName } from '../closestName.ts';
import { replaceFix } from '../queryDef/queryProblem.ts';
import { ownSchemaIds } from './completedSchema.ts';
import type { SchemaContext } from './schemaContext.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { valueRange } from './structureChecks.ts';

/**
 * Checks where `ref`, `template` and `aggregate` of an element lead.
 * Source: Campaign Classic documentation, reference of the three; that one colon is not enough is a rule of Adobe's SDK.
 */
export function checkReuse(
  context: SchemaContext,
  element: XmlElement,
  problems: SchemaSourceProblem[],
): void {
  for (const name of ['ref', 'template', 'aggregate']) {
    const reference = attributeOf(element, name)?.value.trim() ?? '';
    if (reference === '' || isTemporarySchema(reference)) continue;
    const range = valueRange(element, name);
    const colons = reference.split(':').length - 1;
    if (name === 'ref' && colons === 1) {
      const message =
        'A ref has no colon, for a definition of this schema, or two: namespace:schema:definition.';
      problems.push(schemaProblem('schema/ref-unknown', range, message));
      continue;
    }
    // [?] No document shows a template or an aggregate of the same schema, so a name alone may mean another thing.
    if (name !== 'ref' && colons === 0) continue;
    const result = resolveReference(context.source, ownSchemaIds(context), reference);
    if (result.kind === 'schemaMissing') {
      const ids = (context.model.listSchemas() ?? []).map(({ id }) => id);
      const meant = closestName(result.schemaId, ids);
      const message = `There is no schema ${result.schemaId}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
      const newText = meant === undefined ? '' : reference.replace(result.schemaId, meant);
      const fix = meant === undefined ? undefined : replaceFix(`Change to ${newText}`, range, newText);
      problems.push(schemaProblem('schema/ref-unknown', range, message, fix));
    } else if (result.kind === 'missing') {
      const names = definitionNames(context, result.schemaId);
      const meant = result.path.includes('/') ? undefined : closestName(result.path, names);
      const message = `${result.schemaId} has no definition ${result.path}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
      const newText = meant === undefined ? '' : reference.replace(/[^:]*$/, meant);
      const fix = meant === undefined ? undefined : replaceFix(`Change to ${newText}`, range, newText);
      problems.push(schemaProblem('schema/ref-unknown', range, message, fix));
    }
  }
}

function definitionNames({ source }: SchemaContext, schemaId: string): string[] {
  const schema = source.getSchema(schemaId);
  const lists = [schema?.definitions, schema?.attributeDefinitions, schema?.enumerations];
  return lists.flatMap((list) => [...(list?.keys() ?? [])]);
}
