import { toQueryDef, type QueryNode } from '../../../core/queryDef/queryDef.ts';
import { resultColumns, type ResultColumn } from '../../../core/queryDef/resultColumns.ts';
import { enterElement, resolvePath } from '../../../core/schema/resolvePath.ts';
import { isTemporarySchema, type SchemaElement, type SchemaSource } from '../../../core/schema/schema.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { attributeValue, childElements, type XmlElement } from '../../../core/xml/xmlTree.ts';
import { queryElement } from '../../../core/queryDef/grammar.ts';
import { typeNameOf } from '../api/declarations.ts';
import { TypingWriter, type Typings } from '../api/schemaTypings.ts';
import { attributeMark } from './maskCharacters.ts';
import type { E4xLiteral } from './maskedScript.ts';

/**
 * Declarations of the functions that the literals of a script became (see `E4xLiteral.callee`):
 *
 * - a queryDef knows its result: rows of its schema, in which the selected columns are members of their own, so that
 *   completion can put them first, and aliases exist at all
 * - a document with `xtkschema` has the members of that schema's rows
 * - any other literal has the attributes and elements it was written with
 *
 * A query can be changed before it runs, so nothing is taken away: what is not selected is still a member.
 */
export function literalTypings(model: SchemaSource, text: string, literals: readonly E4xLiteral[]): Typings {
  const writer = new TypingWriter();
  const done = new Set<string>();
  for (const literal of literals) {
    if (literal.callee === '' || done.has(literal.callee)) continue;
    done.add(literal.callee);
    const { root } = parseXml(text, literal);
    if (root === undefined || root.name === '') writeFunction(writer, literal.callee, 'XMLList');
    else if (root.localName === 'queryDef') new QueryTypings(model, writer, literal.callee, root).write();
    else writeDocument(writer, literal.callee, root, attributeValue(root, 'xtkschema'));
  }
  writeVariables(writer, text);
  return writer.finish();
}

/** Workflow variables have no declaration: those a script names are those there are. */
function writeVariables(writer: TypingWriter, text: string): void {
  const names = new Set([...text.matchAll(/\bvars\.([A-Za-z_$][\w$]*)(?!\s*\()/g)].map((match) => match[1]!));
  if (names.size === 0) return;
  writer.write(`interface WorkflowVars {\n${[...names].map((name) => `${name}: any;`).join('\n')}\n}\n`);
}

function writeFunction(writer: TypingWriter, callee: string, type: string): void {
  writer.write(`declare function ${callee}(...holes: any[]): ${type};\n`);
}

/** The row type of a schema, once its declarations are there. */
function rowType(model: SchemaSource, schemaId: string | undefined): string | undefined {
  const isKnown = schemaId !== undefined && model.getSchema(schemaId)?.root !== undefined;
  return isKnown ? typeNameOf(schemaId) : undefined;
}

const deepest = 8;

/** A literal as the element it is: its attributes, and its children by name. */
function writeDocument(
  writer: TypingWriter,
  callee: string,
  root: XmlElement,
  schemaId: string | undefined,
): void {
  const waiting: { elements: XmlElement[]; name: string; depth: number }[] = [];
  let count = 0;
  const typeOf = (elements: XmlElement[], depth: number): string => {
    const hasMembers = elements.some(
      (element) => element.attributes.length > 0 || childElements(element).length > 0,
    );
    if (depth > deepest || !hasMembers) return 'XMLList';
    const name = `${callee}ː${count++}`;
    waiting.push({ elements, name, depth });
    return name;
  };
  const own = typeOf([root], 0);
  const row = schemaId === undefined ? undefined : `ᐸRow<${JSON.stringify(schemaId)}>`;
  writeFunction(writer, callee, row === undefined ? own : `${row} & ${own}`);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { elements, name, depth } = next;
    writer.write(`interface ${name} extends XMLList {\n`);
    const attributes = new Set(
      elements.flatMap((element) => element.attributes.map((attribute) => attribute.name)),
    );
    for (const attribute of attributes) {
      if (!attribute.includes(':')) writer.write(`${JSON.stringify(attributeMark + attribute)}: XMLList;\n`);
    }
    const groups = new Map<string, XmlElement[]>();
    for (const child of elements.flatMap((element) => childElements(element))) {
      const group = groups.get(child.name);
      if (group === undefined) groups.set(child.name, [child]);
      else group.push(child);
    }
    for (const [childName, group] of groups) {
      if (/^[\w-]+$/.test(childName)) {
        writer.write(`${JSON.stringify(childName)}: ${typeOf(group, depth + 1)};\n`);
      }
    }
    writer.write('}\n');
  }
}

