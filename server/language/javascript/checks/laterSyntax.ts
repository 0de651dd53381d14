import type * as ts from 'typescript';
import { replaceFix, type QueryFix } from '../../queryDef/queryProblem.ts';
import { scriptProblem } from '../scriptProblem.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';

/** What a node has that the engine has not. */
interface LaterSyntax {
  /** Completes "has no …". */
  name: string;
  /** Completes "; …". */
  instead: string;
  /** How many characters to underline. Default: the whole node. */
  length?: number;
  fix?: QueryFix | undefined;
}

/**
 * Syntax of ECMAScript 2015 and later, which the server refuses to compile.
 * [I] The engine is ECMAScript 5 with E4X by all that is known of its globals; Adobe names no version. `const` works.
 */
export const laterSyntax: NodeCheck = {
  kinds: [
    'ArrowFunction',
    'ClassDeclaration',
    'ClassExpression',
    'TemplateExpression',
    'NoSubstitutionTemplateLiteral',
    'ForOfStatement',
    'SpreadElement',
    'SpreadAssignment',
    'Parameter',
    'FunctionDeclaration',
    'FunctionExpression',
    'MethodDeclaration',
    'AwaitExpression',
    'VariableDeclarationList',
    'ShorthandPropertyAssignment',
    'ComputedPropertyName',
    'BinaryExpression',
    'PropertyAccessExpression',
    'ElementAccessExpression',
    'CallExpression',
    'CatchClause',
    'NumericLiteral',
    'BigIntLiteral',
    'RegularExpressionLiteral',
    'ImportDeclaration',
    'ExportDeclaration',
    'ExportAssignment',
    'MetaProperty',
  ],
  *check(script, node) {
    const found = nameOf(script, node);
    if (found === undefined) return;
    const { start, end } = script.rangeOf(node);
    yield scriptProblem(
      'script/later-syntax',
      { start, end: Math.min(end, start + (found.length ?? Infinity), script.text.length) },
      `The JavaScript engine of Campaign has no ${found.name}; ${found.instead}.`,
      found.fix,
    );
  },
};

function nameOf(script: CheckedScript, node: ts.Node): LaterSyntax | undefined {
  const { ts } = script;
  if (ts.isArrowFunction(node)) {
    // The mask writes arrows for functions of the old engines whose body is an expression.
    if (!script.text.startsWith('=>', node.equalsGreaterThanToken.getStart(script.file))) return undefined;
    return { name: 'arrow functions', instead: 'write function (…) { … }', fix: functionFix(script, node) };
  }
  if (ts.isClassLike(node))
    return { name: 'classes', instead: 'use a function and its prototype', length: 5 };
  if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    return { name: 'template strings', instead: 'join strings with +', fix: concatenationFix(script, node) };
  }
  if (ts.isForOfStatement(node)) return forOf(script, node);
  if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node))
    return { name: 'spread', instead: 'use concat or apply', length: 3 };
  if (ts.isParameter(node)) return laterParameter(node);
  if (ts.isFunctionLike(node)) return laterFunction(script, node);
  if (ts.isAwaitExpression(node)) return { name: 'await', instead: 'call in sequence', length: 5 };
  if (ts.isVariableDeclarationList(node)) return letDeclaration(script, node);
  if (ts.isShorthandPropertyAssignment(node)) {
    const instead = `${node.name.text}: ${node.name.text}`;
    return {
      name: 'shorthand properties',
      instead: `write ${instead}`,
      fix: replaceFix(`Write ${instead}`, script.rangeOf(node.name), instead),
    };
  }
  if (ts.isComputedPropertyName(node))
    return { name: 'computed property names', instead: 'assign with object[name] = value' };
  if (ts.isCatchClause(node)) {
    if (node.variableDeclaration !== undefined) return undefined;
    const fix = {
      title: 'Name the exception',
      edits: [
        { start: node.getStart(script.file) + 5, end: node.getStart(script.file) + 5, newText: ' (e)' },
      ],
    };
    return { name: 'catch without a name', instead: 'write catch (e)', length: 5, fix };
  }
  return laterOperator(script, node) ?? laterLiteral(script, node) ?? laterModule(script, node);
}

