import { splitSchemaId } from './schema.ts';
import { cloneXmlNode, createXmlNode, findChild, type XmlNode } from './xmlNode.ts';

/**
 * Compiles source schemas as the server does on "Regenerate schemas", as far as public documentation says: enough for
 * completion before a server has seen a change, and for the sandbox. The real compiled document always wins over it.
 * Source: Campaign Classic documentation, "Schema structure", "Schema extension", "Links: relation between tables";
 * Campaign v8, "API staging mechanism".
 */

/** A rule of the source that compilation could not apply. */
export interface CompileProblem {
  schemaId: string;
  message: string;
}

export interface CompiledSchemas {
  /** Each schema that is new or changed: the sources' own, the bases of extensions, the targets of links, staging twins. */
  schemas: Map<string, XmlNode>;
  problems: CompileProblem[];
}

/**
 * @param sources `<srcSchema>` documents, in any order.
 * @param getCompiled a compiled `<schema>` that is not among the sources, or `undefined`. It is copied, never changed.
 */
export function compileSchemas(
  sources: readonly XmlNode[],
  getCompiled: (id: string) => XmlNode | undefined,
): CompiledSchemas {
  return new Compiler(getCompiled).compile(sources);
}

/** `namespace:name` of a schema document. */
export function idOf(schema: XmlNode): string {
  return `${schema.attributes.get('namespace') ?? ''}:${schema.attributes.get('name') ?? ''}`;
}

/** A template that copies itself ends here. */
const maxTemplateDepth = 16;

class Compiler {
  private readonly schemas = new Map<string, XmlNode>();
  private readonly problems: CompileProblem[] = [];
  private readonly getCompiled: (id: string) => XmlNode | undefined;

  constructor(getCompiled: (id: string) => XmlNode | undefined) {
    this.getCompiled = getCompiled;
  }

  compile(sources: readonly XmlNode[]): CompiledSchemas {
    const isExtension = (source: XmlNode): boolean => (source.attributes.get('extendedSchema') ?? '') !== '';
    const bases = sources.filter((source) => !isExtension(source));
    for (const source of bases) this.schemas.set(idOf(source), toCompiledRoot(source));
    for (const source of bases) this.copyDefinitions(idOf(source), this.schemas.get(idOf(source))!, 0);
    for (const source of sources.filter(isExtension)) this.extend(source);
    const touched = [...this.schemas];
    for (const [id, schema] of touched) this.completeTable(id, schema);
    for (const [id, schema] of touched) this.completeLinks(id, schema);
    for (const [id, schema] of [...this.schemas]) {
      this.completeComputeString(schema);
      this.createStagingTwin(id, schema);
    }
    return { schemas: this.schemas, problems: this.problems };
  }

  private problem(schemaId: string, message: string): void {
    this.problems.push({ schemaId, message });
  }

  /** The schema to change: from this compilation, or a copy of the one already compiled. */
  private editable(id: string): XmlNode | undefined {
    const own = this.schemas.get(id);
    if (own !== undefined) return own;
    const compiled = this.getCompiled(id);
    if (compiled === undefined) return undefined;
    const copy = cloneXmlNode(compiled);
    this.schemas.set(id, copy);
    return copy;
  }

  private readable(id: string): XmlNode | undefined {
    return this.schemas.get(id) ?? this.getCompiled(id);
  }

  /** `template` and `aggregate` are copies made at compile time; `ref` stays a reference. */
  private copyDefinitions(schemaId: string, node: XmlNode, depth: number): void {
    if (depth > maxTemplateDepth) return;
    for (const [index, child] of node.children.entries()) {
      const aggregate = child.attributes.get('aggregate');
      const template = child.attributes.get('template');
      if (aggregate !== undefined) {
        const definition = this.definition(schemaId, aggregate);
        if (definition !== undefined) {
          node.children.splice(index, 1, ...definition.children.map(cloneXmlNode));
          this.copyDefinitions(schemaId, node, depth + 1);
          return;
        }
      } else if (template !== undefined) {
        const definition = this.definition(schemaId, template);
        if (definition !== undefined) {
          const merged = cloneXmlNode(definition);
          merged.attributes.delete('_operation');
          mergeNode(merged, child);
          merged.attributes.delete('template');
          node.children[index] = merged;
        }
      }
      this.copyDefinitions(schemaId, node.children[index]!, depth + 1);
    }
  }

