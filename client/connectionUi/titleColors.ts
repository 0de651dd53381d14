import type { Connection, Connections } from '../connection/connections.ts';

/** The value of `workbench.colorCustomizations`. */
export type ColorCustomizations = Readonly<Record<string, unknown>>;

/** What was written into the workspace, and what stood there before. */
export interface WrittenColors {
  readonly colors: Readonly<Record<string, string>>;
  readonly before: ColorCustomizations;
  /** The workspace had the setting, be it empty. */
  readonly hadSetting: boolean;
}

/** The window while production is connected: dark red, and bright while it can be written to. */
export function titleColors(isReadOnly: boolean): Readonly<Record<string, string>> {
  const background = isReadOnly ? '#7a1c1c' : '#c62828';
  return {
    'titleBar.activeBackground': background,
    'titleBar.activeForeground': '#ffffff',
    'titleBar.inactiveBackground': background,
    'titleBar.inactiveForeground': '#ffffffb3',
  };
}

/**
 * Adds colours to the setting.
 * @param current the workspace's value; `undefined` if it has none.
 */
export function addColors(
  current: ColorCustomizations | undefined,
  colors: Readonly<Record<string, string>>,
): { readonly value: ColorCustomizations; readonly written: WrittenColors } {
  const before = Object.fromEntries(Object.entries(current ?? {}).filter(([key]) => key in colors));
  return {
    value: { ...current, ...colors },
    written: { colors, before, hadSetting: current !== undefined },
  };
}

/**
 * Takes the colours out again and puts back what stood there. A colour that somebody changed meanwhile is theirs, and
 * stays.
 * @returns the workspace's value; `undefined`: it has none any more.
 */
export function removeColors(
  current: ColorCustomizations | undefined,
  { colors, before, hadSetting }: WrittenColors,
): ColorCustomizations | undefined {
  const entries = Object.entries(current ?? {}).flatMap(([key, value]): [string, unknown][] => {
    if (!(key in colors) || value !== colors[key]) return [[key, value]];
    return key in before ? [[key, before[key]]] : [];
  });
  return entries.length === 0 && !hadSetting ? undefined : Object.fromEntries(entries);
}

/** What the editor provides. */
export interface TitleColorsHost {
  /** `campaign.connection.colorTitleBar`. */
  isOn(): boolean;
  hasWorkspace(): boolean;
  /** `workbench.colorCustomizations` of the workspace; never that of the user. */
  read(): ColorCustomizations | undefined;
  write(value: ColorCustomizations | undefined): PromiseLike<void>;
  /** Outlives a restart, so that a window that was closed in production's colours loses them when it opens again. */
  readonly memory: {
    get(): WrittenColors | undefined;
    set(written: WrittenColors | undefined): PromiseLike<void>;
  };
  tell(message: string): void;
  fail(error: unknown): void;
}

/**
 * Colours the title bar while the active connection is production and connected. Invariant: only its own keys are written, only
 * to the workspace, and only while the setting is on.
 */
export class TitleColors {
  readonly #connections: Connections;
  readonly #host: TitleColorsHost;
  readonly #stop: () => void;
  /** One change after the other: each reads what the one before wrote. */
  #last: Promise<void> = Promise.resolve();
  #isTold = false;

  constructor(connections: Connections, host: TitleColorsHost) {
    this.#connections = connections;
    this.#host = host;
    this.#stop = connections.onDidChange(({ kind }) => {
      if (kind !== 'model') void this.update();
    });
    void this.update();
  }

  /** Brings the window in line with the connection and the setting. Never rejects. */
  update(): Promise<void> {
    this.#last = this.#last.then(() => this.#update()).catch((error: unknown) => this.#host.fail(error));
    return this.#last;
  }

  dispose(): void {
    this.#stop();
  }

  async #update(): Promise<void> {
    const host = this.#host;
    const wanted = host.isOn() ? wantedColors(this.#connections.active) : undefined;
    const written = host.memory.get();
    if (sameColors(wanted, written?.colors)) return;
    if (!host.hasWorkspace()) {
      if (wanted !== undefined && !this.#isTold) {
        this.#isTold = true;
        host.tell(
          'The title bar is coloured only in a window with a folder or a workspace: the colours are kept in its settings.',
        );
      }
      return;
    }
    const current = host.read();
    const base = written === undefined ? current : removeColors(current, written);
    if (wanted === undefined) {
      await host.write(base);
      await host.memory.set(undefined);
      return;
    }
    const added = addColors(base, wanted);
    // Before the colours, so that whatever happens in between they are known to be ours.
    await host.memory.set(added.written);
    try {
      await host.write(added.value);
    } catch (error) {
      await host.memory.set(written);
      throw error;
    }
  }
}

function wantedColors(active: Connection | undefined): Readonly<Record<string, string>> | undefined {
  const isShown = active?.state === 'connected' && active.settings.tier === 'production';
  return isShown ? titleColors(active.soap.isReadOnly) : undefined;
}

function sameColors(
  a: Readonly<Record<string, string>> | undefined,
  b: Readonly<Record<string, string>> | undefined,
): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
