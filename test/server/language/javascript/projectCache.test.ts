import ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { parseDocument } from '../../../../server/documents.ts';
import { withEmbeddedDocuments } from '../../../../server/language/embedded/embeddedService.ts';
import { createJavaScriptService } from '../../../../server/language/javascript/javaScriptService.ts';
import { ProjectCache } from '../../../../server/language/javascript/projectCache.ts';
import {
  createLanguageService,
  type LanguageDocument,
  type LanguageService,
} from '../../../../server/language/languageService.ts';
import { scriptModel } from '../../../support/scriptModel.ts';

/** A service that counts the projects TypeScript makes for it. */
function countingService(): { service: LanguageService; takeCount: () => number } {
  let count = 0;
  const typescript: typeof ts = {
    ...ts,
    createLanguageService: (...parameters) => {
      count++;
      return ts.createLanguageService(...parameters);
    },
  };
  const scripts = createJavaScriptService({ typescript });
  return {
    service: withEmbeddedDocuments(createLanguageService(scripts)),
    takeCount: () => {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}

/** A package of so many workflows, each with a script that has one problem. */
function packageOf(scriptCount: number, first = 'logInfo(1);', before?: LanguageDocument): LanguageDocument {
  const workflows = Array.from(
    { length: scriptCount },
    (_, index) =>
      `<workflow internalName="W${index}"><activities><js name="a"><script>${index === 0 ? first : ''} f(;</script></js></activities></workflow>`,
  );
  const text = `<package buildNumber="*"><entities schema="xtk:workflow">${workflows.join('\n')}</entities></package>`;
  const version = (before?.version ?? 0) + 1;
  return parseDocument(TextDocument.create('file:///package.xml', 'xml', version, text), before);
}

test('a package of 60 scripts is read once, however often it is looked through', () => {
  const { service, takeCount } = countingService();
  const file = packageOf(60);
  expect(service.diagnostics(scriptModel, file)).toHaveLength(60);
  expect(takeCount()).toBe(60);
  expect(service.diagnostics(scriptModel, file)).toHaveLength(60);
  service.semanticTokens(scriptModel, file);
  service.documentSymbols(file);
  expect(takeCount()).toBe(0);
  const edited = packageOf(60, 'logInfo(2);', file);
  expect(service.diagnostics(scriptModel, edited)).toHaveLength(60);
  expect(takeCount()).toBe(0);
});

test('of a package with more scripts than fit the first are still read once', () => {
  const { service, takeCount } = countingService();
  const file = packageOf(150);
  service.diagnostics(scriptModel, file);
  expect(takeCount()).toBe(150);
  service.diagnostics(scriptModel, file);
  expect(takeCount()).toBe(51);
});

test('looking for a field reads the scripts that contain its name, and no others', () => {
  const { service, takeCount } = countingService();
  const read = (name: string, text: string): LanguageDocument =>
    parseDocument(TextDocument.create(`file:///${name}.campaign.js`, 'campaign-javascript', 1, text));
  const text = 'var r = nms.recipient.load(1); logInfo(r.email);';
  const others = [read('b', text), read('c', 'var emails = 1;'), read('d', 'f("x");'), read('e', text)];
  expect(service.references(scriptModel, read('a', text), text.indexOf('email') + 1, others)).toHaveLength(3);
  expect(takeCount()).toBe(3);
});

/** A cache of names, and the names it keeps. */
function nameCache(): {
  use: (...uris: string[]) => void;
  close: (uri: string) => void;
  kept: () => number;
  made: () => number;
} {
  let kept = 0;
  let made = 0;
  const cache = new ProjectCache(() => {
    kept++;
    made++;
    return {
      dispose: () => {
        kept--;
      },
    };
  });
  return {
    use: (...uris) => uris.forEach((uri) => cache.use(uri)),
    close: (uri) => cache.close(uri),
    kept: () => kept,
    made: () => made,
  };
}

const inside = (uri: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${uri}#script${index}`);

test('ten documents are kept, the one used longest ago is forgotten', () => {
  const cache = nameCache();
  const uris = Array.from({ length: 15 }, (_, index) => `file:///${index}.js`);
  cache.use(...uris);
  expect(cache.kept()).toBe(10);
  cache.use(...uris.slice(-10));
  expect(cache.made()).toBe(15);
  cache.use(uris[0]!);
  expect(cache.made()).toBe(16);
});

test('scripts inside documents leave scripts of their own alone, and make room for each other', () => {
  const cache = nameCache();
  cache.use('file:///own.js', ...inside('file:///a.xml', 60), ...inside('file:///b.xml', 60));
  expect(cache.kept()).toBe(1 + 60);
  cache.use(...inside('file:///c.xml', 1_000));
  expect(cache.kept()).toBe(1 + 100);
  cache.close('file:///c.xml#script0');
  expect(cache.kept()).toBe(1 + 99);
  cache.close('file:///c.xml');
  expect(cache.kept()).toBe(1);
});
