import { enterElement, type ScopeResult } from '../../../core/schema/resolvePath.ts';
import type {
  Schema,
  SchemaAttribute,
  SchemaElement,
  SchemaMethod,
  SchemaNode,
  SchemaParameter,
  SchemaSource,
} from '../../../core/schema/schema.ts';
import { attributeMark } from '../javascript/maskCharacters.ts';
import { docComment, hasKnownSignature, knownMethods, renderMembers, typeNameOf } from './declarations.ts';

/** What a name in generated declarations stands for. */
export type TypingAnchor =
  | { kind: 'node'; node: SchemaNode }
  | { kind: 'method'; schemaId: string; method: SchemaMethod }
  | { kind: 'schema'; schemaId: string }
  /** A column of a query that is no field: `expr` is what it computes. */
  | { kind: 'alias'; expr: string };

/** Generated declarations, and what their names stand for by the offset of the name. */
export interface Typings {
  text: string;
  anchors: ReadonlyMap<number, TypingAnchor>;
}

/** The typings of one schema. */
export interface SchemaTypings extends Typings {
  /** Schemas that were not at hand and would add to these declarations. */
  pending: readonly string[];
}

/** Collects declarations and remembers where each name is. */
export class TypingWriter {
  private readonly parts: string[] = [];
  private length = 0;
  readonly anchors = new Map<number, TypingAnchor>();

  write(text: string): void {
    this.parts.push(text);
    this.length += text.length;
  }

  /** Writes a property or method name and remembers what it stands for. */
  writeName(name: string, anchor: TypingAnchor): void {
    this.anchors.set(this.length, anchor);
    this.write(/^[A-Za-z_$][\w$]*$/.test(name.replace(attributeMark, '')) ? name : JSON.stringify(name));
  }

  finish(): Typings {
    return { text: this.parts.join(''), anchors: this.anchors };
  }
}

/**
 * Declarations of one schema: its rows as E4X and as DOM, its entity, and its methods.
 *
 * - E4X row: `row.@email`, `row.location.@city`, `row.folder`
 * - DOM row: `row.$email`, `row.getFirstElement("folder")`
 * - entity: `entity.email`, `entity.folder_id` (dashes become underscores), methods that are not static
 * - schema object: static methods; `create`, `load` and `get` give entities
 *
 * Links have the type of their target's row, which stays general until that schema's declarations exist.
 * Source: JSAPI documentation, "SOAP methods in JavaScript", and the three XML flavours described there.
 */
export function schemaTypings(model: SchemaSource, schema: Schema): SchemaTypings {
  return new SchemaTypingsWriter(model, schema).run();
}

/** The three shapes an element of a schema has in scripts. */
type Flavour = 'row' | 'element' | 'entity';

class SchemaTypingsWriter {
  private readonly model: SchemaSource;
  private readonly schema: Schema;
  private readonly base: string;
  private readonly writer = new TypingWriter();
  private readonly pending = new Set<string>();
  /** Type names by element, so that a definition which refers to itself ends. */
  private readonly names = new Map<SchemaElement, string>();
  private readonly waiting: { element: SchemaElement; name: string }[] = [];

  constructor(model: SchemaSource, schema: Schema) {
    this.model = model;
    this.schema = schema;
    this.base = typeNameOf(schema.id);
  }

