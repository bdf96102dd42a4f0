// Steps "match" and "read Plex": which item is a scene's, and what that item has now. What is known of
// it goes first; what is left is looked up in the index. Whatever the way, an item is written to only
// after it was read and its own files proved it.
import type { Claim } from '../../domain/match/claim.ts';
import { gateOf } from '../../domain/mirror/gate.ts';
import { type Candidate, compareAll, type Match } from '../../domain/match/match.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import { pinnedTo } from '../../store/match/pin.ts';
import { renewItem } from '../../store/match/plexPart.ts';
import type { QueueRow } from '../../store/queue/queue.ts';
import { transaction } from '../../store/file/sql.ts';
import { decideClaims } from './claims.ts';
import type { DrainContext } from '../base/context.ts';
import type { KnownScene, MatchedJob, SceneJob, Suspect } from '../base/job.ts';
import {
  type Found,
  holdsChosenFile,
  isOutdone,
  keepPin,
  knownKeys,
  type Rechosen,
  type Suspected,
  verifyKnown,
} from './known.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';
import { lookUp } from './lookUp.ts';
import { ownValues } from './ownValues.ts';
import { type ItemsRead, readItems } from '../read/readItems.ts';
import { partKeys } from '../read/sceneKeys.ts';
import { settleUnmatched, type Unmatched } from './unmatched.ts';

export interface Resolved {
  readonly matched: readonly MatchedJob[];
  /** Items that could not even be read while others could. */
  readonly suspects: readonly Suspect[];
  /** A person chose something else meanwhile: to be put back and read anew. */
  readonly rechosen: readonly QueueRow[];
}

interface Outcomes {
  readonly found: Map<string, Found>;
  readonly suspects: Map<string, Suspect>;
  readonly unmatched: Map<string, Unmatched>;
  readonly rechosen: Map<string, QueueRow>;
}

/**
 * Jobs with their items. Scenes without one are recorded with the reason, and finished.
 * @throws PlexSyncError when Plex failed as a server, or Stash
 */
export async function resolve(
  context: DrainContext,
  plex: PlexIdentity,
  all: readonly SceneJob[],
): Promise<Resolved> {
  const outcomes: Outcomes = {
    found: new Map(),
    suspects: new Map(),
    unmatched: new Map(),
    rechosen: new Map(),
  };
  const { found, suspects, unmatched, rechosen } = outcomes;
  const jobs: SceneJob[] = [];
  for (const job of all) {
    const gate = gateOf(job.scene, context.settings.gates);
    if (job.pin?.kind === 'never') unmatched.set(job.row.key, { kind: 'excluded' });
    else if (gate !== null) unmatched.set(job.row.key, { kind: 'gated', gate });
    else jobs.push(job);
  }
  await lookAtKnown(context, plex, jobs, outcomes);
  const open = jobs.filter(
    ({ row: { key } }) =>
      !found.has(key) && !suspects.has(key) && !unmatched.has(key) && !rechosen.has(key),
  );
  await lookUpAll(context, plex, open, outcomes);
  oneScenePerItem(jobs, found, unmatched);
  await settleUnmatched(context, plex, all, unmatched);
  return {
    matched: matchedJobs(context, jobs, found),
    suspects: [...suspects.values()],
    rechosen: [...rechosen.values()],
  };
}

async function lookAtKnown(
  context: DrainContext,
  plex: PlexIdentity,
  jobs: readonly SceneJob[],
  outcomes: Outcomes,
): Promise<void> {
  const read = await readItems(context, jobs.flatMap(knownKeys));
  const remembered: { readonly job: SceneJob; readonly found: Found }[] = [];
  for (const job of jobs) {
    const verified = verifyKnown(context, plex, job, read);
    if (verified === null) continue;
    if (verified.kind !== 'found' || verified.certain) note(outcomes, job, verified);
    else if (!isOutdone(context, job, verified)) remembered.push({ job, found: verified });
  }
  const claims = await decideClaims(
    context,
    remembered.map(({ job, found: { item, evidence } }) => ({
      sceneId: job.scene.id,
      ratingKey: item.ratingKey,
      evidence,
      isOwner: job.state?.noItemReason === null && job.state.ratingKey === item.ratingKey,
      parts: partKeys(item.parts),
    })),
  );
  remembered.forEach(({ job, found }, at) => {
    const claim = claims[at];
    if (claim?.kind === 'granted') note(outcomes, job, found);
    else if (claim?.kind === 'review') note(outcomes, job, claimed(found, claim));
  });
}

function note(
  outcomes: Outcomes,
  { row }: SceneJob,
  outcome: Found | Suspected | Rechosen | Unmatched,
): void {
  if (outcome.kind === 'found') outcomes.found.set(row.key, outcome);
  else if (outcome.kind === 'suspect') outcomes.suspects.set(row.key, outcome.suspect);
  else if (outcome.kind === 'rechosen') outcomes.rechosen.set(row.key, row);
  else outcomes.unmatched.set(row.key, outcome);
}

