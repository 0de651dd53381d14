import { campaignRootOf } from '../../core/xml/campaignRoot.ts';

/** The part of a document that tells whether the server is for it. */
export interface DocumentLike {
  readonly languageId: string;
  readonly uri: { readonly scheme: string };
  getText(): string;
}

/** Languages of this extension; their ids are in `package.json` too. */
export const campaignLanguages = [
  'campaign-javascript',
  'campaign-jssp',
  'campaign-querydef',
  'campaign-schema',
] as const;

/**
 * What the server is told of. Plain XML is in it because queries, workflows and packages live in files called `.xml`; the
 * server looks at the root element and stays silent about any other.
 */
export const documentSelector = [
  ...campaignLanguages.map((language) => ({ language })),
  { language: 'xml', scheme: 'file' },
  { language: 'xml', scheme: 'untitled' },
] as const;

/** Does this document need the server to run? */
export function needsServer(document: DocumentLike): boolean {
  if ((campaignLanguages as readonly string[]).includes(document.languageId)) return true;
  return document.languageId === 'xml' && campaignRootOf(document.getText().slice(0, 65_536)) !== undefined;
}

/** An XML literal as a value: `= <queryDef …`, `( <node/>`, `return <a>`; a comparison has something before the `<`. */
const e4xLiteral = /(?:[=(:,?]|\breturn)\s*<(?:[A-Za-z_][\w.-]*(?:[\s/>])|>)/;
/** Operators of E4X, which no edition of ECMAScript has: `for each (`, `row.@id`, `row..@id`. */
const e4xOperator = /\bfor\s+each\s*\(\s*(?:var\s|[\w$.]+\s+in\s)|[\w$)\]]\.{1,2}@[\w[*]/;
/** Names that only the Campaign runtime has. */
const campaignNames =
  /\bNLWS\.|\bxtk\.(?:queryDef|session|workflow|builder|jobInterface)\b|\bnms\.\w+\.|\bloadLibrary\s*\(|\bsqlSelect\s*\(|\bsqlExec\s*\(|\binstance\.vars\b|\blogInfo\s*\(|\bxtkschema\b|<queryDef\b/;

/**
 * Is this plain JavaScript written for Campaign? Both signs are needed: XML literals alone are JSX or comparisons as often
 * as not, and a name of Campaign's alone does not break anything that the built-in JavaScript support does.
 */
export function isCampaignScript(text: string): boolean {
  const head = text.slice(0, 200_000);
  const isE4x = e4xLiteral.test(head) || e4xOperator.test(head);
  return isE4x && campaignNames.test(head) && !/\bfrom\s+['"]react['"]/.test(head);
}
