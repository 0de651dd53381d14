import {
  SymbolKind,
  type CancellationToken,
  type Connection,
  type WorkspaceSymbol,
  type WorkspaceSymbolParams,
} from 'vscode-languageserver';
import { toLocation } from './navigation.ts';
import { safely } from './requests.ts';
import { schemaDocumentUri } from './schemaDocument.ts';
import { ScriptSymbols } from './scriptSymbols.ts';
import type { Session } from './session.ts';

/** More than a person reads; the editor asks again with every character. */
const mostSymbols = 400;
/** A client that cannot ask for the place of a symbol later gets it at once, which takes reading the schema. */
const mostResolved = 20;

/** Finds functions of the scripts of the workspace, and schemas of the model, by name. */
export function registerWorkspaceSymbols(connection: Connection, session: Session): void {
  const { log } = session;
  const scripts = new ScriptSymbols();

  const findScripts = async (query: string, token: CancellationToken): Promise<WorkspaceSymbol[]> => {
    const readNames = await session.nameReader();
    if (readNames === undefined) return [];
    const open = session.documents.open().filter(({ regions }) => regions.kind === 'script');
    const symbols = await scripts.list(
      await session.files.list(),
      open.map(({ document }) => document),
      readNames,
      () => token.isCancellationRequested,
    );
    return symbols.filter(({ name, containerName = '' }) => matches(`${containerName}.${name}`, query));
  };
  const findSchemas = async (query: string): Promise<WorkspaceSymbol[]> => {
    const entries = (await session.model.loadList()) ?? [];
    const found = entries.filter(({ id, label }) => matches(id, query) || matches(label, query));
    const symbols = found.map(({ id, label }): WorkspaceSymbol => ({
      name: id,
      kind: SymbolKind.Class,
      ...(label !== id && { containerName: label }),
      location: { uri: schemaDocumentUri(id) },
      data: { schemaId: id },
    }));
    if (session.settings.resolvesSymbols) return symbols;
    const resolved = await Promise.all(
      symbols.slice(0, mostResolved).map((symbol) => resolveSymbol(session, symbol)),
    );
    return resolved.filter(({ location }) => 'range' in location);
  };

  connection.onWorkspaceSymbol(
    safely<WorkspaceSymbolParams, WorkspaceSymbol[]>(
      log,
      'workspace symbols',
      [],
      async ({ query }, token) => {
        const [names, schemas] = await Promise.all([findScripts(query, token), findSchemas(query)]);
        return [...names, ...schemas].slice(0, mostSymbols);
      },
    ),
  );
  connection.onWorkspaceSymbolResolve(async (symbol, token) => {
    const resolve = safely(log, 'symbol', symbol, () => resolveSymbol(session, symbol));
    const resolved = await resolve(symbol, token);
    return 'name' in resolved && 'location' in resolved ? resolved : symbol;
  });
}

async function resolveSymbol(session: Session, symbol: WorkspaceSymbol): Promise<WorkspaceSymbol> {
  const { schemaId } = (symbol.data ?? {}) as { schemaId?: string };
  if (schemaId === undefined) return symbol;
  const location = await toLocation(session, { kind: 'schema', target: { schemaId, start: 0, end: 0 } });
  return location === undefined || location.uri === '' ? symbol : { ...symbol, location };
}

/** Do the characters of a query come in a name in their order, whatever their case? As editors match. */
function matches(name: string, query: string): boolean {
  const folded = name.toLowerCase();
  let at = 0;
  for (const character of query.toLowerCase().replace(/\s+/g, '')) {
    at = folded.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
