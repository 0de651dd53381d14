import type * as ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { queryElement } from '../../../core/queryDef/grammar.ts';
import { decodeXml } from '../../../core/xml/entities.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import type { TextRange, XmlElement } from '../../../core/xml/xmlTree.ts';
import type { QueryContext } from '../queryDef/queryContext.ts';
import { nameAt, treeOf } from './symbolsAt.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** A stretch of the query as XML that stands for a stretch of the script of the same length. */
interface Segment {
  xmlStart: number;
  scriptStart: number;
  length: number;
  /** The quotes of the string it is in; `undefined` for names. */
  quote: string | undefined;
}

/** The object of a script that stands for an element; offsets are those of the script. */
export interface QueryObject extends TextRange {
  /** Behind the last property that is an attribute; `undefined` when there is none. */
  lastAttribute: number | undefined;
  /** One of an array, and not the value of a property of its own. */
  isItem: boolean;
}

/**
 * A query in its object form, `{queryDef: {schema: "nms:recipient", …}}`, written out as the XML it stands for, so that
 * the queryDef features answer for it, too. Strings keep their length, and with it every offset inside them.
 */
export interface ObjectQuery {
  context: QueryContext;
  /** Offset in the script → offset in the XML; `undefined` outside of strings. */
  toXml(offset: number): number | undefined;
  /** Range in the XML → range in the script; `undefined` where nothing in the script stands for it. */
  toScript(range: TextRange): TextRange | undefined;
  /** Where the object of an element of the XML is. */
  objectOf(element: Pick<XmlElement, 'start'>): QueryObject | undefined;
  /** Text for the XML as text for the string of the script at that offset. */
  toString(xmlText: string, offset: number): string;
}

/** The query whose string an offset is in. */
export function objectQueryAt(project: ScriptProject, offset: number): ObjectQuery | undefined {
  const tree = treeOf(project);
  const name = tree && nameAt(project, tree.file, offset);
  if (tree === undefined || name === undefined || !project.ts.isStringLiteralLike(name)) return undefined;
  if (offset <= name.getStart(tree.file)) return undefined;
  let root: ts.PropertyAssignment | undefined;
  for (let node = name.parent; !project.ts.isSourceFile(node); node = node.parent) {
    if (isQueryProperty(project, node)) root = node;
  }
  const query = root && new ObjectQueryWriter(project, tree.file, root).write();
  return query?.toXml(offset) === undefined ? undefined : query;
}

/** Every query of a script in its object form. */
export function objectQueries(project: ScriptProject): ObjectQuery[] {
  if (!project.text.includes('queryDef')) return [];
  const tree = treeOf(project);
  const found: ObjectQuery[] = [];
  const visit = (node: ts.Node): void => {
    if (tree !== undefined && isQueryProperty(project, node)) {
      found.push(new ObjectQueryWriter(project, tree.file, node).write());
    } else project.ts.forEachChild(node, visit);
  };
  if (tree !== undefined) visit(tree.file);
  return found;
}

function isQueryProperty({ ts }: ScriptProject, node: ts.Node): node is ts.PropertyAssignment {
  return (
    ts.isPropertyAssignment(node) &&
    !ts.isComputedPropertyName(node.name) &&
    !ts.isPrivateIdentifier(node.name) &&
    node.name.text === 'queryDef' &&
    ts.isObjectLiteralExpression(node.initializer)
  );
}

class ObjectQueryWriter {
  private readonly project: ScriptProject;
  private readonly file: ts.SourceFile;
  private readonly root: ts.PropertyAssignment;
  private readonly segments: Segment[] = [];
  private readonly holes: TextRange[] = [];
  /** By the start of the element. */
  private readonly objects = new Map<number, QueryObject>();
  private xml = '';

  constructor(project: ScriptProject, file: ts.SourceFile, root: ts.PropertyAssignment) {
    this.project = project;
    this.file = file;
    this.root = root;
  }

