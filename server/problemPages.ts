import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The address of the pages about problem codes, ending in `/`: they lie beside the folder of the server's bundle, where
 * the extension is installed or built.
 * @param script path of the running script.
 * @returns `undefined` when they are not there: the codes lead nowhere then.
 */
export function findProblemPages(script: string): string | undefined {
  const folder = path.join(path.dirname(script), '..', 'docs', 'problems');
  return existsSync(folder) ? `${pathToFileURL(folder).href}/` : undefined;
}
