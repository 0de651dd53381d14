import { DatabaseSync } from 'node:sqlite';
import { Agenda } from './agenda.ts';
import type { Clock } from './clock.ts';
import { registerFunctions } from './database/functions.ts';
import { Rows } from './database/rows.ts';
import { updateTables } from './database/tables.ts';
import { Jobs } from './jobs/jobs.ts';
import { Model } from './model/model.ts';
import { compileExpression } from './query/compileExpression.ts';
import type { QueryEnvironment } from './query/queryEnvironment.ts';
import { createContext, Scope } from './query/scope.ts';
import { Sequences } from './database/sequences.ts';
import { Ims } from './session/ims.ts';
import { Sessions, type Operator, type Session } from './session/sessions.ts';
import type { Settings } from './settings.ts';
import { attribute, parseElement, type Element, firstElement } from './xml/element.ts';

/** What an instance is made of. */
export interface InstanceOptions {
  settings: Settings;
  clock: Clock;
  /** A file that keeps the data; in memory when absent. */
  file: string | undefined;
  login: string;
  password: string;
}

/** One simulated Campaign instance: its data, its model and who is logged on. */
export class Instance {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly jobs: Jobs;
  readonly model = new Model();
  readonly rows: Rows;
  readonly sequences: Sequences;
  readonly sessions: Sessions;
  readonly ims: Ims;
  readonly login: string;
  private password: string;
  /** Whose call is running. Calls run one after the other, each in one go. */
  private caller: Session | undefined;

