import type { DemoContext, DemoRow } from './demoContext.ts';

/** A point of one colour: the smallest image there is. */
const points: Readonly<Record<string, string>> = {
  'store.png':
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'loyalty.png':
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
};

/** Icons of the customer's schemas. */
export function* imageRows(context: DemoContext): Generator<DemoRow> {
  for (const [name, data] of Object.entries(points)) {
    yield {
      schemaId: 'xtk:image',
      row: {
        '@namespace': 'cus',
        '@name': name,
        '@label': `cus:${name}`,
        '@entitySchema': 'xtk:image',
        '@created': context.instant(300),
        '@lastModified': context.instant(60),
        '@createdBy-id': context.idOf('xtk:operator', 'dev'),
        '@modifiedBy-id': context.idOf('xtk:operator', 'dev'),
        data: `<image type="png"><data>${data}</data></image>`,
      },
    };
  }
}
