// Catching up: when scenes are compared because hooks may have been missed, or because Stash was
// started, and which. Pure.

/** How long it was proven without a break that Stash hands its events over. */
export interface Proof {
  /** Unix ms until which nothing can have been missed, or was looked for. */
  readonly at: number;
  /** Unix ms at which PlexSync was last seen to be switched on. */
  readonly seenAt: number;
}

/** Between two looks of a worker that lives, or that its supervisor had to start again. */
const unbrokenMs = 5 * 60_000;
/** What lies between two workers is looked at together, so that not each of them begins a run. */
const missedAfterMs = 60 * 60_000;

/**
 * PlexSync is switched on in Stash now. While nobody looked it may have been switched off, and hooks
 * be missed.
 * @param now Unix ms
 * @returns since when hooks may have been missed, if it is time to look for them
 */
export function witnessed(
  known: Proof | null,
  now: number,
): { readonly proof: Proof; readonly missedSince: number | null } {
  const whole = { at: now, seenAt: now };
  if (known === null) return { proof: whole, missedSince: null };
  const [at, seenAt] = [Math.min(known.at, now), Math.min(known.seenAt, now)];
  if (at === seenAt && now - seenAt <= unbrokenMs) return { proof: whole, missedSince: null };
  if (now - at >= missedAfterMs) return { proof: whole, missedSince: at };
  return { proof: { at, seenAt: now }, missedSince: null };
}

/** Why scenes are to be compared without a schedule; both null: they are not. Unix ms. */
export interface Wish {
  /** When the start of Stash was noticed that has had no run yet. */
  readonly startedAt: number | null;
  /** Since when hooks may have been missed. */
  readonly missedSince: number | null;
}

/** Once an hour at most, whatever the reason. */
export const catchUpEveryMs = 60 * 60_000;

/**
 * When the run is due, Unix ms; null = no wish.
 * @param lastAt when the last such run began, Unix ms, or null
 * @param everyMs at most one in such a time
 */
export function catchUpAt(
  { startedAt, missedSince }: Wish,
  lastAt: number | null,
  everyMs: number,
  now: number,
): number | null {
  const wishedAt = startedAt ?? missedSince;
  // The same whenever it is asked: it is told, and what is told anew only says that nothing is new.
  if (wishedAt === null || lastAt === null) return wishedAt;
  return Math.max(wishedAt, Math.min(lastAt, now) + everyMs);
}

/** "Recent" after a start of Stash. */
const recentMs = 24 * 60 * 60_000;
/** Stash's clock may be another machine's, and its times are of whole seconds. */
export const overlapMs = 60 * 60_000;

/** Scenes changed since then are looked at, Unix ms. */
export function catchUpSince({ startedAt, missedSince }: Wish, now: number): number {
  return Math.min(
    startedAt === null ? now : startedAt - recentMs,
    missedSince === null ? now : missedSince - overlapMs,
  );
}
