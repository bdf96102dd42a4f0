// Which item a push would write a scene to, found by the worker's own steps, but asked of nobody but
// Plex and recorded nowhere. What the worker does beyond that is left out: it looks for what is new in
// Plex, and asks Stash anew about scenes that could have the item as well.
import type { Claim } from '../../domain/match/claim.ts';
import { gateOf } from '../../domain/mirror/gate.ts';
import type { Match } from '../../domain/match/match.ts';
import type { PlexItem, PlexSection } from '../../domain/base/plexItem.ts';
import { partsOfItem } from '../../store/match/candidate.ts';
import { pinnedTo } from '../../store/match/pin.ts';
import { type Claimant, decideNow } from './claims.ts';
import type { DrainContext } from '../base/context.ts';
import type { KnownScene } from '../base/job.ts';
import { type Found, isOutdone, knownKeys, provenLinks, provenMemory, provenPin } from './known.ts';
import { contested, matchOfScene } from './lookUp.ts';
import { claimed, nothingFor, provenMatch } from './resolve.ts';
import { partKeys } from '../read/sceneKeys.ts';
import type { Unmatched } from './unmatched.ts';

type Knowledge = Pick<DrainContext, 'db' | 'settings' | 'rules'>;

export interface ReadPlex {
  readonly sections: readonly PlexSection[];
  /** Items in full, by rating key. @throws PlexSyncError of Plex's */
  readonly items: (keys: readonly string[]) => Promise<ReadonlyMap<string, PlexItem>>;
}

/** What keeps the scene from any item; null if nothing does. */
export function keptOut({ settings }: Knowledge, { pin, scene }: KnownScene): Unmatched | null {
  if (pin?.kind === 'never') return { kind: 'excluded' };
  const gate = gateOf(scene, settings.gates);
  return gate === null ? null : { kind: 'gated', gate };
}

/** @throws PlexSyncError of Plex's */
export async function whichItem(
  context: Knowledge,
  plex: ReadPlex,
  job: KnownScene,
): Promise<Found | Unmatched> {
  const out = keptOut(context, job);
  if (out !== null) return out;
  return (await lookAtKnown(context, plex, job)) ?? (await lookUp(context, plex, job));
}

/** By the index alone, which may be old. */
export function likelyItem(context: Knowledge, job: KnownScene): Match {
  return matchBeside(context, job, []);
}

async function lookAtKnown(
  context: Knowledge,
  plex: ReadPlex,
  job: KnownScene,
): Promise<Found | Unmatched | null> {
  const keys = knownKeys(job);
  if (keys.length === 0) return null;
  const read = { items: await plex.items(keys) };
  if (job.pin?.kind === 'item') return provenPin(plex, job.pin, read);
  const { db } = context;
  const isFree = ({ item }: Found): boolean => pinnedTo(db, item.ratingKey, job.scene.id) === null;
  const linked = provenLinks(context, plex, job, read).find(isFree);
  if (linked !== undefined) return linked;
  const found = provenMemory(context, plex, job, read);
  if (found === null || isOutdone(context, job, found)) return null;
  const claim = claimOn(context, job, {
    ...found.item,
    ...found,
    parts: partKeys(found.item.parts),
  });
  if (claim.kind === 'not-ours') return null;
  return claim.kind === 'granted' ? found : claimed(found, claim);
}

/** Each round leaves out an item that is another scene's, or is not what the index says. */
const roundsAtMost = 5;

async function lookUp(
  context: Knowledge,
  plex: ReadPlex,
  job: KnownScene,
): Promise<Found | Unmatched> {
  const not: string[] = [];
  for (let round = 0; round < roundsAtMost; round += 1) {
    const match = matchBeside(context, job, not);
    if (match.kind === 'none') return nothingFor(job);
    if (match.kind === 'review') return match;
    const { best } = match;
    const item = (await plex.items([best.ratingKey])).get(best.ratingKey);
    const proven = item === undefined ? null : provenMatch(context, job, best, item);
    if (proven !== null) return proven;
    if (not.includes(best.ratingKey)) break;
    not.push(best.ratingKey);
  }
  return nothingFor(job);
}

/** @param known rating keys that are not the scene's */
function matchBeside(context: Knowledge, job: KnownScene, known: readonly string[]): Match {
  const not = [...known];
  for (let round = 0; round < roundsAtMost; round += 1) {
    const match = matchOfScene(context, job, not);
    if (match.kind !== 'item') return match;
    const { best } = match;
    const parts = partsOfItem(context.db, best.ratingKey);
    const claim = claimOn(context, job, { ...best, evidence: best, parts });
    if (claim.kind === 'granted') return match;
    if (claim.kind === 'review') return contested(best, claim);
    not.push(best.ratingKey);
  }
  return { kind: 'none' };
}

function claimOn(
  context: Knowledge,
  { scene, state }: KnownScene,
  { ratingKey, evidence, parts }: Pick<Claimant, 'ratingKey' | 'evidence' | 'parts'>,
): Claim {
  const isOwner = state?.noItemReason === null && state.ratingKey === ratingKey;
  return decideNow(context, { sceneId: scene.id, ratingKey, evidence, parts, isOwner });
}
