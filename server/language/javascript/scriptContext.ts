import { scriptContexts, type ScriptContext } from '../api/jsApi.ts';

/** Folders that pull writes, by the schema of what is in them, and what their scripts can see. */
const contextByFolder: Readonly<Record<string, ScriptContext>> = {
  xtk_workflow: 'workflow',
  xtk_javascript: 'soapMethod',
  xtk_jssp: 'jssp',
  nms_webApp: 'webApp',
  nms_typologyRule: 'typologyRule',
  nms_includeView: 'deliveryMessage',
  nms_delivery: 'deliveryMessage',
  xtk_javascriptTemplate: 'contentManagement',
};

/**
 * What kind of script a document is, from the folder it lies in and its language; `undefined` when neither tells, and
 * everything that exists anywhere is offered.
 */
export function scriptContext(uri: string, languageId: string): ScriptContext | undefined {
  // Of a script inside another document the fragment says it.
  const [, inside] = /#(\w+)\//.exec(uri) ?? [];
  const known = scriptContexts.find((context) => context === inside);
  if (known !== undefined) return known;
  for (const folder of uri.split('/').reverse()) {
    const context = contextByFolder[folder];
    if (context !== undefined) return context;
  }
  return languageId === 'campaign-jssp' && /\.jssp$/i.test(uri) ? 'jssp' : undefined;
}
