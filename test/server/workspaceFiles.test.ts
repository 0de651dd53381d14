import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { languageOfPath, WorkspaceFiles } from '../../server/workspaceFiles.ts';

const folder = new URL('../fixtures/serverWorkspace/', import.meta.url);
const inFolder = (path: string): string => new URL(path, folder).href;
const never = (): boolean => false;

test('knows the language of a file by its name, as the extension does', () => {
  expect(languageOfPath('/a/b.queryDef.xml')).toBe('campaign-querydef');
  expect(languageOfPath('C:\\a\\b.srcschema.xml')).toBe('campaign-schema');
  expect(languageOfPath('/a/xtk_srcSchema/cus/b.xml')).toBe('campaign-schema');
  expect(languageOfPath('/a/b.jssp')).toBe('campaign-jssp');
  expect(languageOfPath('/a/xtk_workflow/b.js')).toBe('campaign-javascript');
  expect(languageOfPath('/a/b.js')).toBe('javascript');
  expect(languageOfPath('/a/b.txt')).toBeUndefined();
});

test('lists the files of our languages', async () => {
  const files = await new WorkspaceFiles([folder.href, 'untitled:/nowhere', 'file:///does/not/exist']).list();
  expect(files.map(({ uri }) => uri).sort()).toEqual(
    ['queries/folders.queryDef.xml', 'queries/note.xml', 'xtk_javascript/cus/common.js'].map(inFolder),
  );
});

test('finds the files that contain a word', async () => {
  const found = await new WorkspaceFiles([folder.href]).containing('countLetters', never);
  expect(found.map(({ file }) => file.uri)).toEqual([inFolder('xtk_javascript/cus/common.js')]);
  expect(await new WorkspaceFiles([folder.href]).containing('countLetters', () => true)).toEqual([]);
});

test('finds a library by namespace and name, once the files are listed', async () => {
  const files = new WorkspaceFiles([folder.href]);
  expect(files.library('cus:common.js', inFolder('a.js'))).toBeUndefined();
  await files.list();
  const library = files.library('cus:common.js', inFolder('a.js'));
  expect(library?.uri).toBe(inFolder('xtk_javascript/cus/common.js'));
  expect(library?.text).toContain('countLetters');
  expect(files.library('cus:common.js', inFolder('a.js'))?.version).toBe(library?.version);
  expect(files.library('nms:common.js', inFolder('a.js'))).toBeUndefined();
  files.changed();
  expect(files.library('cus:common.js', inFolder('a.js'))).toBeUndefined();
});

test('a folder in a folder is listed once', async () => {
  const path = fileURLToPath(folder);
  const files = await new WorkspaceFiles([folder.href]).list();
  expect(new Set(files.map((file) => file.path)).size).toBe(files.length);
  expect(files.every((file) => file.path.startsWith(path))).toBe(true);
});
