import { expect, test } from 'vitest';
import type { Connections, ConnectionsChange } from '../../../client/connection/connections.ts';
import {
  addColors,
  removeColors,
  TitleColors,
  titleColors,
  type ColorCustomizations,
  type WrittenColors,
} from '../../../client/connectionUi/titleColors.ts';

const colors = titleColors(true);
const keys = Object.keys(colors);

test.each<[string, ColorCustomizations | undefined]>([
  ['no setting', undefined],
  ['an empty setting', {}],
  ['colours of other parts and of themes', { 'statusBar.background': '#111', '[Light]': { a: 'b' } }],
  ['colours of the title bar', { 'titleBar.activeBackground': '#123456', 'editor.background': '#000' }],
])('what stood there is back afterwards: %s', (_what, before) => {
  const { value, written } = addColors(before, colors);
  expect(value).toEqual({ ...before, ...colors });
  expect(removeColors(value, written)).toEqual(before);
});

test('a colour changed meanwhile is left alone, and one added stays', () => {
  const { value, written } = addColors({ 'titleBar.activeForeground': '#eee' }, colors);
  const changed = { ...value, 'titleBar.activeBackground': '#00ff00', 'tab.border': '#f00' };
  expect(removeColors(changed, written)).toEqual({
    'titleBar.activeForeground': '#eee',
    'titleBar.activeBackground': '#00ff00',
    'tab.border': '#f00',
  });
  expect(removeColors(undefined, written)).toEqual({});
});

/** A window with a connection, and the settings of its workspace. */
function createWindow(
  options: { hasWorkspace?: boolean; workspace?: ColorCustomizations; memory?: WrittenColors } = {},
) {
  const listeners = new Set<(change: ConnectionsChange) => void>();
  const window = {
    isOn: true,
    tier: 'production',
    state: 'connected',
    isReadOnly: true,
    value: options.workspace,
    memory: options.memory,
    writeCount: 0,
    told: [] as string[],
    failed: [] as unknown[],
    failure: undefined as Error | undefined,
    change: async (kind: ConnectionsChange['kind'] = 'state') => {
      for (const listener of listeners) listener({ kind });
      await titles.update();
    },
  };
  const connections = {
    get active() {
      return {
        state: window.state,
        settings: { tier: window.tier },
        soap: { isReadOnly: window.isReadOnly },
      };
    },
    onDidChange: (listener: (change: ConnectionsChange) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  } as unknown as Connections;
  const titles = new TitleColors(connections, {
    isOn: () => window.isOn,
    hasWorkspace: () => options.hasWorkspace ?? true,
    read: () => window.value,
    write: async (value) => {
      await Promise.resolve();
      if (window.failure !== undefined) throw window.failure;
      window.writeCount++;
      window.value = value;
    },
    memory: {
      get: () => window.memory,
      set: async (written) => {
        await Promise.resolve();
        window.memory = written;
      },
    },
    tell: (message) => window.told.push(message),
    fail: (error) => window.failed.push(error),
  });
  return { window, titles };
}

test('production colours the window while it is connected, more so while it can be written to', async () => {
  const { window, titles } = createWindow({ workspace: { 'editor.background': '#000' } });
  await titles.update();
  expect(window.value).toEqual({ 'editor.background': '#000', ...titleColors(true) });
  window.isReadOnly = false;
  await window.change('access');
  expect(window.value).toEqual({ 'editor.background': '#000', ...titleColors(false) });
  expect(titleColors(false)).not.toEqual(titleColors(true));
  window.state = 'disconnected';
  await window.change();
  expect(window.value).toEqual({ 'editor.background': '#000' });
  expect(window.memory).toBeUndefined();
});

test('nothing is written twice', async () => {
  const { window } = createWindow();
  for (let i = 0; i < 5; i++) await window.change();
  expect(window.writeCount).toBe(1);
});

test.each<[string, (window: ReturnType<typeof createWindow>['window']) => void]>([
  ['another tier becomes active', (window) => (window.tier = 'development')],
  ['it is disconnected', (window) => (window.state = 'disconnected')],
  ['the setting is switched off', (window) => (window.isOn = false)],
])('the colours go when %s', async (_what, act) => {
  const { window } = createWindow();
  await window.change();
  expect(window.value).toEqual(colors);
  act(window);
  await window.change();
  expect(window.value).toBeUndefined();
});

test('a window closed in production’s colours loses them when it opens again', async () => {
  const { value, written } = addColors({ 'titleBar.activeBackground': '#abc' }, colors);
  const { window, titles } = createWindow({ workspace: value, memory: written });
  window.state = 'disconnected';
  await titles.update();
  expect(window.value).toEqual({ 'titleBar.activeBackground': '#abc' });
});

test('without the setting, or for other tiers, nothing is touched', async () => {
  for (const part of [{ isOn: false }, { tier: 'staging' }, { state: 'connecting' }]) {
    const { window, titles } = createWindow({ workspace: { a: 1 } });
    Object.assign(window, part);
    await titles.update();
    await window.change();
    expect([keys.some((key) => key in window.value!), window.value]).toEqual([false, { a: 1 }]);
  }
});

test('without a workspace it says so, once', async () => {
  const { window } = createWindow({ hasWorkspace: false });
  await window.change();
  await window.change();
  expect([window.writeCount, window.told.length]).toEqual([0, 1]);
  expect(window.told[0]).toMatch(/only in a window with a folder/);
});

test('settings that cannot be written are told; the next change tries again', async () => {
  const { window, titles } = createWindow();
  window.failure = new Error('read-only');
  await titles.update();
  expect(window.failed.length).toBeGreaterThan(0);
  expect(window.memory).toBeUndefined();
  window.failure = undefined;
  await window.change();
  expect(window.value).toEqual(colors);
});
