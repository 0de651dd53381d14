import { Random } from './random.ts';

/** Words the names of the fields are made of, so that completing them is like completing real ones. */
const words = [
  'order',
  'status',
  'amount',
  'score',
  'channel',
  'segment',
  'region',
  'campaign',
  'product',
  'brand',
  'contract',
  'renewal',
  'balance',
  'visit',
  'device',
  'consent',
];

/** Types of the fields, in turn. */
const types = ['string', 'long', 'datetime', 'double', 'boolean', 'byte', 'string', 'date'] as const;

const prefixes = { string: 's', long: 'i', datetime: 'ts', double: 'd', boolean: 'i', byte: 'i', date: 'ts' };

/** Attributes that are in every schema, and links: what is left of `fieldCount` is generated. */
const fixedFieldCount = 5;

/** Namespace of the synthetic schemas. */
export const syntheticNamespace = 'syn';

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Id of the synthetic schema of a number, from 0. */
export const syntheticSchemaId = (index: number): string => `${syntheticNamespace}:${nameOf(index)}`;

function nameOf(index: number): string {
  return `${words[index % words.length]!}${capital(words[(index * 7 + 3) % words.length]!)}${index}`;
}

/**
 * A compiled schema for measurements and large models: links to `nms:recipient` and to the synthetic schema before it, an
 * enumeration, labels. The same for the same arguments.
 * @param index from 0; schemas 0 to `index` together have no dangling link.
 * @param fieldCount attributes and links of the main element, at least 6. Default 60.
 * Reverse links are left out: a schema must not depend on those that come later.
 */
export function syntheticSchema(index: number, fieldCount = 60): string {
  const random = new Random(`synthetic/${index}`);
  const name = nameOf(index);
  const label = `${capital(name.replace(/\d+$/, ''))} ${index}`;
  const table = capital(syntheticNamespace) + capital(name);
  const previous = Math.max(0, index - 1);
  const fields: string[] = [];
  for (let i = 0; i < Math.max(1, fieldCount - fixedFieldCount); i++) {
    const type = types[i % types.length]!;
    const field = `${words[(i + index) % words.length]!}${capital(random.pick(words))}${i}`;
    const details = type === 'string' ? ' length="128"' : type === 'byte' ? ' enum="state"' : '';
    fields.push(
      `    <attribute name="${field}" label="${capital(field)}" type="${type}"${details} sqlname="${prefixes[type]}${capital(field)}"/>`,
    );
  }
  return `<schema xtkschema="xtk:schema" name="${name}" namespace="${syntheticNamespace}" label="${label}" labelSingular="${label}" entitySchema="xtk:schema" implements="xtk:persist" mappingType="sql">
  <enumeration name="state" label="State" basetype="byte" default="draft">
    <value name="draft" label="Draft" value="0"/>
    <value name="active" label="Active" value="1"/>
    <value name="closed" label="Closed" value="2"/>
  </enumeration>
  <element name="${name}" label="${label}" autopk="true" pkSequence="XtkNewId" sqltable="${table}">
    <compute-string expr="@id"/>
    <key name="id" internal="true"><keyfield xpath="@id"/></key>
    <dbindex name="id" unique="true"><keyfield xpath="@id"/></dbindex>
    <attribute name="id" label="Primary key" type="long" sqlname="i${capital(name)}Id"/>
    <attribute name="recipient-id" label="Foreign key of 'Recipient' (id)" type="long" advanced="true" sqlname="iRecipientId"/>
    <attribute name="previous-id" label="Foreign key of 'Previous' (id)" type="long" advanced="true" sqlname="iPreviousId"/>
${fields.join('\n')}
    <element name="recipient" label="Recipient" type="link" target="nms:recipient" revLink="_NONE_"><join xpath-src="@recipient-id" xpath-dst="@id"/></element>
    <element name="previous" label="Previous" type="link" target="${syntheticSchemaId(previous)}" revLink="_NONE_"><join xpath-src="@previous-id" xpath-dst="@id"/></element>
  </element>
</schema>
`;
}
