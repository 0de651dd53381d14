import type { RowBatch } from './soapClient.ts';
import { XmlReadError, type XmlReader } from './xmlReader.ts';

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

/**
 * Turns the element of an `ExecuteQuery` answer into rows, while it arrives. Feed the reader; after each piece call `read`.
 *
 * Each row element becomes an array of texts: attributes as `@email`, elements within as `folder/@name`, text and CDATA as
 * `data`, a second element of the same name as `folder[2]/@name`. A single element (`get`, `count`) is one row.
 */
export class RowReader {
  readonly #reader: XmlReader;
  readonly #columnIndex = new Map<string, number>();
  readonly #columns: string[] = [];
  readonly #root = createNode('');
  readonly #batchRows: number;
  /** Depth of the element whose children are rows, or of the row itself. */
  readonly #outputDepth: number;
  #rowDepth = 0;
  #rows: (readonly string[])[] = [];
  #row: string[] = [];
  #elementNumber = 0;
  /** From the row inwards: node, its number, its text so far and whether it has elements. */
  readonly #stack: { node: PathNode; id: number; text: string; hasElements: boolean }[] = [];

  /**
   * @param outputDepth depth of the result parameter (`pdomOutput`); the result element is one deeper.
   */
  constructor(
    reader: XmlReader,
    outputDepth: number,
    options: { columns?: readonly string[]; batchRows?: number } = {},
  ) {
    this.#reader = reader;
    this.#outputDepth = outputDepth;
    this.#batchRows = Math.max(1, options.batchRows ?? 500);
    for (const column of options.columns ?? []) this.#columnOf(column);
  }

  /**
   * Reads as far as what was fed allows.
   * @returns a full batch (call again), or `more` or `done`, either with the rows read so far (`batch` is absent for none).
   * Throws `XmlReadError`.
   */
  read(): { state: 'full' | 'more' | 'done'; batch?: RowBatch } {
    const reader = this.#reader;
    for (;;) {
      const token = reader.next();
      if (token === 'start') this.#onStart();
      else if (token === 'end') {
        if (this.#rowDepth > 0) {
          if (reader.depth >= this.#rowDepth - 1) this.#onEnd();
          else this.#rowDepth = Infinity; // The result element has ended; whatever follows is no row.
        }
        if (this.#rows.length >= this.#batchRows) return { state: 'full', ...this.#takeBatch() };
      } else if (token === 'text') {
        const top = this.#stack.at(-1);
        if (top !== undefined) top.text += reader.text;
      } else return { state: token, ...this.#takeBatch() };
    }
  }

  #takeBatch(): { batch?: RowBatch } {
    if (this.#rows.length === 0) return {};
    const rows = this.#rows;
    this.#rows = [];
    return { batch: { columns: this.#columns, rows } };
  }

  #onStart(): void {
    const reader = this.#reader;
    const { depth } = reader;
    if (this.#rowDepth === 0) {
      if (depth !== this.#outputDepth + 1) return;
      // `select` wraps its rows, even a single one; `get` and `count` do not.
      if (reader.localName.endsWith('-collection')) {
        this.#rowDepth = depth + 1;
        return;
      }
      this.#rowDepth = depth;
    }
    if (depth < this.#rowDepth) return;
    if (depth === this.#rowDepth) this.#startRow();
    else this.#startElement();
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

  #onEnd(): void {
    const { node, text, hasElements } = this.#stack.pop()!;
    // White space between elements is layout; in an element of its own it is a value.
    if (text !== '' && (!hasElements || /\S/.test(text)) && !(this.#stack.length === 0 && !/\S/.test(text))) {
      if (node.textColumn < 0)
        node.textColumn = this.#columnOf(node === this.#root ? '.' : node.prefix.slice(0, -1));
      this.#set(node.textColumn, text);
    }
    if (this.#stack.length === 0) this.#rows.push(this.#row);
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
      name === 'xmlns' || name.startsWith('xmlns:') ? -1 : this.#columnOf(`${node.prefix}@${name}`),
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
