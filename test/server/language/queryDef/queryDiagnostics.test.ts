import { expect, test } from 'vitest';
import { emptyModel } from '../../../../server/language/model.ts';
import { checkFix, checkProblems, problemsOf } from '../../../support/checkProblems.ts';
import { testModel } from '../../../support/queryModel.ts';

const inSelect = (nodes: string): string =>
  `<queryDef schema="nms:recipient"><select>${nodes}</select></queryDef>`;
const inWhere = (conditions: string): string =>
  `<queryDef schema="nms:recipient"><where>${conditions}</where></queryDef>`;

test('a sound query has no problem', () =>
  checkProblems(
    `<?xml version="1.0"?>
     <!-- Recipients of the last week -->
     <queryDef schema="nms:recipient" operation="select" lineCount="100" startLine="10">
       <select>
         <node expr="@email"/>
         <node expr="[folder/@label]" alias="@folder"/>
         <node expr="Upper(@lastName)" alias="@upper"/>
         <node expr="broadLog"><node expr="@eventDate"/><where><condition expr="@status = 1"/></where></node>
       </select>
       <where>
         <condition expr="@gender = 1 AND [folder/parent/@label] LIKE 'A%'" boolOperator="OR"/>
         <condition>
           <condition expr="broadLog" setOperator="EXISTS"><condition expr="@eventDate &gt; DaysAgo(7)"/></condition>
           <condition expr="@id" setOperator="NOT IN">
             <subQuery schema="nms:broadLogRcp">
               <select><node expr="[@recipient-id]"/></select>
               <where><condition expr="@status = 2 AND [@recipient-id] = [../@id]"/></where>
             </subQuery>
           </condition>
         </condition>
       </where>
       <orderBy><node expr="@lastName" sortDesc="true"/><node expr="@id"/></orderBy>
     </queryDef>`,
    '',
  ));

test('text that is not well-formed gets one problem, and no guesses about the rest', () => {
  checkProblems(inSelect('<node expr="@nothing"'), 'error query/not-well-formed «<node»');
  expect(problemsOf('<queryDef schema="nms:recipient"><select>')).toHaveLength(1);
  expect(problemsOf('<queryDef schema="nms:recipient"><select></where></queryDef>')).toHaveLength(1);
});

test('an unknown schema gets one problem, and its fields none', () => {
  const text = '<queryDef schema="nms:recipent"><select><node expr="@email"/></select></queryDef>';
  checkProblems(text, 'error query/schema-unknown «nms:recipent»');
  checkFix(text, 'Write nms:recipient', text.replace('recipent', 'recipient'));
});

test('a schema of the right name in another namespace is proposed', () =>
  checkFix('<queryDef schema="nms:folder"/>', 'Write xtk:folder', '<queryDef schema="xtk:folder"/>'));

test('says nothing about schemas while no model is known', () => {
  const text = '<queryDef schema="nms:recipent"><select><node expr="@nothing"/></select></queryDef>';
  checkProblems(text, '', emptyModel);
});

test('says nothing about fields of temporary schemas', () =>
  checkProblems('<queryDef schema="temp:query"><select><node expr="@nothing"/></select></queryDef>', ''));

test('says nothing about fields behind a link whose target is not in the model', () =>
  checkProblems(inSelect('<node expr="[lost/@nothing]" alias="@x"/>'), ''));

test('a queryDef and a subQuery need a schema', () => {
  checkProblems('<queryDef><select/></queryDef>', 'error query/schema-missing «queryDef»');
  checkProblems('<queryDef schema=""/>', 'error query/schema-missing «queryDef»');
  checkProblems(
    inWhere(
      '<condition expr="@id" setOperator="IN"><subQuery><select><node expr="@id"/></select></subQuery></condition>',
    ),
    'error query/subquery-schema-missing «subQuery»',
  );
});

