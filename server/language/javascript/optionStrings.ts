import {
  CompletionItemKind,
  type CompletionItem,
  type CompletionList,
  type Hover,
} from 'vscode-languageserver-types';
import type { OptionEntry } from '../../../core/protocol/messages.ts';
import { escapeMarkdown } from '../queryDef/fieldDocumentation.ts';
import { callStringAt, type CallString } from './callStrings.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** Functions whose first argument is the name of a platform option, `xtk.session.GetOption` among them. */
const optionFunctions: ReadonlySet<string> = new Set(['getOption', 'setOption', 'GetOption']);

/**
 * Names of the XTK type codes an option can have.
 * Source: the documented attributes of `xtk:option`, which differ by type; codes besides those are seen in packages.
 */
const typeNames: Readonly<Record<number, string>> = {
  1: 'integer (byte)',
  2: 'integer (short)',
  3: 'integer',
  4: 'number (float)',
  5: 'number',
  6: 'text',
  7: 'date and time',
  10: 'date',
  12: 'long text',
  13: 'long text',
  15: 'boolean',
};

function optionStringAt(project: ScriptProject, offset: number): CallString | undefined {
  const string = callStringAt(project, offset);
  const isOption =
    string !== undefined &&
    optionFunctions.has(string.functionName) &&
    string.parameter === 'name' &&
    string.call.arguments[0]?.getStart() === string.start - 1;
  return isOption ? string : undefined;
}

/** The options of the instance inside `getOption("…")`; `undefined` elsewhere. */
export function completeOption(project: ScriptProject, offset: number): CompletionList | undefined {
  const string = optionStringAt(project, offset);
  if (string === undefined) return undefined;
  const { document, model } = project;
  const range = { start: document.positionAt(string.start), end: document.positionAt(string.end) };
  const items = (model.listOptions?.() ?? []).map((option): CompletionItem => {
    const value = documentation(option);
    const type = typeOf(option);
    return {
      label: option.name,
      kind: CompletionItemKind.Constant,
      ...(type !== undefined && { detail: type }),
      ...(value !== '' && { documentation: { kind: 'markdown', value } }),
      // What a project added is looked up more often than what the platform keeps for itself.
      sortText: `${/^(?:Xtk|Nms|Ncm|Nl|Wdbc)/.test(option.name) ? '1' : '0'}${option.name}`,
      textEdit: { range, newText: option.name },
    };
  });
  return { items, isIncomplete: false };
}

/** What an option is for. Its value is on the server, and stays there: nobody can tell which ones are secret. */
export function hoverOption(project: ScriptProject, offset: number): Hover | undefined {
  const string = optionStringAt(project, offset);
  const option = string && project.model.listOptions?.()?.find(({ name }) => name === string.text);
  if (string === undefined || option === undefined) return undefined;
  const { document } = project;
  const type = typeOf(option);
  const title = `**${escapeMarkdown(option.name)}** — option${type === undefined ? '' : `, ${type}`}`;
  return {
    contents: {
      kind: 'markdown',
      value: [title, documentation(option)].filter((part) => part !== '').join('\n\n'),
    },
    range: { start: document.positionAt(string.start), end: document.positionAt(string.end) },
  };
}

function typeOf({ type }: OptionEntry): string | undefined {
  return type === undefined ? undefined : typeNames[type];
}

function documentation({ description }: OptionEntry): string {
  return description === undefined ? '' : escapeMarkdown(description);
}
