import type { Random } from './random.ts';

/** An element of a generated query. */
export interface QueryXml {
  name: string;
  attributes: [name: string, value: string][];
  children: QueryXml[];
}

export const element = (
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  children: readonly QueryXml[] = [],
): QueryXml => ({
  name,
  attributes: Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  children: [...children],
});

/** How a person may have typed the document: none of it changes what it says. */
export interface QueryLayout {
  quote: '"' | "'";
  newline: '\n' | '\r\n' | '';
  indent: string;
  /** `<node …></node>` instead of `<node …/>`. */
  longTags: boolean;
  comments: boolean;
  /** Writes `>` as `&gt;`, which is not asked for. */
  escapeGreater: boolean;
}

export const plainLayout: QueryLayout = {
  quote: '"',
  newline: '\n',
  indent: '  ',
  longTags: false,
  comments: false,
  escapeGreater: false,
};

/** A layout for a generated query: most are tidy. */
export function randomLayout(random: Random): QueryLayout {
  if (random.chance(0.6)) return plainLayout;
  return {
    quote: random.pick(['"', "'"]),
    newline: random.pick(['\n', '\r\n', '']),
    indent: random.pick(['  ', '    ', '\t', '']),
    longTags: random.chance(0.2),
    comments: random.chance(0.3),
    escapeGreater: random.chance(0.5),
  };
}

/** Writes a query as the document of a file. */
export function writeQuery(query: QueryXml, layout: QueryLayout = plainLayout, level = 0): string {
  const pad = layout.newline === '' ? '' : layout.newline + layout.indent.repeat(level);
  const attributes = query.attributes
    .map(([name, value]) => ` ${name}=${layout.quote}${escapeValue(value, layout)}${layout.quote}`)
    .join('');
  const open = `${level === 0 ? '' : pad}<${query.name}${attributes}`;
  if (query.children.length === 0) return layout.longTags ? `${open}></${query.name}>` : `${open}/>`;
  const comment =
    layout.comments && level === 0 ? `${pad}${layout.indent}<!-- what is asked: <node expr="@x"/> -->` : '';
  const children = query.children.map((child) => writeQuery(child, layout, level + 1)).join('');
  return `${open}>${comment}${children}${pad}</${query.name}>`;
}

function escapeValue(value: string, { quote, escapeGreater }: QueryLayout): string {
  return value.replace(/[&<>"']/g, (character) => {
    if (character === '&') return '&amp;';
    if (character === '<') return '&lt;';
    if (character === '>') return escapeGreater ? '&gt;' : '>';
    if (character !== quote) return character;
    return character === '"' ? '&quot;' : '&apos;';
  });
}

/** Every element of a query, parents first. */
export function* allElements(query: QueryXml): Generator<QueryXml> {
  yield query;
  for (const child of query.children) yield* allElements(child);
}

/** A copy that can be changed. */
export const copyQuery = (query: QueryXml): QueryXml => structuredClone(query);

/** Value of an attribute. */
export const valueOf = (query: QueryXml, name: string): string | undefined =>
  query.attributes.find(([key]) => key === name)?.[1];
