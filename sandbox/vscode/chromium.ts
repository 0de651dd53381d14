/**
 * A headless browser without a system package. On Linux x64 it comes from the npm package `@sparticuz/chromium`,
 * with the NSS libraries it links to; elsewhere, and when asked, an installed browser is used.
 */
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright-core';
import { root, SetupError, vscodeServerFolder } from './bootstrap.mjs';

const packageFolder = path.join(root, 'node_modules', '@sparticuz', 'chromium');
const monospaceFont = path.join(vscodeServerFolder, 'node_modules', '@expo-google-fonts', 'jetbrains-mono');

const MONOSPACE_WEIGHTS = ['400Regular', '700Bold'];

/**
 * Starts a browser: the one `CHROMIUM_PATH` names, or the packaged one on Linux x64, or the installed Chrome.
 * @throws SetupError when there is none, saying what to do.
 */
export async function launchBrowser(): Promise<Browser> {
  const options = await findBrowser();
  try {
    return await chromium.launch({
      ...options,
      headless: true,
      args: [
        '--no-sandbox', // it refuses to start as root otherwise, and shows only our own pages
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  } catch (error) {
    throw new SetupError(
      `No browser could be started. Install Chrome, or name a Chromium in the environment variable CHROMIUM_PATH.\n${String(error)}`,
    );
  }
}

/** A window of the size the screenshots have, which can reach this machine only. */
export async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await context.route(
    (url) => url.protocol.startsWith('http') && url.hostname !== '127.0.0.1' && url.hostname !== 'localhost',
    (route) => route.abort(),
  );
  return context;
}

async function findBrowser(): Promise<LaunchOptions> {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return { executablePath: named };
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(packageFolder))
    return unpackBrowser();
  return { channel: 'chrome' };
}

/** Unpacks the packaged browser once per version; some 2 s the first time. */
async function unpackBrowser(): Promise<LaunchOptions> {
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = path.join(root, 'out', 'cache', `chromium-${version}`);
  if (!existsSync(folder)) {
    const partial = `${folder}-${process.pid}`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    await Promise.all([
      decompress('chromium.br', path.join(partial, 'chromium')),
      unpack('al2023.tar.br', partial),
      unpack('fonts.tar.br', partial),
      unpack('swiftshader.tar.br', partial),
    ]);
    // Two runs at once may both unpack; the first one's folder stays.
    if (!existsSync(folder)) renameSync(partial, folder);
  }
  writeFileSync(path.join(folder, 'fonts.conf'), fontConfiguration(folder));
  const libraries = [path.join(folder, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  const env: Record<string, string> = {
    LD_LIBRARY_PATH: libraries,
    FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
  };
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] ??= value;
  return { executablePath: path.join(folder, 'chromium'), env };
}

/** The same two fonts on every machine; the system's follow for the characters they lack. */
function fontConfiguration(folder: string): string {
  const use = (family: string, font: string) =>
    `  <match target="pattern"><test name="family"><string>${family}</string></test>` +
    `<edit name="family" mode="assign" binding="strong"><string>${font}</string></edit></match>`;
  // Two weights of the monospace font only: it would else win over the other for semi-bold titles.
  const folders = [
    path.join(folder, 'fonts'),
    ...MONOSPACE_WEIGHTS.map((weight) => path.join(monospaceFont, weight)),
  ];
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...[...folders, '/usr/share/fonts'].map((dir) => `  <dir>${dir}</dir>`),
    `  <cachedir>${path.join(folder, 'font-cache')}</cachedir>`,
    use('monospace', 'JetBrains Mono'),
    use('sans-serif', 'Open Sans'),
    use('system-ui', 'Open Sans'),
    '</fontconfig>',
    '',
  ].join('\n');
}

function decompress(name: string, to: string): Promise<void> {
  return pipeline(
    createReadStream(path.join(packageFolder, 'bin', name)),
    createBrotliDecompress(),
    createWriteStream(to, { mode: 0o755 }),
  );
}

async function unpack(name: string, folder: string): Promise<void> {
  // By way of a file: tar closes a pipe as soon as it has seen the end of the archive, which breaks the writer.
  const archive = path.join(folder, name.replace('.br', ''));
  await decompress(name, archive);
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder]);
  rmSync(archive);
}
