// Steps "match" and "read Plex": which item is a scene's, and what that item has now. A remembered
// item is verified by its files; one that is gone or holds other files is looked up again, once.
import { isPlexSyncError, type PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { isSuspect } from '../domain/failure.ts';
import { holdsFile, type Match, matchParts } from '../domain/match.ts';
import type { PlexItem } from '../domain/plexItem.ts';
import { candidates, dropItem } from '../store/plexPart.ts';
import { finish } from '../store/queue.ts';
import { recordNoItem } from '../store/sceneState.ts';
import { transaction } from '../store/sql.ts';
import { index, readState } from '../store/state.ts';
import type { DrainContext } from './context.ts';
import type { MatchedJob, SceneJob, Suspect } from './job.ts';
import { type PlexIdentity, refreshIndex } from './libraryIndex.ts';

/**
 * A scene that Plex may have scanned just now is looked up anew, two cheap requests, but not more
 * often than this: a thousand scenes that Plex does not have must not cost two thousand.
 */
const refreshAtMostEveryMs = 2_000;
/** Items read at once to see which of several that fit is still there. */
const rivalsAtMost = 50;

export interface Resolved {
  readonly matched: readonly MatchedJob[];
  /** Items that could not even be read while others could. */
  readonly suspects: readonly Suspect[];
}

/**
 * Jobs with their items. Scenes without one are recorded with the reason, and finished.
 * @throws PlexSyncError when Plex failed as a server
 */
export async function resolve(
  context: DrainContext,
  plex: PlexIdentity,
  jobs: readonly SceneJob[],
): Promise<Resolved> {
  const remembered = await readItems(context, jobs, rememberedKey);
  const open = jobs.filter(
    (job) => !remembered.matched.has(job.row.key) && !remembered.suspects.has(job.row.key),
  );
  const found = open.length > 0 ? await lookUp(context, plex, open) : nothing;
  const matched = jobs.flatMap((job) => {
    const viaMemory = remembered.matched.get(job.row.key);
    if (viaMemory !== undefined) return [{ ...job, ...viaMemory }];
    const viaIndex = found.matched.get(job.row.key);
    return viaIndex === undefined ? [] : [{ ...job, ...viaIndex }];
  });
  return { matched, suspects: [...remembered.suspects.values(), ...found.suspects.values()] };
}

type Found = Pick<MatchedJob, 'item' | 'matchedBy'>;
interface Reading {
  readonly matched: ReadonlyMap<string, Found>;
  readonly suspects: ReadonlyMap<string, Suspect>;
}
const nothing: Reading = { matched: new Map(), suspects: new Map() };

interface Target {
  readonly ratingKey: string;
  readonly matchedBy: MatchedJob['matchedBy'];
}

function rememberedKey(job: SceneJob): Target | null {
  const ratingKey = job.state?.ratingKey ?? null;
  return ratingKey === null ? null : { ratingKey, matchedBy: 'remembered' };
}

async function lookUp(
  context: DrainContext,
  plex: PlexIdentity,
  jobs: readonly SceneJob[],
): Promise<Reading> {
  const { db, clock } = context;
  let matches = matchAll(context, jobs);
  const missed = [...matches.values()].some(isMissing);
  const refreshedAt = readState(db, index)?.refreshedAt ?? 0;
  if (missed && clock.now() - refreshedAt >= refreshAtMostEveryMs) {
    await refreshIndex(context, plex);
    matches = matchAll(context, jobs);
  }
  if (await dropVanished(context, jobs, matches)) matches = matchAll(context, jobs);
  const reading = await readItems(context, jobs, (job) => {
    const match = matches.get(job.row.key);
    if (match?.kind !== 'item') return null;
    return { ratingKey: match.ratingKey, matchedBy: match.how };
  });
  settleUnmatched(context, jobs, matches, reading);
  return reading;
}

function matchAll({ db }: DrainContext, jobs: readonly SceneJob[]): ReadonlyMap<string, Match> {
  return new Map(
    jobs.map((job) => [job.row.key, matchParts(job.files, candidates(db, job.files))]),
  );
}

/**
 * A file that Plex scanned anew stands in the index under its old item and its new one until the
 * next whole walk: where several items fit, those that Plex has no more are taken out.
 * @returns whether any was
 */
async function dropVanished(
  context: DrainContext,
  jobs: readonly SceneJob[],
  matches: ReadonlyMap<string, Match>,
): Promise<boolean> {
  const rivals = new Set<string>();
  for (const job of jobs) {
    const match = matches.get(job.row.key);
    if (match?.kind !== 'none' || match.reason !== 'ambiguous') continue;
    for (const candidate of candidates(context.db, job.files)) rivals.add(candidate.ratingKey);
  }
  const keys = [...rivals].slice(0, rivalsAtMost);
  if (keys.length === 0) return false;
  const { items, failures } = await readTogetherOrSingly(context, keys);
  const gone = keys.filter((key) => !items.has(key) && !failures.has(key));
  for (const key of gone) dropItem(context.db, key);
  return gone.length > 0;
}

function isMissing(match: Match): boolean {
  return match.kind === 'none' && match.reason === 'not-in-plex';
}

function settleUnmatched(
  { db, clock, log }: DrainContext,
  jobs: readonly SceneJob[],
  matches: ReadonlyMap<string, Match>,
  reading: Reading,
): void {
  const now = clock.now();
  transaction(db, () => {
    for (const job of jobs) {
      if (reading.matched.has(job.row.key) || reading.suspects.has(job.row.key)) continue;
      const match = matches.get(job.row.key);
      // An item of the index that Plex has no more is as good as none: it was dropped just now.
      const reason = match?.kind === 'none' ? match.reason : 'not-in-plex';
      recordNoItem(db, job.scene.id, reason, job.files, now);
      finish(db, job.row, now);
      log.write('info', 'no-item', `No Plex item for the scene: ${reason}`, {
        cid: job.row.correlation,
        key: job.row.key,
        reason,
      });
    }
  });
}

/** Reads the items of all targets in one request; keeps those that hold a file of their scene. */
async function readItems(
  context: DrainContext,
  jobs: readonly SceneJob[],
  targetOf: (job: SceneJob) => Target | null,
): Promise<Reading> {
  const targets = new Map<string, Target>();
  for (const job of jobs) {
    const target = targetOf(job);
    if (target !== null) targets.set(job.row.key, target);
  }
  if (targets.size === 0) return nothing;
  const keys = [...new Set([...targets.values()].map((target) => target.ratingKey))];
  const { items, failures } = await readTogetherOrSingly(context, keys);
  const matched = new Map<string, Found>();
  const suspects = new Map<string, Suspect>();
  for (const job of jobs) {
    const target = targets.get(job.row.key);
    if (target === undefined) continue;
    const error = failures.get(target.ratingKey);
    const item = items.get(target.ratingKey);
    if (error !== undefined) {
      suspects.set(job.row.key, { row: job.row, error });
    } else if (item === undefined) {
      dropItem(context.db, target.ratingKey);
    } else if (holdsFile(item.parts, job.files)) {
      matched.set(job.row.key, { item, matchedBy: target.matchedBy });
    }
  }
  return { matched, suspects };
}

interface ItemsRead {
  readonly items: ReadonlyMap<string, PlexItem>;
  readonly failures: ReadonlyMap<string, PlexSyncError>;
}

/**
 * One item that Plex cannot read must not hold up 49 others: if the server itself is well, each is
 * read on its own.
 * @throws PlexSyncError when the server is not well
 */
async function readTogetherOrSingly(
  { plex }: DrainContext,
  keys: readonly string[],
): Promise<ItemsRead> {
  try {
    return { items: await plex.items(keys), failures: new Map() };
  } catch (error) {
    if (!isPlexSyncError(error) || !isSuspect(error.code)) throw error;
    await plex.server();
    if (keys.length === 1) {
      return { items: new Map(), failures: new Map(keys.map((key) => [key, error])) };
    }
  }
  const items = new Map<string, PlexItem>();
  const failures = new Map<string, PlexSyncError>();
  for (const key of keys) {
    try {
      for (const [found, item] of await plex.items([key])) items.set(found, item);
    } catch (error) {
      const failure = toPlexSyncError(error);
      if (!isSuspect(failure.code)) throw failure;
      failures.set(key, failure);
    }
  }
  // Every one of several failing is the server's doing.
  const first = failures.values().next();
  if (failures.size === keys.length && first.done !== true) throw first.value;
  return { items, failures };
}
