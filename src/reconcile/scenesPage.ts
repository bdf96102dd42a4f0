// Which scenes a run looks at next: those of Stash page by page, and among them, where all are looked
// at, those that PlexSync knows and Stash no longer lists.
import type { Run } from '../store/run.ts';
import { knownScenesBetween } from '../store/runScenes.ts';
import type { DrainContext } from '../sync/context.ts';

/** Ids alone are cheap: so many are asked for at once. */
const idsPerRequest = 1_000;
export const scenesPerStep = 50;

export interface Listed {
  readonly runId: number;
  /** They were asked for after this one. */
  readonly after: number;
  readonly ids: readonly number[];
  readonly next: number | null;
  readonly left: number;
}

/** @returns what is known already where it goes as far as `after` */
export async function listScenes(
  { stash }: Pick<DrainContext, 'stash'>,
  run: Run,
  after: number,
  known: Listed | null,
): Promise<{ readonly listed: Listed; readonly requests: number }> {
  const reaches =
    known?.runId === run.id && known.after <= after && (known.next === null || after < known.next);
  if (reaches && known !== null) return { listed: known, requests: 0 };
  const page = await stash.sceneIdsAfter(after, idsPerRequest, run.scope.since);
  return { listed: { runId: run.id, after, ...page }, requests: 1 };
}

export interface Chunk {
  readonly ids: readonly number[];
  /** After which to go on; null: that was the last one. */
  readonly next: number | null;
  readonly left: number;
}

/** The scenes to look at after one, ascending. */
export function chunkOf(
  { db }: Pick<DrainContext, 'db'>,
  { scope }: Run,
  after: number,
  listed: Listed,
): Chunk {
  const ids = listed.ids.filter((id) => id > after);
  const end = listed.next ?? Number.MAX_SAFE_INTEGER;
  const known = scope.since === null ? knownScenesBetween(db, after, end, scenesPerStep + 1) : [];
  const all = [...new Set([...ids.slice(0, scenesPerStep + 1), ...known])].toSorted(
    (a, b) => a - b,
  );
  const some = all.slice(0, scenesPerStep);
  const last = some.at(-1);
  const isAll = all.length <= scenesPerStep || last === undefined;
  const left = ids.filter((id) => last !== undefined && id > last).length + listed.left;
  return { ids: some, next: isAll ? listed.next : last, left };
}
