import type { CompletionItem, CompletionList, Hover } from 'vscode-languageserver-types';
import { ungroup } from '../../../core/expression/expressionTree.ts';
import { expressionFunctions } from '../../../core/expression/functions.ts';
import { parseXPath } from '../../../core/expression/parseExpression.ts';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import { isCollection, isLink, stepOf, type SchemaElement } from '../../../core/schema/schema.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import { descendantElements, type TextRange, type XmlAttribute } from '../../../core/xml/xmlTree.ts';
import type { SchemaTarget } from '../model.ts';
import { kindOfNode, rankOfNode } from '../nodeItem.ts';
import type { ExpressionPlace } from '../queryDef/expressionAt.ts';
import { missingField } from '../queryDef/expressionChecks.ts';
import { completeExpression } from '../queryDef/expressionCompletion.ts';
import { addressOf, schemaDocumentation, typeText } from '../queryDef/fieldDocumentation.ts';
import type { EditorFeatures } from '../queryDef/queryContext.ts';
import { expressionDefinition, targetOf } from '../queryDef/queryDefinition.ts';
import { hoverExpression } from '../queryDef/queryHover.ts';
import { replaceFix } from '../queryDef/queryProblem.ts';
import { toLspRange } from '../queryDef/queryRanges.ts';
import {
  expressionReferenceTarget,
  type ReferenceSource,
  type ReferenceTarget,
} from '../queryDef/queryReferences.ts';
import { resolveQueryPath } from '../queryDef/queryScope.ts';
import { completeSchemaIds } from '../queryDef/schemaCompletion.ts';
import { embeddedProblem, type EmbeddedProblem } from './embeddedProblem.ts';
import { formPathAt, formPaths, formValueKind, isOfWorkspace, type FormContext } from './formPaths.ts';

/** What can be typed at an offset of a form or navigation tree that speaks of the data model. */
export function completeForm(context: FormContext, editor: EditorFeatures, offset: number): CompletionList {
  const place = formPathAt(context, offset);
  if (place === undefined) {
    const attribute = schemaIdAt(context, offset);
    if (attribute === undefined) return { items: [], isIncomplete: false };
    const typed = context.document.getText().slice(attribute.valueStart, offset);
    return completeSchemaIds(context, typed, valueRange(attribute));
  }
  const { element, attribute, expression } = place;
  const quote = (text: string): string => (attribute.hasValue ? text : `"${text}"`);
  if (formValueKind(element, attribute) === 'expression') {
    // The application evaluates them, so all functions of the session are there.
    const options = { scope: place.scope(), functions: expressionFunctions };
    return completeExpression(context, editor, element, expression, offset, quote, options);
  }
  return { items: completePath(context, place, quote), isIncomplete: false };
}

/** The fields and elements of the step at the cursor. */
function completePath(
  context: FormContext,
  place: ExpressionPlace,
  quote: (text: string) => string,
): CompletionItem[] {
  const { expression, index } = place;
  const { text } = expression.parsed;
  const start = text.lastIndexOf('/', index - 1) + 1;
  const end = /^[^/\]]*/.exec(text.slice(index))![0].length + index;
  const from = start === 0 && text.startsWith('[') ? 1 : start;
  const within = elementBefore(place, text.slice(0, start).replace(/^\[/, ''));
  if (within === undefined) return [];
  const range = toLspRange(context, expression.toRange({ start: from, end }));
  const isLinkWanted = place.attribute.name === 'folderLink';
  const nodes = [...within.attributes.values(), ...within.elements.values()];
  return nodes
    .filter((node) => !isLinkWanted || (isLink(node) && !isCollection(node)))
    .map((node) => ({
      label: stepOf(node),
      labelDetails: { description: node.label },
      detail: typeText(node),
      kind: kindOfNode(node),
      sortText: `${rankOfNode(node)}${stepOf(node)}`,
      filterText: stepOf(node),
      textEdit: { range, newText: quote(expression.escape(stepOf(node))) },
      data: { kind: 'field', ...addressOf(node) },
    }));
}

