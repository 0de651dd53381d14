/**
 * Makes the VS Code server under `server/` ready to run. `node_modules` comes from its lock file; what npm cannot
 * express is done here: a link, and the built-in extensions that the tests load.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { installPackages, vscodeServerFolder } from './bootstrap.mjs';

const modules = path.join(vscodeServerFolder, 'node_modules');
const vscodeFolder = path.join(modules, 'code-server', 'lib', 'vscode');
const prepared = path.join(modules, '.built-in-extensions');

/** Themes, icons and the grammars our files embed or are compared with; all of them cost seconds per start. */
const NEEDED_EXTENSIONS = [
  'css',
  'html',
  'javascript',
  'json',
  'markdown-basics',
  'markdown-language-features',
  'sql',
  'theme-defaults',
  'theme-modern-icons',
  'theme-seti',
  'typescript-basics',
  'xml',
];
/** They ask for an account at every start, and no one wants one in a sandbox. */
const UNWANTED_EXTENSIONS = [
  'copilot',
  'github-authentication',
  'microsoft-authentication',
  'tunnel-forwarding',
];

export interface VsCodeServer {
  /** The script that starts the server, and that installs extensions into it. */
  main: string;
  /** A folder with the few built-in extensions the tests need. */
  fewExtensions: string;
}

/** Installs the VS Code server if it is not there, and returns where it is. */
export function installVsCodeServer(): VsCodeServer {
  installPackages(vscodeServerFolder, 'Installing the VS Code server');
  if (!existsSync(prepared)) prepare();
  return { main: path.join(vscodeFolder, 'out', 'server-main.js'), fewExtensions: prepared };
}

function prepare(): void {
  // The workbench fetches vscode-textmate and vscode-oniguruma below its own folder, and the server must not find
  // the other versions of `cookie` and `ws` that code-server brings.
  link(modules, path.join(vscodeFolder, 'node_modules'));
  const extensions = path.join(vscodeFolder, 'extensions');
  for (const name of readdirSync(extensions)) {
    if (UNWANTED_EXTENSIONS.includes(name)) rmSync(path.join(extensions, name), { recursive: true });
  }
  // Last, because its presence says that the rest is done.
  const partial = `${prepared}-${process.pid}`;
  mkdirSync(partial);
  for (const name of NEEDED_EXTENSIONS) link(path.join(extensions, name), path.join(partial, name));
  renameSync(partial, prepared);
}

/** Relative where links may be, so that a cached copy of the folder works elsewhere. */
function link(target: string, at: string): void {
  rmSync(at, { recursive: true, force: true });
  if (process.platform === 'win32') symlinkSync(target, at, 'junction');
  else symlinkSync(path.relative(path.dirname(at), target), at);
}
