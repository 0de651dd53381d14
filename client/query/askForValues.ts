import * as vscode from 'vscode';
import type { QueryAtResult } from '../../core/protocol/messages.ts';
import { toLiteral, type Macro } from './macros.ts';

/** Asks for what only a running script would know; backing out of one backs out of all. */
export async function askForValues({ holes, schemaId }: QueryAtResult): Promise<string[]> {
  const values: string[] = [];
  for (const [index, { source, attribute }] of holes.entries()) {
    const value = await vscode.window.showInputBox({
      title: `Run Query on ${schemaId || 'queryDef'}${holes.length > 1 ? ` (${index + 1} of ${holes.length})` : ''}`,
      prompt: `Value of ${withoutIcons(source)}${attribute === undefined ? '' : `, used in ${attribute}`}. It is put in as it is.`,
      ignoreFocusOut: true,
    });
    if (value === undefined) throw new vscode.CancellationError();
    values.push(value);
  }
  return values;
}

/** Asks for the parameters of a query; @returns what stands for each, as an expression takes it. */
export async function askForParameters(
  macros: readonly Macro[],
  schemaId: string,
): Promise<Map<string, string>> {
  const literals = new Map<string, string>();
  for (const [index, macro] of macros.entries()) {
    const typed = await vscode.window.showInputBox({
      title: `Run Query on ${schemaId || 'queryDef'}${macros.length > 1 ? ` (${index + 1} of ${macros.length})` : ''}`,
      prompt: `Value of the parameter ${withoutIcons(macro.text)}.${macro.cast === '' ? ' Text is put in quotes; numbers and #dates# stay as they are.' : ''}`,
      ignoreFocusOut: true,
      validateInput(value) {
        const result = toLiteral(macro, value);
        return 'problem' in result && value !== '' ? result.problem : undefined;
      },
    });
    if (typed === undefined) throw new vscode.CancellationError();
    const result = toLiteral(macro, typed);
    if ('problem' in result) throw new vscode.CancellationError();
    literals.set(macro.text, result.literal);
  }
  return literals;
}

/** A prompt shows `$(name)` as the icon of that name, or as nothing: the backslash keeps it text. */
const withoutIcons = (text: string): string => text.replaceAll('$(', String.raw`\$(`);
