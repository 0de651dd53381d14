// One run of a push in a process of its own, which a test kills: reopens the journal and sends what is pending.
// Arguments: address, login, folder of the journals, id of the push. The password comes by the environment.
import { resolveNetworkSettings } from '../../../client/connection/networkSettings.ts';
import { decodeText, nodeClock } from '../../../client/connection/nodeClock.ts';
import { createUndiciTransport } from '../../../client/connection/undiciTransport.ts';
import { JournalStore } from '../../../client/staging/journalStore.ts';
import { pushRows } from '../../../client/staging/pushRows.ts';
import { createSoapClient } from '../../../core/soap/createSoapClient.ts';
import { createPasswordSignIn } from '../../../core/soap/signIn.ts';

const [url, login, folder, pushId] = process.argv.slice(2) as [string, string, string, string];
const password = process.env['CAMPAIGN_SANDBOX_PASSWORD']!;
const network = resolveNetworkSettings({}, {});
const transport = createUndiciTransport({ network: () => network });
const soap = createSoapClient({
  url,
  transport,
  clock: nodeClock,
  decode: decodeText,
  userAgent: 'test',
  requestsPerSecond: 500,
  concurrency: 6,
  signIn: createPasswordSignIn(() => Promise.resolve({ login, password })),
});
const { journal, push } = (await new JournalStore(folder).reopen(pushId))!;
const end = await pushRows({
  soap,
  journal,
  rows: push.rows,
  states: push.states,
  signal: new AbortController().signal,
  concurrency: 5,
  onChange: () => undefined,
});
await journal.close();
soap.dispose();
transport.close();
process.exit(end.kind === 'done' ? 0 : 1);
