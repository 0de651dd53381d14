import type { MarkupContent } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';
import { expressionInlayHints } from '../../../../server/language/queryDef/queryInlayHints.ts';
import { completeSchemaSource } from '../../../../server/language/srcSchema/schemaCompletion.ts';
import { schemaExpressions } from '../../../../server/language/srcSchema/schemaExpression.ts';
import { hoverSchemaSource } from '../../../../server/language/srcSchema/schemaHover.ts';
import { schemaDefinition, schemaSignature } from '../../../../server/language/srcSchema/schemaNavigation.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { fullEditor, schemaTexts } from '../../../support/queryModel.ts';
import { schemaContext } from '../../../support/schemaSource.ts';

const order = (body: string): string =>
  `<srcSchema namespace="cus" name="order"><enumeration name="state" basetype="byte"><value name="open" label="Open" value="1"/></enumeration><element name="order" autopk="true"><attribute name="number"/><attribute name="state" type="byte" enum="state"/><element name="address"><attribute name="city"/><attribute name="line" expr="@city"/></element><element name="buyer" type="link" target="nms:recipient"/>${body}</element></srcSchema>`;
const extension = (body: string): string =>
  `<srcSchema namespace="cus" name="recipient" extendedSchema="nms:recipient"><element name="recipient"><attribute name="points" type="long"/><element name="location"><attribute name="floor"/></element>${body}</element></srcSchema>`;

function offers(marked: string): string[] {
  const { text, offset } = takeCursor(marked);
  return completeSchemaSource(schemaContext(text), fullEditor, offset).items.map((item) => item.label);
}

test('offers the fields of the document and those compilation adds', () =>
  expect(offers(order('<attribute name="x" expr="@$0"/>'))).toEqual([
    '@number',
    '@state',
    '@x',
    '@id',
    '@buyer-id',
  ]));

test('keys and joins are offered the fields that compilation adds, and those of an aggregate', () => {
  const index = '<dbindex name="i"><keyfield xpath="$0"/></dbindex>';
  expect(offers(order(index))).toEqual(
    expect.arrayContaining(['@number', '@id', '@buyer-id', 'address/@city']),
  );
  expect(offers(order('<key name="k"><keyfield xlink="$0"/></key>'))).toEqual(['buyer']);
  expect(offers(extension(index))).toEqual(expect.arrayContaining(['@points', '@email', 'location/@floor']));
});

test('a container and a link may be stored in XML, and be required', () => {
  expect(offers(order('<element name="c" $0/>'))).toEqual(expect.arrayContaining(['xml', 'required']));
  expect(offers(order('<element name="c" $0/>'))).not.toContain('sqlname');
});

test('offers what is behind a link', () =>
  expect(offers(order('<compute-string expr="[buyer/$0]"/>'))).toEqual(
    expect.arrayContaining(['@email', 'folder', 'location']),
  ));

test('a path that leads back sees the document, not the instance', () =>
  expect(offers(extension('<attribute name="x" expr="[broadLog/recipient/@po$0]"/>'))).toContain('@points'));

test('an extension offers its own fields and those it extends', () => {
  const labels = offers(extension('<attribute name="x" expr="@$0"/>'));
  expect(labels).toEqual(expect.arrayContaining(['@points', '@email']));
  expect(offers(extension('<attribute name="x" expr="[location/$0]"/>'))).toEqual(['@city', '@floor']);
});

test('the filter of a link starts at its target', () => {
  const link = (filter: string): string =>
    order(
      `<element name="friend" type="link" target="xtk:folder"><join xpath-src="@number" xpath-dst="@id" dstFilterExpr="${filter}"/></element>`,
    );
  expect(offers(link('@$0'))).toEqual(['@id', '@label', '@parent-id']);
});

test('a field of a container starts in the container', () =>
  expect(
    offers(order('<element name="c"><attribute name="a"/><attribute name="b" expr="@$0"/></element>')),
  ).toEqual(['@a', '@b']));

test('a condition of compilation has no record to read', () => {
  const labels = offers(order('<attribute name="x" applicableIf="$0"/>'));
  expect(labels).not.toContain('@number');
  expect(labels).toContain('HasPackage');
});

test('offers functions of the session where the application evaluates, not where the database does', () => {
  expect(offers(order('<attribute name="x" default="$0"/>'))).toContain('CounterValue');
  expect(offers(order('<attribute name="x" expr="$0"/>'))).not.toContain('CounterValue');
});

test('offers the values of a list', () =>
  expect(offers(order('<attribute name="x" visibleIf="@state = $0"/>'))[0]).toBe('1'));

