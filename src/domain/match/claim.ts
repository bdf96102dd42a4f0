// One Plex item is one scene's. Who it is when several could be: the one a person chose, else the
// one whose path it is, else the one that has it already; among equals a person decides.
import type { How } from './match.ts';

/** Another scene that could be the item's, as Stash has it now. */
export interface Rival {
  readonly sceneId: number;
  readonly strength: Strength;
  /** What PlexSync wrote into the item last was this scene's. */
  readonly isOwner: boolean;
}

export type Strength = 'pin' | 'path' | 'other';

export function strengthOf(how: How): Strength {
  return how === 'pin' || how === 'url' ? 'pin' : how === 'path' ? 'path' : 'other';
}

export type Claim =
  /** The item is the scene's. */
  | { readonly kind: 'granted' }
  /** It surely is another scene's: no candidate for this one. */
  | { readonly kind: 'not-ours' }
  | { readonly kind: 'review'; readonly reason: 'taken' | 'several-scenes'; readonly by: number };

const order: Readonly<Record<Strength, number>> = { pin: 2, path: 1, other: 0 };

/** @param isOwner whether the item is this scene's already */
export function decideClaim(own: Strength, isOwner: boolean, rivals: readonly Rival[]): Claim {
  const stronger = rivals.filter((rival) => order[rival.strength] > order[own]);
  const chosen = stronger.find((rival) => rival.strength === 'pin');
  if (chosen !== undefined) return { kind: 'review', reason: 'taken', by: chosen.sceneId };
  if (stronger.length > 0) return { kind: 'not-ours' };
  const equal = rivals.filter((rival) => rival.strength === own);
  const owner = equal.find((rival) => rival.isOwner);
  // Before the scene's own ownership: where two think that they own it, neither is to write.
  if (owner !== undefined) return { kind: 'review', reason: 'taken', by: owner.sceneId };
  const first = isOwner ? undefined : equal[0];
  if (first !== undefined) return { kind: 'review', reason: 'several-scenes', by: first.sceneId };
  return { kind: 'granted' };
}
