import { findRows, tableOf, type StoredRow } from '../entity/document.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { createElement, type Element } from '../xml/element.ts';

interface Folder {
  id: number;
  parentId: number;
  name: string;
  row: StoredRow;
}

const text = (row: StoredRow, xpath: string): string => String(row.cells.get(xpath) ?? '');

function allFolders(call: Call): Folder[] {
  return findRows(call.instance, tableOf(call.instance, 'xtk:folder'), []).map((row) => ({
    id: Number(row.cells.get('@id') ?? 0),
    parentId: Number(row.cells.get('@parent-id') ?? 0),
    name: text(row, '@name'),
    row,
  }));
}

function toElement(folder: Folder, folders: readonly Folder[]): Element {
  const { row } = folder;
  const image = text(row, '@image') || 'xtk:folder.png';
  const [namespace, ...name] = image.split(':');
  return createElement('folder', {
    id: folder.id,
    name: folder.name,
    label: text(row, '@label'),
    fullName: text(row, '@fullName'),
    model: text(row, '@model'),
    schema: text(row, '@entity'),
    'parent-id': folder.parentId,
    isView: text(row, '@isView') === '1',
    order: text(row, '@order') || 0,
    childcount: folders.filter((other) => other.parentId === folder.id).length,
    'image-namespace': namespace,
    'image-name': name.join(':'),
  });
}

/** The folders below one, opened along a path of internal names. */
function loadChildrenWithPath(call: Call): Answer {
  const folders = allFolders(call);
  const models = call
    .text(1)
    .split(',')
    .map((model) => model.trim())
    .filter((model) => model !== '');
  const parentKey = call.text(0).trim().split('|').at(-1) ?? '';
  const parentId = Number(parentKey === '' ? 0 : parentKey);
  const path = pathTo(folders, call.text(3).trim(), call.text(4));
  const answer = createElement('folder', { id: parentId });
  const fill = (holder: Element, id: number, open: readonly string[]): void => {
    const children = folders.filter((folder) => folder.parentId === id && folder.id !== 0);
    const kept = children.filter(
      (folder) => models.length === 0 || models.includes(text(folder.row, '@model')),
    );
    const sorted = call.flag(5) ? [...kept].sort(byRankAndLabel) : kept;
    for (const folder of sorted) {
      const element = toElement(folder, folders);
      holder.children.push(element);
      if (folder.name === open[0]) fill(element, folder.id, open.slice(1));
    }
  };
  fill(answer, parentId, path);
  return { values: [answer] };
}

/** Internal names from the root to a folder: given as such, or by the folder's full name. */
function pathTo(folders: readonly Folder[], fullName: string, path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  if (names.length > 0 || fullName === '') return names;
  const result: string[] = [];
  let at = folders.find((folder) => text(folder.row, '@fullName') === fullName);
  while (at !== undefined && result.length < folders.length) {
    result.unshift(at.name);
    const { parentId } = at;
    at = folders.find((folder) => folder.id === parentId && folder.id !== 0);
  }
  return result;
}

function byRankAndLabel(a: Folder, b: Folder): number {
  const rank = Number(a.row.cells.get('@order') ?? 0) - Number(b.row.cells.get('@order') ?? 0);
  return rank === 0 ? text(a.row, '@label').localeCompare(text(b.row, '@label'), 'en') : rank;
}

/** `xtk:folder`. */
export const folderMethods: readonly Method[] = [
  method(
    'xtk:folder#LoadChildrenWithPath',
    'strParentKey:string, strFolderFilter:string, bWriteAccess:boolean, strFullName:string, strPath:string, bSort:boolean -> pdomResult:DOMDocument',
    loadChildrenWithPath,
  ),
];
