// What a run does about a page that fails: it is tried again, less and less often, and passed over in
// the end, scene by scene. Nothing is concluded about what could not be compared.
import { isPlexSyncError } from '../contract/errors.ts';
import { isSuspect } from '../domain/recover/failure.ts';
import { openFaces } from '../domain/gaps/shared.ts';
import { isCorruptStore } from '../store/file/corruption.ts';
import type { Run } from '../store/run/run.ts';
import type { DrainContext } from '../sync/base/context.ts';
import type { PlexIdentity } from '../sync/base/plexIdentity.ts';
import { lookAt, type Looked } from './lookAt.ts';
import { judgedHere } from './scenesPage.ts';

/** About half an hour of pauses: an outage that the circuit does not see is over by then, or is none. */
export const triesAtMost = 5;
/** Passing over has failed as well, twice: it is no page's fault, and the run ends. */
export const failuresToEnd = triesAtMost + 2;
const pauses = { firstMs: 60_000, longestMs: 1_800_000 } as const;
/** Scenes that may fail by themselves before the rest of their page is taken to fail as well. */
const failuresAtMost = 3;

/** How long to wait after a page has failed so many times. */
export function pauseMs(tries: number): number {
  return Math.min(pauses.longestMs, pauses.firstMs * 2 ** (tries - 1));
}

/**
 * Whether an error can be the fault of what was asked for, or our own. A server that is not there,
 * that refuses, or that asks for patience says nothing about the page; nor does a data file that is
 * damaged, which only whoever opened it can replace.
 */
export function isOfThePage(error: unknown): boolean {
  if (!isPlexSyncError(error)) return !isCorruptStore(error);
  const { code } = error;
  return isSuspect(code) || code === 'stash-query-failed' || code === 'stash-bad-answer';
}

/** Each scene by itself: what is wrong with one keeps no other from being judged. */
export async function lookOneByOne(
  context: DrainContext,
  plex: PlexIdentity,
  { scope }: Run,
  ids: readonly number[],
): Promise<Looked> {
  const faces = openFaces(context.settings);
  const looked: Looked['looked'][number][] = [];
  let [unread, failures, stashRequests, plexRequests] = [0, 0, 0, 0];
  for (const id of ids) {
    if (failures >= failuresAtMost) {
      unread += 1;
      continue;
    }
    try {
      const reads = judgedHere({ scope }, await context.stash.scenes([id], faces.tagParents));
      const one = await lookAt(context, plex, reads, scope);
      looked.push(...one.looked);
      unread += one.unread;
      plexRequests += one.plexRequests;
      stashRequests += 1;
    } catch (error) {
      if (!isOfThePage(error)) throw error;
      failures += 1;
      unread += 1;
    }
  }
  return { looked, unread, stashRequests, plexRequests };
}
