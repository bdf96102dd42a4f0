// Stash's job queue: one job at a time, whatever its kind, in the order of arrival; the last ten
// that ended can still be found (stashapp/stash pkg/job/manager.go).

export type JobStatus = 'READY' | 'RUNNING' | 'FINISHED' | 'STOPPING' | 'CANCELLED' | 'FAILED';

export interface Job {
  readonly id: number;
  readonly description: string;
  readonly status: JobStatus;
  /** 0 to 1, or null = unknown. */
  readonly progress: number | null;
  readonly addedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly error: string | null;
}

export interface JobHandle {
  /** Aborted when somebody stops the job; the work should return soon after. */
  readonly signal: AbortSignal;
  readonly setProgress: (progress: number | null) => void;
}

/** Rejecting makes the job FAILED with the error's message; anything else FINISHED. */
export type JobWork = (handle: JobHandle) => Promise<void>;

interface Entry {
  job: Job;
  readonly work: JobWork;
  readonly controller: AbortController;
  readonly ended: PromiseWithResolvers<Job>;
}

const graveyardSize = 10;

export class JobQueue {
  readonly #nowMs: () => number;
  readonly #onError: (text: string) => void;
  #waiting: Entry[] = [];
  #running: Entry | undefined;
  #graveyard: Job[] = [];
  #lastId = 0;

  constructor(nowMs: () => number, onError: (text: string) => void) {
    this.#nowMs = nowMs;
    this.#onError = onError;
  }

  add(description: string, work: JobWork): { readonly id: number; readonly ended: Promise<Job> } {
    this.#lastId += 1;
    const entry: Entry = {
      job: {
        id: this.#lastId,
        description,
        status: 'READY',
        progress: 0,
        addedAtMs: this.#nowMs(),
        startedAtMs: null,
        endedAtMs: null,
        error: null,
      },
      work,
      controller: new AbortController(),
      ended: Promise.withResolvers<Job>(),
    };
    this.#waiting.push(entry);
    // Not at once: whoever added the job gets its id before it starts.
    setImmediate(() => void this.#dispatch());
    return { id: entry.job.id, ended: entry.ended.promise };
  }

  list(): readonly Job[] {
    const entries = this.#running === undefined ? [] : [this.#running];
    return [...entries, ...this.#waiting].map((entry) => entry.job);
  }

  find(id: number): Job | undefined {
    return [...this.list(), ...this.#graveyard].find((job) => job.id === id);
  }

  /** A waiting job is taken out; a running one is told to stop. An unknown id has no effect. */
  stop(id: number): void {
    const waiting = this.#waiting.find((entry) => entry.job.id === id);
    if (waiting !== undefined) {
      this.#waiting = this.#waiting.filter((entry) => entry !== waiting);
      this.#bury(waiting, { status: 'CANCELLED' });
      return;
    }
    const running = this.#running;
    if (running?.job.id !== id || running.job.status !== 'RUNNING') return;
    running.job = { ...running.job, status: 'STOPPING' };
    running.controller.abort();
  }

  stopAll(): void {
    for (const job of this.list()) this.stop(job.id);
  }

  /** Forgets everything without stopping anything: the process of Stash is gone. */
  forget(): void {
    this.#waiting = [];
    this.#running = undefined;
    this.#graveyard = [];
    this.#lastId = 0;
  }

  async #dispatch(): Promise<void> {
    if (this.#running !== undefined) return;
    const entry = this.#waiting.shift();
    if (entry === undefined) return;
    this.#running = entry;
    entry.job = { ...entry.job, status: 'RUNNING', startedAtMs: this.#nowMs() };
    let error: string | null = null;
    try {
      await entry.work({
        signal: entry.controller.signal,
        setProgress: (progress) => {
          entry.job = { ...entry.job, progress };
        },
      });
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
      this.#onError(`task failed due to error: ${error}`);
    }
    const status = endStatus(entry.job.status, error);
    const isCurrent = this.#running === entry;
    if (isCurrent) this.#running = undefined;
    this.#bury(entry, { status, error, endedAtMs: this.#nowMs() }, isCurrent);
    if (isCurrent) void this.#dispatch();
  }

  #bury(entry: Entry, change: Partial<Job>, remember = true): void {
    entry.job = { ...entry.job, ...change };
    if (remember) this.#graveyard = [...this.#graveyard, entry.job].slice(-graveyardSize);
    entry.ended.resolve(entry.job);
  }
}

function endStatus(status: JobStatus, error: string | null): JobStatus {
  if (error !== null) return 'FAILED';
  return status === 'STOPPING' ? 'CANCELLED' : 'FINISHED';
}
