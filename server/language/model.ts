import type { OptionEntry, SchemaListEntry } from '../../core/protocol/messages.ts';
import type { SchemaSource } from '../../core/schema/schema.ts';

/**
 * The data model as a language feature sees it: synchronous, and free to say "not known yet".
 *
 * A feature is a function over (model, document, offset) and never waits. What it asks for and is not at hand begins to
 * load; the caller runs the feature again when it has arrived (`server/dataModel.ts`). So a feature must only ask for
 * what it needs, and must treat "not known" as "nothing to say", never as "does not exist".
 */
export interface LanguageModel extends SchemaSource {
  /**
   * Every schema of the model, by id; `undefined` while the list is not known, or when there is no model at all.
   * A schema that is missing from the list does not exist.
   */
  listSchemas(): readonly SchemaListEntry[] | undefined;
  /** The platform options of the instance, by name; `undefined` while they are not known. Absent: there are none to know. */
  listOptions?(): readonly OptionEntry[] | undefined;
  /**
   * The text of a library of the instance, e.g. `cus:common.js`; `null` when it has none of that name, `undefined` while
   * it is not known. Absent: there is no instance.
   */
  getLibrary?(name: string): string | null | undefined;
}

/** A place in the XML of a schema; offsets are those of the schema's own text. */
export interface SchemaTarget {
  schemaId: string;
  start: number;
  end: number;
}

/** The model where there is none: everything is unknown. */
export const emptyModel: LanguageModel = {
  getSchema: () => undefined,
  listSchemas: () => undefined,
};
