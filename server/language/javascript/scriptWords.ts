/** What an opening bracket was, and so what may follow its closing one. Those before `index` are parentheses. */
export const bracket = {
  /** `(`: an operand follows its `)`. */
  group: 0,
  /** `(` of `if`, `while`, …: a statement follows. */
  control: 1,
  /** `(` of `for each`, until its `in`. */
  forEach: 2,
  functionParameters: 3,
  /** `(` of a function that is a statement. */
  declarationParameters: 4,
  filter: 5,
  /** `(` of `catch`. */
  catchHead: 6,
  /** `(` of a further `catch` behind one with a condition. */
  chainedCatchHead: 7,
  /** `(` of `let (a = 1) …`. */
  letHead: 8,
  index: 9,
  /** `{`: a statement may follow its `}`. */
  block: 10,
  object: 11,
  /** `{` of a function or class that is an operand. */
  functionBody: 12,
  /** `${` of a template string. */
  template: 13,
  /** `{` of a `catch` with a condition, and of those behind it. */
  guardedBody: 14,
} as const;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Words after which an expression begins. */
export const expressionWords = words(
  'return typeof instanceof in of new delete void throw case do else yield await extends default',
);
/** Words whose `(…)` a statement follows. */
export const controlWords = words('if while with switch catch for');
/** Words that a statement follows. */
export const statementWords = words('else do try finally');
/** Words that cannot occur in an expression outside of its brackets: a `{…}` that meets one was never closed. */
export const neverInExpressions = words(
  'var const if else for while do return switch case break continue throw try catch finally',
);
/** Length of the longest of all these words; a longer name is none of them. */
export const longestKeyword = 10;

/** Is the word one that can change what follows it, if it is no name where it stands? */
export function mayBeKeyword(word: string): boolean {
  return (
    word === 'function' ||
    word === 'class' ||
    word === 'enum' ||
    word === 'let' ||
    expressionWords.has(word) ||
    statementWords.has(word) ||
    controlWords.has(word) ||
    neverInExpressions.has(word)
  );
}
