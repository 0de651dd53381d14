import { afterAll, expect, test } from 'vitest';
import { contentOf, faultOf, openSandbox } from './call.ts';
import { FakeClock } from './library.ts';

const clock = new FakeClock();
const caller = await openSandbox({
  rows: 30,
  clock,
  settings: { workflowDelayMs: 1000, sessionTimeOutSec: 1e7, securityTimeOutSec: 1e7 },
});
const { sandbox } = caller;
afterAll(() => sandbox.stop());

const one = async (schema: string, where: string, ...exprs: string[]): Promise<string> =>
  caller.query(
    `<queryDef schema="${schema}" operation="getIfExists"><select>${exprs.map((expr) => `<node expr="${expr}"/>`).join('')}</select><where><condition expr="${where}"/></where></queryDef>`,
  );
const count = async (schema: string, where: string): Promise<number> => {
  const answer = await caller.query(
    `<queryDef schema="${schema}" operation="count"><where><condition expr="${where}"/></where></queryDef>`,
  );
  return Number(/count="(\d+)"/.exec(answer)?.[1] ?? -1);
};

// --- workflows ---

const workflow = (name: string, activities: string): Promise<string> =>
  caller.run(
    'xtk:persist#Write',
    `<d><workflow xtkschema="xtk:workflow" internalName="${name}" label="${name}"><activities>${activities}</activities></workflow></d>`,
  );
const state = async (name: string): Promise<number> =>
  Number(/state="(\d+)"/.exec(await one('xtk:workflow', `@internalName = '${name}'`, '@state'))?.[1]);
const command = (method: string, name: string, more = ''): Promise<string> =>
  caller.run(`xtk:workflow#${method}`, `<w>${name}</w>${more}`);
const log = async (name: string): Promise<string[]> => {
  const answer = await caller.query(
    `<queryDef schema="xtk:workflowLog" lineCount="500"><select><node expr="@activity"/><node expr="@message"/></select><where><condition expr="[workflow/@internalName] = '${name}'"/></where><orderBy><node expr="@id"/></orderBy></queryDef>`,
  );
  return [...answer.matchAll(/activity="([^"]*)" message="([^"]*)"/g)].map(
    ([, activity, message]) => `${activity!}: ${message!}`,
  );
};

test('a workflow that is started runs its activities one after the other and finishes', async () => {
  await workflow('T1', '<js name="js1"><script>1</script></js><end name="end"/>');
  expect(await command('Start', 'T1')).toBe('');
  expect(await state('T1')).toBe(10);
  clock.ms += 1000;
  expect(await state('T1')).toBe(11);
  clock.ms += 1000;
  expect(await log('T1')).toEqual([
    ': Start requested.',
    ': The workflow is started.',
    'js1: Executed (js).',
  ]);
  clock.ms += 2000;
  expect(await state('T1')).toBe(20);
  expect((await log('T1')).at(-1)).toBe(': The workflow is finished.');
  expect(await count('xtk:workflowTask', "[workflow/@internalName] = 'T1'")).toBe(2);
});

test('a workflow that waits for something stays started until it is stopped', async () => {
  await workflow('T2', '<schedule name="daily"/><signal name="go"/>');
  await command('Start', 'T2');
  clock.ms += 60_000;
  expect(await state('T2')).toBe(11);
  const steps: [string, number, number][] = [
    ['Pause', 12, 13],
    ['Restart', 17, 11],
    ['Stop', 15, 20],
  ];
  for (const [method, during, after] of steps) {
    expect(await command(method, 'T2')).toBe('');
    expect(await state('T2')).toBe(during);
    clock.ms += 60_000;
    expect(await state('T2')).toBe(after);
  }
  await command('Start', 'T2');
  clock.ms += 1000;
  await command('Kill', 'T2');
  expect(await state('T2')).toBe(20);
});

