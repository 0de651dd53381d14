import { expect, test } from 'vitest';
import ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { MarkupContent, TextEdit } from 'vscode-languageserver-types';
import { createJavaScriptService } from '../../../../server/language/javascript/javaScriptService.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { openScript, scriptItems, scripts } from '../../../support/scripts.ts';

const labels = (marked: string): string[] => scriptItems(marked).map(({ label }) => label);
const write = (inner: string): string => `xtk.session.Write(<recipient xtkschema="nms:recipient" ${inner});`;

function accept(marked: string, label: string, service = scripts): string {
  const { document, offset } = openScript(marked);
  const item = service
    .completion(scriptModel, document, offset)
    .items.find((candidate) => candidate.label === label);
  expect(item, `${label} is offered`).toBeDefined();
  return TextDocument.applyEdits(document, [item!.textEdit as TextEdit]);
}

test('the fields of the schema as attributes, and how to write', () => {
  const found = labels(write('email="x" $0/>'));
  expect(found).toEqual(expect.arrayContaining(['lastName', 'gender', 'folder-id', '_operation', '_key']));
  expect(found).not.toContain('email');
  expect(found).not.toContain('xtkschema');
});

test('fields of containers and links, and of the documents of a collection', () => {
  expect(labels(write('><location $0/></recipient>'))).toContain('city');
  expect(labels(write('><folder $0/></recipient>'))).toEqual(expect.arrayContaining(['label', '_operation']));
  const collection =
    'xtk.session.WriteCollection(<recipient-collection xtkschema="nms:recipient">$0</recipient-collection>);';
  expect(labels(collection)).toEqual(['recipient']);
  expect(labels(collection.replace('$0', '<recipient $0/>'))).toContain('lastName');
});

test('elements of the schema inside an element', () => {
  expect(labels(write('>$0</recipient>'))).toEqual(expect.arrayContaining(['location', 'folder']));
  expect(accept(write('>$0</recipient>'), 'location')).toBe(write('><location</recipient>'));
  expect(accept(write('><loc$0/></recipient>'), 'location')).toBe(write('><location/></recipient>'));
});

test('values: schema ids, operations, enumerations, booleans', () => {
  expect(labels('xtk.session.Write(<recipient xtkschema="$0"/>);')).toContain('nms:recipient');
  expect(labels(write('_operation="$0"/>'))).toEqual([
    'insertOrUpdate',
    'insert',
    'update',
    'delete',
    'none',
  ]);
  expect(labels(write('gender="$0"/>'))).toEqual(['unknown', 'male', 'female']);
  expect(labels(write('blackList="$0"/>'))).toEqual(['true', 'false']);
});

test('the key is a list of fields', () => {
  expect(accept(write('_key="@em$0"/>'), '@email')).toBe(write('_key="@email"/>'));
  expect(accept(write('_key="@email,@la$0"/>'), '@lastName')).toBe(write('_key="@email,@lastName"/>'));
});

test('the call around a literal tells its schema', () => {
  expect(labels('var r = nms.recipient.create(<recipient $0/>);')).toContain('lastName');
  expect(labels('var r = NLWS.nmsRecipient.create(<recipient $0/>);')).toContain('lastName');
  expect(labels('var r = other(<recipient $0/>);')).not.toContain('lastName');
});

test('a computed value is what is inserted for a field, where the editor has placeholders', () => {
  const service = createJavaScriptService({ typescript: ts, snippets: true });
  expect(accept(write('la$0/>'), 'lastName', service)).toBe(write('lastName={$1}/>'));
  expect(accept(write('la$0="x"/>'), 'lastName', service)).toBe(write('lastName="x"/>'));
  expect(accept(write('_op$0/>'), '_operation', service)).toBe(write('_operation="$1"/>'));
  expect(accept(write('la$0/>'), 'lastName')).toBe(write('lastName=/>'));
});

test('hover and definition of names in a document', () => {
  const { document, offset } = openScript(write('last$0Name={x}/>'));
  expect((scripts.hover(scriptModel, document, offset)!.contents as MarkupContent).value).toContain(
    'Last name',
  );
  expect(scripts.definition(scriptModel, document, offset)).toMatchObject([
    { target: { schemaId: 'nms:recipient' } },
  ]);
  const link = openScript(write('><fol$0der/></recipient>'));
  expect((scripts.hover(scriptModel, link.document, link.offset)!.contents as MarkupContent).value).toContain(
    'Folder',
  );
});

test('schema ids in the strings of calls that take one', () => {
  expect(labels('application.getSchema("$0")')).toContain('nms:recipient');
  expect(labels("buildSqlTable('nms:$0')")).toContain('nms:recipient');
  expect(labels('xtk.session.DeleteCollection("$0", x, false)')).toContain('nms:recipient');
  expect(labels('logInfo("$0")')).not.toContain('nms:recipient');
  expect(accept('application.getSchema("nms:rec$0")', 'nms:recipient')).toBe(
    'application.getSchema("nms:recipient")',
  );
});
