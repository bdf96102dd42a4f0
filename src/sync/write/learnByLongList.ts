// Learns by a list that takes several requests whether this Plex adds tags or replaces them, where
// that is not known yet; see `longLists.ts`.
import { tagKey } from '../../domain/base/text.ts';
import type { TagField } from '../../domain/base/plexItem.ts';
import { recordKnownPushed } from '../../store/mirror/atStake.ts';
import { sceneState } from '../../store/mirror/sceneState.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlannedJob, WriteJob } from '../base/job.ts';
import { longLists, modeByParts } from './longLists.ts';
import type { TagKnowledge } from './tagKnowledge.ts';
import { isOver, type Tally } from '../base/tally.ts';
import { readWritten } from './readWritten.ts';
import { aloneWith, writeAll } from './write.ts';
import { guarded } from './writeGroups.ts';

export interface LearntByLists {
  readonly done: readonly WriteJob[];
  readonly rest: readonly WriteJob[];
  /** To be read and decided upon anew: their lists have to be cut, as is known now. */
  readonly again: readonly WriteJob[];
  readonly begun: number;
}

/** Makes the first such write of each kind. */
export async function learnByLongLists(
  context: DrainContext,
  knowledge: TagKnowledge,
  jobs: readonly WriteJob[],
  tally: Tally<WriteJob>,
): Promise<LearntByLists> {
  const { one: before } = knowledge.modes;
  const done: WriteJob[] = [];
  const again: WriteJob[] = [];
  const rest: WriteJob[] = [];
  let begun = 0;
  for (const job of jobs) {
    const unknown = (field: TagField): boolean => knowledge.modes.one[field] === undefined;
    const fields = job.kind === 'mirror' && !isOver(tally) ? longLists(job, unknown) : [];
    if (job.kind !== 'mirror' || fields.length === 0) {
      rest.push(job);
      continue;
    }
    begun += 1;
    const outcome = await sendParts(context, knowledge, job, fields, tally);
    if (outcome.kind === 'done') done.push(job);
    if (outcome.kind === 'again') again.push(outcome.job);
  }
  const cutNow = (field: TagField): boolean =>
    before[field] === undefined && knowledge.modes.one[field] === 'replace';
  const isToCut = (job: WriteJob): boolean =>
    job.kind === 'mirror' && longLists(job, cutNow).length > 0;
  return {
    done,
    rest: rest.filter((job) => !isToCut(job)),
    again: [...again, ...rest.filter(isToCut)],
    begun,
  };
}

type Outcome =
  | { readonly kind: 'done' | 'failed' }
  | { readonly kind: 'again'; readonly job: PlannedJob };

async function sendParts(
  context: DrainContext,
  knowledge: TagKnowledge,
  job: PlannedJob,
  fields: readonly TagField[],
  tally: Tally<WriteJob>,
): Promise<Outcome> {
  const { db } = context;
  const { edit, pushedBefore } = job.decision;
  recordKnownPushed(db, job.scene.id, withoutStanding(job, fields));
  const group = guarded(aloneWith<WriteJob>(job, edit === null ? [] : [edit]), knowledge.modes);
  if ((await writeAll(context, [group], tally)).done.length === 0) return { kind: 'failed' };
  const now = (await readWritten(context, [job], tally)).get(job);
  if (now === undefined) return { kind: 'failed' };
  for (const field of fields) {
    const mode = modeByParts(job, field, now);
    if (mode !== null) knowledge.learn('one', field, mode);
  }
  if (fields.some((field) => knowledge.modes.one[field] === 'replace')) {
    const state = sceneState(db, job.scene.id);
    // As a life after a kill would find it.
    if (state !== null) return { kind: 'again', job: { ...job, values: state } };
  }
  transaction(db, () => recordKnownPushed(db, job.scene.id, pushedBefore));
  return { kind: 'done' };
}

/** Without what may be missing from Plex for a moment; what a person took away stays on record. */
function withoutStanding(
  { item, decision }: PlannedJob,
  fields: readonly TagField[],
): PlannedJob['decision']['pushedBefore'] {
  const { scalars } = decision.pushedBefore;
  const tags = { ...decision.pushedBefore.tags };
  for (const field of fields) {
    const has = new Set(item.tags[field].map(tagKey));
    const own = tags[field];
    if (own !== undefined) tags[field] = own.filter((tag) => !has.has(tagKey(tag)));
  }
  return { scalars, tags };
}
