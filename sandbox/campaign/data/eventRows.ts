import type { DemoContext, DemoRow } from './demoContext.ts';
import { Random } from './random.ts';

/** Events of transactional messages, and requests of people about their data. */
export function* eventRows(context: DemoContext): Generator<DemoRow> {
  yield* queueRows(context, 'nms:rtEvent', 20, ['cartLeft', 'orderConfirmed', 'forgetMe']);
  yield* queueRows(context, 'nms:batchEvent', 6, ['birthday', 'pointsExpire']);
  for (const [index, type] of [1, 2, 2, 1].entries()) {
    yield {
      schemaId: 'nms:privacyRequest',
      row: {
        '@id': context.newId(),
        '@namespaceName': 'EMAIL',
        '@reconciliationValue': `visitor${index + 1}@example.com`,
        '@type': type,
        '@status': [3, 3, 2, 1][index]!,
        '@confirmDeletePending': type === 2 ? 1 : 0,
        '@regulation': 1,
        '@created': context.instant(40 - 9 * index),
      },
    };
  }
}

function* queueRows(
  context: DemoContext,
  schemaId: 'nms:rtEvent' | 'nms:batchEvent',
  count: number,
  types: readonly string[],
): Generator<DemoRow> {
  const random = new Random(`events ${schemaId}`);
  const element = schemaId.slice('nms:'.length);
  for (let i = 0; i < count; i++) {
    yield {
      schemaId,
      row: {
        '@id': context.newId(),
        '@type': random.pick(types),
        '@email': `visitor${i + 1}@example.com`,
        '@wishedChannel': 0,
        '@origin': 'shop',
        '@externalId': `EV-${random.digits(8)}`,
        '@status': random.pick([0, 2, 2, 2, 3]),
        '@created': context.instant(10 * random.fraction()),
        data: `<${element}><ctx><cart amount="${random.integer(20, 300)}"/></ctx></${element}>`,
      },
    };
  }
}
