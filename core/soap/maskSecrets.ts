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
    for (const form of writtenForms(secret)) masked = masked.replaceAll(form, mask);
  }
  for (const [shape, replacement] of shapes) masked = masked.replace(shape, replacement);
  return masked;
}

/** A secret as it is, as it stands in XML, and as it stands in a form or an address. */
export function writtenForms(secret: string): readonly string[] {
  const content = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const numbered = content
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;')
    .replace(/[\u0080-\uffff]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const escaped = content.replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;');
  return [
    ...new Set([
      secret,
      content,
      content.replaceAll('>', '&gt;'),
      escaped,
      numbered,
      encodeURIComponent(secret),
    ]),
  ];
}
