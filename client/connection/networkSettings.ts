/**
 * How this computer reaches other hosts: VS Code's `http.*` settings, the environment, and files named by a connection.
 */
export interface NetworkSettings {
  /** `http.proxy`, else the environment's: `http://host:port`, with `user:password@` if the proxy wants it. */
  readonly proxy?: string;
  /** Hosts reached directly: `http.noProxy` and `NO_PROXY`. */
  readonly noProxy: readonly string[];
  /** `http.proxyStrictSSL`: certificates are verified. Default true. */
  readonly strictTls: boolean;
  /** `http.systemCertificates`: trust what the operating system trusts. Default true. */
  readonly systemCertificates: boolean;
}

/** The `http.*` settings as VS Code gives them. */
export interface HttpConfiguration {
  readonly proxy?: string | undefined;
  readonly noProxy?: readonly string[] | undefined;
  readonly proxySupport?: string | undefined;
  readonly proxyStrictSSL?: boolean | undefined;
  readonly systemCertificates?: boolean | undefined;
}

/** Settings first, environment second, as VS Code does. `proxySupport: off` means no proxy at all. */
export function resolveNetworkSettings(
  http: HttpConfiguration,
  environment: Readonly<Record<string, string | undefined>>,
): NetworkSettings {
  const variable = (name: string): string | undefined =>
    [environment[name.toLowerCase()], environment[name]].find((value) => value !== undefined && value !== '');
  const isOff = http.proxySupport === 'off';
  const proxy =
    http.proxy !== undefined && http.proxy !== ''
      ? http.proxy
      : (variable('HTTPS_PROXY') ?? variable('HTTP_PROXY') ?? variable('ALL_PROXY'));
  return {
    ...(proxy === undefined || isOff
      ? {}
      : { proxy: /^[a-z0-9+]+:\/\//i.test(proxy) ? proxy : `http://${proxy}` }),
    noProxy: [...(http.noProxy ?? []), ...(variable('NO_PROXY') ?? '').split(/[\s,]+/)]
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== ''),
    strictTls: http.proxyStrictSSL ?? true,
    systemCertificates: http.systemCertificates ?? true,
  };
}

/**
 * The proxy for a URL; `undefined` to connect directly: no proxy is set, the host is this computer, or it is excepted.
 * Exceptions: `*`, `host` (and its subdomains), `.domain`, `*.domain`, each with an optional `:port`.
 */
export function proxyFor(url: string, settings: NetworkSettings): string | undefined {
  if (settings.proxy === undefined) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return undefined;
  const actualPort = port !== '' ? port : protocol === 'https:' ? '443' : '80';
  const isExcepted = settings.noProxy.some((entry) => {
    if (entry === '*') return true;
    const match = /^(.*?)(?::(\d+))?$/.exec(entry);
    const domain = (match?.[1] ?? entry).replace(/^\*?\./, '');
    if (match?.[2] !== undefined && match[2] !== actualPort) return false;
    return host === domain || host.endsWith(`.${domain}`);
  });
  return isExcepted ? undefined : settings.proxy;
}
