import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { MarkupContent } from 'vscode-languageserver-types';
import {
  isAvailable,
  isSchemaEntry,
  jsApi,
  schemaIdOf,
  type ApiCertainty,
  type ApiEntry,
  type ApiMember,
  type ApiSignature,
  type ScriptContext,
} from '../../../../server/language/api/jsApi.ts';
import { emptyModel } from '../../../../server/language/model.ts';
import { scripts } from '../../../support/scripts.ts';

/** What a person reads where something is not documented by Adobe. */
const certaintyWords: Readonly<Record<ApiCertainty, RegExp | undefined>> = {
  runtime: /Not documented: seen in a running server/,
  'runtime-name-only': /Not documented: only the name is known/,
  'seen-in-code': /Not documented: seen in published scripts/,
  community: /Not documented by Adobe/,
  inferred: /Not certain/,
  standard: undefined,
};

/** A folder whose scripts have a context. */
const folders: readonly [context: ScriptContext, folder: string][] = [
  ['workflow', 'xtk_workflow'],
  ['jssp', 'xtk_jssp'],
  ['webApp', 'nms_webApp'],
  ['typologyRule', 'nms_typologyRule'],
  ['soapMethod', 'xtk_javascript'],
  ['contentManagement', 'xtk_javascriptTemplate'],
  ['deliveryMessage', 'nms_delivery'],
];

/** Something to hover over: the last word of `use`, and what has to be read there. */
interface Probe {
  title: string;
  use: string;
  signature: ApiSignature | undefined;
  certainty: ApiCertainty | undefined;
}

/** Objects whose members are schemas come with the model, whatever the script. */
const isRoot = ({ type }: ApiEntry): boolean => type === 'NLNamespace' || type === 'NLWSNamespace';

const isName = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name);

/** How a member is written, on an object of its class. */
function memberProbe(owner: string, object: string, member: ApiMember): Probe | undefined {
  if (!isName(member.name) || member.kind === 'index' || member.kind === 'iterator') return undefined;
  if (member.kind === 'constructor') return undefined;
  const isCall = member.kind === 'method' || member.kind === 'staticMethod';
  return {
    title: `${owner}.${member.name}`,
    use: `${object}.${member.name}`,
    signature: isCall ? member.signatures?.[0] : undefined,
    certainty: member.certainty,
  };
}

function probesOf(entry: ApiEntry): Probe[] {
  const members = entry.members ?? [];
  const own = { title: entry.name, use: entry.name, certainty: entry.certainty };
  const inside = (object: string, list: readonly ApiMember[]): Probe[] =>
    list.flatMap((member) => memberProbe(entry.name, object, member) ?? []);
  if (isSchemaEntry(entry)) {
    const statics = members.filter(({ kind }) => kind === 'staticMethod');
    const methods = members.filter(({ kind }) => kind === 'method');
    // Queries have declarations of their own, with the types of their results.
    const entity = schemaIdOf(entry) === 'xtk:queryDef' ? [] : methods;
    const objects = [...inside(entry.name, statics), ...inside(`${entry.name}.create()`, entity)];
    return objects;
  }
  switch (entry.kind) {
    case 'function':
      return [{ ...own, signature: entry.signatures?.[0] }];
    case 'variable':
      return entry.type === 'constants'
        ? members.map(({ name, certainty }) => ({ title: name, use: name, signature: undefined, certainty }))
        : [{ ...own, signature: undefined }];
    case 'class': {
      const statics = members.filter(({ kind }) => kind.startsWith('static'));
      const others = members.filter(({ kind }) => !kind.startsWith('static'));
      return [...inside(entry.name, statics), ...inside(`as${entry.name}`, others)];
    }
    case 'namespace':
      // `NL.XML` is a member of `NL`, and an entry for what is in it.
      return [
        ...(entry.name.includes('.') ? [] : [{ ...own, signature: undefined }]),
        ...inside(entry.name, members),
      ];
  }
}

