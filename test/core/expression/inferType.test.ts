import { expect, test } from 'vitest';
import { pathsOf } from '../../../core/expression/expressionTree.ts';
import { indexFunctions } from '../../../core/expression/functions.ts';
import { inferTypes, type InferOptions, type ResolvedPath } from '../../../core/expression/inferType.ts';
import { parseExpression } from '../../../core/expression/parseExpression.ts';
import { printPath } from '../../../core/expression/printExpression.ts';
import { maskHoles } from '../../../core/expression/tokens.ts';
import { validExpressions } from './expressionSamples.ts';

const status = [
  { name: 'draft', value: '0', label: 'Being edited' },
  { name: 'running', value: '11' },
];
const fields: Readonly<Record<string, ResolvedPath>> = {
  '@name': { type: 'string' },
  '@city': { type: 'string' },
  '@age': { type: 'byte' },
  '@amount': { type: 'double' },
  '@big': { type: 'int64' },
  '@created': { type: 'datetime' },
  '@birthDate': { type: 'date' },
  '@isActive': { type: 'boolean' },
  '@status': { type: 'byte', values: status },
  '@kind': {
    type: 'string',
    values: [
      { name: 'lead', value: 'L' },
      { name: 'customer', value: 'C' },
    ],
  },
  notes: { type: 'memo' },
  folder: { type: 'link' },
  '@folder-id': { type: 'long' },
  'folder/@id': { type: 'long' },
  'folder/@label': { type: 'string' },
};

const options: InferOptions = { resolve: (path) => fields[printPath(path)] };

function typeOf(text: string): string {
  return inferTypes(parseExpression(text).tree, options).type;
}

/** Problems as `code of "text"`, in order. */
function check(text: string, expected: readonly string[], more: InferOptions = {}): void {
  const parsed = parseExpression(text);
  const problems = inferTypes(parsed.tree, { ...options, ...more }).problems.map(
    (problem) => `${problem.code.replace('expression/', '')}: ${text.slice(problem.start, problem.end)}`,
  );
  expect(problems, text).toEqual(expected);
}

function fixOf(text: string): string | undefined {
  const fix = inferTypes(parseExpression(text).tree, options).problems[0]?.fix;
  return fix && text.slice(0, fix.start) + fix.text + text.slice(fix.end);
}

test('types follow fields, operators and functions', () => {
  expect(typeOf('@name')).toBe('string');
  expect(typeOf('[folder/@id]')).toBe('long');
  expect(typeOf('@unknown')).toBe('unknown');
  expect(typeOf('@name + @age')).toBe('string');
  expect(typeOf('@age + 1')).toBe('long');
  expect(typeOf('@age * @amount')).toBe('double');
  expect(typeOf('@big + 1')).toBe('int64');
  expect(typeOf('4294967296')).toBe('int64');
  expect(typeOf('-@amount')).toBe('double');
  expect(typeOf('@age > 3')).toBe('boolean');
  expect(typeOf("@age > 3 AND @name = 'x'")).toBe('boolean');
  expect(typeOf('@name IS NULL')).toBe('boolean');
  expect(typeOf('(#2024-01-01#)')).toBe('date');
  expect(typeOf('#2024-01-01T10:00:00Z#')).toBe('datetime');
  expect(typeOf('Upper(@name)')).toBe('string');
  expect(typeOf('count(@name)')).toBe('long');
  expect(typeOf('Max(@created)')).toBe('datetime');
  expect(typeOf('Iif(@isActive, @amount, 0)')).toBe('double');
  expect(typeOf("Case(When(@age > 1, 'x'), Else('y'))")).toBe('string');
  expect(typeOf('Case(When(@age > 1, @unknown), Else(2))')).toBe('long');
  expect(typeOf('Coalesce(@birthDate, GetDate())')).toBe('date');
  expect(typeOf('$long(@x)')).toBe('long');
  expect(typeOf('RowId')).toBe('long');
  expect(typeOf('Unknown(@name)')).toBe('unknown');
});

test('every node has a type', () => {
  const { tree } = parseExpression("@created >= AddDays(GetDate(), -7) AND @name + 'x' LIKE 'a%'");
  const types = inferTypes(tree, options);
  expect(pathsOf(tree).map((path) => types.typeOf(path))).toEqual(['datetime', 'string']);
});

