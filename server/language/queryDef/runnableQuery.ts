import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from 'vscode-languageserver-types';
import type { QueryAtResult } from '../../../core/protocol/messages.ts';
import {
  attributeValue,
  descendantElements,
  type TextRange,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { QueryRegion } from '../regions.ts';

/** A queryDef whose start schema is written down. */
export interface RunnableQuery {
  schemaId: string;
  operation: string;
  /** Range of the start tag. */
  range: Range;
}

/** The queryDefs of a region that name their schema, for a "Run query" above each. */
export function runnableQueries(document: TextDocument, region: QueryRegion): RunnableQuery[] {
  return queriesOf(region).flatMap((element) => {
    const schemaId = attributeValue(element, 'schema') ?? '';
    if (schemaId === '') return [];
    const operation = attributeValue(element, 'operation') ?? 'select';
    return [
      { schemaId, operation, range: toRange(document, { start: element.start, end: element.openEnd }) },
    ];
  });
}

/**
 * The queryDef around an offset, or the only one of its region, as it would be sent. Embedded JavaScript is reported as `holes` and left in the text, so
 * whoever runs the query can put a value in its place or refuse.
 */
export function toRunnableQuery(
  document: TextDocument,
  region: QueryRegion,
  offset: number,
): QueryAtResult | null {
  const queries = queriesOf(region);
  const element =
    queries.find(({ start, end }) => offset >= start && offset <= end) ??
    // A file just opened has its cursor at the top, before the comment above its one query.
    (queries.length === 1 ? queries[0] : undefined);
  if (element === undefined) return null;
  const inside = region.holes.filter((hole) => hole.start >= element.start && hole.end <= element.end);
  return {
    xml: region.text.slice(element.start, element.end),
    schemaId: attributeValue(element, 'schema') ?? '',
    operation: attributeValue(element, 'operation') ?? 'select',
    range: toRange(document, element),
    holes: inside.map((hole) => {
      const attribute = attributeAt(element, hole);
      return {
        source: region.text.slice(hole.start + 1, hole.end - 1).trim(),
        ...(attribute !== undefined && { attribute }),
        start: hole.start - element.start,
        end: hole.end - element.start,
      };
    }),
  };
}

function queriesOf(region: QueryRegion): XmlElement[] {
  return region.xml.nodes.flatMap((node) =>
    node.kind === 'element' && node.localName === 'queryDef' ? [node] : [],
  );
}

function attributeAt(root: XmlElement, hole: TextRange): string | undefined {
  for (const element of descendantElements(root)) {
    const attribute = element.attributes.find(({ start, end }) => hole.start >= start && hole.end <= end);
    if (attribute !== undefined) return attribute.name;
  }
  return undefined;
}

function toRange(document: TextDocument, range: TextRange): Range {
  return { start: document.positionAt(range.start), end: document.positionAt(range.end) };
}