function hover(marked: string): string | undefined {
  const { text, offset } = takeCursor(marked);
  return (hoverSchemaSource(schemaContext(text), offset)?.contents as MarkupContent | undefined)?.value;
}

test('explains fields, links, functions and values of expressions', () => {
  expect(hover(order('<attribute name="x" expr="[buyer/@em$0ail]"/>'))).toContain('Email');
  expect(hover(order('<attribute name="x" expr="[bu$0yer/@email]"/>'))).toContain('link → nms:recipient');
  expect(hover(order('<attribute name="x" expr="Upp$0er(@number)"/>'))).toContain('Upper(');
  expect(hover(order('<attribute name="x" visibleIf="@state = $01"/>'))).toContain('Open');
  expect(hover(order('<attribute name="x" expr="@nothi$0ng"/>'))).toBeUndefined();
});

/** `schema: text of the target`. */
function definition(marked: string): string | undefined {
  const { text, offset } = takeCursor(marked);
  const context = schemaContext(text);
  const [target] = schemaDefinition(context, offset);
  if (target === undefined) return undefined;
  const source = target.schemaId === context.own?.id ? text : schemaTexts.get(target.schemaId)!;
  return `${target.schemaId}: ${source.slice(target.start, target.end)}`;
}

test('leads to declarations in the document and in the model', () => {
  expect(definition(order('<attribute name="x" expr="@num$0ber"/>'))).toBe(
    'cus:order: <attribute name="number"/>',
  );
  expect(definition(order('<attribute name="x" expr="[buyer/@ema$0il]"/>'))).toMatch(
    /^nms:recipient: <attribute name="email"/,
  );
  expect(definition(order('<attribute name="x" expr="[@buy$0er-id]"/>'))).toMatch(
    /^cus:order: <element name="buyer"/,
  );
  expect(definition(order('<element name="y" type="link" target="xtk:fol$0der"/>'))).toMatch(
    /^xtk:folder: <element name="folder"/,
  );
  expect(definition(order('<attribute name="x" enum="sta$0te"/>'))).toMatch(
    /^cus:order: <enumeration name="state"/,
  );
  expect(definition(order('<key name="k"><keyfield xpath="@num$0ber"/></key>'))).toBe(
    'cus:order: <attribute name="number"/>',
  );
  const join =
    '<element name="y" type="link" target="nms:recipient"><join xpath-src="@number" xpath-dst="@em$0ail"/></element>';
  expect(definition(order(join))).toMatch(/^nms:recipient: <attribute name="email"/);
  expect(definition(order('<attribute na$0me="x"/>'))).toBeUndefined();
});

test('shows the signature of a function', () => {
  const { text, offset } = takeCursor(order('<attribute name="x" expr="Iif(@id = 1, $0)"/>'));
  expect(schemaSignature(schemaContext(text), offset)?.activeParameter).toBe(1);
});

test('finds every expression of a document', () =>
  expect(
    [...schemaExpressions(schemaContext(order('<compute-string expr="@number"/>')))].map(
      (site) => site.expression.parsed.text,
    ),
  ).toEqual(['@city', '@number']));

test('hints see the document as it is being written', () => {
  const text = order('<attribute name="x" expr="@state = 1 AND [buyer/@id] = 2"/>');
  const context = schemaContext(text);
  const hints = expressionInlayHints(context, schemaExpressions(context), { start: 0, end: text.length });
  expect(hints.map(({ label }) => label)).toEqual(['Open', ': nms:recipient']);
});

test('any prefix of a schema is read', () => {
  const text = extension('<attribute name="x" expr="Upper([location/@city])" default="\'a\'"/>');
  for (let end = 0; end <= text.length; end++) {
    const context = schemaContext(text.slice(0, end));
    completeSchemaSource(context, fullEditor, end);
    hoverSchemaSource(context, end);
    schemaDefinition(context, end);
    schemaSignature(context, end);
  }
  expect(definition(`${text}$0`)).toBeUndefined();
});

test('the default of a field with an enumeration is one of its values', () => {
  const schema = (attributes: string): string =>
    `<srcSchema namespace="cus" name="order"><enumeration name="state"><value name="open" label="Open" value="o"/>` +
    `<value name="done" label="Done" value="d"/></enumeration><element name="order"><attribute name="x" ${attributes}/></element></srcSchema>`;
  expect(offers(schema('type="string" length="1" enum="state" default="$0"')).slice(0, 2)).toEqual([
    "'o'",
    "'d'",
  ]);
  expect(offers(schema('type="byte" enum="state" default="$0"')).slice(0, 2)).toEqual(['o', 'd']);
  expect(offers(schema('type="string" length="1" default="$0"'))).not.toContain("'o'");
});
