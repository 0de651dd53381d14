/** White space of the same length, with the line breaks kept. */
export function blank(text: string): string {
  return text.replace(/[^\r\n\u2028\u2029]+/g, (run) => ' '.repeat(run.length));
}
