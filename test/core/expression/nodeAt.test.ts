import { expect, test } from 'vitest';
import { expressionContext, nodeAt, nodesAt, signatureAt } from '../../../core/expression/nodeAt.ts';
import { parseExpression } from '../../../core/expression/parseExpression.ts';
import { printExpression, stepTexts } from '../../../core/expression/printExpression.ts';

/** Splits a text at its cursor mark. */
function cursorIn(marked: string): { text: string; offset: number } {
  const parts = marked.split('$0');
  if (parts.length !== 2) throw new Error(`Exactly one $0 is needed in ${marked}`);
  return { text: parts.join(''), offset: parts[0]!.length };
}

/** What can be typed at the cursor, in one line. The text to replace is between `|`. */
function checkContext(marked: string, expected: string): void {
  const { text, offset } = cursorIn(marked);
  const context = expressionContext(text, offset);
  const parts: string[] = [context.kind];
  if (context.kind === 'path') {
    if (context.part !== 'step') parts.push(context.part);
    if (context.macro !== undefined) parts.push(`$${context.macro}`);
    if (context.bracketed) parts.push('[]');
    if (context.absolute) parts.push('/');
    if (context.join !== undefined) parts.push(`join ${context.join.schema.text}`);
  }
  if ('steps' in context && context.steps.length > 0)
    parts.push(`from ${stepTexts(context.steps).join('/')}`);
  if ('replaceStart' in context) parts.push(`|${text.slice(context.replaceStart, context.replaceEnd)}|`);
  if (context.kind === 'operator') parts.push(`after ${printExpression(context.operand)}`);
  if (context.kind === 'operand' && context.beforeParenthesis) parts.push('before (');
  if (context.comparedWith) parts.push(`with ${printExpression(context.comparedWith)}`);
  if (context.call) parts.push(`in ${context.call.name} ${context.call.argumentIndex}`);
  expect(parts.join(' ')).toBe(expected);
}

test('a value is expected at the start and after operators', () => {
  checkContext('$0', 'operand ||');
  checkContext('  $0', 'operand ||');
  checkContext('@age >$0', 'operand || with @age');
  checkContext('@age > $0', 'operand || with @age');
  checkContext('@age > $0 AND @b', 'operand || with @age');
  checkContext('@a = 1 AND $0', 'operand ||');
  checkContext('NOT $0', 'operand ||');
  checkContext('($0', 'operand ||');
  checkContext('($0)', 'operand ||');
  checkContext('@a + $0', 'operand ||');
  checkContext('$0 = 3', 'operand || with 3');
  checkContext('- $0', 'operand ||');
});

test('a bare word may become anything that is a value', () => {
  checkContext('fol$0', 'operand |fol|');
  checkContext('fo$0lder', 'operand |folder|');
  checkContext('@a = Upp$0', 'operand |Upp| with @a');
  checkContext('Upp$0er(@a)', 'operand |Upper| before (');
  checkContext('@a = 1 and n$0', 'operand |n|');
  checkContext('folder-i$0', 'operand |folder-i|');
  checkContext('$lo$0', 'operand |$lo|');
  checkContext('$lo$0ng(@a)', 'operand |$long| before (');
});

test('paths are completed step by step', () => {
  checkContext('@$0', 'path |@|');
  checkContext('@em$0ail', 'path |@email|');
  checkContext('[$0', 'path [] ||');
  checkContext('[$0]', 'path [] ||');
  checkContext('[@folder-$0]', 'path [] |@folder-|');
  checkContext('[folder/$0', 'path [] from folder ||');
  checkContext('[folder/@$0', 'path [] from folder |@|');
  checkContext('[folder/parent/@la$0] = 1', 'path [] from folder/parent |@la| with 1');
  checkContext('[fol$0der/@label]', 'path [] |folder|');
  checkContext('[folder$0/@label]', 'path [] |folder|');
  checkContext('[folder/$0@label]', 'path [] from folder |@label|');
  checkContext('[../$0]', 'path [] from .. ||');
  checkContext('[/tmp/$0]', 'path [] / from tmp ||');
  checkContext('[/$0]', 'path [] / ||');
  checkContext('folder/$0', 'path from folder ||');
  checkContext('folder/@n$0 = 3', 'path from folder |@n| with 3');
  checkContext('@folder-i$0', 'path |@folder-i|');
  checkContext('[target/purchase.$0', 'path [] from target/purchase ||');
  checkContext('[target/purchase.@$0', 'path [] from target/purchase |@|');
});

test('joins ask for a schema, then for its fields', () => {
  checkContext('[cus$0', 'path [] |cus|');
  checkContext('[cus:$0', 'path schema [] join cus: |cus:|');
  checkContext('[cus:pur$0', 'path schema [] join cus:pur |cus:pur|');
  checkContext('[cus:purchase:$0', 'path [] join cus:purchase ||');
  checkContext('[cus:purchase:p$02:@a]', 'path alias [] join cus:purchase |p2|');
  checkContext('[cus:purchase:p2:brand/@$0]', 'path [] join cus:purchase from brand |@|');
});

