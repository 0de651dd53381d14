import { expect, test } from 'vitest';
import { findRefusedPart } from '../../../client/query/refusedPart.ts';

const query = (nodes: string, rest = ''): string =>
  `<queryDef schema="nms:recipient" operation="select"><select>${nodes}</select>${rest}</queryDef>`;
const unknown = (name: string, kind = 'Attribute'): string =>
  `${kind} '${name}' unknown (see definition of schema 'Recipients (nms:recipient)').`;
const unreadable = (expression: string, code = 'XTK-170036'): string =>
  `${code} Unable to parse expression '${expression}'.`;

/** The part, between `«` and `»`, in the text around it. */
function found(text: string, ...messages: string[]): string {
  const range = findRefusedPart(text, messages);
  if (range === undefined) return 'nothing';
  const { start, end } = range;
  return `${text.slice(Math.max(0, start - 8), start)}«${text.slice(start, end)}»${text.slice(end, end + 4)}`;
}

test('the field that is unknown, in the expression that is quoted', () => {
  const text = query('<node expr="@email"/><node expr="Upper(@emial)"/>');
  expect(found(text, unknown('emial'), unreadable('Upper(@emial)'))).toBe('="Upper(«@emial»)"/>');
  // The other order of the words, as other releases have it.
  expect(found(text, "'emial' attribute unknown (see definition of 'Recipients' schema)")).toBe(
    '="Upper(«@emial»)"/>',
  );
});

test('an element that is unknown, and not a longer name that begins with it', () => {
  const text = query('<node expr="[folders/@id]"/><node expr="[folder/parnt/@id]"/>');
  expect(found(text, unknown('parnt', 'Element'), unreadable('[folder/parnt/@id]'))).toBe(
    '[folder/«parnt»/@id',
  );
  expect(found(text, unknown('folder', 'Element'))).toBe(' expr="[«folder»/par');
});

test('the whole expression, when it cannot be read', () => {
  const where = '<where><condition expr="@id = "/></where>';
  expect(found(query('<node expr="@id"/>', where), unreadable('@id = ', 'XTK-170006'))).toBe(
    'n expr="«@id = »"/><',
  );
});

test('an expression with quotes and references of its own is the one that is quoted', () => {
  const where = `<where><condition expr="@lastName = 'O\\'Neil' AND @agge &gt; 5"/></where>`;
  const text = query('<node expr="@lastName"/>', where);
  const message = unreadable("@lastName = 'O\\'Neil' AND @agge > 5");
  expect(found(text, unknown('agge'), message)).toBe("il' AND «@agge» &gt");
  const escaped = query('<node expr="@a &amp;&amp; @agge"/>');
  expect(found(escaped, unknown('agge'), unreadable('@a && @agge'))).toBe('p;&amp; «@agge»"/><');
});

test('a function that is unknown', () => {
  const text = query('<node expr="Uper(@email)"/>');
  expect(found(text, "XTK-170006 Unable to parse expression: unknown function 'Uper'.")).toBe(
    'e expr="«Uper»(@em',
  );
});

test('a schema, an operator and any other value that is quoted', () => {
  const where = '<where><condition expr="order" setOperator="EXIST"/></where>';
  const text = query('<node expr="@id"/>', where).replace('nms:recipient', 'nms:recipent');
  expect(found(text, "XFR-180000 The schema 'nms:recipent' does not exist.")).toBe(
    'schema="«nms:recipent»" op',
  );
  expect(found(text, "XTK-170006 The set operator 'EXIST' is unknown.")).toBe('erator="«EXIST»"/><');
  expect(found(text, 'XFR-180000 Le schéma « nms:recipent » est introuvable.')).toBe(
    'schema="«nms:recipent»" op',
  );
});

test('a field alone is surer than a path that ends with it', () => {
  const text = query('<node expr="[folder/@name]"/><node expr="@name"/>');
  expect(found(text, unknown('name'))).toBe('e expr="«@name»"/><');
});

test('a value, a parameter and a name in a string are no fields', () => {
  const where = `<where><condition expr="@label = '@emial'"/><condition expr="@emial = 1"/></where>`;
  expect(found(query('<node expr="@id"/>', where), unknown('emial'))).toBe('n expr="«@emial» = 1');
});

test('the field of an expression whose parameters were filled in before it was sent', () => {
  const where = '<where><condition expr="@emial = $(login)"/></where>';
  expect(found(query('<node expr="@id"/>', where), unknown('emial'), unreadable("@emial = 'a'"))).toBe(
    'n expr="«@emial» = $',
  );
});

test('the strings of an object, of a literal with code, and of a literal that is escaped', () => {
  const object = `{queryDef: {schema: 'nms:recipient', select: {node: [{expr: '@id'}, {expr: "@emial"}]}}}`;
  expect(found(object, unknown('emial'), unreadable('@emial'))).toBe(`{expr: "«@emial»"}]}`);
  const quoted = `{expr: '@lastName = \\'x\\' AND @agge > 1'}`;
  expect(found(quoted, unknown('agge'), unreadable("@lastName = 'x' AND @agge > 1"))).toBe(
    `x\\' AND «@agge» > 1`,
  );
  const literal = query(`<node expr={"@emial" + suffix}/>`);
  expect(found(literal, unknown('emial'))).toBe(' expr={"«@emial»" + ');
  const escaped = '&lt;queryDef&gt;&lt;node expr=&quot;@emial&quot;/&gt;';
  expect(found(escaped, unknown('emial'))).toBe('r=&quot;«@emial»&quo');
});

test('an empty expression, and a piece of one', () => {
  const where = `<where><condition expr="@id = 1 AND @date > #31/12/2024#"/><condition expr=""/></where>`;
  const text = query('<node expr="@id"/>', where);
  expect(found(text, unreadable('#31/12/2024#'))).toBe('@date > «#31/12/2024#»"/><');
  expect(found(text, unreadable(''))).toBe('n expr="«»"/><');
});

test('the names of the call that failed are not those of the query', () => {
  const text = query('<node expr="@id"/>').replace('<queryDef', '<queryDef xtkschema="xtk:queryDef"');
  const wrapper = "SOP-330011 Error while executing the method 'ExecuteQuery' of service 'xtk:queryDef'.";
  expect(found(text, wrapper)).toBe('nothing');
  expect(found(text, wrapper, "XFR-180000 The schema 'nms:recipient' does not exist.")).toBe(
    'schema="«nms:recipient»" op',
  );
});

test('what the text does not have is nowhere', () => {
  const text = query('<node expr="@id"/>');
  expect(found(text, unknown('emial'))).toBe('nothing');
  expect(found(text, "XTK-170006 Native SQL is not permitted for this caller's security zone.")).toBe(
    'nothing',
  );
  expect(found(text)).toBe('nothing');
  expect(found('', unknown('id'))).toBe('nothing');
  expect(found('<queryDef expr="@', unknown('emial'))).toBe('nothing');
});