test('an unknown field is an error, with the name that was probably meant', () => {
  checkProblems(inSelect('<node expr="@emial"/>'), 'error query/field-unknown «@emial»');
  checkFix(inSelect('<node expr="@emial"/>'), 'Write @email', inSelect('<node expr="@email"/>'));
  checkFix(inSelect('<node expr="@Email"/>'), 'Write @email', inSelect('<node expr="@email"/>'));
  checkFix(inSelect('<node expr="email"/>'), 'Write @email', inSelect('<node expr="@email"/>'));
  checkFix(
    inSelect('<node expr="[folder/@lable]"/>'),
    'Write @label',
    inSelect('<node expr="[folder/@label]"/>'),
  );
});

test('points at the step that does not exist, behind character references too', () =>
  checkProblems(
    inWhere(`<condition expr="@id &lt; 3 AND [folder/parrent/@label] = 'x'"/>`),
    'error query/field-unknown «parrent»',
  ));

test('checks the fields of a collection, a sub-query and what is around it', () => {
  checkProblems(
    inSelect('<node expr="broadLog"><node expr="@email"/></node>'),
    'error query/field-unknown «@email»',
  );
  checkProblems(
    inWhere('<condition expr="broadLog" setOperator="EXISTS"><condition expr="@email = 1"/></condition>'),
    'error query/field-unknown «@email»',
  );
  checkProblems(
    inWhere(
      '<condition expr="@id" setOperator="IN"><subQuery schema="nms:broadLogRcp"><select><node expr="@id"/></select><where><condition expr="[../@status] = 1 AND @status = 1"/></where></subQuery></condition>',
    ),
    'error query/field-unknown «@status»',
  );
});

test('the memo of a record can always be read', () =>
  checkProblems('<queryDef schema="xtk:folder"><select><node expr="data"/></select></queryDef>', ''));

test('later clauses may repeat an alias', () =>
  checkProblems(
    `<queryDef schema="nms:recipient"><select><node expr="Count(@id)" alias="@total"/></select><orderBy><node expr="@total"/></orderBy></queryDef>`,
    '',
  ));

test('a field with a hyphen needs brackets', () => {
  const text = inSelect('<node expr="@folder-id"/>');
  checkProblems(text, 'error expression/needs-brackets «@folder-id»');
  checkFix(text, 'Add brackets', inSelect('<node expr="[@folder-id]"/>'));
  checkProblems(inSelect('<node expr="@age - @id" alias="@x"/>'), '');
});

test('a path with a slash should have brackets', () => {
  const text = inSelect('<node expr="folder/@label"/>');
  expect(problemsOf(text).map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning expression/needs-brackets',
  ]);
});

test('a field in the XML memo can be selected, not filtered or ordered by', () => {
  checkProblems(inSelect('<node expr="@notes"/>'), '');
  checkProblems(inWhere('<condition expr="@notes = \'a\'"/>'), 'error query/xml-field-filtered «@notes»');
  checkProblems(
    '<queryDef schema="nms:recipient"><orderBy><node expr="@notes"/></orderBy></queryDef>',
    'error query/xml-field-filtered «@notes»',
  );
});

test('a collection is asked with EXISTS', () => {
  const text = inWhere('<condition expr="[broadLog/@status] = 1" boolOperator="OR"/>');
  checkProblems(text, 'warning query/collection-without-exists «[broadLog/@status]»');
  checkFix(
    text,
    'Ask with EXISTS',
    inWhere(
      '<condition expr="broadLog" setOperator="EXISTS" boolOperator="OR"><condition expr="@status = 1"/></condition>',
    ),
  );
});

test('a collection is selected with nodes inside, or aggregated', () => {
  checkProblems(
    inSelect('<node expr="[broadLog/@status]"/>'),
    'warning query/collection-in-select «[broadLog/@status]»',
  );
  checkProblems(inSelect('<node expr="broadLog"/>'), 'warning query/collection-in-select «broadLog»');
  checkProblems(inSelect('<node expr="Count([broadLog/@id])" alias="@logs"/>'), '');
});

test('elements in the wrong letter case are ignored by the server', () => {
  const text = '<queryDef schema="nms:recipient"><orderby><node expr="@id"/></orderby></queryDef>';
  checkProblems(text, 'error query/lowercase-element «orderby»');
  checkFix(text, 'Rename to <orderBy>', text.replaceAll('orderby', 'orderBy'));
  checkProblems('<querydef schema="nms:recipient"/>', 'error query/lowercase-element «querydef»');
});

