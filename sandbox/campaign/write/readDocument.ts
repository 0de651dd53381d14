import { enterElement } from '../../../core/schema/resolvePath.ts';
import type { SchemaElement, SchemaNode } from '../../../core/schema/schema.ts';
import type { Table } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { memoColumn, toColumnValue, type Column } from '../model/columns.ts';
import type { Cell } from '../query/resultLayout.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { NotWellFormed, parseElement, textOf, type Element } from '../xml/element.ts';
import { applyDataPolicy } from './dataPolicy.ts';
import { groupByName, isInstruction } from './memoMerge.ts';

/** Fields only the server fills in; what a document says of them is not read. */
const serverMade: ReadonlySet<string> = new Set([
  '@md5',
  '@created',
  '@lastModified',
  '@createdBy-id',
  '@modifiedBy-id',
]);

/** The fields of a document, sorted by where they are kept. */
export interface SentDocument {
  columns: Map<string, Cell>;
  /** Parts of the XML body: attributes, then elements with their definition. */
  bodyAttributes: Map<string, { path: string; name: string; value: string }>;
  bodyElements: { path: string; group: Element[]; definition: SchemaElement | undefined }[];
  links: { element: Element; link: SchemaElement; prefix: string }[];
  collections: { items: Element[]; link: SchemaElement; prefix: string }[];
}

/** Sorts the fields of a document by where they are kept. @throws CampaignFailure for fields the schema does not have. */
export function readDocument(instance: Instance, table: Table, document: Element): SentDocument {
  return new DocumentReader(instance, table).read(document);
}

export function unknownField(table: Table, kind: 'Attribute' | 'Element', name: string): CampaignFailure {
  const { schema } = table;
  return new CampaignFailure(
    `${kind} '${name}' unknown (see definition of schema '${schema.label} (${schema.id})').`,
  );
}

/** The value of a column from the text of a document. @throws RangeError when it does not fit. */
export function toCell(column: Column, text: string): Cell {
  const policy = column.node.raw.get('dataPolicy');
  const normal = policy === undefined ? text : applyDataPolicy(policy, text);
  const value = toColumnValue(column.type, normal);
  if (typeof value === 'string' && column.type === 'string' && value.length > (column.node.length ?? 255)) {
    throw new RangeError(`value too long for type character varying(${column.node.length ?? 255})`);
  }
  return value;
}

class DocumentReader {
  private readonly instance: Instance;
  private readonly table: Table;

  constructor(instance: Instance, table: Table) {
    this.instance = instance;
    this.table = table;
  }

  read(document: Element): SentDocument {
    const sent: SentDocument = {
      columns: new Map(),
      bodyAttributes: new Map(),
      bodyElements: [],
      links: [],
      collections: [],
    };
    this.readInto(sent, document, this.table.schema.root!, '');
    return sent;
  }

  private readInto(sent: SentDocument, element: Element, definition: SchemaElement, prefix: string): void {
    for (const [name, value] of element.attributes) {
      if (isInstruction(name) || serverMade.has(`${prefix}@${name}`)) continue;
      const node = definition.attributes.get(name);
      if (node === undefined) throw unknownField(this.table, 'Attribute', name);
      this.readField(sent, node, prefix, `@${name}`, value);
    }
    for (const [name, group] of groupByName(element)) this.readChild(sent, definition, prefix, name, group);
  }

  private readField(sent: SentDocument, node: SchemaNode, prefix: string, step: string, value: string): void {
    if (node.expr !== undefined) return;
    const column = this.table.storage.byXPath.get(prefix + step);
    if (column === undefined)
      sent.bodyAttributes.set(prefix + step, { path: prefix, name: node.name, value });
    else sent.columns.set(prefix + step, toCell(column, value));
  }

  private readChild(
    sent: SentDocument,
    definition: SchemaElement,
    prefix: string,
    name: string,
    group: Element[],
  ): void {
    const child = definition.elements.get(name);
    const [first] = group;
    if (child === undefined || first === undefined) throw unknownField(this.table, 'Element', name);
    if (child.type === 'link') {
      if (child.unbound) sent.collections.push({ items: group, link: child, prefix });
      else if (name !== 'createdBy' && name !== 'modifiedBy')
        sent.links.push({ element: first, link: child, prefix });
      return;
    }
    if (child.sqlName === memoColumn) {
      this.readBody(sent, child, first);
      return;
    }
    if (child.xml || child.unbound || child.type === 'ANY') {
      sent.bodyElements.push({ path: prefix, group, definition: child });
      return;
    }
    if (child.type !== undefined) {
      this.readField(sent, child, prefix, name, textOf(first));
      return;
    }
    const scope = enterElement(this.instance.model, child);
    if (scope.kind === 'found') this.readInto(sent, first, scope.element, `${prefix}${name}/`);
  }

  /** `<data>`: source code where the schema says CDATA, otherwise the body itself, packed or not. */
  private readBody(sent: SentDocument, definition: SchemaElement, element: Element): void {
    if (definition.type === 'CDATA') {
      sent.bodyElements.push({ path: '', group: [element], definition });
      return;
    }
    const packed = textOf(element).trim();
    const body = packed === '' ? element : this.unpack(packed);
    for (const [name, value] of body.attributes) {
      if (!isInstruction(name)) sent.bodyAttributes.set(`@${name}`, { path: '', name, value });
    }
    for (const [name, group] of groupByName(body)) {
      sent.bodyElements.push({ path: '', group, definition: this.table.schema.root?.elements.get(name) });
    }
  }

  private unpack(text: string): Element {
    try {
      return parseElement(text);
    } catch (error) {
      if (error instanceof NotWellFormed)
        throw new CampaignFailure(`The element 'data' is no XML: ${error.message}`);
      throw error;
    }
  }
}
