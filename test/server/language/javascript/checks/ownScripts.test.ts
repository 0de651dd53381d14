import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseXml } from '../../../../../core/xml/parseXml.ts';
import { descendantElements, textOf } from '../../../../../core/xml/xmlTree.ts';
import { scriptProblems } from '../../../../support/checkScript.ts';

/** Elements of workflows, web apps and rules that hold JavaScript. */
const scriptElements: ReadonlySet<string> = new Set(['script', 'initScript', 'call', 'recall']);

/** Every script that comes with the project, by where it is. */
function* ownScripts(): Generator<[place: string, languageId: string, text: string]> {
  for (const folder of ['sandbox/campaign/data', 'sandbox/vscode/workspace', 'test/fixtures']) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const file = `${folder}/${name}`;
      if (/\.js$/.test(name)) yield [file, 'campaign-javascript', readFileSync(file, 'utf8')];
      else if (/\.js(?:sp|t)$/.test(name)) yield [file, 'campaign-jssp', readFileSync(file, 'utf8')];
      else if (name.endsWith('.xml')) {
        const { root } = parseXml(readFileSync(file, 'utf8'));
        for (const element of root === undefined ? [] : descendantElements(root)) {
          // The script of a SQL activity is SQL.
          const isScript = scriptElements.has(element.localName) && element.parent?.localName !== 'sql';
          const text = isScript ? textOf(element) : '';
          if (text.trim() !== '') yield [`${file} ${element.localName}`, 'campaign-javascript', text];
        }
      }
    }
  }
}

test('nothing is said against the scripts of the project but what v8 would change', () => {
  const all = [...ownScripts()];
  expect(all.length).toBeGreaterThan(20);
  const found = all.flatMap(([place, languageId, text]) =>
    scriptProblems(text, { languageId })
      .filter(({ code }) => code.startsWith('script/'))
      .map(({ code, start, end }) => `${place.replace(/^.*\//, '')} ${code} ${text.slice(start, end)}`),
  );
  const isReadiness = (line: string): boolean => line.includes(' script/v8-');
  expect(found.filter((line) => !isReadiness(line))).toEqual([]);
  expect(found.filter((line) => isReadiness(line) && line.startsWith('transitions.'))).toEqual([
    'transitions.campaign.js script/v8-raw-sql cnx.query',
    'transitions.campaign.js script/v8-raw-sql sqlExec',
  ]);
});
