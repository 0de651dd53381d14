import { afterAll, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '../../sandbox/campaign/settings.ts';
import { contentOf, faultOf, openSandbox, textOf, unescape } from './call.ts';
import { FakeClock } from './library.ts';

const clock = new FakeClock();
const caller = await openSandbox({ clock });
afterAll(() => caller.sandbox.stop());
beforeEach(() => caller.sandbox.set({ ...defaultSettings(), workflowDelayMs: 1000 }));

const onDelivery = 'xtk:jobInterface|nms:delivery';

async function submit(parameters: string, method = 'Submit', on = onDelivery): Promise<string> {
  const answer = await caller.post(`${on}#${method}`, parameters);
  return textOf(answer.text, 'pstrId') ?? faultOf(answer.text);
}

/** Status, lines as `type message`, and progress. */
async function status(id: string, after = 0, max = 100): Promise<[string, string[], string]> {
  const { text } = await caller.post(
    'xtk:jobInterface|xtk:job#GetStatus',
    `<id>${id}</id><last>${after}</last><max>${max}</max>`,
  );
  const logs = [...text.matchAll(/ logType="(\d)" message="([^"]*)"/g)].map(
    ([, type, message]) => `${type!} ${unescape(message!)}`,
  );
  return [textOf(text, 'psStatus') ?? faultOf(text), logs, /<progress current="(\d+)"/.exec(text)?.[1] ?? ''];
}

const delivery = '<e><delivery internalName="DM_springCollection" xtkschema="nms:delivery"/></e>';

test('a submitted job runs later, and tells how far it is', async () => {
  const id = await submit(`${delivery}<m>Prepare</m>`);
  expect(id).toMatch(/^\d+\/nms:delivery@@/);
  expect(await status(id)).toEqual(['2', [], '0']);
  clock.ms += 1000;
  expect(await status(id)).toEqual(['5', ['2 The job is started.', '2 The job is finished.'], '1']);
});

test('lines are read from the last one at hand, and so many at most', async () => {
  const id = await submit(`${delivery}<m>Prepare</m>`, 'Execute');
  const { text } = await caller.post(
    'xtk:jobInterface|xtk:job#GetStatus',
    `<id>${id}</id><last>0</last><max>1</max>`,
  );
  const [first] = /<log id="\d+"/.exec(text)!;
  expect([...text.matchAll(/<log /g)]).toHaveLength(1);
  expect((await status(id, Number(first.replace(/\D/g, ''))))[1]).toEqual(['2 The job is finished.']);
});

test('the answer of a job is in the namespace and the shape of its interface', async () => {
  const id = await submit(`${delivery}<m>Prepare</m>`, 'Execute');
  const { text } = await caller.post(
    'xtk:jobInterface|xtk:job#GetStatus',
    `<id>${id}</id><last>0</last><max>0</max>`,
  );
  expect(text).toContain("<GetStatusResponse xmlns='urn:xtk:job'");
  expect(text).toContain("<psStatus xsi:type='xsd:short'>5</psStatus>");
  expect(contentOf(text, 'pelemReturnLogs')).toMatch(
    /^<elemReturnLogs><log id="\d+" iRc="0" logDate="2024-[^"]*Z" logType="2" message="[^"]*" object=""\/>/,
  );
  expect(contentOf(text, 'pelemProperties')).toBe(
    '<elemProperties warning="0"><progress current="1" max="1"/></elemProperties>',
  );
});

test('the result is the reply of the call, once it is finished', async () => {
  const id = await submit(`${delivery}<m>Prepare</m>`);
  const result = async (): Promise<string> => {
    const { text } = await caller.post('xtk:jobInterface|xtk:job#GetResult', `<id>${id}</id>`);
    return textOf(text, 'pstrResponse') ?? faultOf(text);
  };
  expect(await result()).toContain('has no result: its status is 2');
  clock.ms += 1000;
  expect(await result()).toMatch(/PrepareResponse.*state="45"/s);
});

test('what a job changes in its document is kept, unless the document is none of the database', async () => {
  const query = (name: string): string =>
    `<queryDef schema="nms:delivery" operation="get"><select><node expr="@id"/><node expr="@state"/></select><where><condition expr="@internalName = '${name}'"/></where></queryDef>`;
  const before = await caller.query(query('DM_springCollection'));
  const [, id] = / id="(\d+)"/.exec(before)!;
  const state = async (): Promise<string> =>
    / state="(\d+)"/.exec(await caller.query(query('DM_springCollection')))![1]!;
  await submit(
    `<e><delivery id="${id}" state="0" doNotPersist="true"/></e><m>PrepareAndStart</m>`,
    'Execute',
  );
  expect(await state()).not.toBe('55');
  await submit(`<e><delivery id="${id}" state="0"/></e><m>PrepareAndStart</m>`, 'Execute');
  expect(await state()).toBe('55');
  const logs = await caller.post('nms:delivery#GetDlStatusAndLogs', `<id>${id}</id><last>0</last>`);
  expect(contentOf(logs.text, 'pelemReturnLogs')).toContain('message="The job is finished."');
});

