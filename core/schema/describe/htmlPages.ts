import { isBuiltInNamespace } from '../builtInNamespaces.ts';
import { splitSchemaId, type Enumeration, type SchemaMethod } from '../schema.ts';
import { Html, markup, type HtmlValue } from './html.ts';
import { linkDiagram } from './linkDiagram.ts';
import {
  enumerationAnchor,
  pageAddress,
  splitEnumeration,
  type IndexRow,
  type PageContext,
} from './pages.ts';
import { locationText, type KeyFacts, type SchemaFacts } from './schemaFacts.ts';
import { styleSheet, styleSheetHash } from './styleSheet.ts';

/** Nothing is loaded and nothing runs; the one style sheet is named by its hash. */
const contentPolicy = `default-src 'none'; style-src 'sha256-${styleSheetHash}'; base-uri 'none'; form-action 'none'`;

/** The page of one schema. It needs no script, and loads nothing. */
export function schemaHtml(facts: SchemaFacts, context: PageContext): string {
  const parts = [
    markup`<nav><a href="../index.html">${context.modelName}</a> › <code>${facts.id}</code></nav>\n`,
    markup`<h1>${facts.label}</h1>\n`,
    paragraph(facts.description),
    overview(facts, context),
    section('Links', linkSection(facts, context)),
    section('Fields', fieldTable(facts, context)),
    section('Keys', keyTable(facts.keys)),
    section('Indexes', keyTable(facts.indexes)),
    section('Enumerations', facts.enumerations.map(enumeration)),
    section('Methods', facts.methods.map(method)),
  ];
  return page(`${facts.label} (${facts.id})`, parts);
}

/** The page that leads to all others, own schemas first. */
export function indexHtml(rows: readonly IndexRow[], context: PageContext): string {
  const title = `Data model of ${context.modelName}`;
  const groups = groupByNamespace(rows).map(([namespace, group]) => {
    const cells = group.map((row): HtmlValue[] => {
      const path = context.pagePath(row.id);
      const id = schemaLink(row.id, path === undefined ? undefined : `${path}.html`);
      return [id, row.label, code(row.table), row.location, row.fieldCount, row.linkCount];
    });
    const headings = ['Schema', 'Label', 'Table', 'Where it lives', 'Fields', 'Links'];
    return section(namespace, table(headings, cells));
  });
  const count = rows.length === 1 ? '1 schema' : `${rows.length} schemas`;
  return page(title, [markup`<h1>${title}</h1>\n<p class="soft">${count}</p>\n`, groups]);
}

