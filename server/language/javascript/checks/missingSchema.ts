import type * as ts from 'typescript';
import { splitSchemaId } from '../../../../core/schema/schema.ts';
import { attributeOf } from '../../../../core/xml/xmlTree.ts';
import type { QueryFix } from '../../queryDef/queryProblem.ts';
import { scriptProblem } from '../scriptProblem.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';
import { writtenDocument, type WrittenDocument } from './writtenDocument.ts';

const mostSuggestions = 3;

/**
 * `xtk.session.Write(<recipient email={e}/>)`: the server learns the schema from `xtkschema` on the root.
 * Source: JSAPI documentation, "Writing data".
 */
export const missingSchema: NodeCheck = {
  kinds: ['CallExpression'],
  *check(script, node) {
    const written = writtenDocument(script, node);
    if (written === undefined || isSetLater(script, written)) return;
    const found = inLiteral(script, written) ?? inObject(script, written);
    if (found === undefined) return;
    const fixes = suggestions(script, found.rootName).map((id): QueryFix => ({
      title: `Add xtkschema="${id}"`,
      edits: [{ start: found.insertAt, end: found.insertAt, newText: found.written(id) }],
    }));
    yield scriptProblem(
      'script/missing-xtkschema',
      found,
      `${written.method} learns the schema from xtkschema="namespace:name" on the outermost element; it is missing.`,
      ...fixes,
    );
  },
};

interface Gap {
  start: number;
  end: number;
  rootName: string;
  insertAt: number;
  written(schemaId: string): string;
}

function inLiteral(script: CheckedScript, { literal }: WrittenDocument): Gap | undefined {
  const root = literal && script.xmlOf(literal);
  // A computed attribute name may be the one that is looked for.
  if (root === undefined || literal?.closed === false || root.name === '') return undefined;
  if (attributeOf(root, 'xtkschema') !== undefined || hasComputedName(script, root.nameEnd, root.openEnd))
    return undefined;
  return {
    start: root.nameStart,
    end: root.nameEnd,
    rootName: root.localName,
    insertAt: root.nameEnd,
    written: (id) => ` xtkschema="${id}"`,
  };
}

function hasComputedName({ text }: CheckedScript, start: number, end: number): boolean {
  return /[\s"'}]\{/.test(text.slice(start, end).replace(/=\s*\{/g, '='));
}

function inObject({ ts, file }: CheckedScript, { object }: WrittenDocument): Gap | undefined {
  if (object === undefined) return undefined;
  const { name, fields } = object;
  const isKnown = fields.properties.every(
    (field) => !ts.isSpreadAssignment(field) && !ts.isComputedPropertyName(field.name),
  );
  if (!isKnown || !(ts.isIdentifier(name) || ts.isStringLiteralLike(name))) return undefined;
  const has = fields.properties.some((field) => nameOf(ts, field.name) === 'xtkschema');
  if (has) return undefined;
  const insertAt = fields.getStart(file) + 1;
  return {
    start: name.getStart(file),
    end: name.end,
    rootName: name.text,
    insertAt,
    written: (id) => (fields.properties.length === 0 ? ` xtkschema: "${id}" ` : ` xtkschema: "${id}",`),
  };
}

function nameOf(typescript: CheckedScript['ts'], name: ts.PropertyName | undefined): string | undefined {
  if (name === undefined) return undefined;
  return typescript.isIdentifier(name) || typescript.isStringLiteralLike(name) ? name.text : undefined;
}

/** `doc.@xtkschema = id;` somewhere in the script. */
function isSetLater({ text }: CheckedScript, { variable }: WrittenDocument): boolean {
  if (variable === undefined) return false;
  const name = variable.text.replace(/\$/g, '\\$&');
  return new RegExp(
    `\\b${name}\\s*(?:\\.\\s*@?\\$?xtkschema\\b|\\[|\\.\\s*(?:setAttribute|@\\[))|\\b${name}\\s*=[^=][^;]*;[^]*\\b${name}\\s*=[^=]`,
  ).test(text);
}

/** The schemas of the model a root may be of: `recipient`, `recipient-collection` → `nms:recipient`. */
function suggestions({ project }: CheckedScript, rootName: string): string[] {
  const name = rootName.replace(/-collection$/, '');
  return (project.model.listSchemas() ?? [])
    .map(({ id }) => id)
    .filter((id) => splitSchemaId(id).name === name)
    .slice(0, mostSuggestions);
}
