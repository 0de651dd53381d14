/**
 * Counts the rows on their way to the page, so that a fast server does not fill the memory between: who sends waits while
 * too many are not taken in yet.
 */
export class RowFlow {
  readonly #limit: number;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** @param limit rows under way at most, before the sender has to wait. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Counts rows as sent; resolves when more may be sent. */
  async send(rowCount: number): Promise<void> {
    this.#underWay += rowCount;
    while (this.#underWay >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  taken(rowCount: number): void {
    this.#underWay = Math.max(0, this.#underWay - rowCount);
    this.#wake();
  }

  /** Nobody takes rows any more: lets every sender go on, to find that out. */
  close(): void {
    this.#underWay = 0;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
