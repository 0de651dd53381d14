import { referencedSchemaIds } from '../../core/schema/describe/definitionFields.ts';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import type { Schema, SchemaSource } from '../../core/schema/schema.ts';
import { CampaignError } from '../../core/soap/campaignError.ts';

/** Loads the schemas that others borrow definitions from, each once: they are few, and many borrow from them. */
export class ReferencedSchemas {
  /** Promises, since pages are written several at once. */
  readonly #schemas = new Map<string, Promise<Schema | null>>();

  /**
   * The schemas whose definitions a schema refers to, and those that these refer to.
   * @param load gives the text of a schema, `null` when there is none. What it refuses with a fault is done without.
   */
  async collect(schema: Schema, load: (id: string) => Promise<string | null>): Promise<SchemaSource> {
    const found = new Map<string, Schema | null>();
    const pending = [schema];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const id of referencedSchemaIds(next)) {
        if (found.has(id) || id === schema.id) continue;
        const loaded = await this.#load(id, load);
        found.set(id, loaded);
        if (loaded !== null) pending.push(loaded);
      }
    }
    return { getSchema: (id) => found.get(id) };
  }

  #load(id: string, load: (id: string) => Promise<string | null>): Promise<Schema | null> {
    const known = this.#schemas.get(id) ?? loadSchema(id, load);
    this.#schemas.set(id, known);
    return known;
  }
}

async function loadSchema(id: string, load: (id: string) => Promise<string | null>): Promise<Schema | null> {
  try {
    const xml = await load(id);
    return xml === null ? null : (parseSchema(xml).schema ?? null);
  } catch (error) {
    if (error instanceof CampaignError && error.code === 'fault') return null;
    throw error;
  }
}
