/**
 * How careful to be with an instance. `production` is read-only until a person lifts it for a time, and the SOAP client
 * enforces that.
 */
export type Tier = 'development' | 'test' | 'staging' | 'production';

/** How to sign in. Secrets are never here: they live in VS Code's SecretStorage. */
export type SignIn = 'password' | 'imsClientCredentials' | 'bearer' | 'bearerLogon' | 'session';

/** One entry of the `campaign.connections` setting. */
export interface ConnectionSettings {
  /** Stable and unique; names the secrets and the cache folder. */
  readonly id: string;
  readonly name: string;
  /** Base address, e.g. `https://acme.campaign.adobe.com`; the SOAP router's path is added. */
  readonly url: string;
  /** Default `password`. */
  readonly signIn: SignIn;
  readonly login?: string;
  /** Default `production`: an instance nobody classified is treated with care. */
  readonly tier: Tier;
  /** Requests per second the instance allows, when known. Absent: found out by trying. */
  readonly requestsPerSecond?: number;
  /** Requests under way at once. Default 4, minimum 1. */
  readonly concurrency?: number;
}
