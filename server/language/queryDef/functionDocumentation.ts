import {
  functionSignature,
  parameterAt,
  type ExpressionFunction,
  type FunctionParameter,
} from '../../../core/expression/functions.ts';

const groupLabels: Readonly<Record<string, string>> = {
  aggregate: 'Aggregates',
  string: 'String',
  date: 'Date',
  numeric: 'Numerical',
  currency: 'Currency',
  geomarketing: 'Geomarketing',
  window: 'Windowing functions',
  other: 'Others',
  session: 'Forms, defaults and filters',
};

/** What a function gives: `=name` in the table means the type of that parameter. */
export function returnText(row: ExpressionFunction): string {
  return row.returns.startsWith('=') ? `type of ${row.returns.slice(1)}` : row.returns;
}

/** A function as Markdown: signature, what it does, what it is known from. */
export function functionDocumentation(row: ExpressionFunction): string {
  const lines = [`\`${functionSignature(row)}\` → ${returnText(row)}`, row.summary];
  if (row.note !== undefined) lines.push(row.note);
  const origin = row.certainty === 'documented' ? '' : `, ${certaintyTexts[row.certainty]}`;
  lines.push(`*${groupLabels[row.group] ?? row.group}*${origin}`);
  return lines.join('\n\n');
}

const certaintyTexts = {
  unclear: 'documented without a clear signature',
  community: 'known from working code only',
  inferred: 'inferred, not documented',
} as const;

/** The parameters as a signature shows them, one text each. */
export function parameterTexts(row: ExpressionFunction): string[] {
  return row.params.map((param) => {
    const name = param.rest === true ? `${param.name}…` : param.name;
    return param.optional === true ? `[${name}]` : name;
  });
}

/** Which parameter an argument belongs to, as an index; `undefined` when there are too many arguments. */
export function parameterIndex(
  row: ExpressionFunction,
  argumentIndex: number,
  argumentCount: number,
): number | undefined {
  const parameter: FunctionParameter | undefined = parameterAt(row, argumentIndex, argumentCount);
  return parameter === undefined ? undefined : row.params.indexOf(parameter);
}
