// Steps "match" and "read Plex": which item is a scene's, and what that item has now. A pin goes
// first, then a link that an older tool left, then the remembered item: each is read and verified.
// What is left is looked up in the index.
import type { Claim } from '../domain/claim.ts';
import {
  compareAll,
  type Evidence,
  type Match,
  scores,
  verifyRemembered,
} from '../domain/match.ts';
import type { PlexItem } from '../domain/plexItem.ts';
import { ratingKeysInUrls } from '../domain/urlPin.ts';
import { type Pin, pinItem, pinnedTo, renewPin } from '../store/pin.ts';
import { hasOtherAt } from '../store/plexPart.ts';
import { transaction } from '../store/sql.ts';
import { decideClaims } from './claims.ts';
import type { DrainContext } from './context.ts';
import type { MatchedJob, SceneJob, Suspect } from './job.ts';
import type { PlexIdentity } from './libraryIndex.ts';
import { lookUp } from './lookUp.ts';
import { ownValues } from './ownValues.ts';
import { type ItemsRead, readItems } from './readItems.ts';
import { partKeys } from './sceneKeys.ts';
import { settleUnmatched, type Unmatched } from './unmatched.ts';

export interface Resolved {
  readonly matched: readonly MatchedJob[];
  /** Items that could not even be read while others could. */
  readonly suspects: readonly Suspect[];
}

/** Links that are tried per scene. */
const linksAtMost = 3;

/**
 * Jobs with their items. Scenes without one are recorded with the reason, and finished.
 * @throws PlexSyncError when Plex failed as a server, or Stash
 */
export async function resolve(
  context: DrainContext,
  plex: PlexIdentity,
  all: readonly SceneJob[],
): Promise<Resolved> {
  const found = new Map<string, Found>();
  const suspects = new Map<string, Suspect>();
  const unmatched = new Map<string, Unmatched>();
  const jobs = all.filter((job) => job.pin?.kind !== 'never');
  for (const job of all) {
    if (job.pin?.kind === 'never') unmatched.set(job.row.key, { kind: 'excluded' });
  }

  const known = await readItems(context, jobs.flatMap(knownKeys));
  const remembered: { readonly job: SceneJob; readonly found: Found }[] = [];
  for (const job of jobs) {
    const verified = verifyKnown(context, job, known);
    if (verified === null) continue;
    if (verified.kind === 'suspect') suspects.set(job.row.key, verified.suspect);
    else if (verified.certain) found.set(job.row.key, verified);
    else if (isOutdone(context, job, verified)) continue;
    else remembered.push({ job, found: verified });
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
  remembered.forEach(({ job, found: kept }, at) => {
    const claim = claims[at];
    if (claim?.kind === 'granted') found.set(job.row.key, kept);
    else if (claim?.kind === 'review') unmatched.set(job.row.key, claimed(kept, claim));
  });

  const open = jobs.filter(
    ({ row }) => !found.has(row.key) && !suspects.has(row.key) && !unmatched.has(row.key),
  );
  await lookUpAll(context, plex, open, { found, suspects, unmatched });
  oneScenePerItem(jobs, found, unmatched);
  await settleUnmatched(context, plex, all, unmatched);
  return { matched: matchedJobs(context, jobs, found), suspects: [...suspects.values()] };
}

interface Outcomes {
  readonly found: Map<string, Found>;
  readonly suspects: Map<string, Suspect>;
  readonly unmatched: Map<string, Unmatched>;
}

/** An item of the index that Plex has no more leaves it; then the next best is looked for, once. */
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
    const vanished: SceneJob[] = [];
    for (const job of open) {
      const outcome = verifyMatch(context, job, matches.get(job.row.key), items);
      if (outcome.kind === 'found') outcomes.found.set(job.row.key, outcome);
      else if (outcome.kind === 'suspect') outcomes.suspects.set(job.row.key, outcome.suspect);
      else if (outcome.kind === 'vanished') vanished.push(job);
      else outcomes.unmatched.set(job.row.key, outcome);
    }
    open = vanished;
  }
  for (const job of open) outcomes.unmatched.set(job.row.key, nothingFor(job));
}

/** A choice is never replaced by a guess. */
function nothingFor({ pin }: SceneJob): Unmatched {
  return pin === null ? { kind: 'none' } : { kind: 'review', reason: 'pin-gone', candidates: [] };
}

interface Found {
  readonly kind: 'found';
  readonly item: PlexItem;
  readonly evidence: Evidence;
  /** A person's choice: no other scene's claim counts. */
  readonly certain: boolean;
}
interface Suspected {
  readonly kind: 'suspect';
  readonly suspect: Suspect;
}

function knownKeys(job: SceneJob): readonly string[] {
  if (job.pin?.kind === 'item') return [job.pin.ratingKey];
  const remembered = job.state?.ratingKey ?? null;
  return [...linkedKeys(job), ...(remembered === null ? [] : [remembered])];
}

function linkedKeys(job: SceneJob): readonly string[] {
  // The link added last is the likeliest to hold.
  return job.pin === null
    ? ratingKeysInUrls(job.scene.urls).toReversed().slice(0, linksAtMost)
    : [];
}

