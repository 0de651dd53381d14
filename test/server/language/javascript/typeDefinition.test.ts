import { expect, test } from 'vitest';
import { scriptModel } from '../../../support/scriptModel.ts';
import { openScript, scripts } from '../../../support/scripts.ts';

/** The schemas the type of what is at the cursor is of. */
function types(marked: string): string[] {
  const { document, offset } = openScript(marked);
  return scripts
    .typeDefinition(scriptModel, document, offset)
    .map((found) => (found.kind === 'schema' ? found.target.schemaId : found.location.uri));
}

const query =
  'var res = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="select"><select><node expr="@email"/></select></queryDef>).ExecuteQuery();\n';

test('a row of a query is of the schema of the query', () => {
  expect(types(`${query}for each (var $0r in res.recipient) f(r);`)).toEqual(['nms:recipient']);
  expect(types(`${query}for each (var r in res.recipient) f($0r);`)).toEqual(['nms:recipient']);
});

test('so is its result, and a row that is got', () => {
  expect(types(query.replace('res', 're$0s'))).toEqual(['nms:recipient']);
  expect(types(query.replace('select"', 'get"').replace('res', 're$0s'))).toEqual(['nms:recipient']);
});

test('an entity is of its schema', () => {
  expect(types('var d = nms.delivery.load(1); $0d.save();')).toEqual(['nms:delivery']);
  expect(types('var $0d = NLWS.nmsDelivery.create({delivery: {}});')).toEqual(['nms:delivery']);
});

test('a link leads to the schema it leads to, a field to the one it is of', () => {
  expect(types(`${query}for each (var r in res.recipient) f(r.fol$0der);`)).toEqual(['xtk:folder']);
  expect(types(`${query}for each (var r in res.recipient) f(r.@em$0ail);`)).toEqual(['nms:recipient']);
});

test('a document literal is of the schema it names', () =>
  expect(types('var $0x = <recipient xtkschema="nms:recipient" email="a"/>;')).toEqual(['nms:recipient']));

test('what is of no schema has no type to show', () => {
  expect(types('var $0n = 1;')).toEqual([]);
  expect(types('var $0x = <a/>;')).toEqual([]);
  expect(types('x = <a$0/>;')).toEqual([]);
});
