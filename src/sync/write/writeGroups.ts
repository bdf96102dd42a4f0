// Puts the writes of a batch into requests: equal ones together where that saves any.
import { groupEdits, fingerprint, sameOf, withStanding } from '../../domain/mirror/grouping.ts';
import { type ItemEdit, tagFields } from '../../domain/base/plexItem.ts';
import type { KnownModes } from '../../domain/mirror/tagMode.ts';
import { encodeEdit } from '../../plex/editQuery.ts';
import { ratingKeys } from '../../plex/ratingKeys.ts';
import type { PlannedWrite } from '../base/job.ts';
import { fitsOneRequest } from './longLists.ts';
import type { Tally } from '../base/tally.ts';
import { aloneWith, type WriteGroup } from './write.ts';

/**
 * The decided edits in as few requests as there can be. What failed before goes on its own: it would
 * take the others down with it.
 */
export function groupsOf<Job extends PlannedWrite>(
  jobs: readonly Job[],
  modes: KnownModes,
  { apart }: Pick<Tally<Job>, 'apart'>,
): readonly WriteGroup<Job>[] {
  return groupEdits(jobs, modes.many, (job) => goesAlone(job, apart)).flatMap((group) =>
    worthwhile(guarded({ jobs: group.jobs, edits: [group.edit], singly: wholeEdit }, modes), modes),
  );
}

/** The same for edits that are sent as they are. */
export function groupsOfEqual<Job extends PlannedWrite>(
  jobs: readonly Job[],
  editsOf: (job: Job) => readonly ItemEdit[],
  modes: KnownModes,
  { apart }: Pick<Tally<Job>, 'apart'>,
): readonly WriteGroup<Job>[] {
  const textOf = (job: Job): string =>
    (goesAlone(job, apart) ? job.row.key : '') + fingerprint(editsOf(job));
  return sameOf(jobs, textOf).flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return worthwhile(
      guarded({ jobs: same, edits: editsOf(first), singly: editsOf }, modes),
      modes,
    );
  });
}

/** The same, with what of the lists must not be lost where a list takes several requests. */
export function guarded<Job extends PlannedWrite>(
  { jobs, edits, singly }: WriteGroup<Job>,
  modes: KnownModes,
): WriteGroup<Job> {
  const guard =
    (whose: readonly Job[]) =>
    (edit: ItemEdit): ItemEdit =>
      withStanding(edit, whose, whose.length > 1 ? modes.many : modes.one);
  return { jobs, edits: edits.map(guard(jobs)), singly: (job) => singly(job).map(guard([job])) };
}

/** A row that was to blame, or may have been, is tried without company. */
export function goesAlone({ row }: PlannedWrite, apart: ReadonlySet<string>): boolean {
  return row.attempts > 0 || row.aloneFailures > 0 || apart.has(row.key);
}

function wholeEdit({ decision }: PlannedWrite): readonly ItemEdit[] {
  return decision.edit === null ? [] : [decision.edit];
}

/**
 * A long edit beside many ids may need more requests than it saves; and a list that takes several
 * would not arrive whole where tags are replaced.
 */
function worthwhile<Job extends PlannedWrite>(
  group: WriteGroup<Job>,
  { many }: KnownModes,
): readonly WriteGroup<Job>[] {
  const { jobs, singly } = group;
  const [first, ...more] = jobs;
  if (first === undefined) return [];
  if (more.length === 0) return [aloneWith(first, singly(first))];
  const together = requestsFor(jobs, group.edits);
  const apart = jobs.reduce((sum, job) => sum + requestsFor([job], singly(job)), 0);
  const items = jobs.map(({ item }) => item);
  const arrives = group.edits.every((edit) =>
    tagFields.every((field) => many[field] === 'append' || fitsOneRequest(edit, field, items)),
  );
  return arrives && together < apart ? [group] : jobs.map((job) => aloneWith(job, singly(job)));
}

function requestsFor(jobs: readonly PlannedWrite[], edits: readonly ItemEdit[]): number {
  const sectionId = jobs[0]?.item.sectionId ?? '';
  const keys = ratingKeys(jobs.map(({ item }) => item.ratingKey));
  return edits.reduce((sum, edit) => sum + encodeEdit(sectionId, keys, edit).length, 0);
}
