/**
 * The suite of runTests.ts in a desktop VS Code: the one `VSCODE_PATH` names (the program itself, not the `code` script),
 * or the version `VSCODE_VERSION` (default: the newest), which is downloaded once. Needs a display.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root } from './bootstrap.mjs';
import { createWorkspace, sandboxEnvironment } from './workspace.ts';
import { startSandbox } from '../campaign/sandbox.ts';

const artifacts = path.join(root, 'out', 'desktop');
mkdirSync(artifacts, { recursive: true });
const sandbox = await startSandbox({ port: 0 });
const program = process.env['VSCODE_PATH'];
try {
  process.exitCode = await runTests({
    ...(program ? { vscodeExecutablePath: program } : { version: process.env['VSCODE_VERSION'] ?? 'stable' }),
    cachePath: path.join(root, 'out', 'cache', 'vscode'),
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'out', 'test', 'host', 'index.js'),
    extensionTestsEnv: { ...sandboxEnvironment(sandbox), HOST_REPORT: path.join(artifacts, 'report.json') },
    launchArgs: [
      createWorkspace(path.join(artifacts, 'workspace'), sandbox),
      '--disable-extensions',
      '--disable-workspace-trust',
    ],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await sandbox.stop();
}