function verifyKnown(
  context: DrainContext,
  job: SceneJob,
  read: ItemsRead,
): Found | Suspected | null {
  if (job.pin?.kind === 'item') return verifyPin(context, job, job.pin, read);
  return verifyLink(context, job, read) ?? verifyMemory(context, job, read);
}

/** A rating key alone proves nothing: a Plex set up anew gives it to another item. */
function verifyPin(
  { db }: DrainContext,
  job: SceneJob,
  pin: Extract<Pin, { kind: 'item' }>,
  read: ItemsRead,
): Found | Suspected | null {
  const error = read.failures.get(pin.ratingKey);
  if (error !== undefined) return { kind: 'suspect', suspect: { row: job.row, error } };
  const item = read.items.get(pin.ratingKey);
  if (item === undefined) return null;
  const parts = partKeys(item.parts);
  const files = pin.files.map((file) => ({
    ...file,
    plexPath: file.path,
    size: file.size ?? Number.NaN,
  }));
  const same = compareAll(files, parts);
  if (same === null) return null;
  transaction(db, () => renewPin(db, job.scene.id, { ...item, files: parts }));
  const why = pin.source === 'url' ? 'a link at the scene names it' : 'a person chose it';
  const evidence: Evidence = { how: 'pin', score: scores.pin, why };
  return { kind: 'found', item, evidence, certain: true };
}

/** A link that an older tool left becomes a pin once the item proves to hold the scene's file. */
function verifyLink(context: DrainContext, job: SceneJob, read: ItemsRead): Found | null {
  const { db, clock, log, settings } = context;
  for (const key of linkedKeys(job)) {
    const item = read.items.get(key);
    if (item === undefined || pinnedTo(db, key, job.scene.id) !== null) continue;
    const parts = partKeys(item.parts);
    if (verifyRemembered(job.files, parts, settings.matchThreshold) === null) continue;
    const pinned = {
      ratingKey: key,
      sectionId: item.sectionId,
      source: 'url',
      files: parts,
    } as const;
    transaction(db, () => pinItem(db, job.scene.id, pinned, clock.now()));
    log.write('info', 'pin', 'A link at the scene names its item, and the file proves it', {
      cid: job.row.correlation,
      key: job.row.key,
      item: key,
    });
    const evidence: Evidence = {
      how: 'url',
      score: scores.pin,
      why: 'a link at the scene names it',
    };
    return { kind: 'found', item, evidence, certain: true };
  }
  return null;
}

function verifyMemory(
  { settings }: DrainContext,
  job: SceneJob,
  read: ItemsRead,
): Found | Suspected | null {
  const key = job.state?.ratingKey ?? null;
  if (key === null) return null;
  const error = read.failures.get(key);
  if (error !== undefined) return { kind: 'suspect', suspect: { row: job.row, error } };
  const item = read.items.get(key);
  if (item === undefined) return null;
  const evidence = verifyRemembered(job.files, partKeys(item.parts), settings.matchThreshold);
  return evidence === null ? null : { kind: 'found', item, evidence, certain: false };
}

/**
 * A remembered item that is known by other signs than its path, while another item lies at that very
 * path: Plex has made a new item of a moved file, and keeps the old one until its trash is emptied.
 */
function isOutdone({ db }: DrainContext, job: SceneJob, { item, evidence }: Found): boolean {
  if (evidence.how === 'path') return false;
  return job.files.some((file) => hasOtherAt(db, file.plexPath, item.ratingKey));
}

/** The index may be old: what counts is what the item itself shows. */
function verifyMatch(
  { db, settings }: DrainContext,
  job: SceneJob,
  match: Match | undefined,
  read: ItemsRead,
): Found | Suspected | Unmatched | { readonly kind: 'vanished' } {
  if (match === undefined || match.kind === 'none') return nothingFor(job);
  if (match.kind === 'review') return match;
  const { best } = match;
  const error = read.failures.get(best.ratingKey);
  if (error !== undefined) return { kind: 'suspect', suspect: { row: job.row, error } };
  const item = read.items.get(best.ratingKey);
  if (item === undefined) return { kind: 'vanished' };
  if (best.how === 'pin') {
    const by = pinnedTo(db, item.ratingKey, job.scene.id);
    const own: Found = { kind: 'found', item, evidence: best, certain: true };
    if (by !== null) return claimed(own, { kind: 'review', reason: 'taken', by });
    const files = partKeys(item.parts);
    transaction(db, () => renewPin(db, job.scene.id, { ...item, files }));
    return own;
  }
  const evidence = compareAll(job.files, partKeys(item.parts));
  if (evidence !== null && evidence.score >= settings.matchThreshold) {
    return { kind: 'found', item, evidence, certain: false };
  }
  const candidates = evidence === null ? [] : [{ ...best, ...evidence }];
  return evidence === null ? { kind: 'none' } : { kind: 'review', reason: 'unsure', candidates };
}

function claimed({ item, evidence }: Found, claim: Extract<Claim, { kind: 'review' }>): Unmatched {
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
