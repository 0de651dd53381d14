/** For F5 (`.vscode/launch.json`): a sandbox and a workspace with a connection to it, until the task is ended. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startSandbox } from '../campaign/sandbox.ts';
import { root } from './bootstrap.mjs';
import { createWorkspace, sandboxEnvironment } from './workspace.ts';

console.log('Starting the sandbox');
const sandbox = await startSandbox({ port: 0 });
const folder = path.join(root, 'out', 'debug');
createWorkspace(path.join(folder, 'workspace'), sandbox);
// The debugger hands these to the extension host; the password is the sandbox's own, and known to everyone.
const lines = Object.entries(sandboxEnvironment(sandbox)).map(([name, value]) => `${name}=${value}\n`);
writeFileSync(path.join(folder, 'sandbox.env'), lines.join(''), { mode: 0o600 });
console.log(`Sandbox ready at ${sandbox.url}`);