  /** `ns:schema:path`; the path may end with `@attribute`. `ns:schema` alone is the main element. */
  private definition(schemaId: string, reference: string): XmlNode | undefined {
    const [namespace, name, path] = reference.split(':');
    const id = `${namespace ?? ''}:${name ?? ''}`;
    const schema = this.readable(id);
    if (schema === undefined) {
      this.problem(schemaId, `"${reference}" points to schema ${id}, which is not in the model.`);
      return undefined;
    }
    const steps = (path ?? name ?? '').split('/').filter((step) => step !== '');
    let node: XmlNode | undefined = schema;
    for (const step of steps) {
      if (node === undefined) break;
      node = step.startsWith('@')
        ? findChild(node, 'attribute', step.slice(1))
        : (findChild(node, 'element', step) ?? findChild(node, 'enumeration', step));
    }
    if (node === undefined) this.problem(schemaId, `"${reference}" points to nothing in schema ${id}.`);
    return node;
  }

  /** Merges an extension into its base, marking what it adds. */
  private extend(source: XmlNode): void {
    const id = idOf(source);
    const baseId = source.attributes.get('extendedSchema') ?? '';
    const base = this.editable(baseId);
    if (base === undefined) {
      this.problem(id, `The extended schema ${baseId} is not in the model.`);
      return;
    }
    const depending = (base.attributes.get('dependingSchemas') ?? '')
      .split(',')
      .filter((entry) => entry !== '');
    if (!depending.includes(id)) depending.push(id);
    base.attributes.set('dependingSchemas', depending.join(','));
    const baseName = splitSchemaId(baseId).name;
    const extension = cloneXmlNode(source);
    this.copyDefinitions(id, extension, 0);
    for (const child of extension.children) {
      // The main element of an extension may carry the base's name or its own.
      if (child.name === 'element' && child.attributes.get('name') === source.attributes.get('name')) {
        child.attributes.set('name', baseName);
      }
    }
    mergeChildren(base, extension.children, id);
  }

  private mainElement(schema: XmlNode): XmlNode | undefined {
    return findChild(schema, 'element', schema.attributes.get('name') ?? '');
  }

  private completeTable(id: string, schema: XmlNode): void {
    const main = this.mainElement(schema);
    if (main === undefined || schema.attributes.get('mappingType') !== 'sql' || isTrue(schema, 'library'))
      return;
    const { namespace, name } = splitSchemaId(id);
    setDefault(main, 'sqltable', capital(namespace) + capital(name));
    if (isTrue(main, 'autopk')) this.completeAutoKey(main, name);
    nameColumns(main, isTrue(main, 'xmlChildren'));
    for (const key of main.children.filter((child) => child.name === 'key')) {
      resolveKeyLinks(main, key);
      const keyName = key.attributes.get('name') ?? '';
      if (isTrue(key, 'noDbIndex') || findChild(main, 'dbindex', keyName) !== undefined) continue;
      const index = createXmlNode('dbindex', { name: keyName, unique: 'true' });
      index.children = key.children.filter((child) => child.name === 'keyfield').map(cloneXmlNode);
      main.children.push(index);
    }
  }