/** Attributes of the queryDef grammar as members, so that `query.@lineCount = 10` completes. */
function queryMembers(): string {
  const members: string[] = [];
  for (const attribute of queryElement('queryDef')?.attributes ?? []) {
    if (attribute.internal !== true)
      members.push(
        `/** ${attribute.doc.replaceAll('@', attributeMark)} */\n${JSON.stringify(attributeMark + attribute.name)}: XMLList;`,
      );
  }
  for (const child of queryElement('queryDef')?.children ?? [])
    members.push(`${JSON.stringify(child)}: XMLList;`);
  return members.join('\n');
}

/** Where the columns of a row go: its fields, and below them those of links and containers. */
interface Place {
  attributes: Map<string, QueryNode>;
  elements: Map<string, Place>;
  /** The element itself is selected, or an alias without `@` made it. */
  node: QueryNode | undefined;
}

class QueryTypings {
  private readonly model: SchemaSource;
  private readonly writer: TypingWriter;
  private readonly callee: string;
  private readonly root: XmlElement;
  private count = 0;

  constructor(model: SchemaSource, writer: TypingWriter, callee: string, root: XmlElement) {
    this.model = model;
    this.writer = writer;
    this.callee = callee;
    this.root = root;
  }

  write(): void {
    const { callee, writer } = this;
    const query = toQueryDef(this.root);
    const { schemaId } = query;
    const row = rowType(this.model, schemaId);
    const schema =
      row === undefined || schemaId === undefined ? undefined : (this.model.getSchema(schemaId) ?? undefined);
    const key = JSON.stringify(schemaId ?? '');
    let rowName: string;
    if (query.operation === 'count') {
      rowName = `${callee}ːcount`;
      writer.write(
        `interface ${rowName} extends ${row ?? 'XMLList'} {\n/** How many records match. */\n${attributeMark}count: XMLList;\n}\n`,
      );
    } else {
      const place = emptyPlace();
      addColumns(place, resultColumns(query));
      rowName = this.writePlace(place, schema?.root, row);
    }
    const isList = query.operation === 'select' || query.operation === undefined;
    const rowElement =
      schema?.name ??
      (schemaId === undefined || isTemporarySchema(schemaId)
        ? undefined
        : schemaId.slice(schemaId.indexOf(':') + 1));
    let result = rowName;
    if (isList && rowElement !== undefined && /^[\w-]+$/.test(rowElement)) {
      result = `${callee}ːcollection`;
      writer.write(`interface ${result} extends XMLList {\n`);
      writer.writeName(rowElement, { kind: 'schema', schemaId: schemaId ?? '' });
      writer.write(`: ${rowName};\n}\n`);
    } else if (isList) {
      // Only the server knows what the rows are called.
      result = `${callee}ːcollection`;
      writer.write(`interface ${result} extends XMLList {\n[name: string]: ${rowName};\n}\n`);
    }
    const dom = isList ? `ᐸElementList<ᐸElement<${key}>>` : `ᐸElement<${key}>`;
    writer.write(
      `interface ${callee}ːquery extends XMLList {\nᐸe4x: ${result};\nᐸdom: ${dom};\n${queryMembers()}\n}\n`,
    );
    writeFunction(writer, callee, `${callee}ːquery`);
  }

