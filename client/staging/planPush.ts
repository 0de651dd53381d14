import type { KeyDescription, SchemaDescription } from '../../core/protocol/messages.ts';
import { escapeXmlAttribute, escapeXmlText } from '../../core/xml/entities.ts';
import { checkValue } from './checkValue.ts';
import { matchColumns, storableFields, type ColumnMatch } from './matchColumns.ts';
import { maxProblems, type RowProblem, type SourceTable } from './readRows.ts';

/** How rows are told apart, and so whether a row may be sent twice without harm. */
export type RowKey =
  /** The file brings the key. */
  | { readonly kind: 'columns'; readonly xpaths: readonly string[] }
  /** The schema's key is a UUID: rows without one get theirs here, before anything is sent. */
  | { readonly kind: 'minted'; readonly xpath: string }
  /** The server numbers the rows: a row whose answer was lost cannot be sent again safely. */
  | { readonly kind: 'none' };

/** One row ready to be sent: exactly this text, now or when a stopped push goes on. */
export interface PlannedRow {
  /** Line of the file. */
  readonly line: number;
  /** The key as shown; `''` when the server gives it. */
  readonly id: string;
  readonly xml: string;
  /** May be sent again after an answer was lost. */
  readonly isKeyed: boolean;
}

export interface PushPlan {
  /** The staging schema that takes the rows. */
  readonly schemaId: string;
  readonly key: RowKey;
  readonly matches: readonly ColumnMatch[];
  readonly rows: readonly PlannedRow[];
}

export type PlanResult =
  | { readonly plan: PushPlan; readonly problems: readonly [] }
  | { readonly plan: undefined; readonly problems: readonly RowProblem[] };

export interface PlanOptions {
  /** An empty cell is sent as an empty value; otherwise it is left out and the field stays as it is. */
  readonly sendEmpty: boolean;
  /** Makes an id; a UUID. */
  readonly mintId: () => string;
}

/**
 * Turns the rows of a file into documents for a staging schema. Gives documents only when every row is right: a push is
 * all that the review showed, or nothing.
 */
export function planPush(table: SourceTable, schema: SchemaDescription, options: PlanOptions): PlanResult {
  const { matches, problems } = matchColumns(table.columns, schema);
  if (matches === undefined) return { plan: undefined, problems };
  const key = chooseKey(matches, schema);
  const planner = new RowPlanner(schema, matches, key, options);
  const rows: PlannedRow[] = [];
  const found: RowProblem[] = [];
  const lineOfKey = new Map<string, number>();
  table.rows.forEach((values, index) => {
    const line = table.lines[index]!;
    const planned = planner.plan(values, line);
    if (Array.isArray(planned)) {
      found.push(...planned);
      return;
    }
    const other = planned.id === '' ? undefined : lineOfKey.get(planned.id);
    // Rows are sent side by side: which of two would win is left to chance.
    if (other !== undefined) {
      found.push({
        line,
        message: `Lines ${other} and ${line} have the same key “${planned.id}”. Keep one.`,
      });
    }
    lineOfKey.set(planned.id, line);
    rows.push(planned);
  });
  if (found.length === 0) return { plan: { schemaId: schema.id, key, matches, rows }, problems: [] };
  const more = found.length - maxProblems;
  return {
    plan: undefined,
    problems: [
      ...found.slice(0, maxProblems),
      ...(more > 0 ? [{ message: `${more} more problems like these.` }] : []),
    ],
  };
}

/** The primary key when the file has it, else another key it has, else a UUID of our own where the schema takes one. */
export function chooseKey(matches: readonly ColumnMatch[], schema: SchemaDescription): RowKey {
  const columns = new Set(matches.map(({ field }) => field.xpath));
  const isCovered = ({ xpaths }: KeyDescription): boolean =>
    xpaths.length > 0 && xpaths.every((xpath) => columns.has(xpath));
  const primary = schema.keys.find((key) => key.primary);
  if (primary !== undefined && isCovered(primary)) return { kind: 'columns', xpaths: primary.xpaths };
  const other = schema.keys.find((key) => !key.primary && isCovered(key));
  if (other !== undefined) return { kind: 'columns', xpaths: other.xpaths };
  const xpath = primary?.xpaths.length === 1 ? primary.xpaths[0]! : undefined;
  const type = storableFields(schema.fields).find((field) => field.xpath === xpath)?.type;
  return xpath !== undefined && takesUuid(type) ? { kind: 'minted', xpath } : { kind: 'none' };
}

function takesUuid(type: string | undefined): boolean {
  return type === 'uuid' || type === 'string';
}