  private completeAutoKey(main: XmlNode, schemaName: string): void {
    const isUuid = isTrue(main, 'autouuid');
    if (findChild(main, 'attribute', 'id') === undefined) {
      const column = isUuid ? `u${capital(schemaName)}Id` : `i${capital(schemaName)}Id`;
      main.children.unshift(
        createXmlNode('attribute', {
          name: 'id',
          label: 'Primary key',
          // [?] Adobe's printed sample keeps type="long" with autouuid; the key is documented as a UUID string.
          type: isUuid ? 'uuid' : 'long',
          sqlname: column,
        }),
      );
    }
    if (findChild(main, 'key', 'id') === undefined) {
      const key = createXmlNode('key', { name: 'id', internal: 'true' });
      key.children.push(createXmlNode('keyfield', { xpath: '@id' }));
      main.children.unshift(key);
    }
    if (!isUuid) setDefault(main, 'pkSequence', 'XtkNewId');
  }

  private completeLinks(id: string, schema: XmlNode): void {
    const main = this.mainElement(schema);
    if (main === undefined) return;
    for (const { link, parent, path } of linksBelow(main)) {
      if (isTrue(link, 'unbound')) continue;
      this.completeLink(id, main, parent, path, link);
    }
  }

  private completeLink(id: string, main: XmlNode, parent: XmlNode, path: string, link: XmlNode): void {
    const name = link.attributes.get('name') ?? '';
    const targetId = (link.attributes.get('target') ?? '').split('/')[0]!;
    const target = this.readable(targetId);
    if (target === undefined) {
      this.problem(id, `Link "${name}" points to schema ${targetId}, which is not in the model.`);
      return;
    }
    if (findChild(link, 'join') === undefined) {
      const targetMain = this.mainElement(target);
      for (const field of primaryKeyFields(targetMain)) {
        const key = field.split('/').pop()!.slice(1);
        const targetField = targetMain === undefined ? undefined : findChild(targetMain, 'attribute', key);
        const foreignKey = `${name}-${key}`;
        const source = path === '' ? `@${foreignKey}` : `${path}/@${foreignKey}`;
        link.children.push(createXmlNode('join', { 'xpath-src': source, 'xpath-dst': field }));
        if (findChild(parent, 'attribute', foreignKey) === undefined) {
          const type = targetField?.attributes.get('type') ?? 'string';
          const attribute = createXmlNode('attribute', {
            name: foreignKey,
            label: `Foreign key of '${link.attributes.get('label') ?? capital(name)}' (${key})`,
            type,
            length: targetField?.attributes.get('length'),
            advanced: 'true',
            belongsTo: link.attributes.get('belongsTo'),
            sqlname: `${columnPrefix(type)}${capital(name)}${capital(key)}`,
          });
          parent.children.push(attribute);
        }
        if (!isTrue(link, 'noDbIndex') && findChild(main, 'dbindex', `${name}Id`) === undefined) {
          const index = createXmlNode('dbindex', { name: `${name}Id` });
          index.children.push(createXmlNode('keyfield', { xpath: source }));
          main.children.push(index);
        }
      }
    }
    setDefault(link, 'revLink', splitSchemaId(id).name);
    this.addReverseLink(id, targetId, link);
  }

  private addReverseLink(id: string, targetId: string, link: XmlNode): void {
    const revLink = link.attributes.get('revLink') ?? '';
    const hasReverse = this.mainElement(this.readable(targetId)!);
    // A link that is itself the reverse side of another has nothing to add.
    const isReverse = hasReverse !== undefined && findChild(hasReverse, 'element', revLink) !== undefined;
    if (revLink === '' || revLink === '_NONE_' || isReverse) return;
    const target = this.editable(targetId);
    const main = target === undefined ? undefined : this.mainElement(target);
    if (main === undefined) return;
    const isSingle = link.attributes.get('revCardinality') === 'single';
    const reverse = createXmlNode('element', {
      name: revLink,
      type: 'link',
      target: id,
      label: link.attributes.get('revLabel') ?? capital(revLink),
      revLink: link.attributes.get('name'),
      integrity: link.attributes.get('revIntegrity'),
      externalJoin: isTrue(link, 'revExternalJoin') ? 'true' : undefined,
      unbound: isSingle ? undefined : 'true',
      belongsTo: id,
    });
    for (const join of link.children.filter((child) => child.name === 'join')) {
      const source = join.attributes.get('xpath-src');
      const destination = join.attributes.get('xpath-dst');
      reverse.children.push(createXmlNode('join', { 'xpath-src': destination, 'xpath-dst': source }));
    }
    main.children.push(reverse);
  }