test('a predicate starts at the step it filters', () => {
  checkContext('[item[@$0]/@x]', 'path from item |@|');
  checkContext('[item[$0]/@x]', 'operand from item ||');
  checkContext('[item[@a = $0]/@x]', 'operand from item || with @a');
  checkContext('[item[[part/@$0', 'path [] from item/part |@|');
  checkContext('[cus:purchase:item[@k$0]/@x]', 'path join cus:purchase from item |@k|');
  checkContext('[item[@a=1]/$0', 'path [] from item ||');
});

test('macros hold paths of another context', () => {
  checkContext('$($0', 'path $ ||');
  checkContext('$long(../@$0)', 'path $long from .. |@|');
  checkContext('@a = $long(x$0', 'path $long |x|');
});

test('strings and dates know what they are compared with', () => {
  checkContext("@status = '$0'", 'string || with @status');
  checkContext("@status = 'a$0b'", 'string |ab| with @status');
  checkContext("'a$0' = @status", 'string |a| with @status');
  checkContext("@status = 'a$0", 'string |a| with @status');
  checkContext("(@status) = ('a$0')", 'string |a| with @status');
  checkContext("@status IN ('x', '$0')", 'string || with @status');
  checkContext("@status IN ('x', '$0", 'string || with @status');
  checkContext("@city LIKE '$0%'", 'string |%| with @city');
  checkContext('@status IN ($0', 'operand || with @status');
  checkContext('@status IN (1, $0)', 'operand || with @status');
  checkContext("EV([brand/@status], 'r$0')", 'string |r| in EV 1');
  checkContext("@status = Upper('$0')", 'string || in Upper 0');
  checkContext('@created > #20$0#', 'date |20| with @created');
  checkContext('DateOnly(@created) = #$0', 'date || with DateOnly(@created)');
});

test('after a value an operator is expected', () => {
  checkContext('@age $0', 'operator || after @age');
  checkContext('[folder/@id] $0', 'operator || after [folder/@id]');
  checkContext('[folder/@id]$0', 'operator || after [folder/@id]');
  checkContext('Upper(@a) $0', 'operator || after Upper(@a)');
  checkContext('(@a = 1) $0', 'operator || after @a = 1');
  checkContext("'x'$0", "operator || after 'x'");
  checkContext('@age > 15 o$0', 'operator |o| after 15');
  checkContext('@a + @b LI$0', 'operator |LI| after @b');
  checkContext('@a NOT L$0', 'operator |NOT L| after @a with @a');
  checkContext('@a IS N$0', 'operator |IS N| after @a');
  checkContext('Iif(@a $0', 'operator || after @a in Iif 0');
  checkContext('@a $0= 1', 'operator || after @a with 1');
});

test('nothing is offered in numbers, comments, raw SQL and unknown text', () => {
  checkContext('12$0', 'none');
  checkContext('@a /* x$0 */', 'none');
  checkContext('[SQLDATA[SEL$0ECT]]', 'none');
});

test('a call knows which argument the cursor is in', () => {
  const check = (marked: string, expected: string | undefined): void => {
    const { text, offset } = cursorIn(marked);
    const call = signatureAt(text, offset);
    expect(call && `${call.name} ${call.argumentIndex}`, marked).toBe(expected);
  };
  check('Upper($0)', 'Upper 0');
  check('Upper($0', 'Upper 0');
  check('Upper( $0', 'Upper 0');
  check('Iif(@a, $0', 'Iif 1');
  check('Iif(@a, 1, $0)', 'Iif 2');
  check('Iif(@a, $0 , 3)', 'Iif 1');
  check("Iif(Length('a,b$0') > 1, 2, 3)", 'Length 0');
  check("Iif(Length('a,b') > $01, 2, 3)", 'Iif 0');
  check('Iif((@a = $0), 1, 2)', 'Iif 0');
  check('Upper(@a)$0', undefined);
  check('Upp$0er(@a)', undefined);
  check('Upper$0(@a)', undefined);
});

test('the innermost node is found, words before marks', () => {
  const at = (marked: string): string => {
    const { text, offset } = cursorIn(marked);
    return nodeAt(parseExpression(text).tree, offset)?.kind ?? 'nothing';
  };
  expect(at('@a$0>1')).toBe('path');
  expect(at('@a>$01')).toBe('number');
  expect(at('Upper(@a$0)')).toBe('path');
  expect(at('Up$0per(@a)')).toBe('call');
  expect(at('[item[@x=$01]/@y]')).toBe('number');
  expect(at('@a = $0')).toBe('missing');
  expect(at('@a   $0')).toBe('nothing');
  const { text, offset } = cursorIn('Upper(@a + $0@b)');
  expect(nodesAt(parseExpression(text).tree, offset).map((node) => node.kind)).toEqual([
    'call',
    'binary',
    'path',
  ]);
});
