// What `plexsync watch` does beside the queue: in place of hooks it asks Stash every so often which
// scenes were changed, a page at a time, also while there is much to push. The reconciliation goes on
// beside it.
import { isPlexSyncError } from '../contract/errors.ts';
import {
  changedSince,
  lookFrom,
  type Sighted,
  sighted,
  type Sighting,
} from '../domain/gaps/sighting.ts';
import type { Database } from '../store/file/database.ts';
import { readState } from '../store/file/state.ts';
import { beginWatching, keepLook, watchedTo } from '../store/run/watch.ts';
import type { DrainContext } from '../sync/base/context.ts';
import type { SideWork } from '../sync/sideWork.ts';

const scenesPerPage = 1_000;
/** Where very many scenes were changed a look takes long: so many times as long it rests after it. */
const restPerLook = 9;
/** After Stash could not answer, though it is there. */
const retryMs = 60_000;

/** A look under way. */
interface Look {
  /** Unix ms by this machine's clock. */
  readonly beganAt: number;
  /** Its pages alone, without what was pushed between them. */
  readonly tookMs: number;
  /** Unix ms by Stash's clock. */
  readonly stashNow: number;
  readonly from: number;
  readonly after: number;
  readonly seen: Map<number, Sighted>;
}

export function watching(db: Database, inner: SideWork, everyMs: number): SideWork {
  let nextAt = 0;
  let look: Look | null = null;
  /** Where both have something to do they take turns: neither may keep the other from it. */
  let wasBeside = true;
  let seen: Sighting | null = null;

  const page = async ({ clock, log, stash }: DrainContext): Promise<void> => {
    const now = clock.now();
    const to = readState(db, watchedTo);
    if (to === null) {
      const { stashNow } = await stash.sceneTimesAfter(0, 1, now);
      beginWatching(db, stashNow ?? now, now);
      nextAt = now + everyMs;
      return;
    }
    let from = look?.from ?? lookFrom(to, to);
    let found = await stash.sceneTimesAfter(look?.after ?? 0, scenesPerPage, from);
    const stashNow = look?.stashNow ?? found.stashNow ?? now;
    if (look === null && stashNow < to) {
      from = lookFrom(to, stashNow);
      found = await stash.sceneTimesAfter(0, scenesPerPage, from);
    }
    look ??= { beganAt: now, tookMs: 0, stashNow, from, after: 0, seen: new Map() };
    const { scenes, next } = found;
    const changed = changedSince(scenes, seen, from);
    keepLook(db, changed, next === null ? stashNow : null, clock.now());
    for (const scene of scenes) look.seen.set(scene.id, sighted(scene, seen, stashNow));
    if (changed.length > 0) log.write('info', 'sweep', `Raised ${changed.length} scenes`);
    const tookMs = look.tookMs + Math.max(0, clock.now() - now);
    if (next !== null) {
      look = { ...look, tookMs, after: next };
      return;
    }
    nextAt = Math.max(look.beganAt + everyMs, clock.now() + tookMs * restPerLook);
    ({ seen } = look);
    look = null;
  };

  const pageOrRest = async (context: DrainContext): Promise<void> => {
    try {
      await page(context);
    } catch (error) {
      look = null;
      const isAnswer =
        isPlexSyncError(error) &&
        (error.code === 'stash-query-failed' || error.code === 'stash-bad-answer');
      if (!isAnswer) throw error;
      nextAt = context.clock.now() + retryMs;
      const message = `Stash's scenes could not be listed: ${error.message}`;
      context.log.write('warn', 'sweep', message, { code: error.code });
    }
  };

  return {
    nextAt: (now) => {
      const beside = inner.nextAt(now);
      return beside === null ? nextAt : Math.min(beside, nextAt);
    },
    hasWaited: (now) => now >= nextAt + everyMs || inner.hasWaited(now),
    wantsLook: (now) => inner.wantsLook(now),
    prepare: (read, now) => {
      // It ends then, and its next life looks from where this one came to.
      if (read.kind !== 'disabled') inner.prepare(read, now);
    },
    step: async (context, plex) => {
      const now = context.clock.now();
      wasBeside = now < nextAt || (inner.hasWaited(now) && !wasBeside);
      if (wasBeside) await inner.step(context, plex);
      else await pageOrRest(context);
    },
    clockWentBack: () => {
      nextAt = 0;
      look = null;
      inner.clockWentBack();
    },
  };
}
