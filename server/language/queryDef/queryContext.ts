import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  parseExpression,
  parseXPath,
  type ParsedExpression,
} from '../../../core/expression/parseExpression.ts';
import { holeCharacter } from '../../../core/expression/tokens.ts';
import { mapReferences } from '../../../core/xml/entities.ts';
import type { TextRange, XmlAttribute, XmlElement } from '../../../core/xml/xmlTree.ts';
import type { QueryClause } from '../../../core/queryDef/grammar.ts';
import type { LanguageModel } from '../model.ts';
import type { QueryRegion } from '../regions.ts';

/** What every queryDef feature works on. */
export interface QueryContext {
  model: LanguageModel;
  document: TextDocument;
  region: QueryRegion;
}

/** What the editor can do with an answer. */
export interface EditorFeatures {
  /** Insert texts may carry placeholders. */
  snippets: boolean;
  /** Command id that opens the suggestions again after an insertion; absent when the editor has none. */
  suggestCommand?: string;
}

/** The clause a `node` stands in: its nearest clause, through enclosing nodes. */
export function clauseOf(element: XmlElement): QueryClause | undefined {
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    if (at.localName === 'select' || at.localName === 'orderBy' || at.localName === 'groupBy') {
      return at.localName;
    }
  }
  return undefined;
}

/** The expression of an attribute value, and the way between its offsets and those of the document. */
export interface AttributeExpression {
  parsed: ParsedExpression;
  /** From an offset in the expression to one in the document. */
  toDocument(index: number): number;
  /** From an offset in the document to one in the expression. */
  toExpression(offset: number): number;
  toRange(span: { start: number; end: number }): TextRange;
  /** Makes text fit to be written into the value: what would end it, or begin markup, becomes a reference. */
  escape(text: string): string;
}

/** Reads an attribute as an expression, XML escaping removed. A value that is an embedded expression is one unknown. */
export function readExpression(text: string, attribute: XmlAttribute): AttributeExpression {
  const length = attribute.valueEnd - attribute.valueStart;
  const parsed = parseExpression(attribute.hole ? holeCharacter.repeat(length) : attribute.value);
  return toAttributeExpression(text, attribute, parsed);
}

/** Reads an attribute that holds a path without brackets, as if it were an expression. */
export function readXPath(text: string, attribute: XmlAttribute): AttributeExpression {
  const { path, problems } = parseXPath(attribute.value);
  const parsed = { text: attribute.value, tree: path, problems, tokens: [], stepCount: 0 };
  return toAttributeExpression(text, attribute, parsed);
}

function toAttributeExpression(
  text: string,
  attribute: XmlAttribute,
  parsed: ParsedExpression,
): AttributeExpression {
  const raw = text.slice(attribute.valueStart, attribute.valueEnd);
  const references = mapReferences(raw);
  const toDocument = (index: number): number => attribute.valueStart + references.toSource(index);
  return {
    parsed,
    toDocument,
    toExpression: (offset) => references.toDecoded(offset - attribute.valueStart),
    toRange: ({ start, end }) => ({ start: toDocument(start), end: toDocument(end) }),
    escape: (value) => escapeValue(value, text.charAt(attribute.valueStart - 1) === "'" ? "'" : '"'),
  };
}

/** Only what ends the value or begins a reference; a `'` inside `"…"` stays readable. */
function escapeValue(text: string, quoteCharacter: string): string {
  return text.replace(/[&<"']/g, (character) => {
    if (character === '&') return '&amp;';
    if (character === '<') return '&lt;';
    if (character !== quoteCharacter) return character;
    return character === '"' ? '&quot;' : '&apos;';
  });
}
