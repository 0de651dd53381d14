import type { StoredRow } from '../entity/document.ts';
import { updateRecords } from '../database/records.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { WorkflowEngine } from '../workflow/workflowEngine.ts';
import { logWorkflow } from '../workflow/workflowLog.ts';

/** A command that takes the workflow as its first parameter. */
function command(
  name: string,
  run: (engine: WorkflowEngine, row: StoredRow, call: Call) => Answer | undefined,
  signature = 'strWorkflowId:string',
): Method {
  return method(`xtk:workflow#${name}`, signature, (call) =>
    call.instance.rows.transaction(() => {
      const engine = new WorkflowEngine(call.instance);
      return run(engine, engine.find(call.text(0)), call) ?? {};
    }),
  );
}

const simple = (name: string, run: (engine: WorkflowEngine, row: StoredRow) => void): Method =>
  command(name, (engine, row) => {
    run(engine, row);
    return undefined;
  });

const withParameters = 'strWorkflowId:string, elemParameters:DOMElement';

function restartTask(call: Call): Answer {
  const id = call.number(0);
  const changed = updateRecords(call.instance, 'xtk:workflowTask', { '@id': id }, { '@status': 1 });
  if (changed === 0) throw new CampaignFailure(`XSV-350000 The task ${id} cannot be found.`);
  const workflow = call.instance.value('xtk:workflowTask', '@workflow-id', '@id', String(id));
  logWorkflow(call.instance, Number(workflow), `Task ${id} is restarted.`);
  return {};
}

/** `xtk:workflow`: commands queue, the journal tells what became of them. */
export const workflowMethods: readonly Method[] = [
  simple('Start', (engine, row) => {
    engine.start(row, undefined);
  }),
  simple('Stop', (engine, row) => {
    engine.stop(row);
  }),
  simple('Pause', (engine, row) => {
    engine.pause(row);
  }),
  simple('Kill', (engine, row) => {
    engine.kill(row);
  }),
  simple('Restart', (engine, row) => {
    engine.restart(row);
  }),
  simple('Wakeup', (engine, row) => {
    engine.wakeup(row);
  }),
  simple('Simulate', (engine, row) => {
    engine.start(row, undefined, true);
  }),
  command(
    'StartWithParameters',
    (engine, row, call) => {
      engine.start(row, call.element(1));
      return undefined;
    },
    withParameters,
  ),
  command(
    'SimulateWithParameters',
    (engine, row, call) => {
      engine.start(row, call.element(1), true);
      return undefined;
    },
    withParameters,
  ),
  command(
    'PostEvent',
    (engine, row, call) => {
      engine.postEvent(row, call.text(1).trim(), call.text(2).trim(), call.element(3));
      return undefined;
    },
    'strWorkflowId:string, strActivity:string, strTransition:string, elemParameters:DOMElement, bComplete:boolean',
  ),
  command(
    'Spawn',
    (engine, row, call) => ({ values: [engine.spawn(row, undefined, false, call.element(1))] }),
    'strTemplateId:string, elemDiff:DOMElement -> plInstanceId:long',
  ),
  command(
    'SpawnWithParameters',
    (engine, row, call) => ({ values: [engine.spawn(row, call.element(1), false)] }),
    'strTemplateId:string, elemParameters:DOMElement -> plInstanceId:long',
  ),
  command(
    'SpawnWithParametersEx',
    (engine, row, call) => ({ values: [engine.spawn(row, call.element(2), call.flag(1))] }),
    'strTemplateId:string, bSimulation:boolean, elemParameters:DOMElement -> plInstanceId:long',
  ),
  // [I] These three are documented by name; the workflow is what all others take first.
  simple('DeleteResult', (engine, row) => {
    engine.deleteResult(row);
  }),
  simple('Cleanup', (engine, row) => {
    engine.deleteResult(row);
  }),
  ...(['Execute', 'ExecuteInstance'] as const).map((name) =>
    method(`xtk:workflow#${name}`, 'strWorkflowId:string', (call) =>
      call.instance.rows.transaction(() => {
        const engine = new WorkflowEngine(call.instance, true);
        engine.start(engine.find(call.text(0)), undefined);
        return {};
      }),
    ),
  ),
  method('xtk:workflow#RestartTask', 'lTaskId:long', restartTask),
];
