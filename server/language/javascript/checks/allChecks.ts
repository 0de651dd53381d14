import { alwaysTrue } from './alwaysTrue.ts';
import { checkBracesInQuotes } from './bracesInQuotes.ts';
import { conditionConcatenation } from './conditionConcatenation.ts';
import { attributeOnEntity, e4xOnDom } from './flavourMix.ts';
import { laterSyntax } from './laterSyntax.ts';
import { logErrorEnds } from './logErrorEnds.ts';
import { missingSchema } from './missingSchema.ts';
import type { LiteralCheck, NodeCheck } from './scriptCheck.ts';
import { sqlConcatenation } from './sqlConcatenation.ts';
import { checkXmlDeclaration } from './xmlDeclaration.ts';
import { xmlLength } from './xmlLength.ts';

/** The checks of literals. */
export const literalChecks: readonly LiteralCheck[] = [checkBracesInQuotes, checkXmlDeclaration];

/** The checks of the tree, one subject each. */
export const nodeChecks: readonly NodeCheck[] = [
  laterSyntax,
  alwaysTrue,
  xmlLength,
  attributeOnEntity,
  e4xOnDom,
  logErrorEnds,
  missingSchema,
  conditionConcatenation,
  sqlConcatenation,
];
