import { expect, test } from 'vitest';
import { nodeIcon, nodeText as textAt } from '../../../client/explorer/nodeText.ts';
import { toInsertion, toPlainText } from '../../../client/explorer/copyText.ts';
import {
  contextValue,
  contextValues,
  isExpandable,
  toChildFields,
  toErrorNode,
  toFolderNode,
  toGroupNodes,
  toModelChoice,
  toModelNode,
  toNamespaceNodes,
  toSchemaNodes,
  toValueNodes,
  type ConnectionNode,
  type FieldNode,
  type FolderNode,
  type ModelNode,
  type SchemaNode,
  type TreeNode,
} from '../../../client/explorer/treeNodes.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import type { SchemaDescription } from '../../../core/protocol/messages.ts';

const folder: SchemaDescription = {
  id: 'xtk:folder',
  label: 'Folders',
  fields: [
    { kind: 'link', name: 'parent', xpath: 'parent', label: 'Parent', target: 'xtk:folder' },
    { kind: 'attribute', name: '@label', xpath: '@label', label: 'Label', type: 'string', length: 128 },
  ],
  keys: [],
  enumerations: [],
  methods: [],
};

const recipient: SchemaDescription = {
  id: 'nms:recipient',
  label: 'Recipients',
  fields: [
    { kind: 'attribute', name: '@email', xpath: '@email', label: 'E-mail', type: 'string', length: 128 },
    {
      kind: 'element',
      name: 'location',
      xpath: 'location',
      label: 'Location',
      children: [
        { kind: 'attribute', name: '@city', xpath: 'location/@city', label: 'City', type: 'string' },
        { kind: 'link', name: 'country', xpath: 'location/country', label: 'Country', target: 'nms:country' },
      ],
    },
    { kind: 'link', name: 'folder', xpath: 'folder', label: 'Folder', target: 'xtk:folder' },
    {
      kind: 'collection',
      name: 'subscription',
      xpath: 'subscription',
      label: '',
      target: 'nms:subscription',
    },
  ],
  keys: [{ name: 'id', label: 'Key', primary: true, xpaths: ['@id'] }],
  enumerations: [{ name: 'gender', label: 'Gender', values: [{ name: 'male', value: '1', label: 'Male' }] }],
  methods: [
    {
      name: 'Find',
      label: 'Find',
      isStatic: true,
      parameters: [
        { name: 'key', type: 'string', direction: 'in' },
        { name: 'found', type: 'boolean', direction: 'out' },
      ],
    },
  ],
};

const connection: ConnectionNode = {
  kind: 'connection',
  key: 'connection:c',
  connectionId: 'c',
  settings: { id: 'c', name: 'Acme', url: 'https://acme.example', signIn: 'password', tier: 'production' },
  state: 'connected',
  isActive: true,
  hasOthers: false,
  isPaused: false,
};

const now = Date.UTC(2026, 10, 23, 12);
const model = toModelNode(connection, { schemaCount: 59, checkedAt: now - 5 * 60_000 });
const schemaNode: SchemaNode = {
  kind: 'schema',
  key: 's',
  place: model.place,
  schemaId: 'nms:recipient',
  label: 'Recipients',
};

const nodeText = (node: TreeNode) => textAt(node, now);

/** Labels and descriptions, a line each. */
function shown(nodes: readonly TreeNode[]): string[] {
  return nodes.map((node) => {
    const { label, description } = nodeText(node);
    return description === '' ? label : `${label} | ${description}`;
  });
}

function fieldNode(xpath: string, among: readonly TreeNode[]): FieldNode {
  const found = among
    .flatMap((node) => (node.kind === 'group' ? node.children : [node]))
    .find((node): node is FieldNode => node.kind === 'field' && node.xpath === xpath);
  if (found === undefined) throw new Error(`no ${xpath}`);
  return found;
}

