import rows from './functions.json' with { type: 'json' };

/** The lists a function is documented in, or was seen in. */
export type FunctionSource = 'console' | 'web' | 'docs' | 'forms';

/** Groups as the expression editor shows them; `session` holds what forms, defaults and filters use. */
export type FunctionGroup =
  | 'aggregate'
  | 'string'
  | 'date'
  | 'numeric'
  | 'currency'
  | 'geomarketing'
  | 'window'
  | 'other'
  | 'session'
  | (string & {});

/** One parameter. Types are XTK types, `number` for any numeric type, `any`, or the name of a marker function. */
export interface FunctionParameter {
  readonly name: string;
  readonly type: string;
  readonly optional?: boolean;
  /** May be given several times. */
  readonly rest?: boolean;
}

/** One function of the expression language. */
export interface ExpressionFunction {
  /** Documented spelling; expressions may use any letter case. */
  readonly name: string;
  readonly group: FunctionGroup;
  readonly params: readonly FunctionParameter[];
  /** XTK type, `number`, `any`, a marker (`When`), or `=name`: the type of that parameter. */
  readonly returns: string;
  readonly summary: string;
  /** `unclear`: documented, but the documentation contradicts itself or lacks the signature. */
  readonly certainty: 'documented' | 'unclear' | 'community' | 'inferred';
  readonly sources: readonly FunctionSource[];
  readonly note?: string;
}

/**
 * Functions of the expression language. Instances can add their own with `xtk:funcList` packages, so a name that is
 * not here may still be right. Source: the function lists of the Campaign console and web documentation; the `session`
 * group also rests on forms and community material, see `certainty`.
 */
export const expressionFunctions: readonly ExpressionFunction[] = rows as readonly ExpressionFunction[];

const byName: ReadonlyMap<string, ExpressionFunction> = indexFunctions(expressionFunctions);

/** Index of functions by lower-case name, for {@link findFunction}. */
export function indexFunctions(
  functions: readonly ExpressionFunction[],
): ReadonlyMap<string, ExpressionFunction> {
  return new Map(functions.map((row) => [row.name.toLowerCase(), row]));
}

/**
 * Looks a function up, whatever its letter case.
 * @param extra functions of the instance, from {@link indexFunctions}; they win over the built-in ones.
 */
export function findFunction(
  name: string,
  extra?: ReadonlyMap<string, ExpressionFunction>,
): ExpressionFunction | undefined {
  const key = name.toLowerCase();
  return extra?.get(key) ?? byName.get(key);
}

/** How many arguments a function takes; `max` is `Infinity` for one that repeats a parameter. */
export function argumentCounts(row: ExpressionFunction): { min: number; max: number } {
  const isOpen = row.params.some((param) => param.rest === true);
  return {
    min: row.params.filter((param) => param.optional !== true).length,
    max: isOpen ? Infinity : row.params.length,
  };
}

/** The parameter an argument belongs to. A repeated parameter takes all arguments but those of the ones behind it. */
export function parameterAt(
  row: ExpressionFunction,
  argumentIndex: number,
  argumentCount: number,
): FunctionParameter | undefined {
  const rest = row.params.findIndex((param) => param.rest === true);
  if (rest < 0) return row.params[argumentIndex];
  const behind = row.params.length - rest - 1;
  if (argumentIndex <= rest) return row.params[argumentIndex];
  const fromEnd = argumentCount - argumentIndex;
  return fromEnd <= behind ? row.params[row.params.length - fromEnd] : row.params[rest];
}

/** `Substring(text, start, length)`; optional parameters in square brackets, repeated ones with dots. */
export function functionSignature(row: ExpressionFunction): string {
  const params = row.params.map((param) => {
    const name = param.rest === true ? `${param.name}…` : param.name;
    return param.optional === true ? `[${name}]` : name;
  });
  return `${row.name}(${params.join(', ')})`;
}
