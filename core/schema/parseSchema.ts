import { parseXml } from '../xml/parseXml.ts';
import { attributeValue, childElements, textOf, type XmlElement } from '../xml/xmlTree.ts';
import type {
  Enumeration,
  Schema,
  SchemaAttribute,
  SchemaElement,
  SchemaIndex,
  SchemaKey,
  SchemaKeyField,
  SchemaMethod,
  SchemaParameter,
  SchemaProblem,
} from './schema.ts';

/** What {@link parseSchema} returns; `schema` is absent when the text has no schema root or no name. */
export interface ParsedSchema {
  schema: Schema | undefined;
  problems: SchemaProblem[];
}

/**
 * Reads a compiled `<schema>` or a `<srcSchema>`. Never throws; namespaces on the root are ignored, since documents
 * taken off the wire carry some.
 */
export function parseSchema(xml: string): ParsedSchema {
  const document = parseXml(xml);
  const problems: SchemaProblem[] = document.problems.map(({ message, start, end }) => ({
    code: 'schema/not-well-formed',
    message,
    start,
    end,
  }));
  const root = document.root;
  if (root === undefined || (root.localName !== 'schema' && root.localName !== 'srcSchema')) {
    const message = 'The root element of a schema is <schema> or <srcSchema>.';
    problems.push({ code: 'schema/not-a-schema', message, start: root?.start ?? 0, end: root?.openEnd ?? 0 });
    return { schema: undefined, problems };
  }
  const parsed = toSchema(root);
  if (parsed.name === '' || parsed.namespace === '') {
    const message = 'A schema has a name and a namespace.';
    problems.push({ code: 'schema/missing-name', message, start: root.start, end: root.openEnd });
    return { schema: undefined, problems };
  }
  const needsRoot = !parsed.library && parsed.methods.size === 0 && parsed.extendedSchema === undefined;
  if (parsed.root === undefined && needsRoot) {
    const message = `The main element is the child element called "${parsed.name}"; there is none.`;
    problems.push({ code: 'schema/no-main-element', message, start: root.start, end: root.openEnd });
  }
  return { schema: parsed, problems };
}

/** Turns the root element of a schema document into a {@link Schema}; names may be empty. */
export function toSchema(root: XmlElement): Schema {
  const text = (name: string): string | undefined => attributeValue(root, name);
  const name = text('name') ?? '';
  const namespace = text('namespace') ?? '';
  const label = text('label') ?? capitalised(name);
  const schema: Schema = {
    id: `${namespace}:${name}`,
    namespace,
    name,
    label,
    labelSingular: text('labelSingular') ?? label,
    description: text('desc') ?? helpOf(root),
    image: text('img'),
    md5: text('md5'),
    mappingType: text('mappingType'),
    extendedSchema: text('extendedSchema'),
    dependingSchemas: (text('dependingSchemas') ?? '').split(/[,\s]+/).filter((id) => id !== ''),
    implementedInterface: text('implements'),
    library: isTrue(text('library')),
    view: isTrue(text('view')),
    origin: root.localName === 'srcSchema' ? 'srcSchema' : 'schema',
    root: undefined,
    definitions: new Map(),
    attributeDefinitions: new Map(),
    enumerations: new Map(),
    methods: new Map(),
  };
  for (const child of childElements(root)) {
    switch (child.localName) {
      case 'element': {
        const element = toElement(child, undefined, schema.id);
        if (element.name !== '') schema.definitions.set(element.name, element);
        break;
      }
      case 'attribute': {
        const attribute = toAttribute(child, undefined, schema.id);
        if (attribute.name !== '') schema.attributeDefinitions.set(attribute.name, attribute);
        break;
      }
      case 'enumeration': {
        const enumeration = toEnumeration(child);
        // The first of two enumerations of one name wins, as in Adobe's SDK.
        if (!schema.enumerations.has(enumeration.name))
          schema.enumerations.set(enumeration.name, enumeration);
        break;
      }
      case 'methods':
      case 'interface':
        for (const method of childElements(child, 'method')) {
          const parsed = toMethod(
            method,
            child.localName === 'interface' ? attributeValue(child, 'name') : undefined,
          );
          schema.methods.set(parsed.name, parsed);
        }
        break;
    }
  }
  // An extension may name its main element after the schema it extends or after itself; both merge.
  const baseName = schema.extendedSchema?.slice(schema.extendedSchema.indexOf(':') + 1);
  schema.root =
    schema.definitions.get(name) ?? (baseName === undefined ? undefined : schema.definitions.get(baseName));
  return schema;
}

/** `true` and `1`, as documents have them interchangeably. */
export function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function helpOf(element: XmlElement): string | undefined {
  const help = childElements(element, 'help')[0];
  const text = help === undefined ? '' : textOf(help).trim();
  return text === '' ? undefined : text;
}

function commonOf(element: XmlElement, parent: SchemaElement | undefined, schemaId: string) {
  const raw = new Map<string, string>();
  for (const attribute of element.attributes) raw.set(attribute.name, attribute.value);
  const text = (name: string): string | undefined => raw.get(name);
  const name = text('name') ?? '';
  const length = Number(text('length'));
  return {
    name,
    label: text('label') ?? capitalised(name),
    description: text('desc') ?? helpOf(element),
    length: Number.isFinite(length) && length > 0 ? length : undefined,
    enumeration: text('enum'),
    userEnumeration: text('userEnum'),
    dbEnumeration: text('dbEnum'),
    // `sql="true"` takes a field out of the XML part it stands in.
    xml: !isTrue(text('sql')) && (isTrue(text('xml')) || isInXmlPart(parent)),
    sqlName: text('sqlname'),
    expr: text('expr'),
    defaultValue: text('default'),
    required: isTrue(text('required')),
    notNull: isTrue(text('notNull')),
    advanced: isTrue(text('advanced')),
    visibleIf: text('visibleIf'),
    belongsTo: text('belongsTo'),
    ref: text('ref'),
    parent,
    schemaId,
    start: element.start,
    end: element.openEnd,
    raw,
  };
}

