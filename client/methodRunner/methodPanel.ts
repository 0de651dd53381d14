import * as vscode from 'vscode';
import type {
  FromMethod,
  MethodResultValue,
  MethodState,
  ToMethod,
} from '../../core/protocol/methodMessages.ts';
import type { SchemaMethod } from '../../core/schema/schema.ts';
import { CampaignError } from '../../core/soap/campaignError.ts';
import { toSoapAction } from '../../core/soap/envelope.ts';
import { methodAccess } from '../../core/soap/methodAccess.ts';
import { readMethodResult, toSoapCall, toUrn } from '../../core/soap/methodCall.ts';
import { commandIds, isCancellation, type Commands } from '../commands.ts';
import type { Connection } from '../connection/connections.ts';
import { createPagePanel, WebviewPage, type PageSource } from '../webview/webviewPage.ts';
import { entityField, schemaField, toArguments, toFields, toResults } from './methodForm.ts';

/** A method to call: filled in, sent and answered in an editor tab. */
export class MethodPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #page: WebviewPage<ToMethod, FromMethod>;
  readonly #commands: Commands;
  readonly #connection: () => Connection | undefined;
  readonly #connectionId: string;
  readonly #schemaId: string;
  readonly #method: SchemaMethod;
  #abort: AbortController | undefined;
  #results: readonly MethodResultValue[] = [];

  /** @param find the connection at the time of a call: its object changes with its settings. */
  constructor(
    extensionUri: vscode.Uri,
    commands: Commands,
    connection: Connection,
    find: () => Connection | undefined,
    schemaId: string,
    method: SchemaMethod,
  ) {
    this.#commands = commands;
    this.#connection = find;
    this.#connectionId = connection.settings.id;
    this.#schemaId = schemaId;
    this.#method = method;
    const source: PageSource = { extensionUri, bundle: 'method', title: `Call ${method.name}` };
    this.#panel = createPagePanel('campaign.method', source, vscode.ViewColumn.Active);
    this.#page = new WebviewPage(this.#panel.webview, source, (message: FromMethod) =>
      this.#receive(message),
    );
    this.#panel.onDidDispose(() => this.#abort?.abort());
    const urn = toUrn(schemaId, method);
    const call = { urn, method: method.name };
    this.#page.post({
      type: 'open',
      action: toSoapAction(call),
      label: method.label,
      ...(method.description === undefined ? {} : { description: method.description }),
      connection: connection.settings.name,
      tier: connection.settings.tier,
      writes: methodAccess(call) === 'write',
      fields: toFields(schemaId, method),
    });
  }

  #receive(message: FromMethod): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'run':
        this.#run(message.values).catch((error: unknown) => {
          this.#commands.report(error, 'Call of a method');
          this.#state({ isBusy: false });
        });
        break;
      case 'cancel':
        this.#abort?.abort();
        break;
      case 'allowWrites':
        void vscode.commands.executeCommand(commandIds.allowWrites, { connectionId: this.#connectionId });
        break;
      case 'openResult': {
        const result = this.#results.find(({ name }) => name === message.name);
        if (result !== undefined) void openText(result);
        break;
      }
      case 'copy':
        void vscode.env.clipboard
          .writeText(message.text)
          .then(() => vscode.window.setStatusBarMessage('Copied', 3000));
        break;
      case 'pageError':
        this.#commands.log(new Error(message.message), 'Call of a method');
        break;
    }
  }

  async #run(values: Readonly<Record<string, string>>): Promise<void> {
    if (this.#abort !== undefined) return;
    const { args, errors } = toArguments(this.#method, values);
    if (errors.length > 0) {
      this.#state({ isBusy: false, errors });
      return;
    }
    const connection = this.#connection();
    if (connection === undefined) {
      this.#state({ isBusy: false, failure: 'The connection is gone from the settings.' });
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#state({ isBusy: true });
    const startedAt = performance.now();
    try {
      const worksOn = values[schemaField]?.trim();
      const schemaId = worksOn === undefined || worksOn === '' ? this.#schemaId : worksOn;
      const call = toSoapCall(toUrn(this.#schemaId, this.#method, schemaId), schemaId, this.#method, args);
      const outputs = await connection.soap.call(call, { signal: abort.signal });
      this.#results = toResults(this.#method, readMethodResult(this.#method, outputs));
      const elapsedMs = performance.now() - startedAt;
      this.#state({ isBusy: false, results: this.#results, elapsedMs });
    } catch (error) {
      if (!(error instanceof CampaignError)) throw error;
      this.#commands.log(error, `Call of ${this.#method.name}`);
      this.#state({ isBusy: false, ...toFailure(error) });
    } finally {
      this.#abort = undefined;
    }
  }

  #state(state: Omit<MethodState, 'type' | 'errors'> & Partial<Pick<MethodState, 'errors'>>): void {
    this.#page.post({ type: 'state', errors: [], ...state });
  }
}

function toFailure(
  error: CampaignError,
): Pick<MethodState, 'errors' | 'failure' | 'details' | 'canAllowWrites'> {
  if (isCancellation(error)) {
    const mayHaveActed = error.outcome === 'unknown';
    return {
      errors: [],
      failure: mayHaveActed
        ? 'Cancelled. The server may have carried it out all the same: look before calling again.'
        : 'Cancelled.',
    };
  }
  // A document that is not well-formed is told where it was written.
  const isDocument = error.code === 'invalidCall' && /well-formed|document/i.test(error.explanation);
  return {
    errors: isDocument ? [{ id: entityField, message: error.message }] : [],
    failure: error.message,
    details: error.details,
    canAllowWrites: error.code === 'readOnly',
  };
}

async function openText({ value, isXml }: MethodResultValue): Promise<void> {
  const document = await vscode.workspace.openTextDocument({
    language: isXml ? 'xml' : 'plaintext',
    content: value,
  });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
}
