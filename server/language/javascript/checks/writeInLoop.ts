import type * as ts from 'typescript';
import { isCloudSchema, stagingTwin } from './cloudSchema.ts';
import { attributeOf, attributeValue, childElements, type XmlElement } from '../../../../core/xml/xmlTree.ts';
import type { Schema } from '../../../../core/schema/schema.ts';
import type { QueryFix } from '../../queryDef/queryProblem.ts';
import { scriptProblem } from '../scriptProblem.ts';
import { dottedName } from './names.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';
import { writtenDocument } from './writtenDocument.ts';

/**
 * One `Write` for each round of a loop, on a schema whose table is in the cloud database: every call is a transaction
 * there. Several documents go in one `WriteCollection`, single ones to the staging table.
 * Source: Campaign v8 documentation, "API staging mechanism" and "FFDA best practices".
 */
export const writeInLoop: NodeCheck = {
  kinds: ['CallExpression'],
  *check(script, node) {
    const { ts, project } = script;
    const loop = loopAround(script);
    if (loop === undefined || !ts.isCallExpression(node)) return;
    const written = writtenDocument(script, node);
    if (written?.method !== 'Write') return;
    const root = written.literal && script.xmlOf(written.literal);
    const id =
      root === undefined ? objectSchema(script, written.object?.fields) : attributeValue(root, 'xtkschema');
    const schema = id === undefined ? undefined : project.model.getSchema(id);
    if (!schema || !isCloudSchema(project.model, schema)) return;
    const isInCall = root !== undefined && written.variable === undefined;
    const fixes = isInCall
      ? [collectionFix(script, node, root, loop), stagingFix(script, node, root, schema)]
      : [];
    const instead =
      stagingTwin(project.model, schema) === undefined ? '' : ', or use IngestExt on the staging table';
    yield scriptProblem(
      'script/write-in-loop',
      script.rangeOf(node.expression),
      `${schema.id} is in the cloud database, where one Write a round is slow: collect the records and write them with one WriteCollection${instead}.`,
      ...fixes,
    );
  },
};

/** The outermost loop around the node at hand; the function given to `forEach` and its like belongs to the loop. */
function loopAround(script: CheckedScript): ts.Node | undefined {
  const { ts, ancestors } = script;
  let loop: ts.Node | undefined;
  for (let at = ancestors.length - 1; at >= 0; at--) {
    const node = ancestors[at]!;
    if (ts.isIterationStatement(node, false)) loop = node;
    if (!ts.isFunctionLike(node)) continue;
    const call = ancestors[at - 1];
    const name =
      call !== undefined && ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)
        ? call.expression.name.text
        : '';
    if (!/^(?:forEach|map|filter|every|some)$/.test(name)) break;
    loop = call;
  }
  return loop;
}

function objectSchema(
  { ts }: CheckedScript,
  fields: ts.ObjectLiteralExpression | undefined,
): string | undefined {
  for (const field of fields?.properties ?? []) {
    const isSchema =
      ts.isPropertyAssignment(field) &&
      (ts.isIdentifier(field.name) || ts.isStringLiteralLike(field.name)) &&
      field.name.text === 'xtkschema';
    if (isSchema && ts.isStringLiteralLike(field.initializer)) return field.initializer.text;
  }
  return undefined;
}

/** Collects the documents in the loop and writes them behind it. Not where the loop may be left half-way. */
function collectionFix(
  script: CheckedScript,
  call: ts.CallExpression,
  root: XmlElement,
  loop: ts.Node,
): QueryFix | undefined {
  const { ts, ancestors, text } = script;
  const inner = ancestors.slice(ancestors.indexOf(loop) + 1);
  const list = ancestors[ancestors.indexOf(loop) - 1];
  const isStatement =
    ts.isStatement(loop) && list !== undefined && (ts.isBlock(list) || ts.isSourceFile(list));
  const isPlain = inner.every((node) => !ts.isTryStatement(node) && !ts.isFunctionLike(node));
  const { start, end } = script.rangeOf(loop);
  const statement = ancestors.at(-1);
  if (!isStatement || !isPlain || statement === undefined || !ts.isExpressionStatement(statement))
    return undefined;
  if (/\b(?:return|throw|logError)\b/.test(text.slice(start, end))) return undefined;
  const schemaAttribute = attributeOf(root, 'xtkschema');
  if (schemaAttribute === undefined || !/^[\w-]+$/.test(root.name)) return undefined;
  const indent = /[ \t]*$/.exec(text.slice(0, start))?.[0] ?? '';
  const name = freeName(text, 'collection');
  const session = dottedName(script, call.expression)!.replace(/\.Write$/, '');
  const source = text.slice(schemaAttribute.start, schemaAttribute.end);
  return {
    title: 'Collect the records and write them with one WriteCollection',
    edits: [
      { start, end: start, newText: `var ${name} = <${root.name}-collection ${source}/>;\n${indent}` },
      { ...script.rangeOf(call.expression), newText: `${name}.appendChild` },
      {
        start: schemaAttribute.start - (text.slice(0, schemaAttribute.start).match(/\s*$/)?.[0].length ?? 0),
        end: schemaAttribute.end,
        newText: '',
      },
      {
        start: end,
        end,
        newText: `\n${indent}if (${name}.elements().length() > 0) ${session}.WriteCollection(${name});`,
      },
    ],
  };
}

function freeName(text: string, name: string): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}${count}`;
    if (!new RegExp(`\\b${candidate}\\b`).test(text)) return candidate;
  }
}

/** Only for a flat document with a key: what staging does with links is not documented. */
function stagingFix(
  script: CheckedScript,
  call: ts.CallExpression,
  root: XmlElement,
  schema: Schema,
): QueryFix | undefined {
  const twin = stagingTwin(script.project.model, schema);
  const schemaAttribute = attributeOf(root, 'xtkschema');
  const operation = attributeOf(root, '_operation');
  const isUpsert = operation === undefined || /^(?:insertOrUpdate|insert|update)$/.test(operation.value);
  if (twin === undefined || schemaAttribute === undefined || !isUpsert) return undefined;
  if (root.name !== schema.name || attributeOf(root, '_key') === undefined || childElements(root).length > 0)
    return undefined;
  const { expression } = call;
  if (!script.ts.isPropertyAccessExpression(expression)) return undefined;
  const name = `${root.name}Stg`;
  const edits = [
    { ...script.rangeOf(expression.name), newText: 'IngestExt' },
    { start: root.nameStart, end: root.nameEnd, newText: name },
    { start: schemaAttribute.valueStart, end: schemaAttribute.valueEnd, newText: twin },
  ];
  if (root.closeStart >= 0)
    edits.push({ start: root.closeStart + 2, end: root.closeStart + 2 + root.name.length, newText: name });
  if (operation !== undefined) {
    const space = script.text.slice(0, operation.start).match(/\s*$/)?.[0].length ?? 0;
    edits.push({ start: operation.start - space, end: operation.end, newText: '' });
  }
  return { title: 'Send to the staging table with IngestExt', edits };
}
