import type * as ts from 'typescript';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { saysUncertain } from '../api/declarations.ts';
import { closestName } from '../closestName.ts';
import { replaceFix } from '../queryDef/queryProblem.ts';
import { unmask } from './maskCharacters.ts';
import type { TypeScript } from './javaScriptService.ts';
import { scriptProblem, type ScriptProblem, type ScriptProblemCode } from './scriptProblem.ts';
import { schemaFolder, type ScriptProject } from './scriptWorkspace.ts';
import { nodeAround, treeOf, type ScriptTree } from './symbolsAt.ts';

/** What makes an error of TypeScript one of Campaign, too. */
interface Verdict {
  /** The name that was most probably meant. */
  meant?: string | undefined;
}

interface Rule {
  code: ScriptProblemCode;
  /** @param node where it is reported. Returns `undefined` for what may be right in Campaign. */
  judge(project: ScriptProject, tree: ScriptTree, node: ts.Node): Verdict | undefined;
}

/**
 * What of TypeScript's errors is one in Campaign, by TypeScript's number. All others are left out, because valid scripts
 * have them: XML is assigned, compared and calculated with like text and numbers, arguments are converted, dates are
 * subtracted, `return` stands outside of functions, and `with` and filters bring names that TypeScript does not see.
 */
const rules: ReadonlyMap<number, Rule> = new Map([
  [2339, { code: 'script/unknown-member', judge: judgeMember }],
  [2551, { code: 'script/unknown-member', judge: judgeMember }],
  [2552, { code: 'script/unknown-name', judge: judgeName }],
  [2554, { code: 'script/argument-count', judge: judgeCall }],
  [2555, { code: 'script/argument-count', judge: judgeCall }],
] satisfies [number, Rule][]);

/** `// @ts-check` before the first statement, as TypeScript has it: this script wants its types checked. */
const wish = /^(?:\s|<%|\/\/.*|\/\*[^]*?\*\/)*?\/\/\/?\s*@ts-check\b/;

/** Does a script itself ask for the check of types? */
export function asksForTypes(text: string): boolean {
  return wish.test(text);
}

/**
 * Members, names and arguments that do not exist. `// @ts-nocheck`, `// @ts-ignore` and `// @ts-expect-error` hold, as in
 * TypeScript.
 */
export function typeProblems(project: ScriptProject): ScriptProblem[] {
  const tree = treeOf(project);
  if (tree === undefined) return [];
  const found: ScriptProblem[] = [];
  for (const { code, start, length, messageText } of project.service.getSemanticDiagnostics(
    project.fileName,
  )) {
    const rule = rules.get(code);
    if (rule === undefined || start === undefined || start + (length ?? 0) > project.text.length) continue;
    const range = { start, end: start + (length ?? 0) };
    const node = nodeAround(project, tree.file, start);
    const verdict = isGuessed(project, range) ? undefined : rule.judge(project, tree, node);
    if (verdict === undefined) continue;
    const { meant } = verdict;
    const message = unmask(project.ts.flattenDiagnosticMessageText(messageText, '\n'));
    const question =
      meant === undefined || message.includes('Did you mean') ? '' : ` Did you mean '${meant}'?`;
    const fix = meant === undefined ? undefined : replaceFix(`Write ${meant}`, range, meant);
    found.push(scriptProblem(rule.code, range, message + question, fix));
  }
  return [...found, ...misspeltCalls(project, tree)];
}

/**
 * Methods of entities, schemas and XML that are a slip away from one they have. TypeScript says nothing of them, because
 * any other name there is a field or an element; but these cannot be called.
 */
function* misspeltCalls(project: ScriptProject, { checker, file }: ScriptTree): Generator<ScriptProblem> {
  const { ts, text } = project;
  const pending: ts.Node[] = [file];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    ts.forEachChild(node, (child) => void pending.push(child));
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) continue;
    const access = node.expression;
    const name = access.name.text;
    const range = { start: access.name.getStart(file), end: access.name.end };
    if (range.end > text.length || text.slice(range.start, range.end) !== name) continue;
    const parts = partsOf(checker.getApparentType(checker.getTypeAtLocation(access.expression)));
    const isOpen = parts.some((part) => part.getStringIndexType() !== undefined);
    const isKnown = parts.some((part) => part.getProperty(name) !== undefined);
    if (!isOpen || isKnown || !parts.every((part) => isDeclaredByUs(part.getSymbol()?.declarations)))
      continue;
    const methods = parts
      .flatMap((part) => part.getProperties())
      .filter(({ flags }) => (flags & ts.SymbolFlags.Method) !== 0)
      .map((method) => method.getName());
    const meant = closestName(name, methods);
    if (meant === undefined || isGuessed(project, range) || isAsked(ts, access) || isAdded(project, name))
      continue;
    const message = `Method '${name}' does not exist here. Did you mean '${meant}'?`;
    yield scriptProblem('script/unknown-member', range, message, replaceFix(`Write ${meant}`, range, meant));
  }
}

/** What a union or an intersection is made of. */
function partsOf(type: ts.Type): ts.Type[] {
  return type.isUnionOrIntersection() ? type.types.flatMap(partsOf) : [type];
}

/** What an unclosed literal swallows, and forms no text of the same length can say, are not what was written. */
function isGuessed({ mask }: ScriptProject, { start, end }: TextRange): boolean {
  const unclosed = mask.literals.some((literal) => !literal.closed && literal.start <= start);
  return unclosed || mask.tolerated.some((range) => range.start < end && range.end > start);
}

