export const minColumnWidth = 48;
export const maxColumnWidth = 1200;
/** A column is not made wider than this by its content; by hand it can be. */
const maxInitialWidth = 320;

/** Width of each column on show and where it stands; the first `frozenCount` do not scroll. */
export class ColumnLayout {
  /** By column of the model, so that hiding and showing keeps what was set. */
  readonly #widths = new Map<number, number>();
  /** Widths guessed from the content, until a person sets one. */
  readonly #guesses = new Map<number, number>();
  #frozenCount = 0;
  #visible: readonly number[] = [];

  get frozenCount(): number {
    return Math.min(this.#frozenCount, this.#visible.length);
  }

  set frozenCount(count: number) {
    this.#frozenCount = Math.max(0, count);
  }

  setVisible(columns: readonly number[]): void {
    this.#visible = columns;
  }

  /** @param column of the model. */
  width(column: number): number {
    return this.#widths.get(column) ?? this.#guesses.get(column) ?? 120;
  }

  setWidth(column: number, width: number): void {
    this.#widths.set(column, clamp(width));
  }

  hasGuess(column: number): boolean {
    return this.#guesses.has(column);
  }

  guessWidth(column: number, width: number): void {
    this.#guesses.set(column, clamp(width));
  }

  /** The content changed its names: guess again. Widths set by hand stay. */
  forgetGuesses(): void {
    this.#guesses.clear();
  }

  /** Left edges of the frozen columns, plus the right edge of the last. */
  frozenEdges(): number[] {
    return this.#edges(0, this.frozenCount);
  }

  /** Left edges of the scrolling columns counted from the first of them, plus the right edge of the last. */
  scrollingEdges(): number[] {
    return this.#edges(this.frozenCount, this.#visible.length);
  }

  #edges(from: number, to: number): number[] {
    const edges = [0];
    for (let i = from; i < to; i++) edges.push(edges.at(-1)! + this.width(this.#visible[i]!));
    return edges;
  }
}

function clamp(width: number): number {
  return Math.min(maxColumnWidth, Math.max(minColumnWidth, Math.round(width)));
}

/**
 * A width for a column from its texts.
 * @param characterWidth average width of a character in pixels.
 */
export function widthOfTexts(texts: Iterable<string>, characterWidth: number): number {
  let longest = 6;
  for (const text of texts) longest = Math.max(longest, Math.min(text.length, 200));
  return Math.min(maxInitialWidth, Math.round(longest * characterWidth) + 24);
}
