import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Location } from 'vscode-languageserver-types';
import { nodesAt } from '../../../core/expression/nodeAt.ts';
import { queryAttribute } from '../../../core/queryDef/grammar.ts';
import type { SchemaNode } from '../../../core/schema/schema.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import { descendantElements, type TextRange } from '../../../core/xml/xmlTree.ts';
import type { LanguageModel } from '../model.ts';
import { expressionAt, queryExpressions, type ExpressionPlace, type ExpressionSite } from './expressionAt.ts';
import { addressOf, isSameAddress, type NodeAddress } from './fieldDocumentation.ts';
import { placedPaths, upToStep } from './placedPaths.ts';
import { aliasAt, aliasUses } from './queryAliases.ts';
import type { QueryContext } from './queryContext.ts';
import { findField, joinedSchema } from './queryDefinition.ts';
import { toLspRange } from './queryRanges.ts';
import { resolveQueryPath, stepTexts } from './queryScope.ts';

/** What documents refer to: a field, link or container by where it is declared, or a schema. */
export type ReferenceTarget = ({ kind: 'node' } & NodeAddress) | { kind: 'schema'; schemaId: string };

/** The part of a document, or of a literal in a script, that references are looked for in. */
export interface ReferenceSource {
  document: TextDocument;
  /** The expressions and paths. */
  expressions: () => Iterable<ExpressionSite>;
  /** The ids of schemas outside of expressions. */
  schemaIds: () => Iterable<{ schemaId: string; range: TextRange }>;
  /** Where the document itself declares the target. Default: nowhere. */
  declarations?: (target: ReferenceTarget) => Iterable<TextRange>;
  /** The address by which all documents know a node. Default: {@link addressOf}. */
  addressOf?: (node: SchemaNode) => NodeAddress;
}

/** A query as a place to look for references. */
export function queryReferenceSource(context: QueryContext): ReferenceSource {
  return {
    document: context.document,
    expressions: () => queryExpressions(context),
    schemaIds: () => querySchemaIds(context),
  };
}

/** The field, link or schema at an offset of a query; `undefined` when there is none or it is not known. */
export function queryReferenceTarget(context: QueryContext, offset: number): ReferenceTarget | undefined {
  const place = expressionAt(context, offset);
  if (place !== undefined) return expressionReferenceTarget(context.model, place);
  const at = locateXml(context.region.xml, offset);
  if (at.kind !== 'attributeValue' || at.attribute.hole) return undefined;
  const isSchema = queryAttribute(at.element.localName, at.attribute.name)?.kind === 'schemaId';
  const schemaId = at.attribute.value.trim();
  return isSchema && schemaId !== '' ? { kind: 'schema', schemaId } : undefined;
}

/** The same for a place in any expression. */
export function expressionReferenceTarget(
  model: LanguageModel,
  place: ExpressionPlace,
  address: (node: SchemaNode) => NodeAddress = addressOf,
): ReferenceTarget | undefined {
  const node = nodesAt(place.expression.parsed.tree, place.index).at(-1);
  const schemaId = joinedSchema(node, place.index);
  if (schemaId !== undefined) return { kind: 'schema', schemaId };
  const field = findField(model, place);
  return field && { kind: 'node', ...address(field) };
}

/**
 * Every reference to a target, source by source in the order of the text. A link that is only passed through counts:
 * `[folder/@label]` refers to `folder` and to `@label`. What the model cannot follow is left out.
 */
export function findReferences(target: ReferenceTarget, sources: Iterable<ReferenceSource>): Location[] {
  const locations: Location[] = [];
  for (const source of sources) {
    const found = [
      ...(source.declarations?.(target) ?? []),
      ...(target.kind === 'schema'
        ? schemaReferences(source, target.schemaId)
        : nodeReferences(source, target)),
    ];
    found.sort((a, b) => a.start - b.start);
    for (const range of found) {
      locations.push({ uri: source.document.uri, range: toLspRange(source, range) });
    }
  }
  return locations;
}

/** The uses of the alias at an offset, which no other query sees, its declaration first; `undefined` when there is none. */
export function aliasReferences(context: QueryContext, offset: number): Location[] | undefined {
  const alias = aliasAt(context, offset);
  if (alias === undefined) return undefined;
  const declared = { start: alias.attribute.valueStart, end: alias.attribute.valueEnd };
  const uses = aliasUses(context, alias).map(({ path, expression }) => expression.toRange(path));
  return [declared, ...uses].map((range) => ({
    uri: context.document.uri,
    range: toLspRange(context, range),
  }));
}

function* nodeReferences(source: ReferenceSource, target: NodeAddress): Generator<TextRange> {
  const wanted = target.steps.at(-1) ?? '';
  const bareName = wanted.replace(/^@/, '');
  const address = source.addressOf ?? addressOf;
  for (const { model, attribute, expression, scope } of source.expressions()) {
    // Most expressions do not even contain the name; following paths is what costs.
    if (!attribute.value.includes(bareName)) continue;
    for (const placed of placedPaths(expression.parsed.tree)) {
      const names = stepTexts(placed.path.steps);
      for (const [index, name] of names.entries()) {
        if (name !== wanted) continue;
        const result = resolveQueryPath(model, scope(), upToStep(placed, index));
        if (result.kind !== 'found' || !isSameAddress(address(result.node), target)) continue;
        yield expression.toRange(placed.path.steps[index]!);
      }
    }
  }
}

function* schemaReferences(source: ReferenceSource, schemaId: string): Generator<TextRange> {
  for (const found of source.schemaIds()) if (found.schemaId === schemaId) yield found.range;
  for (const { attribute, expression } of source.expressions()) {
    if (!attribute.value.includes(schemaId)) continue;
    for (const { path } of placedPaths(expression.parsed.tree)) {
      if (path.join?.schema.text === schemaId) yield expression.toRange(path.join.schema);
    }
  }
}

function* querySchemaIds(context: QueryContext): Generator<{ schemaId: string; range: TextRange }> {
  const { root } = context.region;
  if (root === undefined) return;
  for (const element of descendantElements(root)) {
    for (const attribute of element.attributes) {
      if (attribute.hole || queryAttribute(element.localName, attribute.name)?.kind !== 'schemaId') continue;
      const range = { start: attribute.valueStart, end: attribute.valueEnd };
      yield { schemaId: attribute.value.trim(), range };
    }
  }
}
