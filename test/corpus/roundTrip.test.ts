import { TextDocument } from 'vscode-languageserver-textdocument';
import type { WorkspaceEdit } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';
import type { ExpressionNode } from '../../core/expression/expressionTree.ts';
import { parseExpression } from '../../core/expression/parseExpression.ts';
import { printExpression } from '../../core/expression/printExpression.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import { attributeValue, descendantElements, type XmlElement, type XmlNode } from '../../core/xml/xmlTree.ts';
import { formatXml } from '../../server/language/formatXml.ts';
import { formatExpression } from '../../server/language/queryDef/formatExpression.ts';
import { queryExpressions } from '../../server/language/queryDef/expressionAt.ts';
import { renameQueryAlias } from '../../server/language/queryDef/queryRename.ts';
import { describeTree } from '../core/expression/describeTree.ts';
import { queryContext } from '../support/queryModel.ts';
import { demoModel } from './demoModel.ts';
import { generateQuery } from './queryGenerator.ts';
import { allElements, valueOf } from './queryText.ts';

const queries = Array.from({ length: 300 }, (_, index) => generateQuery(index + 1));
const expressions = queries.flatMap(({ xml }) =>
  [...allElements(xml)].flatMap((element) => valueOf(element, 'expr') ?? []),
);

/** The same tree without the brackets somebody wrote: those it needs have to be put back. */
function withoutGroups(node: ExpressionNode): ExpressionNode {
  switch (node.kind) {
    case 'group':
      return withoutGroups(node.inner);
    case 'unary':
    case 'isNull':
      return { ...node, operand: withoutGroups(node.operand) };
    case 'binary':
      return { ...node, left: withoutGroups(node.left), right: withoutGroups(node.right) };
    case 'logical':
      return { ...node, operands: node.operands.map(withoutGroups) };
    case 'in':
      return { ...node, operand: withoutGroups(node.operand), values: node.values.map(withoutGroups) };
    case 'call':
      return { ...node, args: node.args.map(withoutGroups) };
    default:
      return node;
  }
}

test('an expression that is printed and read again is the same, and prints the same', () => {
  expect(expressions.length).toBeGreaterThan(2000);
  for (const text of expressions) {
    const { tree } = parseExpression(text);
    const printed = printExpression(tree);
    expect(describeTree(parseExpression(printed).tree), text).toBe(describeTree(tree));
    expect(printExpression(parseExpression(printed).tree)).toBe(printed);
  }
});

test('a tree without brackets gets those it needs', () => {
  for (const text of expressions) {
    const bare = withoutGroups(parseExpression(text).tree);
    const { tree, problems } = parseExpression(printExpression(bare));
    expect(
      problems.filter(({ severity }) => severity === 'error'),
      text,
    ).toEqual([]);
    expect(describeTree(withoutGroups(tree)), text).toBe(describeTree(bare));
  }
});

/** What a document says, however it is laid out. */
function meaning(nodes: readonly XmlNode[]): unknown[] {
  return nodes.flatMap((node): unknown[] => {
    if (node.kind === 'text') return node.value.trim() === '' ? [] : [node.value];
    return [
      [node.name, node.attributes.map(({ name, value }) => `${name}=${value}`), ...meaning(node.children)],
    ];
  });
}

test.each([{ indent: '  ' }, { indent: '\t', tabSize: 8, width: 40 }, { indent: '', width: 20 }])(
  'a formatted query says the same, and is formatted already: %o',
  (options) => {
    for (const { seed, text } of queries) {
      const formatted = formatXml(text, options);
      expect(formatted, `#${seed} is well-formed`).toBeDefined();
      expect(meaning(parseXml(formatted!).nodes), `#${seed}`).toEqual(meaning(parseXml(text).nodes));
      expect(formatXml(formatted!, options), `#${seed}`).toBe(formatted);
    }
  },
);

test('a formatted expression says the same in its attribute', () => {
  let changed = 0;
  for (const { seed, text } of queries) {
    for (const site of queryExpressions(queryContext(text, demoModel))) {
      const formatted = formatExpression(site);
      if (formatted === undefined) continue;
      changed++;
      const { valueStart, valueEnd } = site.attribute;
      const written = text.slice(0, valueStart) + site.expression.escape(formatted) + text.slice(valueEnd);
      const { root, problems } = parseXml(written);
      expect(problems, `#${seed}`).toEqual([]);
      const again = [...descendantElements(root!)].flatMap(
        (element) => attributeValue(element, 'expr') ?? [],
      );
      expect(again, `#${seed}`).toContain(formatted);
      expect(describeTree(parseExpression(formatted).tree)).toBe(describeTree(site.expression.parsed.tree));
    }
  }
  expect(changed).toBeGreaterThan(100);
});

const applied = (text: string, edit: WorkspaceEdit): string => {
  const document = TextDocument.create('file:///test.queryDef.xml', 'campaign-querydef', 1, text);
  return TextDocument.applyEdits(document, Object.values(edit.changes ?? {}).flat());
};

/** Where the aliases of a document stand. */
function aliasOffsets(root: XmlElement | undefined): number[] {
  const elements = root === undefined ? [] : [...descendantElements(root)];
  return elements.flatMap(({ attributes }) =>
    attributes.filter(({ name }) => name === 'alias').map(({ valueEnd }) => valueEnd),
  );
}

test('an alias that is renamed and renamed back leaves the document as it was', () => {
  let renamed = 0;
  for (const { seed, text } of queries) {
    for (const offset of aliasOffsets(parseXml(text).root)) {
      const name = /\w+$/.exec(text.slice(0, offset))![0];
      const there = renameQueryAlias(queryContext(text, demoModel), offset, 'other-name');
      if (there === undefined || 'refused' in there)
        throw new Error(`#${seed} ${name}: ${there?.refused ?? 'nothing'}`);
      const changed = applied(text, there);
      expect(changed).not.toBe(text);
      const back = renameQueryAlias(queryContext(changed, demoModel), offset, name);
      if (back === undefined || 'refused' in back) throw new Error(`#${seed} back to ${name}`);
      expect(applied(changed, back), `#${seed}`).toBe(text);
      renamed++;
    }
  }
  expect(renamed).toBeGreaterThan(200);
});
