import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Documents of the demo data model by schema id (`nms:recipient`), in order of namespace and name. */
export interface ModelFiles {
  /** Compiled `<schema>` documents: the rows of `xtk:schema`. */
  schemas: Map<string, string>;
  /** `<srcSchema>` documents of the customer namespace: the rows of `xtk:srcSchema`. */
  sources: Map<string, string>;
}

/** Folder of the compiled schemas, `<namespace>/<name>.xml`; also a model folder for the language server. */
export const schemaFolder = join(import.meta.dirname, '../schemas');

/** Folder of the source schemas. Apart from the compiled ones, so that each folder holds one document per schema. */
export const sourceFolder = join(import.meta.dirname, 'srcSchemas');

/** Reads the demo data model from disk. */
export function readModelFiles(): ModelFiles {
  return { schemas: readFolder(schemaFolder), sources: readFolder(sourceFolder) };
}

function readFolder(folder: string): Map<string, string> {
  const documents = new Map<string, string>();
  for (const namespace of readdirSync(folder).sort()) {
    for (const file of readdirSync(join(folder, namespace)).sort()) {
      const id = `${namespace}:${file.replace(/\.xml$/, '')}`;
      documents.set(id, readFileSync(join(folder, namespace, file), 'utf8'));
    }
  }
  return documents;
}
