import { splitSchemaId } from './schema.ts';

/** Where the files of schemas go; see {@link planSchemaFiles}. */
export interface SchemaFilePlan {
  /** Path without extension by schema id: `nms/recipient`. */
  paths: Map<string, string>;
  /** Schemas that cannot have a file, with the reason. */
  refused: { id: string; reason: string }[];
}

/** What a namespace or name may be as part of a path on every system. */
const safeName = /^[A-Za-z0-9_][\w.-]{0,99}$/;
/** Device names of Windows, which cannot be files there. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Gives each schema a path `namespace/name`, in the order of the ids. Ids come from a server: what would leave the
 * folder, or meet another schema on a file system that ignores case, gets none.
 */
export function planSchemaFiles(ids: Iterable<string>): SchemaFilePlan {
  const paths = new Map<string, string>();
  const refused: SchemaFilePlan['refused'] = [];
  const taken = new Map<string, string>();
  for (const id of [...new Set(ids)].sort()) {
    const { namespace, name } = splitSchemaId(id);
    const path = `${namespace}/${name}`;
    const other = taken.get(path.toLowerCase());
    if (
      ![namespace, name].every((part) => safeName.test(part) && !deviceName.test(part) && !part.endsWith('.'))
    ) {
      refused.push({ id, reason: 'Its id cannot be the name of a file.' });
    } else if (other !== undefined) {
      refused.push({ id, reason: `Its file would be that of ${other} where case does not count.` });
    } else {
      taken.set(path.toLowerCase(), id);
      paths.set(id, path);
    }
  }
  return { paths, refused };
}

/** Can this be a file that {@link planSchemaFiles} named, with one of the extensions? For lists read from a file. */
export function isSchemaFile(path: string, extensions: readonly string[]): boolean {
  const dot = path.lastIndexOf('.');
  const [namespace = '', name = '', ...rest] = path.slice(0, Math.max(0, dot)).split('/');
  return (
    rest.length === 0 &&
    safeName.test(namespace) &&
    safeName.test(name) &&
    extensions.includes(path.slice(dot + 1))
  );
}