test('a workflow executed by call is over when the call answers', async () => {
  await workflow('T7', '<js name="js1"/><end name="end"/>');
  expect(await command('ExecuteInstance', 'T7')).toBe('');
  expect(await state('T7')).toBe(20);
  expect((await log('T7')).at(-1)).toBe(': The workflow is finished.');
  expect(await count('xtk:workflowTask', "[workflow/@internalName] = 'T7'")).toBe(2);
  expect(await command('DeleteResult', 'T7')).toBe('');
  expect(await count('xtk:workflowTask', "[workflow/@internalName] = 'T7'")).toBe(0);
});

test('a stopped workflow runs no further activity', async () => {
  await workflow('T3', '<js name="a"/><js name="b"/><js name="c"/>');
  await command('Start', 'T3');
  clock.ms += 2000;
  await command('Kill', 'T3');
  clock.ms += 60_000;
  expect((await log('T3')).filter((line) => line.includes('Executed'))).toEqual(['a: Executed (js).']);
});

test('an event reaches an activity of a started workflow', async () => {
  await workflow('T4', '<signal name="go"/>');
  const event = '<a>go</a><t/><v><variables segment="A"/></v><c>false</c>';
  expect(await command('PostEvent', 'T4', event)).toContain('not started');
  await command('Start', 'T4');
  clock.ms += 5000;
  expect(await command('PostEvent', 'T4', event)).toBe('');
  expect(await command('PostEvent', 'T4', event.replace('>go<', '>gone<'))).toContain("no activity 'gone'");
  const stored = await caller.query(
    '<queryDef schema="xtk:workflowEvent" operation="get"><select><node expr="@activity"/><node expr="data"/></select><where><condition expr="[workflow/@internalName] = \'T4\'"/></where></queryDef>',
  );
  expect(stored).toBe('<workflowEvent activity="go"><variables segment="A"/></workflowEvent>');
});

test('variables are kept, templates make instances, unknown workflows are named', async () => {
  await workflow('T5', '<js name="js1"/>');
  await command('StartWithParameters', 'T5', '<p><variables x="1"/></p>');
  expect(await one('xtk:workflow', "@internalName = 'T5'", 'data')).toContain('<variables x="1"/>');
  const spawned = await caller.post('xtk:workflow#SpawnWithParameters', '<w>T5</w><p><variables y="2"/></p>');
  const id = contentOf(spawned.text, 'plInstanceId')!;
  expect(await one('xtk:workflow', `@id = ${id}`, '@modelName', 'data')).toMatch(
    /modelName="T5".*<variables y="2"\/>/s,
  );
  expect(await command('Start', 'NoSuchWorkflow')).toContain(
    "XSV-350000 The workflow 'NoSuchWorkflow' cannot be found.",
  );
});

test('the replication workflow shows its state and what it sent', async () => {
  const row = (): Promise<string> =>
    one('xtk:workflow', "@internalName = 'ffdaReplicateStagingData'", '@state', '@status', '@failed');
  expect(await row()).toBe('<workflow state="11" status="1" failed="0"/>');
  sandbox.set({ replication: 'error' });
  expect(await row()).toBe('<workflow state="13" status="3" failed="1"/>');
  sandbox.set({ replication: 'stopped' });
  expect(await row()).toContain('state="20"');
  sandbox.set({ replication: 'hourly' });
  await caller.run(
    'xtk:persist#IngestExt',
    '<d><purchaseStg xtkschema="cus:purchaseStg" _key="@id" id="P1" orderNumber="O1"/></d>',
  );
  await caller.run('nms:replicationStrategy#StartReplicateStagingData', '<s>cus:purchase</s>');
  expect((await log('ffdaReplicateStagingData')).at(-1)).toBe(
    ': cus:purchase: 1 record(s) sent to the cloud database.',
  );
});

// --- folders ---

