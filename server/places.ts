import type { CancellationToken, Position } from 'vscode-languageserver';
import type { LanguageDocument, LanguageService } from './language/languageService.ts';
import type { LanguageModel } from './language/model.ts';
import { safely, type Cancelled } from './requests.ts';
import type { Session } from './session.ts';

export interface DocumentParams {
  textDocument: { uri: string };
}

export interface PositionParams extends DocumentParams {
  position: Position;
}

/** Where a request is asked, and of whom. */
export interface Place {
  service: LanguageService;
  view: LanguageModel;
  document: LanguageDocument;
  offset: number;
}

type Handler<Params, Result> = (params: Params, token: CancellationToken) => Promise<Result | Cancelled>;

/** The handler of a request at a position: finds the document and asks the language service. */
export function handlerAt<Params extends PositionParams, Result>(
  session: Session,
  name: string,
  empty: Result,
  ask: (place: Place, params: Params) => Result,
): Handler<Params, Result> {
  return safely<Params, Result>(session.log, name, empty, async (params, token) => {
    const document = session.documents.get(params.textDocument.uri);
    if (document === undefined) return empty;
    const offset = document.document.offsetAt(params.position);
    const service = await session.serviceFor(document, offset);
    return (await session.run((view) => ask({ service, view, document, offset }, params), token)).value;
  });
}

/** The handler of a request for a document as a whole. */
export function handlerOf<Params extends DocumentParams, Result>(
  session: Session,
  name: string,
  empty: Result,
  ask: (place: Omit<Place, 'offset'>, params: Params) => Result,
): Handler<Params, Result> {
  return safely<Params, Result>(session.log, name, empty, async (params, token) => {
    const document = session.documents.get(params.textDocument.uri);
    if (document === undefined) return empty;
    const service = await session.serviceFor(document);
    return (await session.run((view) => ask({ service, view, document }, params), token)).value;
  });
}
