import type * as ts from 'typescript';
import type { CheckedScript } from './scriptCheck.ts';

/** `xtk.session.Write` as text; `undefined` for anything but names joined by dots. */
export function dottedName({ ts }: CheckedScript, node: ts.Expression): string | undefined {
  const names: string[] = [];
  let at = node;
  while (ts.isPropertyAccessExpression(at)) {
    names.unshift(at.name.text);
    at = at.expression;
  }
  return ts.isIdentifier(at) ? [at.text, ...names].join('.') : undefined;
}

/** The method of `xtk.session` a call is of, e.g. `Write`, through either root of the schemas. */
export function sessionMethod(script: CheckedScript, call: ts.CallExpression): string | undefined {
  const name = dottedName(script, call.expression);
  return /^(?:xtk\.session|NLWS\.xtkSession)\.(\w+)$/.exec(name ?? '')?.[1];
}

/** The expression inside any parentheses. */
export function unwrapped({ ts }: CheckedScript, expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  return inner;
}

/**
 * What a name was given where it was declared: `var x = <a/>;`. `undefined` unless it is declared once, with a value.
 * Whether it was changed since is for the caller to ask.
 */
export function initialValue(script: CheckedScript, name: ts.Identifier): ts.Expression | undefined {
  const { ts, file } = script;
  // TypeScript counts `x.member = value` among them, too.
  const declarations = (script.symbolAt(name)?.declarations ?? []).filter(
    (node) => ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionDeclaration(node),
  );
  const [only] = declarations;
  if (declarations.length !== 1 || only === undefined || only.getSourceFile() !== file) return undefined;
  return ts.isVariableDeclaration(only) ? only.initializer : undefined;
}

/** Is it a global of the runtime, and not something the script or a library of it has declared? */
export function isRuntimeGlobal(script: CheckedScript, name: ts.Identifier): boolean {
  const declarations = script.symbolAt(name)?.declarations ?? [];
  return declarations.length > 0 && declarations.every((node) => node.getSourceFile().isDeclarationFile);
}
