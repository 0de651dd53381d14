import type * as ts from 'typescript';
import { jsApi } from '../../api/jsApi.ts';
import { replaceFix } from '../../queryDef/queryProblem.ts';
import { scriptProblem } from '../scriptProblem.ts';
import { isRuntimeGlobal } from './names.ts';
import type { NodeCheck } from './scriptCheck.ts';

/** What to write instead, where the API table says so. */
interface Deprecated {
  summary: string | undefined;
  replacedBy: string | undefined;
}

const functions: ReadonlyMap<string, Deprecated> = new Map(
  jsApi
    .filter(({ kind, deprecated }) => kind === 'function' && deprecated === true)
    .map(({ name, summary }) => [name, { summary, replacedBy: undefined }]),
);

/** By method name, then by class. */
const methods: ReadonlyMap<string, ReadonlyMap<string, Deprecated>> = methodsByName();

function methodsByName(): Map<string, Map<string, Deprecated>> {
  const found = new Map<string, Map<string, Deprecated>>();
  for (const entry of jsApi) {
    for (const { name, summary, deprecated } of entry.members ?? []) {
      if (deprecated !== true) continue;
      const replacedBy = /^Alias of (\w+)/.exec(summary ?? '')?.[1];
      const classes = found.get(name) ?? new Map<string, Deprecated>();
      found.set(name, classes.set(entry.name, { summary, replacedBy }));
    }
  }
  return found;
}

/** Calls of what the API table marks as deprecated. A function of the script's own that has the name is not meant. */
export const deprecatedCall: NodeCheck = {
  kinds: ['CallExpression'],
  *check(script, node) {
    const { ts } = script;
    if (!ts.isCallExpression(node)) return;
    const callee = node.expression;
    let found: Deprecated | undefined;
    let name: ts.Node = callee;
    if (ts.isIdentifier(callee)) {
      const known = functions.get(callee.text);
      if (known !== undefined && isRuntimeGlobal(script, callee)) found = known;
    } else if (ts.isPropertyAccessExpression(callee)) {
      const classes = methods.get(callee.name.text);
      const type = classes && script.typeAt(callee.expression).getSymbol()?.name;
      found = type === undefined ? undefined : classes?.get(type);
      name = callee.name;
    }
    if (found === undefined) return;
    const range = script.rangeOf(name);
    const { summary = '', replacedBy } = found;
    const fix = replacedBy === undefined ? undefined : replaceFix(`Write ${replacedBy}`, range, replacedBy);
    yield {
      ...scriptProblem(
        'script/deprecated-call',
        range,
        `${script.sourceOf(name)} is deprecated. ${summary}`,
        fix,
      ),
      deprecated: true,
    };
  },
};