test('valid expressions over unknown fields give no problem', () => {
  for (const text of validExpressions) {
    if (text.startsWith('CustomerFunction')) continue;
    const problems = inferTypes(parseExpression(text).tree).problems.filter(
      (problem) => problem.severity !== 'hint',
    );
    expect(problems, text).toEqual([]);
  }
});

test('values of different kinds do not compare', () => {
  check("@created <= '2024-08-01'", ["type-mismatch: '2024-08-01'"]);
  check("'2024-08-01' >= @created", ["type-mismatch: '2024-08-01'"]);
  check('@created <= DateOnly(@name)', ['argument-type: @name']);
  check('@created = 20240101', ['type-mismatch: 20240101']);
  check("@age = '18'", ["type-mismatch: '18'"]);
  check('@name = 12', ['type-mismatch: 12']);
  check('@name = @age', ['type-mismatch: @name = @age']);
  check("@isActive = 'true'", ["type-mismatch: 'true'"]);
  check("@age IN (1, '2', #2024-01-01#)", ["type-mismatch: '2'", 'type-mismatch: #2024-01-01#']);
  check("@age LIKE '1%'", ['type-mismatch: @age']);
  for (const fine of [
    '@isActive = true',
    '@isActive = 1',
    '@isActive = @age',
    '@age = @amount',
    '@created = @birthDate',
    'DateOnly(@created) = #2024-01-01#',
    "@unknown = '1' OR @unknown = 1",
    'folder = 1234',
    "@name = ''",
    'DaysOld(@birthDate)/365 > 18',
    "ToString(@age) = '3'",
    '[folder/@id] = [@folder-id]',
  ])
    check(fine, []);
});

test('the fix of a comparison makes the literal fit', () => {
  expect(fixOf("@created <= '2024-08-01'")).toBe('@created <= #2024-08-01#');
  expect(fixOf("@created <= 'yesterday'")).toBeUndefined();
  expect(fixOf("@age = '18'")).toBe('@age = 18');
  expect(fixOf('@name = 12')).toBe("@name = '12'");
  expect(fixOf("@isActive = 'TRUE'")).toBe('@isActive = true');
  expect(fixOf("AddDays('2024-01-01', 1)")).toBe('AddDays(#2024-01-01#, 1)');
  expect(fixOf('Uper(@name)')).toBe('Upper(@name)');
  expect(fixOf("@kind = 'lead'")).toBe("@kind = 'L'");
  expect(fixOf("@status = 'running'")).toBe('@status = 11');
  expect(fixOf("@status = 'Running'")).toBe('@status = 11');
  expect(fixOf("@status = 'Being edited'")).toBe('@status = 0');
  expect(fixOf("@status = 'runing'")).toBe('@status = 11');
  expect(fixOf("@kind = 'l'")).toBe("@kind = 'L'");
  expect(fixOf('@status = 12')).toBeUndefined();
  expect(fixOf("EV(@status, 'Drafd')")).toBe("EV(@status, 'draft')");
  expect(fixOf('@name = NULL')).toBe('@name IS NULL');
  expect(fixOf('@name <> null')).toBe('@name IS NOT NULL');
  expect(fixOf("@name LIKE 'x'")).toBe("@name = 'x'");
  expect(fixOf("@name not like 'x'")).toBe("@name != 'x'");
});

test('a message about a value says what the values mean', () => {
  const messageOf = (text: string): string | undefined =>
    inferTypes(parseExpression(text).tree, options).problems[0]?.message;
  expect(messageOf('@status = 12')).toContain('Values: 0 (draft), 11 (running).');
  expect(messageOf("@status = 'draft'")).toContain('Compare with 0, the value of draft.');
  expect(messageOf("EV(@status, 'nothing')")).toContain('Values: draft, running.');
});

test('enumeration fields compare with their values', () => {
  check('@status = 11', []);
  check('@status IN (0, 3)', ['enum-unknown-value: 3']);
  check("@kind = 'X'", ["enum-unknown-value: 'X'"]);
  check('@status < 3 AND 50 >= @status', []);
  check("'X' != @kind", ["enum-unknown-value: 'X'"]);
  check("EV(@status, 'running')", []);
  check("EV(@status, 'stopped')", ["enum-unknown-value: 'stopped'"]);
  check("@kind = '$(kind)'", []);
  check("@kind LIKE 'X%'", []);
});