function forOf({ ts, project, file, text }: CheckedScript, node: ts.ForOfStatement): LaterSyntax | undefined {
  const start = node.getStart(file);
  if (project.mask.forEachLoops.includes(start)) return undefined;
  const between = text.slice(node.initializer.end, node.expression.getStart(file));
  const at = node.initializer.end + between.search(/\bof\b/);
  const fix: QueryFix = {
    title: 'Write for each (… in …)',
    edits: [
      { start: start + 3, end: start + 3, newText: ' each' },
      { start: at, end: at + 2, newText: 'in' },
    ],
  };
  const isPlain = node.awaitModifier === undefined && !ts.isSpreadElement(node.expression);
  return { name: 'for…of', instead: 'use for each (… in …)', length: 3, fix: isPlain ? fix : undefined };
}

function laterParameter(node: ts.ParameterDeclaration): LaterSyntax | undefined {
  if (node.dotDotDotToken !== undefined)
    return { name: 'rest parameters', instead: 'use arguments', length: 3 };
  return node.initializer === undefined
    ? undefined
    : { name: 'default parameters', instead: 'test for undefined inside the function' };
}

function laterFunction({ ts }: CheckedScript, node: ts.SignatureDeclaration): LaterSyntax | undefined {
  const isAsync =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  if (isAsync === true) return { name: 'async functions', instead: 'call in sequence', length: 5 };
  const isGenerator = 'asteriskToken' in node && node.asteriskToken !== undefined;
  if (isGenerator) return { name: 'function*', instead: 'collect the values in an array', length: 8 };
  return ts.isMethodDeclaration(node) && ts.isIdentifier(node.name)
    ? {
        name: 'shorthand methods',
        instead: `write ${node.name.text}: function (…) { … }`,
        length: node.name.text.length,
        fix: {
          title: 'Write a property with a function',
          edits: [{ start: node.name.end, end: node.name.end, newText: ': function ' }],
        },
      }
    : undefined;
}

function letDeclaration(script: CheckedScript, node: ts.VariableDeclarationList): LaterSyntax | undefined {
  const { start } = script.rangeOf(node);
  if (!/^let\b/.test(script.text.slice(start, start + 4))) return undefined;
  const fix = isSafeAsVar(script, node)
    ? replaceFix('Write var', { start, end: start + 3 }, 'var')
    : undefined;
  return { name: 'let', instead: 'use var', length: 3, fix };
}

/** A name used once, and no function in a loop that would keep each round's value. */
function isSafeAsVar(
  { ts, ancestors, text, file }: CheckedScript,
  list: ts.VariableDeclarationList,
): boolean {
  const names = list.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : undefined));
  const isUnique = names.every(
    (name) =>
      name !== undefined &&
      (text.match(new RegExp(`\\b(?:var|let|const)\\s+${name.replaceAll('$', '\\$')}\\b`, 'g'))?.length ??
        0) < 2,
  );
  const loop = ancestors.find((node) => ts.isIterationStatement(node, false));
  const isKept = loop !== undefined && /\bfunction\b|=>/.test(text.slice(loop.getStart(file), loop.end));
  return isUnique && !isKept;
}

/** Only where `this` and `arguments` are not those of the function around. */
function functionFix(script: CheckedScript, node: ts.ArrowFunction): QueryFix | undefined {
  const { ts, text } = script;
  const body = script.sourceOf(node.body);
  const isSimple =
    node.parameters.every((parameter) => ts.isIdentifier(parameter.name)) && node.modifiers === undefined;
  if (!isSimple || /\b(?:this|arguments)\b/.test(body)) return undefined;
  const parameters = node.parameters.map((parameter) => script.sourceOf(parameter)).join(', ');
  const inner = ts.isBlock(node.body)
    ? body
    : `{ return ${body.replace(/^\(([^]*)\)$/, ts.isParenthesizedExpression(node.body) ? '$1' : '$&')}; }`;
  const range = script.rangeOf(node);
  const isStatement = /[;{}]\s*$|^\s*$/.test(text.slice(Math.max(0, range.start - 50), range.start));
  return isStatement ? undefined : replaceFix('Write a function', range, `function (${parameters}) ${inner}`);
}

