import { descendantElements, textOf, type XmlAttribute, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { ScriptContext } from '../api/jsApi.ts';

/** What is written inside an element. */
export interface EmbeddedLanguage {
  languageId: 'campaign-javascript' | 'campaign-jssp';
  /** What the script sees around it. */
  context: ScriptContext;
}

/** An element that holds a script. */
export interface ScriptElement extends EmbeddedLanguage {
  element: XmlElement;
  /** The entity it belongs to. */
  host: XmlElement;
}

interface HostRow {
  context: ScriptContext;
  /** Elements whose text is JavaScript. */
  scripts: readonly string[];
  /** Elements whose text is a page, whatever is in it. */
  pages?: readonly string[];
}

const activityScripts = ['script', 'call', 'recall', 'initScript'] as const;

/**
 * Entities that carry code, and the elements that hold it. Any other text of theirs is a template as soon as it contains
 * `<%`.
 * Source: Campaign documentation of workflow activities, web applications, pages and typology rules.
 * [I] The name of the element that holds the code is documented for none but `data`; the others are those of exports.
 */
const hosts: Readonly<Record<string, HostRow>> = {
  workflow: { context: 'workflow', scripts: activityScripts },
  webApp: { context: 'webApp', scripts: activityScripts },
  javascript: { context: 'soapMethod', scripts: ['data', 'code'] },
  jssp: { context: 'jssp', scripts: [], pages: ['data', 'code'] },
  jst: { context: 'contentManagement', scripts: [], pages: ['data', 'code'] },
  javascriptTemplate: { context: 'contentManagement', scripts: [], pages: ['data', 'code'] },
  typologyRule: { context: 'typologyRule', scripts: ['script', 'code'] },
  includeView: { context: 'deliveryMessage', scripts: [] },
  delivery: { context: 'deliveryMessage', scripts: ['script'] },
};

/** Generated or shown text, and what is somebody else's. */
const neverCode: ReadonlySet<string> = new Set(['humanCond', 'display', 'desc', 'label']);

/** An attribute that holds a template. */
export interface ScriptAttribute extends ScriptElement {
  attribute: XmlAttribute;
}

/** The elements of an entity, or of a package of entities, that hold scripts, in document order. */
export function* scriptElements(root: XmlElement): Generator<ScriptElement> {
  for (const { element, host } of elementsOfHosts(root)) {
    const language = languageOf(host, element);
    if (language !== undefined) yield { element, host, ...language };
  }
}

/**
 * The attributes that hold templates: any field of an activity may, as may the label of a delivery. Expressions of queries
 * are read as such.
 */
export function* scriptAttributes(root: XmlElement): Generator<ScriptAttribute> {
  for (const { element, host } of elementsOfHosts(root)) {
    for (const attribute of element.attributes) {
      if (!attribute.closed || attribute.name === 'expr' || !attribute.value.includes('<%')) continue;
      const { context } = hosts[host.localName]!;
      yield { element, attribute, host, languageId: 'campaign-jssp', context };
    }
  }
}

/** The elements that belong to an entity with code, those inside of scripts left out, in document order. */
function* elementsOfHosts(root: XmlElement): Generator<{ element: XmlElement; host: XmlElement }> {
  const pending: { element: XmlElement; host: XmlElement | undefined }[] = [
    { element: root, host: undefined },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { element } = next;
    const host = isHost(element, next.host) ? element : next.host;
    if (host !== undefined) yield { element, host };
    if (host !== undefined && languageOf(host, element) !== undefined) continue;
    for (let at = element.children.length - 1; at >= 0; at--) {
      const child = element.children[at]!;
      if (child.kind === 'element') pending.push({ element: child, host });
    }
  }
}

/**
 * Entities stand at the root, in a group of a package, or in the entity that owns them; a delivery activity is of its
 * workflow, although its element is called like the entity.
 */
function isHost(element: XmlElement, host: XmlElement | undefined): boolean {
  if (!Object.hasOwn(hosts, element.localName)) return false;
  return host === undefined || element.parent?.localName === 'entities';
}

function languageOf(host: XmlElement, element: XmlElement): EmbeddedLanguage | undefined {
  const { context, scripts, pages = [] } = hosts[host.localName]!;
  const { localName } = element;
  if (element === host || neverCode.has(localName)) return undefined;
  // A script activity is called like what it holds.
  const texts = element.children.filter((node) => node.kind === 'text');
  const isStructure =
    texts.length < element.children.length && texts.every(({ value }) => value.trim() === '');
  if (isStructure) return undefined;
  // The script of an SQL activity is SQL; only what stands in tags is JavaScript.
  const isSql = /^sql/i.test(element.parent?.localName ?? '');
  if (scripts.includes(localName) && !isSql) return { languageId: 'campaign-javascript', context };
  if (pages.includes(localName)) return { languageId: 'campaign-jssp', context };
  if (texts.length === 0) return undefined;
  // A test activity: each way out has a condition of JavaScript.
  const isTest = localName === 'condition' && element.parent?.localName === 'test';
  if (isTest && textOf(element).trim() !== '') return { languageId: 'campaign-javascript', context };
  // A `<` that is not escaped is a text of its own.
  const isTemplate = texts.some(
    ({ value }, index) =>
      value.includes('<%') || (value === '<' && texts[index + 1]?.value.startsWith('%') === true),
  );
  return isTemplate ? { languageId: 'campaign-jssp', context } : undefined;
}

/** The schema sources of a package. */
export function schemaSources(root: XmlElement): XmlElement[] {
  return [...descendantElements(root)].filter(
    (element) => element.localName === 'srcSchema' && element.parent?.localName === 'entities',
  );
}

/** The activity an element is in, or the entity when it is in none; its name, and that of what holds the script. */
export function placeOf({ element, host }: ScriptElement): { owner: XmlElement; path: string[] } {
  let owner = element;
  const path = [element.localName];
  while (owner.parent !== undefined && owner !== host && owner.parent.localName !== 'activities') {
    owner = owner.parent;
    if (owner !== host) path.unshift(nameOf(owner));
  }
  return { owner, path };
}

/** An entity's or activity's own name, and failing that what it is. */
export function nameOf(element: XmlElement): string {
  const value = (name: string): string | undefined =>
    element.attributes.find((attribute) => attribute.name === name && attribute.value !== '')?.value;
  return value('name') ?? value('internalName') ?? element.localName;
}
