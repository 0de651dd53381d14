import {
  MarkupContent,
  type CompletionItem,
  type Diagnostic,
  type Hover,
  type Location,
  type Range,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { DefinitionTarget, ScriptToken } from '../javascript/javaScriptService.ts';
import { needsScripts, type LanguageDocument, type LanguageService } from '../languageService.ts';
import { groupOf } from '../problemCatalog.ts';
import { leavesOut } from '../problemSettings.ts';
import { toLspRange } from '../queryDef/queryRanges.ts';
import { findSuppressions } from '../suppressions.ts';
import { xmlFolding, xmlSelection } from '../xmlStructure.ts';
import { embeddedAt, type EmbeddedDocument } from './embedDocuments.ts';
import type { Caret } from './embeddedText.ts';
import { entitySymbols } from './entitySymbols.ts';
import { layerTokens } from './layeredTokens.ts';
import { Translation } from './translation.ts';
import {
  checkVariableRename,
  renameVariable,
  variableAtOffset,
  type VariablePlace,
} from './variablePlaces.ts';
import { completeVariables, describeUses, variableAt, variableUses } from './workflowVariables.ts';

/** An embedded document that is asked, and the way back. */
interface Inside {
  inner: EmbeddedDocument;
  index: number;
  caret: Caret;
  translation: Translation;
}

/**
 * Answers for documents inside documents: a question about an offset in a script of a workflow is put to the service as
 * one about the script, and the answer is translated back. Documents with nothing inside are passed through.
 */
export function withEmbeddedDocuments(service: LanguageService): LanguageService {
  const insideAt = (file: LanguageDocument, offset: number): Inside | undefined => {
    const { embedded } = file.regions;
    const found = embedded && embeddedAt(embedded, offset);
    if (found === undefined) return undefined;
    const { inner, index } = found;
    return { inner, index, caret: { index, offset }, translation: new Translation(file.document, inner) };
  };
  const every = <T>(
    { document, regions }: LanguageDocument,
    ask: (file: LanguageDocument, translation: Translation, inner: EmbeddedDocument) => readonly T[],
  ): T[] =>
    (regions.embedded ?? []).flatMap((inner) => [
      ...ask(inner.file, new Translation(document, inner), inner),
    ]);

  return {
    ...service,

    complete(model, file, offset, editor, trigger) {
      const inside = insideAt(file, offset);
      if (inside === undefined) return service.complete(model, file, offset, editor, trigger);
      const { inner, index, caret, translation } = inside;
      const list = service.complete(model, inner.file, index, editor, trigger);
      const items = withVariables(file, inside, list.items);
      return { ...list, items: items.flatMap((item) => translation.completion(item, caret) ?? []) };
    },

    hover(model, file, offset) {
      const inside = insideAt(file, offset);
      const hover =
        inside === undefined
          ? service.hover(model, file, offset)
          : service.hover(model, inside.inner.file, inside.index);
      const variable = variableAtOffset(file, offset);
      if (variable?.same.some(({ isWrite }) => isWrite) === true) {
        return describeVariable(hover, variable, toLspRange(file, variable));
      }
      if (inside === undefined || hover?.range === undefined) return hover;
      return { ...hover, range: inside.translation.range(hover.range) };
    },

    signatureHelp(model, file, offset) {
      const inside = insideAt(file, offset);
      return inside === undefined
        ? service.signatureHelp(model, file, offset)
        : service.signatureHelp(model, inside.inner.file, inside.index);
    },

    definition(model, file, offset) {
      const writes = variableAtOffset(file, offset)?.same.filter(({ isWrite }) => isWrite) ?? [];
      if (writes.length > 0) {
        return writes.map((use) => ({ kind: 'script', location: toLocation(file, use) }));
      }
      const inside = insideAt(file, offset);
      if (inside === undefined) return service.definition(model, file, offset);
      return toTargets(service.definition(model, inside.inner.file, inside.index), [file]);
    },

    typeDefinition(model, file, offset) {
      const inside = insideAt(file, offset);
      return inside === undefined
        ? service.typeDefinition(model, file, offset)
        : toTargets(service.typeDefinition(model, inside.inner.file, inside.index), [file]);
    },

    highlights(model, file, offset) {
      const variable = variableAtOffset(file, offset);
      if (variable !== undefined) return variable.same.map((use) => ({ range: toLspRange(file, use) }));
      const inside = insideAt(file, offset);
      if (inside === undefined) return service.highlights(model, file, offset);
      return service
        .highlights(model, inside.inner.file, inside.index)
        .map((highlight) => ({ ...highlight, range: inside.translation.range(highlight.range) }));
    },

    linkedTags(file, offset) {
      const inside = insideAt(file, offset);
      if (inside === undefined) return service.linkedTags(file, offset);
      const tags = service.linkedTags(inside.inner.file, inside.index);
      return tags && [inside.translation.span(tags[0]), inside.translation.span(tags[1])];
    },

    referenceWord(model, file, offset) {
      // Nothing outside of a workflow names its variables.
      if (variableAtOffset(file, offset) !== undefined) return undefined;
      const inside = insideAt(file, offset);
      return inside === undefined
        ? service.referenceWord(model, file, offset)
        : service.referenceWord(model, inside.inner.file, inside.index);
    },

    references(model, file, offset, others) {
      const variable = variableAtOffset(file, offset);
      if (variable !== undefined) return variable.same.map((use) => toLocation(file, use));
      const inside = insideAt(file, offset);
      const files = [file, ...others];
      const all = files.flatMap(withEmbedded);
      const asked = inside?.inner.file ?? file;
      const found = service.references(
        model,
        asked,
        inside?.index ?? offset,
        all.filter((other) => other !== asked),
      );
      return all.length === files.length ? found : toLocations(found, files);
    },

    prepareRename(model, file, offset) {
      const variable = variableAtOffset(file, offset);
      if (variable !== undefined) return checkVariableRename(file, variable);
      const inside = insideAt(file, offset);
      if (inside === undefined) return service.prepareRename(model, file, offset);
      const check = service.prepareRename(model, inside.inner.file, inside.index);
      return check === undefined || 'refused' in check
        ? check
        : { ...check, range: inside.translation.range(check.range) };
    },

    rename(model, file, offset, newName, others = []) {
      const variable = variableAtOffset(file, offset);
      if (variable !== undefined) return renameVariable(file, variable, newName);
      const inside = insideAt(file, offset);
      const files = [file, ...others];
      const all = files.flatMap(withEmbedded);
      const asked = inside?.inner.file ?? file;
      const edit = service.rename(
        model,
        asked,
        inside?.index ?? offset,
        newName,
        all.filter((other) => other !== asked),
      );
      return edit === undefined || 'refused' in edit ? edit : toEdit(edit, files);
    },

    selectionRange(model, file, offset) {
      const { document, regions } = file;
      const own = service.selectionRange(model, file, offset);
      const outer =
        own ?? (regions.entity && xmlSelection(document, regions.entity, offset, undefined, undefined));
      const inside = insideAt(file, offset);
      if (inside === undefined) return outer;
      const selection = service.selectionRange(model, inside.inner.file, inside.index);
      return selection === undefined ? outer : inside.translation.selection(selection, outer);
    },

    semanticTokens(model, file) {
      const own = service.semanticTokens(model, file);
      const text = file.document.getText();
      const inner = every(file, (script, translation) => {
        const toOuter = (token: ScriptToken): ScriptToken => {
          const { start, end } = translation.span({ start: token.start, end: token.start + token.length });
          return { ...token, start, length: end - start };
        };
        return layerTokens(
          text,
          service.syntaxTokens(script).map(toOuter),
          service.semanticTokens(model, script).map(toOuter),
        );
      });
      return inner.length === 0 ? own : [...own, ...inner].sort((a, b) => a.start - b.start);
    },

    inlayHints(model, file, range, options) {
      const own = service.inlayHints(model, file, range, options);
      const inner = every(file, (script, translation, { text }) => {
        if (text.end < range.start || text.start > range.end) return [];
        const asked = { start: text.nearestIndex(range.start), end: text.nearestIndex(range.end) };
        return service.inlayHints(model, script, asked, options).map((hint) => ({
          ...hint,
          position: translation.range({ start: hint.position, end: hint.position }).start,
          ...(hint.textEdits && { textEdits: translation.edits(hint.textEdits) }),
        }));
      });
      return [...own, ...inner];
    },

    documentSymbols(file) {
      const { entity } = file.regions;
      const own = service.documentSymbols(file);
      if (entity === undefined) return own;
      return entitySymbols(file, own, (inner) => {
        const translation = new Translation(file.document, inner);
        return service.documentSymbols(inner.file).map((symbol) => translation.symbol(symbol));
      });
    },

    foldingRanges(file) {
      const { document, regions } = file;
      const own = service.foldingRanges(file);
      if (regions.entity === undefined) return own;
      const end = document.getText().length;
      const folds = [
        ...xmlFolding(document, regions.entity, { start: 0, end }),
        ...every(file, (script, translation) =>
          service.foldingRanges(script).flatMap((folding) => translation.folding(folding) ?? []),
        ),
      ];
      const seen = new Set<number>();
      return folds.filter(({ startLine }) => !seen.has(startLine) && seen.add(startLine));
    },

    diagnostics(model, file, settings) {
      const own = service.diagnostics(model, file, settings);
      const { document, regions } = file;
      if (regions.embedded === undefined) return own;
      const inner = every(file, (script, translation) =>
        service.diagnostics(model, script, settings).map((diagnostic) => translation.diagnostic(diagnostic)),
      );
      const startOf = ({ range }: Diagnostic): number => document.offsetAt(range.start);
      const suppressions = findSuppressions(document.getText());
      return [
        // The comments of a script are read with the script.
        ...own.filter(
          (diagnostic) =>
            groupOf(String(diagnostic.code)) !== 'ignore/*' ||
            embeddedAt(regions.embedded ?? [], startOf(diagnostic)) === undefined,
        ),
        ...inner.filter((diagnostic) => {
          const problem = { start: startOf(diagnostic), code: String(diagnostic.code) };
          return !suppressions.some((suppression) => leavesOut(suppression, problem));
        }),
      ];
    },

    codeActions(model, file, range, settings) {
      const own = service.codeActions(model, file, range, settings);
      const inner = every(file, (script, translation, { text }) => {
        if (text.end < range.start || text.start > range.end) return [];
        const asked = { start: text.nearestIndex(range.start), end: text.nearestIndex(range.end) };
        return service.codeActions(model, script, asked, settings).map((action) => ({
          ...translation.actionDiagnostics(action),
          ...(action.edit && { edit: toEdit(action.edit, [file]) }),
        }));
      });
      return [...own, ...inner];
    },

    queryAt(file, offset) {
      const inside = insideAt(file, offset);
      if (inside === undefined) return service.queryAt(file, offset);
      const found = service.queryAt(inside.inner.file, inside.index);
      return found && { ...found, range: inside.translation.range(found.range) };
    },

    runnableQueries: (file) => [
      ...service.runnableQueries(file),
      ...every(file, (script, translation) =>
        service.runnableQueries(script).map((query) => ({ ...query, range: translation.range(query.range) })),
      ),
    ],
  };
}

/** What is offered behind `vars.`: the variables of the whole workflow, besides what the script knows by itself. */
function withVariables(
  file: LanguageDocument,
  { inner, index, translation }: Inside,
  items: readonly CompletionItem[],
): readonly CompletionItem[] {
  if (inner.host.localName !== 'workflow') return items;
  const typed = variableAt(inner.file.document.getText(), index);
  if (typed === undefined) return items;
  return completeVariables(items, variableUses(file, inner.host), typed.scope, translation.span(typed));
}

/** What is said of any name, and where the values come from. */
function describeVariable(hover: Hover | undefined, { same }: VariablePlace, range: Range): Hover {
  const known = hover !== undefined && MarkupContent.is(hover.contents) ? [hover.contents.value] : [];
  return { contents: { kind: 'markdown', value: [...known, describeUses(same)].join('\n\n') }, range };
}

function toLocation({ document }: LanguageDocument, range: TextRange): Location {
  return { uri: document.uri, range: toLspRange({ document }, range) };
}

/**
 * Does an answer take the JavaScript side: of the document as a whole, or at an offset of it? See {@link needsScripts}.
 */
export function asksScripts(file: LanguageDocument, offset?: number): boolean {
  const { embedded = [], kind } = file.regions;
  if (offset === undefined) {
    return kind === 'script' || embedded.some((inner) => inner.file.regions.kind === 'script');
  }
  const found = embeddedAt(embedded, offset);
  return found === undefined ? needsScripts(file, offset) : needsScripts(found.inner.file, found.index);
}

/** A document and the documents inside it. */
function withEmbedded(file: LanguageDocument): LanguageDocument[] {
  const { embedded = [] } = file.regions;
  return [file, ...embedded.map((inner) => inner.file)];
}

/** The way back from every document inside the given ones, by its address. */
function translations(
  files: readonly LanguageDocument[],
): Map<string, { uri: string; translation: Translation }> {
  return new Map(
    files.flatMap(({ document, regions }) =>
      (regions.embedded ?? []).map((inner) => [
        inner.file.document.uri,
        { uri: document.uri, translation: new Translation(document, inner) },
      ]),
    ),
  );
}

function toLocations(locations: readonly Location[], files: readonly LanguageDocument[]): Location[] {
  const known = translations(files);
  return locations.map((location) => {
    const outer = known.get(location.uri);
    return outer === undefined
      ? location
      : { uri: outer.uri, range: outer.translation.range(location.range) };
  });
}

function toTargets(
  targets: readonly DefinitionTarget[],
  files: readonly LanguageDocument[],
): DefinitionTarget[] {
  return targets.flatMap((target): DefinitionTarget[] =>
    target.kind === 'script'
      ? toLocations([target.location], files).map((location) => ({ kind: 'script', location }))
      : [target],
  );
}

function toEdit(edit: WorkspaceEdit, files: readonly LanguageDocument[]): WorkspaceEdit {
  if (edit.changes === undefined) return edit;
  const known = translations(files);
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const [uri, edits] of Object.entries(edit.changes)) {
    const outer = known.get(uri);
    const translated = outer === undefined ? edits : outer.translation.edits(edits);
    (changes[outer?.uri ?? uri] ??= []).push(...translated);
  }
  return { ...edit, changes };
}
