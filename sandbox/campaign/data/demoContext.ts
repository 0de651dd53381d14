/** A stored value; instants are ISO 8601 in UTC, dates `yyyy-mm-dd`, booleans 0 or 1. */
export type DemoValue = string | number | null;

/**
 * One row. Keys are xpaths of stored fields: `@id`, `@folder-id`, `location/@city`, `comment`.
 * `data`, where present, is the XML body: a document whose root is the main element and which holds what the schema
 * stores in XML, e.g. `<workflow><activities>…`. That includes `xtk:javascript`: `<javascript><data>…code…</data></javascript>`.
 */
export interface DemoRow {
  schemaId: string;
  row: Record<string, DemoValue>;
}

/** The first id of every sequence; those below are reserved, as on a real instance. */
export const firstId = 1001;

const dayMs = 86_400_000;

/** What the parts of the demo data share: the time, the ids handed out, and the ids of what other rows refer to. */
export class DemoContext {
  readonly now: Date;
  private readonly nextIds = new Map<string, number>();
  private readonly idsByKey = new Map<string, number>();

  constructor(now: Date) {
    this.now = now;
  }

  /** The next id of a sequence. As on an instance, most tables share one, large tables have their own. */
  newId(sequence = 'XtkNewId'): number {
    const id = this.nextIds.get(sequence) ?? firstId;
    this.nextIds.set(sequence, id + 1);
    return id;
  }

  /** A new id that other rows will ask for by `key`, the record's internal name. */
  newNamedId(schemaId: string, key: string): number {
    const id = this.newId();
    this.idsByKey.set(`${schemaId}|${key}`, id);
    return id;
  }

  /** @throws Error when no record of that name came before. */
  idOf(schemaId: string, key: string): number {
    const id = this.idsByKey.get(`${schemaId}|${key}`);
    if (id === undefined) throw new Error(`The demo data has no ${schemaId} called "${key}".`);
    return id;
  }

  /** The instant `days` before now; fractions count. */
  instant(daysAgo: number): string {
    return new Date(this.now.getTime() - Math.round(daysAgo * dayMs)).toISOString();
  }

  /** The date `days` before today. */
  date(daysAgo: number): string {
    return this.instant(daysAgo).slice(0, 10);
  }
}
