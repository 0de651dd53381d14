import { enterElement } from '../../../core/schema/resolvePath.ts';
import type { SchemaElement } from '../../../core/schema/schema.ts';
import { locateXml, type XmlLocation } from '../../../core/xml/locateXml.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { attributeValue, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { LanguageModel } from '../model.ts';
import { literalAt } from './positions.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** What an offset in a document literal stands on: `<recipient xtkschema="nms:recipient" email={…}/>`. */
export interface DocumentPlace {
  location: XmlLocation;
  root: XmlElement;
  /** The schema the document is of, when it says so or the call around it does. */
  schemaId: string | undefined;
  /** The node of that schema for the element at the offset. */
  element: SchemaElement | undefined;
  /** What may stand inside that element: the schema's elements, or the documents of a collection. */
  children: readonly SchemaElement[];
}

/** `nms.recipient.create(` or `NLWS.nmsRecipient.create(` before a literal. */
const createCall =
  /(?:\bNLWS\.(?<flat>[A-Za-z]\w*)|\b(?!NLWS\b)(?<namespace>[A-Za-z]\w*)\.(?<name>[A-Za-z]\w*))\.create\(\s*$/;
const longestCall = 200;

/** The place in a document literal an offset is at; `undefined` elsewhere, and in queries, which have a service of their own. */
export function documentPlaceAt(project: ScriptProject, offset: number): DocumentPlace | undefined {
  const literal = literalAt(project.mask, offset);
  if (literal === undefined || literal.rootName === '') return undefined;
  const { root, ...document } = parseXml(project.text, literal);
  if (root === undefined) return undefined;
  const location = locateXml({ root, ...document }, offset);
  const schemaId = attributeValue(root, 'xtkschema') ?? schemaOfCall(project, literal.start);
  const at = location.element;
  const main = schemaId === undefined ? undefined : project.model.getSchema(schemaId)?.root;
  if (at === undefined || main === undefined)
    return { location, root, schemaId, element: undefined, children: [] };
  const steps: XmlElement[] = [];
  for (let step: XmlElement | undefined = at; step !== undefined; step = step.parent) steps.unshift(step);
  const isCollection = root.localName.endsWith('-collection');
  if (isCollection && at === root) return { location, root, schemaId, element: undefined, children: [main] };
  const element = elementAt(project.model, main, steps.slice(isCollection ? 2 : 1));
  return { location, root, schemaId, element, children: [...(element?.elements.values() ?? [])] };
}

function schemaOfCall({ text, model }: ScriptProject, literalStart: number): string | undefined {
  const groups = createCall.exec(text.slice(Math.max(0, literalStart - longestCall), literalStart))?.groups;
  if (groups === undefined) return undefined;
  if (groups['flat'] === undefined) return `${groups['namespace']!}:${groups['name']!}`;
  const flat = groups['flat'].toLowerCase();
  return model.listSchemas()?.find(({ id }) => id.replace(':', '').toLowerCase() === flat)?.id;
}

function elementAt(
  model: LanguageModel,
  main: SchemaElement | undefined,
  steps: readonly XmlElement[],
): SchemaElement | undefined {
  let element = main;
  for (const step of steps) {
    const child = element?.elements.get(step.name);
    const scope = child && enterElement(model, child);
    element = scope?.kind === 'found' ? scope.element : undefined;
  }
  return element;
}