/** A script that uses everything, and the text shown at each use. */
function hoverAll(probes: readonly Probe[], folder: string): Map<Probe, string> {
  const classes = jsApi.filter(({ kind }) => kind === 'class');
  const lines = classes.map(({ name }) => `/** @type {${name}} */ var as${name};`);
  const starts = new Map<Probe, number>();
  let length = lines.join('\n').length + 1;
  for (const probe of probes) {
    const line = `void ${probe.use};`;
    starts.set(probe, length + line.length - 2);
    length += line.length + 1;
    lines.push(line);
  }
  const uri = `file:///w/${folder}/api.campaign.js`;
  scripts.close(uri);
  const document = TextDocument.create(uri, 'campaign-javascript', 1, lines.join('\n'));
  const shown = new Map<Probe, string>();
  for (const [probe, offset] of starts) {
    const found = scripts.hover(emptyModel, document, offset);
    shown.set(probe, (found?.contents as MarkupContent | undefined)?.value ?? '');
  }
  scripts.close(uri);
  return shown;
}

/** Every entry in the first context that has it. */
function probesByFolder(): Map<string, Probe[]> {
  const found = new Map<string, Probe[]>();
  for (const entry of jsApi) {
    const [, folder] = folders.find(([context]) => isAvailable(entry, context)) ?? ['', 'any'];
    if (!isRoot(entry)) found.set(folder, [...(found.get(folder) ?? []), ...probesOf(entry)]);
  }
  return found;
}

describe.each([...probesByFolder()])('in a script of %s', (folder, probes) => {
  const shown = hoverAll(probes, folder);

  test.each(probes.map((probe): [string, Probe] => [probe.title, probe]))('%s', (_title, probe) => {
    const text = shown.get(probe) ?? '';
    const name = probe.use.split('.').at(-1)!;
    expect(text).toContain(name);
    expect(text).not.toMatch(/[ꙩᕯⵗː]|ᐸ/);
    for (const parameter of probe.signature?.params ?? []) expect(text).toContain(parameter.name);
    const words = probe.certainty === undefined ? undefined : certaintyWords[probe.certainty];
    if (words !== undefined) expect(text).toMatch(words);
  });
});

test('there are as many as the table has', () => {
  const count = [...probesByFolder().values()].flat().length;
  expect(count).toBeGreaterThan(1_000);
  console.log(`${jsApi.length} entries, ${count} names hovered`);
});

/** Names a running server has for its own tests and passwords; nobody's script needs them. */
const hidden = [
  'testEmail',
  'testNLStatBasic',
  'testNLStatSync',
  'testParseTimeStamp',
  'testRunWorkflow',
  'testMerge',
  'testFindNode',
  'testXmlFindAndReleaseNode',
  'testJSONParse',
  'testAESEncryptXml',
  'testAESDecryptXml',
  'testAESEncryptString',
  'testAESDecryptString',
  'testMidSourcingFilter',
  'testMidSourcingFilterWithConfiguration',
  'testMimeEncode',
  'testSplitString',
  'usePKCS5ToHashPassword',
  'checkPassword',
  'encryptedTrackingPasswordChecker',
  'BroadLogNormalizer',
  'NLProxy',
];

test('what is hidden is not offered, and everything else is', () => {
  const uri = 'file:///w/any.campaign.js';
  const document = TextDocument.create(uri, 'campaign-javascript', 1, '\n');
  const labels = new Set(scripts.completion(emptyModel, document, 0).items.map(({ label }) => label));
  expect(hidden.filter((name) => labels.has(name))).toEqual([]);
  const globals = jsApi.filter(
    (entry) => entry.kind !== 'class' && entry.type !== 'constants' && isName(entry.name),
  );
  expect(globals.filter(({ name }) => !labels.has(name)).map(({ name }) => name)).toEqual([]);
});

test.each(folders)(
  'a script of %s is offered what its context has, and nothing of another',
  (context, folder) => {
    const document = TextDocument.create(`file:///w/${folder}/b.campaign.js`, 'campaign-javascript', 1, '\n');
    const labels = new Set(scripts.completion(emptyModel, document, 0).items.map(({ label }) => label));
    const globals = jsApi.filter(
      ({ kind, type, name }) => kind !== 'class' && type !== 'constants' && isName(name),
    );
    const wrong = globals.filter(
      (entry) => !isRoot(entry) && labels.has(entry.name) !== isAvailable(entry, context),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  },
);