function isInXmlPart(parent: SchemaElement | undefined): boolean {
  return parent !== undefined && (parent.xml || isTrue(parent.raw.get('xmlChildren')));
}

function toAttribute(
  element: XmlElement,
  parent: SchemaElement | undefined,
  schemaId: string,
): SchemaAttribute {
  const common = commonOf(element, parent, schemaId);
  return { kind: 'attribute', ...common, type: common.raw.get('type') ?? 'string' };
}

function toElement(element: XmlElement, parent: SchemaElement | undefined, schemaId: string): SchemaElement {
  const common = commonOf(element, parent, schemaId);
  const text = (name: string): string | undefined => common.raw.get(name);
  const target = text('target');
  const slash = target?.indexOf('/') ?? -1;
  const result: SchemaElement = {
    kind: 'element',
    ...common,
    type: text('type'),
    attributes: new Map(),
    elements: new Map(),
    target: slash < 0 ? target : target?.slice(0, slash),
    targetPath: slash < 0 ? undefined : target?.slice(slash + 1),
    unbound: isTrue(text('unbound')),
    joins: [],
    revLink: text('revLink'),
    integrity: text('integrity'),
    externalJoin: isTrue(text('externalJoin')),
    keys: [],
    indexes: [],
    computeString: undefined,
    sqlTable: text('sqltable'),
    dataSource: text('dataSource'),
    autoPk: isTrue(text('autopk')),
    autoUuid: isTrue(text('autouuid')),
    autoStg: isTrue(text('autoStg')),
  };
  for (const child of childElements(element)) {
    const name = attributeValue(child, 'name') ?? '';
    switch (child.localName) {
      case 'attribute':
        if (name !== '') result.attributes.set(name, toAttribute(child, result, schemaId));
        break;
      case 'element':
        if (name !== '') result.elements.set(name, toElement(child, result, schemaId));
        break;
      case 'join':
        result.joins.push({
          source: attributeValue(child, 'xpath-src') ?? '',
          destination: attributeValue(child, 'xpath-dst') ?? '',
          filter: attributeValue(child, 'dstFilterExpr'),
        });
        break;
      case 'key':
        result.keys.push(toKey(child));
        break;
      case 'dbindex':
        result.indexes.push(toIndex(child));
        break;
      case 'compute-string':
        result.computeString = attributeValue(child, 'expr');
        break;
    }
  }
  const first = result.keys[0];
  if (first !== undefined && !result.keys.some((key) => key.primary)) first.primary = true;
  return result;
}

function toKeyFields(element: XmlElement): SchemaKeyField[] {
  return childElements(element, 'keyfield').map((field) => ({
    xpath: attributeValue(field, 'xpath'),
    link: attributeValue(field, 'xlink'),
  }));
}

function toKey(element: XmlElement): SchemaKey {
  const name = attributeValue(element, 'name') ?? '';
  return {
    name,
    label: attributeValue(element, 'label') ?? capitalised(name),
    primary: isTrue(attributeValue(element, 'internal')),
    fields: toKeyFields(element),
    start: element.start,
    end: element.openEnd,
  };
}

function toIndex(element: XmlElement): SchemaIndex {
  return {
    name: attributeValue(element, 'name') ?? '',
    unique: isTrue(attributeValue(element, 'unique')),
    fields: toKeyFields(element),
  };
}

function toEnumeration(element: XmlElement): Enumeration {
  const name = attributeValue(element, 'name') ?? '';
  return {
    name,
    label: attributeValue(element, 'label') ?? capitalised(name),
    baseType: attributeValue(element, 'basetype') ?? attributeValue(element, 'baseType') ?? 'string',
    defaultName: attributeValue(element, 'default'),
    values: childElements(element, 'value').map((value) => {
      const valueName = attributeValue(value, 'name') ?? '';
      return {
        name: valueName,
        value: attributeValue(value, 'value') ?? valueName,
        label: attributeValue(value, 'label') ?? capitalised(valueName),
        description: attributeValue(value, 'desc') ?? helpOf(value),
        start: value.start,
        end: value.openEnd,
      };
    }),
    start: element.start,
    end: element.openEnd,
  };
}

function toMethod(element: XmlElement, interfaceName: string | undefined): SchemaMethod {
  const name = attributeValue(element, 'name') ?? '';
  const parameters = childElements(element, 'parameters').flatMap((list) => childElements(list, 'param'));
  return {
    name,
    label: attributeValue(element, 'label') ?? capitalised(name),
    description: attributeValue(element, 'desc') ?? helpOf(element),
    isStatic: isTrue(attributeValue(element, 'static')),
    isConst: isTrue(attributeValue(element, 'const')),
    keyOnly: isTrue(attributeValue(element, 'pkonly')),
    hidden: isTrue(attributeValue(element, 'hidden')),
    access: attributeValue(element, 'access'),
    library: attributeValue(element, 'library'),
    interfaceName,
    parameters: parameters.map(toParameter),
    start: element.start,
    end: element.openEnd,
  };
}

function toParameter(element: XmlElement): SchemaParameter {
  const direction = attributeValue(element, 'inout');
  return {
    name: attributeValue(element, 'name') ?? '',
    type: attributeValue(element, 'type') ?? 'string',
    direction: direction === 'out' || direction === 'inout' ? direction : 'in',
    description: attributeValue(element, 'desc') ?? attributeValue(element, 'label'),
    optional: isTrue(attributeValue(element, 'optional')),
  };
}
