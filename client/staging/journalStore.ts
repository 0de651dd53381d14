import { mkdir, open, readFile, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  continuation,
  readJournal,
  startJournal,
  type JournaledPush,
  type JournalFile,
  type PushHeader,
} from './journal.ts';
import type { PushPlan } from './planPush.ts';

const ending = '.push.jsonl';

/** The journals of pushes on disk: one file each, there until the push is dismissed. */
export class JournalStore {
  readonly #folder: string;

  /** @param folder need not exist. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes the rows of a push, before any of them is sent. */
  async create(header: PushHeader, plan: PushPlan): Promise<OpenJournal> {
    // Rows are people's data: readable by this user only.
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = await open(this.#fileOf(header.pushId), 'ax', 0o600);
    const journal = new OpenJournal(file);
    await journal.append(startJournal(header, plan));
    return journal;
  }

  /** Goes on with a push: its journal, and what it says. @returns `undefined` when there is no such push. */
  async reopen(pushId: string): Promise<{ journal: OpenJournal; push: JournaledPush } | undefined> {
    const text = await this.#read(pushId);
    const push = text === undefined ? undefined : readJournal(text);
    if (text === undefined || push === undefined) return undefined;
    const journal = new OpenJournal(await open(this.#fileOf(pushId), 'a', 0o600));
    await journal.append(continuation(text));
    return { journal, push };
  }

  /** All pushes not dismissed, newest first. */
  async list(): Promise<JournaledPush[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const pushes = await Promise.all(
      names
        .filter((name) => name.endsWith(ending))
        .map(async (name) => readJournal((await this.#read(name.slice(0, -ending.length))) ?? '')),
    );
    return pushes
      .filter((push) => push !== undefined)
      .sort((left, right) => (left.header.createdAt < right.header.createdAt ? 1 : -1));
  }

  async remove(pushId: string): Promise<void> {
    await rm(this.#fileOf(pushId), { force: true });
  }

  async #read(pushId: string): Promise<string | undefined> {
    try {
      return await readFile(this.#fileOf(pushId), 'utf8');
    } catch {
      return undefined;
    }
  }

  #fileOf(pushId: string): string {
    return join(this.#folder, `${encodeURIComponent(pushId)}${ending}`);
  }
}

/**
 * A journal open for writing. Lines that wait while one write is under way go out together with the next, in order: two
 * writes at once could mix.
 */
export class OpenJournal implements JournalFile {
  readonly #file: FileHandle;
  #waiting = '';
  #next: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  append(text: string): Promise<void> {
    this.#waiting += text;
    this.#next ??= this.#flushAfter(this.#writing);
    return this.#next;
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#writing).catch(() => undefined);
    await this.#file.close();
  }

  async #flushAfter(before: Promise<void>): Promise<void> {
    await before.catch(() => undefined);
    const text = this.#waiting;
    this.#waiting = '';
    this.#writing = this.#next!;
    this.#next = undefined;
    if (text !== '') await this.#file.appendFile(text, 'utf8');
  }
}
