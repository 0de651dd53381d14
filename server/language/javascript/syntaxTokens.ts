import type * as ts from 'typescript';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { descendantElements, type TextRange } from '../../../core/xml/xmlTree.ts';
import { semanticTokenLegend, type ScriptToken } from './javaScriptService.ts';
import type { MaskedScript } from './maskedScript.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

type TokenType = (typeof semanticTokenLegend.tokenTypes)[number];

/** What a grammar would colour, for scripts inside documents whose grammar takes them for text. In order. */
export function syntaxTokens(project: ScriptProject): ScriptToken[] {
  const { mask, text } = project;
  const tokens = [...wordsOf(project)];
  for (const literal of mask.literals) {
    // A literal in a hole is read by itself.
    for (const token of tagsOf(text, literal)) if (isOutsideHoles(token, literal.holes)) tokens.push(token);
  }
  for (const loop of mask.forEachLoops) {
    const at = text.indexOf('each', loop);
    tokens.push(token(at, at + 'each'.length, 'keyword'));
  }
  return tokens.sort((a, b) => a.start - b.start);
}

/** Keywords, values, comments and punctuation outside of literals. */
function* wordsOf(project: ScriptProject): Generator<ScriptToken> {
  const { mask, service, text } = project;
  const types = tokenTypesOf(project.ts);
  const { spans } = service.getEncodedSyntacticClassifications(project.fileName, {
    start: 0,
    length: text.length,
  });
  const literals = codeBoundaries(mask);
  let at = 0;
  for (let index = 0; index + 2 < spans.length; index += 3) {
    const start = spans[index]!;
    const end = start + spans[index + 1]!;
    const type = types.get(spans[index + 2]!);
    while (at < literals.length && literals[at]!.end <= start) at++;
    const inLiteral = at < literals.length && literals[at]!.start < end;
    if (type !== undefined && !inLiteral && end <= text.length) yield token(start, end, type);
  }
}

function tokenTypesOf({ ClassificationType: kinds }: typeof ts): ReadonlyMap<number, TokenType> {
  return new Map<number, TokenType>([
    [kinds.comment, 'comment'],
    [kinds.identifier, 'variable'],
    [kinds.keyword, 'keyword'],
    [kinds.numericLiteral, 'number'],
    [kinds.operator, 'operator'],
    [kinds.punctuation, 'operator'],
    // Regular expressions are among them.
    [kinds.stringLiteral, 'string'],
  ]);
}

/** The stretches of literals that are XML: without their holes, in order. */
function codeBoundaries({ literals }: MaskedScript): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { start, end, holes } of literals) {
    let from = start;
    for (const hole of holes) {
      ranges.push({ start: from, end: hole.start });
      from = hole.end;
    }
    ranges.push({ start: from, end });
  }
  return ranges.sort((a, b) => a.start - b.start);
}

function* tagsOf(text: string, literal: TextRange): Generator<ScriptToken> {
  const { nodes } = parseXml(text, literal);
  for (const node of nodes) {
    if (node.kind !== 'element') continue;
    for (const { nameStart, nameEnd, openEnd, closeStart, end, attributes } of descendantElements(node)) {
      yield token(nameStart - 1, nameStart, 'tagDelimiter');
      if (nameEnd > nameStart) yield token(nameStart, nameEnd, 'tag');
      for (const attribute of attributes) {
        yield token(attribute.start, attribute.nameEnd, 'attribute');
        if (attribute.hasValue && attribute.end > attribute.valueStart)
          yield token(attribute.valueStart - 1, attribute.end, 'string');
      }
      const delimiter = /\/?>$/.exec(text.slice(nameEnd, openEnd))?.[0].length ?? 0;
      if (delimiter > 0) yield token(openEnd - delimiter, openEnd, 'tagDelimiter');
      if (closeStart < 0) continue;
      const nameLength = /^<\/([^\s>]*)/.exec(text.slice(closeStart, end))?.[1]?.length ?? 0;
      yield token(closeStart, closeStart + 2, 'tagDelimiter');
      if (nameLength > 0) yield token(closeStart + 2, closeStart + 2 + nameLength, 'tag');
      if (text.charAt(end - 1) === '>') yield token(end - 1, end, 'tagDelimiter');
    }
  }
}

function isOutsideHoles({ start, length }: ScriptToken, holes: readonly TextRange[]): boolean {
  return !holes.some((hole) => start < hole.end && start + length > hole.start);
}

function token(start: number, end: number, type: TokenType): ScriptToken {
  return { start, length: end - start, type: semanticTokenLegend.tokenTypes.indexOf(type), modifiers: 0 };
}
