/** Normalises text as the `dataPolicy` of a field says. Unknown policies change nothing. */
export function applyDataPolicy(policy: string, text: string): string {
  switch (policy) {
    case 'smartCase':
      return text
        .toLowerCase()
        .replace(
          /(^|[^\p{L}\p{N}'’])(\p{L})/gu,
          (_all, before: string, letter: string) => before + letter.toUpperCase(),
        );
    case 'lowerCase':
      return text.toLowerCase();
    case 'upperCase':
      return text.toUpperCase();
    case 'email':
      return text.trim().toLowerCase();
    case 'phone':
      return text.replace(/[^\d+]/g, '');
    case 'identifier':
    case 'resIdentifier':
      return text
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .replace(/[^A-Za-z0-9_]+/g, '_');
    default:
      return text;
  }
}
