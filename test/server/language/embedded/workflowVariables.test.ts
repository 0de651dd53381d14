import { expect, test } from 'vitest';
import { jsApi } from '../../../../server/language/api/jsApi.ts';
import { platformVariables } from '../../../../server/language/embedded/workflowVariables.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { acceptItem, entityItems, entityUri, openEntity, service } from '../../../support/entities.ts';

/** A workflow of three scripts, the second with the cursor. */
const flow = (script: string): string => `<workflow internalName="WKF1">
  <activities>
    <js name="first" label="First &amp; only">
      <initScript>task.vars.step = 1;</initScript>
      <script>vars.total = 1 &lt; 2; instance.vars.seen = vars.total; ctx.vars.other = 1; x.vars.y = 2;</script>
    </js>
    <jsx name="second"><call><![CDATA[${script}]]></call></jsx>
    <query name="q" schema="nms:recipient"><where>
      <condition expr="@id = $(vars/@fromFilter) AND @gender = $long(instance/vars/@limit)"/>
    </where></query>
  </activities>
  <variables stored="1"/>
</workflow>`;
const stranger = `<package buildNumber="*"><entities schema="xtk:workflow">${flow('vars.$0')}
<workflow internalName="WKF2"><activities><js name="a"><script>vars.ofAnother = 1;</script></js></activities></workflow></entities></package>`;

const offered = (marked: string): string[] =>
  entityItems(marked)
    .filter(({ labelDetails }) => labelDetails?.description !== undefined)
    .map(({ label, labelDetails }) => `${label}: ${labelDetails!.description!}`);

test('variables are those of the workflow, each where it belongs', () => {
  expect(offered(flow('vars.$0'))).toEqual(['total: set in first', 'fromFilter: read in WKF1']);
  expect(offered(flow('instance.vars.$0'))).toEqual([
    'seen: set in first',
    'limit: read in WKF1',
    'stored: set in WKF1',
  ]);
  expect(offered(flow('task . vars.$0'))).toEqual(['step: set in first']);
  expect(offered(flow('ctx.vars.$0'))).toEqual([]);
  expect(offered(stranger)).toEqual(['total: set in first', 'fromFilter: read in WKF1']);
});

test('what the platform sets is still offered, and what is being typed is not', () => {
  const labels = entityItems(flow('vars.to$0')).map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(['total', 'targetSchema', 'recCount']));
  expect(labels.filter((label) => label === 'to')).toEqual([]);
  expect(labels.filter((label) => label === 'total')).toHaveLength(1);
});

test('a variable is written like any other name', () => {
  expect(acceptItem(flow('logInfo(vars.to$0)'), 'total')).toBe(flow('logInfo(vars.total)'));
});

/** The text around what each location leads to. */
function shown(
  marked: string,
  ask: (opened: ReturnType<typeof openEntity>) => {
    uri: string;
    range: { start: { line: number; character: number }; end: { line: number; character: number } };
  }[],
): string[] {
  const opened = openEntity(marked);
  return ask(opened).map(({ uri, range }) => {
    expect(uri).toBe(entityUri);
    const start = opened.text
      .slice(0, opened.file.document.offsetAt(range.start))
      .split(/[\s;([>$]/)
      .at(-1)!;
    return start + opened.file.document.getText(range);
  });
}

test('a variable leads to where it is set', () => {
  const define = ({ file, offset }: ReturnType<typeof openEntity>) =>
    service
      .definition(scriptModel, file, offset)
      .flatMap((target) => (target.kind === 'script' ? [target.location] : []));
  expect(shown(flow('logInfo(vars.tot$0al); vars.total += 2; if (vars.total == 3) {}'), define)).toEqual([
    'vars.total',
    'vars.total',
  ]);
  expect(shown(flow('logInfo(instance.vars.st$0ored);'), define)).toEqual(['stored']);
  expect(shown(flow('logInfo(vars.rec$0Count);'), define)).toEqual([]);
});

test('the uses of a variable are those of the whole workflow', () => {
  const refer = ({ file, offset }: ReturnType<typeof openEntity>) =>
    service.references(scriptModel, file, offset, []);
  expect(shown(flow('vars.from$0Filter = 1; instance.vars.fromFilter = 2;'), refer)).toEqual([
    'vars.fromFilter',
    'vars/@fromFilter',
  ]);
  expect(shown(flow('logInfo(vars["total"], vars.to$0tal);'), refer)).toEqual([
    'vars.total',
    'vars.total',
    '"total',
    'vars.total',
  ]);
});

test('a variable says where it comes from', () => {
  const { file, offset } = openEntity(flow('logInfo(vars.to$0tal);'));
  const hover = service.hover(scriptModel, file, offset);
  expect(JSON.stringify(hover?.contents)).toContain(
    'Set in `first (First & only)`. Read in `first (First & only)`, `second`.',
  );
});

test('a variable of the platform keeps its description', () => {
  const { file, offset } = openEntity(flow('logInfo(vars.rec$0Count);'));
  expect(JSON.stringify(service.hover(scriptModel, file, offset))).toContain('opulation');
});

test('the variables of the platform are those of the API', () => {
  const members = jsApi.find(({ name }) => name === 'WorkflowVars')?.members ?? [];
  expect([...platformVariables].sort()).toEqual(
    members
      .filter(({ kind }) => kind === 'property')
      .map(({ name }) => name)
      .sort(),
  );
});
