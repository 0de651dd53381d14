import type { SignatureHelp } from 'vscode-languageserver-types';
import { unmask } from './maskCharacters.ts';
import { literalAt } from './positions.ts';
import { documentationText } from './scriptCompletion.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { showType } from './showType.ts';

/** The parameters of the call around an offset. */
export function scriptSignature(project: ScriptProject, offset: number): SignatureHelp | undefined {
  if (literalAt(project.mask, offset) !== undefined) return undefined;
  const help = project.service.getSignatureHelpItems(project.fileName, offset, undefined);
  if (help === undefined) return undefined;
  // The mask's own calls: a literal around a hole, and the condition of a filter.
  const callStart = help.applicableSpan.start - 1;
  const isLiteral = project.mask.literals.some(
    ({ start, end }) =>
      callStart >= start &&
      callStart < end &&
      help.items.some((item) => project.ts.displayPartsToString(item.prefixDisplayParts).startsWith('ᐸ')),
  );
  const isFilter = /\.\s*$/.test(project.text.slice(Math.max(0, callStart - 20), callStart));
  if (isLiteral || isFilter) return undefined;
  const { ts } = project;
  const text = (parts: Parameters<typeof ts.displayPartsToString>[0]): string =>
    showType(ts.displayPartsToString(parts));
  return {
    activeSignature: help.selectedItemIndex,
    activeParameter: help.argumentIndex,
    signatures: help.items.map((item) => {
      const parameters = item.parameters.map((parameter) => text(parameter.displayParts));
      const label =
        text(item.prefixDisplayParts) +
        parameters.join(text(item.separatorDisplayParts)) +
        text(item.suffixDisplayParts);
      const returns = item.tags.filter(({ name }) => name !== 'param');
      const documentation = documentationText(project, item.documentation, returns);
      return {
        label,
        ...(documentation !== '' && { documentation: { kind: 'markdown' as const, value: documentation } }),
        parameters: item.parameters.map((parameter, index) => {
          const value = unmask(ts.displayPartsToString(parameter.documentation));
          return {
            label: parameters[index]!,
            ...(value !== '' && { documentation: { kind: 'markdown' as const, value } }),
          };
        }),
      };
    }),
  };
}
