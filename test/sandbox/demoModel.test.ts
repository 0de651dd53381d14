import { expect, test } from 'vitest';
import { pathsOf } from '../../core/expression/expressionTree.ts';
import { parseExpression } from '../../core/expression/parseExpression.ts';
import { stepTexts } from '../../core/expression/printExpression.ts';
import { compileSchemas } from '../../core/schema/compileSchemas.ts';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import { enterElement, resolveEnumeration, resolvePath } from '../../core/schema/resolvePath.ts';
import {
  isLink,
  xpathOf,
  type Schema,
  type SchemaElement,
  type SchemaKeyField,
  type SchemaNode,
  type SchemaSource,
} from '../../core/schema/schema.ts';
import { toXmlNode, type XmlNode } from '../../core/schema/xmlNode.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import { readModelFiles } from '../../sandbox/campaign/data/modelFiles.ts';

const files = readModelFiles();
const schemas = new Map<string, Schema>();
for (const [id, xml] of files.schemas) {
  const { schema } = parseSchema(xml);
  if (schema !== undefined) schemas.set(id, schema);
}
const model: SchemaSource = { getSchema: (id) => schemas.get(id) ?? null };

function* nodesBelow(element: SchemaElement): Generator<SchemaNode> {
  yield* element.attributes.values();
  for (const child of element.elements.values()) {
    yield child;
    yield* nodesBelow(child);
  }
}

function* everyNode(): Generator<{ schema: Schema; node: SchemaNode; where: string }> {
  for (const schema of schemas.values()) {
    for (const definition of schema.definitions.values()) {
      for (const node of nodesBelow(definition))
        yield { schema, node, where: `${schema.id} ${xpathOf(node)}` };
    }
  }
}

function* everyLink(): Generator<{
  schema: Schema;
  root: SchemaElement;
  link: SchemaElement;
  where: string;
}> {
  for (const schema of schemas.values()) {
    if (schema.root === undefined) continue;
    for (const link of schema.root.elements.values()) {
      if (isLink(link)) yield { schema, root: schema.root, link, where: `${schema.id} ${link.name}` };
    }
  }
}

function attributeAt(root: SchemaElement, xpath: string): SchemaNode | undefined {
  const result = resolvePath(model, root, xpath.split('/'));
  return result.kind === 'found' && result.node.kind === 'attribute' ? result.node : undefined;
}

const rootOf = (id: string): SchemaElement | undefined => schemas.get(id)?.root;
const tables = (): SchemaElement[] =>
  [...schemas.values()].flatMap(({ root }) => (root?.sqlTable === undefined ? [] : [root]));

/** Collects what is wrong, so that a failure names every offender and not only the first. */
function expectNone(offenders: Iterable<string>): void {
  expect([...offenders]).toEqual([]);
}

test('the model is large enough to show what a real one asks of the tools', () => {
  const linkCount = [...everyLink()].length;
  expect(schemas.size).toBeGreaterThanOrEqual(50);
  expect(linkCount).toBeGreaterThanOrEqual(150);
  expect(rootOf('nms:recipient')!.attributes.size).toBeGreaterThanOrEqual(45);
});

test('every file holds the schema its path names, without problems', () => {
  const named = [...files.schemas, ...files.sources].map(([id, xml]) => {
    const { schema, problems } = parseSchema(xml);
    return { id, parsed: schema?.id, problems };
  });
  for (const { id, parsed, problems } of named)
    expect({ id: parsed, problems }).toEqual({ id, problems: [] });
});

test('compiled schemas and sources are told apart by their root', () => {
  for (const xml of files.schemas.values()) expect(parseSchema(xml).schema?.origin).toBe('schema');
  for (const xml of files.sources.values()) expect(parseSchema(xml).schema?.origin).toBe('srcSchema');
});

test('every source has its compiled schema, an extension inside the schema it extends', () => {
  for (const [id, xml] of files.sources) {
    const { extendedSchema } = parseSchema(xml).schema!;
    const compiled = schemas.get(extendedSchema ?? id);
    expect(compiled?.id).toBe(extendedSchema ?? id);
    if (extendedSchema !== undefined) expect(compiled?.dependingSchemas).toContain(id);
  }
});

