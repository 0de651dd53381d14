// The results grid in a real browser: 100,000 rows taken in, scrolled, filtered and sorted.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { launchBrowser, openContext } from '../../sandbox/vscode/chromium.ts';
import type { Bench, Measurement } from './bench.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const rowCount = 100_000;

export const benches: readonly Bench[] = [
  {
    name: 'grid/100,000 rows',
    runs: 3,
    subjects: { grid: measureGrid },
    budgets: [
      { title: 'places left uncovered while scrolling', value: ({ grid }) => grid!['uncovered']!, max: 0 },
      {
        title: 'first rows shown, as a share of taking in all',
        value: ({ grid }) => grid!['first rows ms']! / grid!['all rows ms']!,
        max: 0.2,
      },
      { title: 'drawing after a jump, p95 in ms', value: ({ grid }) => grid!['draw p95 ms']!, max: 8 },
    ],
    note: 'A page of its own in headless Chromium, fed as the panel feeds it: 500 rows a message, acknowledged.',
  },
];

async function measureGrid(): Promise<Measurement> {
  const script = await bundle();
  const browser = await launchBrowser();
  try {
    const page = await (await openContext(browser)).newPage();
    const css = readFileSync(path.join(root, 'client/query/grid/grid.css'), 'utf8');
    await page.setContent('<!DOCTYPE html><html lang="en"><body></body></html>');
    await page.addStyleTag({ content: css });
    // What the page does in a frame is timed, layout included; waiting for the frame is not.
    await page.evaluate(`{
      const request = window.requestAnimationFrame.bind(window);
      window.frameMs = [];
      window.requestAnimationFrame = (callback) => request((time) => {
        const before = performance.now();
        callback(time);
        document.body.offsetHeight;
        window.frameMs.push(performance.now() - before);
      });
    }`);
    await page.evaluate(
      'window.acquireVsCodeApi = () => ({ postMessage: (m) => window.onTaken && m.type === "taken" && window.onTaken() })',
    );
    await page.addScriptTag({ content: script });
    const taken = await page.evaluate<Measurement, number>(takeIn, rowCount);
    const scrolled = await page.evaluate<Measurement>(scrollThrough);
    const filtered = await filterAndSort(page);
    return { ...taken, ...scrolled, ...filtered };
  } finally {
    await browser.close();
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'client/query/grid/main.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome130',
    loader: { '.css': 'empty' },
  });
  return outputFiles[0]!.text;
}

/** Runs in the page: posts all rows, each message after the one before was taken. */
async function takeIn(count: number): Promise<Measurement> {
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  const post = (message: unknown): void => window.postMessage(message, '*');
  const columns = Array.from({ length: 10 }, (_, i) => ({
    xpath: `@field${i}`,
    label: `Field ${i}`,
    kind: i === 0 ? 'number' : 'text',
  }));
  const startedAt = performance.now();
  post({
    type: 'start',
    runId: 1,
    connection: 'Bench',
    tier: 'development',
    schemaId: 'nms:recipient',
    isRerun: false,
  });
  post({ type: 'columns', runId: 1, columns });
  const batch = 500;
  let firstMs = 0;
  for (let first = 0; first < count; first += batch) {
    const rows = Array.from({ length: batch }, (_, i) =>
      columns.map((_column, c) =>
        c === 0 ? String(first + i) : `value ${c} of row ${((first + i) * 7919) % 100_003} in text`,
      ),
    );
    await new Promise<void>((resolve) => {
      (window as unknown as { onTaken: () => void }).onTaken = resolve;
      post({ type: 'rows', runId: 1, rows });
    });
    if (firstMs === 0) {
      await frame();
      await frame();
      if (document.querySelectorAll('.row:not([hidden]) .cell').length === 0)
        throw new Error('No rows are shown.');
      firstMs = performance.now() - startedAt;
    }
  }
  post({ type: 'end', runId: 1, outcome: 'done', elapsedMs: 1000 });
  await frame();
  await frame();
  return { 'first rows ms': firstMs, 'all rows ms': performance.now() - startedAt };
}

/** Runs in the page: jumps all over the rows, and looks for places without text before and after each drawing. */
async function scrollThrough(): Promise<Measurement> {
  const grid = document.querySelector('.grid')!;
  const box = grid.getBoundingClientRect();
  const head = document.querySelector('.head')!.getBoundingClientRect().height;
  const end = grid.scrollHeight - grid.clientHeight;
  const uncovered = (): number => {
    let found = 0;
    for (let y = box.top + head + 3; y < box.top + grid.clientHeight - 3; y += 9) {
      const at = document.elementFromPoint(box.left + 12, y);
      if (at?.closest('.row') == null || at.textContent === '') found++;
    }
    return found;
  };
  let holes = 0;
  const draws = (window as unknown as { frameMs: number[] }).frameMs;
  draws.length = 0;
  for (let step = 0; step <= 400; step++) {
    // Small steps, as a wheel makes, and jumps, as dragging the bar makes.
    grid.scrollTop = step % 2 === 0 ? (end * ((step * 37) % 401)) / 400 : grid.scrollTop + 120;
    holes += uncovered();
    await new Promise((resolve) => setTimeout(resolve, 17));
    holes += uncovered();
  }
  draws.sort((a, b) => a - b);
  const at = (share: number): number => draws[Math.floor((draws.length - 1) * share)]!;
  return { uncovered: holes, 'draw p50 ms': at(0.5), 'draw p95 ms': at(0.95) };
}

/** How long the person waits for a filter over all columns, and for a sorting. */
async function filterAndSort(page: Page): Promise<Measurement> {
  const filterMs = await page.evaluate<number>(`(async () => {
    const input = document.querySelector('.filter');
    input.value = 'row 9917';
    const before = performance.now();
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const after = performance.now();
    input.value = '';
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    return after - before;
  })()`);
  const sortMs = await page.evaluate<number>(`(async () => {
    const before = performance.now();
    document.querySelectorAll('.headcell')[3].click();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - before;
  })()`);
  return { 'filter ms': filterMs, 'sort text ms': sortMs };
}
