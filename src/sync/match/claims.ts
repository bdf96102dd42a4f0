// Whose an item is when several scenes could have it. Rivals are known from the files of all scenes
// that were read; before one of them is believed against a scene, Stash is asked what it has now.
import { type Claim, decideClaim, type Rival, strengthOf } from '../../domain/match/claim.ts';
import {
  compareAll,
  type Evidence,
  type PartKeys,
  verifyRemembered,
} from '../../domain/match/match.ts';
import { pinnedTo, pinOf } from '../../store/match/pin.ts';
import { hasRow, queueKey } from '../../store/queue/queue.ts';
import {
  dropSceneFiles,
  putSceneFiles,
  sceneFiles,
  scenesWithFileLike,
} from '../../store/match/sceneFile.ts';
import { ownerOf } from '../../store/match/itemOwner.ts';
import { sceneState } from '../../store/mirror/sceneState.ts';
import { transaction } from '../../store/file/sql.ts';
import { scenesPerRequest } from '../../stash/client.ts';
import type { DrainContext } from '../base/context.ts';
import { forgetAll } from './forget.ts';
import { fileKeys } from '../read/sceneKeys.ts';

/** A scene that would have an item. */
export interface Claimant {
  readonly sceneId: number;
  readonly ratingKey: string;
  readonly evidence: Evidence;
  /** Whether it has it already. */
  readonly isOwner: boolean;
  /** The item's files. */
  readonly parts: readonly PartKeys[];
}

type Knowledge = Pick<DrainContext, 'db' | 'rules' | 'settings'>;

/** More scenes than this with the same file of the same name and size prove nothing further. */
const rivalsAtMost = 10;

/**
 * A decision for each claimant, in their order.
 * @throws PlexSyncError of Stash's when rivals could not be read
 */
export async function decideClaims(
  context: DrainContext,
  claimants: readonly Claimant[],
): Promise<readonly Claim[]> {
  const first = claimants.map((claimant) => decideNow(context, claimant));
  // What is known of an owner may be old, or not known at all: nothing is taken from one unasked.
  const doubted = claimants.filter(
    ({ ratingKey, sceneId }, at) =>
      first[at]?.kind !== 'granted' || ownerOf(context.db, ratingKey, sceneId) !== null,
  );
  if (doubted.length === 0) return first;
  const rivals = new Set(doubted.flatMap((claimant) => rivalIds(context, claimant)));
  await readAgain(context, [...rivals]);
  return claimants.map((claimant) => decideNow(context, claimant));
}

/** By what is known of the rivals, which may be old. Asks nobody. */
export function decideNow(context: Knowledge, claimant: Claimant): Claim {
  const own = strengthOf(claimant.evidence.how);
  const rivals = rivalIds(context, claimant).flatMap(
    (sceneId): readonly Rival[] => rivalOf(context, claimant, sceneId) ?? [],
  );
  return decideClaim(own, claimant.isOwner, rivals);
}

function rivalIds({ db }: Knowledge, claimant: Claimant): readonly number[] {
  const { sceneId, ratingKey, parts } = claimant;
  const ids = new Set<number>();
  for (const id of [pinnedTo(db, ratingKey, sceneId), ownerOf(db, ratingKey, sceneId)]) {
    if (id !== null) ids.add(id);
  }
  for (const { name, size } of parts) {
    for (const id of scenesWithFileLike(db, name, size, rivalsAtMost)) ids.add(id);
  }
  ids.delete(sceneId);
  return [...ids].slice(0, rivalsAtMost);
}

function rivalOf(
  { db, rules, settings }: Knowledge,
  { ratingKey, parts }: Claimant,
  sceneId: number,
): readonly [Rival] | null {
  const pin = pinOf(db, sceneId);
  if (pin?.kind === 'never') return null;
  if (pin !== null) {
    return pin.ratingKey === ratingKey ? [{ sceneId, strength: 'pin', isOwner: true }] : null;
  }
  const state = sceneState(db, sceneId);
  const hasItem = state !== null && state.noItemReason === null && state.ratingKey !== null;
  const isOwner = hasItem && state.ratingKey === ratingKey;
  // A copy whose own item is known is no rival for this one.
  if (hasItem && !isOwner) return null;
  const files = fileKeys(sceneFiles(db, sceneId), rules);
  const { matchThreshold } = settings;
  if (isOwner) {
    const kept = verifyRemembered(files, parts, matchThreshold);
    return kept === null ? null : [{ sceneId, strength: strengthOf(kept.how), isOwner }];
  }
  const evidence = compareAll(files, parts);
  if (evidence === null || evidence.score < matchThreshold) return null;
  return [{ sceneId, strength: strengthOf(evidence.how), isOwner }];
}

async function readAgain(context: DrainContext, ids: readonly number[]): Promise<void> {
  const { db, stash } = context;
  for (let at = 0; at < ids.length; at += scenesPerRequest) {
    const reads = await stash.scenes(ids.slice(at, at + scenesPerRequest), false);
    transaction(db, () => {
      for (const read of reads) {
        if (read.kind === 'scene') putSceneFiles(db, read.scene.id, read.scene.files);
        if (read.kind !== 'gone') continue;
        forgetAll(context, read.id);
        // While its own row waits, its files tell who inherits.
        if (!hasRow(db, queueKey('scene', read.id))) dropSceneFiles(db, read.id);
      }
    });
  }
}