test('folders are opened along a path', async () => {
  const load = async (parent: string, filter: string, path: string): Promise<string> => {
    const parameters = `<k>${parent}</k><f>${filter}</f><w>false</w><n/><p>${path}</p><s>true</s>`;
    return contentOf((await caller.post('xtk:folder#LoadChildrenWithPath', parameters)).text, 'pdomResult')!;
  };
  const names = (xml: string): string[] =>
    [...xml.matchAll(/<folder id="[1-9]\d*" name="([^"]*)"/g)].map((match) => match[1]!);
  const top = names(await load('', '', ''));
  expect(top).toContain('xtkAdministration');
  const opened = await load('', '', 'xtkAdministration');
  expect(names(opened).length).toBeGreaterThan(top.length);
  const children = Number(/name="xtkAdministration"[^>]* childcount="(\d+)"/.exec(opened)![1]);
  expect(names(opened).length).toBe(top.length + children);
  const id = /<folder id="(\d+)" name="xtkAdministration"/.exec(opened)![1]!;
  expect(names(await load(`xtk:folder|${id}`, '', '')).length).toBe(children);
  expect(names(await load('', 'noSuchModel', ''))).toEqual([]);
});

// --- subscriptions and events ---

test('a recipient subscribes, once, and unsubscribes', async () => {
  const service = /name="([^"]*)"/.exec(await one('nms:service', '1 = 1', '@name'))![1]!;
  const recipient = '<c><recipient _key="@email" email="sub@example.com"/></c>';
  const active = (): Promise<number> => count('nms:subscription', "[recipient/@email] = 'sub@example.com'");
  expect(
    await caller.run('nms:subscription#Subscribe', `<s>${service}</s>${recipient}<b>false</b>`),
  ).toContain('XSV-350000');
  for (let i = 0; i < 2; i++)
    expect(await caller.run('nms:subscription#Subscribe', `<s>${service}</s>${recipient}<b>true</b>`)).toBe(
      '',
    );
  expect(await active()).toBe(1);
  expect(await caller.run('nms:subscription#Unsubscribe', `<s>${service}</s>${recipient}`)).toBe('');
  expect(await active()).toBe(0);
  expect(await count('nms:subHisto', "[recipient/@email] = 'sub@example.com'")).toBe(2);
  await caller.run('nms:subscription#Unsubscribe', `<s/>${recipient}`);
  expect(await count('nms:recipient', "@email = 'sub@example.com' AND @blackList = 1")).toBe(1);
  expect(await caller.run('nms:subscription#Subscribe', `<s>nope</s>${recipient}<b>true</b>`)).toContain(
    "The service 'nope' cannot be found.",
  );
});

test('events are queued with their context', async () => {
  const push = await caller.post(
    'nms:rtEvent#PushEvent',
    '<d><rtEvent type="order" email="a@example.com"><ctx><total>3</total></ctx></rtEvent></d>',
  );
  const id = contentOf(push.text, 'plId')!;
  expect(push.text).toContain("<plId xsi:type='xsd:long'>");
  expect(await one('nms:rtEvent', `@id = ${id}`, '@type', 'data')).toBe(
    '<rtEvent type="order"><ctx><total>3</total></ctx></rtEvent>',
  );
  expect(
    await caller.run(
      'nms:rtEvent#PushEvents',
      '<d><e><rtEvent type="x" email="1@example.com"/><rtEvent type="x" email="2@example.com"/></e></d>',
    ),
  ).toBe('');
  expect(await count('nms:rtEvent', "@type = 'x'")).toBe(2);
  expect(await caller.run('nms:rtEvent#PushEvent', '<d><rtEvent email="1@example.com"/></d>')).toContain(
    "no attribute 'type'",
  );
});

test('batch events have a queue of their own', async () => {
  const push = await caller.post(
    'nms:batchEvent#PushEvent',
    '<d><batchEvent type="birthday" email="b@example.com"><ctx><age>30</age></ctx></batchEvent></d>',
  );
  expect(await one('nms:batchEvent', `@id = ${contentOf(push.text, 'plId')!}`, '@type')).toBe(
    '<batchEvent type="birthday"/>',
  );
  const many =
    '<d><e><batchEvent type="y" email="1@example.com"/><batchEvent type="y" mobilePhone="2"/><batchEvent type="y"/></e></d>';
  expect(await caller.run('nms:batchEvent#PushEvents', many)).toContain("no attribute 'email'");
  expect(await count('nms:batchEvent', "@type = 'y'")).toBe(0);
});

