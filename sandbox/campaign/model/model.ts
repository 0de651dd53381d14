import { parseSchema } from '../../../core/schema/parseSchema.ts';
import type { Schema, SchemaSource } from '../../../core/schema/schema.ts';
import { storageOf, type Storage } from './columns.ts';

/** The compiled schemas of the instance and where their rows are. */
export class Model implements SchemaSource {
  private readonly schemas = new Map<string, Schema>();
  private readonly texts = new Map<string, string>();
  private readonly storages = new Map<string, Storage | undefined>();

  /** Adds or replaces a compiled schema. @throws Error when the text is no schema. */
  put(xml: string): Schema {
    const { schema, problems } = parseSchema(xml);
    if (schema === undefined) throw new Error(problems[0]?.message ?? 'The document is no schema.');
    this.schemas.set(schema.id, schema);
    this.texts.set(schema.id, xml);
    this.storages.clear();
    return schema;
  }

  remove(id: string): void {
    this.schemas.delete(id);
    this.texts.delete(id);
    this.storages.clear();
  }

  getSchema(id: string): Schema | null {
    return this.schemas.get(id) ?? null;
  }

  /** The compiled document. */
  textOf(id: string): string | undefined {
    return this.texts.get(id);
  }

  ids(): string[] {
    return [...this.schemas.keys()];
  }

  storage(id: string): Storage | undefined {
    if (!this.storages.has(id)) {
      const schema = this.schemas.get(id);
      this.storages.set(id, schema && storageOf(this, schema));
    }
    return this.storages.get(id);
  }
}
