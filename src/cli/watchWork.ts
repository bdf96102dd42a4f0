// What `plexsync watch` does beside the queue: in place of hooks it asks Stash every so often which
// scenes were changed. The reconciliation goes on beside it.
import type { Database } from '../store/open.ts';
import { readState, sweptAt } from '../store/state.ts';
import { beginSweep, scenesToRaise } from '../store/sweep.ts';
import { pluginId } from '../sync/configuration.ts';
import type { SideWork } from '../sync/sideWork.ts';

/** Stash's clock is another machine's, and it keeps whole seconds. */
const overlapMs = 60_000;

export interface Watching {
  readonly everyMs: number;
  /** The plugin is at work in Stash as well: two would write the same items. */
  readonly refuse: () => void;
}

export function watching(db: Database, inner: SideWork, { everyMs, refuse }: Watching): SideWork {
  let nextAt = 0;
  return {
    nextAt: (now) => {
      const beside = inner.nextAt(now);
      return beside === null ? nextAt : Math.min(beside, nextAt);
    },
    hasWaited: () => false,
    wantsLook: (now) => inner.wantsLook(now),
    prepare: (read, now) => inner.prepare(read, now),
    step: async (context, plex) => {
      const now = context.clock.now();
      if (now < nextAt) {
        await inner.step(context, plex);
        return;
      }
      nextAt = now + everyMs;
      if (await context.stash.pluginEnabled(pluginId)) {
        refuse();
        return;
      }
      // The first time nothing is known: all scenes are looked at.
      const last = readState(db, sweptAt);
      if (scenesToRaise(db) === null) {
        beginSweep(db, now, last === null ? null : Math.min(last, now) - overlapMs);
      }
    },
    clockWentBack: () => {
      nextAt = 0;
      inner.clockWentBack();
    },
  };
}
