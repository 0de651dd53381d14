import { queryFragments } from '../../../core/queryDef/grammar.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import {
  attributeValue,
  childElements,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { QueryRegion } from '../regions.ts';
import { schemaSources, scriptElements } from './scriptElements.ts';

/** Elements that are pieces of a query by themselves; `node` and `condition` only mean one inside of these. */
const clauses: ReadonlySet<string> = new Set(
  [...queryFragments].filter((name) => name !== 'node' && name !== 'condition'),
);

/** Where the paths of a fragment start. */
interface QueryStart {
  schemaId: string;
  /** From the main element, as `queryDef` takes it. */
  startPath?: string;
  /** The records may have fields besides those of the schema: what is not found is not reported. */
  isOpen?: boolean;
}

/**
 * The queries and pieces of queries in an entity or a package: filters of workflow activities, forms and navigation
 * trees. A piece is read as if the queryDef it lacks were around it. Where the schema it starts at cannot be known, it is
 * completed by the grammar alone, and nothing is reported in it.
 */
export function findQueryFragments(text: string, { root }: XmlDocument): QueryRegion[] {
  if (root === undefined) return [];
  const skipped = new Set([
    ...schemaSources(root),
    ...[...scriptElements(root)].map(({ element }) => element),
  ]);
  const regions: QueryRegion[] = [];
  const pending: XmlElement[] = [root];
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    if (skipped.has(element) || element.localName === 'humanCond') continue;
    if (element.localName === 'queryDef' || element.localName === 'queryFilter') {
      if (element.children.length > 0) regions.push(toRegion(text, element, undefined));
      continue;
    }
    const pieces = childElements(element).filter(({ localName }) => clauses.has(localName));
    if (pieces.length > 0) regions.push(...piecesOf(text, element, pieces));
    for (let at = element.children.length - 1; at >= 0; at--) {
      const child = element.children[at]!;
      if (child.kind === 'element' && !pieces.includes(child)) pending.push(child);
    }
  }
  return regions.sort((a, b) => a.start - b.start);
}

function piecesOf(text: string, owner: XmlElement, pieces: readonly XmlElement[]): QueryRegion[] {
  const start = startOf(owner) ?? filteredSchema(pieces);
  const query = imagineQuery(owner, start);
  return pieces.map((piece) => {
    const region = toRegion(text, piece, start);
    if (region.root !== undefined) {
      region.root.parent = query;
      query.children.push(region.root);
    }
    return region;
  });
}

function toRegion(text: string, { start, end }: XmlElement, from: QueryStart | undefined): QueryRegion {
  const xml = parseXml(text, { start, end });
  const isQuery = xml.root?.localName === 'queryDef' || xml.root?.localName === 'queryFilter';
  const isQuiet = !isQuery && (from === undefined || from.isOpen === true);
  return {
    start,
    end,
    text,
    xml,
    root: xml.root,
    inScript: false,
    inXml: true,
    isQuiet,
    closed: true,
    holes: [],
  };
}

/** The queryDef that is not written: it says where paths start, and lets the pieces find each other. */
function imagineQuery(owner: XmlElement, start: QueryStart | undefined): XmlElement {
  const query: XmlElement = {
    ...owner,
    name: 'queryDef',
    localName: 'queryDef',
    attributes: [],
    children: [],
    parent: undefined,
  };
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined) query.attributes.push(imagineAttribute(query, name, value));
  };
  add('schema', start?.schemaId);
  add('startPath', start?.startPath);
  return query;
}

function imagineAttribute(parent: XmlElement, name: string, value: string): XmlAttribute {
  const at = parent.nameEnd;
  return {
    name,
    start: at,
    end: at,
    nameEnd: at,
    valueStart: at,
    valueEnd: at,
    value,
    hasValue: true,
    closed: true,
    hole: false,
    parent,
  };
}

/** Temporary schemas exist while their workflow runs; no model knows them. */
const schemaId = /^(?!temp:)[A-Za-z][\w-]*:[\w-]+$/;

function startOf(owner: XmlElement): QueryStart | undefined {
  for (let at: XmlElement | undefined = owner; at !== undefined; at = at.parent) {
    if (at.localName === 'form' && !isFormReference(at)) return formStart(at, owner);
    // The schema of a workflow is that of its target, not of what an activity reads.
    if (hostNames.has(at.localName)) return undefined;
    if (attributeValue(at, 'schemaOverride') !== undefined) return undefined;
    const schema = attributeValue(at, 'schema');
    if (schema === undefined) continue;
    if (!schemaId.test(schema)) return undefined;
    const readsOthers = at.localName !== 'query' && isInActivity(at);
    return { schemaId: schema, ...(readsOthers && { isOpen: true }) };
  }
  return undefined;
}

const hostNames: ReadonlySet<string> = new Set(['workflow', 'webApp', 'package', 'operation', 'delivery']);

/** Activities other than queries take records from the activities before them, with the columns these have added. */
function isInActivity(element: XmlElement): boolean {
  for (let at = element.parent; at !== undefined; at = at.parent)
    if (at.localName === 'activities') return true;
  return false;
}

/** The schema the console edited a filter for. Source: exports, whose `where` says it even where nothing else does. */
function filteredSchema(pieces: readonly XmlElement[]): QueryStart | undefined {
  for (const piece of pieces) {
    const schema = attributeValue(piece, 'filteringSchema');
    if (schema !== undefined && schemaId.test(schema)) return { schemaId: schema, isOpen: true };
  }
  return undefined;
}

/** `<form name="…"/>` inside a filter or an input names a form; it is none. */
function isFormReference(element: XmlElement): boolean {
  return element.parent !== undefined && element.parent.localName !== 'entities';
}

/**
 * A filter in an input form is about the records of its list or link: the paths of the containers around it lead there,
 * from the schema of the form. Source: Campaign documentation, "Form structure".
 */
function formStart(form: XmlElement, owner: XmlElement): QueryStart | undefined {
  const steps: string[] = [];
  for (let at: XmlElement = owner; at !== form && at.parent !== undefined; at = at.parent) {
    const schema = attributeValue(at, 'schema');
    if (schema !== undefined && schema !== '')
      return schemaId.test(schema) ? { schemaId: schema } : undefined;
    const xpath = attributeValue(at, 'xpath') ?? '';
    if (xpath === '') continue;
    const isPlain = /^\/?[\w-]+(?:\/[\w-]+)*$/.test(xpath);
    if (!isPlain) return undefined;
    steps.unshift(xpath.replace(/^\//, ''));
    if (xpath.startsWith('/')) break;
  }
  const id = attributeValue(form, 'entity-schema') ?? ownId(form);
  if (id === undefined || !schemaId.test(id)) return undefined;
  return { schemaId: id, ...(steps.length > 0 && { startPath: steps.join('/') }) };
}

function ownId(form: XmlElement): string | undefined {
  const namespace = attributeValue(form, 'namespace');
  const name = attributeValue(form, 'name');
  return namespace === undefined || name === undefined ? undefined : `${namespace}:${name}`;
}
