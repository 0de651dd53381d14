import type { ConditionContext } from './conditions.ts';
import type { Cell } from './resultLayout.ts';
import type { QueryContext } from './scope.ts';

/** What a query needs from the instance. */
export interface QueryEnvironment {
  context: QueryContext;
  conditions: Omit<ConditionContext, 'subQuery'>;
  /** Runs SQL and gives arrays of values. */
  all: (sql: string, parameters?: readonly Cell[]) => Cell[][];
  defaultLineCount: number;
  startLineQuirk: boolean;
  shuffleRows: boolean;
  /** Rows carry attributes nobody asked for, as on a real server. */
  extraAttributes: boolean;
}
