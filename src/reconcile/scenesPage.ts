// Which scenes a run looks at next, as Stash has them: those of Stash page by page, and among them,
// where all are looked at, those that PlexSync knows and Stash no longer lists.
import type { SceneRead } from '../domain/base/scene.ts';
import type { SceneIdsAfter } from '../stash/changedScenes.ts';
import type { Run } from '../store/run/run.ts';
import { knownScenesBetween, pushedScenesBetween } from '../store/run/runScenes.ts';
import type { DrainContext } from '../sync/base/context.ts';

type Context = Pick<DrainContext, 'db' | 'stash'>;

/** Ids alone are cheap: so many are asked for at once. */
export const idsPerRequest = 1_000;
export const scenesPerStep = 50;

export interface Listed extends SceneIdsAfter {
  readonly runId: number;
  /** They were asked for after this one. */
  readonly after: number;
}

export interface Chunk {
  readonly ids: readonly number[];
  /** After which to go on; null: that was the last one. */
  readonly next: number | null;
  readonly left: number;
}

export interface ScenesPage extends Chunk {
  readonly reads: readonly SceneRead[];
  readonly listed: Listed;
  readonly requests: number;
}

/**
 * The scenes to look at after one, ascending. What PlexSync knows is read with the list of what there
 * is: where both agree, the list costs no request.
 * @param known is gone by where it goes as far as `after`
 * @throws PlexSyncError of Stash's
 */
export async function readPage(
  context: Context,
  run: Run,
  after: number,
  known: Listed | null,
  tagParents: boolean,
): Promise<ScenesPage> {
  const { db, stash } = context;
  // The list that comes with them is of all scenes.
  const isList = reaches(known, run, after) || run.scope.since !== null;
  const guess = isList ? [] : knownAfter(db, run, after, scenesPerStep);
  const asked =
    guess.length > 0
      ? await stash.scenesAndIdsAfter(guess, tagParents, after, idsPerRequest)
      : null;
  const { listed, requests } =
    asked === null
      ? await listScenes(context, run, after, known)
      : { listed: { runId: run.id, after, ...asked.page }, requests: 1 };
  const chunk = chunkOf(context, run, after, listed);
  const reads = new Map(asked?.reads.map((read) => [idOf(read), read] as const));
  const missing = chunk.ids.filter((id) => !reads.has(id));
  if (missing.length > 0) {
    for (const read of await stash.scenes(missing, tagParents)) reads.set(idOf(read), read);
  }
  return {
    ...chunk,
    reads: judgedHere(
      run,
      chunk.ids.flatMap((id) => reads.get(id) ?? []),
    ),
    listed,
    requests: requests + (missing.length > 0 ? 1 : 0),
  };
}

/**
 * A run over some scenes leaves those that read as gone to its look for the gone, which asks first
 * whether Stash has lost most of them.
 */
export function judgedHere(
  { scope }: Pick<Run, 'scope'>,
  reads: readonly SceneRead[],
): readonly SceneRead[] {
  return scope.since === null ? reads : reads.filter(({ kind }) => kind !== 'gone');
}

/** @returns what is known already where it goes as far as `after` */
export async function listScenes(
  { stash }: Context,
  run: Run,
  after: number,
  known: Listed | null,
): Promise<{ readonly listed: Listed; readonly requests: number }> {
  if (reaches(known, run, after)) return { listed: known, requests: 0 };
  const page = await stash.sceneIdsAfter(after, idsPerRequest, run.scope.since);
  return { listed: { runId: run.id, after, ...page }, requests: 1 };
}

function reaches(known: Listed | null, run: Run, after: number): known is Listed {
  return (
    known?.runId === run.id && known.after <= after && (known.next === null || after < known.next)
  );
}

/** To be looked at though Stash may not list them: all that are known, or none but those pushed lately. */
function knownAfter(
  db: Context['db'],
  { scope: { since, pushedSince } }: Run,
  after: number,
  limit: number,
  end = Number.MAX_SAFE_INTEGER,
): readonly number[] {
  if (since === null) return knownScenesBetween(db, after, end, limit);
  if (pushedSince === undefined) return [];
  return pushedScenesBetween(db, pushedSince, after, end, limit);
}

/** The scenes to look at after one, by their ids. */
export function chunkOf({ db }: Context, run: Run, after: number, listed: Listed): Chunk {
  const ids = listed.ids.filter((id) => id > after);
  const end = listed.next ?? Number.MAX_SAFE_INTEGER;
  const known = knownAfter(db, run, after, scenesPerStep + 1, end);
  const all = [...new Set([...ids.slice(0, scenesPerStep + 1), ...known])].toSorted(
    (a, b) => a - b,
  );
  const some = all.slice(0, scenesPerStep);
  const last = some.at(-1);
  const isAll = all.length <= scenesPerStep || last === undefined;
  const left = ids.filter((id) => last !== undefined && id > last).length + listed.left;
  return { ids: some, next: isAll ? listed.next : last, left };
}

function idOf(read: SceneRead): number {
  return read.kind === 'scene' ? read.scene.id : read.id;
}