/** Rows by namespace: own ones first, then those of the product, each by id. */
export function groupByNamespace(rows: readonly IndexRow[]): [string, IndexRow[]][] {
  const groups = new Map<string, IndexRow[]>();
  for (const row of [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { namespace } = splitSchemaId(row.id);
    const group = groups.get(namespace);
    if (group === undefined) groups.set(namespace, [row]);
    else group.push(row);
  }
  return [...groups].sort(([a], [b]) => Number(isBuiltInNamespace(a)) - Number(isBuiltInNamespace(b)));
}

function page(title: string, body: HtmlValue): string {
  const head = [
    markup`<meta charset="utf-8">\n`,
    markup`<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">\n`,
    markup`<meta name="viewport" content="width=device-width, initial-scale=1">\n`,
    markup`<title>${title}</title>\n`,
    // Our own text, and its hash holds for exactly its characters.
    markup`<style>${new Html(styleSheet)}</style>\n`,
  ];
  return markup`<!doctype html>\n<html lang="en">\n<head>\n${head}</head>\n<body>\n${body}</body>\n</html>\n`
    .text;
}

function overview(facts: SchemaFacts, context: PageContext): Html {
  const { location, stagingSchema, extensions } = facts;
  const rows: [string, HtmlValue][] = [
    ['Schema', code(facts.id)],
    ['Table', code(facts.table)],
    [
      'Where it lives',
      location.kind === 'staging'
        ? ['Local database, staging for ', reference(location.schemaId, context)]
        : locationText(location),
    ],
    ['Staged in', stagingSchema === undefined ? undefined : reference(stagingSchema, context)],
    ['Named by', code(facts.computeString ?? '')],
    ['Extended by', extensions.length === 0 ? undefined : extensions.join(', ')],
  ];
  const shown = rows.filter(([, value]) => value !== undefined);
  return markup`<dl>${shown.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>\n`;
}

function linkSection(facts: SchemaFacts, context: PageContext): HtmlValue {
  const diagram = linkDiagram(facts, context);
  if (diagram === undefined) return undefined;
  const rows = facts.links.map((link): HtmlValue[] => [
    code(link.xpath),
    withDescription(link.label, link.description),
    reference(link.target, context),
    link.toMany ? 'many' : 'one',
    link.joins.map((join, index) => [index === 0 ? undefined : markup`<br>`, code(join)]),
    link.notes.join('; '),
  ]);
  const headings = ['Link', 'Label', 'Target', 'To', 'Join', 'Notes'];
  return [markup`<div class="scroll">${diagram}</div>\n`, table(headings, rows)];
}

function fieldTable(facts: SchemaFacts, context: PageContext): HtmlValue {
  const rows = facts.fields.map((field): HtmlValue[] => [
    code(field.xpath),
    withDescription(field.label, field.description),
    field.type,
    code(field.column),
    field.enumeration === undefined ? undefined : enumerationReference(facts, field.enumeration, context),
    field.notes.join('; '),
  ]);
  return table(['Field', 'Label', 'Type', 'Column', 'Enumeration', 'Notes'], rows);
}

function keyTable(keys: readonly KeyFacts[]): HtmlValue {
  const rows = keys.map(({ name, fields, notes }) => [code(name), code(fields.join(', ')), notes.join('; ')]);
  return table(['Name', 'Fields', 'Notes'], rows);
}

function enumeration({ name, label, baseType, values }: Enumeration): Html {
  const rows = values.map((value): HtmlValue[] => [
    code(value.name),
    code(value.value),
    withDescription(value.label, value.description ?? ''),
  ]);
  const heading = markup`<h3 id="${enumerationAnchor(name)}"><code>${name}</code> ${label}</h3>\n`;
  return markup`${heading}<p class="soft">${baseType}</p>\n${table(['Name', 'Value', 'Label'], rows)}`;
}

function method({ name, label, description, isStatic, parameters }: SchemaMethod): Html {
  const rows = parameters.map((parameter): HtmlValue[] => [
    code(parameter.name),
    parameter.type,
    parameter.direction,
    parameter.description,
  ]);
  const heading = markup`<h3><code>${name}</code> ${label}</h3>\n`;
  const kind = markup`<p class="soft">${isStatic ? 'Static' : 'On a document of the schema'}</p>\n`;
  const list = table(['Parameter', 'Type', 'Direction', 'Description'], rows);
  return markup`${heading}${kind}${paragraph(description ?? '')}${list}`;
}

function section(title: string, content: HtmlValue): Html | undefined {
  const isEmpty = content === undefined || (Array.isArray(content) && content.length === 0);
  return isEmpty ? undefined : markup`<h2>${title}</h2>\n${content}`;
}

function table(headings: readonly string[], rows: readonly (readonly HtmlValue[])[]): Html | undefined {
  if (rows.length === 0) return undefined;
  const head = headings.map((heading, index) =>
    typeof rows[0]![index] === 'number'
      ? markup`<th class="number">${heading}</th>`
      : markup`<th>${heading}</th>`,
  );
  const body = rows.map((row) => markup`<tr>${row.map(cell)}</tr>\n`);
  return markup`<div class="scroll"><table>\n<tr>${head}</tr>\n${body}</table></div>\n`;
}

function cell(value: HtmlValue): Html {
  return typeof value === 'number' ? markup`<td class="number">${value}</td>` : markup`<td>${value}</td>`;
}

function reference(schemaId: string, context: PageContext): Html | undefined {
  return schemaLink(schemaId, pageAddress(context, schemaId, 'html'));
}

function schemaLink(schemaId: string, address: string | undefined): Html | undefined {
  return address === undefined ? code(schemaId) : markup`<a href="${address}">${code(schemaId)}</a>`;
}

function enumerationReference(facts: SchemaFacts, written: string, context: PageContext): Html | undefined {
  const { schemaId, name } = splitEnumeration(facts, written);
  const address = schemaId === facts.id ? '' : pageAddress(context, schemaId, 'html');
  if (address === undefined) return code(written);
  return markup`<a href="${address}#${enumerationAnchor(name)}">${code(written)}</a>`;
}

function withDescription(label: string, description: string): HtmlValue {
  return description === '' ? label : [label, markup`<br><span class="soft">${description}</span>`];
}

function paragraph(text: string): Html | undefined {
  return text === '' ? undefined : markup`<p>${text}</p>\n`;
}

function code(text: string): Html | undefined {
  return text === '' ? undefined : markup`<code>${text}</code>`;
}