/**
 * The member is missed on what a schema declares, or is a slip away from one of an object of the platform. The
 * documentation of these does not claim to name all, so other names may exist, and may be assigned to.
 */
function judgeMember(project: ScriptProject, tree: ScriptTree, node: ts.Node): Verdict | undefined {
  const { ts } = project;
  const access = node.parent;
  if (!ts.isPropertyAccessExpression(access) || isAsked(ts, access)) return undefined;
  const type = tree.checker.getApparentType(tree.checker.getTypeAtLocation(access.expression));
  const types = type.isUnion() ? type.types : [type];
  const declarations = types.map((each) => each.getSymbol()?.declarations);
  const name = node.getText(tree.file);
  const members = types.flatMap((each) => tree.checker.getPropertiesOfType(each));
  const meant = closestName(
    name,
    members.map((member) => member.getName()),
  );
  if (declarations.every(isDeclaredBySchema)) return { meant };
  const isSlip = meant !== undefined && declarations.every(isDeclaredByUs) && !isAssigned(ts, access);
  return isSlip && !isAdded(project, name) ? { meant } : undefined;
}

/** A function of a schema, or one that the platform documents, is called. */
function judgeCall({ ts }: ScriptProject, { checker }: ScriptTree, node: ts.Node): Verdict | undefined {
  let call = node;
  while (!ts.isCallExpression(call) && !ts.isNewExpression(call)) {
    if (ts.isSourceFile(call)) return undefined;
    call = call.parent;
  }
  const declaration = checker.getResolvedSignature(call)?.declaration;
  const isSure = declaration !== undefined && isDeclaredByUs([declaration]) && !isUncertain(ts, declaration);
  return isSure ? {} : undefined;
}

/**
 * A slip away from what the platform has to call, or to take a member of, and neither in a filter nor in a `with`. Other
 * names may be variables of libraries.
 */
function judgeName(
  { ts, mask }: ScriptProject,
  { checker, file }: ScriptTree,
  node: ts.Node,
): Verdict | undefined {
  if (mask.filters.some(({ start, end }) => node.pos >= start && node.end <= end)) return undefined;
  if (ts.findAncestor(node, ts.isWithStatement) !== undefined) return undefined;
  const isCall = isCalled(ts, node);
  if (!isCall && !(ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node))
    return undefined;
  const globals = checker
    .getSymbolsInScope(file, ts.SymbolFlags.Value)
    .filter(({ flags }) => ((flags & ts.SymbolFlags.Function) !== 0) === isCall)
    .filter(({ declarations }) => isDeclaredByUs(declarations));
  const meant = closestName(
    node.getText(file),
    globals.map((symbol) => symbol.getName()),
  );
  return meant === undefined ? undefined : { meant };
}

/** `if (x.member) x.member()`, `x.member || …`: whether it is there is what the script wants to know first. */
function isAsked(ts: TypeScript, access: ts.PropertyAccessExpression): boolean {
  const name = access.name.text;
  const asks = (node: ts.Node): boolean =>
    (ts.isPropertyAccessExpression(node) && node.name.text === name && !isCalled(ts, node)) ||
    ts.forEachChild(node, asks) === true;
  const asking = ts.findAncestor(access, (outer) => {
    const question = questionOf(ts, outer);
    return question !== undefined && asks(question);
  });
  return asking !== undefined;
}

/** What a node decides by. */
function questionOf(ts: TypeScript, node: ts.Node): ts.Node | undefined {
  if (ts.isIfStatement(node) || ts.isTypeOfExpression(node)) return node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  if (ts.isPrefixUnaryExpression(node))
    return node.operator === ts.SyntaxKind.ExclamationToken ? node.operand : undefined;
  if (!ts.isBinaryExpression(node)) return undefined;
  const { kind } = node.operatorToken;
  const decides = kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
  return decides ? node.left : undefined;
}

function isCalled(ts: TypeScript, node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

function isAssigned(ts: TypeScript, access: ts.PropertyAccessExpression): boolean {
  const { parent } = access;
  if (!ts.isBinaryExpression(parent) || parent.left !== access) return false;
  const { kind } = parent.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** The script, or a library it loads, gives objects a member of that name itself: `String.prototype.member = …`. */
function isAdded(project: ScriptProject, name: string): boolean {
  const addition = new RegExp(`\\bprototype\\s*(?:\\.\\s*|\\[\\s*["'])${name}\\b`);
  const files = project.service.getProgram()?.getSourceFiles() ?? [];
  return files.some(
    (file) =>
      (file.fileName === project.fileName || project.libraryOf(file.fileName) !== undefined) &&
      addition.test(file.text),
  );
}

function isDeclaredBySchema(declarations: readonly ts.Declaration[] | undefined): boolean {
  return declarations?.every((each) => each.getSourceFile().fileName.startsWith(schemaFolder)) === true;
}

/** In the declarations this extension makes: of the platform, or of schemas. */
function isDeclaredByUs(declarations: readonly ts.Declaration[] | undefined): boolean {
  return (
    declarations !== undefined &&
    declarations.length > 0 &&
    declarations.every((declaration) => {
      const { isDeclarationFile } = declaration.getSourceFile();
      return isDeclarationFile;
    })
  );
}

/** Its parameters are a guess, or those of what it is declared in. */
function isUncertain(ts: TypeScript, declaration: ts.Node): boolean {
  for (let node = declaration; !ts.isSourceFile(node); node = node.parent) {
    const texts = ts
      .getJSDocCommentsAndTags(node)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
    if (texts.some(saysUncertain)) return true;
  }
  return false;
}