test('what an extension added is marked with its origin', () => {
  const root = rootOf('nms:recipient')!;
  const added = [...root.attributes.values()]
    .filter((node) => node.belongsTo === 'cus:recipient')
    .map((node) => node.name);
  expect(added).toEqual([
    'customerId',
    'loyaltyNumber',
    'loyaltyPoints',
    'loyaltyTier',
    'optInDate',
    'lastPurchaseDate',
    'favoriteStore-id',
  ]);
  expect(root.elements.get('favoriteStore')?.belongsTo).toBe('cus:recipient');
});

test('every link leads to a schema of the model', () => {
  expectNone(
    [...everyNode()]
      .filter(({ node }) => isLink(node) && rootOf(node.target ?? '') === undefined)
      .map(({ where }) => where),
  );
});

test('every join compares an attribute with one of the same type', () => {
  const offenders: string[] = [];
  for (const { root, link, where } of everyLink()) {
    if (link.joins.length === 0) offenders.push(`${where}: no join`);
    for (const join of link.joins) {
      const source = attributeAt(root, join.source);
      const destination = attributeAt(rootOf(link.target!)!, join.destination);
      if (source === undefined || source.type !== destination?.type)
        offenders.push(`${where}: ${join.source}`);
      if (source?.xml === true || destination?.xml === true) offenders.push(`${where}: in XML`);
    }
  }
  expectNone(offenders);
});

test('every link has its reverse in the target, and that one leads back', () => {
  const offenders: string[] = [];
  for (const { schema, link, where } of everyLink()) {
    if (link.revLink === '_NONE_') continue;
    const reverse = rootOf(link.target!)!.elements.get(link.revLink ?? '');
    const swapped = reverse?.joins.map((join) => ({ source: join.destination, destination: join.source }));
    const joins = link.joins.map(({ source, destination }) => ({ source, destination }));
    const leadsBack = reverse?.target === schema.id && reverse.revLink === link.name;
    if (!leadsBack || JSON.stringify(swapped) !== JSON.stringify(joins)) offenders.push(where);
    else if (link.unbound && reverse.unbound) offenders.push(`${where}: unbound on both sides`);
  }
  expectNone(offenders);
});

test('every table has one primary key, and keys and indexes are made of stored fields', () => {
  const offenders: string[] = [];
  for (const root of tables()) {
    const { keys, indexes, schemaId } = root;
    if (keys.filter((key) => key.primary).length !== 1) offenders.push(`${schemaId}: primary key`);
    const isStored = ({ xpath }: SchemaKeyField): boolean => {
      const field = xpath === undefined ? undefined : attributeAt(root, xpath);
      return field?.sqlName !== undefined;
    };
    for (const { name, fields } of [...keys, ...indexes]) {
      if (fields.length === 0 || !fields.every(isStored)) offenders.push(`${schemaId} ${name}`);
    }
  }
  expectNone(offenders);
});

test('every enumeration a field names exists and has values of its base type', () => {
  const offenders: string[] = [];
  for (const { schema, node, where } of everyNode()) {
    if (node.enumeration === undefined) continue;
    const result = resolveEnumeration(model, schema.id, node.enumeration);
    if (result.kind !== 'found') offenders.push(`${where}: ${node.enumeration}`);
    else if (result.enumeration.baseType !== node.type) offenders.push(`${where}: type`);
  }
  for (const { id, enumerations } of schemas.values()) {
    for (const { name, baseType, values, defaultName } of enumerations.values()) {
      if (new Set(values.map(({ value }) => value)).size !== values.length)
        offenders.push(`${id} ${name}: value`);
      if (baseType !== 'string' && values.some(({ value }) => !/^-?\d+$/.test(value)))
        offenders.push(`${id} ${name}: not a number`);
      if (defaultName !== undefined && !values.some((value) => value.name === defaultName))
        offenders.push(`${id} ${name}: default`);
    }
  }
  expectNone(offenders);
});

test('every definition a ref points to exists', () => {
  expectNone(
    [...everyNode()]
      .filter(({ node }) => node.kind === 'element' && node.ref !== undefined)
      .filter(({ node }) => enterElement(model, node as SchemaElement).kind !== 'found')
      .map(({ where }) => where),
  );
});