test('a job that fails says why, deepest cause first', async () => {
  const id = await submit('<e><delivery label="Nobody"/></e><m>Prepare</m>', 'Execute');
  expect(await status(id)).toEqual([
    '6',
    ['2 The job is started.', '0 DLV-490009 The delivery has no target population.'],
    '1',
  ]);
  const warning = await caller.post('xtk:jobInterface|xtk:job#HasWarning', `<id>${id}</id>`);
  expect(textOf(warning.text, 'pbHasWarning')).toBe('true');
  const unknown = await submit(`${delivery}<m>Nothing</m>`, 'Execute');
  expect((await status(unknown))[1][1]).toContain("SOP-330006 The method 'Nothing' is not defined");
});

test('a call with parameters is run on the document it names as this, or without one', async () => {
  const proof =
    '<c><soapCall name="PrepareProof" service="nms:delivery"><param name="this" type="DOMDocument"><value id="1"/></param><param name="bStart" type="boolean" value="false"/></soapCall></c>';
  const id = await submit(`${delivery}${proof}`, 'SubmitSoapCall');
  const text =
    '<c><soapCall name="HtmlToText" service="nms:delivery"><param>&lt;b&gt;Hi&lt;/b&gt;</param></soapCall></c>';
  const idOfStatic = await submit(`<e><job doNotPersist="true"/></e>${text}`, 'SubmitSoapCall');
  clock.ms += 1000;
  expect((await status(id))[0]).toBe('5');
  const result = await caller.post('xtk:jobInterface|xtk:job#GetResult', `<id>${idOfStatic}</id>`);
  expect(textOf(result.text, 'pstrResponse')).toContain('Hi');
});

test('a job is cancelled or paused before it runs, and one that is over stays as it is', async () => {
  const cancelled = await submit(`${delivery}<m>Prepare</m>`);
  expect(await caller.run('xtk:jobInterface|xtk:job#Cancel', `<id>${cancelled}</id>`)).toBe('');
  expect((await status(cancelled))[0]).toBe('3');
  const paused = await submit(`${delivery}<m>Prepare</m>`);
  expect(await caller.run('xtk:jobInterface|xtk:job#Pause', `<id>${paused}</id>`)).toBe('');
  expect((await status(paused))[0]).toBe('7');
  clock.ms += 1000;
  expect((await status(cancelled)).slice(0, 2)).toEqual(['4', ['3 The job is cancelled.']]);
  expect((await status(paused)).slice(0, 2)).toEqual(['8', ['3 The job is paused.']]);
  await caller.run('xtk:jobInterface|xtk:job#Cancel', `<id>${cancelled}</id>`);
  expect((await status(cancelled))[0]).toBe('4');
});

test('who waits for the end of a job gets an answer when it is over, or when the time is', async () => {
  const wait = async (id: string): Promise<number> => {
    const before = clock.slept.length;
    expect(await caller.run('xtk:jobInterface|xtk:job#WaitJobCancelled', `<id>${id}</id><s>2</s>`)).toBe('');
    return clock.slept.length - before;
  };
  const id = await submit(`${delivery}<m>Prepare</m>`);
  expect(await wait(id)).toBe(20);
  clock.ms += 1000;
  expect(await wait(id)).toBe(0);
});

test('unknown jobs, methods of jobs inside jobs and calls without rights are refused', async () => {
  expect((await status('none'))[0]).toContain("XSV-350000 The job 'none' cannot be found.");
  expect(await submit(`${delivery}<m>Prepare</m>`, 'Submit', 'xtk:jobInterface|no:such')).toContain(
    'SOP-330006',
  );
  caller.sandbox.set({ rights: 'none' });
  await caller.logon();
  const call = '<c><soapCall name="GenerateNavTree" service="xtk:builder"/></c>';
  const id = await submit(`<e><job/></e>${call}`, 'SubmitSoapCall');
  clock.ms += 1000;
  expect((await status(id))[1][1]).toContain('You do not have the right');
  caller.sandbox.set(defaultSettings());
  await caller.logon();
});

test('a restart ends jobs: what has not run never will', async () => {
  const id = await submit(`${delivery}<m>Prepare</m>`);
  expect(await caller.run('xtk:session#ServerShutdown', '')).toBe('');
  await caller.logon();
  clock.ms += 1000;
  expect((await status(id))[0]).toContain('XSV-350000');
});
