// Holds the code to the rules of ARCHITECTURE.md: who may import whom, who owns state, and the pairs of lists that
// must stay equal.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import * as messages from '../core/protocol/messages.ts';

const root = path.resolve(import.meta.dirname, '..');

interface Rule {
  /** A file follows the rule with the longest folder that holds it. */
  folder: string;
  /** Folders and files it may import from, besides the files that follow the same rule. */
  folders: readonly string[];
  /** Folders out of reach although one above them is allowed. */
  except?: readonly string[];
  /** Packages it may import; `node:` stands for all of Node's own modules. */
  packages: readonly string[];
}

const LSP_TYPES = ['vscode-languageserver-types', 'vscode-languageserver-textdocument'];
const CLIENT_SHARED = [
  'core',
  'client/connection',
  'client/languageClient',
  'client/webview',
  'client/commands.ts',
] as const;

const RULES: readonly Rule[] = [
  { folder: 'core', folders: ['core'], packages: [] },
  { folder: 'core/protocol', folders: [], packages: [] },
  {
    folder: 'server/language',
    folders: ['core'],
    except: ['core/soap'],
    packages: [...LSP_TYPES, 'typescript'],
  },
  {
    folder: 'server',
    folders: ['core', 'server/language'],
    except: ['core/soap'],
    // TypeScript is loaded here, so that it costs nothing until a script is open.
    packages: ['vscode-languageserver', 'typescript', ...LSP_TYPES, 'node:'],
  },
  // What lies directly in client/ puts the features together; a feature knows the shared services only.
  {
    folder: 'client',
    folders: ['core', 'client'],
    except: [
      'client/query/grid',
      'client/staging/page',
      'client/connectionUi/page',
      'client/communicationLog/page',
      'client/methodRunner/page',
    ],
    packages: ['vscode'],
  },
  { folder: 'client/connection', folders: ['core'], packages: ['vscode', 'undici', 'node:'] },
  {
    folder: 'client/languageClient',
    folders: CLIENT_SHARED,
    packages: ['vscode', 'vscode-languageclient'],
  },
  { folder: 'client/webview', folders: ['core'], packages: ['vscode'] },
  { folder: 'client/dataModel', folders: CLIENT_SHARED, packages: ['vscode'] },
  { folder: 'client/explorer', folders: CLIENT_SHARED, packages: ['vscode'] },
  { folder: 'client/query', folders: CLIENT_SHARED, packages: ['vscode'] },
  { folder: 'client/query/grid', folders: ['core/protocol'], packages: [] },
  // Its journal has to be on disk before a row goes out; VS Code's own file interface cannot append.
  { folder: 'client/staging', folders: CLIENT_SHARED, packages: ['vscode', 'node:'] },
  // The rows of a push are shown in the same grid.
  { folder: 'client/staging/page', folders: ['core/protocol', 'client/query/grid'], packages: [] },
  { folder: 'client/connectionUi', folders: CLIENT_SHARED, packages: ['vscode'] },
  { folder: 'client/connectionUi/page', folders: ['core/protocol', 'client/query/grid'], packages: [] },
  { folder: 'client/communicationLog', folders: CLIENT_SHARED, packages: ['vscode'] },
  {
    folder: 'client/communicationLog/page',
    folders: ['core/protocol', 'client/query/grid'],
    packages: [],
  },
  { folder: 'client/methodRunner', folders: CLIENT_SHARED, packages: ['vscode'] },
  { folder: 'client/methodRunner/page', folders: ['core/protocol', 'client/query/grid'], packages: [] },
  {
    folder: 'sandbox/campaign',
    folders: ['core', 'sandbox/stopWithParent.mjs'],
    except: ['core/soap'],
    packages: ['node:'],
  },
  {
    folder: 'sandbox/vscode',
    folders: ['core', 'sandbox/campaign', 'sandbox/stopWithParent.mjs'],
    except: ['core/soap'],
    packages: ['playwright-core', '@vscode/test-electron', 'node:'],
  },
];

interface Source {
  /** From the root of the project, with `/`. */
  file: string;
  text: string;
}

const sources: readonly Source[] = ['core', 'server', 'client', 'sandbox'].flatMap(readSources);

