import { parseSchema } from '../../../core/schema/parseSchema.ts';
import type { Schema, SchemaSource } from '../../../core/schema/schema.ts';
import { elements, parseElement, type Element } from '../xml/element.ts';
import { storageOf, type Column, type Storage } from './columns.ts';

/** The compiled schemas of the instance and where their rows are. */
export class Model implements SchemaSource {
  private readonly schemas = new Map<string, Schema>();
  private readonly texts = new Map<string, string>();
  private readonly filters = new Map<string, readonly Element[]>();
  private readonly storages = new Map<string, Storage | undefined>();

  /** Adds or replaces a compiled schema. @throws Error when the text is no schema. */
  put(xml: string): Schema {
    const { schema, problems } = parseSchema(xml);
    if (schema === undefined) throw new Error(problems[0]?.message ?? 'The document is no schema.');
    this.schemas.set(schema.id, schema);
    this.texts.set(schema.id, xml);
    this.filters.delete(schema.id);
    this.storages.clear();
    return schema;
  }

  /** Runs changes of the model that all hold, or none. */
  guarded<T>(action: () => T): T {
    const before = [new Map(this.schemas), new Map(this.texts)] as const;
    try {
      return action();
    } catch (error) {
      this.schemas.clear();
      this.texts.clear();
      for (const [id, schema] of before[0]) this.schemas.set(id, schema);
      for (const [id, text] of before[1]) this.texts.set(id, text);
      this.filters.clear();
      this.storages.clear();
      throw error;
    }
  }

  remove(id: string): void {
    this.schemas.delete(id);
    this.texts.delete(id);
    this.filters.delete(id);
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

  /** The `sysFilter` elements of a schema's main element: who may read and write its rows. */
  systemFilters(id: string): readonly Element[] {
    const known = this.filters.get(id);
    if (known !== undefined) return known;
    const text = this.texts.get(id) ?? '';
    const name = this.schemas.get(id)?.root?.name;
    // Most schemas have none; their text need not be read twice.
    const root = text.includes('<sysFilter') ? parseElement(text) : undefined;
    const main = root && elements(root, 'element').find((element) => element.attributes.get('name') === name);
    const found = main === undefined ? [] : elements(main, 'sysFilter');
    this.filters.set(id, found);
    return found;
  }

  /** The field that marks rows as deleted, where the schema has a recycle bin. */
  deleteMark(id: string): Column | undefined {
    const start = /<schema\b[^>]*>/.exec(this.texts.get(id) ?? '')?.[0] ?? '';
    return /\suseRecycleBin="true"/.test(start) ? this.storage(id)?.byXPath.get('@deleteStatus') : undefined;
  }

  storage(id: string): Storage | undefined {
    if (!this.storages.has(id)) {
      const schema = this.schemas.get(id);
      this.storages.set(id, schema && storageOf(this, schema));
    }
    return this.storages.get(id);
  }
}
