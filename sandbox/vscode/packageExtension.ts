/** `npm run package`, and the first step of `npm start`: the extension as a file that VS Code installs. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { root, runMain, SetupError } from './bootstrap.mjs';

if (import.meta.main) {
  await runMain(() => {
    console.log(path.relative(process.cwd(), packageExtension()));
    return 0;
  });
}

/** Builds and packages the extension, as it is published. Returns the file. */
export function packageExtension(): string {
  const vsix = path.join(root, 'out', 'campaign-devtools.vsix');
  mkdirSync(path.dirname(vsix), { recursive: true });
  runTool('Building', 'esbuild.mjs', ['--production']);
  runTool('Packaging', path.join('node_modules', '@vscode', 'vsce', 'vsce'), [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    // There is no repository address to make them absolute with.
    '--no-rewrite-relative-links',
    '--out',
    vsix,
  ]);
  if (!existsSync(vsix)) throw new SetupError(`No package was made at ${vsix}.`);
  return vsix;
}

/** Runs a tool of the project; what it prints is shown only when it fails. */
function runTool(label: string, script: string, args: string[]): void {
  const startedAt = Date.now();
  process.stdout.write(`${label} … `);
  try {
    execFileSync(process.execPath, [path.join(root, script), ...args], {
      cwd: root,
      stdio: 'pipe',
      encoding: 'utf8',
    });
    process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  } catch (error) {
    process.stdout.write('failed\n');
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new SetupError(`${stdout}${stderr}`.trim() || String(error));
  }
}
