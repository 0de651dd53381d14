import { expect, test } from 'vitest';
import { readEntity, service, workflow, writtenForms } from '../../../support/entities.ts';
import { scriptModel } from '../../../support/scriptModel.ts';

function problems(text: string): string[] {
  const file = readEntity(text);
  return service
    .diagnostics(scriptModel, file)
    .map(({ code, range }) => `${String(code)} ${file.document.getText(range)}`);
}

test('a tag that is not closed, a value without quotes', () => {
  expect(problems('<workflow><activities><end name="a"></activities></workflow>')).toEqual([
    'embedded/not-well-formed <end',
  ]);
  expect(problems('<workflow><activities><end name=a/></activities></workflow>')).toEqual([
    'embedded/not-well-formed a',
  ]);
});

test('a query says what is wrong with it itself', () => {
  const query = (text: string): string =>
    `<workflow><activities><query name="q" schema="nms:recipient">${text}</query></activities></workflow>`;
  const found = problems(query('<where><condition expr="@email IS NOT NULL"></where>'));
  expect(found).toHaveLength(1);
  expect(problems(query('<where><condition expr="@email IS NOT NULL"/></where>'))).toEqual([]);
});

test.each(writtenForms)('a script written as %s is no XML', (_name, write) => {
  expect(problems(workflow(write('var a = <b>;')))[0]).toMatch(/^script\//);
});

test('markup in a script is one problem, whatever it does to the rest', () => {
  expect(
    problems(
      '<workflow><activities><js name="j"><script>if (a < b) f();</script></js></activities></workflow>',
    ),
  ).toEqual(['script/raw-markup <']);
});
