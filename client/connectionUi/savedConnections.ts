import * as vscode from 'vscode';

/** An entry of `campaign.connections` as written, with whatever else people put there. */
export type SavedConnection = Readonly<Record<string, unknown>>;

/** Reads and writes the setting. A list of one level hides those below it, so all changes go to the level in effect. */
export class SavedConnections {
  all(): SavedConnection[] {
    const value: unknown = vscode.workspace.getConfiguration('campaign').get('connections');
    return Array.isArray(value) ? (value as SavedConnection[]) : [];
  }

  /** @param previousId of the entry to replace; a new one goes to the end. */
  async save(connection: SavedConnection, previousId?: string): Promise<void> {
    const list = this.all();
    const index = previousId === undefined ? -1 : list.findIndex((entry) => idOf(entry) === previousId);
    await this.#write(index < 0 ? [...list, connection] : list.with(index, connection));
  }

  async remove(id: string): Promise<void> {
    await this.#write(this.all().filter((entry) => idOf(entry) !== id));
  }

  async #write(list: readonly SavedConnection[]): Promise<void> {
    const settings = vscode.workspace.getConfiguration('campaign');
    const levels = settings.inspect('connections');
    const target =
      levels?.workspaceValue === undefined
        ? vscode.ConfigurationTarget.Global
        : vscode.ConfigurationTarget.Workspace;
    await settings.update('connections', list, target);
  }
}

/** As the connections service names entries without an id. */
export function idOf(entry: SavedConnection): string | undefined {
  for (const name of ['id', 'name'] as const) {
    const value = entry[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  const { url } = entry;
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).host : undefined;
}