  constructor(options: InstanceOptions) {
    this.settings = options.settings;
    this.clock = options.clock;
    this.agenda = new Agenda(options.clock);
    this.jobs = new Jobs(options.clock, this.agenda, () => this.settings.workflowDelayMs);
    this.login = options.login;
    this.password = options.password;
    this.sessions = new Sessions(options.clock, options.settings);
    this.ims = new Ims(options.clock, () => this.operator(), 'sandbox-client', options.password);
    const database = new DatabaseSync(options.file ?? ':memory:');
    database.exec('PRAGMA case_sensitive_like = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.rows = new Rows(database);
    this.sequences = new Sequences(this.rows);
    registerFunctions(database, {
      now: () => this.clock.now(),
      option: (name) => this.option(name).value,
      counter: (name) => this.sequences.next(`counter ${name}`),
      newId: () => this.sequences.next('XtkNewId'),
      hasRight: (name) => this.caller?.operator.rights.includes(name) === true,
      hasPackage: (id) => /^(nms|xtk|nl):/.test(id),
      schemaLabel: (id) => this.model.getSchema(id)?.label,
      folderByName: (name) => Number(this.value('xtk:folder', '@id', '@name', name) ?? 0),
      folderByModel: (model) => Number(this.value('xtk:folder', '@id', '@model', model) ?? 0),
      login: () => this.caller?.operator.login ?? '',
    });
  }

  /** The operator of a login and password; `undefined` when they are wrong. */
  authenticate(login: string, password: string): Operator | undefined {
    return login === this.login && password === this.password ? this.operator() : undefined;
  }

  /** What a restart of the server ends: sessions, tokens, jobs. */
  restart(): void {
    this.sessions.closeAll();
    this.ims.expireAll();
    this.jobs.forgetAll();
  }

  changePassword(password: string): void {
    this.password = password;
  }

  operator(): Operator {
    const rights = this.settings.rights.split(',').map((right) => right.trim());
    const id = Number(this.value('xtk:operator', '@id', '@name', this.login) ?? 1059);
    return {
      id,
      login: this.login,
      label: `Administrator (${this.login})`,
      rights: rights.filter((r) => r !== ''),
    };
  }

  /** Runs something on behalf of a session. */
  as<T>(session: Session | undefined, action: () => T): T {
    const before = this.caller;
    this.caller = session;
    try {
      return action();
    } finally {
      this.caller = before;
    }
  }

  get currentOperator(): Operator {
    return this.caller?.operator ?? this.operator();
  }

  /** Value and type code of an option; type 0 when there is none of that name. */
  option(name: string): { value: string; type: number } {
    if (name === 'NmsServer_FFDA_Datasource' && !this.settings.ffda) return { value: '', type: 0 };
    const storage = this.model.storage('xtk:option');
    if (storage === undefined) return { value: '', type: 0 };
    const columns = [
      '@dataType',
      '@stringValue',
      '@longValue',
      '@doubleValue',
      '@timeStampValue',
      'memoValue',
    ].map((xpath) => storage.byXPath.get(xpath)?.name ?? 'NULL');
    const nameColumn = storage.byXPath.get('@name')?.name ?? 'NULL';
    const row = this.rows.first(
      `SELECT ${columns.join(', ')} FROM ${storage.table} WHERE ${nameColumn} = ?`,
      [name],
    );
    if (row === undefined) return { value: '', type: 0 };
    const type = Number(row[0]);
    const index = { 1: 2, 2: 2, 3: 2, 15: 2, 4: 3, 5: 3, 7: 4, 10: 4, 12: 5, 13: 5 }[type] ?? 1;
    return { value: row[index] === null ? '' : String(row[index]), type };
  }

  /** One field of the row where another has a value. */
  value(schemaId: string, wanted: string, xpath: string, value: string): string | number | undefined {
    const storage = this.model.storage(schemaId);
    const from = storage?.byXPath.get(wanted);
    const by = storage?.byXPath.get(xpath);
    if (storage === undefined || from === undefined || by === undefined) return undefined;
    const row = this.rows.first(`SELECT ${from.name} FROM ${storage.table} WHERE ${by.name} = ? LIMIT 1`, [
      value,
    ]);
    const cell = row?.[0];
    return cell === null || cell === undefined ? undefined : (cell as string | number);
  }

  /** Rows and schemas change together, or not at all. */
  transaction<T>(action: () => T): T {
    return this.model.guarded(() => this.rows.transaction(action));
  }

  /** Makes the tables fit the model. */
  updateDatabase(): void {
    updateTables(this.rows, this.model);
  }

  queryEnvironment(): QueryEnvironment {
    const operator = this.currentOperator;
    const context = createContext({
      model: this.model,
      allowSql: this.settings.allowSql,
      macros: new Map([
        ['login', operator.login],
        ['loginId', String(operator.id)],
      ]),
      compile: compileExpression,
    });
    return {
      context,
      conditions: {
        isEnabled: (expression) => this.isEnabled(expression),
        storedFilter: (schemaId, name) => this.storedFilter(schemaId, name),
      },
      all: (sql, parameters) => this.rows.all(sql, parameters),
      defaultLineCount: this.settings.defaultLineCount,
      startLineQuirk: this.settings.startLineQuirk,
      shuffleRows: this.settings.shuffleRows,
      extraAttributes: this.settings.extraAttributes,
    };
  }

  /** [I] A condition whose `enabledIf` cannot be evaluated stays in the query. */
  isEnabled(expression: string): boolean {
    try {
      const scope = this.constantScope();
      const { sql } = compileExpression(expression, scope);
      return Number(this.rows.first(`SELECT ${sql}`)?.[0] ?? 0) !== 0;
    } catch {
      return true;
    }
  }

  private constantScope(): Scope {
    return Scope.withoutTable(this.queryEnvironment().context);
  }

  /** The value of an expression without fields, as `EvaluateExpr` gives it. */
  evaluate(expression: string): string {
    const { sql } = compileExpression(expression, this.constantScope());
    const cell = this.rows.first(`SELECT ${sql}`)?.[0];
    return cell === null || cell === undefined ? '' : String(cell);
  }

  private storedFilter(schemaId: string, name: string): Element | undefined {
    const storage = this.model.storage('xtk:queryFilter');
    if (storage?.memo !== true) return undefined;
    const schemaColumn = storage.byXPath.get('@schema')?.name ?? 'NULL';
    const nameColumn = storage.byXPath.get('@name')?.name ?? 'NULL';
    const row = this.rows.first(
      `SELECT mData FROM ${storage.table} WHERE ${schemaColumn} = ? AND ${nameColumn} = ?`,
      [schemaId, name],
    );
    const body = row?.[0];
    return typeof body === 'string' ? firstElement(parseElement(body), 'where') : undefined;
  }

  close(): void {
    this.rows.database.close();
  }
}

/** The schema id of a document, from `xtkschema`. */
export const schemaIdOf = (element: Element): string => attribute(element, 'xtkschema');
