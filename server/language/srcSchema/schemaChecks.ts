import { isTrue } from '../../../core/schema/parseSchema.ts';
import {
  enterElement,
  resolveEnumeration,
  resolvePath,
  type PathResult,
} from '../../../core/schema/resolvePath.ts';
import { isTemporarySchema, type Schema, type SchemaElement } from '../../../core/schema/schema.ts';
import { closedSchemas, reservedNamespaces } from '../../../core/schema/srcSchemaGrammar.ts';
import {
  attributeOf,
  attributeValue,
  childElements,
  descendantElements,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { closestName } from '../closestName.ts';
import { replaceFix } from '../queryDef/queryProblem.ts';
import { removeAttribute, suggestPath } from './schemaFixes.ts';
import { isPartlyKnown } from './completedSchema.ts';
import { checkReuse } from './referenceChecks.ts';
import { schemaModel } from './schemaExpression.ts';
import { checkSchemaExpressions } from './schemaExpressionChecks.ts';
import { lintSchema } from './schemaLint.ts';
import { describedElement, resolveFromMain, type SchemaContext } from './schemaContext.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { checkStructure, tagRange, valueRange } from './structureChecks.ts';

/**
 * Everything wrong or doubtful in a schema source, in document order. What the model does not cover is not judged:
 * an unknown target is an error only when the list of schemas is complete.
 */
export function checkSchemaSource(context: SchemaContext): SchemaSourceProblem[] {
  const problems: SchemaSourceProblem[] = context.xml.problems.map((problem) =>
    schemaProblem('schema/not-well-formed', problem, problem.message),
  );
  const { root } = context.xml;
  if (root?.localName === 'srcSchema') {
    checkStructure(root, problems);
    checkRoot(context, root, problems);
    for (const element of descendantElements(root)) checkReferences(context, element, problems);
    // In a text that is not well-formed a value may be anything up to the next quote.
    if (context.xml.problems.length === 0) problems.push(...checkSchemaExpressions(context));
    lintSchema(context, root, problems);
  }
  return problems.sort((a, b) => a.start - b.start || a.end - b.end);
}

function checkRoot(context: SchemaContext, root: XmlElement, problems: SchemaSourceProblem[]): void {
  const { own, text } = context;
  // Files of a community tool keep name and namespace in a leading comment and fill them in on upload.
  const hasHeaderComment = /^<!--!/.test(text.trimStart());
  if (!hasHeaderComment) {
    for (const name of ['namespace', 'name']) {
      if ((attributeValue(root, name) ?? '') !== '') continue;
      problems.push(schemaProblem('schema/missing-name', tagRange(root), `A schema needs a ${name}.`));
    }
  }
  if (own === undefined || own.name === '') return;
  if (reservedNamespaces.has(own.namespace.toLowerCase())) checkNamespace(context, root, own, problems);
  const extended = own.extendedSchema;
  if (extended !== undefined) checkExtension(context, root, extended, problems);
  const isBare =
    own.library ||
    own.methods.size > 0 ||
    own.root !== undefined ||
    childElements(root, 'element').length === 0;
  if (extended === undefined && !isBare) {
    const message = `The main element is the child element called "${own.name}"; there is none, so there is no table.`;
    problems.push(schemaProblem('schema/no-main-element', tagRange(root), message));
  }
}

/** A schema of the product is edited, or a schema is made that looks like one; without a list nobody can tell. */
function checkNamespace(
  { model }: SchemaContext,
  root: XmlElement,
  { id, namespace }: Schema,
  problems: SchemaSourceProblem[],
): void {
  const schemas = model.listSchemas();
  const isNew = schemas?.some((schema) => schema.id === id) === false;
  const range = valueRange(root, 'namespace');
  if (isNew) {
    const message = `The namespace ${namespace} is reserved for Adobe: an upgrade would overwrite the schema. Use your own, such as cus.`;
    problems.push(schemaProblem('schema/reserved-namespace', range, message));
  } else {
    const message = `${id} belongs to the product: the next upgrade overwrites what is changed in it. Write a schema that extends it.`;
    problems.push(schemaProblem('lint/builtin-edited', range, message));
  }
}

function checkExtension(
  context: SchemaContext,
  root: XmlElement,
  extended: string,
  problems: SchemaSourceProblem[],
): void {
  const range = valueRange(root, 'extendedSchema');
  if (closedSchemas.has(extended)) {
    const message = `${extended} cannot be extended; put the fields into a schema of your own.`;
    problems.push(schemaProblem('schema/extension-forbidden', range, message));
  } else if (extended.startsWith('xxl:')) {
    const message = 'Schemas of the namespace xxl are internal to v8 and should not be extended.';
    problems.push(schemaProblem('lint/extends-xxl', range, message));
  } else if (isMissing(context, extended)) problems.push(unknownSchema(context, extended, range));
}

function isMissing(context: SchemaContext, schemaId: string): boolean {
  if (isTemporarySchema(schemaId) || schemaId.includes(',') || schemaId === context.own?.id) return false;
  const schemas = context.model.listSchemas();
  return schemas !== undefined && !schemas.some((schema) => schema.id === schemaId);
}

function unknownSchema(
  context: SchemaContext,
  schemaId: string,
  range: { start: number; end: number },
): SchemaSourceProblem {
  const meant = closestName(
    schemaId,
    (context.model.listSchemas() ?? []).map((schema) => schema.id),
  );
  const message = `There is no schema ${schemaId}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
  const fix = meant === undefined ? undefined : replaceFix(`Change to ${meant}`, range, meant);
  return schemaProblem('schema/link-target-unknown', range, message, fix);
}

function checkReferences(context: SchemaContext, element: XmlElement, problems: SchemaSourceProblem[]): void {
  checkReuse(context, element, problems);
  switch (element.localName) {
    case 'element':
      checkLink(context, element, problems);
      checkDuplicates(element, problems);
      checkKeys(element, problems);
      checkEnumeration(context, element, problems);
      break;
    case 'attribute':
      checkEnumeration(context, element, problems);
      break;
    case 'join':
      checkJoin(context, element, problems);
      break;
    case 'keyfield':
      checkKeyField(context, element, problems);
      break;
    case 'enumeration':
      checkEnumerationDefault(element, problems);
      break;
  }
}

function checkLink(context: SchemaContext, element: XmlElement, problems: SchemaSourceProblem[]): void {
  if (attributeValue(element, 'type') !== 'link') return;
  const target = attributeValue(element, 'target');
  if (target === undefined) {
    // A node of an extension may change a link that the base declares.
    if (context.own?.extendedSchema !== undefined) return;
    problems.push(
      schemaProblem(
        'schema/link-without-target',
        tagRange(element),
        'A link needs a target: the schema it leads to.',
      ),
    );
    return;
  }
  const schemaId = target.split('/')[0]!;
  if (isMissing(context, schemaId))
    problems.push(unknownSchema(context, schemaId, valueRange(element, 'target')));
}

function checkDuplicates(element: XmlElement, problems: SchemaSourceProblem[]): void {
  for (const kind of ['attribute', 'element'] as const) {
    const seen = new Set<string>();
    for (const child of childElements(element, kind)) {
      const name = attributeValue(child, 'name');
      if (name === undefined || name === '') continue;
      if (seen.has(name)) {
        const message = `There is another ${kind} "${name}" here; only one of them counts.`;
        problems.push(schemaProblem('schema/duplicate-field', valueRange(child, 'name'), message));
      }
      seen.add(name);
    }
  }
}

function checkKeys(element: XmlElement, problems: SchemaSourceProblem[]): void {
  const internal = childElements(element, 'key').filter((key) => isTrue(attributeValue(key, 'internal')));
  for (const key of internal.slice(1)) {
    const message = 'A schema has one internal key, its primary key; another one already is.';
    const fix = removeAttribute(key, 'internal');
    problems.push(schemaProblem('schema/two-internal-keys', tagRange(key), message, fix));
  }
  const [first] = internal;
  const isAlone = first !== undefined && internal.length === 1 && !isKeyOfId(first);
  if (!isAlone || !isTrue(attributeValue(element, 'autopk'))) return;
  const message =
    'With autopk the server makes the internal key, of @id: leave internal out here, or autopk at the table.';
  const fix = removeAttribute(first, 'internal');
  const problem = schemaProblem('schema/two-internal-keys', tagRange(first), message, fix);
  // What the server does with both is not documented.
  problems.push({ ...problem, severity: 'warning' });
}

function isKeyOfId(key: XmlElement): boolean {
  const fields = childElements(key, 'keyfield');
  return fields.length === 1 && attributeValue(fields[0]!, 'xpath') === '@id';
}

function checkEnumeration(
  context: SchemaContext,
  element: XmlElement,
  problems: SchemaSourceProblem[],
): void {
  const reference = attributeValue(element, 'enum');
  if (reference === undefined || reference === '' || context.own === undefined) return;
  const { own } = context;
  const result = resolveEnumeration(context.source, own.id, reference);
  if (result.kind !== 'unknown') return;
  // An extension may name a list of the schema it extends.
  if (own.extendedSchema !== undefined && !reference.includes(':')) {
    const base = context.model.getSchema(own.extendedSchema);
    if (base === undefined || base?.enumerations.has(reference) === true) return;
  }
  const meant = closestName(reference, own.enumerations.keys());
  const message = `There is no enumeration "${reference}".${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
  const range = valueRange(element, 'enum');
  const fix = meant === undefined ? undefined : replaceFix(`Change to ${meant}`, range, meant);
  problems.push(schemaProblem('schema/enum-unknown', range, message, fix));
}

function checkEnumerationDefault(element: XmlElement, problems: SchemaSourceProblem[]): void {
  const name = attributeValue(element, 'default');
  if (name === undefined || name === '' || attributeOf(element, 'template') !== undefined) return;
  const values = childElements(element, 'value');
  const names = values.map((value) => attributeValue(value, 'name') ?? '');
  if (names.includes(name)) return;
  const message = `The default "${name}" is not the name of one of the values: ${names.join(', ')}.`;
  const range = valueRange(element, 'default');
  // What is stored for a value is easily taken for its name.
  const stored = values.find((value) => attributeValue(value, 'value') === name);
  const meant = stored === undefined ? closestName(name, names) : attributeValue(stored, 'name');
  const fix = meant === undefined ? undefined : replaceFix(`Change to ${meant}`, range, meant);
  problems.push(schemaProblem('schema/enum-unknown', range, message, fix));
}

function checkJoin(context: SchemaContext, join: XmlElement, problems: SchemaSourceProblem[]): void {
  const link = join.parent === undefined ? undefined : describedElement(context, join.parent);
  if (link?.type !== 'link') return;
  const source = attributeValue(join, 'xpath-src');
  const found = source === undefined ? undefined : resolveFromMain(context, source);
  const isThere = source === undefined || isGenerated(context, source) || isBeside(context, link, source);
  if (found?.kind === 'missing' && !isThere) {
    const range = valueRange(join, 'xpath-src');
    const { hint, fix } = suggestPath(source, range, found);
    const message = `There is no field ${source} in this schema.${hint}`;
    problems.push(schemaProblem('schema/join-path-unknown', range, message, fix));
  }
  const destination = attributeValue(join, 'xpath-dst');
  // A link may lead back to this schema, whose fields are those it will have.
  const model = schemaModel(context);
  const target = enterElement(model, link);
  if (destination === undefined || target.kind !== 'found') return;
  const result = resolvePath(model, target.element, destination.split('/'));
  if (result.kind !== 'missing' || isPartlyKnown(result.from)) return;
  // The key of a table with autopk is added by the server, so a source of the model does not show it.
  if (destination === '@id' && target.element.autoPk) return;
  const range = valueRange(join, 'xpath-dst');
  const { hint, fix } = suggestPath(destination, range, result);
  const message = `There is no field ${destination} in ${link.target ?? 'the target'}.${hint}`;
  problems.push(schemaProblem('schema/join-path-unknown', range, message, fix));
}

/** Paths of a link inside a container may start at the container, too. */
function isBeside(context: SchemaContext, link: SchemaElement, path: string): boolean {
  const { parent } = link;
  if (parent === undefined) return false;
  const result = resolvePath(context.source, parent, path.split('/'));
  return result.kind !== 'missing' || isPartlyKnown(result.from);
}

function checkKeyField(context: SchemaContext, field: XmlElement, problems: SchemaSourceProblem[]): void {
  const xpath = attributeValue(field, 'xpath');
  const link = attributeValue(field, 'xlink');
  if ((xpath === undefined) === (link === undefined)) {
    const message = 'A key field has either xpath (a field) or xlink (a link).';
    problems.push(schemaProblem('schema/keyfield-empty', tagRange(field), message));
    return;
  }
  const range = valueRange(field, xpath === undefined ? 'xlink' : 'xpath');
  const path = (xpath ?? link)!;
  if (/^\[.*\]$/.test(path)) {
    const bare = path.slice(1, -1);
    const message = 'Paths of keys are written without brackets.';
    problems.push(
      schemaProblem(
        'schema/keyfield-path-unknown',
        range,
        message,
        replaceFix('Remove the brackets', range, bare),
      ),
    );
    return;
  }
  const owner = field.parent?.parent;
  const isTable = owner === undefined || describesTable(context, owner);
  const found = isTable ? resolveFromMain(context, path) : resolveFrom(context, owner, path);
  if (found.kind === 'missing') {
    if (isTable && isGenerated(context, path)) return;
    const what = xpath === undefined ? 'link' : 'field';
    const { hint, fix } = suggestPath(path, range, found);
    const message = `There is no ${what} ${path} in this schema.${hint}`;
    problems.push(schemaProblem('schema/keyfield-path-unknown', range, message, fix));
  } else if (found.kind === 'found' && found.node.xml && isTable) {
    const message = `${path} is stored in XML; only fields with a column of their own can be indexed.`;
    problems.push(schemaProblem('schema/xml-field-indexed', range, message));
  }
}

/** Keys of other elements tell the items of a collection apart: their paths start there, and no index is made. */
function describesTable({ own }: SchemaContext, element: XmlElement): boolean {
  if (element.parent?.parent !== undefined) return false;
  return own?.extendedSchema !== undefined || attributeValue(element, 'name') === own?.name;
}

function resolveFrom(context: SchemaContext, element: XmlElement, path: string): PathResult {
  const start = describedElement(context, element);
  return start === undefined ? { kind: 'unknown' } : resolvePath(context.source, start, path.split('/'));
}

/** `@id` of autopk and the foreign keys of links are added by compilation. */
function isGenerated(context: SchemaContext, path: string): boolean {
  const root = context.own?.root;
  if (root === undefined) return false;
  if (path === '@id') return root.autoPk;
  const link = /^@(.+)-[^-]+$/.exec(path)?.[1];
  return link !== undefined && root.elements.get(link)?.type === 'link';
}