  /** @returns the name of a type that has the place's columns besides the members of `base`. */
  private writePlace(place: Place, element: SchemaElement | undefined, base: string | undefined): string {
    // The schema id in the name is what people see of the type.
    const suffix =
      element === undefined || element.parent !== undefined ? '' : `ː${typeNameOf(element.schemaId)}`;
    const name = `${this.callee}ː${this.count++}${suffix}`;
    const children = [...place.elements].map(([childName, child]) => {
      const schemaChild = element?.elements.get(childName);
      const inner = schemaChild === undefined ? undefined : enterElement(this.model, schemaChild);
      const innerElement = inner?.kind === 'found' ? inner.element : undefined;
      const childBase = schemaChild === undefined ? undefined : this.typeOf(schemaChild, base);
      const isLeaf = child.attributes.size === 0 && child.elements.size === 0;
      const type = isLeaf ? (childBase ?? 'XMLList') : this.writePlace(child, innerElement, childBase);
      return { childName, child, schemaChild, type };
    });
    const { writer } = this;
    // A base that is a conditional type cannot be extended, but an intersection can hold it.
    const isNamed = base === undefined || /^[\w$ː]+$/.test(base);
    const ownName = isNamed ? name : `${this.callee}ː${this.count++}`;
    writer.write(`interface ${ownName} extends ${isNamed ? (base ?? 'XMLList') : 'XMLList'} {\n`);
    for (const [attributeName, node] of place.attributes) {
      const field = element?.attributes.get(attributeName);
      const isField = field !== undefined && this.selectsField(node, attributeName);
      writer.writeName(
        attributeMark + attributeName,
        isField ? { kind: 'node', node: field } : aliasOf(node),
      );
      writer.write(': XMLList;\n');
    }
    for (const { childName, child, schemaChild, type } of children) {
      writer.writeName(
        childName,
        schemaChild !== undefined ? { kind: 'node', node: schemaChild } : aliasOf(child.node),
      );
      writer.write(`: ${type};\n`);
    }
    writer.write('}\n');
    if (!isNamed) writer.write(`type ${name} = ${base} & ${ownName};\n`);
    return name;
  }

  private selectsField(node: QueryNode, attributeName: string): boolean {
    return (
      node.alias === undefined ||
      node.expr?.text.replace(/[[\]\s]/g, '').endsWith(`@${attributeName}`) === true
    );
  }

  private typeOf(child: SchemaElement, base: string | undefined): string | undefined {
    if (child.type === 'link') {
      return child.target !== undefined && child.targetPath === undefined
        ? `ᐸRow<${JSON.stringify(child.target)}>`
        : undefined;
    }
    return base === undefined ? undefined : `(${base})[${JSON.stringify(child.name)}]`;
  }
}

function aliasOf(node: QueryNode | undefined): { kind: 'alias'; expr: string } {
  return { kind: 'alias', expr: node?.expr?.text ?? node?.sql ?? '' };
}

function emptyPlace(): Place {
  return { attributes: new Map(), elements: new Map(), node: undefined };
}

function addColumns(place: Place, columns: readonly ResultColumn[]): void {
  for (const { node, path, columns: inner } of columns) {
    if (path === undefined) continue;
    let at = place;
    for (const step of path) {
      if (step.startsWith('@')) at.attributes.set(step.slice(1), node);
      else {
        const next = at.elements.get(step) ?? emptyPlace();
        at.elements.set(step, next);
        at = next;
      }
    }
    if (path.at(-1)?.startsWith('@') !== true) at.node = node;
    addColumns(at, inner);
  }
}

/** Schemas whose declarations the literals' own build on. */
export function schemasOfLiterals(
  model: SchemaSource,
  text: string,
  literals: readonly E4xLiteral[],
): Set<string> {
  const ids = new Set<string>();
  for (const literal of literals) {
    const { root } = parseXml(text, literal);
    if (root === undefined) continue;
    const id = attributeValue(root, root.localName === 'queryDef' ? 'schema' : 'xtkschema');
    if (id === undefined || !id.includes(':')) continue;
    ids.add(id);
    const main = model.getSchema(id)?.root;
    if (main === undefined || root.localName !== 'queryDef') continue;
    for (const { path } of resultColumns(toQueryDef(root))) {
      for (let steps = 1; steps < (path?.length ?? 0); steps++) {
        const result = resolvePath(model, main, path!.slice(0, steps));
        if (result.kind === 'found' && result.node.kind === 'element' && result.node.target !== undefined) {
          ids.add(result.node.target);
        }
      }
    }
  }
  return ids;
}
