import { expect, test } from 'vitest';
import { ReferencedSchemas } from '../../../client/dataModel/referencedSchemas.ts';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';

const texts = new Map([
  ['cus:a', '<schema namespace="cus" name="a"><element name="x" ref="cus:b:y"/></schema>'],
  ['cus:b', '<schema namespace="cus" name="b"><element name="y" ref="cus:a:x"/></schema>'],
]);
const schema = parseSchema(
  '<schema namespace="cus" name="doc"><element name="doc"><element name="i" ref="cus:a:x"/><element name="j" ref="own"/></element></schema>',
).schema!;

test('schemas that are referred to are loaded once, with those they refer to', async () => {
  const loaded: string[] = [];
  const load = (id: string): Promise<string | null> => {
    loaded.push(id);
    return Promise.resolve(texts.get(id) ?? null);
  };
  const referenced = new ReferencedSchemas();
  const [source] = await Promise.all([referenced.collect(schema, load), referenced.collect(schema, load)]);
  expect(source.getSchema('cus:b')?.id).toBe('cus:b');
  expect(source.getSchema('cus:c')).toBeUndefined();
  expect(loaded).toEqual(['cus:a', 'cus:b']);
});

test('what the instance has not, or refuses, is done without; that it is not there is an error', async () => {
  const refusing = (code: 'fault' | 'network'): Promise<unknown> =>
    new ReferencedSchemas().collect(schema, () =>
      Promise.reject(
        new CampaignError({
          code,
          explanation: 'no',
          nextStep: '',
          method: undefined,
          campaignCode: undefined,
        }),
      ),
    );
  expect(
    (await new ReferencedSchemas().collect(schema, () => Promise.resolve(null))).getSchema('cus:a'),
  ).toBeNull();
  await expect(refusing('fault')).resolves.toBeDefined();
  await expect(refusing('network')).rejects.toThrow('no');
});
