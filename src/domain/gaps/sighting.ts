// Which scenes of a look at Stash's times are to be compared, and from which moment on a look asks. All
// times are those of Stash's clock. Pure.

export interface Listed {
  readonly id: number;
  /** Of its last change, Unix ms in whole seconds. */
  readonly at: number;
}

export interface Sighted {
  readonly at: number;
  /** Not of one that may be saved once more within the same second. */
  readonly isSure: boolean;
}

/** The scenes that a whole look has seen. */
export type Sighting = ReadonlyMap<number, Sighted>;

/** So long a save may take from the time that it is stamped with until others can see it. */
export const longestSaveMs = 60 * 60_000;

/**
 * @param to when the last whole look began
 * @param stashNow what Stash's clock says now: one that was put back stamps earlier times from now on
 * @returns Unix ms
 */
export function lookFrom(to: number, stashNow: number): number {
  // Stash keeps whole seconds.
  return Math.min(to, stashNow) - longestSaveMs - 1_000;
}

/**
 * Of scenes that a look has listed those that may have been changed since the last one: by another time,
 * earlier or later. Where nothing is remembered, the moment decides.
 * @param seen by the last look; null = none by this process
 * @param from Unix ms
 */
export function changedSince(
  listed: readonly Listed[],
  seen: Sighting | null,
  from: number,
): readonly number[] {
  return listed
    .filter(({ id, at }) => {
      if (seen === null) return at >= from;
      const before = seen.get(id);
      return before?.at !== at || !before.isSure;
    })
    .map(({ id }) => id);
}

/** More than the second that a time is exact to, and than a save waits for another one's end. */
const freshMs = 5_000;

/** What the next look shall know of a scene. One that was just saved is looked at once more. */
export function sighted({ id, at }: Listed, seen: Sighting | null, stashNow: number): Sighted {
  return { at, isSure: at <= stashNow - freshMs || seen?.get(id)?.at === at };
}
