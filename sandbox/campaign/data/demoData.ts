import { DemoContext, type DemoRow, type DemoValue } from './demoContext.ts';
import { createDeliveries, deliveryRows } from './deliveryRows.ts';
import { eventRows } from './eventRows.ts';
import { imageRows } from './imageRows.ts';
import { codeRows, documentRows, namedDocumentRows, workflowRows } from './entityRows.ts';
import { profileRows } from './profileRows.ts';
import { folderRows } from './folderRows.ts';
import { marketingRows } from './marketingRows.ts';
import { placeRows } from './placeRows.ts';
import { platformRows } from './platformRows.ts';
import { shopRows, type Shop } from './shopRows.ts';
import { workflowLogRows } from './workflowLogRows.ts';

export type { DemoRow, DemoValue } from './demoContext.ts';

/** Options of {@link demoRows}. */
export interface DemoOptions {
  /** Number of recipients; what hangs on them scales with it. Default 20,000, minimum 0. */
  rows: number;
  /** The present of the demo: all dates count back from it. */
  now: Date;
}

/** Recipients when nothing else is asked for. */
export const defaultRecipientCount = 20_000;

/**
 * The rows of the demo instance, the same for the same options. They come one at a time and are never all in memory.
 * The schemas themselves (`xtk:schema`, `xtk:srcSchema`) are in files, see `readModelFiles`. Records with id 0, checksums and
 * defaults of what a row leaves out are the database's business.
 */
export function* demoRows({ rows, now }: DemoOptions): Generator<DemoRow> {
  const context = new DemoContext(now);
  yield* folderRows(context);
  yield* placeRows(context);
  yield* platformRows(context);
  yield* marketingRows(context);
  const shop: Shop = { storeIds: [], products: [] };
  yield* shopRows(context, rows, shop);
  const deliveries = createDeliveries(context);
  yield* codeRows(context);
  yield* documentRows(context);
  yield* namedDocumentRows(context);
  const workflows: Record<string, DemoValue>[] = [];
  for (const workflow of workflowRows(context)) {
    workflows.push(workflow.row);
    yield workflow;
  }
  yield* workflowLogRows(context, workflows);
  yield* profileRows(context, rows, shop, deliveries);
  yield* deliveryRows(context, deliveries);
  yield* eventRows(context);
  yield* imageRows(context);
}
