/** Milliseconds between two looks of {@link until}. */
const POLL_MS = 50;
const LIMIT_MS = 15_000;

/**
 * Looks again and again until there is something to see, for what VS Code does without telling when it is done.
 * @throws after 15 s, naming what was awaited.
 */
export async function until<T>(
  awaited: string,
  look: () => T | undefined | PromiseLike<T | undefined>,
): Promise<T> {
  const endsAt = Date.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > endsAt) throw new Error(`Not within ${LIMIT_MS / 1000} s: ${awaited}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
