/**
 * A parameter type as a schema declares it, reduced to what differs on the wire. `element` and `document` are
 * `DOMElement` and `DOMDocument`.
 */
export type SoapType =
  | 'string'
  | 'boolean'
  | 'byte'
  | 'short'
  | 'long'
  | 'int64'
  | 'float'
  | 'double'
  | 'datetime'
  | 'date'
  | 'primarykey'
  | 'element'
  | 'document';

/**
 * A value crossing the wire. `int64` and `primarykey` stay text (64 bits do not fit a number); dates are their text
 * form (`2020-12-31T12:34:56.789Z`, `2020-12-31`); `element` and `document` are the text of one XML element, `''` for
 * none.
 */
export type SoapValue = string | number | boolean;

/** One argument. The server reads by position; the name is only for people reading a trace. */
export interface SoapParameter {
  readonly name: string;
  readonly type: SoapType;
  readonly value: SoapValue;
}

/** One result, in the order the server wrote them. */
export interface SoapOutput {
  /** As on the wire: `pstrSessionToken`, `pdomOutput`, `entity`. */
  readonly name: string;
  readonly type: SoapType;
  /** XML results have the namespaces of the envelope removed. */
  readonly value: SoapValue;
}
