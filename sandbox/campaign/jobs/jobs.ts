import { createHash } from 'node:crypto';
import type { Agenda } from '../agenda.ts';
import type { Clock } from '../clock.ts';
import { CampaignFailure, SoapFault } from '../soap/fault.ts';

/** `status` of a job. Source: the codes Adobe's SDK lists. */
export const jobStatuses = {
  edition: 0,
  running: 2,
  cancelling: 3,
  cancelled: 4,
  finished: 5,
  error: 6,
  pausePending: 7,
  paused: 8,
} as const;

/** `logType` of a line of a job's log. */
export const jobLogTypes = { error: 0, warning: 1, info: 2, status: 3, verbose: 4 } as const;

export interface JobLog {
  id: number;
  /** 0, or the return code of what failed. */
  iRc: number;
  logDateMs: number;
  logType: number;
  message: string;
  object: string;
}

/** A call that runs on its own, and what is known of it. */
export interface Job {
  id: string;
  schemaId: string;
  /** Key of the record the job is for, as its document says it; `''` when it has none. */
  recordId: string;
  status: number;
  logs: JobLog[];
  /** The reply of the call, once it is finished. */
  response: string | undefined;
}

/** Return code of a job that failed, as traces show it. */
const failed = 16_384;

/** Finished jobs are forgotten beyond this, oldest first. */
const maxJobs = 1000;

/** The jobs of one instance, in memory: as processes of a server, they do not outlive it. */
export class Jobs {
  private readonly byId = new Map<string, Job>();
  private readonly clock: Clock;
  private readonly agenda: Agenda;
  private readonly delayMs: () => number;
  private nextId = 1;
  private nextLogId = 1;

  /** @param delayMs how long a job, and whatever is asked of one, takes to act. */
  constructor(clock: Clock, agenda: Agenda, delayMs: () => number) {
    this.clock = clock;
    this.agenda = agenda;
    this.delayMs = delayMs;
  }

  /** Runs a call at once. [?] A call that fails leaves a job in error rather than a fault. */
  execute(schemaId: string, recordId: string, action: () => string): Job {
    const job = this.create(schemaId, recordId);
    this.run(job, action);
    return job;
  }

  /** Runs a call later; the caller polls. */
  submit(schemaId: string, recordId: string, action: () => string): Job {
    const job = this.create(schemaId, recordId);
    this.agenda.after(this.delayMs(), () => {
      if (job.status === jobStatuses.running) this.run(job, action);
    });
    return job;
  }

  /** @throws CampaignFailure when there is no such job. */
  find(id: string): Job {
    const job = this.byId.get(id.trim());
    if (job === undefined) throw new CampaignFailure(`XSV-350000 The job '${id.trim()}' cannot be found.`);
    return job;
  }

  /** Nothing happens to a job that is over. */
  cancel(job: Job): void {
    const { running, pausePending, paused, cancelling, cancelled } = jobStatuses;
    if (![running, pausePending, paused].includes(job.status as never)) return;
    this.pass(job, cancelling, cancelled, 'The job is cancelled.');
  }

  pause(job: Job): void {
    if (job.status !== jobStatuses.running) return;
    this.pass(job, jobStatuses.pausePending, jobStatuses.paused, 'The job is paused.');
  }

  /** Lines about one record, after a line and at most so many. */
  logsOf(schemaId: string, recordId: string, afterId: number): JobLog[] {
    return [...this.byId.values()]
      .filter((job) => job.schemaId === schemaId && job.recordId === recordId)
      .flatMap((job) => job.logs.filter((log) => log.id > afterId));
  }

  /** The processes end: what has not run never will, and nobody remembers it. */
  forgetAll(): void {
    for (const job of this.byId.values()) if (!isOver(job)) job.status = jobStatuses.cancelled;
    this.byId.clear();
  }

  private pass(job: Job, during: number, after: number, message: string): void {
    job.status = during;
    this.agenda.after(this.delayMs(), () => {
      if (job.status !== during) return;
      job.status = after;
      this.log(job, jobLogTypes.status, message);
    });
  }

  private create(schemaId: string, recordId: string): Job {
    const number = this.nextId++;
    // Opaque to clients: seen are a number, the schema, and something that cannot be guessed.
    const seal = createHash('sha256').update(`${number} ${schemaId} ${this.clock.now()}`).digest('base64');
    const job: Job = {
      id: `${number}/${schemaId}@@${seal}`,
      schemaId,
      recordId,
      status: jobStatuses.running,
      logs: [],
      response: undefined,
    };
    this.byId.set(job.id, job);
    const oldest = [...this.byId.values()].find((other) => isOver(other));
    if (this.byId.size > maxJobs && oldest !== undefined) this.byId.delete(oldest.id);
    return job;
  }

  private run(job: Job, action: () => string): void {
    this.log(job, jobLogTypes.info, 'The job is started.');
    try {
      job.response = action();
      job.status = jobStatuses.finished;
      this.log(job, jobLogTypes.info, 'The job is finished.');
    } catch (error) {
      job.status = jobStatuses.error;
      for (const line of linesOf(error)) this.log(job, jobLogTypes.error, line, failed);
    }
  }

  private log(job: Job, logType: number, message: string, iRc = 0): void {
    job.logs.push({ id: this.nextLogId++, iRc, logDateMs: this.clock.now(), logType, message, object: '' });
  }
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof CampaignFailure) return error.lines;
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof SoapFault && error.detail !== '' ? [error.detail, text] : [text];
}

export const isOver = (job: Job): boolean =>
  job.status === jobStatuses.cancelled ||
  job.status === jobStatuses.finished ||
  job.status === jobStatuses.error;
