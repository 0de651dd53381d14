import { expect, test } from 'vitest';
import { copiedText, coverageText, insertedText, itemText } from '../../../client/dataModel/searchItems.ts';
import type { ModelSearchItem } from '../../../core/protocol/messages.ts';

function item(kind: ModelSearchItem['kind'], more: Partial<ModelSearchItem> = {}): ModelSearchItem {
  return {
    kind,
    schemaId: 'nms:recipient',
    schemaLabel: 'Recipients',
    name: '@city',
    label: 'City',
    path: 'location/@city',
    ...more,
  };
}

const schema = item('schema', { name: 'nms:recipient', label: 'Recipients', path: '' });
const value = item('value', { name: 'male', label: 'Male', path: 'gender', value: '1' });
const method = item('method', { name: 'Find', label: 'Find', path: 'Find' });

/** Label and description. */
function shown(of: ModelSearchItem): string {
  const { label, description } = itemText(of);
  return `${label} | ${description}`;
}

test('a row names what was found, and where', () => {
  expect(shown(schema)).toBe('nms:recipient | Recipients');
  expect(shown(item('attribute'))).toBe('location/@city | City · nms:recipient');
  expect(shown(value)).toBe('male = 1 | Male · gender of nms:recipient');
  expect(shown({ ...value, value: 'male' })).toBe('male | Male · gender of nms:recipient');
});

test('kinds are told apart by their icons', () => {
  const kinds = [
    'schema',
    'attribute',
    'element',
    'link',
    'collection',
    'enumeration',
    'value',
    'method',
  ] as const;
  const icons = kinds.map((kind) => itemText(item(kind)).icon);
  expect(new Set(icons).size).toBe(kinds.length);
});

test('copying gives the name code uses', () => {
  const texts = [schema, item('attribute'), value, { ...value, value: undefined as never }, method].map(
    copiedText,
  );
  expect(texts).toEqual(['nms:recipient', 'location/@city', '1', 'male', 'nms:recipient#Find']);
});

test('inserting puts brackets around an xpath that needs them, and around nothing else', () => {
  const email = item('attribute', { name: '@email', path: '@email' });
  expect(
    [item('link', { path: 'folder' }), email, item('attribute'), value, method].map(insertedText),
  ).toEqual(['folder', '@email', '[location/@city]', '1', 'nms:recipient#Find']);
});

test('a label of the instance cannot put an icon into the list', () => {
  const { label, description } = itemText(item('attribute', { path: '$(trash)', label: '$(trash)' }));
  expect(`${label}${description}`).not.toContain('$(');
});

test.each([
  [{ listed: 10, indexed: 10, unreadable: 0 }, true, ''],
  [
    { listed: 10, indexed: 4, unreadable: 1 },
    true,
    'Reading schemas: 5 of 10. The others are found by name only. 1 could not be read; see the log.',
  ],
  [
    { listed: 10, indexed: 4, unreadable: 0 },
    false,
    'Fields of 4 of 10 schemas are searched. The others are found by name only.',
  ],
  [{ listed: 10, indexed: 8, unreadable: 2 }, false, '2 could not be read; see the log.'],
])('what a search has seen (%j, reading: %s) is told', (coverage, isReading, expected) => {
  expect(coverageText(coverage, isReading)).toBe(expected);
});
