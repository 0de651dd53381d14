// `npm run check-scripts -- <folder> [--model <folder>]`: what the language server says of a folder of Campaign scripts
// and XML, through the door every editor uses. Schemas come from the model folder; by default, those of the sandbox.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { checkFolder, checkingClient, describeCheck } from './support/checkFolder.ts';

const root = path.resolve(import.meta.dirname, '..');
const server = path.join(root, 'dist', 'server.js');
const usage = 'Usage: npm run check-scripts -- <folder> [--model <folder of schemas>]';

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { model: { type: 'string' } },
  });
  const [folder] = positionals;
  const modelFolder = path.resolve(values.model ?? path.join(root, 'sandbox', 'campaign', 'schemas'));
  if (folder === undefined || positionals.length > 1) return fail(usage);
  const missing = [folder, modelFolder].find((name) => !existsSync(name) || !statSync(name).isDirectory());
  if (missing !== undefined) return fail(`There is no folder ${missing}. ${usage}`);
  if (!existsSync(server)) return fail('There is no server to ask yet. Build it with: npm run build');
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const rpc = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  rpc.listen();
  try {
    await rpc.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: checkingClient,
      workspaceFolders: null,
      initializationOptions: { modelFolder },
    });
    await rpc.sendNotification('initialized', {});
    const documents = await checkFolder(rpc, path.resolve(folder));
    console.log(describeCheck(documents));
    await rpc.sendRequest('shutdown');
    await rpc.sendNotification('exit');
    return documents.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 1)) ? 1 : 0;
  } finally {
    rpc.dispose();
    child.kill();
  }
}

function fail(message: string): number {
  console.error(message);
  return 2;
}

process.exitCode = await main();
