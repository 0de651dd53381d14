import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { OnigScanner, OnigString, loadWASM } from 'vscode-oniguruma';
import { INITIAL, Registry, parseRawGrammar } from 'vscode-textmate';

const require = createRequire(import.meta.url);

/** Our grammars by scope, and the VS Code ones they include. */
const files: Readonly<Record<string, string>> = {
  'source.campaign-javascript': 'syntaxes/campaign-javascript.tmLanguage.json',
  'text.html.campaign-jssp': 'syntaxes/campaign-jssp.tmLanguage.json',
  'text.xml.campaign-querydef': 'syntaxes/campaign-querydef.tmLanguage.json',
  'text.xml.campaign-schema': 'syntaxes/campaign-schema.tmLanguage.json',
  'source.xtk': 'syntaxes/xtk-expression.tmLanguage.json',
  'source.js': require.resolve('tm-grammars/grammars/javascript.json'),
  'text.html.basic': require.resolve('tm-grammars/grammars/html.json'),
};

async function createRegistry(): Promise<Registry> {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  return new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new OnigScanner(patterns),
      createOnigString: (text: string) => new OnigString(text),
    }),
    loadGrammar: (scope) => {
      const file = files[scope];
      return Promise.resolve(
        file === undefined ? null : parseRawGrammar(readFileSync(file, 'utf8'), `${scope}.json`),
      );
    },
  });
}

const registry = createRegistry();

/** One line per token: its text and its innermost scopes, the root scope left out. */
export async function tokenize(scope: string, text: string): Promise<{ text: string; scopes: string[] }[]> {
  const grammar = await (await registry).loadGrammar(scope);
  if (grammar === null) throw new Error(`no grammar for ${scope}`);
  const tokens: { text: string; scopes: string[] }[] = [];
  let stack = INITIAL;
  for (const line of text.split('\n')) {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    for (const token of result.tokens) {
      tokens.push({ text: line.slice(token.startIndex, token.endIndex), scopes: token.scopes.slice(1) });
    }
  }
  return tokens;
}
