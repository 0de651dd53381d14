import { expect, test } from 'vitest';
import {
  fromFormValues,
  toFormError,
  toFormValues,
  toSuccess,
} from '../../../client/connectionUi/formValues.ts';
import type { SavedConnection } from '../../../client/connectionUi/savedConnections.ts';
import type { FormValues } from '../../../core/protocol/connectionFormMessages.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';

const filled: FormValues = {
  ...toFormValues(undefined),
  name: 'Acme Dev',
  url: 'https://acme.example',
  tier: 'development',
  credentials: { login: 'admin', password: 'secret' },
};

function save(values: Partial<FormValues>, before?: SavedConnection, taken: string[] = []): SavedConnection {
  const result = fromFormValues({ ...filled, ...values }, before, taken);
  if (result.entry === undefined) throw new Error(JSON.stringify(result.errors));
  return result.entry;
}

function errorsOf(values: Partial<FormValues>): string[] {
  return fromFormValues({ ...filled, ...values }, undefined, []).errors.map(
    ({ place, message }) => `${place}: ${message}`,
  );
}

test('a form becomes an entry of the settings, without its secrets', () => {
  expect(save({})).toEqual({
    id: 'acme-dev',
    name: 'Acme Dev',
    url: 'https://acme.example',
    login: 'admin',
    tier: 'development',
  });
});

test('a new connection counts as production until somebody says otherwise', () => {
  expect(toFormValues(undefined).tier).toBe('production');
  expect(toFormValues({ url: 'https://a.example' }).tier).toBe('production');
});

test.each([
  ['acme.example', 'https://acme.example'],
  ['https://acme.example/', 'https://acme.example'],
  ['https://acme.example/nl/jsp/soaprouter.jsp', 'https://acme.example'],
  ['https://acme.example/view/home', 'https://acme.example'],
  ['http://localhost:8080', 'http://localhost:8080'],
])('an address is taken as people paste it: %s', (url, expected) => {
  expect(save({ url })['url']).toBe(expected);
});

test.each(['ftp://acme.example', 'https://me:pw@acme.example', 'https://', 'not an address'])(
  'what is no address is refused at its field: %s',
  (url) => {
    expect(errorsOf({ url })).toEqual([
      'url: This is no address of an instance. Write e.g. https://acme.campaign.adobe.com.',
    ]);
  },
);

test('an empty form asks for the address', () => {
  expect(errorsOf({ url: '' })).toEqual(['url: Write the address of the instance.']);
});

test('numbers are checked, each at its field', () => {
  expect(save({ requestsPerSecond: '2,5', concurrency: '8', timeoutSeconds: '90' })).toMatchObject({
    requestsPerSecond: 2.5,
    concurrency: 8,
    timeoutSeconds: 90,
  });
  expect(errorsOf({ requestsPerSecond: '0', concurrency: '1.5', timeoutSeconds: 'x' })).toEqual([
    'requestsPerSecond: Write a number above 0.',
    'concurrency: Write a whole number above 0.',
    'timeoutSeconds: Write a number above 0.',
  ]);
});

test('without a name the host serves, and ids never meet', () => {
  expect(save({ name: '' })).toMatchObject({ name: 'acme.example', id: 'acme-example' });
  expect(save({}, undefined, ['acme-dev', 'acme-dev-2'])['id']).toBe('acme-dev-3');
});

test('editing keeps the id, and what the form does not show', () => {
  const before = {
    id: 'a',
    name: 'Old',
    url: 'https://old.example',
    login: 'me',
    concurrency: 9,
    imsUrl: 'https://ims.example/token',
  };
  const values = toFormValues(before);
  expect(values).toMatchObject({ name: 'Old', concurrency: '9', credentials: { login: 'me' } });
  const entry = save({ ...values, name: 'New', concurrency: '', credentials: { login: '' } }, before, []);
  expect(entry).toEqual({
    id: 'a',
    name: 'New',
    url: 'https://old.example',
    imsUrl: 'https://ims.example/token',
    tier: 'production',
  });
});

test.each([
  ['signIn', 'XSV-350012', 'credentials'],
  ['signIn', 'XSV-350013', 'form'],
  ['network', undefined, 'url'],
  ['http', undefined, 'url'],
  ['badResponse', undefined, 'url'],
  ['fault', undefined, 'form'],
] as const)('a failed test stands where it can be mended: %s %s', (code, campaignCode, place) => {
  const error = new CampaignError({ code, campaignCode, explanation: 'It failed.', nextStep: 'Try again.' });
  expect(toFormError(error)).toEqual({ place, message: 'It failed. Try again.' });
});

test('a successful test says who signed in where', () => {
  expect(
    toSuccess({
      login: 'admin',
      releaseName: '8.6.1',
      buildNumber: '9399',
      instanceName: 'acme',
      rights: [],
      packages: [],
    }),
  ).toBe('Connected as admin: Campaign 8.6.1 (build 9399), instance acme.');
  expect(toSuccess({ rights: [], packages: [] })).toBe('Connected: Campaign.');
});
