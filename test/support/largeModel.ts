/** Size of a generated model. */
export interface ModelSize {
  schemas: number;
  fields: number;
}

/**
 * Compiled schemas `big:s0` … of a regular shape: every field type in turn, an enumeration, a link to the next schema and a
 * collection of the one before.
 */
export function generateSchemas({ schemas, fields }: ModelSize): Map<string, string> {
  const texts = new Map<string, string>();
  for (let index = 0; index < schemas; index++) {
    texts.set(`big:s${index}`, generateSchema(index, schemas, fields));
  }
  return texts;
}

const types = ['string', 'long', 'double', 'datetime', 'boolean', 'memo'] as const;

function generateSchema(index: number, schemas: number, fields: number): string {
  const next = (index + 1) % schemas;
  const previous = (index + schemas - 1) % schemas;
  const attributes = Array.from({ length: fields }, (_, field) => {
    const type = types[field % types.length]!;
    const length = type === 'string' ? ' length="100"' : '';
    return `<attribute name="field${field}" type="${type}"${length} label="Field ${field} of ${index}" desc="What the field ${field} means, in a sentence of the usual length." sqlname="sField${field}"/>`;
  });
  return `<schema xtkschema="xtk:schema" namespace="big" name="s${index}" label="Schema ${index}" md5="${String(index).padStart(32, '0')}">
  <enumeration name="state" basetype="byte"><value name="on" label="On" value="1"/><value name="off" label="Off" value="0"/></enumeration>
  <element name="s${index}" sqltable="BigS${index}">
    <key name="id" internal="true"><keyfield xpath="@id"/></key>
    <attribute name="id" type="long" label="Primary key" sqlname="iId"/>
    <attribute name="state" type="byte" enum="state" label="State" sqlname="iState"/>
    <attribute name="next-id" type="long" label="Foreign key" sqlname="iNextId" advanced="true"/>
    ${attributes.join('\n    ')}
    <element name="next" type="link" target="big:s${next}" label="Next"><join xpath-src="@next-id" xpath-dst="@id"/></element>
    <element name="parts" type="link" target="big:s${previous}" label="Parts" unbound="true"><join xpath-src="@id" xpath-dst="@next-id"/></element>
  </element>
</schema>`;
}
