// The time that a task keeps Stash's job queue, which has room for one job at a time. When it is over
// and others wait, the task puts its own continuation behind them and leaves.
import { toPlexSyncError } from '../contract/errors.ts';
import type { StashClient } from '../stash/client.ts';
import type { Clock } from '../sync/base/clock.ts';

export const pluginId = 'plex-sync';
/** As the manifest names it. */
export const processTask = 'Process queue';
/** As Stash shows the continuation; also how one that waits already is known. */
const continuedAs = `PlexSync: ${processTask} (continued)`;

/** From then on it is asked again and again who waits. */
const lookAgainMs = 10_000;

export interface Slice {
  /** Null: go on. Else leave; the text says what becomes of the rest. @param done changes so far */
  over(done: number): Promise<string | null>;
}

export interface SliceOptions {
  readonly clock: Clock;
  readonly lengthMs: number;
  readonly stash: () => Promise<Pick<StashClient, 'waitingJobs' | 'queueTask'>>;
}

export function openSlice({ clock, lengthMs, stash }: SliceOptions): Slice {
  let until = clock.now() + lengthMs;
  return {
    over: async (done) => {
      if (clock.now() < until) return null;
      until = clock.now() + Math.min(lengthMs, lookAgainMs);
      try {
        const client = await stash();
        const waiting = await client.waitingJobs();
        if (waiting.length === 0) return null;
        if (!waiting.some(({ description }) => description.endsWith(continuedAs))) {
          await client.queueTask({
            plugin: pluginId,
            task: processTask,
            description: continuedAs,
            args: { continued: true, done },
          });
        }
        return 'Other jobs of Stash wait: this goes on after them, and in the background until then.';
      } catch (error) {
        const why = toPlexSyncError(error).message.replace(/\.$/, '');
        return `The time for this task is over, and Stash took no continuation (${why}): the background worker does the rest.`;
      }
    },
  };
}
