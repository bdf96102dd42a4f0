// Whether Stash's database is of an earlier time than PlexSync has seen it. Pure.

/** A scene, and when it was changed last, Unix ms. */
export interface SceneTime {
  readonly id: number;
  readonly at: number;
}

/** Number of a time whose scene is not known: earlier versions kept the time alone. */
export const unknownScene = 0;

/** What Stash says now. */
export interface NewestInStash {
  /** Scenes changed last; none where Stash has none. */
  readonly newest: readonly SceneTime[];
  /** When the scenes that were asked for were changed last; null = it has no such scene. */
  readonly asked: ReadonlyMap<number, number | null>;
}

/** A scene was read with an older time than before: the database is of a time in between. */
export interface Sign {
  readonly before: number;
  readonly notBefore: number;
}

export interface Restored {
  /** Unix ms of the latest change that the database had when it was put back, as far as it shows. */
  readonly to: number;
  /** False: all of the scenes known as changed last are gone, which may have been deleted as well. */
  readonly isProven: boolean;
}

/**
 * Null: it was not restored, or nothing tells. A scene that is there with an older time is a proof, unless
 * one that was changed later is there as it was: then it is an import's. Where none is older, one that is
 * there as it was, or newer, is the contrary, since what went and came back would be older. Where each is gone nothing is proven: it is taken for restored, since comparing too much does no harm.
 * @param known the scenes that PlexSync has read as changed last
 * @param sign of a scene that was read since
 */
export function restoredTo(
  { newest, asked }: NewestInStash,
  known: readonly SceneTime[],
  sign: Sign | null = null,
): Restored | null {
  if (newest.length === 0) return null;
  const latest = Math.max(...newest.map(({ at }) => at));
  const present = known.map(({ id, at }) => {
    return { at, now: id === unknownScene ? latest : asked.get(id) };
  });
  const signs = present.flatMap(({ at, now }): Sign[] =>
    typeof now === 'number' && isOlder(now, at) ? [{ before: at, notBefore: now }] : [],
  );
  if (sign !== null) signs.push(sign);
  const same = Math.max(...present.map(({ at, now }) => (now === at ? at : 0)));
  const proofs = signs.filter((one) => one.before > same);
  if (proofs.length > 0) {
    // What was saved after it was put back is later than anything that was read before.
    const before = Math.min(...proofs.map((one) => one.before));
    const notBefore = Math.max(...proofs.map((one) => one.notBefore));
    return { to: Math.max(notBefore, ...timesBefore(newest, before)), isProven: true };
  }
  if (present.length === 0 || present.some(({ now }) => now !== null)) return null;
  const before = Math.min(...present.map(({ at }) => at));
  const earlier = timesBefore(newest, before);
  return { to: earlier.length === 0 ? before : Math.max(...earlier), isProven: false };
}

/** By less a clock is put right between two saves, with nothing restored. */
const clockStepMs = 60_000;

function isOlder(now: number, before: number): boolean {
  return before - now > clockStepMs;
}

function timesBefore(scenes: readonly SceneTime[], before: number): readonly number[] {
  return scenes.flatMap(({ at }) => (at < before ? [at] : []));
}

/**
 * How many of the scenes changed last are kept: a restore shows by any of them that was not saved again.
 * They are asked for in one request.
 */
const kept = 30;

/**
 * The ones changed last of those known before and those read now, the latest first.
 * @param now Unix ms: a time ahead of it counts as now. The clock that stamped it may be put right, and
 *   the next save would look older than this one
 */
export function newestOf(
  known: readonly SceneTime[],
  read: readonly SceneTime[],
  now = Number.POSITIVE_INFINITY,
): readonly SceneTime[] {
  const byId = new Map<number, SceneTime>();
  for (const { id, at } of [...known, ...read]) {
    if (Number.isFinite(at)) byId.set(id, { id, at: Math.min(at, now) });
  }
  return [...byId.values()].toSorted((a, b) => b.at - a.at || a.id - b.id).slice(0, kept);
}

/** The sign that is in a reading, that of the scene changed last if there are several; null if none is. */
export function signIn(known: readonly SceneTime[], read: readonly SceneTime[]): Sign | null {
  const times = new Map(read.map(({ id, at }) => [id, at]));
  const signs = known.flatMap(({ id, at }): Sign[] => {
    const now = times.get(id);
    return now !== undefined && isOlder(now, at) ? [{ before: at, notBefore: now }] : [];
  });
  return signs.toSorted((a, b) => b.before - a.before)[0] ?? null;
}
