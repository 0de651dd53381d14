import { escapeXmlAttribute, escapeXmlText } from '../../core/xml/entities.ts';
import type { GridExportFormat } from '../../core/protocol/gridMessages.ts';

/**
 * Rows as the text of a file, part by part. Values are what the server sent, never what the grid makes of them.
 * Columns may grow at the end between parts; a row may be shorter than the columns, what is missing is empty.
 */
export interface RowWriter {
  setColumns(xpaths: readonly string[]): void;
  /** The text of further rows. */
  rows(rows: readonly (readonly string[])[]): string;
  /** What stands before and after all the parts; to be asked for at the end. */
  frame(): { readonly head: string; readonly tail: string };
}

/** @param schemaId names the elements of XML: those of `nms:recipient` are `recipient`. */
export function createRowWriter(format: GridExportFormat, schemaId: string): RowWriter {
  switch (format) {
    case 'csv':
      return new CsvWriter();
    case 'json':
      return new JsonWriter();
    case 'xml':
      return new XmlWriter(toName(schemaId.slice(schemaId.indexOf(':') + 1)));
  }
}

/** RFC 4180, xpaths as header, with a byte order mark so that spreadsheets read accents. */
class CsvWriter implements RowWriter {
  #columns: readonly string[] = [];

  setColumns(xpaths: readonly string[]): void {
    this.#columns = xpaths;
  }

  rows(rows: readonly (readonly string[])[]): string {
    return rows.map((row) => this.#line(this.#columns.map((_, column) => row[column] ?? ''))).join('');
  }

  frame(): { head: string; tail: string } {
    return { head: `\uFEFF${this.#line(this.#columns)}`, tail: '' };
  }

  #line(values: readonly string[]): string {
    return `${values.map(quoteCsv).join(',')}\r\n`;
  }
}

/** An array of objects keyed by xpath. */
class JsonWriter implements RowWriter {
  #names: readonly string[] = [];
  #count = 0;

  setColumns(xpaths: readonly string[]): void {
    this.#names = xpaths.map((xpath) => JSON.stringify(xpath));
  }

  rows(rows: readonly (readonly string[])[]): string {
    return rows
      .map((row) => {
        const values = this.#names.map((name, column) => `${name}: ${JSON.stringify(row[column] ?? '')}`);
        return `${this.#count++ === 0 ? '' : ',\n'}  { ${values.join(', ')} }`;
      })
      .join('');
  }

  frame(): { head: string; tail: string } {
    return this.#count === 0 ? { head: '[', tail: ']\n' } : { head: '[\n', tail: '\n]\n' };
  }
}

interface Shape {
  /** Columns of attributes, by name. */
  readonly attributes: Map<string, number>;
  readonly elements: Map<string, Shape>;
  /** The column of the element's own text. */
  text: number | undefined;
}

/** In the shape of the answer: `folder/@label` is an attribute of an element `folder`. Empty values are left out. */
class XmlWriter implements RowWriter {
  readonly #name: string;
  #shape = createShape();

  constructor(name: string) {
    this.#name = name;
  }

  setColumns(xpaths: readonly string[]): void {
    this.#shape = createShape();
    xpaths.forEach((xpath, column) => {
      let shape = this.#shape;
      for (const step of xpath.split('/')) {
        if (step.startsWith('@')) {
          shape.attributes.set(toName(step.slice(1)), column);
          return;
        }
        const name = toName(step);
        let inner = shape.elements.get(name);
        if (inner === undefined) shape.elements.set(name, (inner = createShape()));
        shape = inner;
      }
      shape.text = column;
    });
  }

  rows(rows: readonly (readonly string[])[]): string {
    return rows
      .map((row) => `  ${writeElement(this.#name, this.#shape, row) || `<${this.#name}/>`}\n`)
      .join('');
  }

  frame(): { head: string; tail: string } {
    const root = `${this.#name}-collection`;
    return { head: `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>\n`, tail: `</${root}>\n` };
  }
}

function createShape(): Shape {
  return { attributes: new Map(), elements: new Map(), text: undefined };
}

/** @returns `''` for an element that would be empty. */
function writeElement(name: string, shape: Shape, row: readonly string[]): string {
  let attributes = '';
  for (const [attribute, column] of shape.attributes) {
    const value = row[column] ?? '';
    if (value !== '') attributes += ` ${attribute}="${escapeXmlAttribute(value)}"`;
  }
  let content = shape.text === undefined ? '' : escapeXmlText(row[shape.text] ?? '');
  for (const [child, inner] of shape.elements) content += writeElement(child, inner, row);
  if (attributes === '' && content === '') return '';
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

/** What cannot stand in a name of XML becomes `_`. */
function toName(text: string): string {
  const name = text.replaceAll(/[^\p{L}\p{N}_.-]/gu, '_');
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`;
}

function quoteCsv(value: string): string {
  return /[,\n\r"]/.test(value) || value !== value.trim() ? `"${value.replaceAll('"', '""')}"` : value;
}
