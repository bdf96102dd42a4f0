// Scenes for which no item can be written to: each is recorded with its reason, and finished. What
// a person has to choose goes to the review list; what Plex has not scanned yet is awaited.
import { noItemCauses } from '../../contract/causes.ts';
import type { Gate } from '../../domain/mirror/gate.ts';
import type { Candidate, NoItemReason, ReviewReason } from '../../domain/match/match.ts';
import { folderHolding } from '../../domain/match/libraryFolders.ts';
import { hasUnanalysed } from '../../store/match/awaitedPart.ts';
import { noteOutcome } from '../../store/queue/outcome.ts';
import { dropReview, putReview } from '../../store/match/review.ts';
import { finish } from '../../store/queue/queueSettle.ts';
import { recordNoItem } from '../../store/mirror/sceneState.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from '../base/context.ts';
import { named } from '../base/named.ts';
import type { SceneJob } from '../base/job.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';
import { freeItems } from './free.ts';
import { askForScan } from './folderScan.ts';
import { recordEntities } from '../../store/queue/entity.ts';
import { entitiesOf } from '../read/readScenes.ts';

export type Unmatched =
  | { readonly kind: 'none' }
  | { readonly kind: 'excluded' }
  | { readonly kind: 'gated'; readonly gate: Gate }
  | {
      readonly kind: 'review';
      readonly reason: ReviewReason;
      readonly candidates: readonly Candidate[];
    };

export async function settleUnmatched(
  context: DrainContext,
  plex: PlexIdentity,
  jobs: readonly SceneJob[],
  unmatched: ReadonlyMap<string, Unmatched>,
): Promise<void> {
  const { db, clock } = context;
  const waiting: SceneJob[] = [];
  const now = clock.now();
  transaction(db, () => {
    for (const job of jobs) {
      const outcome = unmatched.get(job.row.key);
      if (outcome === undefined) continue;
      const reason = reasonOf(context, plex, job, outcome);
      if (outcome.kind === 'review') review(context, job, outcome, now);
      else dropReview(db, job.scene.id);
      const awaited = reason === 'waiting' || mayStillCome(plex, job, outcome);
      recordNoItem(db, job.scene.id, reason, awaited, now);
      recordEntities(db, job.scene.id, entitiesOf(job.scene));
      const had = job.state?.noItemReason === null ? job.state.ratingKey : null;
      if (had !== null) freeItems(context, [had], job.scene.id, job.row.correlation);
      finish(db, job.row, now);
      noteOutcome(db, 'without-item', now);
      if (awaited) waiting.push(job);
      if (outcome.kind === 'gated') tell(context, job, reason, outcome.gate.words);
      else if (outcome.kind !== 'review') tell(context, job, reason, noItemCauses[reason].because);
    }
  });
  await askForScan(context, plex, waiting);
}

/** Why the scene has no item. */
export function reasonOf(
  { db }: Pick<DrainContext, 'db'>,
  plex: Pick<PlexIdentity, 'sections'>,
  job: Pick<SceneJob, 'files'>,
  outcome: Unmatched,
): NoItemReason {
  if (outcome.kind !== 'none') return outcome.kind;
  if (job.files.length === 0) return 'no-file';
  const mayBeThere = job.files.some((file) => hasUnanalysed(db, file.name));
  return mayBeThere || isInside(plex, job) ? 'waiting' : 'outside';
}

/** What fits badly may be an older file, and the right one on its way; what was chosen may return. */
function mayStillCome(plex: PlexIdentity, job: SceneJob, outcome: Unmatched): boolean {
  if (outcome.kind !== 'review') return false;
  if (outcome.reason === 'pin-gone') return true;
  return outcome.reason === 'unsure' && isInside(plex, job);
}

/** A library that does not tell its folders may hold anything. */
function isInside(
  { sections }: Pick<PlexIdentity, 'sections'>,
  job: Pick<SceneJob, 'files'>,
): boolean {
  if (sections.some((section) => section.locations.length === 0)) return true;
  const folders = sections.flatMap((section) => section.locations);
  return job.files.some((file) => folderHolding(file.plexPath, folders) !== null);
}

function review(
  { db, log }: DrainContext,
  job: SceneJob,
  { reason, candidates }: Extract<Unmatched, { kind: 'review' }>,
  now: number,
): void {
  const { scene, row } = job;
  const path = scene.files[0]?.path ?? '';
  const isNew = putReview(
    db,
    { sceneId: scene.id, reason, title: scene.title ?? '', path, candidates },
    now,
  );
  if (!isNew) return;
  const items = candidates.map(
    ({ ratingKey, score, why }) => `item ${ratingKey} (${score}: ${why})`,
  );
  log.write('warn', 'review', `${reviewWords[reason]}: ${items.join('; ') || 'no candidate'}`, {
    ...named(row),
    reason,
  });
}

export const reviewWords: Readonly<Record<ReviewReason, string>> = {
  unsure: 'No Plex item fits surely enough',
  'several-items': 'Several Plex items fit equally well',
  'several-scenes': 'Several scenes fit the Plex item equally well',
  taken: 'The Plex item is another scene’s',
  'pin-gone': 'The Plex item that was chosen is gone',
};

function tell({ log }: DrainContext, { row }: SceneJob, reason: NoItemReason, words: string): void {
  log.write('info', 'no-item', `No Plex item for the scene: ${words}`, {
    ...named(row),
    reason,
  });
}
