// Step "match" for scenes without a known item: which item of the index is theirs.
import type { Claim } from '../../domain/match/claim.ts';
import {
  type Candidate,
  isSameFile,
  type Match,
  matchParts,
  type PartKeys,
  scores,
} from '../../domain/match/match.ts';
import { pathKey } from '../../domain/match/pathMapping.ts';
import {
  furtherCandidates,
  partsLike,
  partsOfItem,
  sureCandidates,
} from '../../store/match/candidate.ts';
import { index, readState } from '../../store/file/state.ts';
import { decideClaims } from './claims.ts';
import type { DrainContext } from '../base/context.ts';
import type { SceneJob, KnownScene } from '../base/job.ts';
import { refreshIndex } from './libraryIndex.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';
import { readItems } from '../read/readItems.ts';

/**
 * A scene that Plex may have scanned just now is looked up anew, two cheap requests, but not more
 * often than this: a thousand scenes that Plex does not have must not cost two thousand.
 */
const refreshAtMostEveryMs = 2_000;
/** Items read at once to see which of several that fit is still there. */
const rivalsAtMost = 50;

/**
 * The match of each job by its row's key, claims of other scenes considered.
 * @throws PlexSyncError when Plex or Stash failed
 */
export async function lookUp(
  context: DrainContext,
  plex: PlexIdentity,
  jobs: readonly SceneJob[],
): Promise<ReadonlyMap<string, Match>> {
  const { db, clock } = context;
  let matches = matchAll(context, jobs);
  const missed = [...matches.values()].some((match) => match.kind !== 'item');
  const refreshedAt = readState(db, index)?.refreshedAt ?? 0;
  if (missed && clock.now() - refreshedAt >= refreshAtMostEveryMs) {
    await refreshIndex(context, plex);
    matches = matchAll(context, jobs);
  }
  if (await dropVanished(context, matches)) matches = matchAll(context, jobs);
  return await considerClaims(context, jobs, matches);
}

function matchAll(context: DrainContext, jobs: readonly SceneJob[]): Map<string, Match> {
  return new Map(jobs.map((job) => [job.row.key, matchOfScene(context, job, [])]));
}

/** @param not rating keys that are surely other scenes' */
export function matchOfScene(
  context: Pick<DrainContext, 'db' | 'settings'>,
  job: KnownScene,
  not: readonly string[],
): Match {
  return job.pin?.kind === 'item'
    ? findPinned(context, job.pin.files)
    : matchOne(context, job, not);
}

/** @param not rating keys that are surely other scenes' */
export function matchOne(
  { db, settings }: Pick<DrainContext, 'db' | 'settings'>,
  { files, text }: Pick<SceneJob, 'files' | 'text'>,
  not: readonly string[],
): Match {
  const threshold = settings.matchThreshold;
  const allowed = (part: { readonly ratingKey: string }): boolean => !not.includes(part.ratingKey);
  const sure = sureCandidates(db, files).filter(allowed);
  const match = matchParts(files, sure, threshold);
  if (match.kind !== 'none' && !(match.kind === 'review' && match.reason === 'unsure')) {
    return match;
  }
  const further = furtherCandidates(db, files, text).filter(allowed);
  return matchParts(files, [...sure, ...further], threshold);
}

/** The item that was chosen, known again by its files under another rating key. */
function findPinned({ db }: Pick<DrainContext, 'db'>, files: readonly PartKeys[]): Match {
  const found = new Map<string, Candidate>();
  for (const file of files) {
    for (const part of partsLike(db, file)) {
      if (!isSameFile(file, part)) continue;
      const { ratingKey, sectionId, title, file: path } = part;
      const why = 'chosen, and known again by its file';
      const evidence = { how: 'pin', score: scores.pin, why } as const;
      found.set(ratingKey, { ...evidence, ratingKey, sectionId, title, file: path });
    }
  }
  // Of copies, the one at its path.
  const atPath = [...found.values()].filter((candidate) =>
    files.some((file) => file.path === pathKey(candidate.file)),
  );
  const [only, ...more] = atPath.length > 0 ? atPath : [...found.values()];
  if (only === undefined || more.length > 0) {
    return { kind: 'review', reason: 'pin-gone', candidates: [...found.values()] };
  }
  return { kind: 'item', best: only };
}

/**
 * A file that Plex scanned anew stands in the index under its old item and its new one until the
 * next whole walk: where several items fit, those that Plex has no more are taken out.
 * @returns whether any was
 */
async function dropVanished(
  context: DrainContext,
  matches: ReadonlyMap<string, Match>,
): Promise<boolean> {
  const rivals = new Set<string>();
  for (const match of matches.values()) {
    if (match.kind !== 'review' || match.reason === 'unsure') continue;
    for (const candidate of match.candidates) rivals.add(candidate.ratingKey);
  }
  const keys = [...rivals].slice(0, rivalsAtMost);
  if (keys.length === 0) return false;
  const { items, failures } = await readItems(context, keys);
  return keys.some((key) => !items.has(key) && !failures.has(key));
}

export function contested(best: Candidate, claim: Extract<Claim, { kind: 'review' }>): Match {
  const why = `${best.why}; scene ${claim.by} fits it too`;
  return { kind: 'review', reason: claim.reason, candidates: [{ ...best, why }] };
}

/** Items that are other scenes' are no candidates; what is undecided among scenes is a person's. */
async function considerClaims(
  context: DrainContext,
  jobs: readonly SceneJob[],
  matches: Map<string, Match>,
): Promise<ReadonlyMap<string, Match>> {
  const notTheirs = new Map<string, string[]>();
  let open = jobs;
  // Each round takes an item away from a scene, so it ends; a scene with many copies gives up.
  for (let round = 0; round < 5 && open.length > 0; round += 1) {
    const asked = open.flatMap((job) => {
      const match = matches.get(job.row.key);
      return match?.kind === 'item' ? [{ job, best: match.best }] : [];
    });
    const claims = await decideClaims(
      context,
      asked.map(({ job, best }) => ({
        sceneId: job.scene.id,
        ratingKey: best.ratingKey,
        evidence: best,
        isOwner: job.state?.noItemReason === null && job.state.ratingKey === best.ratingKey,
        parts: partsOfItem(context.db, best.ratingKey),
      })),
    );
    const again: SceneJob[] = [];
    asked.forEach(({ job, best }, at) => {
      const claim = claims[at];
      const key = job.row.key;
      if (claim?.kind === 'review') {
        matches.set(key, contested(best, claim));
      } else if (claim?.kind === 'not-ours') {
        const not = [...(notTheirs.get(key) ?? []), best.ratingKey];
        notTheirs.set(key, not);
        matches.set(key, matchOne(context, job, not));
        again.push(job);
      }
    });
    open = again;
  }
  for (const job of open) matches.set(job.row.key, { kind: 'none' });
  return matches;
}
