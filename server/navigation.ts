import {
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
  type DocumentHighlight,
  type LinkedEditingRanges,
  type Location,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseDocument } from './documents.ts';
import { asksScripts } from './language/embedded/embeddedService.ts';
import type { DefinitionTarget } from './language/javascript/javaScriptService.ts';
import type { LanguageDocument } from './language/languageService.ts';
import { tagNamePattern } from './language/linkedTags.ts';
import { handlerAt, type Place, type PositionParams } from './places.ts';
import { safely } from './requests.ts';
import { createSchemaLocator } from './schemaLocation.ts';
import type { Session } from './session.ts';

/** Answers what leads from one place to others: definitions, references, renames, the other tag of an element. */
export function registerNavigation(connection: Connection, session: Session): void {
  const { log } = session;

  /** The handler of a request whose targets may be places of schemas. */
  const leadingTo = (name: string, find: (place: Place) => DefinitionTarget[]) => {
    const findTargets = handlerAt<PositionParams, DefinitionTarget[]>(session, name, [], find);
    return safely<PositionParams, Location[]>(log, name, [], async (params, token) => {
      const targets = await findTargets(params, token);
      if (targets instanceof ResponseError) return [];
      const locations = await Promise.all(targets.map((target) => toLocation(session, target)));
      return locations.filter((location) => location !== undefined);
    });
  };
  connection.onDefinition(
    leadingTo('definition', ({ service, view, document, offset }) =>
      service.definition(view, document, offset),
    ),
  );
  connection.onTypeDefinition(
    leadingTo('type definition', ({ service, view, document, offset }) =>
      service.typeDefinition(view, document, offset),
    ),
  );

  /** Runs a feature that looks into the other documents that may speak of what is at a position, too. */
  const withOthers = async <Result>(
    { textDocument, position }: PositionParams,
    token: CancellationToken,
    empty: Result,
    ask: (place: Place, others: readonly LanguageDocument[]) => Result,
  ): Promise<Result> => {
    const document = session.documents.get(textDocument.uri);
    if (document === undefined) return empty;
    const offset = document.document.offsetAt(position);
    const asked = await session.serviceFor(document, offset);
    const { value: word } = await session.run((view) => asked.referenceWord(view, document, offset), token);
    const others = word === undefined ? [] : await documentsContaining(session, word, document, token);
    // A query's fields are used by scripts, too.
    const script = [document, ...others].find((other) => word !== undefined && asksScripts(other));
    const service = script === undefined ? asked : await session.serviceFor(script);
    const run = await session.run((view) => ask({ service, view, document, offset }, others), token);
    return run.value;
  };
  connection.onReferences(
    safely<PositionParams, Location[]>(log, 'references', [], (params, token) =>
      withOthers(params, token, [], ({ service, view, document, offset }, others) =>
        service.references(view, document, offset, others),
      ),
    ),
  );
  connection.onPrepareRename(
    handlerAt(session, 'prepare rename', null, ({ service, view, document, offset }) =>
      orRefusal(service.prepareRename(view, document, offset)),
    ),
  );
  type RenameAnswer = WorkspaceEdit | ResponseError | null;
  connection.onRenameRequest(
    safely<PositionParams & { newName: string }, RenameAnswer>(log, 'rename', null, (params, token) =>
      withOthers<RenameAnswer>(params, token, null, ({ service, view, document, offset }, others) =>
        orRefusal(service.rename(view, document, offset, params.newName, others)),
      ),
    ),
  );
  connection.onDocumentHighlight(
    handlerAt<PositionParams, DocumentHighlight[]>(
      session,
      'highlights',
      [],
      ({ service, view, document, offset }) => service.highlights(view, document, offset),
    ),
  );
  connection.languages.onLinkedEditingRange(
    handlerAt<PositionParams, LinkedEditingRanges | null>(
      session,
      'linked editing',
      null,
      ({ service, document, offset }) => {
        const ranges = service.linkedTags(document, offset)?.map(({ start, end }) => ({
          start: document.document.positionAt(start),
          end: document.document.positionAt(end),
        }));
        return ranges === undefined ? null : { ranges, wordPattern: tagNamePattern };
      },
    ),
  );
}

/** Where a definition can be opened. */
export async function toLocation(
  session: Session,
  definition: DefinitionTarget,
): Promise<Location | undefined> {
  if (definition.kind === 'script') return definition.location;
  const { schemaId, start, end } = definition.target;
  const text = await session.model.loadText(schemaId);
  return text && createSchemaLocator(text)({ start, end });
}

/** The other documents of the workspace that contain a word: as they stand in the editor, or else on disk. */
async function documentsContaining(
  session: Session,
  word: string,
  { document }: LanguageDocument,
  token: CancellationToken,
): Promise<LanguageDocument[]> {
  const open = session.documents.open().filter((other) => other.document.getText().includes(word));
  const openUris = new Set(session.documents.open().map((other) => other.document.uri));
  const files = await session.files.containing(word, () => token.isCancellationRequested);
  const closed = files
    .filter(({ file }) => !openUris.has(file.uri))
    .map(({ file, text }) => parseDocument(TextDocument.create(file.uri, file.languageId, 0, text)));
  return [...open, ...closed].filter((other) => other.document.uri !== document.uri);
}

/** A refusal reaches the person as the message of the failed request. */
function orRefusal<T extends object>(answer: T | { refused: string } | undefined): T | ResponseError | null {
  if (answer === undefined) return null;
  return 'refused' in answer ? new ResponseError(ErrorCodes.InvalidRequest, answer.refused) : answer;
}
