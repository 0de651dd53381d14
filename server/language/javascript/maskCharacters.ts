/**
 * The characters that stand for E4X punctuation in masked text. Each is one UTF-16 unit and legal in an identifier, so
 * that an offset in the masked text is the same offset in the source; all are letters nobody types in a script.
 * Invariant: what a person sees has passed through {@link unmask}.
 */
export const attributeMark = 'ꙩ';
/** `*` as a name: any element, any attribute. */
export const wildcardMark = 'ᕯ';
/** The second dot of `x..name`. */
export const descendantMark = 'ⵗ';
/** One colon of `ns::name`. */
export const colonMark = 'ː';
/** First character of the function a literal becomes a call of. */
export const literalMark = 'ᐸ';
/** Last character of `enum` used as a variable name. */
export const enumMark = 'ᵐ';

const marks = /[ꙩᕯⵗːᵐ]/g;
const sourceOf: Record<string, string> = {
  [attributeMark]: '@',
  [wildcardMark]: '*',
  [descendantMark]: '.',
  [colonMark]: ':',
  [enumMark]: 'm',
};

/** Turns masked names back into what the script says: `r.ꙩemail` → `r.@email`. The length is kept. */
export function unmask(text: string): string {
  return text.replace(marks, (mark) => sourceOf[mark] ?? mark);
}

/** Turns a name as a script writes it into its masked spelling: `@email` → `ꙩemail`. */
export function maskName(name: string): string {
  return name.startsWith('@') ? attributeMark + name.slice(1) : name;
}
