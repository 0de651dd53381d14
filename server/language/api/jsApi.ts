import rows from './jsapi.json' with { type: 'json' };

/**
 * The JavaScript API of a Campaign server as data: functions, classes, variables and the schema methods that scripts
 * use most. `jsapi.json` is the table; this file is its type.
 * Source: the JSAPI documentation of Campaign Classic; entries of other standing carry `certainty`.
 */

/** Where code runs: `all` contexts, the `server` ones (all but delivery messages and imports), or those listed. */
export type ApiAvailability = 'all' | 'server' | readonly ScriptContext[];

/** Every kind of script. */
export const scriptContexts = [
  'workflow',
  'jssp',
  'webApp',
  'soapMethod',
  'contentManagement',
  'deliveryMessage',
  'deliveryProperties',
  'typologyRule',
  'interactionHook',
  'import',
] as const;

/** A kind of script, by what is global in it. */
export type ScriptContext = (typeof scriptContexts)[number];

/** How an entry is known. Absent on what the documentation says. */
export type ApiCertainty =
  /** Listed by a running server; the signature may be inferred. */
  | 'runtime'
  /** Listed by a running server; nothing but the name is known. */
  | 'runtime-name-only'
  | 'seen-in-code'
  | 'community'
  | 'inferred'
  /** Part of a language standard. */
  | 'standard';

export interface ApiParameter {
  name: string;
  /** A TypeScript type, over the classes of the table. */
  type: string;
  optional?: boolean;
  rest?: boolean;
  /** Its value when left out, as source. */
  default?: string;
}

export interface ApiSignature {
  params: ApiParameter[];
  returns: string;
  note?: string;
  /** When it fails. */
  throws?: string;
}

export type ApiMemberKind =
  | 'constructor'
  | 'property'
  | 'method'
  | 'staticProperty'
  | 'staticMethod'
  | 'constant'
  /** Any further name; `type` is what it gives. */
  | 'index'
  /** What `for each` gives. */
  | 'iterator';

export interface ApiMember {
  name: string;
  kind: ApiMemberKind;
  type?: string;
  value?: string | number | boolean;
  readonly?: boolean;
  signatures?: ApiSignature[];
  summary?: string;
  certainty?: ApiCertainty;
  note?: string;
  deprecated?: boolean;
  since?: string;
}

export interface ApiEntry {
  /** `a.b` for namespaces inside others and for schemas (`xtk.session`); `X_*` for a group of constants. */
  name: string;
  kind: 'function' | 'class' | 'variable' | 'namespace';
  context: ApiAvailability;
  type?: string;
  extends?: string;
  /** The library that must be loaded first. */
  requires?: string;
  deprecated?: boolean;
  signatures?: ApiSignature[];
  members?: ApiMember[];
  summary: string;
  certainty?: ApiCertainty;
  note?: string;
}

/** Every entry of the API. */
export const jsApi = rows as readonly ApiEntry[];

/** Is the entry there in scripts of that context? In a script of unknown context everything is. */
export function isAvailable(entry: ApiEntry, context: ScriptContext | undefined): boolean {
  if (context === undefined || entry.context === 'all') return true;
  if (entry.context === 'server') return context !== 'deliveryMessage' && context !== 'import';
  return entry.context.includes(context);
}

/** Entries that describe the methods of a schema, e.g. `xtk.session`, rather than a library object. */
export function isSchemaEntry(entry: ApiEntry): boolean {
  return entry.kind === 'namespace' && /^(?:xtk|nms)\./.test(entry.name);
}

/** Schema id of a {@link isSchemaEntry}: `xtk.session` → `xtk:session`. */
export function schemaIdOf(entry: ApiEntry): string {
  return entry.name.replace('.', ':');
}

/**
 * Globals that are an entity of a schema, besides what the table says of their class: every field is a property.
 * [I] `recipient` is of the delivery's target dimension, which is `nms:recipient` unless a mapping says otherwise.
 */
export const entityVariables: Readonly<Record<string, string>> = {
  delivery: 'nms:delivery',
  instance: 'xtk:workflow',
  recipient: 'nms:recipient',
};
