import type { Location } from 'vscode-languageserver-types';
import type { SchemaNode } from '../../../core/schema/schema.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { addressOf, isSameAddress } from '../queryDef/fieldDocumentation.ts';
import { queryReferenceTarget, type ReferenceTarget } from '../queryDef/queryReferences.ts';
import { toLspRange } from '../queryDef/queryRanges.ts';
import { documentFieldAt } from './documentLiteralFeatures.ts';
import { objectQueryAt } from './objectQuery.ts';
import { pathNodeAt } from './pathStrings.ts';
import { literalAt } from './positions.ts';
import { stringAt } from './scriptNavigation.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { anchorAt } from './symbolsAt.ts';

/**
 * The field or schema of the model that a name of a script stands for, in whatever way it is written: `row.@email`,
 * `row["@email"]`, `entity.email`, `getValue("@email")`, a query in object form, `<recipient email={x}/>`. The names in
 * query literals are the query side's.
 */
export function modelReferenceAt(project: ScriptProject, offset: number): ReferenceTarget | undefined {
  const toTarget = (node: SchemaNode): ReferenceTarget => ({ kind: 'node', ...addressOf(node) });
  if (literalAt(project.mask, offset) !== undefined) {
    const field = documentFieldAt(project, offset);
    return field && toTarget(field.node);
  }
  const query = objectQueryAt(project, offset);
  const at = query?.toXml(offset);
  if (query !== undefined && at !== undefined) return queryReferenceTarget(query.context, at);
  const path = pathNodeAt(project, offset);
  if (path !== undefined) return toTarget(path.node);
  const known = anchorAt(project, offset)?.anchor;
  switch (known?.kind) {
    case 'node':
      return toTarget(known.node);
    case 'schema':
      return { kind: 'schema', schemaId: known.schemaId };
    default:
  }
  const named = stringAt(project, offset);
  const isSchema = named !== undefined && /^[A-Za-z][\w-]*:[\w-]+$/.test(named);
  return isSchema && project.model.getSchema(named) ? { kind: 'schema', schemaId: named } : undefined;
}

/** A word every way of naming a target contains, whatever the script's way to write it. */
export function referenceWordOf(target: ReferenceTarget): string {
  return target.kind === 'schema' ? target.schemaId : (target.steps.at(-1) ?? '').replace(/^@/, '');
}

/** Does a script contain the name of a target at all? Only then is it worth reading with its types. */
export function mayReferTo(text: string, target: ReferenceTarget): boolean {
  return wordPattern(target).test(text);
}

/** The uses of a field or schema in a script, those in query literals excluded. */
export function modelReferences(project: ScriptProject, target: ReferenceTarget): Location[] {
  const { document, text } = project;
  const ranges: TextRange[] = [];
  for (const { 0: word, index } of text.matchAll(wordPattern(target))) {
    const found = modelReferenceAt(project, index);
    if (found === undefined || !isSameTarget(found, target)) continue;
    // The sign of an attribute belongs to its name, as it does in a query.
    const start = text.charAt(index - 1) === '@' ? index - 1 : index;
    ranges.push({ start, end: index + word.length });
  }
  return ranges.map((range) => ({ uri: document.uri, range: toLspRange({ document }, range) }));
}

function isSameTarget(a: ReferenceTarget, b: ReferenceTarget): boolean {
  if (a.kind === 'schema' || b.kind === 'schema') {
    return a.kind === 'schema' && b.kind === 'schema' && a.schemaId === b.schemaId;
  }
  return isSameAddress(a, b);
}

/** In entities the name of a field is an identifier: `folder-id` is `folder_id` there. */
function wordPattern(target: ReferenceTarget): RegExp {
  const word = referenceWordOf(target);
  const names = target.kind === 'schema' ? [word, word.slice(word.indexOf(':') + 1), flatName(word)] : [word];
  const spellings = names.map((name) => name.replace(/[^\w-]/g, '\\$&').replace(/-/g, '[-_]'));
  return new RegExp(`(?<![\\w$-])(?:${spellings.join('|')})(?![\\w$-])`, 'g');
}

/** `nmsRecipient` of `nms:recipient`. */
function flatName(schemaId: string): string {
  const [namespace = '', name = ''] = schemaId.split(':');
  return namespace + name.charAt(0).toUpperCase() + name.slice(1);
}