  run(): SchemaTypings {
    const { id, name, root } = this.schema;
    const { base, writer } = this;
    const key = JSON.stringify(id);
    if (root !== undefined) {
      this.nameOf(root, base);
      writer.write(`interface ${base}ːcollection extends XMLList {\n`);
      writer.writeName(name, { kind: 'schema', schemaId: id });
      writer.write(`: ${base};\n}\n`);
      writer.write(
        `interface ᐸRows { ${key}: ${base} }\ninterface ᐸCollections { ${key}: ${base}ːcollection }\n`,
      );
      writer.write(`interface ᐸElements { ${key}: ${base}ːelement }\n`);
    }
    this.writeMethods();
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop())
      this.writeElement(next);
    return { ...writer.finish(), pending: [...this.pending] };
  }

  private nameOf(element: SchemaElement, name: string): string {
    const known = this.names.get(element);
    if (known !== undefined) return known;
    this.names.set(element, name);
    this.waiting.push({ element, name });
    return name;
  }

  private writeElement({ element, name }: { element: SchemaElement; name: string }): void {
    const isRoot = element === this.schema.root;
    for (const flavour of ['row', 'element', 'entity'] as const) {
      const base = flavour === 'row' ? 'XMLList' : flavour === 'element' ? 'DOMElement' : 'Entity';
      this.writer.write(`interface ${typeOfFlavour(name, flavour)} extends ${base} {\n`);
      for (const attribute of element.attributes.values()) this.writeAttribute(attribute, flavour);
      for (const child of element.elements.values()) {
        if (flavour === 'element') continue;
        this.writer.writeName(flavour === 'entity' ? entityName(child.name) : child.name, {
          kind: 'node',
          node: child,
        });
        this.writer.write(`: ${this.typeOfChild(child, flavour, name)};\n`);
      }
      if (flavour === 'element') this.writeAccessors(element, name);
      if (flavour === 'entity' && isRoot) this.writeEntityMethods();
      this.writer.write('}\n');
    }
  }

  private writeAttribute(attribute: SchemaAttribute, flavour: Flavour): void {
    const { name } = attribute;
    const anchor = { kind: 'node', node: attribute } as const;
    switch (flavour) {
      case 'row':
        this.writer.writeName(attributeMark + name, anchor);
        this.writer.write(': XMLList;\n');
        break;
      case 'element':
        this.writer.writeName(`$${name}`, anchor);
        this.writer.write(': string;\n');
        break;
      case 'entity':
        this.writer.writeName(entityName(name), anchor);
        this.writer.write(`: ${resultType(attribute.type, 'entity')};\n`);
    }
  }

  private typeOfChild(child: SchemaElement, flavour: Flavour, parentName: string): string {
    if (child.type === 'link' && child.target !== undefined && child.targetPath === undefined) {
      const key = JSON.stringify(child.target);
      if (flavour === 'entity') return child.unbound ? `ᐸEntityList<${key}>` : `ᐸEntity<${key}>`;
      return flavour === 'row' ? `ᐸRow<${key}>` : `ᐸElement<${key}>`;
    }
    const scope = this.enter(child);
    const inner = scope ?? child;
    const hasContent = inner.attributes.size > 0 || inner.elements.size > 0;
    if (!hasContent) {
      if (flavour === 'entity')
        return child.unbound ? 'EntityCollection' : resultType(child.type ?? 'ANY', 'entity');
      return flavour === 'row' ? 'XMLList' : 'DOMElement';
    }
    const name = this.nameOf(inner, `${parentName}ː${typeNameOf(child.name)}`);
    return flavour === 'entity' && child.unbound ? 'EntityCollection' : typeOfFlavour(name, flavour);
  }

  private enter(element: SchemaElement): SchemaElement | undefined {
    const scope: ScopeResult = enterElement(this.model, element);
    if (scope.kind === 'pending') this.pending.add(scope.schemaId);
    return scope.kind === 'found' ? scope.element : undefined;
  }

  /** DOM children are reached by methods: one overload for each name. */
  private writeAccessors(element: SchemaElement, name: string): void {
    const children = [...element.elements.values()];
    if (children.length === 0) return;
    for (const child of children) {
      const type = this.typeOfChild(child, 'element', name);
      const key = JSON.stringify(child.name);
      this.writer.write(
        `getElements(name: ${key}): ${type}[];\ngetFirstElement(name: ${key}): ${type} | null;\n`,
      );
    }
    this.writer.write(
      'getElements(name?: string): DOMElement[];\ngetFirstElement(name?: string): DOMElement | null;\n',
    );
  }

  private writeEntityMethods(): void {
    const own = [...this.schema.methods.values()].filter((method) => !method.isStatic && !method.keyOnly);
    this.writeMethodList(own, knownMethods(this.schema.id).methods, 'entity');
  }

  private writeMethods(): void {
    const { id } = this.schema;
    const key = JSON.stringify(id);
    if (this.schema.root !== undefined)
      this.writer.write(`interface ᐸEntities { ${key}: ${this.base}ːentity }\n`);
    // The types of queries are the heart of the matter and written by hand.
    if (id === 'xtk:queryDef') return;
    const own = [...this.schema.methods.values()].filter((method) => method.isStatic || method.keyOnly);
    for (const flavour of ['row', 'element'] as const) {
      const name = `${this.base}ː${flavour === 'row' ? 'schema' : 'domSchema'}`;
      this.writer.write(`interface ${name} extends ᐸSchemaObject<${key}> {\n`);
      this.writeMethodList(own, knownMethods(id).statics, flavour);
      this.writer.write(
        `}\ninterface ${flavour === 'row' ? 'ᐸSchemas' : 'ᐸDomSchemas'} { ${key}: ${name} }\n`,
      );
    }
  }

  /** Where the API table knows the parameters of a method, it knows them better than the schema. */
  private writeMethodList(
    own: readonly SchemaMethod[],
    known: ReturnType<typeof knownMethods>['methods'],
    flavour: Flavour,
  ): void {
    const ownNames = new Set(own.map(({ name }) => name));
    const preferred = new Set(known.filter(hasKnownSignature).map(({ name }) => name));
    this.writer.write(
      `${renderMembers(known.filter((member) => preferred.has(member.name) || !ownNames.has(member.name)))}\n`,
    );
    for (const method of own) if (!preferred.has(method.name)) this.writeMethod(method, flavour);
  }

  private writeMethod(method: SchemaMethod, flavour: Flavour): void {
    const inputs = method.parameters.filter(({ direction }) => direction !== 'out');
    const outputs = method.parameters.filter(({ direction }) => direction !== 'in');
    const results = outputs.map((parameter) => resultType(parameter.type, flavour));
    const result = results.length > 1 ? `[${results.join(', ')}]` : (results[0] ?? 'void');
    const parameters = inputs.map(
      (parameter, index) => `${parameterName(parameter, index)}?: ${argumentType(parameter.type)}`,
    );
    if (method.keyOnly) parameters.unshift('key: string');
    this.writer.write(
      docComment(
        [method.label === method.name ? undefined : method.label, method.description],
        [
          ...(method.keyOnly ? ['@param key Key of the entity.'] : []),
          ...inputs.map(
            (parameter, index) =>
              `@param ${parameterName(parameter, index)} ${parameter.description ?? ''} (${parameter.type})`,
          ),
          ...(outputs.length > 0
            ? [`@returns ${outputs.map(({ name, type }) => `${name} (${type})`).join(', ')}`]
            : []),
        ],
      ),
    );
    this.writer.writeName(method.name, { kind: 'method', schemaId: this.schema.id, method });
    this.writer.write(`(${parameters.join(', ')}): ${result};\n`);
  }
}

