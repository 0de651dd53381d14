import * as vscode from 'vscode';
import { historyText, readHistory, remember, type PastQuery } from './history.ts';

const stateKey = 'campaign.query.history';

/** The queries that were run in this workspace. They stay on this machine; values in their conditions are part of them. */
export class QueryHistory {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get all(): PastQuery[] {
    return readHistory(this.#memory.get(stateKey));
  }

  add(query: PastQuery): void {
    void this.#memory.update(stateKey, remember(this.all, query));
  }

  clear(): void {
    void this.#memory.update(stateKey, undefined);
  }
}

type Item = vscode.QuickPickItem & { readonly query?: PastQuery };

/** Lets the person choose a query to run again; a button opens one as text instead. */
export async function chooseFromHistory(history: QueryHistory): Promise<PastQuery | undefined> {
  const queries = history.all;
  if (queries.length === 0) {
    void vscode.window.showInformationMessage('No query has run in this workspace yet.');
    return undefined;
  }
  const open: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('go-to-file'),
    tooltip: 'Open as Text',
  };
  const now = Date.now();
  const clear: Item = { label: '$(clear-all) Clear History', alwaysShow: true };
  const items: Item[] = [
    ...queries.map((query) => ({ ...historyText(query, now), query, buttons: [open] })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    clear,
  ];
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = 'Query History';
  pick.placeholder = 'Enter runs a query again';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = items;
  return await new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen === clear) history.clear();
      resolve(chosen?.query);
      pick.hide();
    });
    pick.onDidTriggerItemButton(({ item }) => {
      pick.hide();
      void openAsText(item.query);
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

async function openAsText(query: PastQuery | undefined): Promise<void> {
  if (query === undefined) return;
  const document = await vscode.workspace.openTextDocument({
    language: 'campaign-querydef',
    content: query.xml,
  });
  await vscode.window.showTextDocument(document);
}
