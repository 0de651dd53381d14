import { alwaysTrue } from './alwaysTrue.ts';
import { checkBracesInQuotes } from './bracesInQuotes.ts';
import { conditionConcatenation } from './conditionConcatenation.ts';
import { deprecatedCall } from './deprecatedCall.ts';
import { documentAsXml } from './documentAsXml.ts';
import { fieldNotSelected } from './fieldNotSelected.ts';
import { attributeOnEntity, e4xOnDom } from './flavourMix.ts';
import { laterLibrary } from './laterLibrary.ts';
import { laterSyntax } from './laterSyntax.ts';
import { logErrorEnds } from './logErrorEnds.ts';
import { missingSchema } from './missingSchema.ts';
import { ruleResult } from './ruleResult.ts';
import { secretInCode } from './secretInCode.ts';
import type { LiteralCheck, NodeCheck } from './scriptCheck.ts';
import { sqlConcatenation } from './sqlConcatenation.ts';
import { v8IntegerKey, v8NativeLogon, v8RawSql } from './v8Readiness.ts';
import { writeInLoop } from './writeInLoop.ts';
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
  fieldNotSelected,
  logErrorEnds,
  missingSchema,
  conditionConcatenation,
  sqlConcatenation,
  writeInLoop,
  documentAsXml,
  ruleResult,
  secretInCode,
  deprecatedCall,
  laterLibrary,
  v8RawSql,
  v8IntegerKey,
  v8NativeLogon,
];
