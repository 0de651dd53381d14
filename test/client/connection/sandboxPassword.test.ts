import { expect, test } from 'vitest';
import { sandboxPassword } from '../../../client/connection/sandboxPassword.ts';

const connection = (url: string) =>
  ({ id: 'a', name: 'A', url, signIn: 'password', tier: 'development' }) as const;
const offer = (url: string) => ({ CAMPAIGN_SANDBOX_URL: url, CAMPAIGN_SANDBOX_PASSWORD: 'pw' });

test('a sandbox on this machine hands over its password', () => {
  expect(sandboxPassword(connection('http://127.0.0.1:4321'), offer('http://127.0.0.1:4321'))).toBe('pw');
  expect(sandboxPassword(connection('http://localhost:4321/'), offer('http://localhost:4321'))).toBe('pw');
});

test('no other address gets it', () => {
  for (const url of [
    'http://127.0.0.1:4322',
    'https://127.0.0.1:4321',
    'http://127.0.0.1.example.com:4321',
    'nonsense',
  ])
    expect(sandboxPassword(connection(url), offer('http://127.0.0.1:4321'))).toBeUndefined();
});

test('an address that is not this machine gets none, even when the environment names it', () => {
  for (const url of ['https://acme.example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1'])
    expect(sandboxPassword(connection(url), offer(url))).toBeUndefined();
});

test('without a sandbox there is none', () => {
  expect(sandboxPassword(connection('http://127.0.0.1:4321'), {})).toBeUndefined();
});
