// What a person sees of a run: Stash's progress bar, sent again and again because Stash drops what it
// cannot take at once, and a line in the log now and then.
import { advanceRun, beginRun, type RunProgress, runLine } from '../domain/words/runProgress.ts';
import { backlog } from '../store/figures/backlog.ts';
import type { TaskContext } from './context.ts';

const barMs = 500;
const lineMs = 15_000;

/** What was done. */
export interface Did {
  readonly scenes: number;
  /** Pictures and ratings. */
  readonly extras: number;
}

export interface Gauge {
  /** All that is done, earlier slices included. */
  readonly done: number;
  /** In this run. */
  readonly did: Did;
  readonly left: number;
  /** Unix ms at which anything moved last. */
  readonly movedAt: number;
  /** Items written in the batch that is under way. */
  written(items: number): void;
  /** Reads what is left. @param did since the last look; null = as far as can be seen */
  look(did: Did | null): void;
  close(): Promise<void>;
}

/** @param done in earlier slices */
export function openGauge(
  { db, clock, progress, say }: Pick<TaskContext, 'db' | 'clock' | 'progress' | 'say'>,
  done: number,
): Gauge {
  let before = backlog(db);
  let run: RunProgress = beginRun(done, before.rows + before.extras, clock.now());
  let did: Did = { scenes: 0, extras: 0 };
  let inBatch = 0;
  let movedAt = clock.now();
  let saidAt = clock.now();
  const ended = new AbortController();

  const show = (): void => {
    const now = clock.now();
    // Written is not yet confirmed: the last bit is kept for that.
    const sure = Math.min(inBatch, Math.floor(run.left * 0.95));
    const seen = advanceRun(run, { done: run.done + sure, left: run.left - sure }, now);
    run = { ...run, share: seen.share };
    progress(seen.share);
    if (now - saidAt < lineMs || seen.done + seen.left === 0) return;
    saidAt = now;
    say(runLine(seen, now));
  };
  const showing = (async () => {
    while (!ended.signal.aborted) {
      show();
      await clock.sleep(barMs, ended.signal);
    }
  })();

  return {
    get done() {
      return run.done;
    },
    get did() {
      return did;
    },
    get left() {
      return run.left;
    },
    get movedAt() {
      return movedAt;
    },
    written: (items) => {
      inBatch += items;
      movedAt = clock.now();
    },
    look: (told) => {
      const now = backlog(db);
      const left = now.rows + now.extras;
      const fewer = {
        scenes: Math.max(0, before.rows - now.rows),
        extras: Math.max(0, before.extras - now.extras),
      };
      before = now;
      const { scenes, extras } = told ?? fewer;
      did = { scenes: did.scenes + scenes, extras: did.extras + extras };
      // Those that need not be sent are done as well; but a scene may bring some along.
      const more = scenes + Math.max(extras, fewer.extras);
      if (more > 0 || left !== run.left) movedAt = clock.now();
      run = advanceRun(run, { done: run.done + more, left }, clock.now());
      inBatch = 0;
    },
    close: async () => {
      ended.abort();
      await showing;
    },
  };
}
