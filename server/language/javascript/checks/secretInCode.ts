import type * as ts from 'typescript';
import { scriptProblem } from '../scriptProblem.ts';
import { dottedName } from './names.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';

/**
 * Passwords and keys written into a script: everyone who can read the script, an export or a log of changes has them.
 * Only what is a secret by its place and by its look is reported; the message never repeats it.
 */
export const secretInCode: NodeCheck = {
  kinds: ['StringLiteral'],
  *check(script, node) {
    if (!script.ts.isStringLiteral(node) || !isSecret(script, node)) return;
    yield scriptProblem(
      'script/secret-in-code',
      script.rangeOf(node),
      'A secret in a script can be read by everyone who can read the script. Keep it in an external account or in an option with decryptString.',
    );
  },
};

/** A name whose last word says that its value is a secret: `smtpPassword`, `api_key`; not `passwordField`, `tokenUrl`. */
const secretName =
  /(?:password|passwd|passphrase|pwd|secret|api[-_]?key|access[-_]?key|private[-_]?key|secret[-_]?key|access[-_]?token|auth[-_]?token|bearer[-_]?token|api[-_]?token)\d*$/i;

/** What is a secret wherever it stands: credentials of HTTP, keys of well-known make, passwords in addresses. */
const secretValue = [
  /^Basic [A-Za-z0-9+/]{12,}={0,2}$/,
  /^Bearer [\w.~+/-]{16,}=*$/,
  /^eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+$/,
  /^AKIA[0-9A-Z]{16}$/,
  /^-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^[a-z]+:\/\/[^\s:/@]+:[^\s:/@$<{][^\s:/@]*@[^\s/]+/i,
];

function isSecret(script: CheckedScript, node: ts.StringLiteral): boolean {
  const { text } = node;
  if (secretValue.some((pattern) => pattern.test(text))) return true;
  if (isPasswordOfLogon(script, node)) return text !== '';
  const name = nameOfPlace(script, node);
  return name !== undefined && secretName.test(name) && looksSecret(text);
}

/** `logon("webapp", "…")` takes a password, whatever it looks like. */
function isPasswordOfLogon(script: CheckedScript, node: ts.StringLiteral): boolean {
  const { ts, ancestors } = script;
  const call = ancestors.at(-1);
  if (call === undefined || !ts.isCallExpression(call) || call.arguments[1] !== node) return false;
  return call.arguments.length === 2 && dottedName(script, call.expression) === 'logon';
}

/** What the string is given to: a variable, a property, a member. */
function nameOfPlace({ ts, ancestors }: CheckedScript, node: ts.StringLiteral): string | undefined {
  const parent = ancestors.at(-1);
  if (parent === undefined) return undefined;
  if (ts.isVariableDeclaration(parent) && parent.initializer === node && ts.isIdentifier(parent.name))
    return parent.name.text;
  if (ts.isPropertyAssignment(parent) && parent.initializer === node)
    return ts.isIdentifier(parent.name) || ts.isStringLiteralLike(parent.name) ? parent.name.text : undefined;
  const isAssigned =
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.right === node;
  if (!isAssigned) return undefined;
  const { left } = parent;
  if (ts.isIdentifier(left)) return left.text;
  if (ts.isPropertyAccessExpression(left)) return left.name.text;
  return ts.isElementAccessExpression(left) && ts.isStringLiteralLike(left.argumentExpression)
    ? left.argumentExpression.text
    : undefined;
}

/**
 * Words, paths, placeholders and names of fields are no secrets: a secret has a digit or an unusual sign among its
 * letters. A password of letters only is missed, so that no label is taken for one.
 */
function looksSecret(text: string): boolean {
  if (text.length < 6 || /\s/.test(text)) return false;
  if (/^[@$/<{[%#(]|^\*+$|^x+$|^\.+$|\$\{|<%|\{\{/i.test(text)) return false;
  // `login2`: a word with a number is the name of a field.
  if (/^[a-z]+\d?$/i.test(text)) return false;
  if (secretName.test(text) || /^[a-z]+:[\w./#-]+$/i.test(text)) return false;
  return /[A-Za-z]/.test(text) ? /[0-9!#%^*+=~?&]/.test(text) : /^[0-9]{6,}$/.test(text);
}