test('tables are distinct, and no two fields of a table share a column', () => {
  const names = tables().map((root) => root.sqlTable!);
  expect(new Set(names).size).toBe(names.length);
  const offenders: string[] = [];
  for (const root of tables()) {
    const columns = [...nodesBelow(root)].flatMap(({ sqlName }) => sqlName?.toLowerCase() ?? []);
    const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
    offenders.push(...twice.map((column) => `${root.schemaId} ${column}`));
  }
  expectNone(offenders);
});

test('a field of a table is a column, a computed field or part of the XML memo, never two of them', () => {
  const offenders: string[] = [];
  const isInXml = (node: SchemaNode): boolean =>
    node.xml || (node.parent !== undefined && isInXml(node.parent));
  for (const root of tables()) {
    for (const node of nodesBelow(root)) {
      if (node.type === undefined || isLink(node)) continue;
      const homes = [node.sqlName !== undefined, node.expr !== undefined, isInXml(node)].filter(Boolean);
      if (homes.length !== 1) offenders.push(`${root.schemaId} ${xpathOf(node)}`);
    }
    const hasXml = [...nodesBelow(root)].some((node) => node.xml);
    const hasMemo = root.elements.get('data')?.sqlName === 'mData';
    if (hasXml && !hasMemo) offenders.push(`${root.schemaId}: no memo`);
  }
  expectNone(offenders);
});

test('computed fields and compute strings are expressions whose paths resolve', () => {
  const offenders: string[] = [];
  const check = (root: SchemaElement, text: string, where: string): void => {
    const { tree, problems } = parseExpression(text);
    offenders.push(...problems.map(({ message }) => `${where}: ${message}`));
    for (const path of pathsOf(tree)) {
      if (resolvePath(model, root, stepTexts(path.steps)).kind !== 'found')
        offenders.push(`${where}: ${text}`);
    }
  };
  for (const root of tables()) {
    if (root.computeString === undefined) offenders.push(`${root.schemaId}: no compute string`);
    else check(root, root.computeString, root.schemaId);
    for (const node of nodesBelow(root)) {
      if (node.expr !== undefined) check(root, node.expr, `${root.schemaId} ${xpathOf(node)}`);
    }
  }
  expectNone(offenders);
});

test('every node has a label', () => {
  expectNone(
    [...everyNode()]
      .filter(({ node }) => !node.raw.has('label') && node.ref === undefined)
      .map(({ where }) => where),
  );
});

test('the staging twin is local, and its columns are those of the cloud table', () => {
  const cloud = rootOf('cus:purchase')!;
  const twin = rootOf('cus:purchaseStg')!;
  expect(cloud).toMatchObject({ autoStg: true, autoPk: true, autoUuid: true });
  expect(cloud.dataSource).toBe('nms:extAccount:ffda');
  expect(cloud.attributes.get('id')?.type).toBe('uuid');
  expect(twin).toMatchObject({ autoStg: false, dataSource: undefined });
  const columns = (root: SchemaElement): string[] =>
    [...nodesBelow(root)].flatMap(({ sqlName }) => sqlName ?? []);
  expect(columns(twin)).toEqual(columns(cloud));
});

test('compiling the sources again gives the compiled schemas', () => {
  const toNode = (xml: string): XmlNode => toXmlNode(parseXml(xml).root!);
  const compiledNode = (id: string): XmlNode | undefined => {
    const xml = files.schemas.get(id);
    return xml === undefined ? undefined : toNode(xml);
  };
  const { schemas: compiled, problems } = compileSchemas(
    [...files.sources.values()].map(toNode),
    compiledNode,
  );
  expect(problems).toEqual([]);
  expect([...compiled.keys()].sort()).toEqual([
    'cus:loyalty',
    'cus:loyaltyCard',
    'cus:product',
    'cus:purchase',
    'cus:purchaseStg',
    'cus:store',
    'nms:recipient',
  ]);
  for (const [id, node] of compiled) expect(contentOf(node)).toEqual(contentOf(compiledNode(id)!));
});

/** Order of attributes and children says nothing. The memo is a column the server adds and local compilation need not. */
function contentOf({ name, attributes, children }: XmlNode): unknown {
  const content = children
    .filter((child) => child.attributes.get('sqlname') !== 'mData')
    .map(contentOf)
    .map((child) => JSON.stringify(child))
    .sort();
  return { name, attributes: [...attributes].sort(), content };
}
