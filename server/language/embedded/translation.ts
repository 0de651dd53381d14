import type { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  CodeAction,
  CompletionItem,
  Diagnostic,
  DocumentSymbol,
  FoldingRange,
  InsertReplaceEdit,
  Range,
  SelectionRange,
  TextEdit,
} from 'vscode-languageserver-types';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { EmbeddedDocument } from './embedDocuments.ts';
import type { Caret, TextChange } from './embeddedText.ts';

/** Says what was answered about an embedded document in terms of the document around it. */
export class Translation {
  private readonly inner: TextDocument;
  private readonly outer: TextDocument;
  private readonly text: EmbeddedDocument['text'];

  constructor(outer: TextDocument, { file, text }: EmbeddedDocument) {
    this.outer = outer;
    this.inner = file.document;
    this.text = text;
  }

  range(range: Range): Range {
    return this.toOuter(this.text.toRange(this.offsets(range)));
  }

  /** Offsets of the embedded document to those of the outer one. */
  span(range: TextRange): TextRange {
    return this.text.toRange(range);
  }

  /** @param caret where the cursor stands, when the edits are made for it. */
  edits(edits: readonly TextEdit[], caret?: Caret): TextEdit[] {
    return edits.flatMap(({ range, newText }) =>
      this.text
        .toChanges({ ...this.offsets(range), newText }, caret)
        .map((change) => ({ range: this.toOuter(change), newText: change.newText })),
    );
  }

  /**
   * An item with its edits spelled out, because the editor's idea of a word is not that of a script; `undefined` when
   * what it replaces reaches into another section than the cursor's.
   */
  completion(item: CompletionItem, caret: Caret): CompletionItem | undefined {
    const { textEdit, additionalTextEdits, ...rest } = item;
    const wanted: TextEdit | InsertReplaceEdit = textEdit ?? {
      range: this.wordBefore(caret.index),
      newText: item.insertText ?? item.label,
    };
    const translate = (range: Range): TextChange | undefined => {
      const offsets = this.offsets(range);
      const changes = this.text.toChanges({ ...offsets, newText: wanted.newText }, caret);
      const [change] = changes;
      const hasCaret = change !== undefined && change.start <= caret.offset && caret.offset <= change.end;
      return changes.length === 1 && hasCaret ? change : undefined;
    };
    delete rest.insertText;
    const more = additionalTextEdits && { additionalTextEdits: this.edits(additionalTextEdits) };
    if ('range' in wanted) {
      const change = translate(wanted.range);
      if (change === undefined) return undefined;
      const { newText } = change;
      return {
        ...rest,
        ...more,
        ...this.filter(item, change),
        textEdit: { range: this.toOuter(change), newText },
      };
    }
    const [insert, replace] = [translate(wanted.insert), translate(wanted.replace)];
    if (insert === undefined || replace === undefined) return undefined;
    return {
      ...rest,
      ...more,
      ...this.filter(item, replace),
      textEdit: {
        newText: replace.newText,
        insert: this.toOuter(insert),
        replace: this.toOuter(replace),
      },
    };
  }

  diagnostic(diagnostic: Diagnostic): Diagnostic {
    const { relatedInformation } = diagnostic;
    return {
      ...diagnostic,
      range: this.range(diagnostic.range),
      ...(relatedInformation && {
        relatedInformation: relatedInformation.map((related) =>
          related.location.uri === this.inner.uri
            ? {
                ...related,
                location: { uri: this.outer.uri, range: this.range(related.location.range) },
              }
            : related,
        ),
      }),
    };
  }

  /** The edits of its actions are translated by whoever knows every document they touch. */
  actionDiagnostics(action: CodeAction): CodeAction {
    return action.diagnostics === undefined
      ? action
      : { ...action, diagnostics: action.diagnostics.map((diagnostic) => this.diagnostic(diagnostic)) };
  }

  symbol(symbol: DocumentSymbol): DocumentSymbol {
    return {
      ...symbol,
      range: this.range(symbol.range),
      selectionRange: this.range(symbol.selectionRange),
      ...(symbol.children && { children: symbol.children.map((child) => this.symbol(child)) }),
    };
  }

  /** `undefined` when what folds is one line of the document. */
  folding(folding: FoldingRange): FoldingRange | undefined {
    const startLine = this.line(folding.startLine);
    const endLine = this.line(folding.endLine);
    return endLine > startLine ? { ...folding, startLine, endLine } : undefined;
  }

  /** @param parent what is selected next when the whole embedded document is. */
  selection(selection: SelectionRange, parent: SelectionRange | undefined): SelectionRange {
    const range = this.range(selection.range);
    const next = selection.parent === undefined ? parent : this.selection(selection.parent, parent);
    return next === undefined ? { range } : { range, parent: next };
  }

  private line(line: number): number {
    const index = this.inner.offsetAt({ line, character: 0 });
    return this.outer.positionAt(this.text.toRange({ start: index, end: index }).start).line;
  }

  private offsets({ start, end }: Range): TextRange {
    return { start: this.inner.offsetAt(start), end: this.inner.offsetAt(end) };
  }

  private toOuter({ start, end }: TextRange): Range {
    return { start: this.outer.positionAt(start), end: this.outer.positionAt(end) };
  }

  private wordBefore(index: number): Range {
    const text = this.inner.getText();
    let start = index;
    while (start > 0 && /[\w$]/.test(text.charAt(start - 1))) start--;
    return { start: this.inner.positionAt(start), end: this.inner.positionAt(index) };
  }

  /** Editors compare what is replaced, as it is written, with the filter text. */
  private filter(item: CompletionItem, change: TextChange): { filterText?: string } {
    const written = this.outer.getText().slice(change.start, change.end);
    if (!written.includes('&')) return {};
    return { filterText: (item.filterText ?? item.label).replaceAll('&', '&amp;').replaceAll('<', '&lt;') };
  }
}
