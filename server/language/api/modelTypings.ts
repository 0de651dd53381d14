import type { SchemaListEntry } from '../../../core/protocol/messages.ts';
import { splitSchemaId } from '../../../core/schema/schema.ts';
import { isSchemaEntry, jsApi, schemaIdOf } from './jsApi.ts';
import { TypingWriter, type Typings } from './schemaTypings.ts';

/** Namespaces of the platform: there even when no model is. */
const platformNamespaces = ['xtk', 'nms', 'ncm', 'nl', 'temp', 'adb'];

/**
 * Declarations of the objects a script reaches schemas by: `nms.recipient` for every namespace, `NLWS.nmsRecipient`.
 * Only names; what a schema object can do comes with the schema's own declarations.
 * @param schemas those of the model; `undefined`: not known, so only what every server has.
 */
export function modelTypings(schemas: readonly SchemaListEntry[] | undefined): Typings {
  const namespaces = new Map<string, Set<string>>(
    platformNamespaces.map((namespace) => [namespace, new Set()]),
  );
  const add = (id: string): void => {
    const { namespace, name } = splitSchemaId(id);
    if (namespace === '' || name === '') return;
    const names = namespaces.get(namespace) ?? new Set();
    namespaces.set(namespace, names.add(name));
  };
  for (const entry of jsApi) if (isSchemaEntry(entry)) add(schemaIdOf(entry));
  for (const { id } of schemas ?? []) add(id);

  const writer = new TypingWriter();
  for (const [namespace, names] of namespaces) {
    if (!/^[A-Za-z_$][\w$]*$/.test(namespace)) continue;
    writer.write(`interface ᐸNamespaceː${namespace} extends NLNamespace {\n`);
    for (const name of names) writeSchema(writer, name, `${namespace}:${name}`, 'ᐸSchema');
    writer.write(`}\n/** Schemas of the namespace \`${namespace}\`. Documents come back as E4X. */\n`);
    writer.write(`declare var ${namespace}: ᐸNamespaceː${namespace};\n`);
  }
  writer.write('interface ᐸNlws extends NLNamespace {\n');
  for (const [namespace, names] of namespaces) {
    for (const name of names)
      writeSchema(writer, nlwsName(namespace, name), `${namespace}:${name}`, 'ᐸDomSchema');
  }
  writer.write(
    '}\n/** Every schema as `NLWS.nmsRecipient`. Documents come back as DOM. */\ndeclare var NLWS: ᐸNlws;\n',
  );
  return writer.finish();
}

function writeSchema(writer: TypingWriter, name: string, schemaId: string, type: string): void {
  writer.writeName(name, { kind: 'schema', schemaId });
  writer.write(`: ${type}<${JSON.stringify(schemaId)}>;\n`);
}

/** `nms` and `recipient` → `nmsRecipient`. Source: JSAPI documentation, "NLWS". */
export function nlwsName(namespace: string, name: string): string {
  return namespace + name.charAt(0).toUpperCase() + name.slice(1);
}
