// When what is missing in Stash is too much to be taken for deleted. Pure.

/** So many may be missing whatever the rest. */
const alwaysAtMost = 20;

/**
 * Of what scenes share, so much is looked into without a word: each costs a request at least. A day in
 * which a library is filled stays below that.
 */
export const mostSharedUnasked = 10_000;

/**
 * Whether Stash lacks so much of what was known that it is rather being built anew, or another one. Where
 * it has nothing at all that is for the caller to say.
 * @param present how many it has
 * @param missing how many of those known it does not have
 */
export function isFarFewer(present: number, missing: number): boolean {
  return missing > alwaysAtMost && missing > present;
}