function concatenationFix(
  script: CheckedScript,
  node: ts.TemplateExpression | ts.NoSubstitutionTemplateLiteral,
): QueryFix | undefined {
  const { ts } = script;
  const parent = script.ancestors.at(-1);
  if (parent !== undefined && ts.isTaggedTemplateExpression(parent)) return undefined;
  const parts: string[] = [];
  if (ts.isNoSubstitutionTemplateLiteral(node)) parts.push(JSON.stringify(node.text));
  else {
    parts.push(JSON.stringify(node.head.text));
    for (const { expression, literal } of node.templateSpans) {
      const source = script.sourceOf(expression);
      parts.push(/^[\w$.]+(?:\([^()]*\))?$/.test(source) ? source : `(${source})`);
      if (literal.text !== '') parts.push(JSON.stringify(literal.text));
    }
  }
  // An empty text at the start keeps `+` a concatenation; behind a text it does nothing.
  const sum = parts.join(' + ');
  const needsParentheses =
    parts.length > 1 &&
    parent !== undefined &&
    (ts.isBinaryExpression(parent) ||
      ts.isPropertyAccessExpression(parent) ||
      ts.isPrefixUnaryExpression(parent));
  return replaceFix('Join strings with +', script.rangeOf(node), needsParentheses ? `(${sum})` : sum);
}

const operators: Readonly<Record<string, string>> = {
  '**': 'use Math.pow',
  '**=': 'use Math.pow',
  '??': 'test for null and undefined',
  '??=': 'test for null and undefined',
  '||=': 'write a = a || b',
  '&&=': 'write a = a && b',
};

function laterOperator(script: CheckedScript, node: ts.Node): LaterSyntax | undefined {
  const { ts } = script;
  if (ts.isBinaryExpression(node)) {
    const operator = script.sourceOf(node.operatorToken);
    const instead = operators[operator];
    return instead === undefined ? undefined : { name: `operator ${operator}`, instead };
  }
  const isChain =
    (ts.isPropertyAccessExpression(node) ||
      ts.isElementAccessExpression(node) ||
      ts.isCallExpression(node)) &&
    node.questionDotToken !== undefined;
  return isChain ? { name: 'operator ?.', instead: 'test with && first' } : undefined;
}

function laterLiteral(script: CheckedScript, node: ts.Node): LaterSyntax | undefined {
  const { ts } = script;
  const source = script.sourceOf(node);
  if (ts.isBigIntLiteral(node)) return { name: 'integers with n', instead: 'use a number or a text' };
  if (ts.isNumericLiteral(node)) {
    if (/^0[bo]/i.test(source)) return { name: 'binary and octal numbers', instead: 'use parseInt(text, 2)' };
    return /\d_\d/.test(source) ? { name: 'separators in numbers', instead: 'leave out the _' } : undefined;
  }
  if (!ts.isRegularExpressionLiteral(node)) return undefined;
  if (/\/[a-z]*[suvd][a-z]*$/.test(source))
    return { name: 'such flags of regular expressions', instead: 'it has g, i, m and y' };
  return /\(\?<[=!A-Za-z]/.test(source)
    ? { name: 'lookbehind and named groups', instead: 'use groups by number' }
    : undefined;
}

function laterModule({ ts, text }: CheckedScript, node: ts.Node): LaterSyntax | undefined {
  const instead = 'use loadLibrary("namespace:name.js")';
  if (ts.isMetaProperty(node)) return { name: 'new.target and import.meta', instead: 'pass what is needed' };
  const isImport =
    ts.isImportDeclaration(node) ||
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword);
  if (isImport) return { name: 'modules', instead, length: 6 };
  const isExport = ts.isExportDeclaration(node) || ts.isExportAssignment(node);
  return isExport && node.end <= text.length
    ? { name: 'modules', instead: `${instead}; every function of a library is visible`, length: 6 }
    : undefined;
}
