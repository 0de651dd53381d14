import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
} from 'vscode-languageserver-types';
import {
  offeredAttributes,
  queryElement,
  queryFragments,
  queryRoots,
  type QueryAttributeRow,
  type QueryElementRow,
  type QueryValueRow,
} from '../../../core/queryDef/grammar.ts';
import {
  attributeOf,
  childElements,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { ElementNameMode } from '../xmlCompletionMode.ts';
import { clauseOf, type EditorFeatures, type QueryContext } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';

/** Clauses and containers that a parent holds once. */
const onlyOnce: ReadonlySet<string> = new Set([
  'select',
  'where',
  'orderBy',
  'groupBy',
  'having',
  'subQuery',
  'tempSchemas',
  'set',
]);

/** What an element is written with, as a snippet without its `<`. */
const bodies: Readonly<Record<string, string>> = {
  queryDef:
    'queryDef schema="$1" operation="${2|select,get,getIfExists,count|}">\n\t<select>\n\t\t<node expr="$3"/>\n\t</select>\n\t<where>\n\t\t<condition expr="$4"/>\n\t</where>\n</queryDef>',
  select: 'select>\n\t<node expr="$1"/>\n</select>',
  where: 'where>\n\t<condition expr="$1"/>\n</where>',
  orderBy: 'orderBy>\n\t<node expr="$1"/>\n</orderBy>',
  groupBy: 'groupBy>\n\t<node expr="$1"/>\n</groupBy>',
  having: 'having>\n\t<condition expr="$1"/>\n</having>',
  node: 'node expr="$1"/>',
  condition: 'condition expr="$1"/>',
  subQuery:
    'subQuery schema="$1">\n\t<select>\n\t\t<node expr="$2"/>\n\t</select>\n\t<where>\n\t\t<condition expr="$3"/>\n\t</where>\n</subQuery>',
  sysFilter: 'sysFilter>\n\t<condition expr="$1"/>\n</sysFilter>',
};

/**
 * Elements that may stand below `parent`, or start the document.
 * @param replace what the item replaces: the half-typed name, or nothing between tags.
 */
export function completeElements(
  context: QueryContext,
  editor: EditorFeatures,
  parent: XmlElement | undefined,
  replace: TextRange,
  mode: ElementNameMode,
): CompletionItem[] {
  return allowedElements(context, parent, replace).map((row, index) => {
    const start = mode === 'content' ? '<' : '';
    const body = bodies[row.name] ?? `${row.name}>$1</${row.name}>`;
    const isSnippet = mode !== 'name' && editor.snippets;
    const newText = isSnippet ? `${start}${body}` : `${start}${row.name}`;
    return {
      label: row.name,
      kind: CompletionItemKind.Struct,
      sortText: String(index).padStart(2, '0'),
      filterText: `${start}${row.name}`,
      documentation: { kind: MarkupKind.Markdown, value: row.doc },
      textEdit: { range: toLspRange(context, replace), newText },
      ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet }),
    };
  });
}

function allowedElements(
  context: QueryContext,
  parent: XmlElement | undefined,
  replace: TextRange,
): QueryElementRow[] {
  if (parent === undefined) {
    if (context.region.inScript) {
      return [...queryRoots, ...queryFragments].flatMap((name) => queryElement(name) ?? []);
    }
    return ['queryDef', 'queryFilter'].flatMap((name) => queryElement(name) ?? []);
  }
  const siblings = childElements(parent);
  const typed = siblings.find((child) => child.nameStart === replace.start && child.nameEnd === replace.end);
  // A tag that is just begun swallows the elements behind it.
  if (typed?.openTagClosed === false) siblings.push(...childElements(typed));
  const present = new Set(siblings.filter((child) => child !== typed).map((child) => child.localName));
  return (queryElement(parent.localName)?.children ?? [])
    .filter((name) => !onlyOnce.has(name) || !present.has(name))
    .flatMap((name) => queryElement(name) ?? []);
}

/**
 * Attributes an element does not have yet; the one being typed is replaced.
 * @param hasValue the value is there already: only the name is written.
 */
export function completeAttributes(
  context: QueryContext,
  editor: EditorFeatures,
  element: XmlElement,
  current: XmlAttribute | undefined,
  replace: TextRange,
  hasValue: boolean,
): CompletionItem[] {
  const clause = element.localName === 'node' ? clauseOf(element) : undefined;
  return offeredAttributes(element.localName, clause)
    .filter((row) => attributeOf(element, row.name) === undefined || row.name === current?.name)
    .map((row, index) => {
      const withValue = !hasValue;
      const opensList = row.kind !== 'integer' && row.kind !== 'text' && row.kind !== 'sql';
      return {
        label: row.name,
        kind: CompletionItemKind.Property,
        sortText: String(index).padStart(2, '0'),
        documentation: { kind: MarkupKind.Markdown, value: attributeDocumentation(row) },
        textEdit: {
          range: toLspRange(context, replace),
          newText: withValue ? attributeText(row, editor) : row.name,
        },
        ...(withValue && editor.snippets && { insertTextFormat: InsertTextFormat.Snippet }),
        ...(withValue &&
          editor.snippets &&
          opensList &&
          editor.suggestCommand !== undefined && {
            command: { title: 'Suggest', command: editor.suggestCommand },
          }),
      };
    });
}

function attributeText(row: QueryAttributeRow, editor: EditorFeatures): string {
  if (!editor.snippets) return `${row.name}=""`;
  // A flag is only ever added to be set.
  return row.kind === 'boolean' ? `${row.name}="\${1|true,false|}"` : `${row.name}="$1"`;
}

/** The closed list of values of an attribute. */
export function completeChoices(
  context: QueryContext,
  row: QueryAttributeRow,
  replace: TextRange,
): CompletionItem[] {
  return (row.values ?? []).map((value, index) => ({
    label: value.name,
    kind: row.kind === 'boolean' ? CompletionItemKind.Value : CompletionItemKind.EnumMember,
    sortText: String(index).padStart(2, '0'),
    ...(value.doc !== '' && { documentation: { kind: MarkupKind.Markdown, value: value.doc } }),
    textEdit: { range: toLspRange(context, replace), newText: value.name },
  }));
}

/** An attribute in words: what it means, and its values. */
export function attributeDocumentation(row: QueryAttributeRow): string {
  const values = (row.values ?? []).filter((value) => value.doc !== '');
  return [row.doc, ...values.map(valueLine)].join('\n');
}

function valueLine(value: QueryValueRow): string {
  return `\n- \`${value.name}\`: ${value.doc}`;
}
