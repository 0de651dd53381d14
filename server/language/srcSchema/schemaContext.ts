import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toSchema } from '../../../core/schema/parseSchema.ts';
import { resolvePath, type PathResult } from '../../../core/schema/resolvePath.ts';
import type { Schema, SchemaElement, SchemaSource } from '../../../core/schema/schema.ts';
import { attributeValue, type XmlDocument, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { LanguageModel } from '../model.ts';
import { completeMain, isPartlyKnown } from './completedSchema.ts';

/** What every feature of schema source works on. */
export interface SchemaContext {
  model: LanguageModel;
  document: TextDocument;
  text: string;
  xml: XmlDocument;
  /** The document's own schema as it stands, however incomplete. */
  own: Schema | undefined;
  /** The model with the document's own schema in front of what the instance has. */
  source: SchemaSource;
  /** The main element with what compilation adds to it, made when it is first asked for. */
  main: () => SchemaElement | undefined;
}

/** Reads the parsed document of a schema source. */
export function createSchemaContext(
  model: LanguageModel,
  document: TextDocument,
  xml: XmlDocument,
): SchemaContext {
  const own =
    xml.root?.localName === 'srcSchema' || xml.root?.localName === 'schema' ? toSchema(xml.root) : undefined;
  const source: SchemaSource = {
    // An extension's id has no compiled schema of its own; its fields end up in the schema it extends.
    getSchema: (id) => (own !== undefined && id === own.id ? own : model.getSchema(id)),
  };
  let completed: { main: SchemaElement | undefined } | undefined;
  const context: SchemaContext = {
    model,
    document,
    text: document.getText(),
    xml,
    own,
    source,
    main: () => (completed ??= { main: completeMain(context) }).main,
  };
  return context;
}

/** The schema element an XML element of the source describes: the main element for the main element, and so on down. */
export function describedElement(context: SchemaContext, element: XmlElement): SchemaElement | undefined {
  const path: XmlElement[] = [];
  let at = element;
  while (at.parent !== undefined) {
    path.unshift(at);
    at = at.parent;
  }
  const [first, ...rest] = path;
  if (first?.localName !== 'element') return undefined;
  let described = context.own?.definitions.get(attributeValue(first, 'name') ?? '');
  for (const step of rest) described = described?.elements.get(attributeValue(step, 'name') ?? '');
  return described;
}

/**
 * Follows an xpath from the main element as it will be compiled; `unknown` where the schema it extends, or a definition it
 * copies, is not at hand.
 */
export function resolveFromMain(context: SchemaContext, xpath: string): PathResult {
  const { own, source } = context;
  const main = context.main();
  const base = own?.extendedSchema === undefined ? own : context.model.getSchema(own.extendedSchema);
  if (main === undefined || base === undefined || base === null) return { kind: 'unknown' };
  const result = resolvePath(source, main, xpath.split('/'));
  return result.kind === 'missing' && isPartlyKnown(result.from) ? { kind: 'unknown' } : result;
}