  write(): ObjectQuery {
    this.writeElement(this.root.name, this.root.initializer as ts.ObjectLiteralExpression, false);
    const { document, model } = this.project;
    const { objects, segments, xml: text } = this;
    const xml = parseXml(text, { holes: this.holes });
    const region = {
      start: 0,
      end: text.length,
      text,
      xml,
      root: xml.root,
      inScript: true,
      closed: true,
      holes: this.holes,
    };
    const at = (offset: number): Segment | undefined =>
      segments.find(({ xmlStart, length }) => offset >= xmlStart && offset <= xmlStart + length);
    return {
      context: {
        model,
        document: TextDocument.create(document.uri, 'campaign-querydef', document.version, text),
        region,
      },
      toXml(offset) {
        const found = segments.find(
          ({ scriptStart, length, quote }) =>
            quote !== undefined && offset >= scriptStart && offset <= scriptStart + length,
        );
        return found && found.xmlStart + offset - found.scriptStart;
      },
      toScript({ start, end }) {
        const found = at(start);
        if (found === undefined || end > found.xmlStart + found.length) return undefined;
        const shift = found.scriptStart - found.xmlStart;
        return { start: start + shift, end: end + shift };
      },
      objectOf: ({ start }) => objects.get(start),
      toString(xmlText, offset) {
        const quote = at(offset)?.quote ?? '"';
        return decodeXml(xmlText).replace(/\\/g, '\\\\').replaceAll(quote, `\\${quote}`);
      },
    };
  }

  private copy(text: string, scriptStart: number, quote?: string): void {
    this.segments.push({ xmlStart: this.xml.length, scriptStart, length: text.length, quote });
    this.xml += text;
  }

  private writeElement(name: ts.PropertyName, object: ts.ObjectLiteralExpression, isItem: boolean): void {
    const { ts } = this.project;
    const entry: QueryObject = {
      start: object.getStart(this.file),
      end: object.end,
      lastAttribute: undefined,
      isItem,
    };
    this.objects.set(this.xml.length, entry);
    this.xml += '<';
    this.writeName(name);
    const children: [ts.PropertyName, ts.ObjectLiteralExpression, isItem: boolean][] = [];
    let hasUnknown = false;
    for (const property of object.properties) {
      if (!ts.isPropertyAssignment(property)) continue;
      const { initializer } = property;
      if (ts.isObjectLiteralExpression(initializer)) children.push([property.name, initializer, false]);
      else if (ts.isArrayLiteralExpression(initializer)) {
        for (const item of initializer.elements) {
          if (ts.isObjectLiteralExpression(item)) children.push([property.name, item, true]);
        }
      } else if (
        queryElement(this.nameText(property.name)) === undefined ||
        ts.isStringLiteral(initializer)
      ) {
        this.writeAttribute(property.name, initializer);
        entry.lastAttribute = property.end;
      }
      // `node: nodes`: elements, but which is not known.
      else hasUnknown = true;
    }
    if (children.length === 0 && !hasUnknown) {
      this.xml += '/>';
      return;
    }
    this.xml += '>';
    if (hasUnknown) {
      this.holes.push({ start: this.xml.length, end: this.xml.length + 2 });
      this.xml += '{}';
    }
    for (const [childName, child, isChildItem] of children) this.writeElement(childName, child, isChildItem);
    this.xml += `</${this.nameText(name)}>`;
  }

  private nameText(name: ts.PropertyName): string {
    const { ts } = this.project;
    const text = ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : '';
    return /^[A-Za-z_][\w.-]*$/.test(text) ? text : '_';
  }

  private writeName(name: ts.PropertyName): void {
    const start = name.getStart(this.file);
    const isQuoted = this.project.ts.isStringLiteralLike(name);
    this.copy(this.nameText(name), isQuoted ? start + 1 : start);
  }

  private writeAttribute(name: ts.PropertyName, value: ts.Expression): void {
    const { ts } = this.project;
    this.xml += ' ';
    this.writeName(name);
    this.xml += '=';
    const source = this.project.text.slice(value.getStart(this.file), value.end);
    if (ts.isStringLiteral(value)) this.writeString(source, value.getStart(this.file));
    else if (/^(?:-?\d+(?:\.\d+)?|true|false)$/.test(source)) this.xml += `"${source}"`;
    else {
      this.holes.push({ start: this.xml.length, end: this.xml.length + 2 });
      this.xml += '{}';
    }
  }

  private writeString(source: string, start: number): void {
    const quote = source.charAt(0);
    const isClosed = source.length > 1 && source.endsWith(quote);
    // An escape becomes what it stands for and a blank, outside of the string that an escaped quote begins or ends.
    let quoteCount = 0;
    const text = source.slice(1, isClosed ? -1 : undefined).replace(/\\([^])/g, (_, escaped: string) => {
      if (escaped === '"' || escaped === "'") return quoteCount++ % 2 === 0 ? ` ${escaped}` : `${escaped} `;
      return escaped === '\\' ? ' \\' : '  ';
    });
    const xmlQuote = text.includes('"') ? "'" : '"';
    this.xml += xmlQuote;
    this.copy(text.replaceAll(xmlQuote, ' '), start + 1, quote);
    this.xml += xmlQuote;
  }
}
