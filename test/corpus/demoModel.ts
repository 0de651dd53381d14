import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import type { Schema } from '../../core/schema/schema.ts';
import type { LanguageModel } from '../../server/language/model.ts';
import { createModel } from '../support/queryModel.ts';

/** Folder of the compiled schemas of the sandbox's demo instance. */
export const demoSchemaFolder = fileURLToPath(new URL('../../sandbox/campaign/schemas/', import.meta.url));

const demoSchemas: ReadonlyMap<string, { schema: Schema; xml: string }> = new Map(
  readdirSync(demoSchemaFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .flatMap((name) => {
      const xml = readFileSync(`${demoSchemaFolder}/${name}`, 'utf8');
      const { schema } = parseSchema(xml);
      return schema === undefined ? [] : [[schema.id, { schema, xml }] as const];
    }),
);

/** The data model of the demo instance, all of it at hand. */
export const demoModel: LanguageModel = createModel(
  new Map([...demoSchemas].map(([id, { xml }]) => [id, xml])),
);

/** Schemas whose records are in a table, in the order of their ids: what can be queried. */
export const queryableSchemas: readonly Schema[] = [...demoSchemas.keys()]
  .map((id) => demoModel.getSchema(id)!)
  .filter((schema) => schema.mappingType === 'sql' && !schema.library && schema.root !== undefined);
