// A step of a pass: up to 50 scenes and their items are read on both sides, and what has changed is
// carried over, a scene at a time.
import { isPlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { type Both, unknown } from '../domain/mirror/viewing.ts';
import { planViewing } from '../domain/mirror/viewingPlan.ts';
import { isSuspect } from '../domain/recover/failure.ts';
import type { PlexClient } from '../plex/client.ts';
import type { StashViewing } from '../stash/viewing.ts';
import { forgetViewing, keepViewing, type Pair, viewingKnown } from '../store/mirror/viewing.ts';
import { isPaused } from '../store/queue/control.ts';
import type { DrainContext } from '../sync/base/context.ts';
import { freshMs } from '../sync/extras/extraTask.ts';
import { carryOut } from './carryOut.ts';
import { openKeptOut } from './keptOut.ts';
import { settleOpen } from './openChanges.ts';

export const pairsPerStep = 50;
/** So many one after the other are no scene's fault. */
const failuresAtMost = 3;

/** After that edits have their turn, in the middle of a step too. */
const longestMs = 2_000;

export interface LookedAt {
  /** Of the pairs, from the first on. */
  readonly looked: number;
  readonly failed: number;
}

/** As many of the pairs as go in a moment. @throws PlexSyncError of a server's that failed as a whole */
export async function lookAtPairs(
  context: DrainContext,
  viewer: PlexClient,
  pairs: readonly Pair[],
): Promise<LookedAt> {
  const { db, clock, log } = context;
  const readAt = clock.now();
  const all = await readBoth(context, viewer, pairs);
  const keptOut = openKeptOut(context, [...all.keys()]);
  const begunAt = clock.now();
  let [failed, inARow] = [0, 0];
  for (const [looked, pair] of pairs.entries()) {
    if (isPaused(db) || (looked > 0 && clock.now() - begunAt > longestMs))
      return { looked, failed };
    const first = all.get(pair.sceneId);
    if (first === undefined) continue;
    try {
      let both = first;
      const known = viewingKnown(db, pair.sceneId, pair.ratingKey) ?? unknown;
      settleOpen(db, pair, both);
      const plan = (): ReturnType<typeof planViewing> => {
        const { fields, rule } = context.settings.viewing;
        return planViewing(both, known, fields, rule, clock.now());
      };
      let planned = plan();
      if (planned.writes.length > 0 && (await keptOut()).has(pair.sceneId)) continue;
      // Somebody may have gone on watching while others were written.
      if (planned.writes.length > 0 && clock.now() - readAt > freshMs) {
        const again = (await readBoth(context, viewer, [pair])).get(pair.sceneId);
        if (again === undefined) continue;
        both = again;
        planned = plan();
      }
      await carryOut(context, viewer, pair, both, known, planned);
      inARow = 0;
    } catch (error) {
      if (!isOfTheScene(error)) throw error;
      failed += 1;
      inARow += 1;
      if (inARow >= failuresAtMost) throw error;
      const { code, message } = toPlexSyncError(error);
      const known = viewingKnown(db, pair.sceneId, pair.ratingKey) ?? unknown;
      keepViewing(db, pair.sceneId, pair.ratingKey, known, true);
      const words = `What was watched of a scene could not be carried over: ${message}`;
      log.write('warn', 'viewing', words, { scene: pair.sceneId, code });
    }
  }
  return { looked: pairs.length, failed };
}

/** Whether it can be the fault of this scene or its item alone. */
export function isOfTheScene(error: unknown): boolean {
  if (!isPlexSyncError(error)) return false;
  const { code } = error;
  const itsOwn: readonly string[] = [
    'plex-not-found',
    'plex-bad-request',
    'plex-not-confirmed',
    'stash-query-failed',
    'stash-bad-answer',
  ];
  return isSuspect(code) || itsOwn.includes(code);
}

/** Only of scenes that both sides have now, by scene number. */
async function readBoth(
  { db, stash }: DrainContext,
  viewer: PlexClient,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<number, Both>> {
  if (pairs.length === 0) return new Map();
  const scenes = new Map<number, StashViewing>();
  for (const read of await stash.viewings(pairs.map(({ sceneId }) => sceneId))) {
    if (read.kind === 'found') scenes.set(read.viewing.sceneId, read.viewing);
    if (read.kind === 'gone') forgetViewing(db, read.id);
  }
  const there = pairs.filter(({ sceneId }) => scenes.has(sceneId));
  const items = await viewer.viewings(there.map(({ ratingKey }) => ratingKey));
  const both = new Map<number, Both>();
  for (const { sceneId, ratingKey } of there) {
    const scene = scenes.get(sceneId);
    const plex = items.get(ratingKey);
    if (scene !== undefined && plex !== undefined) both.set(sceneId, { plex, stash: scene });
  }
  return both;
}
