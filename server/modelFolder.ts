import { closeSync, openSync, readSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SchemaListEntry } from '../core/protocol/messages.ts';
import { compileSchemas } from '../core/schema/compileSchemas.ts';
import { parseSchema } from '../core/schema/parseSchema.ts';
import { serializeXmlNode, toXmlNode, type XmlNode } from '../core/schema/xmlNode.ts';
import { parseXml } from '../core/xml/parseXml.ts';
import { findRootTag } from '../core/xml/rootElement.ts';
import type { ModelSource, SchemaText } from './dataModel.ts';

/** Start tags of schemas fit into the first bytes of the file, whatever comment stands before them. */
const headBytes = 4_096;
const parallelReads = 32;
/** Some milliseconds of work. */
const headsAtOnce = 200;

/** What the start tag of a file says. */
interface SchemaHead extends SchemaListEntry {
  path: string;
  uri: string;
  /** A compiled `<schema>`; else a `<srcSchema>`. */
  compiled: boolean;
  extendedSchema: string | undefined;
}

/** A schema compiled here, and the files that declare what is in it: the base first, then its extensions. */
interface LocalSchema {
  entry: SchemaListEntry;
  text: SchemaText;
}

/** What the folder holds. */
interface FolderContent {
  compiled: ReadonlyMap<string, SchemaHead>;
  local: ReadonlyMap<string, LocalSchema>;
}

/**
 * A folder of schema files as a model: every `*.xml` below it whose root is `schema` or `srcSchema`. Files are listed by
 * their first bytes; compiled schemas are read whole on first use. Sources are compiled here, and extensions merged into
 * what they extend; where the folder has the compiled document of a source, that one wins.
 * @param log takes what could not be compiled.
 */
export function createModelFolder(folder: string, log: (message: string) => void): ModelSource {
  let content: FolderContent = { compiled: new Map(), local: new Map() };
  return {
    async list(): Promise<SchemaListEntry[]> {
      content = await readFolder(folder, log);
      const entries = new Map<string, SchemaListEntry>();
      for (const { id, label, md5 } of content.compiled.values()) {
        entries.set(id, { id, label, ...(md5 !== undefined && { md5 }) });
      }
      for (const { entry } of content.local.values()) entries.set(entry.id, entry);
      return [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async load(schemaId: string): Promise<SchemaText | null> {
      const local = content.local.get(schemaId);
      if (local !== undefined) return local.text;
      const head = content.compiled.get(schemaId);
      return head === undefined ? null : { xml: await readFile(head.path, 'utf8'), uri: head.uri };
    },
  };
}

async function readFolder(folder: string, log: (message: string) => void): Promise<FolderContent> {
  const heads = await listHeads(folder);
  const compiled = new Map(heads.filter((head) => head.compiled).map((head) => [head.id, head]));
  const sources = heads.filter((head) => !head.compiled && !compiled.has(head.id));
  if (sources.length === 0) return { compiled, local: new Map() };
  const texts = new Map<string, string>();
  await eachInParallel(sources, async ({ path }) => {
    texts.set(path, await readFile(path, 'utf8').catch(() => ''));
  });
  const nodes = await readMentioned(compiled, texts);
  const sourceNodes = sources.flatMap(({ path }) => {
    const { root } = parseXml(texts.get(path) ?? '');
    return root === undefined ? [] : [toXmlNode(root)];
  });
  const { schemas, problems } = compileSchemas(sourceNodes, (id) => nodes.get(id));
  for (const { schemaId, message } of problems) log(`Source ${schemaId}: ${message}`);
  const local = new Map<string, LocalSchema>();
  for (const [id, node] of schemas) {
    // A staging twin is in no file; what it is made from is.
    const own = originsOf(id, sources, compiled.get(id));
    const twinOf = id.replace(/Stg$/, '');
    const files = own.length > 0 ? own : originsOf(twinOf, sources, compiled.get(twinOf));
    if (files[0] !== undefined) local.set(id, toLocalSchema(id, node, files, files[0], texts));
  }
  return { compiled, local };
}

/**
 * The compiled documents that compiling needs: those the sources mention, to extend, link to or copy from, and those
 * these mention in turn, because what is copied has links of its own. Their texts are added to `texts`.
 */
async function readMentioned(
  compiled: ReadonlyMap<string, SchemaHead>,
  texts: Map<string, string>,
): Promise<Map<string, XmlNode>> {
  const nodes = new Map<string, XmlNode>();
  let fresh = [...texts.values()];
  for (let level = 0; level < 2; level++) {
    const mentioned = new Set(fresh.flatMap((text) => text.match(/[A-Za-z]\w*:[A-Za-z]\w*/g) ?? []));
    fresh = [];
    const needed = [...mentioned].flatMap((id) => (nodes.has(id) ? [] : (compiled.get(id) ?? [])));
    await eachInParallel(needed, async ({ id, path }) => {
      const xml = await readFile(path, 'utf8').catch(() => '');
      const { root } = parseXml(xml);
      if (root === undefined) return;
      texts.set(path, xml);
      fresh.push(xml);
      nodes.set(id, toXmlNode(root));
    });
  }
  return nodes;
}

/** The files a schema is made of, the one that gives it its name first. */
function originsOf(
  id: string,
  sources: readonly SchemaHead[],
  compiled: SchemaHead | undefined,
): SchemaHead[] {
  const base = sources.filter((head) => head.id === id && head.extendedSchema === undefined);
  const extensions = sources.filter((head) => head.extendedSchema === id);
  return [...base, ...(compiled === undefined ? [] : [compiled]), ...extensions];
}

function toLocalSchema(
  id: string,
  node: XmlNode,
  files: readonly SchemaHead[],
  first: SchemaHead,
  texts: ReadonlyMap<string, string>,
): LocalSchema {
  const origins = files.map(({ path, uri }) => ({ uri, xml: texts.get(path) ?? '' }));
  const xml = serializeXmlNode(node);
  return {
    entry: { id, label: node.attributes.get('label') ?? id },
    text: { xml, uri: first.uri, origins },
  };
}

async function listHeads(folder: string): Promise<SchemaHead[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names
    .filter((name) => name.toLowerCase().endsWith('.xml') && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .sort();
  const heads: SchemaHead[] = [];
  const buffer = Buffer.alloc(headBytes);
  for (const [index, path] of paths.entries()) {
    // Requests come between.
    if (index % headsAtOnce === headsAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
    const head = readHead(path, buffer);
    if (head !== undefined) heads.push(head);
  }
  return heads;
}

async function eachInParallel<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await action(item);
  };
  await Promise.all(Array.from({ length: parallelReads }, work));
}

/** Reads at once: so short a read costs less than handing it to another thread, by four times in 2,000 files. */
function readHead(path: string, buffer: Buffer): SchemaHead | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, headBytes, 0));
    const root = findRootTag(text);
    if (root === undefined) return undefined;
    // The start tag says all that a list needs; what follows it is most of the text.
    const { schema } = parseSchema(text.slice(0, root.end));
    if (schema === undefined) return undefined;
    const { id, label, md5, extendedSchema } = schema;
    return {
      id,
      label,
      ...(md5 !== undefined && { md5 }),
      path,
      uri: pathToFileURL(path).href,
      compiled: schema.origin === 'schema',
      extendedSchema,
    };
  } catch {
    // A directory called `*.xml`, or a file that vanished: not a schema.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
