import { parseXml } from '../../../core/xml/parseXml.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { linkedTags } from '../linkedTags.ts';
import { literalAt } from './positions.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** The names in both tags of the element of a literal whose tag an offset is in; see {@link linkedTags}. */
export function literalTags(project: ScriptProject, offset: number): [TextRange, TextRange] | undefined {
  const { text, mask } = project;
  const literal = literalAt(mask, offset);
  return literal && linkedTags(text, parseXml(text, literal), offset);
}
