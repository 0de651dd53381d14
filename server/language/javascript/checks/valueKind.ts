import type * as ts from 'typescript';

/** Is it E4X? Rows, lists and filtered lists alike; a value of unknown type is not. */
export function isXml(type: ts.Type): boolean {
  return (
    type.getProperty('toXMLString') !== undefined &&
    type.getProperty('attributes') !== undefined &&
    type.getCallSignatures().length > 0
  );
}

/** Is it a document or an element of the DOM, and nothing else besides? */
export function isDom(type: ts.Type): boolean {
  const isNode =
    type.getProperty('getAttribute') !== undefined || type.getProperty('createElement') !== undefined;
  return isNode && type.getProperty('toXMLString') !== undefined && !isXml(type);
}

/** Is it what `create`, `load` and `get` of a schema give? */
export function isEntity(type: ts.Type): boolean {
  return (
    type.getProperty('save') !== undefined && type.getProperty('toDocument') !== undefined && !isXml(type)
  );
}
