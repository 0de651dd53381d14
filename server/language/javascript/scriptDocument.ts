import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { maskScript } from './mask.ts';
import type { MaskedScript } from './maskedScript.ts';
import { findUnclosedTag, maskTemplate } from './maskTemplate.ts';

/** Languages whose documents are templates: text with `<% %>`. */
const templateLanguages: ReadonlySet<string> = new Set(['campaign-jssp']);

/** Masks a document of any script language. Pure; keep the result per version. Never throws. */
export function maskDocument(languageId: string, text: string): MaskedScript {
  return maskScript(templateLanguages.has(languageId) ? maskTemplate(text) : text);
}

/** The `<%` of a template whose `%>` is missing; there is none in scripts. */
export function unclosedTag(languageId: string, text: string): TextRange | undefined {
  return templateLanguages.has(languageId) ? findUnclosedTag(text) : undefined;
}
