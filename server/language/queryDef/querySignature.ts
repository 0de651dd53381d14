import type { SignatureHelp } from 'vscode-languageserver-types';
import {
  findFunction,
  functionSignature,
  type FunctionParameter,
} from '../../../core/expression/functions.ts';
import { signatureAt } from '../../../core/expression/nodeAt.ts';
import { functionDocumentation, parameterIndex, parameterTexts } from './functionDocumentation.ts';
import { expressionAt, type ExpressionPlace } from './expressionAt.ts';
import type { QueryContext } from './queryContext.ts';

/** The signature of the function whose arguments the offset is in, the argument at the offset marked. */
export function querySignature(context: QueryContext, offset: number): SignatureHelp | undefined {
  return expressionSignature(expressionAt(context, offset));
}

/** The same for a place in any expression. */
export function expressionSignature(at: ExpressionPlace | undefined): SignatureHelp | undefined {
  const call = at === undefined ? undefined : signatureAt(at.expression.parsed, at.index);
  const row = call === undefined ? undefined : findFunction(call.name);
  if (call === undefined || row === undefined) return undefined;
  const argumentCount = Math.max(call.call.args.length, call.argumentIndex + 1);
  const activeParameter = parameterIndex(row, call.argumentIndex, argumentCount);
  return {
    signatures: [
      {
        label: functionSignature(row),
        documentation: { kind: 'markdown', value: functionDocumentation(row) },
        parameters: parameterTexts(row).map((label, index) => ({
          label,
          documentation: describeParameter(row.params[index]!),
        })),
        ...(activeParameter !== undefined && { activeParameter }),
      },
    ],
    activeSignature: 0,
    ...(activeParameter !== undefined && { activeParameter }),
  };
}

/** The type, and whether the argument may be left out or repeated. */
function describeParameter({ type, optional, rest }: FunctionParameter): string {
  const notes = [optional === true ? 'optional' : '', rest === true ? 'may be repeated' : ''];
  return [type === 'any' ? 'any type' : type, ...notes.filter((note) => note !== '')].join(', ');
}
