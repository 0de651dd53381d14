import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { maskScript } from '../../../../server/language/javascript/mask.ts';

/** Packages of different authors, ages and build tools: old scripts, modules, minified bundles. */
const packages = [
  'undici',
  'acorn',
  'mocha',
  'vitest',
  'fast-xml-parser',
  'underscore',
  'jsdom',
  'ajv',
  'pako',
  'sax',
  'semver',
  'esbuild',
  'jszip',
  'marked',
];
const largest = 1_500_000;
const appended = '\n;var appended = <a b={1}/>;';

test(
  'ordinary JavaScript is not edited, and a literal behind it is found where it is',
  { timeout: 60_000 },
  () => {
    const files = packages
      .flatMap((name) => globSync(`node_modules/${name}/**/*.{js,cjs,mjs}`))
      .slice(0, 1_500);
    let sizeBytes = 0;
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      if (text.length > largest) continue;
      sizeBytes += text.length;
      const { text: masked, literals } = maskScript(text + appended);
      expect(masked.startsWith(text), file).toBe(true);
      expect(
        literals.map(({ start }) => start),
        file,
      ).toEqual([text.length + appended.indexOf('<')]);
    }
    expect(files.length).toBeGreaterThan(700);
    expect(sizeBytes).toBeGreaterThan(3_000_000);
  },
);
