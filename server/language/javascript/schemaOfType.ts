import type * as ts from 'typescript';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import type { SchemaElement } from '../../../core/schema/schema.ts';
import { typeNameOf } from '../api/declarations.ts';
import type { LanguageModel } from '../model.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** A row is a type of its literal, over one of its schema; more levels no declaration of ours has. */
const deepest = 4;

/** The element of the model a value is: a row, a DOM element, an entity, or a container below one of them. */
export function schemaElementOf(
  project: ScriptProject,
  checker: ts.TypeChecker,
  type: ts.Type,
  depth = deepest,
): SchemaElement | undefined {
  if (depth === 0) return undefined;
  const symbol = type.getSymbol();
  for (const declaration of symbol?.declarations ?? []) {
    const schemaId = project.schemaOfFile(declaration.getSourceFile().fileName);
    const root = schemaId === undefined ? undefined : project.model.getSchema(schemaId)?.root;
    if (schemaId !== undefined && root !== undefined) return walk(project, root, schemaId, symbol!.name);
  }
  const bases = type.isUnionOrIntersection()
    ? type.types
    : type.isClassOrInterface()
      ? checker.getBaseTypes(type)
      : [];
  for (const base of bases) {
    const found = schemaElementOf(project, checker, base, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `nmsːrecipientːlocationːelement` is the `location` of `nms:recipient`: how `schemaTypings.ts` names its types. */
function walk(
  { model }: ScriptProject,
  root: SchemaElement,
  schemaId: string,
  typeName: string,
): SchemaElement | undefined {
  const base = typeNameOf(schemaId);
  if (typeName !== base && !typeName.startsWith(`${base}ː`)) return undefined;
  const steps = typeName.slice(base.length).split('ː').slice(1);
  if (steps.at(-1) === 'element' || steps.at(-1) === 'entity') steps.pop();
  let element: SchemaElement | undefined = root;
  for (const step of steps)
    element = element && innerElement(model, element, ({ name }) => typeNameOf(name) === step);
  return element;
}

/** Where the paths below a child of an element go on: in the child itself, or in what it leads to. */
export function innerElement(
  model: LanguageModel,
  element: SchemaElement,
  isWanted: (child: SchemaElement) => boolean,
): SchemaElement | undefined {
  const child = [...element.elements.values()].find(isWanted);
  const scope = child && enterElement(model, child);
  return scope?.kind === 'found' ? scope.element : undefined;
}