test('a privacy request is created, and refused when it names nobody', async () => {
  const create = (value: string, type: number): Promise<{ text: string }> =>
    caller.post(
      'nms:privacyRequest#CreateRequestByName',
      `<n>EMAIL</n><v>${value}</v><t>${type}</t><c>true</c><r>1</r>`,
    );
  const { text } = await create('p@example.com', 2);
  expect(
    await one(
      'nms:privacyRequest',
      `@id = ${contentOf(text, 'plId')!}`,
      '@reconciliationValue',
      '@type',
      '@confirmDeletePending',
    ),
  ).toBe('<privacyRequest reconciliationValue="p@example.com" type="2" confirmDeletePending="1"/>');
  expect(faultOf((await create('', 2)).text)).toContain('needs a namespace');
  expect(faultOf((await create('x', 9)).text)).toContain('The type 9 is unknown');
});

test('the state of the instance can be read', async () => {
  const { text } = await caller.post('nl:monitoring#DumpCurrentInstanceState');
  expect(contentOf(text, 'pdomMonitoring')).toMatch(/^<monitoring instance="sandbox" [^>]*workflows="\d+"/);
});

// --- deliveries ---

test('a delivery is made from a template, and moves through its states', async () => {
  const model = await one('nms:delivery', '@isModel = 1', '@internalName', '@id');
  const name =
    /internalName="([^"]*)"/.exec(model)?.[1] ??
    /internalName="([^"]*)"/.exec(await one('nms:delivery', '1 = 1', '@internalName'))![1]!;
  const created = await caller.post(
    'nms:delivery#CreateFromModel',
    `<s>${name}</s><c><delivery label="Mine"/></c>`,
  );
  expect(contentOf(created.text, 'pdomDelivery')).toMatch(
    /<delivery (?!.* id=)[^>]*label="Mine"[^>]*_operation="insert"/,
  );
  const submitted = await caller.post('nms:delivery#SubmitDelivery', `<s>${name}</s>`);
  const id = contentOf(submitted.text, 'plDeliveryId') ?? faultOf(submitted.text);
  const deliveryState = async (): Promise<string> =>
    /state="(\d+)"/.exec(await one('nms:delivery', `@id = ${id}`, '@state'))![1]!;
  expect(await deliveryState()).toBe('55');
  clock.ms += 1000;
  expect(await deliveryState()).toBe('95');
  for (const [method, expected] of [
    ['PrepareFromId', '45'],
    ['Play', '55'],
    ['Pause', '75'],
    ['Stop', '85'],
  ] as const) {
    expect(await caller.run(`nms:delivery#${method}`, `<id>${id}</id>`)).toBe('');
    expect(await deliveryState()).toBe(expected);
  }
});

test('indicators are counted anew from the logs', async () => {
  const sent = await one(
    'nms:delivery',
    '@state = 95',
    '@id',
    '[indicators/@processed]',
    '[indicators/@success]',
  );
  const id = / id="(\d+)"/.exec(sent)![1]!;
  await caller.run(
    'xtk:persist#Write',
    `<d><delivery xtkschema="nms:delivery" id="${id}"><indicators processed="0" success="0"/></delivery></d>`,
  );
  expect(await caller.run('nms:delivery#RecomputeStats', `<id>${id}</id>`)).toBe('');
  expect(
    await one('nms:delivery', `@id = ${id}`, '@id', '[indicators/@processed]', '[indicators/@success]'),
  ).toBe(sent);
  expect(await caller.run('nms:delivery#Cancel', `<id>${id}</id>`)).toBe('');
  expect(await one('nms:delivery', `@id = ${id}`, '@state')).toBe('<delivery state="85"/>');
});

