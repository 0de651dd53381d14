import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { toRunnableQuery } from '../../../../server/language/queryDef/runnableQuery.ts';
import { findRegions } from '../../../../server/language/regions.ts';
import { takeCursor } from '../../../support/cursor.ts';

const recipients = '<queryDef schema="nms:recipient" operation="select"/>';
const folders = '<queryDef schema="xtk:folder" operation="select"/>';

function schemaAt(marked: string): string | undefined {
  const { text, offset } = takeCursor(marked);
  const [region] = findRegions('campaign-querydef', text).queries;
  const document = TextDocument.create('file:///a.queryDef.xml', 'campaign-querydef', 0, text);
  return toRunnableQuery(document, region!, offset)?.schemaId;
}

test('the only query of a file is meant wherever the cursor is', () => {
  expect(schemaAt(`$0<!-- All of them. -->\n${recipients}\n`)).toBe('nms:recipient');
  expect(schemaAt(`${recipients}\n\n$0`)).toBe('nms:recipient');
});

test('of several queries the one at the cursor is meant, and none between them', () => {
  expect(schemaAt(`${recipients}\n${folders.replace('schema', 'sch$0ema')}`)).toBe('xtk:folder');
  expect(schemaAt(`${recipients}\n$0\n${folders}`)).toBeUndefined();
});
