import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { attributeValue, type TextRange, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { LanguageDocument } from '../languageService.ts';
import { toLspRange } from '../queryDef/queryRanges.ts';
import type { EmbeddedDocument } from './embedDocuments.ts';
import { nameOf } from './scriptElements.ts';

/** An entry of the outline and the stretch it covers. */
interface Entry extends TextRange {
  symbol: DocumentSymbol;
}

/**
 * The outline of an entity: its activities and whatever else holds scripts or queries, with these inside.
 * @param queries the outline of its queries.
 * @param symbolsOf the outline of a document inside it.
 */
export function entitySymbols(
  { document, regions }: LanguageDocument,
  queries: readonly DocumentSymbol[],
  symbolsOf: (inner: EmbeddedDocument) => DocumentSymbol[],
): DocumentSymbol[] {
  const { entity, embedded = [] } = regions;
  if (entity?.root === undefined) return [...queries];
  const toSymbol = (element: XmlElement, name: string, detail: string, kind: SymbolKind): DocumentSymbol => ({
    name: name.trim() === '' ? element.localName : name.trim(),
    detail,
    kind,
    range: toLspRange({ document }, element),
    selectionRange: toLspRange({ document }, { start: element.nameStart, end: element.nameEnd }),
    children: [],
  });
  const entries: Entry[] = [];
  for (const element of namedElements(entity.root)) {
    const symbol = toSymbol(
      element,
      attributeValue(element, 'label') ?? nameOf(element),
      element.localName,
      element.parent?.localName === 'activities' ? SymbolKind.Event : SymbolKind.Package,
    );
    entries.push({ start: element.start, end: element.end, symbol });
  }
  for (const inner of embedded) {
    const { element, attribute } = inner;
    // The value of a field is a detail of its activity.
    if (attribute !== undefined) continue;
    const symbols = symbolsOf(inner);
    // A schema source is an entry already.
    const [only] = symbols;
    const symbol =
      inner.file.regions.schema !== undefined && only !== undefined
        ? only
        : { ...toSymbol(element, element.localName, '', SymbolKind.Method), children: symbols };
    entries.push({ start: element.start, end: element.end, symbol });
  }
  for (const symbol of queries) {
    entries.push({
      start: document.offsetAt(symbol.range.start),
      end: document.offsetAt(symbol.range.end),
      symbol,
    });
  }
  return nested(entries);
}

/** The entities of a package and the activities of a workflow. */
function* namedElements(root: XmlElement): Generator<XmlElement> {
  const pending: XmlElement[] = [root];
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    const group = element.parent?.localName;
    const isEntity = group === undefined || group === 'entities';
    const isGroup = element.localName === 'package' || element.localName === 'entities';
    if ((isEntity || group === 'activities') && !isGroup && element.localName !== 'srcSchema') yield element;
    for (let at = element.children.length - 1; at >= 0; at--) {
      const child = element.children[at]!;
      if (child.kind === 'element') pending.push(child);
    }
  }
}

/** Puts each entry inside the innermost one around it. */
function nested(entries: Entry[]): DocumentSymbol[] {
  const top: DocumentSymbol[] = [];
  const open: Entry[] = [];
  for (const entry of entries.sort((a, b) => a.start - b.start || b.end - a.end)) {
    while (open.length > 0 && open.at(-1)!.end < entry.end) open.pop();
    const around = open.at(-1);
    if (around === undefined) top.push(entry.symbol);
    else (around.symbol.children ??= []).push(entry.symbol);
    open.push(entry);
  }
  return top;
}
