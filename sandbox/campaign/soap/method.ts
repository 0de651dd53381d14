import type { Element } from '../xml/element.ts';
import type { Instance } from '../instance.ts';
import type { Session } from '../session/sessions.ts';

/** Types a parameter can have; the schema's own words (soap.md calls them schema types). */
export type ParameterType =
  | 'string'
  | 'boolean'
  | 'byte'
  | 'short'
  | 'long'
  | 'int64'
  | 'double'
  | 'datetime'
  | 'date'
  | 'primarykey'
  | 'DOMElement'
  | 'DOMDocument'
  | 'sessionUserInfo';

export interface Parameter {
  name: string;
  type: ParameterType;
  direction: 'in' | 'out';
  optional: boolean;
}

/** A result row stream: written piece by piece, so that a large answer starts at once. */
export interface XmlChunks {
  chunks: Iterable<string>;
}

export type OutValue = string | number | boolean | Date | Element | XmlChunks | undefined;

/** The method a SOAPAction names. */
export interface Action {
  /** The whole part before `#`: `xtk:session`, or `xtk:persist|nms:delivery`. */
  service: string;
  method: string;
}

/** What came of a method that another one ran. */
export interface Invoked {
  /** The document, where the method changes one. */
  entity: Element | undefined;
  /** The whole reply, as it would have been sent. */
  response: string;
}

/** What a method gets. Invariant: parameters are read by position; their names in the envelope mean nothing. */
export interface Call {
  instance: Instance;
  /** Absent for anonymous methods called without a session. */
  session: Session | undefined;
  /** The schema the call is for: the right-hand side of `interface|schema`, or the service itself. */
  schemaId: string;
  /** The document of a method that is not static; a `pkonly` method gets its key as `key`. */
  entity: Element;
  key: string;
  text: (index: number) => string;
  flag: (index: number) => boolean;
  number: (index: number) => number;
  /** The first child element of an XML parameter; `undefined` when it is empty. */
  element: (index: number) => Element | undefined;
  /** Address of the caller. */
  address: string;
  /** Runs another method for the same caller, with arguments as they stand in an envelope after the session token. */
  invoke: (action: Action, args: readonly Element[]) => Invoked;
}

/** Results in the order of the declaration; a method that changes its document gives it as `entity`. */
export interface Answer {
  entity?: Element;
  values?: OutValue[];
}

export interface Method {
  /** `xtk:session`, or the interface for its methods: `xtk:persist`. */
  service: string;
  name: string;
  kind: 'static' | 'document' | 'const' | 'key';
  access: 'anonymous' | 'operator' | 'admin' | 'sql';
  hidden: boolean;
  parameters: readonly Parameter[];
  run(call: Call): Answer | Promise<Answer>;
}

export interface MethodOptions {
  kind?: Method['kind'];
  access?: Method['access'];
  hidden?: boolean;
}

/**
 * Declares a method. The signature is written as in `strName:string, bDuplicate?:boolean -> pdomOutput:DOMDocument`,
 * with the names of the wire; `?` marks an optional parameter.
 */
export function method(
  id: string,
  signature: string,
  run: Method['run'],
  options: MethodOptions = {},
): Method {
  const hash = id.indexOf('#');
  const [inputs = '', outputs = ''] = signature.split('->');
  return {
    service: id.slice(0, hash),
    name: id.slice(hash + 1),
    kind: options.kind ?? 'static',
    access: options.access ?? 'operator',
    hidden: options.hidden ?? false,
    parameters: [...readParameters(inputs, 'in'), ...readParameters(outputs, 'out')],
    run,
  };
}

function readParameters(text: string, direction: 'in' | 'out'): Parameter[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', type = ''] = part.split(':');
      return {
        name: name.replace('?', ''),
        type: type as ParameterType,
        direction,
        optional: name.endsWith('?'),
      };
    });
}