/** What the index is wrong about is put right in it, and the next best is looked for, once. */
async function lookUpAll(
  context: DrainContext,
  plex: PlexIdentity,
  jobs: readonly SceneJob[],
  outcomes: Outcomes,
): Promise<void> {
  let open = jobs;
  for (let round = 0; round < 2 && open.length > 0; round += 1) {
    const matches = await lookUp(context, plex, open);
    const items = await readItems(
      context,
      [...matches.values()].flatMap((match) => (match.kind === 'item' ? match.best.ratingKey : [])),
    );
    const again: SceneJob[] = [];
    for (const job of open) {
      const outcome = verifyMatch(context, job, matches.get(job.row.key), items);
      if (outcome.kind === 'look-again') again.push(job);
      else note(outcomes, job, outcome);
    }
    open = again;
  }
  for (const job of open) outcomes.unmatched.set(job.row.key, nothingFor(job));
}

/** A choice is never replaced by a guess. */
export function nothingFor({ pin }: Pick<KnownScene, 'pin'>): Unmatched {
  return pin === null ? { kind: 'none' } : { kind: 'review', reason: 'pin-gone', candidates: [] };
}

/** The index may be old: what counts is what the item itself shows. */
function verifyMatch(
  context: DrainContext,
  job: SceneJob,
  match: Match | undefined,
  read: ItemsRead,
): Found | Suspected | Rechosen | Unmatched | { readonly kind: 'look-again' } {
  if (match === undefined || match.kind === 'none') return nothingFor(job);
  if (match.kind === 'review') return match;
  const { best } = match;
  const error = read.failures.get(best.ratingKey);
  if (error !== undefined) return { kind: 'suspect', suspect: { row: job.row, error } };
  const item = read.items.get(best.ratingKey);
  if (item === undefined) return { kind: 'look-again' };
  const proven = provenMatch(context, job, best, item);
  if (proven === null) return correctIndex(context, item);
  if (proven.kind !== 'found' || !proven.certain) return proven;
  return keepPin(context, job, item) ? proven : { kind: 'rechosen' };
}

/** What the item itself shows; null if it is not what the index said. */
export function provenMatch(
  { db, settings }: Pick<DrainContext, 'db' | 'settings'>,
  job: KnownScene,
  best: Candidate,
  item: PlexItem,
): Found | Unmatched | null {
  if (job.pin?.kind === 'item') {
    if (!holdsChosenFile(job.pin.files, item)) return null;
    const own: Found = { kind: 'found', item, evidence: best, certain: true };
    const by = pinnedTo(db, item.ratingKey, job.scene.id);
    return by === null ? own : claimed(own, { kind: 'review', reason: 'taken', by });
  }
  const evidence = compareAll(job.files, partKeys(item.parts));
  if (evidence === null || evidence.score < settings.matchThreshold) return null;
  return { kind: 'found', item, evidence, certain: false };
}

/** The index said something else of the item than it shows. */
function correctIndex({ db }: DrainContext, item: Found['item']): { readonly kind: 'look-again' } {
  transaction(db, () => renewItem(db, item));
  return { kind: 'look-again' };
}

export function claimed(
  { item, evidence }: Found,
  claim: Extract<Claim, { kind: 'review' }>,
): Unmatched {
  const why = `${evidence.why}; scene ${claim.by} fits it too`;
  const file = item.parts[0]?.file ?? '';
  const { ratingKey, sectionId, scalars } = item;
  const candidate = { ...evidence, why, ratingKey, sectionId, title: scalars.title, file };
  return { kind: 'review', reason: claim.reason, candidates: [candidate] };
}

/** Whatever the claims said: within a batch, too, an item is one scene's. A choice goes first. */
function oneScenePerItem(
  jobs: readonly SceneJob[],
  found: Map<string, Found>,
  unmatched: Map<string, Unmatched>,
): void {
  const takenBy = new Map<string, { readonly job: SceneJob; readonly found: Found }>();
  const byCertainty = jobs.toSorted(
    (a, b) => Number(found.get(b.row.key)?.certain) - Number(found.get(a.row.key)?.certain),
  );
  for (const job of byCertainty) {
    const own = found.get(job.row.key);
    if (own === undefined) continue;
    const taken = takenBy.get(own.item.ratingKey);
    if (taken === undefined) {
      takenBy.set(own.item.ratingKey, { job, found: own });
      continue;
    }
    const claim = { kind: 'review', reason: 'taken', by: taken.job.scene.id } as const;
    unmatched.set(job.row.key, claimed(own, claim));
    found.delete(job.row.key);
  }
}

function matchedJobs(
  { db }: DrainContext,
  jobs: readonly SceneJob[],
  found: ReadonlyMap<string, Found>,
): readonly MatchedJob[] {
  return jobs.flatMap((job) => {
    const own = found.get(job.row.key);
    if (own === undefined) return [];
    const { item, evidence } = own;
    return [{ ...job, item, evidence, values: ownValues(db, job, item) }];
  });
}
