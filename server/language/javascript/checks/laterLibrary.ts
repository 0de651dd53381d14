import type * as ts from 'typescript';
import { replaceFix, type QueryFix } from '../../queryDef/queryProblem.ts';
import { scriptProblem } from '../scriptProblem.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';

/** Globals that no dump of a server's global object shows. */
const globals: Readonly<Record<string, string>> = {
  Map: 'use an object',
  Set: 'use an object, or an array and indexOf',
  WeakMap: 'use a property of the object',
  WeakSet: 'use a property of the object',
  Promise: 'call in sequence',
  Symbol: 'use a text',
  DataView: 'use a typed array',
  Reflect: 'use Object',
};

/** Methods of later editions, and what to write instead. */
const methods: Readonly<Record<string, string>> = {
  includes: 'compare indexOf with 0',
  startsWith: 'compare indexOf with 0',
  endsWith: 'compare slice with the end',
  repeat: 'use new Array(n + 1).join(text)',
  padStart: 'add the characters and use slice',
  padEnd: 'add the characters and use slice',
  trimStart: 'use replace(/^\\s+/, "")',
  trimEnd: 'use replace(/\\s+$/, "")',
  replaceAll: 'use replace with /…/g',
  matchAll: 'call exec in a loop',
  find: 'use filter and take the first',
  findIndex: 'use a loop',
  fill: 'use a loop',
  flat: 'use reduce and concat',
  flatMap: 'use map, reduce and concat',
};
const statics: Readonly<Record<string, readonly string[]>> = {
  Object: ['assign', 'entries', 'values', 'fromEntries'],
  Array: ['from', 'of'],
  Number: ['isInteger', 'isNaN', 'isFinite', 'parseInt', 'parseFloat'],
  Math: ['trunc', 'sign', 'hypot', 'log10', 'log2', 'cbrt'],
  String: ['raw', 'fromCodePoint'],
};

/**
 * Objects and methods of ECMAScript 2015 and later.
 * [I] What a dump of the globals of a server does not show, and methods of the same editions. A script or a library may
 * define them, so it is a hint.
 */
export const laterLibrary: NodeCheck = {
  kinds: ['NewExpression', 'CallExpression'],
  *check(script, node) {
    const { ts } = script;
    if (!(ts.isNewExpression(node) || ts.isCallExpression(node))) return;
    const found = ts.isIdentifier(node.expression)
      ? laterGlobal(script, node.expression)
      : ts.isPropertyAccessExpression(node.expression)
        ? laterMember(script, node, node.expression)
        : undefined;
    if (found === undefined) return;
    yield scriptProblem(
      'script/later-library',
      script.rangeOf(found.name),
      `The JavaScript engine of Campaign probably has no ${script.sourceOf(found.name)}; ${found.instead}.`,
      found.fix,
    );
  },
};

interface Later {
  name: ts.Node;
  instead: string;
  fix?: QueryFix | undefined;
}

function laterGlobal(script: CheckedScript, name: ts.Identifier): Later | undefined {
  const instead = Object.hasOwn(globals, name.text) ? globals[name.text] : undefined;
  return instead === undefined || isDeclared(script, name) ? undefined : { name, instead };
}

/** By the script or by one of its libraries; our declarations have a `Symbol` for their own use. */
function isDeclared(script: CheckedScript, name: ts.Identifier): boolean {
  const declarations = script.symbolAt(name)?.declarations ?? [];
  return (
    declarations.some((node) => !node.getSourceFile().isDeclarationFile) ||
    new RegExp(`\\b${name.text}\\s*=[^=]`).test(script.text)
  );
}

function laterMember(
  script: CheckedScript,
  call: ts.NewExpression | ts.CallExpression,
  callee: ts.PropertyAccessExpression,
): Later | undefined {
  const { ts, text } = script;
  const { name, expression } = callee;
  if (ts.isIdentifier(expression)) {
    const global = laterGlobal(script, expression);
    if (global !== undefined) return global;
    const isStatic = Object.hasOwn(statics, expression.text) && statics[expression.text]!.includes(name.text);
    const isOwn = new RegExp(`\\b${expression.text}\\s*\\.\\s*${name.text}\\s*=[^=]`).test(text);
    if (isStatic && !isOwn) return { name: callee, instead: 'write it out' };
  }
  const instead = Object.hasOwn(methods, name.text) ? methods[name.text] : undefined;
  if (instead === undefined || new RegExp(`\\bprototype\\s*\\.\\s*${name.text}\\b`).test(text))
    return undefined;
  const type = script.typeAt(expression);
  const isKnown = (type.flags & ts.TypeFlags.StringLike) !== 0 || type.getSymbol()?.name === 'Array';
  if (!isKnown || type.getProperty(name.text) !== undefined) return undefined;
  return { name, instead, fix: indexOfFix(script, call, callee) };
}

/** `a.includes(b)` → `a.indexOf(b) >= 0`. */
function indexOfFix(
  script: CheckedScript,
  call: ts.NewExpression | ts.CallExpression,
  { name }: ts.PropertyAccessExpression,
): QueryFix | undefined {
  const { ts, ancestors } = script;
  const comparison = name.text === 'includes' ? ' >= 0' : name.text === 'startsWith' ? ' == 0' : undefined;
  const parent = ancestors.at(-1);
  if (comparison === undefined || call.arguments?.length !== 1 || parent === undefined) return undefined;
  const source = script.sourceOf(call);
  const nameAt = name.getStart(script.file) - call.getStart(script.file);
  const compared = `${source.slice(0, nameAt)}indexOf${source.slice(nameAt + name.text.length)}${comparison}`;
  const isTight =
    ts.isPrefixUnaryExpression(parent) ||
    ts.isPropertyAccessExpression(parent) ||
    isTightBinary(script, parent);
  const newText = isTight ? `(${compared})` : compared;
  return replaceFix(`Write ${newText.length < 60 ? newText : 'indexOf'}`, script.rangeOf(call), newText);
}

function isTightBinary({ ts }: CheckedScript, node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return ![
    ts.SyntaxKind.AmpersandAmpersandToken,
    ts.SyntaxKind.BarBarToken,
    ts.SyntaxKind.EqualsToken,
  ].includes(kind);
}
