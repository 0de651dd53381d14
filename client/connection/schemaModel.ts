import type { SchemaListEntry } from '../../core/protocol/messages.ts';
import { CampaignError } from '../../core/soap/campaignError.ts';
import type { SoapClient } from '../../core/soap/soapClient.ts';
import type { ModelState } from './connections.ts';
import type { SchemaCache } from './schemaCache.ts';

/** Rows asked for at once; a plain instance has about 200 schemas, a large one 2,000. */
const pageRows = 5_000;

const columns = ['@namespace', '@name', '@label', '@md5'] as const;

function toListQuery(withHashes: boolean, startLine: number): string {
  const nodes = columns
    .filter((column) => withHashes || column !== '@md5')
    .map((column) => `<node expr="${column}"/>`)
    .join('');
  return (
    `<queryDef schema="xtk:schema" operation="select" lineCount="${pageRows}" startLine="${startLine}" xtkschema="xtk:queryDef">` +
    `<select>${nodes}</select><orderBy><node expr="@namespace"/><node expr="@name"/></orderBy></queryDef>`
  );
}

/** The schemas of one instance: list and texts, from disk where the hash is current, else from the instance. */
export class SchemaModel {
  readonly #cache: SchemaCache;
  readonly #soap: SoapClient;
  /** Rejects when asking the instance would mean asking a person for a password out of the blue. */
  readonly #assertReachable: () => Promise<void>;
  readonly #loading = new Map<string, Promise<string | null>>();
  #refreshing: Promise<string[]> | undefined;
  /** Schemas without a listed hash whose stored text was compared with the instance since the start. */
  readonly #compared = new Set<string>();

  constructor(cache: SchemaCache, soap: SoapClient, assertReachable: () => Promise<void>) {
    this.#cache = cache;
    this.#soap = soap;
    this.#assertReachable = assertReachable;
  }

  /** The list; read from the instance only when there is none on disk. */
  async list(): Promise<readonly SchemaListEntry[]> {
    const index = await this.#cache.readIndex();
    if (index !== undefined) return index.schemas;
    await this.#assertReachable();
    await this.refresh();
    return (await this.#cache.readIndex())?.schemas ?? [];
  }

  /** How old the list on disk is; `undefined` when there is none. */
  async state(): Promise<ModelState | undefined> {
    const index = await this.#cache.readIndex();
    return index && { schemaCount: index.schemas.length, checkedAt: index.refreshedAt };
  }

  /** The text of a schema; `null` when the instance has none of that id. Concurrent requests for one id are one. */
  load(id: string): Promise<string | null> {
    let loading = this.#loading.get(id);
    if (loading === undefined) {
      loading = this.#load(id).finally(() => this.#loading.delete(id));
      this.#loading.set(id, loading);
    }
    return loading;
  }

  /** The text of a schema as it is on disk; `null` when it is not there, or known to be out of date. */
  async loadStored(id: string): Promise<string | null> {
    const index = await this.#cache.readIndex();
    const entry = index?.schemas.find((schema) => schema.id === id);
    if (entry === undefined) return null;
    if (entry.md5 !== undefined) return (await this.#cache.read(id, entry.md5)) ?? null;
    return (await this.#cache.readAny(id))?.xml ?? null;
  }

  /**
   * Reads the list with its hashes and compares.
   * @returns ids of schemas added, changed or removed; their stored texts are out of use at once.
   */
  refresh(signal?: AbortSignal): Promise<string[]> {
    return (this.#refreshing ??= this.#refresh(signal).finally(() => (this.#refreshing = undefined)));
  }

  async #refresh(signal: AbortSignal | undefined): Promise<string[]> {
    const before = (await this.#cache.readIndex())?.schemas;
    const schemas = await this.#fetchList(signal);
    await this.#cache.writeIndex({ schemas, refreshedAt: Date.now() });
    this.#compared.clear();
    const known = new Map(before?.map((entry) => [entry.id, entry]));
    const changed: string[] = [];
    for (const entry of schemas) {
      const old = known.get(entry.id);
      known.delete(entry.id);
      if (old === undefined || old.md5 !== entry.md5 || old.label !== entry.label) changed.push(entry.id);
    }
    for (const id of known.keys()) {
      changed.push(id);
      await this.#cache.remove(id);
    }
    return before === undefined ? schemas.map(({ id }) => id) : changed;
  }

  async #fetchList(signal: AbortSignal | undefined): Promise<SchemaListEntry[]> {
    try {
      return await this.#fetchPages(true, signal);
    } catch (error) {
      // A build whose list has no hash: texts are then compared one by one, on first use.
      if (error instanceof CampaignError && error.campaignCode === 'XTK-170036') {
        return this.#fetchPages(false, signal);
      }
      throw error;
    }
  }

  async #fetchPages(withHashes: boolean, signal: AbortSignal | undefined): Promise<SchemaListEntry[]> {
    const found = new Map<string, SchemaListEntry>();
    for (let startLine = 0; ; startLine += pageRows) {
      let rowCount = 0;
      const rows = this.#soap.executeQuery(toListQuery(withHashes, startLine), {
        columns,
        signal,
        priority: 'background',
      });
      for await (const batch of rows) {
        rowCount += batch.rows.length;
        for (const [namespace = '', name = '', label = '', md5 = ''] of batch.rows) {
          if (namespace === '' || name === '') continue;
          // Pages of an offset query may overlap by a row; the id tells.
          const id = `${namespace}:${name}`;
          found.set(id, { id, label: label === '' ? id : label, ...(md5 === '' ? {} : { md5 }) });
        }
      }
      if (rowCount < pageRows) return [...found.values()];
    }
  }

  async #load(id: string): Promise<string | null> {
    const index = await this.#cache.readIndex();
    const entry = index?.schemas.find((schema) => schema.id === id);
    const stored = entry?.md5 === undefined ? undefined : await this.#cache.read(id, entry.md5);
    if (stored !== undefined) return stored;
    const old = await this.#cache.readAny(id);
    if (old !== undefined && entry?.md5 === undefined && this.#compared.has(id)) return old.xml;
    try {
      await this.#assertReachable();
      return await this.#fetch(id, entry?.md5, old);
    } catch (error) {
      // An older text is worth more than none while the instance is out of reach.
      if (old !== undefined && isOutOfReach(error)) return old.xml;
      throw error;
    }
  }

  async #fetch(
    id: string,
    listedMd5: string | undefined,
    old: { xml: string; md5: string } | undefined,
  ): Promise<string | null> {
    const isComparable = listedMd5 === undefined && old !== undefined;
    const key = `xtk:schema|${id}`;
    const xml = await this.#soap.getEntity(key, isComparable ? old.md5 : '', { priority: 'background' });
    this.#compared.add(id);
    if (xml !== '') {
      // What was sent may be newer than the list; the next refresh then lists its hash, and it is fetched once more.
      const md5 = listedMd5 ?? /^<[^>]*?\smd5\s*=\s*["']([^"']*)["']/.exec(xml)?.[1] ?? '';
      await this.#cache.write(id, md5, xml);
      return xml;
    }
    // With a hash sent, nothing means "not changed"; without one, "no such schema".
    return isComparable ? old.xml : null;
  }
}

/** Errors that say nothing about the schema: offline, not signed in, throttled, cancelled. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof CampaignError && error.code !== 'fault' && error.code !== 'invalidCall';
}
