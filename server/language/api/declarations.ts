import { attributeMark } from '../javascript/maskCharacters.ts';
import { ecmaScript } from './ecmaScript.ts';
import { e4x } from './e4x.ts';
import {
  entityVariables,
  isAvailable,
  isSchemaEntry,
  jsApi,
  schemaIdOf,
  type ApiCertainty,
  type ApiEntry,
  type ApiMember,
  type ApiParameter,
  type ApiSignature,
  type ScriptContext,
} from './jsApi.ts';

/**
 * TypeScript declarations of the language and of the Campaign runtime, for scripts of one context.
 * The names of generated types that are no API begin with `ᐸ`.
 * @param context `undefined`: unknown, so everything that exists anywhere is declared.
 */
export function runtimeDeclarations(context: ScriptContext | undefined): string {
  const parts = [ecmaScript, e4x];
  for (const entry of jsApi) {
    if (isSchemaEntry(entry)) parts.push(renderSchemaMethods(entry));
    else if (isNamespaceRoot(entry)) continue;
    else if (isAvailable(entry, context)) parts.push(renderEntry(entry));
    else if (entry.kind === 'class') parts.push(renderInterface(entry));
  }
  return parts.join('\n');
}

/** Objects whose members are the schemas of the model: see `modelTypings.ts`. */
function isNamespaceRoot(entry: ApiEntry): boolean {
  return entry.type === 'NLNamespace' || entry.type === 'NLWSNamespace';
}

/** A JSDoc comment. At signs are marked, so that an xpath in a text does not begin a tag. */
export function docComment(lines: readonly (string | undefined)[], tags: readonly string[] = []): string {
  const body = lines.filter((line) => line !== undefined && line !== '').join('\n\n');
  const text = body.replaceAll('@', attributeMark).replaceAll('*/', '*\u200b/');
  const all = [text, ...tags.map((tag) => tag.replaceAll('*/', '*\u200b/'))].filter((part) => part !== '');
  return all.length === 0 ? '' : `/** ${all.join('\n')} */\n`;
}

const certaintyText: Readonly<Record<ApiCertainty, string | undefined>> = {
  runtime: 'Not documented: seen in a running server, the parameters are inferred.',
  'runtime-name-only': 'Not documented: only the name is known, from a running server.',
  'seen-in-code': 'Not documented: seen in published scripts.',
  community: 'Not documented by Adobe: described by its users.',
  inferred: 'Not certain: inferred from similar functions.',
  standard: undefined,
};

/** Does the documentation of a declaration say that Adobe's does not know it? */
export function saysUncertain(documentation: string): boolean {
  return Object.values(certaintyText).some((text) => text !== undefined && documentation.includes(text));
}

/** What the documentation of an entry or a member is made of. */
interface Documented {
  summary?: string;
  requires?: string;
  since?: string;
  value?: string | number | boolean;
  certainty?: ApiCertainty;
  deprecated?: boolean;
}

function entryDoc(entry: Documented, signature?: ApiSignature): string {
  const { requires, since, value } = entry;
  return docComment(
    [
      entry.summary,
      signature?.note,
      signature?.throws === undefined ? undefined : `Fails: ${signature.throws}.`,
      requires === undefined ? undefined : `Load first: \`${requires}\`.`,
      since === undefined ? undefined : `Since ${since}.`,
      value === undefined ? undefined : `Value: \`${String(value)}\`.`,
      entry.certainty === undefined ? undefined : certaintyText[entry.certainty],
    ],
    [
      ...(signature?.params ?? []).flatMap((parameter) =>
        parameter.default === undefined ? [] : [`@param ${parameter.name} Default \`${parameter.default}\`.`],
      ),
      ...(entry.deprecated === true ? ['@deprecated'] : []),
    ],
  );
}

function renderEntry(entry: ApiEntry): string {
  switch (entry.kind) {
    case 'function':
      return (entry.signatures ?? [])
        .map(
          (signature) =>
            `${entryDoc(entry, signature)}declare function ${entry.name}${renderCall(signature)};`,
        )
        .join('\n');
    case 'variable':
      if (entry.type === 'constants')
        return (entry.members ?? []).map((member) => renderConstant(member, entry)).join('\n');
      return `${entryDoc(entry)}declare var ${entry.name}: ${variableType(entry)};`;
    case 'class':
      return `${renderInterface(entry)}\n${renderConstructor(entry)}`;
    case 'namespace': {
      const name = toType(entry.name);
      const global = entry.name.includes('.')
        ? ''
        : `\n${entryDoc(entry)}declare var ${entry.name}: ${name};`;
      return `interface ${name} {\n${renderMembers(entry.members ?? [])}\n}${global}`;
    }
  }
}

function variableType(entry: ApiEntry): string {
  const type = toType(entry.type);
  const schemaId = entityVariables[entry.name];
  if (schemaId === undefined) return type;
  const entity = `ᐸEntity<${JSON.stringify(schemaId)}>`;
  return type === 'any' ? entity : `${type} & ${entity}`;
}

function renderConstant(member: ApiMember, group: ApiEntry): string {
  const summary = { ...member, summary: member.summary ?? group.summary };
  const type =
    typeof member.value === 'string' ? JSON.stringify(member.value) : String(member.value ?? 'any');
  return `${entryDoc(summary)}declare const ${member.name}: ${type};`;
}

function renderInterface(entry: ApiEntry): string {
  const base = entry.extends === undefined ? '' : ` extends ${entry.extends}`;
  const members = (entry.members ?? []).filter(
    ({ kind }) => kind !== 'constructor' && !kind.startsWith('static'),
  );
  return `${entryDoc(entry)}interface ${entry.name}${base} {\n${renderMembers(members)}\n}`;
}

