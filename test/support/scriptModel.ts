import { readFileSync } from 'node:fs';
import { createModel, schemaTexts } from './queryModel.ts';

/** The model of the tests of scripts: that of the queries, and a schema with methods. */
export const scriptModel = createModel(
  new Map([
    ...schemaTexts,
    ['nms:delivery', readFileSync(new URL('../fixtures/schemas/delivery.xml', import.meta.url), 'utf8')],
  ]),
);
