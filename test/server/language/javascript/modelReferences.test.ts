import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { parseDocument } from '../../../../server/documents.ts';
import type { LanguageDocument } from '../../../../server/language/languageService.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { readEntity, service } from '../../../support/entities.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { scripts } from '../../../support/scripts.ts';

const loop = 'for each (var r in res.recipient)';
const query = (nodes: string): string =>
  `var res = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="select"><select>${nodes}</select></queryDef>).ExecuteQuery();\n`;

function read(name: string, languageId: string, text: string): LanguageDocument {
  const uri = `file:///${name}`;
  scripts.close(uri);
  return parseDocument(TextDocument.create(uri, languageId, 1, text));
}

/** The asked script and the other documents with every reference in `«»`, those without any left out. */
function references(marked: string, others: readonly LanguageDocument[] = []): string[] {
  const { text, offset } = takeCursor(marked);
  const file = read('asked.campaign.js', 'campaign-javascript', text);
  return show(file, offset, others);
}

function show(file: LanguageDocument, offset: number, others: readonly LanguageDocument[]): string[] {
  const found = service.references(scriptModel, file, offset, others);
  return [file, ...others].flatMap(({ document }) => {
    const edits = found
      .filter(({ uri }) => uri === document.uri)
      .map(({ range }) => ({ range, newText: `«${document.getText(range)}»` }));
    return edits.length === 0 ? [] : [TextDocument.applyEdits(document, edits)];
  });
}

test('a field is found in every way a script writes it', () => {
  const written = `${query('<node expr="@email"/>')}${loop} { r.@email; r["@email"]; r.(@email == 1); r.@firstName; }
xtk.session.Write(<recipient xtkschema="nms:recipient" email={email}/>);
var all = NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", select: {node: [{expr: "@email"}]}}});
var one = NLWS.nmsRecipient.load(1); one.email = "@email";`;
  const expected = [
    `${query('<node expr="«@email»"/>')}${loop} { r.«@email»; r["«@email»"]; r.(«@email» == 1); r.@firstName; }
xtk.session.Write(<recipient xtkschema="nms:recipient" «email»={email}/>);
var all = NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", select: {node: [{expr: "«@email»"}]}}});
var one = NLWS.nmsRecipient.load(1); one.«email» = "@email";`,
  ];
  for (const from of ['r.@em$0ail', 'expr="@em$0ail', 'one.em$0ail', ' em$0ail={', 'expr: "@em$0ail']) {
    const plain = from.replace('$0', '');
    expect(references(written.replace(plain, from)), from).toEqual(expected);
  }
});

test('a field of a script is found in the other documents, whatever they are', () => {
  const others = [
    read(
      'q.queryDef.xml',
      'campaign-querydef',
      '<queryDef schema="nms:recipient"><select><node expr="@email"/></select></queryDef>',
    ),
    read('b.campaign.js', 'campaign-javascript', `${query('')}${loop} logInfo(r.@email);`),
    read('c.campaign.js', 'campaign-javascript', 'var email = other.@email;'),
    readEntity(
      '<workflow internalName="W"><activities><js name="j"><script>var one = nms.recipient.load(1); one.email = 1 &lt; 2;</script></js><query schema="nms:recipient"><where><condition expr="@email IS NOT NULL"/></where></query></activities></workflow>',
    ),
  ];
  expect(references(`${query('')}${loop} r.@em$0ail;`, others)).toEqual([
    `${query('')}${loop} r.«@email»;`,
    '<queryDef schema="nms:recipient"><select><node expr="«@email»"/></select></queryDef>',
    `${query('')}${loop} logInfo(r.«@email»);`,
    '<workflow internalName="W"><activities><js name="j"><script>var one = nms.recipient.load(1); one.«email» = 1 &lt; 2;</script></js><query schema="nms:recipient"><where><condition expr="«@email» IS NOT NULL"/></where></query></activities></workflow>',
  ]);
});

test('a field of a query is found in scripts', () => {
  const { text, offset } = takeCursor(
    '<queryDef schema="nms:recipient"><select><node expr="@em$0ail"/></select></queryDef>',
  );
  const file = read('asked.queryDef.xml', 'campaign-querydef', text);
  const script = read('b.campaign.js', 'campaign-javascript', `${query('')}${loop} logInfo(r.@email);`);
  expect(show(file, offset, [script])).toHaveLength(2);
});

test('a schema is found by its id and by its names in scripts', () => {
  const script = `nms.recip$0ient.create(); application.getSchema("nms:recipient"); NLWS.nmsRecipient.load(1); var recipient = 1; ${query('')}`;
  const [shown] = references(script);
  expect(shown).toContain('nms.«recipient».create()');
  expect(shown).toContain('getSchema("«nms:recipient»")');
  expect(shown).toContain('NLWS.«nmsRecipient».load');
  expect(shown).toContain('schema="«nms:recipient»"');
  expect(shown).toContain('var recipient');
});

test('the word to look for in files is that of the field, and of a function its name', () => {
  const word = (marked: string): string | undefined => {
    const { text, offset } = takeCursor(marked);
    return service.referenceWord(scriptModel, read('asked.campaign.js', 'campaign-javascript', text), offset);
  };
  expect(word(`${query('')}${loop} r.@em$0ail;`)).toBe('email');
  expect(word(`${query('')}${loop} r.folder.@la$0bel;`)).toBe('label');
  expect(word('function sh$0ared() {}')).toBe('shared');
});

test('longer names that contain the word are others', () => {
  const { text, offset } = takeCursor(`${query('')}${loop} r.@em$0ail;`);
  const file = read('asked.campaign.js', 'campaign-javascript', text);
  const other = read('big.campaign.js', 'campaign-javascript', 'var emails = 1, myemail = 2, $email = 3;');
  expect(show(file, offset, [other])).toHaveLength(1);
});
