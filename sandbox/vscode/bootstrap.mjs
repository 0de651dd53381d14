// What `npm start` and `npm test` share: from a fresh clone to a running script, with only Node and npm present.
// Plain JavaScript for Node 20, because nothing is installed yet when it runs.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopWithParent } from '../stopWithParent.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const vscodeServerFolder = path.join(root, 'sandbox', 'vscode', 'server');

const OLDEST_NODE = [20, 0];
/** TypeScript files run unbuilt and `node:sqlite` needs no flag from here on. */
const OLDEST_NODE_FOR_SOURCES = [22, 18];
const OFFLINE = /\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ENOTCACHED)\b/;

/** An error whose message is all the person needs; it is printed without a stack. */
export class SetupError extends Error {}

/** Runs a script of ours and ends the process with its status; a SetupError is printed as one message. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/** Ends this process at a signal through its exit handlers, which end and remove what it started. */
export function exitOnSignal() {
  process.on('SIGINT', () => process.exit(130)).on('SIGTERM', () => process.exit(143));
}

/** Installs what the lock files name: the project's packages and, when asked, the VS Code server's. */
export function installAll({ vscodeServer }) {
  if (!isAtLeast(OLDEST_NODE)) {
    throw new SetupError(
      `Node ${OLDEST_NODE[0]} or newer is needed; this is ${process.version}. Install it from nodejs.org and try again.`,
    );
  }
  installPackages(root, 'Installing packages');
  if (vscodeServer) installPackages(vscodeServerFolder, 'Installing the VS Code server');
}

/**
 * Runs `npm ci` in a folder, unless everything its lock file names is there already.
 * Package scripts never run: no package here needs one.
 */
export function installPackages(folder, label) {
  if (isInstalled(folder)) return false;
  const startedAt = Date.now();
  process.stdout.write(`${label} … `);
  const { status, error, stdout, stderr } = npm(['ci', '--ignore-scripts', '--loglevel=error'], folder);
  if (status === 0) {
    process.stdout.write(`${Math.round((Date.now() - startedAt) / 1000)} s\n`);
    return true;
  }
  process.stdout.write('failed\n');
  if (error?.code === 'ENOENT') {
    throw new SetupError(
      'npm was not found. Install Node.js together with npm from nodejs.org and try again.',
    );
  }
  const output = `${stdout ?? ''}${stderr ?? ''}`.trim();
  const offline = output.split('\n').find((line) => OFFLINE.test(line));
  if (offline) {
    throw new SetupError(
      `npm could not reach its registry (${offline.replace(/^npm error /, '')}). Check the network, or npm's proxy and registry settings, and try again.`,
    );
  }
  throw new SetupError(`"npm ci" failed in ${folder}:\n${output || error}`);
}

/**
 * Compares the lock file with npm's own record of what it installed, so that an `npm ci` by hand counts too
 * and an interrupted one does not: npm writes the record last.
 */
function isInstalled(folder) {
  const record = path.join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = readPackages(path.join(folder, 'package-lock.json'));
  const present = readPackages(record);
  return Object.entries(wanted).every(
    ([key, entry]) =>
      key === '' ||
      !key.startsWith('node_modules/') ||
      (entry.optional && !present[key]) ||
      (present[key]?.version === entry.version && present[key]?.integrity === entry.integrity),
  );
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** The npm that started us, if one did: it is the one the person uses, and needs no shell on Windows. */
function npmCli() {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? cli : undefined;
}

function npm(args, cwd) {
  const cli = npmCli();
  return cli
    ? spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8' })
    : spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
}

/** The Node the project pins, or the running one where no package of it exists for this machine. */
export function pinnedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = path.join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', executable);
  if (existsSync(pinned)) return pinned;
  if (isAtLeast(OLDEST_NODE_FOR_SOURCES)) return process.execPath;
  throw new SetupError(
    `Node 24 is needed on ${process.platform}-${process.arch}; this is ${process.version}. Install it from nodejs.org and try again.`,
  );
}

/** Runs a script of the project under the pinned Node and resolves with its exit status. */
export function runPinned(script, args = []) {
  const node = pinnedNode();
  // Children find the same Node and the project's tools, as under `npm run`.
  const binFolders = [path.dirname(node), path.join(root, 'node_modules', '.bin')];
  const PATH = [...binFolders, process.env.PATH ?? ''].join(path.delimiter);
  return untilExit(
    spawn(node, [script, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, PATH } }),
  );
}

/** Runs a script of package.json and resolves with its exit status. */
export function runPackageScript(name) {
  pinnedNode(); // a too old Node is reported here, once, not by every tool in its own words
  const args = ['run', '--silent', name];
  const options = { cwd: root, stdio: 'inherit' };
  const cli = npmCli();
  return untilExit(
    cli
      ? spawn(process.execPath, [cli, ...args], options)
      : spawn('npm', args, { ...options, shell: process.platform === 'win32' }),
  );
}

/** Waits for the child and hands on its exit status; whoever wants to end us ends the child, in its own order. */
function untilExit(child) {
  const forward = (signal) => child.kill(signal);
  // In a terminal, Ctrl+C has reached the child already; a second one would tell it to hurry.
  const interrupt = () => process.stdin.isTTY || child.kill('SIGINT');
  process.on('SIGINT', interrupt).on('SIGTERM', forward);
  stopWithParent(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 1)));
  }).finally(() => process.off('SIGINT', interrupt).off('SIGTERM', forward));
}

function isAtLeast([major, minor]) {
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
