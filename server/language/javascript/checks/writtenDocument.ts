import type * as ts from 'typescript';
import type { E4xLiteral } from '../maskedScript.ts';
import { initialValue, sessionMethod, unwrapped } from './names.ts';
import type { CheckedScript } from './scriptCheck.ts';

/** The methods of `xtk:session` that take a document, and what they do with it. */
const documentMethods: ReadonlySet<string> = new Set(['Write', 'WriteCollection', 'Ingest', 'IngestExt']);

/** A call that sends a document which the script shows. */
export interface WrittenDocument {
  /** `Write`, `WriteCollection`, `Ingest` or `IngestExt`. */
  method: string;
  /** The document as a literal, in the call or in the variable it passes. */
  literal: E4xLiteral | undefined;
  /** The document in its object form: the object below the one key. */
  object: { name: ts.PropertyName; fields: ts.ObjectLiteralExpression } | undefined;
  /** The variable it is in. */
  variable: ts.Identifier | undefined;
}

/** What a call of `xtk.session.Write` and its like sends; `undefined` for other calls. */
export function writtenDocument(script: CheckedScript, node: ts.Node): WrittenDocument | undefined {
  const { ts } = script;
  if (!ts.isCallExpression(node)) return undefined;
  const method = sessionMethod(script, node);
  const [argument] = node.arguments;
  if (method === undefined || argument === undefined || !documentMethods.has(method)) return undefined;
  let value = unwrapped(script, argument);
  const variable = ts.isIdentifier(value) ? value : undefined;
  if (variable !== undefined) value = initialValue(script, variable) ?? value;
  return { method, literal: script.literalAt(value), object: objectForm(script, value), variable };
}

/** `{recipient: {xtkschema: …}}`: one key, whose value is the document. */
function objectForm({ ts }: CheckedScript, value: ts.Expression): WrittenDocument['object'] {
  if (!ts.isObjectLiteralExpression(value) || value.properties.length !== 1) return undefined;
  const [only] = value.properties;
  return only !== undefined && ts.isPropertyAssignment(only) && ts.isObjectLiteralExpression(only.initializer)
    ? { name: only.name, fields: only.initializer }
    : undefined;
}