test('elements have their place', () => {
  checkProblems(inSelect('<condition expr="@id"/>'), 'warning query/misplaced-element «condition»');
  checkProblems(inSelect('<nod expr="@id"/>'), 'warning query/unknown-element «nod»');
  checkFix(inSelect('<nodes expr="@id"/>'), 'Rename to <node>', inSelect('<node expr="@id"/>'));
});

test('attributes the grammar does not have are ignored by the server', () => {
  checkFix(inWhere('<condition exp="@id = 1"/>'), 'Write expr', inWhere('<condition expr="@id = 1"/>'));
  checkProblems(inSelect('<node expr="@id" colour="red"/>'), 'warning query/unknown-attribute «colour»');
  // The root of an entity carries bookkeeping of its own; a slip is still seen.
  checkProblems('<queryDef schema="nms:recipient" createdBy-id="0" xmlns="urn:xtk:queryDef"/>', '');
  checkProblems(
    '<queryDef schema="nms:recipient" linecount="5"/>',
    'warning query/unknown-attribute «linecount»',
  );
});

test('older spellings are read, and have a successor', () => {
  const text = inWhere('<condition expr="@id = 1" bool-operator="OR"/>');
  checkProblems(text, 'hint query/old-spelling «bool-operator»');
  checkFix(text, 'Write boolOperator', text.replace('bool-operator', 'boolOperator'));
});

test('closed lists of values are checked', () => {
  checkProblems(
    '<queryDef schema="nms:recipient" operation="delete"/>',
    'error query/operation-unknown «delete»',
  );
  checkFix(
    '<queryDef schema="nms:recipient" operation="getifexists"/>',
    'Write getIfExists',
    '<queryDef schema="nms:recipient" operation="getIfExists"/>',
  );
  checkProblems(
    inWhere('<condition expr="@id = 1" boolOperator="XOR"/>'),
    'error query/bool-operator-value «XOR»',
  );
  checkFix(
    inWhere('<condition expr="@id = 1" setOperator="OR"/>'),
    'Write boolOperator',
    inWhere('<condition expr="@id = 1" boolOperator="OR"/>'),
  );
  checkProblems('<queryDef schema="nms:recipient" distinct="yes"/>', 'warning query/boolean-value «yes»');
  checkProblems('<queryDef schema="nms:recipient" lineCount="ten"/>', 'warning query/integer-value «ten»');
});

test('a node and a condition say something', () => {
  checkProblems(inSelect('<node/>'), 'error query/expr-empty «node»');
  checkProblems(inSelect('<node expr=" "/>'), 'error query/expr-empty «node»');
  checkProblems(inWhere('<condition/>'), 'error query/expr-empty «condition»');
  checkProblems(inWhere('<condition filterName="backGround"/>'), '');
});

test('IN takes one value from a sub-query', () => {
  checkProblems(
    inWhere('<condition expr="@id" setOperator="IN"/>'),
    'error query/in-needs-values «setOperator="IN"»',
  );
  checkProblems(
    inWhere(
      '<condition expr="@id" setOperator="IN"><subQuery schema="nms:broadLogRcp"><select><node expr="@id"/><node expr="@status"/></select></subQuery></condition>',
    ),
    'error query/subquery-select «subQuery»',
  );
});

test('EXISTS without conditions asks less than one thinks', () =>
  checkProblems(
    inWhere('<condition expr="broadLog" setOperator="EXISTS"/>'),
    'hint query/set-operator-needs-children «setOperator="EXISTS"»',
  ));

test('a computed column wants an alias', () => {
  const text = inSelect('<node expr="Upper(@email)"/>');
  checkProblems(text, 'warning query/expression-without-alias «Upper(@email)»');
  checkFix(text, 'Add alias="@upperEmail"', inSelect('<node expr="Upper(@email)" alias="@upperEmail"/>'));
});

test('an alias without @ makes an element', () => {
  const text = inSelect('<node expr="@email" alias="mail"/>');
  checkProblems(text, 'information query/alias-without-at «mail»');
  checkFix(text, 'Write @mail', inSelect('<node expr="@email" alias="@mail"/>'));
});