/** What the steps before a cursor lead to. @param before as typed, with its last `/`. */
function elementBefore({ model, scope }: ExpressionPlace, before: string): SchemaElement | undefined {
  const start = scope();
  if (before === '') return start.element;
  if (before === '/') return start.root;
  const { path, problems } = parseXPath(before.slice(0, -1));
  if (problems.length > 0) return undefined;
  const result = resolveQueryPath(model, start, path);
  if (result.kind !== 'found' || result.node.kind !== 'element') return undefined;
  const entered = enterElement(model, result.node);
  return entered.kind === 'found' ? entered.element : undefined;
}

/** Explains the field or schema at an offset of a form. */
export function hoverForm(context: FormContext, offset: number): Hover | undefined {
  const place = formPathAt(context, offset);
  if (place !== undefined) return hoverExpression(context, place);
  const attribute = schemaIdAt(context, offset);
  const schema = attribute && context.model.getSchema(attribute.value.trim());
  if (attribute === undefined || !schema) return undefined;
  return {
    contents: { kind: 'markdown', value: schemaDocumentation(schema) },
    range: toLspRange(context, valueRange(attribute)),
  };
}

/** Where the field or schema at an offset of a form is declared. */
export function formDefinition(context: FormContext, offset: number): SchemaTarget[] {
  const place = formPathAt(context, offset);
  if (place !== undefined) return expressionDefinition(context.model, place);
  const attribute = schemaIdAt(context, offset);
  return attribute === undefined ? [] : targetOf(context.model, attribute.value.trim());
}

/** The field or schema at an offset of a form, to look for its other uses. */
export function formReferenceTarget(context: FormContext, offset: number): ReferenceTarget | undefined {
  const place = formPathAt(context, offset);
  if (place !== undefined) return expressionReferenceTarget(context.model, place);
  const schemaId = schemaIdAt(context, offset)?.value.trim() ?? '';
  return schemaId === '' ? undefined : { kind: 'schema', schemaId };
}

/** Forms and navigation trees as a place to look for references. */
export function formReferenceSource(context: FormContext): ReferenceSource {
  return {
    document: context.document,
    expressions: () => formPaths(context),
    *schemaIds() {
      const { root } = context.xml;
      if (root === undefined) return;
      for (const element of descendantElements(root)) {
        for (const attribute of element.attributes) {
          if (formValueKind(element, attribute) !== 'schemaId') continue;
          yield { schemaId: attribute.value.trim(), range: valueRange(attribute) };
        }
      }
    },
  };
}

/**
 * The paths of inputs, containers and columns that lead nowhere. Expressions and the paths of actions are not judged:
 * they may be about what the form itself puts beside its entity.
 */
export function checkForms(context: FormContext): EmbeddedProblem[] {
  const problems: EmbeddedProblem[] = [];
  for (const { model, element, attribute, expression, scope } of formPaths(context)) {
    const isJudged = attribute.name === 'folderLink' || attribute.name === 'xpath';
    if (!isJudged || element.localName === 'set') continue;
    const path = ungroup(expression.parsed.tree);
    if (path.kind !== 'path' || path.hasHole || expression.parsed.problems.length > 0) continue;
    if (isOfWorkspace(path)) continue;
    const start = scope();
    const result = resolveQueryPath(model, start, path);
    const step = result.kind === 'missing' ? path.steps[result.stepIndex] : undefined;
    if (result.kind !== 'missing' || step === undefined) continue;
    // Whether the entity itself is the first step of such a path is not documented.
    if (path.absolute && result.stepIndex === 0 && step.name === start.root?.name) continue;
    const { message, meant } = missingField(step, result.from);
    const range = expression.toRange(step);
    const fix = meant === undefined ? undefined : replaceFix(`Write ${meant}`, range, meant);
    problems.push(embeddedProblem('embedded/xpath-unknown', range, message, fix));
  }
  return problems;
}

function schemaIdAt(context: FormContext, offset: number): XmlAttribute | undefined {
  const at = locateXml(context.xml, offset);
  if (at.kind !== 'attributeValue') return undefined;
  return formValueKind(at.element, at.attribute) === 'schemaId' ? at.attribute : undefined;
}

function valueRange({ valueStart, valueEnd }: XmlAttribute): TextRange {
  return { start: valueStart, end: valueEnd };
}
