/** What stands in for a secret. */
export const mask = '•••';

/**
 * Shapes that are secret wherever they occur: session tokens (`___` and a UUID), security tokens (`@` and base64),
 * bearer tokens, `login/password` tokens, and elements or fields named after a secret. A fault may echo a piece of the
 * request, and the request holds them.
 */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/___[0-9a-fA-F]{8}-[0-9a-fA-F-]{20,40}/g, mask],
  [/@[A-Za-z0-9_\-+/]{20,}={0,2}/g, mask],
  [/\b[Bb]earer\s+[A-Za-z0-9._~+/=-]{8,}/g, `Bearer ${mask}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g, mask],
  [
    /(<((?:[\w.-]+:)?(?:__)?(?:str|pstr)?(?:sessiontoken|securitytoken|password|bearertoken|x-security-token|cookie))\b[^>]*>)[^<]*/gi,
    `$1${mask}`,
  ],
  [
    /((?:"|\b)[\w-]*(?:password|passwd|secret|access_token|sessiontoken|security-token)"?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s&"'<>;,]+)/gi,
    `$1${mask}`,
  ],
];

/**
 * Replaces secrets in text that leaves the SOAP client: error messages, details, log entries.
 * @param secrets exact values in use now (tokens, passwords). Empty ones and those under 4 characters are left to the
 * shapes: replacing every `a` would hide nothing and garble the text.
 */
export function maskSecrets(text: string, secrets: Iterable<string> = []): string {
  let masked = text;
  for (const secret of secrets) {
    if (secret.length < 4) continue;
    masked = masked.replaceAll(secret, mask);
    const escaped = secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&apos;');
    if (escaped !== secret) masked = masked.replaceAll(escaped, mask);
    const encoded = encodeURIComponent(secret);
    if (encoded !== secret) masked = masked.replaceAll(encoded, mask);
  }
  for (const [shape, replacement] of shapes) masked = masked.replace(shape, replacement);
  return masked;
}
