import { unmask } from './maskCharacters.ts';

/**
 * Turns what TypeScript says about a type into what a script's author knows: `nms:recipient` for the generated types of
 * that schema, `XML` for those of a literal, E4X names as they are written.
 */
export function showType(text: string): string {
  const shown = text
    .replace(/ᐸ[A-Z]\w*<"([^"<>]*)">/g, '$1')
    .replace(/ᐸQuery<[^]*?>(?=[;,)\s\]]|$)/g, 'xtk:queryDef')
    .replace(/ᐸ[0-9a-z]{4,8}ːquery\b/g, 'queryDef')
    .replace(/ᐸ[0-9a-z]{4,8}ː\d+ː(\w+ː\w+)/g, '$1')
    .replace(/ᐸ[0-9a-z]{4,8}(?:ː\w+)*/g, 'XML')
    .replace(/(?<![\wː])([a-z]\w*ː\w+)(?:ː\w+)*/g, '$1')
    .replace(/ᐸNamespaceː(\w+)/g, '$1')
    .replace(/ᐸNlws/g, 'NLWS')
    .replace(/\bNL_(\w+)/g, 'NL.$1')
    .replaceAll('ᐸ', '');
  return unmask(shown);
}