class RowPlanner {
  readonly #schema: SchemaDescription;
  readonly #matches: readonly ColumnMatch[];
  readonly #key: RowKey;
  readonly #options: PlanOptions;
  readonly #enumerations: Map<string, SchemaDescription['enumerations'][number]>;
  /** A key column of the file that may be filled with a UUID where a row leaves it empty. */
  readonly #mintable: string | undefined;

  constructor(schema: SchemaDescription, matches: readonly ColumnMatch[], key: RowKey, options: PlanOptions) {
    this.#schema = schema;
    this.#matches = matches;
    this.#key = key;
    this.#options = options;
    this.#enumerations = new Map(schema.enumerations.map((enumeration) => [enumeration.name, enumeration]));
    const keyField =
      key.kind === 'columns' && key.xpaths.length === 1
        ? matches.find(({ field }) => field.xpath === key.xpaths[0])?.field
        : undefined;
    const primary = schema.keys.find((candidate) => candidate.primary)?.xpaths[0];
    this.#mintable =
      key.kind === 'minted'
        ? key.xpath
        : keyField !== undefined && keyField.xpath === primary && takesUuid(keyField.type)
          ? keyField.xpath
          : undefined;
  }

  plan(values: readonly (string | undefined)[], line: number): PlannedRow | RowProblem[] {
    const problems: RowProblem[] = [];
    const texts = new Map<string, string>();
    this.#matches.forEach(({ column, field }, index) => {
      const value = values[index];
      if (value === undefined) return;
      if (value.trim() === '') {
        if (this.#options.sendEmpty) texts.set(field.xpath, '');
        return;
      }
      const checked = checkValue(value, field, this.#enumerations.get(field.enumeration ?? ''));
      if ('text' in checked) texts.set(field.xpath, checked.text);
      else {
        const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
        problems.push({ line, message: `Line ${line}, column “${column}”: “${shown}” ${checked.problem}.` });
      }
    });
    if (problems.length > 0) return problems;
    const keyXpaths = this.#keyOf(texts);
    if (keyXpaths === undefined) {
      const missing = (this.#key as { xpaths: readonly string[] }).xpaths.filter(
        (xpath) => !texts.get(xpath),
      );
      return [{ line, message: `Line ${line} has no value for ${missing.join(', ')}, which is its key.` }];
    }
    return {
      line,
      id: keyXpaths.map((xpath) => texts.get(xpath)!).join(' | '),
      xml: writeDocument(this.#schema.id, keyXpaths, texts),
      isKeyed: keyXpaths.length > 0,
    };
  }

  /** The xpaths that identify the row, with a UUID put in where one is missing; `undefined` when its key is incomplete. */
  #keyOf(texts: Map<string, string>): readonly string[] | undefined {
    if (this.#key.kind === 'none') return [];
    const xpaths = this.#key.kind === 'columns' ? this.#key.xpaths : [this.#key.xpath];
    for (const xpath of xpaths) {
      if ((texts.get(xpath) ?? '') !== '') continue;
      if (xpath !== this.#mintable) return undefined;
      texts.set(xpath, this.#options.mintId());
    }
    return xpaths;
  }
}

interface DocumentElement {
  readonly attributes: string[];
  readonly children: Map<string, DocumentElement>;
  text: string;
}

/** `<purchaseStg xtkschema="cus:purchaseStg" _key="@id" id="…"><location city="…"/></purchaseStg>` */
function writeDocument(
  schemaId: string,
  keyXpaths: readonly string[],
  texts: ReadonlyMap<string, string>,
): string {
  const root: DocumentElement = { attributes: [], children: new Map(), text: '' };
  root.attributes.push(`xtkschema="${escapeXmlAttribute(schemaId)}"`);
  if (keyXpaths.length > 0) root.attributes.push(`_key="${escapeXmlAttribute(keyXpaths.join(','))}"`);
  for (const [xpath, text] of texts) {
    const steps = xpath.split('/');
    let element = root;
    for (const step of steps) {
      if (step.startsWith('@')) {
        element.attributes.push(`${step.slice(1)}="${escapeXmlAttribute(text)}"`);
        break;
      }
      let child = element.children.get(step);
      if (child === undefined) {
        element.children.set(step, (child = { attributes: [], children: new Map(), text: '' }));
      }
      element = child;
    }
    if (!steps.at(-1)!.startsWith('@')) element.text = text;
  }
  return writeElement(schemaId.slice(schemaId.indexOf(':') + 1), root);
}

function writeElement(name: string, { attributes, children, text }: DocumentElement): string {
  const start = [name, ...attributes].join(' ');
  const inside =
    escapeXmlText(text) + [...children].map(([child, element]) => writeElement(child, element)).join('');
  return inside === '' ? `<${start}/>` : `<${start}>${inside}</${name}>`;
}
