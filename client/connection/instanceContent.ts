import type { OptionEntry } from '../../core/protocol/messages.ts';
import { CampaignError } from '../../core/soap/campaignError.ts';
import type { SoapClient } from '../../core/soap/soapClient.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import { childElements, textOf } from '../../core/xml/xmlTree.ts';
import type { SchemaCache } from './schemaCache.ts';

/** An instance has some hundred. */
const mostOptions = 5_000;

/**
 * What scripts refer to by name besides schemas: the options and the libraries of one instance. Each is read when it is
 * first asked for, and again after {@link forget}; options are kept on disk, too, for when the instance is out of reach.
 * Invariant: the value of an option is never asked for.
 */
export class InstanceContent {
  readonly #cache: SchemaCache;
  readonly #soap: SoapClient;
  /** Rejects when asking the instance would mean asking a person for a password out of the blue. */
  readonly #assertReachable: () => Promise<void>;
  readonly #libraries = new Map<string, Promise<string | null>>();
  #options: Promise<readonly OptionEntry[]> | undefined;

  constructor(cache: SchemaCache, soap: SoapClient, assertReachable: () => Promise<void>) {
    this.#cache = cache;
    this.#soap = soap;
    this.#assertReachable = assertReachable;
  }

  /** The options by name. Rejects when they could not be asked for and none are on disk. */
  options(): Promise<readonly OptionEntry[]> {
    if (this.#options === undefined) {
      const loading = this.#loadOptions();
      this.#options = loading;
      loading.catch(() => {
        if (this.#options === loading) this.#options = undefined;
      });
    }
    return this.#options;
  }

  /** The text of a library; `null` when the instance has none of that name. Rejects when it could not be asked for. */
  library(name: string): Promise<string | null> {
    let loading = this.#libraries.get(name);
    if (loading === undefined) {
      loading = this.#loadLibrary(name);
      this.#libraries.set(name, loading);
      loading.catch(() => this.#libraries.delete(name));
    }
    return loading;
  }

  /** What was read may no longer hold: the next question asks the instance again. */
  forget(): void {
    this.#options = undefined;
    this.#libraries.clear();
  }

  async #loadOptions(): Promise<readonly OptionEntry[]> {
    try {
      await this.#assertReachable();
      const options = await this.#fetchOptions();
      await this.#cache.writeOptions(options);
      return options;
    } catch (error) {
      const stored = await this.#cache.readOptions();
      if (stored === undefined) throw error;
      return stored;
    }
  }

  async #fetchOptions(): Promise<OptionEntry[]> {
    try {
      return await this.#fetchColumns(['@name', '@dataType', 'desc']);
    } catch (error) {
      // Builds differ in what they know of an option beyond its name.
      if (error instanceof CampaignError && error.campaignCode === 'XTK-170036')
        return this.#fetchColumns(['@name']);
      throw error;
    }
  }

  async #fetchColumns(columns: readonly string[]): Promise<OptionEntry[]> {
    const nodes = columns.map((column) => `<node expr="${column}"/>`).join('');
    const query =
      `<queryDef schema="xtk:option" operation="select" lineCount="${mostOptions}" xtkschema="xtk:queryDef">` +
      `<select>${nodes}</select><orderBy><node expr="@name"/></orderBy></queryDef>`;
    const options: OptionEntry[] = [];
    for await (const batch of this.#soap.executeQuery(query, { columns, priority: 'background' })) {
      for (const [name = '', type = '', description = ''] of batch.rows) {
        if (name === '') continue;
        options.push({
          name,
          ...(/^\d+$/.test(type) && { type: Number(type) }),
          ...(description !== '' && { description }),
        });
      }
    }
    return options;
  }

  async #loadLibrary(name: string): Promise<string | null> {
    await this.#assertReachable();
    const xml = await this.#soap.getEntity(`xtk:javascript|${name}`, '', { priority: 'background' });
    const { root } = parseXml(xml);
    const data = root === undefined ? undefined : childElements(root, 'data')[0];
    return data === undefined ? null : textOf(data);
  }
}