function renderConstructor(entry: ApiEntry): string {
  const statics = (entry.members ?? []).filter(({ kind }) => kind.startsWith('static'));
  const constructors = (entry.members ?? []).filter(({ kind }) => kind === 'constructor');
  if (statics.length === 0 && constructors.length === 0) return '';
  const calls = constructors.flatMap((member) =>
    (member.signatures ?? []).map(
      (signature) =>
        `${entryDoc({ ...member, summary: member.summary ?? entry.summary }, signature)}new ${renderCall({ ...signature, returns: entry.name })};`,
    ),
  );
  if (callableClasses.has(entry.name)) calls.push(...calls.map((call) => call.replace('new (', '(')));
  return `${entryDoc(entry)}declare var ${entry.name}: {\n${calls.join('\n')}\n${renderMembers(statics)}\nreadonly prototype: ${entry.name};\n};`;
}

/** Classes that convert when called without `new`. */
const callableClasses: ReadonlySet<string> = new Set(['XML', 'XMLList', 'QName', 'Namespace', 'Iterator']);

/** Methods that give back the object they are called on. */
const fluentXmlMethods: ReadonlySet<string> = new Set([
  'appendChild',
  'prependChild',
  'insertChildAfter',
  'insertChildBefore',
  'copy',
  'normalize',
  'addNamespace',
  'removeNamespace',
  'replace',
  'setChildren',
  'valueOf',
]);

/** Members of an interface, one a line. A type has one index over strings, however many the table tells of. */
export function renderMembers(members: readonly ApiMember[]): string {
  const isNameIndex = ({ kind, name }: ApiMember): boolean => kind === 'index' && name.startsWith('<');
  const nameIndex = members.find(isNameIndex);
  return members
    .filter((member) => !isNameIndex(member) || member === nameIndex)
    .map(renderMember)
    .join('\n');
}

function renderMember(member: ApiMember): string {
  switch (member.kind) {
    case 'method':
    case 'staticMethod':
      return (member.signatures ?? [])
        .map((signature) => {
          const isFluent = signature.returns === 'XML' && fluentXmlMethods.has(member.name);
          const call = renderCall(isFluent ? { ...signature, returns: 'this' } : signature);
          return `${entryDoc(member, signature)}${propertyName(member.name)}${call};`;
        })
        .join('\n');
    case 'index':
      // How lists of XML are indexed is told in `e4x.ts`: the items have the members of the list.
      if (member.type === 'XML') return '';
      return member.name === '[index]' ? `[index: number]: ${toType(member.type)};` : renderIndex(member);
    case 'iterator':
      return `[Symbol.iterator](): ᐸIterator<${toType(member.type)}>;`;
    case 'property':
    case 'staticProperty':
    case 'constant':
    case 'constructor':
      return `${entryDoc(member)}${member.readonly === true ? 'readonly ' : ''}${propertyName(member.name)}: ${toType(member.type)};`;
  }
}

function renderIndex(member: ApiMember): string {
  return member.name.startsWith('$')
    ? `[name: \`$\${string}\`]: ${toType(member.type)};`
    : '[name: string]: any;';
}

/** What the API table tells of a schema's methods. */
export interface KnownMethods {
  statics: readonly ApiMember[];
  methods: readonly ApiMember[];
}

/** Methods of a schema that every server has; empty for most schemas. Those of `xtk:queryDef` entities are in `e4x.ts`. */
export function knownMethods(schemaId: string): KnownMethods {
  const entry = jsApi.find((candidate) => isSchemaEntry(candidate) && schemaIdOf(candidate) === schemaId);
  const members = entry?.members ?? [];
  return {
    statics: members.filter(({ kind }) => kind === 'staticMethod'),
    methods: schemaId === 'xtk:queryDef' ? [] : members.filter(({ kind }) => kind === 'method'),
  };
}

/** Is more known of a method than its name? */
export function hasKnownSignature(member: ApiMember): boolean {
  return (member.signatures ?? []).some(({ params }) => !params.some(({ rest }) => rest === true));
}

function renderSchemaMethods(entry: ApiEntry): string {
  const id = schemaIdOf(entry);
  const { statics, methods } = knownMethods(id);
  const base = typeNameOf(id);
  return [
    `interface ${base}ːmethods {\n${renderMembers(statics)}\n}`,
    `interface ${base}ːentityMethods {\n${renderMembers(methods)}\n}`,
    `interface ᐸKnownMethods { "${id}": ${base}ːmethods }`,
    `interface ᐸKnownEntityMethods { "${id}": ${base}ːentityMethods }`,
  ].join('\n');
}

/** Name of the type of a schema's rows; people see it as the schema id. */
export function typeNameOf(schemaId: string): string {
  return schemaId.replace(':', 'ː').replace(/[^\w$ː]/g, '_');
}

function renderCall(signature: ApiSignature): string {
  return `(${signature.params.map(renderParameter).join(', ')}): ${toType(signature.returns)}`;
}

function renderParameter(parameter: ApiParameter): string {
  const type = toType(parameter.type);
  if (parameter.rest === true) return `...${parameter.name}: ${type === 'any' ? 'any[]' : `(${type})[]`}`;
  return `${parameter.name}${parameter.optional === true ? '?' : ''}: ${type}`;
}

function propertyName(name: string): string {
  return /^[\w$]+$/.test(name) ? name : JSON.stringify(name);
}

/** A type of the table as TypeScript: library objects have a dot in their name, `object` says nothing. */
function toType(type: string | undefined): string {
  if (type === undefined || type === 'object') return 'any';
  if (/\bany\b/.test(type) && type.includes('|') && !type.includes('(')) return 'any';
  return type.replace(/\b(NL)\.(\w+)/g, '$1_$2');
}