test('two nodes do not share a place in the answer', () => {
  checkProblems(
    inSelect('<node expr="@id" alias="@x"/><node expr="@email" alias="@x"/>'),
    'warning query/duplicate-alias «@x»',
  );
  checkProblems(
    inSelect('<node expr="@email"/><node expr="@id" alias="@email"/>'),
    'warning query/duplicate-alias «@email»',
  );
  const twice = inSelect('\n  <node expr="@email"/>\n  <node expr="[@email]"/>\n');
  checkProblems(twice, 'hint query/duplicate-node «[@email]»');
  checkFix(twice, 'Remove this node', inSelect('\n  <node expr="@email"/>\n'));
});

test('a column beside an aggregate is grouped by', () => {
  const text = inSelect('<node expr="@gender"/><node expr="Count(@id)" alias="@n"/>');
  checkProblems(text, 'warning query/group-by-missing «@gender»');
  checkFix(
    text,
    'Add groupBy="true"',
    inSelect('<node expr="@gender" groupBy="true"/><node expr="Count(@id)" alias="@n"/>'),
  );
  checkProblems(
    '<queryDef schema="nms:recipient"><select><node expr="@gender"/><node expr="Count(@id)" alias="@n"/></select><groupBy><node expr="@gender"/></groupBy></queryDef>',
    '',
  );
  // An aggregate over a collection is a value of each row.
  checkProblems(inSelect('<node expr="@gender"/><node expr="Count([broadLog/@id])" alias="@n"/>'), '');
});

test('a groupBy repeats a selected expression', () =>
  checkProblems(
    '<queryDef schema="nms:recipient"><select><node expr="Count(@id)" alias="@n"/></select><groupBy><node expr="@gender"/></groupBy></queryDef>',
    'warning query/groupby-expr-mismatch «@gender»',
  ));

test('pages need an order, and large answers memory', () => {
  checkProblems(
    '<queryDef schema="nms:recipient" startLine="100"/>',
    'warning query/order-by-field-missing «startLine="100"»',
  );
  checkProblems('<queryDef schema="nms:recipient" startLine="0"/>', '');
  checkProblems(
    '<queryDef schema="nms:recipient" lineCount="50000"/>',
    'warning query/large-line-count «50000»',
  );
});

test('get wants a condition', () => {
  checkProblems(
    '<queryDef schema="nms:recipient" operation="get"/>',
    'hint query/get-without-where «queryDef»',
  );
  checkProblems(
    '<queryDef schema="nms:recipient" operation="get"><where><condition expr="@id = 1"/></where></queryDef>',
    '',
  );
});

test('a select without lineCount is told where it ends', () =>
  checkFix(
    '<queryDef schema="nms:recipient" operation="select"><select/></queryDef>',
    'Add lineCount="1000"',
    '<queryDef schema="nms:recipient" operation="select" lineCount="1000"><select/></queryDef>',
  ));

test('native SQL is pointed out', () =>
  checkProblems(inWhere('<condition sql="iId = 1"/>'), 'warning query/native-sql «sql»'));

test('a pattern that begins with % is slow without an index', () => {
  checkProblems(inWhere('<condition expr="@lastName LIKE \'%a\'"/>'), "hint query/contains «'%a'»");
  checkProblems(inWhere('<condition expr="@email LIKE \'%a\'"/>'), '');
});

test('what an expression itself gets wrong is shown where it is', () => {
  expect(problemsOf(inWhere('<condition expr="@id = "/>')).map(({ code }) => code)).toEqual([
    'expression/operand-missing',
  ]);
  checkProblems(inWhere('<condition expr="@gender = 9"/>'), 'warning expression/enum-unknown-value «9»');
  checkProblems(
    inWhere('<condition expr="Nothing(@id) = 1"/>'),
    'warning expression/function-unknown «Nothing»',
  );
  checkProblems(inWhere('<condition expr="@id = \'a\'"/>'), "warning expression/type-mismatch «'a'»");
});

test('the schema of a join exists', () =>
  checkProblems(
    inWhere('<condition expr="@id = [cus:nowhere:@id]"/>'),
    'error query/schema-unknown «cus:nowhere»',
  ));

