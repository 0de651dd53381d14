import { isTemporarySchema, splitSchemaId } from '../../../core/schema/schema.ts';
import { entityVariables } from '../api/jsApi.ts';
import { nlwsName } from '../api/modelTypings.ts';
import type { LanguageModel } from '../model.ts';

/** More than a script can sensibly use; keeps a text that names every schema from loading the model. */
const mostSchemas = 60;

/** Names that lead to a schema id: `nms.recipient`, `nmsRecipient`. */
export type SchemaNames = ReadonlyMap<string, string>;

/** How scripts write the schemas of a model. */
export function schemaNames(ids: readonly string[]): SchemaNames {
  const names = new Map<string, string>();
  for (const id of ids) {
    const { namespace, name } = splitSchemaId(id);
    names.set(id, id);
    names.set(`${namespace}.${name}`, id);
    names.set(`NLWS.${nlwsName(namespace, name)}`, id);
  }
  return names;
}

/** The words of a script, whatever they stand for. */
export function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? []);
}

/**
 * The schemas whose declarations a script needs: those it names, and behind their links those it names a link to.
 * @param literalIds schemas its literals name.
 */
export function wantedSchemas(
  model: LanguageModel,
  names: SchemaNames,
  text: string,
  words: ReadonlySet<string>,
  literalIds: Iterable<string>,
): string[] {
  const wanted = new Set<string>();
  const add = (id: string | undefined): void => {
    if (id === undefined || id === '' || wanted.size >= mostSchemas) return;
    // Temporary schemas are known where the script itself writes them.
    if (!isTemporarySchema(id) || model.getSchema(id)) wanted.add(id);
  };
  for (const id of literalIds) add(id);
  for (const match of text.match(/[A-Za-z][\w-]*[:.][A-Za-z][\w-]*/g) ?? []) add(names.get(match));
  for (const [word, id] of Object.entries(entityVariables)) if (words.has(word)) add(names.get(id));
  // A set may grow while it is walked: what is added is visited, too.
  for (const id of wanted) {
    const root = model.getSchema(id)?.root;
    if (root === undefined) continue;
    for (const element of root.elements.values()) if (words.has(element.name)) add(element.target);
  }
  return [...wanted];
}