test('own namespaces come first, built-in ones can be hidden', () => {
  const schemas = ['xtk:option', 'nms:recipient', 'cus:b', 'cus:a', 'abc:x'].map((id) => ({ id, label: id }));
  expect(shown(toNamespaceNodes(model, schemas, { hideBuiltIn: false }))).toEqual([
    'abc | 1 schema',
    'cus | 2 schemas',
    'nms | 1 schema',
    'xtk | 1 schema',
  ]);
  const [, cus] = toNamespaceNodes(model, schemas, { hideBuiltIn: true });
  expect(toNamespaceNodes(model, schemas, { hideBuiltIn: true })).toHaveLength(2);
  expect(shown(toSchemaNodes(cus!))).toEqual(['a | cus:a', 'b | cus:b']);
});

test('a schema shows its parts in groups, with counts', () => {
  expect(shown(toGroupNodes(schemaNode, recipient))).toEqual([
    'Fields | 2',
    'Links | 1',
    'Collections | 1',
    'Keys | 1',
    'Enumerations | 1',
    'Methods | 1',
  ]);
  expect(
    shown(toGroupNodes(schemaNode, { ...recipient, links: [], methods: [], keys: [] } as never)),
  ).not.toContain('Methods | 0');
});

test('fields tell type and label, links their target', () => {
  const [fields, links, collections] = toGroupNodes(schemaNode, recipient);
  expect(shown(fields!.children)).toEqual(['@email | string(128)  E-mail', 'location | Location']);
  expect(shown(links!.children)).toEqual(['folder | xtk:folder  Folder']);
  expect(shown(collections!.children)).toEqual(['subscription | nms:subscription']);
});

test('a link expands into its target, and xpaths count from where the way began', () => {
  const groups = toGroupNodes(schemaNode, recipient);
  const children = toChildFields(fieldNode('folder', groups), folder);
  expect(children.map(({ xpath }) => xpath)).toEqual(['folder/@label', 'folder/parent']);
  const deeper = toChildFields(fieldNode('folder/parent', children), folder);
  expect(deeper.map(({ xpath }) => xpath)).toEqual(['folder/parent/@label', 'folder/parent/parent']);
});

test('elements inside elements keep their xpath, also behind a link', () => {
  const groups = toGroupNodes(schemaNode, recipient);
  const location = fieldNode('location', groups);
  expect(toChildFields(location, null).map(({ xpath }) => xpath)).toEqual([
    'location/@city',
    'location/country',
  ]);
  const behindLink: FieldNode = { ...location, xpath: 'parent/location' };
  expect(toChildFields(behindLink, null).map(({ xpath }) => xpath)).toEqual([
    'parent/location/@city',
    'parent/location/country',
  ]);
});