test('a slip in the schema of a join has its fix', () =>
  checkFix(
    inWhere('<condition expr="@id = [nms:recipent:@id]"/>'),
    'Write nms:recipient',
    inWhere('<condition expr="@id = [nms:recipient:@id]"/>'),
  ));

test('a value without its quotes is said to be one', () => {
  const fixed = (from: string, title: string, to: string): void =>
    checkFix(inWhere(`<condition expr="${from}"/>`), title, inWhere(`<condition expr="${to}"/>`));
  fixed('@gender = female', 'Write 2', '@gender = 2');
  fixed('@gender IN (Female, 1)', 'Write 2', '@gender IN (2, 1)');
  fixed('@lastName = Smith', "Write 'Smith'", "@lastName = 'Smith'");
  fixed('@tier = gold', "Write 'gold'", "@tier = 'gold'");
  // A field of that name is the commoner slip.
  fixed('@lastName = email', 'Write @email', '@lastName = @email');
});

test('conditions side by side are joined by AND', () =>
  checkFix(
    inWhere('<condition expr="@id = 1 @email = \'a\'"/>'),
    'Insert AND',
    inWhere('<condition expr="@id = 1 AND @email = \'a\'"/>'),
  ));

test('a schema that is still loading keeps the checks quiet', () => {
  const loading = {
    listSchemas: () => testModel.listSchemas(),
    getSchema: (id: string) => (id === 'xtk:folder' ? undefined : testModel.getSchema(id)),
  };
  checkProblems(inSelect('<node expr="[folder/@nothing]"/>'), '', loading);
});

test('what is counted or summed over a collection need be no value of its enumeration', () => {
  const condition = (setOperator: string): string =>
    inWhere(`<condition expr="[broadLog/recipient/@gender] = 12" setOperator="${setOperator}"/>`);
  for (const measure of ['COUNT', 'SUM', 'AVG']) checkProblems(condition(measure), '');
  checkProblems(condition('MAX'), 'warning expression/enum-unknown-value «12»');
});

test('.. may not lead out of the outermost query', () => {
  checkProblems(inWhere('<condition expr="[../@email] = 1"/>'), 'error query/field-unknown «..»');
  const inSub = (expr: string): string =>
    inWhere(
      `<condition expr="@id" setOperator="IN"><subQuery schema="nms:broadLogRcp"><select><node expr="${expr}"/></select></subQuery></condition>`,
    );
  checkProblems(inSub('[../@id]'), '');
  checkProblems(inSub('[../../@id]'), 'error query/field-unknown «..»');
});

test('an alias is a place in the answer', () => {
  for (const alias of ['@a', 'a/@b', '../@n', '/@n', '@é-1.x']) {
    checkProblems(inSelect(`<node expr="@email" alias="${alias}"/>`), '');
  }
  for (const alias of ['@a b', '@', 'a//@b', '@1x', 'a/', '@a/@b']) {
    const text = inSelect(`<node expr="@email" alias="${alias}"/>`);
    checkProblems(text, `error query/alias-value «${alias}»`);
  }
  const inner = inSelect('<node expr="broadLog"><node expr="@status" alias="@the status"/></node>');
  checkFix(inner, 'Write @the_status', inner.replace('@the status', '@the_status'));
});

test('what is asked about a set needs an expr, and a node always does', () => {
  checkProblems(
    inWhere('<condition setOperator="EXISTS"><condition expr="@status = 1"/></condition>'),
    'error query/expr-empty «condition»',
  );
  checkProblems(inSelect('<node><node expr="@email"/></node>'), 'error query/expr-empty «node»');
});

