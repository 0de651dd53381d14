/**
 * Runs the suite in `out/test/host` inside the Node extension host of a real VS Code, with a sandbox instance to talk to.
 * Exit status: 0 passed, 1 failed, 124 did not end. On failure `out/host/` holds screenshots and the logs.
 * `HOST_GREP` selects tests by title, `HOST_VERBOSE=1` shows what the extension host prints besides.
 */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { exitOnSignal, root } from './bootstrap.mjs';
import { launchBrowser, openContext } from './chromium.ts';
import { startHost, type Host } from './host.ts';
import { createWorkspace, sandboxEnvironment } from './workspace.ts';
import { startSandbox } from '../campaign/sandbox.ts';
import { startUiBridge } from './uiBridge.ts';

const TIMEOUT_MS = 240_000;
const TIMED_OUT = 124;
/** What VS Code itself reports in the console at every start; none of it is about the extension. */
const NOISE =
  /^(Ignoring fetching additional|Creating a socket|Resolv(ing|ed) connection token|Updating additional builtin|Timed out waiting for authentication provider|No search provider registered|\[(AgentHost|AccountPolicyGate|reconnection-grace|ChatModelSelection|Service Worker|DefaultAccount|chat-stt))/;

const artifacts = path.join(root, 'out', 'host');
rmSync(artifacts, { recursive: true, force: true });
mkdirSync(artifacts, { recursive: true });

exitOnSignal();
process.exit(await runSuite());

async function runSuite(): Promise<number> {
  const opened: { page?: Page } = {};
  const bridge = await startUiBridge(() => opened.page, artifacts);
  const sandbox = await startSandbox({ port: 0 });
  const workspace = createWorkspace(path.join(artifacts, 'workspace'), sandbox);
  const host = await startHost({
    development: true,
    env: {
      ...sandboxEnvironment(sandbox),
      UI_BRIDGE: bridge.url,
      HOST_REPORT: path.join(artifacts, 'report.json'),
    },
  });
  const browser = await launchBrowser();
  try {
    const context = await openContext(browser);
    const page = await context.newPage();
    opened.page = page;
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      if (process.env['HOST_VERBOSE'] || !NOISE.test(String(args[0]))) console.log(...args);
    });
    const ended = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
      page.once('crash', () => {
        console.error('The page of the workbench crashed.');
        resolve(1);
      });
      setTimeout(() => {
        console.error(`The suite did not end within ${TIMEOUT_MS / 1000} s.`);
        resolve(TIMED_OUT);
      }, TIMEOUT_MS).unref();
    });
    const tests = path.join(root, 'out', 'test', 'host', 'index.js');
    await page.goto(
      host.workbenchUrl(workspace, [
        ['extensionDevelopmentPath', host.remoteUri(root)],
        ['extensionTestsPath', host.remoteUri(tests)],
      ]),
    );
    const code = await ended;
    if (code !== 0) keepEvidence(host);
    return code;
  } finally {
    await browser.close();
    await host.stop();
    await sandbox.stop();
    bridge.close();
  }
}

function keepEvidence(host: Host): void {
  writeFileSync(path.join(artifacts, 'server.log'), host.output());
  if (existsSync(host.logs)) cpSync(host.logs, path.join(artifacts, 'logs'), { recursive: true });
  console.error(`Screenshots and logs: ${path.relative(root, artifacts)}`);
}
