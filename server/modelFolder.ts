import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SchemaListEntry } from '../core/protocol/messages.ts';
import { parseSchema } from '../core/schema/parseSchema.ts';
import type { ModelSource, SchemaText } from './dataModel.ts';

/** Start tags of schemas fit into the first bytes of the file, whatever comment stands before them. */
const headBytes = 4_096;
const parallelReads = 32;

interface SchemaFile {
  path: string;
  entry: SchemaListEntry;
  /** The compiled document wins over the source of the same schema. */
  compiled: boolean;
}

/**
 * A folder of schema files as a model: every `*.xml` below it whose root is `schema` or `srcSchema`.
 * Files are listed by their first bytes and read whole on first use.
 */
export function createModelFolder(folder: string): ModelSource {
  const files = new Map<string, SchemaFile>();
  return {
    async list(): Promise<SchemaListEntry[]> {
      const found = await listFiles(folder);
      files.clear();
      for (const file of found) {
        const other = files.get(file.entry.id);
        if (other === undefined || (file.compiled && !other.compiled)) files.set(file.entry.id, file);
      }
      return [...files.values()].map((file) => file.entry);
    },
    async load(schemaId: string): Promise<SchemaText | null> {
      const file = files.get(schemaId);
      if (file === undefined) return null;
      return { xml: await readFile(file.path, 'utf8'), uri: pathToFileURL(file.path).href };
    },
  };
}

async function listFiles(folder: string): Promise<SchemaFile[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names
    .filter((name) => name.toLowerCase().endsWith('.xml') && !name.includes('node_modules'))
    .sort()
    .map((name) => join(folder, name));
  const found: SchemaFile[] = [];
  let next = 0;
  const readSome = async (): Promise<void> => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      const file = await readHead(path);
      if (file !== undefined) found.push(file);
    }
  };
  await Promise.all(Array.from({ length: parallelReads }, readSome));
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readHead(path: string): Promise<SchemaFile | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const { schema } = parseSchema(buffer.toString('utf8', 0, bytesRead));
    // An extension has no table and no paths of its own: its content belongs to the schema it extends.
    if (schema === undefined || schema.extendedSchema !== undefined) return undefined;
    const { id, label, md5, origin } = schema;
    return {
      path,
      entry: { id, label, ...(md5 !== undefined && { md5 }) },
      compiled: origin === 'schema',
    };
  } catch {
    // A directory called `*.xml`, or a file that vanished: not a schema.
    return undefined;
  } finally {
    await file.close();
  }
}
