import type { ConnectionSettings } from './connectionSettings.ts';

/** Names of this machine for itself: `localhost`, `127.x.y.z`, `::1`. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The password of a sandbox that was started together with this VS Code (`npm start`, F5), which says so in the
 * environment. It stands in for a person's answer, so it is kept like one.
 * Invariant: only for the address the environment names, and only if that is this machine.
 */
export function sandboxPassword(
  settings: ConnectionSettings,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { CAMPAIGN_SANDBOX_URL: url, CAMPAIGN_SANDBOX_PASSWORD: password } = environment;
  if (url === undefined || !URL.canParse(url) || !URL.canParse(settings.url)) return undefined;
  const own = new URL(settings.url);
  return own.origin === new URL(url).origin && loopback.test(own.hostname) ? password : undefined;
}
