// What the engine does beside the queue: the reconciliation, and what goes both ways. Each keeps its own
// times; while edits go on, only who has waited long enough has a step.
import { earliest } from '../domain/base/earliest.ts';
import { openReconciling } from '../reconcile/reconciling.ts';
import type { Database } from '../store/file/database.ts';
import type { SideWork } from '../sync/sideWork.ts';
import { openViewing } from './viewing.ts';

export function openSideWork(db: Database): SideWork {
  return together([openReconciling(db), openViewing(db)]);
}

function together(works: readonly SideWork[]): SideWork {
  /** Those that asked for a step beside the edits of this turn. */
  let waited: readonly SideWork[] = [];
  return {
    nextAt: (now) => earliest(...works.map((work) => work.nextAt(now))),
    wantsLook: (now) => works.map((work) => work.wantsLook(now)).some(Boolean),
    hasWaited: (now) => {
      waited = works.filter((work) => work.hasWaited(now));
      return waited.length > 0;
    },
    prepare: (read, now) => {
      for (const work of works) work.prepare(read, now);
    },
    step: async (context, plex) => {
      const now = waited.length > 0 ? waited : works;
      waited = [];
      for (const work of now) await work.step(context, plex);
    },
    clockWentBack: () => {
      for (const work of works) work.clockWentBack();
    },
  };
}
