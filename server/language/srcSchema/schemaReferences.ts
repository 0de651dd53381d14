import { schemaAttributeRow } from '../../../core/schema/srcSchemaGrammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import {
  attributeOf,
  attributeValue,
  descendantElements,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { SchemaNode } from '../../../core/schema/schema.ts';
import { addressOf, isSameAddress, type NodeAddress } from '../queryDef/fieldDocumentation.ts';
import {
  expressionReferenceTarget,
  type ReferenceSource,
  type ReferenceTarget,
} from '../queryDef/queryReferences.ts';
import type { SchemaContext } from './schemaContext.ts';
import {
  schemaExpressionAt,
  schemaExpressions,
  schemaModel,
  schemaPathAt,
  schemaPaths,
} from './schemaExpression.ts';

/** A schema source as a place to look for references: its expressions, paths, targets and declarations. */
export function schemaReferenceSource(context: SchemaContext): ReferenceSource {
  return {
    document: context.document,
    *expressions() {
      yield* schemaExpressions(context);
      yield* schemaPaths(context);
    },
    schemaIds: () => schemaIds(context),
    declarations: (target) => declarations(context, target),
    addressOf: (node) => publicAddress(context, node),
  };
}

/** The field, link or schema at an offset: where it is used, and where the document declares it. */
export function schemaReferenceTarget(context: SchemaContext, offset: number): ReferenceTarget | undefined {
  const place = schemaExpressionAt(context, offset) ?? schemaPathAt(context, offset);
  if (place !== undefined) {
    return expressionReferenceTarget(schemaModel(context), place, (node) => publicAddress(context, node));
  }
  const at = locateXml(context.xml, offset);
  if (at.kind !== 'attributeValue') return undefined;
  if (schemaAttributeRow(at.element.localName, at.attribute.name)?.kind === 'schemaId') {
    return { kind: 'schema', schemaId: at.attribute.value.trim().split('/')[0]! };
  }
  return at.attribute.name === 'name' ? declaredAt(context, at.element) : undefined;
}

/** What other documents call a node: an extension's fields are those of the schema it extends. */
function publicAddress({ own }: SchemaContext, node: SchemaNode): NodeAddress {
  const address = addressOf(node);
  const base = own?.extendedSchema;
  if (own === undefined || base === undefined || address.schemaId !== own.id) return address;
  const [first, ...rest] = address.steps;
  return { schemaId: base, steps: [first === own.root?.name ? nameOf(base) : first!, ...rest] };
}

function nameOf(schemaId: string): string {
  return schemaId.slice(schemaId.indexOf(':') + 1);
}

/** The address of what an element of the source declares; `undefined` for anything but fields and elements. */
function declaredAt(context: SchemaContext, element: XmlElement): ReferenceTarget | undefined {
  const { own } = context;
  if (own === undefined) return undefined;
  const steps: string[] = [];
  let at: XmlElement = element;
  for (; at.parent !== undefined; at = at.parent) {
    const name = attributeValue(at, 'name') ?? '';
    if (name === '' || (at.localName !== 'element' && at.localName !== 'attribute')) return undefined;
    steps.unshift(at.localName === 'attribute' ? `@${name}` : name);
  }
  const [first, ...rest] = steps;
  const base = own.extendedSchema;
  if (first === undefined) return { kind: 'schema', schemaId: base ?? own.id };
  const isMain = first === own.root?.name;
  return {
    kind: 'node',
    schemaId: base ?? own.id,
    steps: [isMain && base !== undefined ? nameOf(base) : first, ...rest],
  };
}

function* declarations(context: SchemaContext, target: ReferenceTarget): Generator<TextRange> {
  const { root } = context.xml;
  if (root === undefined || target.kind === 'schema') return;
  for (const element of descendantElements(root)) {
    const name = attributeOf(element, 'name');
    if (name === undefined || !target.steps.at(-1)!.endsWith(name.value)) continue;
    const declared = declaredAt(context, element);
    if (declared?.kind === 'node' && isSameAddress(declared, target)) yield valueRange(name);
  }
}

function* schemaIds(context: SchemaContext): Generator<{ schemaId: string; range: TextRange }> {
  const { root } = context.xml;
  if (root === undefined) return;
  for (const element of descendantElements(root)) {
    for (const attribute of element.attributes) {
      if (schemaAttributeRow(element.localName, attribute.name)?.kind !== 'schemaId') continue;
      const schemaId = attribute.value.split('/')[0]!;
      const { start } = valueRange(attribute);
      yield { schemaId: schemaId.trim(), range: { start, end: start + schemaId.length } };
    }
  }
}

function valueRange(attribute: XmlAttribute): TextRange {
  return { start: attribute.valueStart, end: attribute.valueEnd };
}