test('keys of nodes differ, however deep the same schema is entered', () => {
  const groups = toGroupNodes(schemaNode, recipient);
  const first = toChildFields(fieldNode('folder', groups), folder);
  const second = toChildFields(fieldNode('folder/parent', first), folder);
  const keys = [...groups, ...groups.flatMap(({ children }) => children), ...first, ...second].map(
    ({ key }) => key,
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('enumerations, keys and methods say what they hold', () => {
  const groups = toGroupNodes(schemaNode, recipient);
  const [, , , keys, enumerations, methods] = groups;
  expect(shown(keys!.children)).toEqual(['id | @id']);
  expect(shown(methods!.children)).toEqual(['Find | (key: string, out found: boolean)']);
  const [gender] = enumerations!.children;
  expect(gender!.kind === 'enumeration' && shown(toValueNodes(gender))).toEqual(['male | 1  Male']);
});

test('copying gives the name code uses, inserting the form an expression takes', () => {
  const groups = toGroupNodes(schemaNode, recipient);
  const label = toChildFields(fieldNode('folder', groups), folder)[0]!;
  expect([toPlainText(label), toInsertion(label)]).toEqual(['folder/@label', '[folder/@label]']);
  const email = fieldNode('@email', groups);
  expect([toPlainText(email), toInsertion(email)]).toEqual(['@email', '@email']);
  expect(toPlainText(schemaNode)).toBe('nms:recipient');
  expect(toPlainText(groups[5]!.children[0]!)).toBe('nms:recipient#Find');
  expect(toPlainText(groups[1]!)).toBe('folder');
});

test('an error stands in place of what could not be loaded, and names it', () => {
  const failed = toErrorNode(schemaNode, new Error('The instance has no schema nms:recipient.'));
  expect(nodeText(failed)).toMatchObject({
    label: 'Could not be read',
    description: 'click to try again',
    tooltip: ['Could not be read', 'The instance has no schema nms:recipient.'],
  });
  expect([failed.parent, isExpandable(failed)]).toEqual([schemaNode, false]);
});

test.each([
  ['signIn', 'Not connected', 'click to connect'],
  ['network', 'Out of reach', 'click to try again'],
  ['fault', 'Could not be read', 'click to try again'],
] as const)(
  'a failure (%s) is a row of a few words that says what a click does',
  (code, label, description) => {
    const error = new CampaignError({ code, explanation: 'A sentence.', nextStep: 'Another one.' });
    const text = nodeText(toErrorNode(model, error));
    expect(text).toEqual({ label, description, tooltip: [label, 'A sentence. Another one.'] });
  },
);

test('connections stand side by side; their state is in their icon and in words', () => {
  expect([isExpandable(connection), isExpandable({ ...connection, isActive: false })]).toEqual([true, true]);
  expect(nodeText(connection).description).toBe('Production · connected');
  expect(nodeText({ ...connection, hasOthers: true, state: 'disconnected' }).description).toBe(
    'Production · not connected · active',
  );
  expect(nodeText(connection).tooltip).toEqual(['Acme', 'https://acme.example', 'Production, connected']);
  const icons = (['connected', 'disconnected', 'connecting'] as const).map(
    (state) => nodeIcon({ ...connection, state }).id,
  );
  expect(new Set(icons).size).toBe(3);
});

test('every kind of node has one of the context values, and a label', () => {
  const groups = toGroupNodes(schemaNode, recipient);
  const nodes: TreeNode[] = [
    connection,
    { ...connection, state: 'disconnected' },
    model,
    toFolderNode('model'),
    ...toNamespaceNodes(model, [{ id: 'cus:a', label: 'A' }], { hideBuiltIn: false }),
    schemaNode,
    ...groups,
    ...groups.flatMap(({ children }) => children),
    toErrorNode(model, 'x'),
  ];
  const enumeration = nodes.find((node) => node.kind === 'enumeration')!;
  nodes.push(...toValueNodes(enumeration));
  expect([...new Set(nodes.map(contextValue))].sort()).toEqual([...contextValues].sort());
  for (const node of nodes) {
    expect(nodeText(node).label).not.toBe('');
    expect(nodeText(node).tooltip[0]).not.toBe('');
    expect(nodeIcon(node).id).toMatch(/^[a-z~-]+$/);
  }
});

test('a model tells its size and its age, in words that change with time', () => {
  expect(nodeText(model)).toMatchObject({ label: 'Data model', description: '59 schemas · 5 min ago' });
  expect(textAt(model, now + 3 * 3_600_000).description).toBe('59 schemas · 3 h ago');
  expect(nodeText(toModelNode(connection, undefined)).description).toBe('');
});

test('schemas know which model they are of, and the server is told when it is not the active one', () => {
  const other = toModelNode({ ...connection, connectionId: 'other', isActive: false }, undefined);
  const choiceOf = (parent: ModelNode | FolderNode) => {
    const [namespace] = toNamespaceNodes(parent, [{ id: 'cus:a', label: 'A' }], { hideBuiltIn: false });
    return toModelChoice(toSchemaNodes(namespace!)[0]!.place);
  };
  expect([model, other, toFolderNode('model')].map(choiceOf)).toEqual([
    undefined,
    { connectionId: 'other' },
    { folder: true },
  ]);
  const groups = toGroupNodes({ ...schemaNode, place: other.place }, recipient);
  const [label] = toChildFields(fieldNode('folder', groups), folder);
  expect(label!.place).toEqual(other.place);
});

test('the same schema has another key in another model', () => {
  const other = toModelNode({ ...connection, connectionId: 'other', isActive: false }, undefined);
  const keys = [model, other, toFolderNode('model')].flatMap((parent) =>
    toNamespaceNodes(parent, [{ id: 'cus:a', label: 'A' }], { hideBuiltIn: false })
      .flatMap(toSchemaNodes)
      .map(({ key }) => key),
  );
  expect(new Set(keys).size).toBe(3);
});
