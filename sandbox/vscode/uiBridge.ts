/**
 * Lets a test inside the extension host press keys in the workbench around it and look at what it shows: a small
 * HTTP service on 127.0.0.1 that passes each request on to the browser page.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';

/**
 * What a test may ask for; `selector` is a Playwright selector, its first match is meant. `webview` looks inside the webview
 * that has an element for this selector.
 */
export type UiRequest =
  | { op: 'press'; key: string }
  | { op: 'type'; text: string }
  | { op: 'click'; selector: string; webview?: string }
  | { op: 'fill'; selector: string; text: string; webview?: string }
  | { op: 'select'; selector: string; value: string; webview?: string }
  | { op: 'waitFor'; selector: string; state?: 'visible' | 'hidden'; webview?: string }
  | { op: 'text'; selector: string; webview?: string }
  | { op: 'count'; selector: string; webview?: string }
  /** An expression for the webview's own page; the answer is its value as JSON. A promise is waited for. */
  | { op: 'evaluate'; expression: string; webview: string }
  | { op: 'screenshot'; name: string };

export interface UiBridge {
  url: string;
  close(): void;
}

const TIMEOUT_MS = 10_000;
const POLL_MS = 50;

/** Starts the service; `page` is asked for at each request, since the service starts before the browser. */
export async function startUiBridge(page: () => Page | undefined, screenshots: string): Promise<UiBridge> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(Buffer.concat(chunks).toString()).then(
        (value) => response.end(JSON.stringify({ value })),
        (error: unknown) => {
          response.statusCode = 500;
          response.end(String(error));
        },
      );
    });
  });
  const answer = async (body: string): Promise<string | undefined> => {
    const current = page();
    if (!current) throw new Error('The workbench is not open yet.');
    return perform(current, JSON.parse(body) as UiRequest, screenshots);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

async function perform(page: Page, request: UiRequest, screenshots: string): Promise<string | undefined> {
  const timeout = TIMEOUT_MS;
  const webview = 'webview' in request ? request.webview : undefined;
  const scope = webview === undefined ? page : await findWebview(page, webview);
  switch (request.op) {
    case 'press':
      await page.keyboard.press(request.key);
      return undefined;
    case 'type':
      await page.keyboard.type(request.text, { delay: 10 });
      return undefined;
    case 'click':
      await scope.locator(request.selector).first().click({ timeout });
      return undefined;
    case 'fill':
      await scope.locator(request.selector).first().fill(request.text, { timeout });
      return undefined;
    case 'select':
      await scope.locator(request.selector).first().selectOption(request.value, { timeout });
      return undefined;
    case 'waitFor':
      await scope
        .locator(request.selector)
        .first()
        .waitFor({ state: request.state ?? 'visible', timeout });
      return undefined;
    case 'text':
      return scope.locator(request.selector).first().innerText({ timeout });
    case 'count':
      return String(await scope.locator(request.selector).count());
    case 'evaluate':
      return JSON.stringify(await scope.evaluate(request.expression));
    case 'screenshot':
      await page.screenshot({ path: path.join(screenshots, `${path.basename(request.name)}.png`) });
      return undefined;
  }
}

/** VS Code does not say otherwise which webview is which. */
async function findWebview(page: Page, selector: string): Promise<Frame> {
  const endsAt = Date.now() + TIMEOUT_MS;
  while (Date.now() < endsAt) {
    for (const frame of page.frames()) {
      // A frame may be replaced while it is looked at.
      const count = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
    await page.waitForTimeout(POLL_MS);
  }
  throw new Error(`No webview has ${selector}.`);
}
