import {
  isLink,
  stepOf,
  type EnumerationValue,
  type SchemaElement,
  type SchemaNode,
} from '../../core/schema/schema.ts';
import { enterElement, resolveEnumeration } from '../../core/schema/resolvePath.ts';
import { typeFamily, type TypeFamily } from '../../core/expression/typeFamily.ts';
import type { LanguageModel } from '../../server/language/model.ts';
import type { Random } from './random.ts';

/** A field a query can name, from where its paths start. */
export interface FieldPath {
  /** Without brackets: `folder/@label`. */
  path: string;
  family: TypeFamily;
  type: string;
  /** Closed list of values; `undefined` when any value is right. */
  values: readonly EnumerationValue[] | undefined;
  node: SchemaNode;
}

/** A 1-N link a query can name, and where paths inside it start. */
export interface CollectionPath {
  path: string;
  target: SchemaElement;
}

/** Links followed on one path at most; real queries rarely go further. */
const maxLinks = 3;

/** Elements whose fields a walk has met: containers and to-one links, with the path to each. */
interface Place {
  prefix: string;
  element: SchemaElement;
}

/** What paths from one element of a model lead to. Each of its walks is decided by the random choices alone. */
export class ModelPaths {
  private readonly model: LanguageModel;

  constructor(model: LanguageModel) {
    this.model = model;
  }

  /** A stored or computed field of a family, if a few walks find one. */
  field(random: Random, from: SchemaElement, family?: TypeFamily): FieldPath | undefined {
    return this.search(random, from, ({ prefix, element }) => {
      const fields = [...element.attributes.values(), ...typedElements(element)]
        .filter((node) => !node.xml)
        .map((node) => this.toField(prefix, node))
        .filter((field) => (family === undefined ? field.family !== 'unknown' : field.family === family));
      return fields.length === 0 ? undefined : random.pick(fields);
    });
  }

  /** A field kept in the XML body of the record: it can be selected, and nothing else. */
  xmlField(random: Random, from: SchemaElement): FieldPath | undefined {
    return this.search(random, from, ({ prefix, element }) => {
      const fields = [...element.attributes.values(), ...typedElements(element)]
        .filter((node) => node.xml)
        .map((node) => this.toField(prefix, node));
      return fields.length === 0 ? undefined : random.pick(fields);
    });
  }

  /** A link to one record. */
  link(random: Random, from: SchemaElement): string | undefined {
    return this.search(random, from, ({ prefix, element }) => {
      const links = [...element.elements.values()].filter((node) => isLink(node) && !node.unbound);
      return links.length === 0 ? undefined : prefix + random.pick(links).name;
    });
  }

  /** A link to several records. */
  collection(random: Random, from: SchemaElement): CollectionPath | undefined {
    return this.search(random, from, ({ prefix, element }) => {
      const links = [...element.elements.values()].filter((node) => isLink(node) && node.unbound);
      const link = links.length === 0 ? undefined : random.pick(links);
      const scope = link && enterElement(this.model, link);
      if (link === undefined || scope?.kind !== 'found') return undefined;
      return { path: prefix + link.name, target: scope.element };
    });
  }

  /** Containers of the record itself, those kept in its XML body too. */
  containers(from: SchemaElement): string[] {
    return [...from.elements.values()]
      .filter((node) => node.type === undefined && !node.unbound)
      .map((node) => node.name);
  }

  private toField(prefix: string, node: SchemaNode): FieldPath {
    const type = node.type ?? 'string';
    const found =
      node.enumeration === undefined
        ? undefined
        : resolveEnumeration(this.model, node.schemaId, node.enumeration);
    const values =
      found?.kind === 'found' && found.enumeration.values.length > 0 ? found.enumeration.values : undefined;
    return { path: prefix + stepOf(node), family: typeFamily(type), type, values, node };
  }

  /** Looks where the walk starts and on its way; several walks, since the first may lead nowhere. */
  private search<T>(
    random: Random,
    from: SchemaElement,
    look: (place: Place) => T | undefined,
  ): T | undefined {
    for (let attempt = 0; attempt < 4; attempt++) {
      const place = this.walk(random, from);
      const found = look(place);
      if (found !== undefined) return found;
    }
    return look({ prefix: '', element: from });
  }

  private walk(random: Random, from: SchemaElement): Place {
    let place: Place = { prefix: '', element: from };
    for (let links = 0; links < maxLinks && random.chance(0.4);) {
      const ways = [...place.element.elements.values()].filter(
        (node) => !node.xml && !node.unbound && (node.type === 'link' || isContainer(node)),
      );
      if (ways.length === 0) return place;
      const way = random.pick(ways);
      const scope = enterElement(this.model, way);
      if (scope.kind !== 'found') return place;
      place = { prefix: `${place.prefix}${way.name}/`, element: scope.element };
      if (isLink(way)) links++;
    }
    return place;
  }
}

/** Memos, texts and the like: elements that hold a value. */
function typedElements(element: SchemaElement): SchemaElement[] {
  return [...element.elements.values()].filter(
    (node) => !node.unbound && node.type !== undefined && node.type !== 'link' && node.type !== 'ANY',
  );
}

/** A container whose fields are columns of the record. */
function isContainer(node: SchemaElement): boolean {
  return node.type === undefined && node.raw.get('xmlChildren') !== 'true';
}