  private completeComputeString(schema: XmlNode): void {
    const main = this.mainElement(schema);
    if (main === undefined || findChild(main, 'compute-string') !== undefined) return;
    const fields = primaryKeyFields(main);
    if (fields.length === 0) return;
    const bracketed = fields.map((field) => (/[/-]/.test(field) ? `[${field}]` : field));
    const expr =
      bracketed.length === 1 ? bracketed[0]! : bracketed.map((f) => `ToString(${f})`).join(" + ',' + ");
    main.children.push(createXmlNode('compute-string', { expr }));
  }

  private createStagingTwin(id: string, schema: XmlNode): void {
    const main = this.mainElement(schema);
    const { namespace, name } = splitSchemaId(id);
    if (main === undefined || !isTrue(main, 'autoStg') || name.endsWith('Stg')) return;
    const twin = cloneXmlNode(schema);
    const twinName = `${name}Stg`;
    twin.attributes.set('name', twinName);
    const label = schema.attributes.get('label') ?? capital(name);
    twin.attributes.set('label', `${label} (staging)`);
    const twinMain = findChild(twin, 'element', name)!;
    twinMain.attributes.set('name', twinName);
    twinMain.attributes.set('sqltable', capital(namespace) + capital(twinName));
    twinMain.attributes.delete('autoStg');
    twinMain.attributes.delete('dataSource');
    // [?] Whether the twin carries links is not documented; the columns are. Only the columns are kept.
    twinMain.children = twinMain.children.filter((child) => child.attributes.get('type') !== 'link');
    this.schemas.set(`${namespace}:${twinName}`, twin);
  }
}

function toCompiledRoot(source: XmlNode): XmlNode {
  const root = cloneXmlNode(source);
  root.name = 'schema';
  root.attributes.set('xtkschema', 'xtk:schema');
  root.attributes.set('entitySchema', 'xtk:schema');
  setDefault(root, 'mappingType', 'sql');
  root.attributes.delete('md5');
  root.children = root.children.filter((child) => child.name !== 'createdBy' && child.name !== 'modifiedBy');
  return root;
}

/**
 * Nodes are the same when their element and `name` are; nodes without a name (joins, key fields, parameters) when all
 * their attributes are, so that compiling an extension again adds nothing.
 */
function mergeChildren(base: XmlNode, children: readonly XmlNode[], belongsTo?: string): void {
  for (const child of children) {
    const name = child.attributes.get('name');
    const isContainer = child.name === 'methods' || child.name === 'compute-string';
    const existing =
      name === undefined && !isContainer
        ? base.children.find((c) => hasSameAttributes(c, child))
        : base.children.find((c) => isSameNode(c, child, name));
    if (child.attributes.get('_operation') === 'delete') {
      if (existing !== undefined) base.children.splice(base.children.indexOf(existing), 1);
    } else if (existing !== undefined) mergeNode(existing, child, belongsTo);
    else {
      const added = cloneXmlNode(child);
      if (belongsTo !== undefined && (added.name === 'attribute' || added.name === 'element')) {
        added.attributes.set('belongsTo', belongsTo);
      }
      base.children.push(added);
    }
  }
}

function isSameNode(a: XmlNode, b: XmlNode, name: string | undefined): boolean {
  return a.name === b.name && a.attributes.get('name') === name;
}

function hasSameAttributes(a: XmlNode, b: XmlNode): boolean {
  return (
    a.name === b.name &&
    a.attributes.size === b.attributes.size &&
    [...a.attributes].every(([name, value]) => b.attributes.get(name) === value)
  );
}

