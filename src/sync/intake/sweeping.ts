// Goes on with a sweep, a page at a time between the batches: what is raised is pushed meanwhile, and
// an edit never waits for the whole library.
import { isPlexSyncError } from '../../contract/errors.ts';
import type { Database } from '../../store/file/database.ts';
import { advanceSweep, sweepUnderWay } from '../../store/queue/sweep.ts';
import type { DrainContext } from '../base/context.ts';

const scenesPerPage = 1_000;
/** After Stash could not answer, though it is there. */
const retryMs = 60_000;

export interface Sweeping {
  /** Unix ms from which on there is a page to ask for, or null. */
  nextAt(): number | null;
  /** Asks for a page if one is due. @throws PlexSyncError of Stash's when it is away */
  step(context: Pick<DrainContext, 'clock' | 'log' | 'stash'>): Promise<void>;
}

export function openSweeping(db: Database): Sweeping {
  let notBefore = 0;
  return {
    nextAt: () => (sweepUnderWay(db) === null ? null : notBefore),
    step: async ({ clock, log, stash }) => {
      const found = sweepUnderWay(db);
      if (found === null || clock.now() < notBefore) return;
      const { kind, sweep } = found;
      try {
        const page = await stash.sceneIdsAfter(sweep.afterId, scenesPerPage, sweep.since);
        advanceSweep(db, kind, sweep, page, clock.now());
        const end = page.next === null ? '; that is all' : '';
        log.write('info', 'sweep', `Raised ${page.ids.length} scenes${end}`, { of: kind });
      } catch (error) {
        const isAnswer =
          isPlexSyncError(error) &&
          (error.code === 'stash-query-failed' || error.code === 'stash-bad-answer');
        if (!isAnswer) throw error;
        notBefore = clock.now() + retryMs;
        log.write('warn', 'sweep', `Stash's scenes could not be listed: ${error.message}`);
      }
    },
  };
}