test('a deleted delivery goes to the bin, where queries do not see it, and then for good', async () => {
  await caller.run(
    'xtk:persist#Write',
    '<d><delivery xtkschema="nms:delivery" internalName="DM_bin" label="x"/></d>',
  );
  const counted = async (attributes: string): Promise<string> =>
    caller.query(
      `<queryDef schema="nms:delivery" operation="count" ${attributes}><where><condition expr="@internalName = 'DM_bin'"/></where></queryDef>`,
    );
  const remove = (): Promise<string> =>
    caller.run(
      'xtk:persist#Write',
      '<d><delivery xtkschema="nms:delivery" _operation="delete" internalName="DM_bin"/></d>',
    );
  expect(await counted('')).toBe('<delivery count="1"/>');
  expect(await remove()).toBe('');
  expect(await counted('')).toBe('<delivery count="0"/>');
  expect(await counted('ignoreDeleteStatus="true"')).toBe('<delivery count="1"/>');
  const removeAll = (ignore: boolean): Promise<string> =>
    caller.run(
      'xtk:persist#DeleteCollection',
      `<s>nms:delivery</s><w><where><condition expr="@internalName = 'DM_bin'"/></where></w><b>${ignore}</b>`,
    );
  await removeAll(false);
  expect(await counted('ignoreDeleteStatus="true"')).toBe('<delivery count="1"/>');
  await removeAll(true);
  expect(await counted('ignoreDeleteStatus="true"')).toBe('<delivery count="0"/>');
});

test('content is checked and turned into text', async () => {
  const text = async (html: string): Promise<string> =>
    contentOf((await caller.post('nms:delivery#HtmlToText', `<h><![CDATA[${html}]]></h>`)).text, 'pstrText')!;
  expect(await text('<style>p{}</style><p>Hello <b>you</b> &amp; me</p><p>Bye</p>')).toBe(
    'Hello you &amp; me\nBye',
  );
  const diagnose = async (html: string): Promise<string> =>
    contentOf(
      (await caller.post('nms:delivery#DiagnoseHTML', `<h><![CDATA[${html}]]></h><f>1</f>`)).text,
      'pdomDiagnostic',
    )!;
  expect(await diagnose('<p>fine</p>')).toBe('<diagnostic/>');
  expect(await diagnose('<p>open')).toContain('<message level="warning"');
});

test('counters count', async () => {
  const next = async (): Promise<string> =>
    contentOf((await caller.post('xtk:counter#IncreaseValue', '<n>invoice</n>')).text, 'plValue')!;
  expect([await next(), await next()]).toEqual(['1', '2']);
});

test('a record is made from a template by query', async () => {
  await workflow('T6', '<js name="js1"/>');
  const id = /id="(\d+)"/.exec(await one('xtk:workflow', "@internalName = 'T6'", '@id'))![1]!;
  const query = `<e><queryDef schema="xtk:workflow"><where><condition expr="@id = ${id}"/></where></queryDef></e>`;
  const read = await caller.post('xtk:queryDef#GetInstanceFromModel', `${query}<s>xtk:workflow</s>`);
  expect(contentOf(read.text, 'pdomOutput')).toMatch(
    /^<workflow (?!.* id=)[^>]*label="T6"[^>]*_operation="insert"/,
  );
  const diff = '<d><workflow internalName="T6b" label="changed"/></d>';
  const made = await caller.post(
    'xtk:queryDef#CreateInstanceFromModel',
    `<s>xtk:workflow</s><m>${id}</m>${diff}`,
  );
  expect(await one('xtk:workflow', `@id = ${contentOf(made.text, 'plOutput')!}`, '@label', 'data')).toBe(
    '<workflow label="changed"><activities><js name="js1"/></activities></workflow>',
  );
  expect(await caller.run('xtk:queryDef#Update', `${query}<c/>`)).toContain('no mass updates');
});