/** Attribute by attribute; the second node wins. */
function mergeNode(base: XmlNode, override: XmlNode, belongsTo?: string): void {
  for (const [name, value] of override.attributes)
    if (name !== '_operation') base.attributes.set(name, value);
  if (override.text.trim() !== '') base.text = override.text;
  mergeChildren(base, override.children, belongsTo);
}

/** Gives each stored field below an element its column name; containers do not enter into it. */
function nameColumns(element: XmlNode, isXmlPart: boolean): void {
  for (const child of element.children) {
    if (child.name !== 'attribute' && child.name !== 'element') continue;
    const type = child.attributes.get('type') ?? (child.name === 'attribute' ? 'string' : undefined);
    const isXml = !isTrue(child, 'sql') && (isXmlPart || isTrue(child, 'xml'));
    if (type === undefined) nameColumns(child, isXml || isTrue(child, 'xmlChildren'));
    else if (
      type !== 'link' &&
      type !== 'ANY' &&
      !isXml &&
      !child.attributes.has('expr') &&
      !child.attributes.has('ref')
    ) {
      setDefault(
        child,
        'sqlname',
        columnPrefix(type) + capital((child.attributes.get('name') ?? '').replaceAll('-', '')),
      );
    }
  }
}

/** `xlink="company"` stands for the columns of that link. */
function resolveKeyLinks(main: XmlNode, key: XmlNode): void {
  for (const field of key.children) {
    const link = field.attributes.get('xlink');
    if (field.name !== 'keyfield' || link === undefined) continue;
    const join = findChild(main, 'element', link)?.children.find((child) => child.name === 'join');
    field.attributes.set('xpath', join?.attributes.get('xpath-src') ?? `@${link}-id`);
    field.attributes.delete('xlink');
  }
}

function primaryKeyFields(main: XmlNode | undefined): string[] {
  const keys = main?.children.filter((child) => child.name === 'key') ?? [];
  const primary = keys.find((key) => isTrue(key, 'internal')) ?? keys[0];
  return (primary?.children ?? [])
    .filter((child) => child.name === 'keyfield')
    .map((field) => field.attributes.get('xpath') ?? `@${field.attributes.get('xlink') ?? ''}-id`);
}

function* linksBelow(
  element: XmlNode,
  path = '',
): Generator<{ link: XmlNode; parent: XmlNode; path: string }> {
  // Compilation adds attributes and links to the list it walks.
  for (const child of [...element.children]) {
    if (child.name !== 'element') continue;
    const name = child.attributes.get('name') ?? '';
    if (child.attributes.get('type') === 'link') yield { link: child, parent: element, path };
    else if (!child.attributes.has('ref') && !isTrue(child, 'unbound')) {
      yield* linksBelow(child, path === '' ? name : `${path}/${name}`);
    }
  }
}

/**
 * Column prefix by XTK type. [I] for `memo`, `int64`, `time`, `timespan`: published samples disagree or are silent.
 * Never derive raw SQL from it; a real instance's compiled schema has the column name.
 */
export function columnPrefix(type: string): string {
  switch (type) {
    case 'boolean':
    case 'byte':
    case 'short':
    case 'long':
    case 'int':
      return 'i';
    case 'int64':
      return 'l';
    case 'float':
    case 'double':
    case 'percent':
    case 'money':
    case 'timespan':
      return 'd';
    case 'date':
    case 'datetime':
    case 'datetimetz':
    case 'datetimenotz':
      return 'ts';
    case 'time':
      return 't';
    case 'memo':
    case 'html':
    case 'CDATA':
    case 'blob':
      return 'm';
    case 'uuid':
      return 'u';
    default:
      return 's';
  }
}

function isTrue(node: XmlNode, name: string): boolean {
  const value = node.attributes.get(name);
  return value === 'true' || value === '1';
}

function setDefault(node: XmlNode, name: string, value: string): void {
  if (!node.attributes.has(name)) node.attributes.set(name, value);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
