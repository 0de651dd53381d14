import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const clientSources = readSources('client');
/** What runs in a browser page. */
const pageSources = clientSources.filter(({ file }) => /\/(?:grid|page)\//.test(file));
/** What gives a webview its HTML. */
const hosts = clientSources.filter(({ text }) => text.includes('Content-Security-Policy'));

test('every webview has the same strict content policy', () => {
  expect(hosts.map(({ file }) => file)).toEqual(['client/webview/webviewPage.ts']);
  for (const { file, text } of hosts) {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1];
    expect(policy, file).toBe(
      "default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';",
    );
    expect(text, file).not.toMatch(/ style=|<style|\son\w+="/);
    expect(text, file).toContain('localResourceRoots');
  }
});

test('a webview is made nowhere else', () => {
  const makers = clientSources.filter(({ text }) => /\.html = |createWebviewPanel\(/.test(text));
  expect(makers.map(({ file }) => file)).toEqual(hosts.map(({ file }) => file));
});

test('pages put text in as text, and make no code of it', () => {
  expect(pageSources.length).toBeGreaterThan(10);
  const unsafe =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|setAttribute\('style'/;
  expect(pageSources.filter(({ text }) => unsafe.test(text)).map(({ file }) => file)).toEqual([]);
});

test('styles take their colours from the theme', () => {
  const styles = [
    'client/query/grid/grid.css',
    'client/staging/page/push.css',
    'client/connectionUi/page/form.css',
    'client/communicationLog/page/calls.css',
    'client/methodRunner/page/method.css',
  ];
  for (const file of styles) {
    const text = readFileSync(path.join(root, file), 'utf8');
    expect(text.match(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/gi), file).toBeNull();
  }
});

function readSources(folder: string): { file: string; text: string }[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return readSources(file);
    return entry.name.endsWith('.ts') ? [{ file, text: readFileSync(path.join(root, file), 'utf8') }] : [];
  });
}
