import type { MaskedScript } from './maskedScript.ts';
import { ScriptMasker } from './scriptMasker.ts';

/**
 * Replaces E4X by ordinary JavaScript, one UTF-16 unit for one unit, so that an offset in the result is an offset in the
 * source and no source map exists.
 *
 * - a literal becomes a call, its `{…}` the arguments: `<a b={c}/>` → `ᐸ(    c, )`
 * - `x.@id`, `x..id`, `x.*`, `ns::id` become member accesses with marked names (see `maskCharacters.ts`)
 * - `x.(condition)` becomes the call `x (condition)`
 * - `for each (var a in b)` becomes `for      (var a of b)`
 * - `default xml namespace = e` becomes a variable declaration
 *
 * Half-typed literals end where the script seems to go on: a line that looks like a statement, or the end of the text.
 *
 * Invariant: never throws, never changes the length, edits no ordinary JavaScript, and is linear in the text.
 * Source: ECMA-357 (E4X); the forms Campaign scripts use are listed in the tests.
 */
export function maskScript(text: string): MaskedScript {
  return new ScriptMasker(text).run();
}
