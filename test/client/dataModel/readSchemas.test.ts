import { expect, test } from 'vitest';
import { readSchemas, type ReadSchemasOptions } from '../../../client/dataModel/readSchemas.ts';
import { CampaignError, type CampaignErrorCode } from '../../../core/soap/campaignError.ts';

const ids = Array.from({ length: 10 }, (_, i) => `cus:s${i}`);

function failure(code: CampaignErrorCode): CampaignError {
  return new CampaignError({ code, explanation: `It is ${code}.`, nextStep: '' });
}

/** Reads `ids` from what `load` gives, and tells what was used and done. */
async function read(load: ReadSchemasOptions['load'], signal = new AbortController().signal) {
  const used: string[] = [];
  const done: string[] = [];
  const result = await readSchemas(ids, {
    load,
    use: (id, xml) => {
      used.push(`${id} ${xml}`);
      return Promise.resolve();
    },
    done: (id) => done.push(id),
    signal,
  });
  return { ...result, used: used.sort(), done: done.sort() };
}

test('every schema is loaded once and used', async () => {
  const asked: string[] = [];
  const { used, done, ...result } = await read((id) => {
    asked.push(id);
    return Promise.resolve('<schema/>');
  });
  expect(result).toEqual({ gone: [], failures: [], isComplete: true });
  expect(asked.sort()).toEqual(ids);
  expect(used).toEqual(ids.map((id) => `${id} <schema/>`));
  expect(done).toEqual(ids);
});

test('four are under way at once, and no more', async () => {
  let underWay = 0;
  let most = 0;
  await read(async () => {
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    await Promise.resolve();
    underWay--;
    return '';
  });
  expect(most).toBe(4);
});

test('a schema that is gone, or that the instance refuses, does not end it', async () => {
  const { gone, failures, isComplete, used, done } = await read((id) => {
    if (id === 'cus:s3') return Promise.resolve(null);
    return id === 'cus:s5' ? Promise.reject(failure('fault')) : Promise.resolve('x');
  });
  expect(gone).toEqual(['cus:s3']);
  expect(failures.map(({ id, error }) => `${id}: ${error.message}`)).toEqual(['cus:s5: It is fault.']);
  expect([isComplete, used.length, done.length]).toEqual([true, 8, 10]);
});

test.each(['network', 'signIn', 'cancelled', 'throttled'] as const)(
  'an instance that is not there (%s) ends it, and nothing more is asked',
  async (code) => {
    const asked: string[] = [];
    const reading = read((id) => {
      asked.push(id);
      return Promise.reject(failure(code));
    });
    await expect(reading).rejects.toMatchObject({ code });
    expect(asked.length).toBeLessThanOrEqual(4);
  },
);

test('what fails in using a schema is not taken for a refusal of the instance', async () => {
  const reading = readSchemas(ids, {
    load: () => Promise.resolve('x'),
    use: () => Promise.reject(new Error('The disk is full.')),
    done: () => undefined,
    signal: new AbortController().signal,
  });
  await expect(reading).rejects.toThrow('The disk is full.');
});

test('cancelling ends it without waiting for what is being loaded', async () => {
  const abort = new AbortController();
  const { isComplete, used } = await read((id) => {
    if (id !== 'cus:s2') return Promise.resolve('x');
    abort.abort();
    return new Promise(() => undefined);
  }, abort.signal);
  expect(isComplete).toBe(false);
  expect(used.length).toBeLessThan(ids.length);
});

test('what was cancelled before it began asks for nothing', async () => {
  const abort = new AbortController();
  abort.abort();
  const { isComplete, done } = await read(() => {
    throw new Error('asked');
  }, abort.signal);
  expect([isComplete, done]).toEqual([false, []]);
});