test('arguments are counted and typed', () => {
  check('Upper()', ['argument-count: Upper']);
  check('upper(@name, 1)', ['argument-count: upper']);
  check('Upper(', []);
  check('Iif(@isActive, 1', []);
  check('Count()', []);
  check('Right(@name)', []);
  check('ToString(@age, 2)', []);
  check('GetLine(@name)', []);
  check('AddDays(@name, 1)', ['argument-type: @name']);
  check('AddDays(@created, @name)', ['argument-type: @name']);
  check("AddDays(@created, '3')", []);
  check("Char('36')", []);
  check('Abs(@created)', ['argument-type: @created']);
  check('Left(@age, 2)', []);
  check('Iif(@name, 1, 2)', ['argument-type: @name']);
  check('Iif(@age, 1, 2)', []);
  check('DateAdd(@name, 1)', []);
});

test('marker functions stay inside their owners', () => {
  check("Case(When(@age > 1, 'x'), Else('y'))", []);
  check("Case(@age > 1, 'x')", ['argument-type: @age > 1', "argument-type: 'x'"]);
  check("When(@age > 1, 'x')", ['function-misplaced: When']);
  check('RowNum(PartitionBy(@city), OrderBy(Desc(@age)))', []);
  check('RowNum(PartitionBy(@city), Desc(@age))', ['function-misplaced: Desc', 'argument-type: Desc(@age)']);
  check('Mine(When(@age > 1, 2))', ['function-unknown: Mine']);
});

test('unknown functions are warned about until the list of the instance is known', () => {
  const severity = (more: InferOptions): string | undefined =>
    inferTypes(parseExpression('MyScore(@age)').tree, { ...options, ...more }).problems[0]?.severity;
  const own = indexFunctions([
    {
      name: 'MyScore',
      group: 'other',
      params: [{ name: 'age', type: 'long' }],
      returns: 'long',
      summary: '',
      certainty: 'documented',
      sources: [],
    },
  ]);
  expect(severity({})).toBe('warning');
  expect(severity({ functionsComplete: true })).toBe('error');
  expect(severity({ functions: own })).toBeUndefined();
  check('myscore()', ['argument-count: myscore'], { functions: own });
});

test('arithmetic and conditions need the right values', () => {
  check("@name - 'x'", ['operand-type: @name', "operand-type: 'x'"]);
  check('@created * 2', ['operand-type: @created']);
  check('@created - 2', []);
  check('-@name', ['operand-type: @name']);
  check('@name AND @age > 1', ['not-a-condition: @name']);
  check('NOT @created', ['not-a-condition: @created']);
  check('@name', ['not-a-condition: @name'], { isCondition: true });
  check('@isActive', [], { isCondition: true });
  check('@age', [], { isCondition: true });
  check('@unknown', [], { isCondition: true });
});

test('aggregates and window functions have their clauses', () => {
  check('Sum(@amount) > 3', ['aggregate-in-where: Sum'], { clause: 'where' });
  check('Sum(@amount) > 3', [], { clause: 'having' });
  check('Sum(@amount)', [], { clause: 'select' });
  check('Sum(@amount) > 3', []);
  check('RowNum(PartitionBy(@city), OrderBy(@age)) = 1', ['window-outside-select: RowNum'], {
    clause: 'where',
  });
});

test('hints name what works better', () => {
  check("@name LIKE 'x'", ["like-without-wildcard: 'x'"]);
  check("@name LIKE '$(pattern)'", []);
  check("notes = 'x'", ['memo-comparison: notes']);
  check("MemoContains(notes, 'x')", []);
  check('@name = NULL', ['null-comparison: @name = NULL']);
  check('@age IS NULL', ['never-null: @age IS NULL']);
  check('[folder/@id] IS NULL', []);
  check('@name IS NULL', []);
});

test('unknown text is never reported on', () => {
  const masked = maskHoles("@status = {x} AND @kind = 'a{x}'", [
    { start: 10, end: 13 },
    { start: 27, end: 30 },
  ]);
  check(masked, []);
  check(maskHoles('Upper({x})', [{ start: 6, end: 9 }]), []);
});
