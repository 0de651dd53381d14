import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { hasUi, ui } from '../support/ui.ts';

/**
 * What VS Code calls to run the suite inside the extension host; a rejection makes the run fail.
 * `HOST_REPORT` names a file for the results, `HOST_GREP` selects tests by title. A test that fails is run once more,
 * because a whole workbench and a browser on a busy machine do stumble; that it was needed is printed and in the report.
 */
export async function run(): Promise<void> {
  const report = process.env['HOST_REPORT'];
  const grep = process.env['HOST_GREP'];
  const mocha = new Mocha({
    ui: 'tdd',
    color: false,
    timeout: 30_000,
    retries: 1,
    reporter: 'spec',
    ...(grep ? { grep } : {}),
  });
  const files = readdirSync(__dirname).filter((file) => file.endsWith('.test.js'));
  for (const file of files.sort()) mocha.addFile(path.join(__dirname, file));

  // Now, because VS Code closes the views as soon as the suite has ended.
  mocha.suite.afterEach(async function picture() {
    const test = this.currentTest;
    if (hasUi && test?.state === 'failed') await ui({ op: 'screenshot', name: `failed ${test.title}` });
  });

  await new Promise<void>((resolve, reject) => {
    const tests: { title: string; durationMs: number; error?: string; retried?: true }[] = [];
    const runner = mocha.run((failures) => {
      if (report) writeFileSync(report, JSON.stringify({ stats: runner.stats, tests }, undefined, 1));
      if (runner.stats?.tests === 0) reject(new Error('The suite has no tests.'));
      else if (failures > 0) reject(new Error(`${failures} tests failed.`));
      else resolve();
    });
    runner.on('pass', (test) => tests.push({ title: test.fullTitle(), durationMs: test.duration ?? 0 }));
    runner.on('retry', (test: Mocha.Test, error: Error) => {
      console.log(`    Failed once, run again: ${test.fullTitle()}\n      ${String(error)}`);
      tests.push({
        title: test.fullTitle(),
        durationMs: test.duration ?? 0,
        error: String(error),
        retried: true,
      });
    });
    runner.on('fail', (test, error) =>
      tests.push({
        title: test.fullTitle(),
        durationMs: test.duration ?? 0,
        error: (error as Error).stack ?? String(error),
      }),
    );
  });
}
