import { toInstantText } from '../clock.ts';
import { insertRecord } from '../database/records.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { createElement } from '../xml/element.ts';

/** [I] Of the document only its name is known. */
function instanceState({ instance }: Call): Answer {
  const { settings, sessions, clock } = instance;
  const workflows = instance.rows.first(
    `SELECT count(*) FROM ${instance.model.storage('xtk:workflow')?.table ?? '(SELECT 1 WHERE 0)'}`,
  )?.[0];
  const processes = ['web', 'wfserver', 'mta'].map((name) =>
    createElement('process', { name, status: 'running' }),
  );
  const state = createElement(
    'monitoring',
    {
      instance: settings.instanceName,
      buildNumber: settings.build,
      date: toInstantText(clock.now()),
      sessions: sessions.count,
      workflows: Number(workflows ?? 0),
    },
    processes,
  );
  return { values: [state] };
}

function createPrivacyRequest({ instance, text, number, flag }: Call): Answer {
  const namespaceName = text(0).trim();
  const reconciliationValue = text(1).trim();
  const type = number(2);
  if (namespaceName === '' || reconciliationValue === '')
    throw new CampaignFailure('A privacy request needs a namespace and a value that finds the person.');
  if (type !== 1 && type !== 2) throw new CampaignFailure(`The type ${type} is unknown: 1 access, 2 delete.`);
  const id = insertRecord(instance, 'nms:privacyRequest', {
    '@namespaceName': namespaceName,
    '@reconciliationValue': reconciliationValue,
    '@type': type,
    '@status': 1,
    '@confirmDeletePending': flag(3) ? 1 : 0,
    '@regulation': number(4),
    '@created': toInstantText(instance.clock.now()),
  });
  return { values: [id] };
}

/** Smaller services. */
export const platformMethods: readonly Method[] = [
  method('nl:monitoring#DumpCurrentInstanceState', '-> pdomMonitoring:DOMDocument', instanceState, {
    access: 'admin',
  }),
  method(
    'nms:privacyRequest#CreateRequestByName',
    'strNamespaceName:string, strReconciliationValue:string, lType:long, bConfirmDeletePending:boolean, lRegulation?:long -> plId:long',
    createPrivacyRequest,
  ),
];
