import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseConnectionSettings } from '../../client/connection/connectionSettings.ts';
import { campaignLanguages } from '../../client/languageClient/documents.ts';
import { contextValues } from '../../client/explorer/treeNodes.ts';

const root = path.resolve(import.meta.dirname, '../..');

interface MenuItem {
  command: string;
  when?: string;
  group?: string;
}

interface Setting {
  type: string;
  default?: unknown;
  description?: string;
  markdownDescription?: string;
  enum?: string[];
  enumDescriptions?: string[];
}

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  activationEvents: string[];
  icon: string;
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; category: string; icon?: string }[];
    menus: Record<string, MenuItem[]>;
    languages: { id: string; extensions: string[]; configuration: string }[];
    grammars: { language?: string; path: string }[];
    snippets: { language: string; path: string }[];
    viewsContainers: Record<string, { id: string; icon: string }[]>;
    views: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string; contents: string }[];
    configuration: { properties: Record<string, Setting> }[];
    walkthroughs?: { steps: { id: string; description: string; media: Record<string, string> }[] }[];
  };
};
const { contributes } = manifest;
const itemMenus = contributes.menus['view/item/context']!;
const settings = Object.assign(
  {},
  ...contributes.configuration.map(({ properties }) => properties),
) as Record<string, Setting>;

/** Does a menu's condition on `viewItem` let a context value through? */
function matches(when: string, contextValue: string): boolean {
  const equal = /viewItem == ([\w.]+)/.exec(when)?.[1];
  if (equal !== undefined) return equal === contextValue;
  const pattern = /viewItem =~ \/((?:\\.|[^/])+)\//.exec(when)?.[1];
  return pattern !== undefined && new RegExp(pattern).test(contextValue);
}

test.each(contextValues)('items of the tree with the context value %s have a menu', (contextValue) => {
  expect(itemMenus.some(({ when = '' }) => matches(when, contextValue))).toBe(true);
});

test('every menu of tree items is for items there are', () => {
  const unused = itemMenus.filter(({ when = '' }) => !contextValues.some((value) => matches(when, value)));
  expect(unused).toEqual([]);
});

test('every inline action of the tree has an icon', () => {
  const withoutIcon = itemMenus
    .filter(({ group }) => group?.startsWith('inline'))
    .map(({ command }) => contributes.commands.find((entry) => entry.command === command))
    .filter((entry) => entry?.icon === undefined);
  expect(withoutIcon).toEqual([]);
});

test('what an inline action does, the context menu does too: it can be reached by keyboard', () => {
  const inline = itemMenus.filter(({ group }) => group?.startsWith('inline'));
  const missing = inline.filter(
    ({ command, when }) =>
      !itemMenus.some(
        (item) => item.group?.startsWith('inline') !== true && item.command === command && item.when === when,
      ),
  );
  expect(missing).toEqual([]);
});

test('commands that need an item of the tree are not in the Command Palette', () => {
  const hidden = contributes.menus['commandPalette']!.filter(({ when }) => when === 'false').map(
    ({ command }) => command,
  );
  expect(hidden.filter((id) => !id.startsWith('campaign.explorer.'))).toEqual([]);
  expect(hidden).toContain('campaign.explorer.copyXPath');
});

test('every command has a category and a title in title case', () => {
  for (const { title, category } of contributes.commands) {
    expect(category).toBe('Campaign');
    expect(title).toMatch(/^[A-Z]/);
    expect(title.replace('…', '')).not.toMatch(/\.$/);
  }
});

