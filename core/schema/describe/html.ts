/** Text that is HTML already: made by {@link markup}, or a constant of ours. Never made of what a schema says. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand between the pieces of a template: text is escaped, lists are joined, `undefined` is nothing. */
export type HtmlValue = string | number | Html | undefined | readonly HtmlValue[];

/**
 * Template tag for HTML and SVG; not called `html`, for a formatter would then change what it makes. Invariant: every text is escaped, for content and for attributes in either quote; only
 * {@link Html} goes in as it is.
 */
export function markup(pieces: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = pieces[0]!;
  for (const [index, value] of values.entries()) text += toText(value) + pieces[index + 1]!;
  return new Html(text);
}

function toText(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(toText).join('');
  return escapeHtml(String(value));
}

/** Characters that no HTML document may hold; line breaks and tabs may stay. */
// eslint-disable-next-line no-control-regex
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

function escapeHtml(text: string): string {
  return text.replace(impossible, '').replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}