test('EXISTS asks about records, COUNT and its like compare', () => {
  const condition = (expr: string, setOperator: string): string =>
    inWhere(
      `<condition expr="${expr}" setOperator="${setOperator}"><condition expr="@status = 1"/></condition>`,
    );
  checkProblems(condition('broadLog', 'EXISTS'), '');
  checkProblems(condition('broadLog &gt; 2', 'COUNT'), '');
  checkProblems(condition('100 &lt; [broadLog/@status]', 'SUM'), '');
  checkProblems(
    inWhere('<condition expr="@email" setOperator="EXISTS"/>'),
    `warning query/set-operator-needs-collection «@email»
     hint query/set-operator-needs-children «setOperator="EXISTS"»`,
  );
  checkProblems(
    inWhere('<condition expr="@gender = 1" setOperator="NOT EXISTS"><condition expr="1 = 1"/></condition>'),
    'warning query/set-operator-needs-collection «@gender = 1»',
  );
  checkProblems(
    inWhere('<condition expr="broadLog" setOperator="COUNT"/>'),
    'warning expression/not-a-condition «broadLog»',
  );
  checkProblems(
    inWhere(
      '<condition expr="broadLog &gt; 2" setOperator="COUNT"><condition expr="@sttus = 1"/></condition>',
    ),
    'error query/field-unknown «@sttus»',
  );
});

test('the conditions inside a set choose its records: no aggregates there', () =>
  checkProblems(
    inWhere(
      '<condition expr="broadLog" setOperator="EXISTS"><condition expr="Count(@status) &gt; 1"/></condition>',
    ),
    'warning expression/aggregate-in-where «Count»',
  ));

test('having makes groups, and groups have to be selected', () => {
  const having = '<having><condition expr="CountAll() &gt; 1"/></having>';
  checkProblems(
    `<queryDef schema="nms:recipient"><select><node expr="@email"/></select>${having}</queryDef>`,
    'warning query/group-by-missing «@email»',
  );
  checkProblems(
    `<queryDef schema="nms:recipient">${having}</queryDef>`,
    'warning query/group-by-missing «having»',
  );
});

test('groups are ordered by what they share', () => {
  const grouped = (orderBy: string): string =>
    `<queryDef schema="nms:recipient"><select><node expr="@gender" groupBy="true"/><node expr="Count(@id)" alias="@n"/></select><orderBy><node expr="${orderBy}"/></orderBy></queryDef>`;
  for (const expr of ['@gender', '[@gender]', 'Abs(@gender)', 'Count(@id)', '@n', 'Random()'])
    checkProblems(grouped(expr), '');
  checkProblems(grouped('@email'), 'warning query/group-by-missing «@email»');
  checkProblems(grouped('Lower(@email)'), 'warning query/group-by-missing «Lower(@email)»');
});

test('a filter of the system knows the operator, and the fields of the schema', () =>
  checkProblems(
    `<queryDef schema="nms:recipient"><sysFilter><condition expr="[currentOperator/@id] = 1"/><condition expr="@emial = ''"/></sysFilter></queryDef>`,
    'error query/field-unknown «@emial»',
  ));

test('a slip in the name of a clause is pointed out', () =>
  checkProblems(
    '<queryDef schema="nms:recipient"><selct/></queryDef>',
    'warning query/unknown-element «selct»',
  ));

test('EV takes a field and the name of one of its values', () => {
  checkProblems(inWhere(`<condition expr="EV(@gender, 1)"/>`), 'warning expression/argument-type «1»');
  checkProblems(inWhere(`<condition expr="EV('a', 'male')"/>`), `warning expression/argument-type «'a'»`);
});

test('a groupBy may name a column by its alias', () =>
  checkProblems(
    `<queryDef schema="nms:recipient"><select><node expr="@email" alias="@mail"/><node expr="Count()" alias="@n"/></select><groupBy><node expr="@mail"/></groupBy></queryDef>`,
    '',
  ));

test('a field of the XML memo is selected as it is, not computed with', () => {
  checkProblems(inSelect('<node expr="@notes"/><node expr="[@notes]" alias="@n"/>'), '');
  checkProblems(
    inSelect('<node expr="Upper(@notes)" alias="@n"/>'),
    'warning query/xml-field-filtered «@notes»',
  );
});

test('a clause stands once', () => {
  const where = '<where><condition expr="@id = 1"/></where>';
  checkProblems(
    `<queryDef schema="nms:recipient">${where}${where}</queryDef>`,
    'warning query/misplaced-element «where»',
  );
  checkProblems(
    inSelect(`<node expr="broadLog"><node expr="@status"/>${where}</node><node expr="@id"/>`),
    '',
  );
});
