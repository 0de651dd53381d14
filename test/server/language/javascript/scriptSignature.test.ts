import { expect, test } from 'vitest';
import { scriptModel } from '../../../support/scriptModel.ts';
import { openScript, scripts } from '../../../support/scripts.ts';

/** The signature at the cursor, its active parameter in `«»`; `''` when there is none. */
function signature(marked: string): string {
  const { document, offset } = openScript(marked);
  const help = scripts.signatureHelp(scriptModel, document, offset);
  if (help === undefined) return '';
  const { label, parameters = [] } = help.signatures[help.activeSignature ?? 0]!;
  const active = parameters[help.activeParameter ?? 0]?.label as string | undefined;
  return active === undefined ? label : label.replace(active, `«${active}»`);
}

test('the parameter being typed', () => {
  expect(signature('formatDate($0')).toBe(
    'formatDate(«date: Date | string», format: string, timeZone?: string): string',
  );
  expect(signature('formatDate(d, $0)')).toBe(
    'formatDate(date: Date | string, «format: string», timeZone?: string): string',
  );
});

test('methods of schemas: arguments are the parameters that go in', () => {
  expect(signature('nms.delivery.CreateFromModel($0)')).toBe('CreateFromModel(«model?: string»): number');
  expect(signature('nms.delivery.Describe($0)')).toBe('Describe(«id?: number»): [string, XML]');
  expect(signature('nms.delivery.load(1).Archive($0)')).toMatch(
    /^Archive\(«until\?: (?:Date \| string|string \| Date)»\): void$/,
  );
});

test('where the API knows a method better than the schema, it is asked', () =>
  expect(signature('nms.delivery.SubmitDelivery("x", $0)')).toContain('«content: '));

test('inside the hole of a literal', () =>
  expect(signature('x = <a b={formatDate($0)}/>')).toContain('«date: '));

test('a filter and a literal are no calls', () => {
  expect(signature('var x = <a/>; x.(@id == $0)')).toBe('');
  expect(signature('var x = <a b={$0}/>;')).toBe('');
  expect(signature('f(<a b="$0"/>)')).toBe('');
});
