import { findRootTag } from './rootElement.ts';

/** What a plain XML file is to Campaign: a query, a schema source, or another entity or package of entities. */
export type CampaignRoot = 'queryDef' | 'srcSchema' | 'entity';

/** Far enough for the first group of a package behind its description. */
const evidenceLength = 4_096;

/**
 * Root elements of Campaign's own documents, and what has to be found in the beginning of one. Other systems have files
 * with a root `package`, `form` or `workflow`, too; theirs have nothing of this in them.
 * [I] Which attributes an export always carries is not documented; these are in every public one.
 */
const entityRoots: Readonly<Record<string, RegExp>> = {
  workflow: /<activities[\s/>]|\b(?:internalName|scenario-cs)\s*=/,
  webApp: /\b(?:internalName|label|schema)\s*=/,
  package: /<entities[\s/>]|\bbuildNumber\s*=/,
  entities: /^<[^>]*\bschema\s*=\s*["'][A-Za-z][\w-]*:/,
  form: /^<[^>]*(?:\bentity-schema\s*=|\bnamespace\s*=)/,
  navtree: /^<[^>]*\b(?:namespace|name)\s*=/,
  delivery: /\binternalName\s*=|<typology[\s/>]/,
  operation: /\binternalName\s*=/,
  javascript: /^<[^>]*\bnamespace\s*=/,
  jssp: /^<[^>]*\bnamespace\s*=/,
  jst: /^<[^>]*\bnamespace\s*=/,
  javascriptTemplate: /^<[^>]*\bnamespace\s*=/,
  typologyRule: /^<[^>]*\b(?:name|label)\s*=/,
  includeView: /^<[^>]*\b(?:name|label)\s*=/,
};

/** Said on the root of any entity that was read from a server. */
const entityMark = /^<[^>]*(?:\b(?:entitySchema|xtkschema)\s*=|\burn:(?:xtk|nms|ncm):)/;

/**
 * What a plain XML text is to Campaign, by its root element; `undefined` for the documents of others. Reads no further
 * than a few kilobytes behind the root's name, so it may be asked of every XML file an editor opens.
 */
export function campaignRootOf(text: string): CampaignRoot | undefined {
  const root = findRootTag(text);
  if (root === undefined) return undefined;
  const { localName, start } = root;
  if (localName.toLowerCase() === 'querydef' || localName === 'queryFilter') return 'queryDef';
  if (localName === 'srcSchema') return 'srcSchema';
  const evidence = Object.hasOwn(entityRoots, localName) ? entityRoots[localName] : undefined;
  if (evidence === undefined) return undefined;
  const head = text.slice(start, start + evidenceLength);
  return evidence.test(head) || entityMark.test(head) ? 'entity' : undefined;
}
