import type { SchemaListEntry } from '../../core/protocol/messages.ts';

/** A schema that can be filled through its staging twin. */
export interface StagingTarget {
  readonly schemaId: string;
  readonly stagingId: string;
  readonly label: string;
}

/**
 * The staging schemas of a model: those whose name ends in `Stg` and whose base schema is there too. The schema list says
 * nothing more of them. Source: campaign notes, "What autoStg creates".
 * @param fileName the target it is named after comes first.
 */
export function stagingTargets(schemas: readonly SchemaListEntry[], fileName: string): StagingTarget[] {
  const byId = new Map(schemas.map((schema) => [schema.id, schema]));
  const targets = schemas.flatMap(({ id }) => {
    const base = id.endsWith('Stg') ? byId.get(id.slice(0, -'Stg'.length)) : undefined;
    return base === undefined ? [] : [{ schemaId: base.id, stagingId: id, label: base.label }];
  });
  const stem = fileName.replace(/\.\w+$/, '').toLowerCase();
  return targets.sort(
    (left, right) =>
      likeness(right, stem) - likeness(left, stem) || (left.schemaId < right.schemaId ? -1 : 1),
  );
}

/** 2: the file is named like the schema, also in the plural; 1: the name is part of it. */
function likeness({ schemaId }: StagingTarget, stem: string): number {
  const name = schemaId.slice(schemaId.indexOf(':') + 1).toLowerCase();
  if (stem === name || stem === `${name}s` || stem === name.replace(/y$/, 'ies')) return 2;
  return stem.includes(name) ? 1 : 0;
}
