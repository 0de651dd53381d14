import { isAscii } from './replyText.ts';
import { XmlReader, XmlReadError } from './xmlReader.ts';

/** More columns than any query selects; an answer that makes more is not a list of rows. */
const maxColumns = 4000;

/** One place in the shape of a row; shared by all rows. */
interface PathNode {
  /** `''` for the row itself, else `folder/` and the like: what stands before an attribute. */
  readonly prefix: string;
  readonly children: Map<string, PathNode>;
  /** Attribute names last seen here, and the columns they go to. */
  names: readonly string[] | undefined;
  columns: readonly number[];
  /** The columns are 0, 1, 2, …: the reader's array of values can serve as the row. */
  isWhole: boolean;
  textColumn: number;
  /** For repeated siblings: the element they were counted in, and how many. */
  countedIn: number;
  count: number;
}

export interface RowReaderOptions {
  /** Columns to start with, in this order. */
  readonly columns?: readonly string[];
  /** Nesting within a row. Default 256. */
  readonly maxDepth?: number;
  /** Decodes values, when the text was read as `binary`. */
  readonly decode?: ((raw: string) => string) | undefined;
}

/**
 * Turns row elements into arrays of texts: attributes as `@email`, elements within as `folder/@name`, text and CDATA as
 * `data`, a second element of the same name as `folder[2]/@name`. Remembers the shapes it has met, since rows are
 * alike.
 */
export class RowReader {
  readonly #reader: XmlReader;
  readonly #decode: ((raw: string) => string) | undefined;
  #isBroken = false;
  readonly #columnIndex = new Map<string, number>();
  readonly #columns: string[] = [];
  readonly #root = createNode('');
  #row: string[] = [];
  #elementNumber = 0;
  /** From the row inwards: node, its number, its text so far and whether it has elements. */
  readonly #stack: { node: PathNode; id: number; text: string; hasElements: boolean }[] = [];

  constructor(options: RowReaderOptions = {}) {
    this.#reader = new XmlReader({ maxDepth: (options.maxDepth ?? 256) + 1, maxTokenLength: Infinity });
    this.#decode = options.decode;
    for (const column of options.columns ?? []) this.#columnOf(column);
    this.#reader.feed('<rows>');
    this.#reader.next();
  }

  /** See `RowBatch.columns`. */
  get columns(): readonly string[] {
    return this.#columns;
  }

  /**
   * @param text `count` whole elements, each a row; what stands between them is passed over.
   * Throws `XmlReadError`, from then on.
   */
  read(text: string, count: number): string[][] {
    const reader = this.#reader;
    const rows: string[][] = [];
    if (this.#isBroken) throw new XmlReadError('malformed', 'Earlier rows could not be read.');
    this.#isBroken = true;
    reader.decode = this.#decode === undefined || isAscii(text) ? undefined : this.#decode;
    reader.feed(text);
    for (let token = reader.next(); token !== 'more' && token !== 'done'; token = reader.next()) {
      if (token === 'start') {
        if (reader.depth === 2) this.#startRow();
        else this.#startElement();
      } else if (token === 'end') {
        if (reader.depth === 0) throw new XmlReadError('malformed', 'An element ends that never began.');
        this.#endElement();
        if (reader.depth === 1) rows.push(this.#row);
      } else {
        const top = this.#stack.at(-1);
        if (top !== undefined) top.text += reader.text;
      }
    }
    if (reader.depth !== 1 || rows.length !== count) {
      throw new XmlReadError('malformed', 'The elements of its rows are not closed properly.');
    }
    this.#isBroken = false;
    return rows;
  }

  #startRow(): void {
    const reader = this.#reader;
    const node = this.#root;
    if (node.names !== reader.names) this.#learn(node);
    if (node.isWhole) this.#row = reader.values as string[];
    else {
      this.#row = [];
      this.#store(node);
    }
    this.#push(node);
  }

  #startElement(): void {
    const parent = this.#stack.at(-1)!;
    parent.hasElements = true;
    const name = this.#reader.localName;
    let node = this.#childOf(parent.node, name);
    if (node.countedIn === parent.id) {
      node.count++;
      node = this.#childOf(parent.node, `${name}[${node.count}]`);
    } else {
      node.countedIn = parent.id;
      node.count = 1;
    }
    if (node.names !== this.#reader.names) this.#learn(node);
    this.#store(node);
    this.#push(node);
  }

  #endElement(): void {
    const { node, text, hasElements } = this.#stack.pop()!;
    // White space beside elements, and in the row itself, is layout; in an element of its own it is a value.
    const isLayout = (hasElements || node === this.#root) && !/\S/.test(text);
    if (text === '' || isLayout) return;
    if (node.textColumn < 0) {
      node.textColumn = this.#columnOf(node === this.#root ? '.' : this.#toText(node.prefix.slice(0, -1)));
    }
    this.#set(node.textColumn, text);
  }

  #push(node: PathNode): void {
    this.#stack.push({ node, id: ++this.#elementNumber, text: '', hasElements: false });
  }

  #childOf(parent: PathNode, step: string): PathNode {
    let node = parent.children.get(step);
    if (node === undefined) parent.children.set(step, (node = createNode(`${parent.prefix}${step}/`)));
    return node;
  }

  /** Maps the attribute names just read to columns; once per shape, not per row. */
  #learn(node: PathNode): void {
    const { names } = this.#reader;
    node.names = names;
    node.columns = names.map((name) =>
      // Declarations of the wire are not data.
      name === 'xmlns' || name.startsWith('xmlns:')
        ? -1
        : this.#columnOf(this.#toText(`${node.prefix}@${name}`)),
    );
    node.isWhole = node === this.#root && node.columns.every((column, index) => column === index);
  }

  #store(node: PathNode): void {
    const { values } = this.#reader;
    for (let i = 0; i < node.columns.length; i++) {
      const column = node.columns[i]!;
      if (column >= 0) this.#set(column, values[i]!);
    }
  }

  #set(column: number, value: string): void {
    const row = this.#row;
    // Holes would make the array slow and its cells undefined.
    while (row.length < column) row.push('');
    row[column] = value;
  }

  #toText(path: string): string {
    return this.#decode === undefined ? path : this.#decode(path);
  }

  #columnOf(path: string): number {
    let index = this.#columnIndex.get(path);
    if (index === undefined) {
      index = this.#columns.length;
      if (index >= maxColumns) {
        throw new XmlReadError('limit', `The rows have more than ${maxColumns} different fields.`);
      }
      this.#columnIndex.set(path, index);
      this.#columns.push(path);
    }
    return index;
  }
}

function createNode(prefix: string): PathNode {
  return {
    prefix,
    children: new Map(),
    names: undefined,
    columns: [],
    isWhole: false,
    textColumn: -1,
    countedIn: 0,
    count: 0,
  };
}
