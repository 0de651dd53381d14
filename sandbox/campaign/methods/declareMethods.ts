import { allMethods } from './allMethods.ts';
import type { Method } from '../soap/method.ts';
import {
  attribute,
  createElement,
  elements,
  parseElement,
  writeElement,
  type Element,
} from '../xml/element.ts';

/** The schemas whose documents declare the methods of an interface, as on a real server. */
const interfaceHomes: Readonly<Record<string, string>> = {
  'xtk:session': 'xtk:persist',
  'xtk:job': 'xtk:jobInterface',
};

/**
 * Adds to a compiled schema the methods the sandbox answers for it and the document does not declare yet: clients that
 * discover methods from schemas find all of them. Schemas without methods come back as they are, unparsed.
 */
export function declareMethods(xml: string): string {
  const start = /<schema\b[^>]*>/.exec(xml)?.[0] ?? '';
  const id = `${valueOf(start, 'namespace')}:${valueOf(start, 'name')}`;
  const own = allMethods.filter((method) => method.service === id && id !== 'xtk:persist');
  const inherited = allMethods.filter((method) => method.service === interfaceHomes[id]);
  if (own.length === 0 && inherited.length === 0) return xml;
  const schema = parseElement(xml);
  if (own.length > 0) complete(holder(schema, 'methods'), own);
  if (inherited.length > 0)
    complete(holder(schema, 'interface', (interfaceHomes[id] ?? '').slice('xtk:'.length)), inherited);
  return writeElement(schema);
}

const valueOf = (tag: string, name: string): string =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';

function holder(schema: Element, kind: 'methods' | 'interface', name?: string): Element {
  const known = elements(schema, kind).find(
    (element) => name === undefined || attribute(element, 'name') === name,
  );
  if (known !== undefined) return known;
  const created = createElement(kind, { name });
  schema.children.push(created);
  return created;
}

function complete(list: Element, methods: readonly Method[]): void {
  const declared = new Set(elements(list, 'method').map((element) => attribute(element, 'name')));
  for (const method of methods) if (!declared.has(method.name)) list.children.push(toElement(method));
}

function toElement(method: Method): Element {
  const parameters = method.parameters.map((parameter) =>
    createElement('param', {
      name: parameter.name,
      type: parameter.type,
      inout: parameter.direction,
      optional: parameter.optional ? true : undefined,
    }),
  );
  return createElement(
    'method',
    {
      name: method.name,
      static: method.kind === 'static' ? true : undefined,
      const: method.kind === 'const' ? true : undefined,
      pkonly: method.kind === 'key' ? true : undefined,
      access: method.access === 'operator' ? undefined : method.access,
      hidden: method.hidden ? true : undefined,
    },
    parameters.length === 0 ? [] : [createElement('parameters', {}, parameters)],
  );
}
