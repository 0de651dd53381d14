import type * as ts from 'typescript';
import { resolvePath } from '../../../../core/schema/resolvePath.ts';
import { scriptProblem } from '../scriptProblem.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';
import { selectOfLiteral, selectOfObject, type Selection } from './selection.ts';

const deepest = 8;

/**
 * A field of an answer that its query does not select: it is empty, whatever the record has.
 * Source: Campaign documentation of queryDef: an answer has the nodes of `select`.
 */
export const fieldNotSelected: NodeCheck = {
  kinds: ['PropertyAccessExpression', 'ElementAccessExpression'],
  *check(script, node) {
    const access = fieldAccess(script, node);
    if (access === undefined || isWritten(script, node)) return;
    const found = selectionAround(script, access);
    if (found === undefined || found.selection.has(found.path)) return;
    // A script may keep something of its own in a row.
    if (new RegExp(`\\.[@$]${access.name.slice(1)}\\s*[-+*/]?=[^=]`).test(script.text)) return;
    const { path, selection } = found;
    const expr = path.length === 1 ? path[0]! : `[${path.join('/')}]`;
    const add = isField(script, selection.schemaId, path) ? selection.add(expr) : undefined;
    yield scriptProblem(
      'script/field-not-selected',
      access.range,
      `The query does not select ${expr}, so it is empty here.`,
      add && { title: `Select ${expr}`, edits: [add] },
    );
  },
};

interface FieldAccess {
  object: ts.Expression;
  /** `@email`, however the flavour spells it. */
  name: string;
  isDom: boolean;
  range: { start: number; end: number };
}

/** `row.@email`, `row["@folder-id"]`, `row.$email`. */
function fieldAccess(script: CheckedScript, node: ts.Node): FieldAccess | undefined {
  const { ts } = script;
  const nameNode = ts.isPropertyAccessExpression(node)
    ? node.name
    : ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)
      ? node.argumentExpression
      : undefined;
  if (nameNode === undefined) return undefined;
  const match = /^([@$ꙩ])([A-Za-z][\w-]*)$/.exec(nameNode.text);
  if (match === null) return undefined;
  const range = script.rangeOf(nameNode);
  const object = (node as ts.PropertyAccessExpression | ts.ElementAccessExpression).expression;
  return { object, name: `@${match[2]!}`, isDom: match[1] === '$', range };
}

/** Setting a field of a row, or removing it, does not ask for its value. */
function isWritten({ ts, ancestors }: CheckedScript, node: ts.Node): boolean {
  const parent = ancestors.at(-1);
  if (parent === undefined) return false;
  if (ts.isDeleteExpression(parent)) return true;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

/** The query whose answer a field is read of, and the path from its row. */
function selectionAround(
  script: CheckedScript,
  access: FieldAccess,
): { selection: Selection; path: string[] } | undefined {
  const path = [access.name];
  const { ts } = script;
  let object = access.object;
  for (let depth = 0; depth < deepest; depth++) {
    const selection = selectionOfRow(script, script.typeAt(object), access.isDom);
    if (selection !== undefined) return { selection, path };
    if (access.isDom) return undefined;
    if (ts.isPropertyAccessExpression(object) && /^[A-Za-z][\w-]*$/.test(object.name.text)) {
      path.unshift(object.name.text);
      object = object.expression;
    } else if (ts.isElementAccessExpression(object) && ts.isNumericLiteral(object.argumentExpression)) {
      object = object.expression;
    } else return undefined;
  }
  return undefined;
}

/** The name of the type a literal's rows have; see `literalTypings.ts`. */
const rowTypeName = /^(ᐸ[^ː]+)ː0(?:ː|$)/;

function selectionOfRow(script: CheckedScript, type: ts.Type, isDom: boolean): Selection | undefined {
  const parts = type.isIntersection() ? type.types : [type];
  for (const part of parts) {
    const callee = rowTypeName.exec((part.aliasSymbol ?? part.getSymbol())?.name ?? '')?.[1];
    if (callee !== undefined) return selectOfLiteral(script, callee);
    if (!isDom || part.aliasSymbol?.name !== 'ᐸColumns') continue;
    const object = part.aliasTypeArguments?.[0]?.getSymbol()?.declarations?.[0];
    if (object !== undefined && script.ts.isObjectLiteralExpression(object))
      return selectOfObject(script, object);
  }
  return undefined;
}

/** Only what the schema has can be selected; without the schema anything may be. */
function isField({ project }: CheckedScript, schemaId: string | undefined, path: readonly string[]): boolean {
  const root = schemaId === undefined ? undefined : project.model.getSchema(schemaId)?.root;
  return root === undefined || resolvePath(project.model, root, path).kind !== 'missing';
}
