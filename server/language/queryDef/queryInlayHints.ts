import { InlayHintKind, type InlayHint } from 'vscode-languageserver-types';
import { childrenOf, ungroup, type ExpressionNode } from '../../../core/expression/expressionTree.ts';
import { isLink, splitSchemaId } from '../../../core/schema/schema.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { enumerationValueAt } from './enumerationValue.ts';
import type { ExpressionSite } from './expressionAt.ts';
import { placedPaths, upToStep } from './placedPaths.ts';
import { toLspRange } from './queryRanges.ts';
import { resolveQueryPath } from './queryScope.ts';
import type { SuggestionContext } from './schemaCompletion.ts';

/** Which hints are shown. */
export interface InlayHintOptions {
  /** Behind a link, the schema it leads to, unless the link is called like the schema. Default true. */
  linkTargets?: boolean;
  /** Behind a value that a field of a closed list is compared with, its label. Default true. */
  enumerationLabels?: boolean;
}

/**
 * What the model knows and the text of an expression does not say.
 * @param sites the expressions of the document; each is looked up in the model it brings.
 * @param range the part of the document that is shown; only hints in it are made.
 */
export function expressionInlayHints(
  context: SuggestionContext,
  sites: Iterable<ExpressionSite>,
  range: TextRange,
  options: InlayHintOptions = {},
): InlayHint[] {
  const hints: InlayHint[] = [];
  for (const site of sites) {
    const { valueStart, valueEnd } = site.attribute;
    if (valueEnd < range.start || valueStart > range.end) continue;
    if (options.linkTargets !== false) addLinkTargets(context, site, hints);
    if (options.enumerationLabels !== false) addLabels(context, site, hints);
  }
  const { start, end } = toLspRange(context, range);
  return hints
    .filter(({ position }) => isBetween(position, start, end))
    .sort((a, b) => (isBefore(a.position, b.position) ? -1 : 1));
}

type Position = InlayHint['position'];

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function isBetween(position: Position, start: Position, end: Position): boolean {
  return !isBefore(position, start) && !isBefore(end, position);
}

function addLinkTargets(context: SuggestionContext, site: ExpressionSite, hints: InlayHint[]): void {
  for (const placed of placedPaths(site.expression.parsed.tree)) {
    for (const [index, step] of placed.path.steps.entries()) {
      if (step.kind !== 'element' || step.name === '') continue;
      const result = resolveQueryPath(site.model, site.scope(), upToStep(placed, index));
      if (result.kind !== 'found' || !isLink(result.node) || result.node.target === undefined) continue;
      const { target } = result.node;
      if (splitSchemaId(target).name === step.name) continue;
      hints.push({
        position: context.document.positionAt(site.expression.toDocument(step.end)),
        label: `: ${target}`,
        kind: InlayHintKind.Type,
      });
    }
  }
}

function addLabels(context: SuggestionContext, site: ExpressionSite, hints: InlayHint[]): void {
  const visit = (node: ExpressionNode, above: readonly ExpressionNode[]): void => {
    const chain = [...above, node];
    if (node.kind === 'string' || node.kind === 'number') addLabel(context, site, chain, hints);
    // What a predicate compares starts elsewhere, and a macro is replaced before anything is compared.
    if (node.kind === 'path' || node.kind === 'macro') return;
    for (const child of childrenOf(node)) visit(child, chain);
  };
  visit(site.expression.parsed.tree, []);
}

function addLabel(
  context: SuggestionContext,
  site: ExpressionSite,
  chain: readonly ExpressionNode[],
  hints: InlayHint[],
): void {
  const literal = ungroup(chain.at(-1)!);
  const compared = enumerationValueAt(site.model, site.scope(), chain);
  const label = compared?.value?.label;
  if (label === undefined || label === '' || label.toLowerCase() === compared?.value?.value.toLowerCase())
    return;
  hints.push({
    position: context.document.positionAt(site.expression.toDocument(literal.end)),
    label,
    paddingLeft: true,
  });
}