function typeOfFlavour(name: string, flavour: Flavour): string {
  return flavour === 'row' ? name : `${name}ː${flavour}`;
}

/** Proxies of entities spell dashes as underscores. Source: seen in published scripts. */
function entityName(name: string): string {
  return name.replaceAll('-', '_');
}

function parameterName(parameter: SchemaParameter, index: number): string {
  return /^[A-Za-z_$][\w$]*$/.test(parameter.name) ? parameter.name : `parameter${index + 1}`;
}

const numberTypes: ReadonlySet<string> = new Set(
  'byte short long int int64 integer timespan percent float double primarykey'.split(' '),
);
const dateTypes: ReadonlySet<string> = new Set('date datetime datetimetz datetimenotz'.split(' '));
const textTypes: ReadonlySet<string> = new Set('string memo memoShort CDATA html blob time uuid'.split(' '));

/** TypeScript type of an argument of that XTK type; scripts pass more than the schema says, and the server converts. */
function argumentType(type: string): string {
  const name = type.toLowerCase();
  if (numberTypes.has(name)) return name === 'primarykey' || name === 'int64' ? 'number | string' : 'number';
  if (name === 'boolean') return 'boolean';
  if (dateTypes.has(name)) return 'Date | string';
  if (name === 'domdocument' || name === 'domelement') return 'XML | DOMDocument | DOMElement | JXON';
  return textTypes.has(type) || textTypes.has(name) ? 'string' : 'any';
}

/**
 * TypeScript type of a value of that XTK type.
 * [I] A document comes back as E4X from `xtk.`, `nms.` and as DOM from `NLWS.`: sources disagree on some calls.
 */
function resultType(type: string | undefined, flavour: Flavour): string {
  const name = (type ?? 'string').toLowerCase();
  if (numberTypes.has(name)) return 'number';
  if (name === 'boolean') return 'boolean';
  if (dateTypes.has(name)) return 'Date';
  if (name === 'domdocument') return flavour === 'element' ? 'DOMDocument' : 'XML';
  if (name === 'domelement') return flavour === 'element' ? 'DOMElement' : 'XML';
  return textTypes.has(type ?? 'string') || textTypes.has(name) ? 'string' : 'any';
}
