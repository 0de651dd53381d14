import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { loadScripts } from '../../server/scripts.ts';
import { checkFolder, checkingClient, describeCheck } from '../support/checkFolder.ts';
import { startTestClient } from '../support/languageClient.ts';
import { schemaFolder } from '../support/queryModel.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'campaign-check-'));
const client = await startTestClient({
  capabilities: checkingClient,
  initializationOptions: { modelFolder: fileURLToPath(schemaFolder) },
  server: { loadScripts },
});
afterAll(async () => {
  client.dispose();
  await rm(folder, { recursive: true });
});

const query = (expr: string): string =>
  `<queryDef schema="nms:recipient" lineCount="10"><select><node expr="${expr}"/></select></queryDef>`;

test('every script and document of a folder is checked against the model, however late the model comes', async () => {
  await mkdir(path.join(folder, 'deep'));
  await mkdir(path.join(folder, 'node_modules'));
  const files = {
    'clean.queryDef.xml': query('@email'),
    'deep/wrong.queryDef.xml': query('@emial'),
    'deep/wrong.campaign.js': `xtk.queryDef.create(${query('@emial')}).ExecuteQuery();\nvar a = ;\n`,
    'page.jssp': '<html><% logInfo("a"); %></html>',
    'notes.txt': 'var a = ;',
    'node_modules/other.js': 'var a = ;',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const documents = await checkFolder(client.rpc, folder);
  expect(documents.map(({ name }) => name)).toEqual([
    'clean.queryDef.xml',
    'deep/wrong.campaign.js',
    'deep/wrong.queryDef.xml',
    'page.jssp',
  ]);
  expect(describeCheck(documents)).toBe(`2 of 4 documents have neither errors nor warnings.

query/field-unknown (2)
  deep/wrong.campaign.js:1:89  nms:recipient has no @emial. Did you mean @email?
  deep/wrong.queryDef.xml:1:69  nms:recipient has no @emial. Did you mean @email?

script/syntax (1)
  deep/wrong.campaign.js:2:9  Expression expected.`);
});
