/** Draws `client/icon.svg` into `client/icon.png`, which VS Code asks for: run it after the drawing has changed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { launchBrowser } from './chromium.ts';

const SIZE = 128;

const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
  const svg = readFileSync(path.join(root, 'client', 'icon.svg'), 'utf8');
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
  await page.screenshot({ path: path.join(root, 'client', 'icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