test('the languages are those the language client serves, and their files exist', () => {
  expect(contributes.languages.map(({ id }) => id).sort()).toEqual([...campaignLanguages].sort());
  const files = [
    ...contributes.languages.map(({ configuration }) => configuration),
    ...contributes.grammars.map((grammar) => grammar.path),
    ...contributes.snippets.map((snippets) => snippets.path),
    ...Object.values(contributes.viewsContainers)
      .flat()
      .map(({ icon }) => icon)
      .filter((icon) => !icon.startsWith('$(')),
  ];
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('every file of snippets is contributed', () => {
  const contributed = contributes.snippets.map((snippets) => path.basename(snippets.path)).sort();
  expect(contributed).toEqual(readdirSync(path.join(root, 'snippets')).sort());
});

test('every setting is described, has a default of its type, and is read by the code', () => {
  // The server asks the editor for what concerns it alone.
  const code = ['client', 'server'].flatMap((folder) => readSources(path.join(root, folder))).join('\n');
  for (const [id, setting] of Object.entries(settings)) {
    expect(setting.description ?? setting.markdownDescription, id).toMatch(/\.$/);
    const type = Array.isArray(setting.default) ? 'array' : typeof setting.default;
    expect(type === 'number' ? 'integer' : type, id).toBe(
      setting.type === 'number' ? 'integer' : setting.type,
    );
    if (setting.enum !== undefined) expect(setting.enumDescriptions).toHaveLength(setting.enum.length);
    const [, group = '', name = group] = id.split('.');
    const isRead =
      code.includes(`'${group}.${name}'`) ||
      (code.includes(`'campaign.${group}'`) && new RegExp(`\\b${name}\\b`).test(code)) ||
      code.includes(`get('${group}')`);
    expect(isRead, `${id} is read`).toBe(true);
  }
});

test('a connection in the settings has the fields the code reads, and no others', () => {
  const source = readFileSync(path.join(root, 'client/connection/connectionSettings.ts'), 'utf8');
  const body = /interface ConnectionSettings \{([^]*?)\n\}/.exec(source)![1]!;
  const fields = [...body.matchAll(/readonly (\w+)\??:/g)].map((match) => match[1]!);
  const { items } = settings['campaign.connections'] as unknown as {
    items: { properties: Record<string, { description?: string; markdownDescription?: string }> };
  };
  expect(Object.keys(items.properties).sort()).toEqual(fields.sort());
  for (const [name, { description, markdownDescription }] of Object.entries(items.properties)) {
    expect(description ?? markdownDescription, name).toMatch(/\.$/);
  }
});

test('a connection in the settings is checked there as it is by the code', () => {
  const source = readFileSync(path.join(root, 'client/connection/connectionSettings.ts'), 'utf8');
  const listOf = (name: string): string[] =>
    [...new RegExp(`const ${name}[^=]*= \\[([^\\]]*)\\]`).exec(source)![1]!.matchAll(/'(\w+)'/g)].map(
      (match) => match[1]!,
    );
  const { properties } = (
    settings['campaign.connections'] as unknown as {
      items: {
        properties: Record<string, Setting & { pattern?: string; propertyNames?: { pattern: string } }>;
      };
    }
  ).items;
  expect(properties['signIn']!.enum).toEqual(listOf('signInModes'));
  expect(properties['signIn']!.enumDescriptions).toHaveLength(properties['signIn']!.enum!.length);
  expect(properties['tier']!.enum).toEqual(listOf('tiers'));
  const checks: [RegExp, unknown, (value: string) => object][] = [
    [new RegExp(properties['imsUrl']!.pattern!), 'imsUrl', (imsUrl) => ({ imsUrl })],
    [
      new RegExp(properties['methodLimits']!.propertyNames!.pattern),
      'methodLimits',
      (name) => ({ methodLimits: { [name]: 5 } }),
    ],
  ];
  const samples = [
    'https://ims.example/token',
    'http://ims.example/token',
    'http://127.0.0.1:8080/ims/token/v3',
    'xtk:persist#Write',
    'Write',
  ];
  for (const [pattern, name, toEntry] of checks) {
    for (const sample of samples) {
      const { problems } = parseConnectionSettings([{ url: 'https://x', ...toEntry(sample) }]);
      expect([name, sample, pattern.test(sample)]).toEqual([name, sample, problems.length === 0]);
    }
  }
});

test('the walkthrough leads to commands that exist', () => {
  const text = JSON.stringify(contributes.walkthroughs);
  const ids = [...text.matchAll(/(?:command:|onCommand:)([\w.]+)/g)].map((match) => match[1]!);
  const known = [...contributes.commands.map(({ command }) => command), 'campaign.explorer.focus'];
  expect(ids.length).toBeGreaterThan(4);
  expect(ids.filter((id) => !known.includes(id))).toEqual([]);
});

test('no setting holds a secret', () => {
  const names = JSON.stringify(contributes.configuration).match(/"[\w.]*(?:password|secret|token)[\w.]*":/gi);
  expect(names).toBeNull();
});

test('settings that name hosts or folders count only in trusted workspaces', () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  expect(supported).toBe('limited');
  expect(restrictedConfigurations.sort()).toEqual(['campaign.connections', 'campaign.model.folder']);
});

test('nothing starts the extension with every window', () => {
  expect(manifest.activationEvents.filter((event) => event === '*' || event.startsWith('onStartup'))).toEqual(
    [],
  );
});

test('every view that is a tree has a welcome, and its commands exist', () => {
  const views = Object.values(contributes.views)
    .flat()
    .map(({ id }) => id);
  expect(contributes.viewsWelcome.map(({ view }) => view)).toEqual(
    views.filter((id) => id !== 'campaign.results' && id !== 'campaign.calls'),
  );
  const commands = contributes.viewsWelcome.flatMap(({ contents }) =>
    [...contents.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1]!),
  );
  const known = contributes.commands.map(({ command }) => command);
  expect(commands.filter((id) => id.startsWith('campaign.') && !known.includes(id))).toEqual([]);
});

test('the icon is a PNG of the size the galleries ask for, and small', () => {
  const png = readFileSync(path.join(root, manifest.icon));
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128]);
  expect(png.length).toBeLessThan(20_000);
});

test('the package holds every file the manifest and the webviews name', () => {
  const listed = readFileSync(path.join(root, '.vscodeignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const isListed = (file: string): boolean =>
    listed.some((pattern) =>
      new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`).test(file),
    );
  const bundles = [
    ...readSources(path.join(root, 'client'))
      .join('\n')
      .matchAll(/bundle: '(\w+)',/g),
  ].flatMap((match) => [`dist/${match[1]!}.js`, `dist/${match[1]!}.css`]);
  expect(bundles).toContain('dist/grid.js');
  const icons = Object.values(contributes.viewsContainers)
    .flat()
    .map(({ icon }) => icon)
    .filter((icon) => !icon.startsWith('$('));
  const media = (contributes.walkthroughs ?? []).flatMap(({ steps }) =>
    steps.flatMap(({ media: files }) =>
      Object.values(files).filter((file) => /\.(?:svg|png|md)$/.test(file)),
    ),
  );
  const needed = ['dist/extension.cjs', 'dist/server.js', manifest.icon, ...bundles, ...icons, ...media];
  expect(needed.filter((file) => !isListed(file))).toEqual([]);
});

function readSources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return readSources(file);
    return entry.name.endsWith('.ts') ? [readFileSync(file, 'utf8')] : [];
  });
}
