import { groupByNamespace } from './htmlPages.ts';
import { markdownCode, markdownTable, markdownText } from './markdown.ts';
import {
  enumerationAnchor,
  pageAddress,
  splitEnumeration,
  type IndexRow,
  type PageContext,
} from './pages.ts';
import { locationText, type KeyFacts, type SchemaFacts } from './schemaFacts.ts';

/** The page of one schema in Markdown: what the HTML page says, without the diagram. */
export function schemaMarkdown(facts: SchemaFacts, context: PageContext): string {
  const parts = [
    `[${markdownText(context.modelName)}](../README.md) › ${markdownCode(facts.id)}\n`,
    `# ${markdownText(facts.label)}\n`,
    facts.description === '' ? '' : `${markdownText(facts.description)}\n`,
    overview(facts, context),
    section('Links', linkTable(facts, context)),
    section('Fields', fieldTable(facts, context)),
    section('Keys', keyTable(facts.keys)),
    section('Indexes', keyTable(facts.indexes)),
    section('Enumerations', enumerations(facts)),
    section('Methods', methods(facts)),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** The list of all schemas in Markdown. */
export function indexMarkdown(rows: readonly IndexRow[], context: PageContext): string {
  const groups = groupByNamespace(rows).map(
    ([namespace, group]) =>
      `## ${markdownText(namespace)}\n\n` +
      markdownTable(
        ['Schema', 'Label', 'Table', 'Where it lives', 'Fields', 'Links'],
        group.map((row) => {
          const path = context.pagePath(row.id);
          return [
            linked(markdownCode(row.id), path === undefined ? undefined : `${path}.md`),
            markdownText(row.label),
            markdownCode(row.table),
            markdownText(row.location),
            String(row.fieldCount),
            String(row.linkCount),
          ];
        }),
      ),
  );
  return [`# Data model of ${markdownText(context.modelName)}\n`, ...groups].join('\n');
}

function overview(facts: SchemaFacts, context: PageContext): string {
  const staging =
    facts.location.kind === 'staging'
      ? `Local database, staging for ${reference(facts.location.schemaId, context)}`
      : markdownText(locationText(facts.location));
  const rows: [string, string][] = [
    ['Table', markdownCode(facts.table)],
    ['Where it lives', staging],
    ['Staged in', facts.stagingSchema === undefined ? '' : reference(facts.stagingSchema, context)],
    ['Named by', markdownCode(facts.computeString ?? '')],
    ['Extended by', markdownText(facts.extensions.join(', '))],
  ];
  return rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `- ${name}: ${value}\n`)
    .join('');
}

function linkTable(facts: SchemaFacts, context: PageContext): string {
  return markdownTable(
    ['Link', 'Label', 'Target', 'To', 'Join', 'Notes'],
    facts.links.map((link) => [
      markdownCode(link.xpath),
      withDescription(link),
      reference(link.target, context),
      link.toMany ? 'many' : 'one',
      link.joins.map(markdownCode).join('<br>'),
      markdownText(link.notes.join('; ')),
    ]),
  );
}

function fieldTable(facts: SchemaFacts, context: PageContext): string {
  return markdownTable(
    ['Field', 'Label', 'Type', 'Column', 'Enumeration', 'Notes'],
    facts.fields.map((field) => [
      markdownCode(field.xpath),
      withDescription(field),
      markdownText(field.type),
      markdownCode(field.column),
      field.enumeration === undefined ? '' : enumerationReference(facts, field.enumeration, context),
      markdownText(field.notes.join('; ')),
    ]),
  );
}

function keyTable(keys: readonly KeyFacts[]): string {
  return markdownTable(
    ['Name', 'Fields', 'Notes'],
    keys.map(({ name, fields, notes }) => [
      markdownCode(name),
      markdownCode(fields.join(', ')),
      markdownText(notes.join('; ')),
    ]),
  );
}

function enumerations(facts: SchemaFacts): string {
  return facts.enumerations
    .map(({ name, label, baseType, values }) => {
      const heading = `<a id="${enumerationAnchor(name)}"></a>\n\n### ${markdownCode(name)} ${markdownText(label)}\n`;
      const table = markdownTable(
        ['Name', 'Value', 'Label'],
        values.map((value) => [
          markdownCode(value.name),
          markdownCode(value.value),
          withDescription({ label: value.label, description: value.description ?? '' }),
        ]),
      );
      return `${heading}\n${markdownText(baseType)}\n\n${table}`;
    })
    .join('\n');
}

function methods(facts: SchemaFacts): string {
  return facts.methods
    .map(({ name, label, description, isStatic, parameters }) => {
      const table = markdownTable(
        ['Parameter', 'Type', 'Direction', 'Description'],
        parameters.map((parameter) => [
          markdownCode(parameter.name),
          markdownText(parameter.type),
          parameter.direction,
          markdownText(parameter.description ?? ''),
        ]),
      );
      return [
        `### ${markdownCode(name)} ${markdownText(label)}\n`,
        `${isStatic ? 'Static' : 'On a document of the schema'}.\n`,
        description === undefined ? '' : `${markdownText(description)}\n`,
        table,
      ]
        .filter((part) => part !== '')
        .join('\n');
    })
    .join('\n');
}

function section(title: string, content: string): string {
  return content === '' ? '' : `## ${title}\n\n${content}`;
}

function reference(schemaId: string, context: PageContext): string {
  return linked(markdownCode(schemaId), pageAddress(context, schemaId, 'md'));
}

function enumerationReference(facts: SchemaFacts, written: string, context: PageContext): string {
  const { schemaId, name } = splitEnumeration(facts, written);
  const page = schemaId === facts.id ? '' : pageAddress(context, schemaId, 'md');
  return linked(markdownCode(written), page === undefined ? undefined : `${page}#${enumerationAnchor(name)}`);
}

/** Addresses are made of checked names only; see `planSchemaFiles`. */
function linked(text: string, address: string | undefined): string {
  return address === undefined ? text : `[${text}](${address})`;
}

function withDescription({ label, description }: { label: string; description: string }): string {
  return description === '' ? markdownText(label) : `${markdownText(label)}<br>${markdownText(description)}`;
}
