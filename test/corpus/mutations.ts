import {
  childrenOf,
  walkExpression,
  type CallNode,
  type ExpressionNode,
  type PathNode,
} from '../../core/expression/expressionTree.ts';
import { parseExpression } from '../../core/expression/parseExpression.ts';
import { resolveEnumeration } from '../../core/schema/resolvePath.ts';
import { demoModel } from './demoModel.ts';
import { ModelPaths } from './modelPaths.ts';
import type { GeneratedQuery } from './queryGenerator.ts';
import { allElements, copyQuery, element, valueOf, writeQuery, type QueryXml } from './queryText.ts';
import type { Random } from './random.ts';

/** A change that makes a valid query wrong, or might: `undefined` where the query has nothing to change. */
export type Mutation = (random: Random, query: GeneratedQuery) => string | undefined;

/** An attribute that holds an expression. */
interface ExpressionSpot {
  owner: QueryXml;
  text: string;
  set(text: string): void;
}

/** A change of the tree: the mutated copy is written as the original was. */
function onTree(
  change: (random: Random, query: QueryXml, elements: readonly QueryXml[]) => boolean,
): Mutation {
  return (random, { xml, layout }) => {
    const copy = copyQuery(xml);
    return change(random, copy, [...allElements(copy)]) ? writeQuery(copy, layout) : undefined;
  };
}

/** A change of one expression; every expression is tried, in random order, until one has what is to be changed. */
function onExpression(
  change: (random: Random, text: string, tree: ExpressionNode, spot: ExpressionSpot) => string | undefined,
): Mutation {
  return onTree((random, _query, elements) => {
    for (const spot of random.shuffle(elements.flatMap(expressionSpots))) {
      const changed = change(random, spot.text, parseExpression(spot.text).tree, spot);
      if (changed === undefined || changed === spot.text) continue;
      spot.set(changed);
      return true;
    }
    return false;
  });
}

function expressionSpots(owner: QueryXml): ExpressionSpot[] {
  const attribute = owner.attributes.find(([name]) => name === 'expr');
  if (attribute === undefined) return [];
  return [{ owner, text: attribute[1], set: (text) => (attribute[1] = text) }];
}

/** A change of an attribute of one of the elements that have it. */
function onAttribute(
  name: string,
  change: (random: Random, value: string, owner: QueryXml) => string | undefined,
): Mutation {
  return onTree((random, _query, elements) => {
    const owner = pickOr(
      random,
      elements.filter((candidate) => valueOf(candidate, name) !== undefined),
    );
    const attribute = owner?.attributes.find(([key]) => key === name);
    const changed = attribute && change(random, attribute[1], owner!);
    if (attribute === undefined || changed === undefined) return false;
    attribute[1] = changed;
    return true;
  });
}

/** A change of the text itself. */
function onText(pattern: RegExp, replace: (match: RegExpExecArray) => string): Mutation {
  return (random, { text }) => {
    const match = pickOr(random, [...text.matchAll(pattern)]);
    return match && text.slice(0, match.index) + replace(match) + text.slice(match.index + match[0].length);
  };
}

const pickOr = <T>(random: Random, items: readonly T[]): T | undefined =>
  items.length === 0 ? undefined : random.pick(items);

const splice = (text: string, span: { start: number; end: number }, insert: string): string =>
  text.slice(0, span.start) + insert + text.slice(span.end);

function nodesOf<K extends ExpressionNode['kind']>(
  tree: ExpressionNode,
  kind: K,
): Extract<ExpressionNode, { kind: K }>[] {
  const found: Extract<ExpressionNode, { kind: K }>[] = [];
  walkExpression(tree, (node) => {
    if (node.kind === kind) found.push(node as Extract<ExpressionNode, { kind: K }>);
  });
  return found;
}

/** Paths whose steps are names of the model; those of macros are not. */
function modelPaths(tree: ExpressionNode): PathNode[] {
  if (tree.kind === 'path')
    return tree.steps.some(({ kind }) => kind === 'attribute' || kind === 'element') ? [tree] : [];
  return tree.kind === 'macro' ? [] : childrenOf(tree).flatMap(modelPaths);
}

