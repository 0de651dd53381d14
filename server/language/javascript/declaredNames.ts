import type * as ts from 'typescript';
import { SymbolKind } from 'vscode-languageserver-types';
import type { TypeScript } from './javaScriptService.ts';
import { maskDocument } from './scriptDocument.ts';
import { unmask } from './maskCharacters.ts';

/** A function a script declares for others, or an object that holds some. */
export interface DeclaredName {
  name: string;
  kind: SymbolKind;
  /** Of the name. */
  start: number;
  end: number;
  /** The object it is a member of: `Cus` of `Cus.send = function () {}`. */
  container?: string;
}

/**
 * The functions of a script that are worth finding from elsewhere: those at its top level, those put into an object or a
 * prototype, and the objects that hold them. Pure; never throws on broken text.
 */
export function declaredNames(typescript: TypeScript, languageId: string, text: string): DeclaredName[] {
  const mask = maskDocument(languageId, text);
  // Plain JavaScript has a service of its own in every editor.
  if (languageId === 'javascript' && mask.literals.length === 0) return [];
  const file = typescript.createSourceFile('/script.js', mask.text, typescript.ScriptTarget.ESNext, false);
  const found: DeclaredName[] = [];
  for (const statement of file.statements) readStatement(typescript, file, statement, found);
  return found.map((declared) => ({ ...declared, name: unmask(declared.name) }));
}

function readStatement(
  ts: TypeScript,
  file: ts.SourceFile,
  statement: ts.Statement,
  found: DeclaredName[],
): void {
  const add = (name: ts.Node, text: string, kind: SymbolKind, container?: string): void => {
    found.push({
      name: text,
      kind,
      start: name.getStart(file),
      end: name.end,
      ...(container !== undefined && { container }),
    });
  };
  const addMembers = (value: ts.Expression, container: string): boolean => {
    if (!ts.isObjectLiteralExpression(value)) return false;
    const before = found.length;
    for (const member of value.properties) {
      const isFunction =
        ts.isMethodDeclaration(member) ||
        (ts.isPropertyAssignment(member) && ts.isFunctionExpression(member.initializer));
      if (isFunction && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)))
        add(member.name, member.name.text, SymbolKind.Method, container);
    }
    return found.length > before;
  };
  const addObject = (name: ts.Node, text: string, value: ts.Expression, container?: string): void => {
    const at = found.length;
    const path = container === undefined ? text : `${container}.${text}`;
    if (ts.isFunctionExpression(value))
      add(name, text, container === undefined ? SymbolKind.Function : SymbolKind.Method, container);
    else if (addMembers(value, path)) {
      add(name, text, SymbolKind.Namespace, container);
      // The object comes before what is in it.
      found.splice(at, 0, found.pop()!);
    }
  };
  if (ts.isFunctionDeclaration(statement) && statement.name !== undefined)
    add(statement.name, statement.name.text, SymbolKind.Function);
  else if (ts.isVariableStatement(statement)) {
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer !== undefined) addObject(name, name.text, initializer);
  } else if (ts.isExpressionStatement(statement) && ts.isBinaryExpression(statement.expression)) {
    const { left, right, operatorToken } = statement.expression;
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    if (ts.isIdentifier(left)) addObject(left, left.text, right);
    else if (ts.isPropertyAccessExpression(left)) {
      const container = left.expression.getText(file).replace(/\s+/g, '');
      if (/^[\w$.]+$/.test(container)) addObject(left.name, left.name.text, right, container);
    }
  }
}
