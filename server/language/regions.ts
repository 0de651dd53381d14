import { queryFragments, queryRoots } from '../../core/queryDef/grammar.ts';
import { campaignRootOf } from '../../core/xml/campaignRoot.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import type { EmbeddedDocument } from './embedded/embedDocuments.ts';
import { findQueryFragments } from './embedded/queryFragments.ts';
import { isInHole } from './javascript/maskedScript.ts';
import { temporarySchemas, type TemporarySchema } from './javascript/temporarySchemas.ts';
import type { TextRange, XmlDocument, XmlElement } from '../../core/xml/xmlTree.ts';

/** A stretch of a document that holds a queryDef, or a piece of one. Offsets are those of the document. */
export interface QueryRegion extends TextRange {
  /** The text of the whole document. */
  text: string;
  xml: XmlDocument;
  root: XmlElement | undefined;
  /** A literal inside JavaScript: its `{…}` are unknown values. */
  inScript: boolean;
  /** A piece of a larger XML document. */
  inXml?: boolean;
  /** What its paths start at is not known for certain: nothing is reported. */
  isQuiet?: boolean;
  /** False for a literal that is still being typed. */
  closed: boolean;
  holes: readonly TextRange[];
}

/** What a document is to the language service. */
export type DocumentKind = 'queryDef' | 'srcSchema' | 'script' | 'entity' | 'other';

/** The regions of one version of a document. */
export interface DocumentRegions {
  kind: DocumentKind;
  queries: readonly QueryRegion[];
  /** The document as XML, when it is a schema source. */
  schema?: XmlDocument;
  /** The document as XML, when it is another entity, or a package of entities. */
  entity?: XmlDocument;
  /** The scripts and schema sources inside an entity, in the order of the document. */
  embedded?: readonly EmbeddedDocument[];
  /** The temporary schemas a script writes. */
  temporary?: readonly TemporarySchema[];
}

/** An E4X literal of a script, as the mask reports it. */
export interface ScriptLiteral extends TextRange {
  /** Name of the outermost element; `''` for a list or a computed name. */
  rootName: string;
  holes: readonly TextRange[];
  /** False while it is being typed. */
  closed: boolean;
}

/** Languages whose documents are scripts. */
const scriptLanguages: ReadonlySet<string> = new Set(['campaign-javascript', 'campaign-jssp', 'javascript']);

/**
 * What a document is, from its language and, for plain XML, its root element. A file of the queryDef language is one
 * even while its root is not typed yet.
 */
export function documentKind(languageId: string, text: string): DocumentKind {
  if (scriptLanguages.has(languageId)) return 'script';
  if (languageId === 'campaign-querydef') return 'queryDef';
  if (languageId === 'campaign-schema') return 'srcSchema';
  return languageId === 'xml' ? (campaignRootOf(text) ?? 'other') : 'other';
}

/**
 * Finds the regions of a document.
 * @param literals the E4X literals of a script; ignored for other documents.
 * Never throws.
 */
export function findRegions(
  languageId: string,
  text: string,
  literals: readonly ScriptLiteral[] = [],
): DocumentRegions {
  const kind = documentKind(languageId, text);
  switch (kind) {
    case 'queryDef': {
      const xml = parseXml(text);
      const { root } = xml;
      const end = text.length;
      return {
        kind,
        queries: [{ start: 0, end, text, xml, root, inScript: false, closed: true, holes: [] }],
      };
    }
    case 'script':
      // Plain JavaScript has a service of its own in every editor; ours is for what that one cannot read.
      if (languageId === 'javascript' && literals.length === 0) return { kind: 'other', queries: [] };
      return {
        kind,
        queries: literals.filter(isQueryLiteral).map((literal) => toRegion(text, literal)),
        temporary: temporarySchemas(text, literals),
      };
    case 'srcSchema':
      return { kind, queries: [], schema: parseXml(text) };
    case 'entity': {
      const entity = parseXml(text);
      return { kind, queries: findQueryFragments(text, entity), entity };
    }
    case 'other':
      return { kind, queries: [] };
  }
}

/** Is a literal a query, or a piece of one? Names such as `node` and `where` are queryDef's in Campaign scripts more often than anything else's. */
export function isQueryLiteral(literal: Pick<ScriptLiteral, 'rootName'>): boolean {
  return queryRoots.has(literal.rootName) || queryFragments.has(literal.rootName);
}

function toRegion(text: string, literal: ScriptLiteral): QueryRegion {
  const { start, end, holes, closed } = literal;
  const xml = parseXml(text, { start, end, holes });
  return { start, end, text, xml, root: xml.root, inScript: true, closed, holes };
}

/** The query region at an offset that is not inside one of its `{…}`; both ends of a region belong to it. */
export function queryAt(regions: DocumentRegions, offset: number): QueryRegion | undefined {
  const region = regions.queries.find(({ start, end }) => offset >= start && offset <= end);
  if (region === undefined) return undefined;
  // Just behind a finished literal the script goes on; behind an unfinished one the cursor is still typing it.
  const isOutside = offset === region.start || (offset === region.end && region.closed);
  if ((region.inScript || region.inXml === true) && isOutside) return undefined;
  return region.holes.some((hole) => isInHole(hole, offset)) ? undefined : region;
}
