import type { Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { parseXPath } from '../../../core/expression/parseExpression.ts';
import { queryAttribute } from '../../../core/queryDef/grammar.ts';
import { stepOf } from '../../../core/schema/schema.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { aliasAt, aliasUses, selectedAliases, type AliasUse, type QueryAlias } from './queryAliases.ts';
import { expressionAt } from './expressionAt.ts';
import type { QueryContext } from './queryContext.ts';
import { findField } from './queryDefinition.ts';
import { toLspRange } from './queryRanges.ts';
import { innerScope, resolveQueryPath } from './queryScope.ts';

/** A sentence for the person who asked to rename what cannot be renamed. */
export interface RenameRefusal {
  refused: string;
}

/** An alias is written into paths, so it is made of what a path reads as one name. */
const aliasName = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

/**
 * What a rename at an offset would change: the name of an alias, without its `@`.
 * @returns `undefined` where there is nothing to rename, a refusal where there is something a query cannot rename.
 */
export function prepareQueryRename(
  context: QueryContext,
  offset: number,
): { range: Range; placeholder: string } | RenameRefusal | undefined {
  const alias = aliasAt(context, offset);
  if (alias === undefined) return refusalAt(context, offset);
  if (context.region.inScript) return inScript(alias);
  const declared = nameRange(context, alias);
  const use = useAt(context, alias, offset);
  const range = use === undefined ? declared : useRange(use);
  return { range: toLspRange(context, range), placeholder: lastName(alias.name) };
}

/** The edits of a rename: the alias where it is given, and where later clauses use it. */
export function renameQueryAlias(
  context: QueryContext,
  offset: number,
  newName: string,
): WorkspaceEdit | RenameRefusal | undefined {
  const alias = aliasAt(context, offset);
  if (alias === undefined) return refusalAt(context, offset);
  if (context.region.inScript) return inScript(alias);
  const name = newName.trim().replace(/^@/, '');
  if (!aliasName.test(name)) {
    return {
      refused: `"${newName}" cannot be an alias: use letters, digits, _ and -, beginning with a letter.`,
    };
  }
  const renamed = alias.name.slice(0, alias.name.length - lastName(alias.name).length) + name;
  const others = selectedAliases(alias.node).filter((other) => other.attribute !== alias.attribute);
  if (others.some((other) => other.name === renamed)) {
    return { refused: `Another node of this query has the alias ${renamed}.` };
  }
  const uses = aliasUses(context, alias);
  if (uses.length > 0 && isField(context, alias, renamed)) {
    return { refused: `${renamed} is a field of the schema: the clauses below would read that one.` };
  }
  const declared = nameRange(context, alias);
  const edits: TextEdit[] = [
    { range: toLspRange(context, declared), newText: name },
    ...uses.map((use) => toEdit(context, use, name, renamed)),
  ];
  return { changes: { [context.document.uri]: edits } };
}

/** Without brackets a `-` would subtract. */
function toEdit(context: QueryContext, use: AliasUse, name: string, renamed: string): TextEdit {
  if (use.path.bracketed || !name.includes('-')) {
    return { range: toLspRange(context, useRange(use)), newText: name };
  }
  return { range: toLspRange(context, use.expression.toRange(use.path)), newText: `[${renamed}]` };
}

function inScript(alias: QueryAlias): RenameRefusal {
  return {
    refused: `The script reads this column as ${alias.name}, which a rename of the alias would miss. Change both by hand.`,
  };
}

function refusalAt(context: QueryContext, offset: number): RenameRefusal | undefined {
  const place = expressionAt(context, offset);
  if (place !== undefined) {
    const field = findField(context.model, place);
    if (field === undefined) return undefined;
    return {
      refused: `${stepOf(field)} belongs to the schema ${field.schemaId}; rename it there, in the source of the schema.`,
    };
  }
  const at = locateXml(context.region.xml, offset);
  if (at.kind !== 'attributeValue' || at.attribute.hole) return undefined;
  const isSchema = queryAttribute(at.element.localName, at.attribute.name)?.kind === 'schemaId';
  return isSchema
    ? { refused: 'The id of a schema belongs to the schema; a query cannot rename it.' }
    : undefined;
}

/** `total` of `../@total`. */
function lastName(alias: string): string {
  return alias.slice(alias.lastIndexOf('/') + 1).replace(/^@/, '');
}

/** The last name, where the alias is given. */
function nameRange(context: QueryContext, { attribute }: QueryAlias): TextRange {
  const text = context.region.text.slice(attribute.valueStart, attribute.valueEnd).trimEnd();
  const end = attribute.valueStart + text.length;
  return { start: end - lastName(text).length, end };
}

function useAt(context: QueryContext, alias: QueryAlias, offset: number): AliasUse | undefined {
  return aliasUses(context, alias).find((use) => {
    const { start, end } = use.expression.toRange(use.path);
    return offset >= start && offset <= end;
  });
}

/** The name of the last step. */
function useRange({ path, expression }: AliasUse): TextRange {
  const step = path.steps.at(-1)!;
  return expression.toRange({ start: step.end - step.name.length, end: step.end });
}

function isField(context: QueryContext, alias: QueryAlias, xpath: string): boolean {
  const query = alias.node.parent?.parent;
  if (query === undefined) return false;
  const scope = innerScope(context.model, query);
  return resolveQueryPath(context.model, scope, parseXPath(xpath).path).kind === 'found';
}