describe('imports', () => {
  test('every folder with a rule exists', () => {
    const missing = RULES.map((rule) => rule.folder).filter((folder) => !existsSync(path.join(root, folder)));
    expect(missing).toEqual([]);
  });

  test('every folder of the client has a rule of its own', () => {
    const folders = readdirSync(path.join(root, 'client'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `client/${entry.name}`);
    expect(folders.filter((folder) => !RULES.some((rule) => rule.folder === folder))).toEqual([]);
  });

  test('keep to the table', () => {
    const broken = sources.flatMap((source) =>
      importsOf(source)
        .filter((specifier) => !mayImport(source.file, specifier))
        .map((specifier) => `${source.file} imports ${specifier}`),
    );
    expect(broken).toEqual([]);
  });

  test('that break the table are recognized', () => {
    expect(mayImport('core/xml/parseXml.ts', 'node:fs')).toBe(false);
    expect(mayImport('core/xml/parseXml.ts', './entities.ts')).toBe(true);
    expect(mayImport('core/protocol/messages.ts', '../xml/parseXml.ts')).toBe(false);
    expect(mayImport('server/language/languageService.ts', '../../core/soap/soapClient.ts')).toBe(false);
    expect(mayImport('server/language/languageService.ts', '../dataModel.ts')).toBe(false);
    expect(mayImport('client/query/queryPanel.ts', '../staging/batch.ts')).toBe(false);
    expect(mayImport('client/query/queryPanel.ts', '../commands.ts')).toBe(true);
    expect(mayImport('client/extension.ts', './query/registerQuery.ts')).toBe(true);
    expect(mayImport('sandbox/campaign/sandbox.ts', '../../core/soap/envelope.ts')).toBe(false);
    expect(mayImport('client/commands.ts', '../test/support/ui.ts')).toBe(false);
    expect(importsOf({ file: 'a.ts', text: "export { b } from './b.ts'; void import('./c.ts');" })).toEqual([
      './b.ts',
      './c.ts',
    ]);
  });
});

describe('state', () => {
  test('no module holds any', () => {
    const holders = sources.flatMap((source) =>
      moduleVariables(source).map((name) => `${source.file} declares ${name} with let or var`),
    );
    expect(holders).toEqual([]);
    expect(moduleVariables({ file: 'a.ts', text: 'export let a = 1; const b = 2; { let c = 3; }' })).toEqual([
      'a',
    ]);
  });
});

describe('messages of core/protocol', () => {
  const direction = messageDirections();

  test('each say who sends them', () => {
    const names = Object.keys(messages).filter((name) => /(Request|Notification)$/.test(name));
    expect([...direction.keys()].sort()).toEqual(names.sort());
  });

  test.each([...direction])(
    '%s (%s) is sent by one side and handled by the other',
    (name, [sender, receiver]) => {
      expect(callsWith(sender, name), `${sender} sends ${name}`).toContain('send');
      expect(callsWith(receiver, name), `${receiver} handles ${name}`).toContain('on');
    },
  );
});

describe('package.json', () => {
  interface Contributions {
    commands: { command: string }[];
    menus: Record<string, { command?: string }[]>;
  }
  const contributions = () =>
    (JSON.parse(read('package.json')) as { contributes: Contributions }).contributes;
  const contributed = () => contributions().commands.map((entry) => entry.command);

  test('contributes the commands that client/commands.ts lists', () => {
    const ids = [...read('client/commands.ts').matchAll(/'(campaign\.[\w.]+)'/g)].map((match) => match[1]!);
    expect([...new Set(contributed())].sort()).toEqual([...new Set(ids)].sort());
  });

  test('puts only commands that exist into menus', () => {
    const inMenus = Object.values(contributions().menus).flatMap((items) =>
      items.map((item) => item.command ?? ''),
    );
    const known = contributed();
    expect(inMenus.filter((id) => id.startsWith('campaign.') && !known.includes(id))).toEqual([]);
  });
});

describe('lock files', () => {
  test.each(['package-lock.json', 'sandbox/vscode/server/package-lock.json'])(
    '%s names no registry, so that any one serves',
    (file) => {
      const { packages } = JSON.parse(read(file)) as { packages: Record<string, { resolved?: string }> };
      const addresses = Object.values(packages).map((entry) => entry.resolved ?? '');
      expect(addresses.filter((address) => address.includes('://'))).toEqual([]);
    },
  );
});

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

function readSources(folder: string): Source[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : readSources(file);
    return /\.(ts|mjs)$/.test(entry.name) && !/\.d\.m?ts$/.test(entry.name)
      ? [{ file, text: read(file) }]
      : [];
  });
}

function importsOf(source: Source): string[] {
  return ts.preProcessFile(source.text, true, true).importedFiles.map((entry) => entry.fileName);
}

function mayImport(file: string, specifier: string): boolean {
  const rule = ruleOf(file)!;
  if (!specifier.startsWith('.')) {
    const isNode = specifier.startsWith('node:') || builtinModules.includes(specifier);
    return rule.packages.some((name) => (isNode ? name === 'node:' : isWithin(specifier, name)));
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (rule.except?.some((folder) => isWithin(target, folder))) return false;
  return ruleOf(target) === rule || rule.folders.some((folder) => isWithin(target, folder));
}

function ruleOf(file: string): Rule | undefined {
  const rules = RULES.filter((rule) => isWithin(file, rule.folder));
  return rules.sort((a, b) => b.folder.length - a.folder.length)[0];
}

function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

function moduleVariables(source: Source): string[] {
  const { statements } = ts.createSourceFile(source.file, source.text, ts.ScriptTarget.Latest);
  return statements
    .filter((statement) => ts.isVariableStatement(statement))
    .filter((statement) => (statement.declarationList.flags & ts.NodeFlags.Const) === 0)
    .flatMap((statement) => statement.declarationList.declarations.map((declaration) => declaration.name))
    .map((name) => (ts.isIdentifier(name) ? name.text : '{…}'));
}

/** Reads `Server → client` and `Client → server` from the docstrings, as [sender, receiver] by name. */
function messageDirections(): Map<string, [string, string]> {
  const found = read('core/protocol/messages.ts').matchAll(
    /\/\*\* (Server → client|Client → server)[^]*?\*\/\s*export const (\w+(?:Request|Notification)) =/g,
  );
  return new Map(
    [...found].map((match) => [
      match[2]!,
      match[1] === 'Server → client' ? ['server', 'client'] : ['client', 'server'],
    ]),
  );
}

/** How a side uses a message: as argument of a call that sends (`send`), or of another that handles it (`on`). */
function callsWith(side: string, name: string): string[] {
  const calls = sources
    .filter((source) => isWithin(source.file, side))
    .flatMap((source) => [...source.text.matchAll(new RegExp(`(\\w+)(?:<[^()]*>)?\\(\\s*${name}\\b`, 'g'))]);
  return calls.map((match) => (match[1]!.startsWith('send') ? 'send' : 'on'));
}
