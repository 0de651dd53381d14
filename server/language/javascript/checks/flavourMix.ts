import type * as ts from 'typescript';
import { replaceFix } from '../../queryDef/queryProblem.ts';
import { attributeMark, descendantMark, wildcardMark } from '../maskCharacters.ts';
import { scriptProblem } from '../scriptProblem.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';
import { isDom, isEntity } from './valueKind.ts';

/** An access only E4X has: `.@name`, `.@["na-me"]`, `..name`, `.*`. */
interface E4xAccess {
  object: ts.Expression;
  /** The attribute, without `@`; `undefined` for a computed name and for the other forms. */
  attribute: string | undefined;
  isAttribute: boolean;
}

function e4xAccess({ ts }: CheckedScript, node: ts.Node): E4xAccess | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.name.text;
    const mark = name.charAt(0);
    if (mark !== attributeMark && mark !== descendantMark && mark !== wildcardMark) return undefined;
    const isAttribute = mark === attributeMark;
    const attribute = isAttribute && name.charAt(1) !== wildcardMark ? name.slice(1) : undefined;
    return { object: node.expression, attribute, isAttribute };
  }
  if (!ts.isElementAccessExpression(node) || !ts.isStringLiteralLike(node.argumentExpression))
    return undefined;
  const name = node.argumentExpression.text;
  if (!name.startsWith(attributeMark) && !name.startsWith('@')) return undefined;
  return { object: node.expression, attribute: name.slice(1), isAttribute: true };
}

/** The access from its dot or bracket on. */
function accessRange(
  script: CheckedScript,
  node: ts.Node,
  object: ts.Expression,
): { start: number; end: number } {
  const between = script.text.slice(object.end, node.end);
  return { start: object.end + between.search(/\S/), end: node.end };
}

/**
 * `delivery.@label`: fields of an entity are plain properties, with dashes as underscores; `.@` ends in JST-310000.
 * Source: JSAPI documentation, "SOAP methods in JavaScript"; the error is described by users.
 */
export const attributeOnEntity: NodeCheck = {
  kinds: ['PropertyAccessExpression', 'ElementAccessExpression'],
  *check(script, node) {
    const access = e4xAccess(script, node);
    if (access?.isAttribute !== true || !isEntity(script.typeAt(access.object))) return;
    const range = accessRange(script, node, access.object);
    const name = access.attribute?.replaceAll('-', '_');
    const isName = name !== undefined && /^[A-Za-z_$][\w$]*$/.test(name);
    const instead = isName ? `.${name}` : undefined;
    yield scriptProblem(
      'script/attribute-on-entity',
      range,
      `An entity is no XML: its fields are properties without @${instead === undefined ? '' : `, here ${instead}`}. Dashes become underscores.`,
      instead === undefined ? undefined : replaceFix(`Write ${instead}`, range, instead),
    );
  },
};

/**
 * `doc.root.@id`: documents and elements of the DOM have `$id` and `getElements()`.
 * Source: JSAPI documentation, "DOM" and "JXON".
 */
export const e4xOnDom: NodeCheck = {
  kinds: ['PropertyAccessExpression', 'ElementAccessExpression'],
  *check(script, node) {
    const access = e4xAccess(script, node);
    if (access === undefined || !isDom(script.typeAt(access.object))) return;
    const range = accessRange(script, node, access.object);
    const { attribute } = access;
    const instead =
      attribute === undefined
        ? undefined
        : /^[A-Za-z_$][\w$]*$/.test(attribute)
          ? `.$${attribute}`
          : `[${JSON.stringify(`$${attribute}`)}]`;
    const what = access.isAttribute
      ? `its attributes are ${instead ?? '$name'}`
      : 'its elements are reached with getElements("name")';
    yield scriptProblem(
      'script/e4x-on-dom',
      range,
      `This is E4X, but the value is of the DOM: ${what}.`,
      instead === undefined ? undefined : replaceFix(`Write ${instead}`, range, instead),
    );
  },
};
