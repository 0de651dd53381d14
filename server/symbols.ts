import type { DocumentSymbol, SymbolInformation } from 'vscode-languageserver';

/** An outline for clients that only know flat ones. */
export function flattenSymbols(
  uri: string,
  symbols: readonly DocumentSymbol[],
  containerName?: string,
): SymbolInformation[] {
  return symbols.flatMap((symbol) => [
    {
      name: symbol.name,
      kind: symbol.kind,
      location: { uri, range: symbol.range },
      ...(containerName !== undefined && { containerName }),
    },
    ...flattenSymbols(uri, symbol.children ?? [], symbol.name),
  ]);
}