const calls = (tree: ExpressionNode): CallNode[] => nodesOf(tree, 'call');

/** One letter more, less or other. */
function misspell(random: Random, name: string): string {
  const at = random.int(0, Math.max(0, name.length - 1));
  const letter = random.pick(['q', 'x', 'z', 'k']);
  switch (random.weighted({ more: 1, less: name.length > 1 ? 1 : 0, other: 1 })) {
    case 'more':
      return name.slice(0, at) + letter + name.slice(at);
    case 'less':
      return name.slice(0, at) + name.slice(at + 1);
    case 'other':
      return name.slice(0, at) + letter + name.slice(at + 1);
  }
}

const flipCase = (text: string): string => {
  const flipped = text.toUpperCase();
  return flipped === text ? text.toLowerCase() : flipped;
};

const literals = ["'text'", '12', '#2024-01-01#', 'true'];

/** Every way a query is broken here, by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  // Names
  fieldMisspelt: onExpression((random, text, tree) => {
    const path = pickOr(random, modelPaths(tree));
    const step =
      path && random.pick(path.steps.filter(({ kind }) => kind === 'attribute' || kind === 'element'));
    return (
      step && splice(text, { start: step.end - step.name.length, end: step.end }, misspell(random, step.name))
    );
  }),
  fieldCase: onExpression((random, text, tree) => {
    const path = pickOr(random, modelPaths(tree));
    const step =
      path && random.pick(path.steps.filter(({ kind }) => kind === 'attribute' || kind === 'element'));
    return step && splice(text, { start: step.end - step.name.length, end: step.end }, flipCase(step.name));
  }),
  atDropped: onExpression((random, text, tree) => {
    const path = pickOr(
      random,
      modelPaths(tree).filter(({ steps }) => steps.at(-1)!.kind === 'attribute'),
    );
    const step = path?.steps.at(-1);
    return step && splice(text, step, step.name);
  }),
  atAdded: onExpression((random, text, tree) => {
    const path = pickOr(
      random,
      modelPaths(tree).filter(({ steps }) => steps.at(-1)!.kind === 'element'),
    );
    const step = path?.steps.at(-1);
    return step && splice(text, step, `@${step.name}`);
  }),
  stepDropped: onExpression((random, text, tree) => {
    const path = pickOr(
      random,
      modelPaths(tree).filter(({ steps }) => steps.length > 1),
    );
    return path && splice(text, { start: path.steps[0]!.start, end: path.steps[1]!.start }, '');
  }),
  stepThroughField: onExpression((random, text, tree) => {
    const path = pickOr(
      random,
      modelPaths(tree).filter(({ steps, bracketed }) => bracketed && steps.at(-1)!.kind === 'attribute'),
    );
    return path && splice(text, { start: path.steps.at(-1)!.end, end: path.steps.at(-1)!.end }, '/@id');
  }),
  tooManyParents: onExpression((random, text, tree) => {
    const path = pickOr(
      random,
      modelPaths(tree).filter(({ bracketed, join }) => bracketed && join === undefined),
    );
    return path && splice(text, { start: path.steps[0]!.start, end: path.steps[0]!.start }, '../../../');
  }),
  functionMisspelt: onExpression((random, text, tree) => {
    const call = pickOr(random, calls(tree));
    return call && splice(text, call.nameSpan, misspell(random, call.name));
  }),
  schemaMisspelt: onAttribute(
    'schema',
    (random, value) => `${value.slice(0, 4)}${misspell(random, value.slice(4))}`,
  ),
  schemaCase: onAttribute('schema', (_random, value) => flipCase(value)),
  schemaDropped: onTree((random, _query, elements) => dropAttribute(random, elements, 'schema')),
  joinedSchemaMisspelt: onExpression((random, text, tree) => {
    const path = pickOr(
      random,
      modelPaths(tree).filter(({ join }) => join !== undefined),
    );
    return path && splice(text, path.join!.schema, misspell(random, path.join!.schema.text));
  }),
  // Brackets, quotes, operators
  bracketDropped: onExpression((random, text, tree) => {
    const path = pickOr(
      random,
      nodesOf(tree, 'path').filter(({ bracketed }) => bracketed),
    );
    const at = path && random.pick([path.start, path.end - 1]);
    return at === undefined ? undefined : splice(text, { start: at, end: at + 1 }, '');
  }),
  bracketsDropped: onExpression((random, text, tree) => {
    const path = pickOr(
      random,
      nodesOf(tree, 'path').filter(({ bracketed }) => bracketed),
    );
    return path && splice(text, path, text.slice(path.start + 1, path.end - 1));
  }),
  parenthesisDropped: onExpression((random, text) => {
    const at = pickOr(random, [...text.matchAll(/[()]/g)])?.index;
    return at === undefined ? undefined : splice(text, { start: at, end: at + 1 }, '');
  }),
  quoteDropped: onExpression((random, text, tree) => {
    const string = pickOr(random, nodesOf(tree, 'string'));
    const at = string && random.pick([string.start, string.end - 1]);
    return at === undefined ? undefined : splice(text, { start: at, end: at + 1 }, '');
  }),
  hashDropped: onExpression((random, text, tree) => {
    const date = pickOr(random, nodesOf(tree, 'date'));
    const at = date && random.pick([date.start, date.end - 1]);
    return at === undefined ? undefined : splice(text, { start: at, end: at + 1 }, '');
  }),
  dateImpossible: onExpression((random, text, tree) => {
    const date = pickOr(random, nodesOf(tree, 'date'));
    return (
      date && splice(text, date, `#${random.pick(['2024-13-01', '2023-02-30', '01/02/2024', 'today', ''])}#`)
    );
  }),
  operatorDropped: onExpression((random, text, tree) => {
    const node = pickOr(random, nodesOf(tree, 'binary'));
    return node && splice(text, node.operatorSpan, ' ');
  }),
  operatorDoubled: onExpression((random, text, tree) => {
    const node = pickOr(random, nodesOf(tree, 'binary'));
    return (
      node &&
      splice(
        text,
        { start: node.operatorSpan.end, end: node.operatorSpan.end },
        ` ${text.slice(node.operatorSpan.start, node.operatorSpan.end)}`,
      )
    );
  }),
  operandDropped: onExpression((random, text, tree) => {
    const node = pickOr(random, nodesOf(tree, 'binary'));
    return node && splice(text, random.pick([node.left, node.right]), '');
  }),
  foreignOperator: onExpression((random, text, tree) => {
    const node = pickOr(
      random,
      nodesOf(tree, 'binary').filter(({ operator }) => operator === '=' || operator === '!='),
    );
    return node && splice(text, node.operatorSpan, random.pick(['===', '!==', '~', '=>', '&&', '=<']));
  }),
  // Functions
  argumentDropped: onExpression((random, text, tree) => {
    const call = pickOr(
      random,
      calls(tree).filter(({ args }) => args.length > 0),
    );
    if (call === undefined) return undefined;
    const last = call.args.length - 1;
    const start = last === 0 ? call.args[0]!.start : call.commas[last - 1]!;
    return splice(text, { start, end: call.args[last]!.end }, '');
  }),
  argumentAdded: onExpression((random, text, tree) => {
    const call = pickOr(random, calls(tree));
    if (call === undefined) return undefined;
    const end = call.args.at(-1)?.end ?? call.open + 1;
    return splice(
      text,
      { start: end, end },
      call.args.length === 0 ? random.pick(literals) : `, ${random.pick(literals)}`,
    );
  }),
  argumentOfOtherType: onExpression((random, text, tree) => {
    const argument = pickOr(
      random,
      calls(tree).flatMap(({ args }) => args),
    );
    return argument && splice(text, argument, random.pick(literals));
  }),
  countStar: onExpression((random, text, tree) => {
    const call = pickOr(
      random,
      calls(tree).filter(({ name }) => /^count(all)?$/i.test(name)),
    );
    return call && splice(text, call, 'count(*)');
  }),
  markerAlone: onExpression((random, text, tree) => {
    const literal = pickOr(random, [...nodesOf(tree, 'string'), ...nodesOf(tree, 'number')]);
    return (
      literal &&
      splice(text, literal, random.pick(["When(@id = 1, 'a')", 'Else(1)', 'Desc(@id)', 'OrderBy(@id)']))
    );
  }),
  aggregateInWhere: onExpression((_random, text, _tree, { owner }) =>
    owner.name === 'condition' && valueOf(owner, 'setOperator') === undefined
      ? `${text} AND Count(@id) > 1`
      : undefined,
  ),
  // Values
  enumerationValueUnknown: (random, query) => compareEnumeration(random, query, '99'),
  otherLiteralType: onExpression((random, text, tree) => {
    const literal = pickOr(random, [
      ...nodesOf(tree, 'string'),
      ...nodesOf(tree, 'number'),
      ...nodesOf(tree, 'date'),
    ]);
    return literal && splice(text, literal, random.pick(literals));
  }),
  operationUnknown: onAttribute('operation', (random) =>
    random.pick(['selct', 'SELECT', 'getAll', 'update', 'delete']),
  ),
  boolOperatorUnknown: onAttribute('boolOperator', (random) => random.pick(['XOR', 'NOT', 'and', '||', 'O'])),
  setOperatorUnknown: onAttribute('setOperator', (random) =>
    random.pick(['EXIST', 'exists', 'ANY', 'AND', 'NOTIN']),
  ),
  lineCountNoNumber: onAttribute('lineCount', (random) => random.pick(['many', '-1', '1.5', '10 ', ''])),
  booleanNoBoolean: onTree((random, _query, elements) => {
    const flags = elements.flatMap(({ attributes }) =>
      attributes.filter(([name]) => /^(groupBy|sortDesc|distinct|ignore|analyze|noSqlBind)$/.test(name)),
    );
    const flag = pickOr(random, flags);
    if (flag === undefined) return false;
    flag[1] = random.pick(['yes', 'TRUE', '2', '']);
    return true;
  }),
  aliasUnreadable: onAttribute('alias', (random) =>
    random.pick(['@a b', '@', 'a//@b', '@1x', 'a/', '@a/@b', "@a'"]),
  ),
  exprEmptied: onAttribute('expr', (random) => random.pick(['', ' '])),
  // Structure
  elementLowerCase: onTree((random, _query, elements) => {
    const found = pickOr(
      random,
      elements.filter(({ name }) => name !== name.toLowerCase()),
    );
    if (found === undefined) return false;
    found.name = found.name.toLowerCase();
    return true;
  }),
  elementMisspelt: onTree((random, _query, elements) => {
    const found = random.pick(elements);
    found.name = misspell(random, found.name);
    return true;
  }),
  elementMisplaced: onTree((random, query, elements) => {
    const found = pickOr(
      random,
      elements.filter((candidate) => candidate !== query),
    );
    const place = random.pick(elements);
    if (found === undefined || [...allElements(found)].includes(place)) return false;
    parentOf(query, found)!.children.splice(parentOf(query, found)!.children.indexOf(found), 1);
    place.children.splice(random.int(0, place.children.length), 0, found);
    return true;
  }),
  elementDropped: onTree((random, query, elements) => {
    const found = pickOr(
      random,
      elements.filter((candidate) => candidate !== query),
    );
    const parent = found && parentOf(query, found);
    if (found === undefined || parent === undefined) return false;
    parent.children.splice(parent.children.indexOf(found), 1);
    return true;
  }),
  attributeMisspelt: onTree((random, _query, elements) => {
    const attribute = pickOr(
      random,
      elements.flatMap(({ attributes }) => attributes),
    );
    if (attribute === undefined) return false;
    attribute[0] = `${attribute[0].charAt(0)}${misspell(random, attribute[0].slice(1))}`;
    return true;
  }),
  attributeCase: onTree((random, _query, elements) => {
    const attribute = pickOr(
      random,
      elements.flatMap(({ attributes }) => attributes),
    );
    if (attribute === undefined) return false;
    attribute[0] =
      attribute[0].toLowerCase() === attribute[0] ? attribute[0].toUpperCase() : attribute[0].toLowerCase();
    return true;
  }),
  attributeDropped: onTree((random, _query, elements) => {
    const owner = pickOr(
      random,
      elements.filter(({ attributes }) => attributes.length > 0),
    );
    if (owner === undefined) return false;
    owner.attributes.splice(random.int(0, owner.attributes.length - 1), 1);
    return true;
  }),
  setOperatorDropped: onTree((random, _query, elements) => dropAttribute(random, elements, 'setOperator')),
  secondSubQueryNode: onTree((random, _query, elements) => {
    const select = pickOr(
      random,
      elements.filter(({ name }) => name === 'subQuery'),
    )?.children.find(({ name }) => name === 'select');
    select?.children.push(element('node', { expr: '1' }));
    return select !== undefined;
  }),
  groupByDropped: onTree((random, _query, elements) => dropAttribute(random, elements, 'groupBy')),
  xmlFieldFiltered: onTree((random, query) => {
    const root = demoModel.getSchema(valueOf(query, 'schema') ?? '')?.root;
    const field = root && new ModelPaths(demoModel).xmlField(random, root);
    if (field === undefined) return false;
    query.children.push(
      random.pick([
        element('where', {}, [element('condition', { expr: `[${field.path}] = 'a'` })]),
        element('orderBy', {}, [element('node', { expr: `[${field.path}]` })]),
      ]),
    );
    return !['where', 'orderBy'].some(
      (name) => query.children.filter((child) => child.name === name).length > 1,
    );
  }),
  // Text
  markupDropped: onText(/[<>"'/=]/g, () => ''),
  entityBroken: onText(/&\w+;/g, ([entity]) => entity.slice(0, -1)),
  ampersandBare: onText(/expr=(["'])/g, ([start]) => `${start}& `),
  lessThanBare: onText(/expr=(["'])/g, ([start]) => `${start}1 < `),
  tagUnclosed: onText(/\/>/g, () => '>'),
  endTagDropped: onText(/<\/\w+>/g, () => ''),
  attributeDoubled: onText(/ expr=("[^"]*"|'[^']*')/g, ([attribute]) => attribute + attribute),
};

function dropAttribute(random: Random, elements: readonly QueryXml[], name: string): boolean {
  const owner = pickOr(
    random,
    elements.filter((candidate) => valueOf(candidate, name) !== undefined),
  );
  if (owner === undefined) return false;
  owner.attributes = owner.attributes.filter(([key]) => key !== name);
  return true;
}

function parentOf(root: QueryXml, child: QueryXml): QueryXml | undefined {
  return [...allElements(root)].find(({ children }) => children.includes(child));
}

/** Adds a condition on an enumeration field of the start schema. */
function compareEnumeration(random: Random, query: GeneratedQuery, value: string): string | undefined {
  const copy = copyQuery(query.xml);
  const root = demoModel.getSchema(valueOf(copy, 'schema') ?? '')?.root;
  const fields = [...(root?.attributes.values() ?? [])].filter(
    ({ enumeration, schemaId }) =>
      enumeration !== undefined && resolveEnumeration(demoModel, schemaId, enumeration).kind === 'found',
  );
  const where = copy.children.find(({ name }) => name === 'where');
  if (fields.length === 0 || where === undefined) return undefined;
  where.children.push(
    element('condition', { expr: `@${random.pick(fields).name} = ${random.pick([value, `'${value}'`])}` }),
  );
  return writeQuery(copy, query.layout);
}
