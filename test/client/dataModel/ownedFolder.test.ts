import { expect, test } from 'vitest';
import {
  folderState,
  OwnedFolder,
  type FolderFiles,
  type FolderKind,
} from '../../../client/dataModel/ownedFolder.ts';

const kind: FolderKind = { markerFile: 'marker.json', extensions: ['xml'] };

/** A folder in memory, which counts how often it is written to. */
class Folder implements FolderFiles {
  readonly texts = new Map<string, string>();
  readonly written: string[] = [];

  read(path: string): Promise<string | undefined> {
    return Promise.resolve(this.texts.get(path));
  }

  write(path: string, text: string): Promise<void> {
    this.texts.set(path, text);
    this.written.push(path);
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    this.texts.delete(path);
    return Promise.resolve();
  }

  isEmpty(): Promise<boolean> {
    return Promise.resolve(this.texts.size === 0);
  }

  get names(): string[] {
    return [...this.texts.keys()].filter((name) => name !== kind.markerFile).sort();
  }
}

/** Writes files with a text each, as one writing. */
async function write(folder: Folder, files: Record<string, string>, instance = 'acme') {
  const owned = await OwnedFolder.open(folder, kind, instance, Object.keys(files));
  for (const [path, text] of Object.entries(files)) await owned.put(path, text);
  await owned.finish();
  return owned.changes;
}

test('a folder is empty, of an instance, or of somebody else', async () => {
  const folder = new Folder();
  expect(await folderState(folder, kind)).toEqual({ kind: 'empty' });
  await write(folder, { 'nms/recipient.xml': 'a' });
  expect(await folderState(folder, kind)).toEqual({ kind: 'own', instance: 'acme' });
  folder.texts.delete('marker.json');
  expect(await folderState(folder, kind)).toEqual({ kind: 'foreign' });
});

test.each(['{ "instance": "acme", "fi', '{}', '[]', '{"instance": 1, "files": []}', '<<<<<<< HEAD'])(
  'a marker that cannot be read (%s) makes nothing ours',
  async (text) => {
    const folder = new Folder();
    folder.texts.set('marker.json', text);
    expect(await folderState(folder, kind)).toEqual({ kind: 'foreign' });
  },
);

test('what did not change is not written again, and the same content gives the same bytes', async () => {
  const folder = new Folder();
  const files = { 'nms/recipient.xml': 'a', 'cus/store.xml': 'b' };
  expect(await write(folder, files)).toEqual({ written: 2, unchanged: 0, removed: 0 });
  const before = new Map(folder.texts);
  folder.written.length = 0;
  expect(await write(folder, { 'cus/store.xml': 'b', 'nms/recipient.xml': 'a' })).toEqual({
    written: 0,
    unchanged: 2,
    removed: 0,
  });
  expect([folder.written, folder.texts]).toEqual([[], before]);
});

test('files of schemas that are gone are removed, files of others are not', async () => {
  const folder = new Folder();
  await write(folder, { 'nms/recipient.xml': 'a', 'cus/store.xml': 'b' });
  folder.texts.set('cus/mine.xml', 'by hand');
  expect(await write(folder, { 'nms/recipient.xml': 'A' })).toEqual({ written: 1, unchanged: 0, removed: 1 });
  expect(folder.names).toEqual(['cus/mine.xml', 'nms/recipient.xml']);
});

test('an edited marker cannot make it remove anything but files of schemas', async () => {
  const folder = new Folder();
  const strange = ['../outside.xml', '/etc/passwd', 'notes.txt', 'cus/../../x.xml', 5, 'cus/old.xml'];
  folder.texts.set('marker.json', JSON.stringify({ instance: 'acme', files: strange }));
  for (const path of ['../outside.xml', '/etc/passwd', 'notes.txt', 'cus/../../x.xml', 'cus/old.xml']) {
    folder.texts.set(path, 'x');
  }
  expect((await write(folder, {})).removed).toBe(1);
  expect(folder.names).toEqual(['../outside.xml', '/etc/passwd', 'cus/../../x.xml', 'notes.txt']);
});

test('a writing that breaks off leaves no file that nobody owns', async () => {
  const folder = new Folder();
  const broken = await OwnedFolder.open(folder, kind, 'acme', ['nms/recipient.xml', 'cus/store.xml']);
  expect(folder.written).toEqual(['marker.json']);
  await broken.put('nms/recipient.xml', 'half');
  // No `finish`: the next writing, of another model, still knows of it.
  expect(await write(folder, { 'cus/store.xml': 'b' })).toEqual({ written: 1, unchanged: 0, removed: 1 });
  expect(folder.names).toEqual(['cus/store.xml']);
});
