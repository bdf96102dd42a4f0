// Learns whether this Plex adds an edit's tags to an item's or replaces them: for a write to one item,
// then for one to several at once, since the one proves nothing of the other. Groups rely on it: until
// it is proven of two items in one request that tags are added, an item gets its whole lists.
//
// It is learnt when a batch would take fewer requests if it were known, on one of the batch's own
// writes, the first one made; `domain/tagMode.ts` says which one can tell. Where tags of PlexSync's
// are to go anyway, that is the usual write. Where none is, and all tags of the kind in the item are
// PlexSync's own, the steps are these:
//
// 1. The data file is told: the tags that the list will lack are struck off what is known to be
//    pushed, and stay in the intent. So if they are missing later, no person is taken to have removed
//    them. That is the one thing a kill could spoil.
// 2. The edit is sent, its list naming the new tags alone.
// 3. The item is read. New and old there: the server appends; the item is right. The new ones alone:
//    it replaces. Anything else: nothing is known.
// 4. What was learnt is written down, then, unless the server appends, the usual edit with the whole
//    list is sent: right under both.
// 5. The record of what is pushed gets back what was struck off it.
//
// Killed, or refused, after
// - 1: Plex has what it had. The next life finds in the intent that the tags are PlexSync's own.
// - 2 or 3, appending: Plex has all; the next life finds everything equal and adopts it.
// - 2 or 3, replacing: Plex lacks tags of PlexSync's own, and of nobody else. The next life finds
//   them missing, not taken away by a person, and sends the whole list.
// - 4: as after 2, with less to find out.
// A group is learnt from two items by the same steps, with what is to go left for the confirmation to
// take away; all tags of the kind in both are PlexSync's own. Where no two such are at hand, nothing is
// learnt, and each item goes on its own. A group that had to be taken apart teaches nothing.
//
// The row is still in flight all the while, so that there is a next time. A tag that a person took
// away earlier is not in the item and thus not at stake: its record is left alone. A person who
// changes the item within the two requests is in the same place as with any other write; whoever
// happens to make the reading ambiguous makes it teach nothing.
//
// Learning "replace" where it is not so costs requests; learning "append" where it is not so would
// cost tags. The latter needs a server that shows the new tags and still the old ones, and drops the
// old ones afterwards; groups are watched for that when they are confirmed (`forgetIfReplaced`).
import {
  type KnownModes,
  type Probe,
  probeOf,
  readProbe,
  sharedProbeOf,
  type TagModes,
} from '../../domain/mirror/tagMode.ts';
import { groupEdits, mayBeFewer } from '../../domain/mirror/grouping.ts';
import {
  type ItemEdit,
  type PlexItem,
  type TagField,
  tagFields,
} from '../../domain/base/plexItem.ts';
import { recordKnownPushed } from '../../store/mirror/atStake.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlannedJob, WriteJob } from '../base/job.ts';
import { readWritten } from './readWritten.ts';
import type { Tally } from '../base/tally.ts';
import type { TagKnowledge } from './tagKnowledge.ts';
import { aloneWith, writeAll, type WriteGroup } from './write.ts';
import { goesAlone, guarded } from './writeGroups.ts';

/** A write that tells is not shared with the others. */
const probeCost = 1;
/** Two are enough to be several, and the fewest to have something at stake. */
const itemsToLearnBy = 2;

export interface Learnt {
  readonly done: readonly WriteJob[];
  /** The jobs that were not used for it. */
  readonly rest: readonly WriteJob[];
  readonly begun: number;
}

/** Makes the writes that teach what is worth knowing for the others: two per kind of tag at most. */
export async function learnTagModes(
  context: DrainContext,
  knowledge: TagKnowledge,
  jobs: readonly WriteJob[],
  tally: Tally<WriteJob>,
): Promise<Learnt> {
  const done: WriteJob[] = [];
  let rest = jobs;
  let begun = 0;
  if (!mayBeFewer(jobs, probeCost, (job) => goesAlone(job, tally.apart)))
    return { done, rest, begun };
  const learnBy = async (found: readonly Found[]): Promise<void> => {
    if (found.length === 0) return;
    const used = new Set<WriteJob>(found.map(({ job }) => job));
    rest = rest.filter((job) => !used.has(job));
    begun += 1;
    done.push(...(await carryOut(context, knowledge, found, tally)));
  };
  for (const field of tagFields) {
    const isOver = (): boolean => tally.stop !== null || tally.tooMany;
    if (knowledge.modes.many[field] !== undefined || isOver()) continue;
    if (knowledge.modes.one[field] === undefined) {
      const saved = requestsSaved(rest, field, knowledge.modes, tally);
      if (saved > 2 * probeCost) await learnBy(bestProbe(rest, field, tally));
    }
    if (knowledge.modes.one[field] !== 'append' || isOver()) continue;
    const saved = requestsSaved(rest, field, knowledge.modes, tally);
    if (saved > probeCost) await learnBy(sharedProbe(rest, field, knowledge.modes, tally));
  }
  return { done, rest, begun };
}

interface Found {
  readonly job: PlannedJob;
  readonly probe: Probe;
}

/** How many requests fewer the jobs would take if groups were known to append. */
function requestsSaved(
  jobs: readonly WriteJob[],
  field: TagField,
  { many }: KnownModes,
  { apart }: Tally<WriteJob>,
): number {
  const requests = (known: TagModes): number =>
    groupEdits(jobs, known, (job) => goesAlone(job, apart)).length;
  return requests(many) - requests({ ...many, [field]: 'append' });
}

/** The one write that can tell at the least risk; none if no write can. */
function bestProbe(
  jobs: readonly WriteJob[],
  field: TagField,
  { apart }: Tally<WriteJob>,
): readonly Found[] {
  const found = jobs.flatMap((job): readonly Found[] => {
    if (job.kind !== 'mirror' || goesAlone(job, apart)) return [];
    const probe = probeOf(job, field);
    return probe === null ? [] : [{ job, probe }];
  });
  const best = found.find(({ probe }) => probe.atStake.length === 0) ?? found[0];
  return best === undefined ? [] : [best];
}

/** A write to two items that can tell; none if there are no two such with equal edits. */
function sharedProbe(
  jobs: readonly WriteJob[],
  field: TagField,
  { many }: KnownModes,
  { apart }: Tally<WriteJob>,
): readonly Found[] {
  const mirrors = jobs.flatMap((job) => (job.kind === 'mirror' ? [job] : []));
  for (const group of groupEdits(mirrors, { ...many, [field]: 'append' }, (job) =>
    goesAlone(job, apart),
  )) {
    const found = group.jobs.flatMap((job): readonly Found[] => {
      const probe = sharedProbeOf(job, field, group.edit);
      return probe === null ? [] : [{ job, probe }];
    });
    if (found.length >= itemsToLearnBy) return found.slice(0, itemsToLearnBy);
  }
  return [];
}

/** @returns the jobs whose items have what they are to have */
async function carryOut(
  context: DrainContext,
  knowledge: TagKnowledge,
  found: readonly Found[],
  tally: Tally<WriteJob>,
): Promise<readonly WriteJob[]> {
  const { db } = context;
  const { modes } = knowledge;
  const [first] = found;
  if (first === undefined) return [];
  const { field, edit } = first.probe;
  const risky = found.filter(({ probe }) => probe.atStake.length > 0);
  transaction(db, () => {
    for (const one of risky) recordKnownPushed(db, one.job.scene.id, withoutStake(one));
  });
  const alone = ({ job }: Found): WriteGroup<WriteJob> =>
    guarded(aloneWith<WriteJob>(job, wholeEdit(job)), modes);
  const probing: WriteGroup<WriteJob> =
    found.length === 1
      ? guarded(aloneWith<WriteJob>(first.job, [edit]), modes)
      : guarded<WriteJob>(
          { jobs: found.map(({ job }) => job), edits: [edit], singly: wholeEdit },
          modes,
        );
  const sent = new Set((await writeAll(context, [probing], tally)).done);
  const written = found.filter(({ job }) => sent.has(job));
  if (written.length === 0) return [];
  const items = await readWritten<WriteJob>(
    context,
    written.map(({ job }) => job),
    tally,
  );
  const readable = written.filter(({ job }) => items.has(job));
  // What went on its own after all went whole, and tells nothing of the edit in question.
  const wasTorn = found.length > 1 && found.some(({ job }) => tally.apart.has(job.row.key));
  const told = new Set(readable.map(({ job, probe }) => modeIn(probe, items.get(job))));
  const [only] = told;
  const isClear = !wasTorn && readable.length === found.length && told.size === 1;
  const mode = isClear ? (only ?? null) : null;
  if (mode !== null) knowledge.learn(found.length === 1 ? 'one' : 'many', field, mode);
  const toMend = mode === 'append' || wasTorn ? [] : readable.filter((one) => risky.includes(one));
  const mended = new Set((await writeAll(context, toMend.map(alone), tally)).done);
  const right = readable.filter((one) => !toMend.includes(one) || mended.has(one.job));
  transaction(db, () => {
    for (const one of right) {
      if (!risky.includes(one)) continue;
      recordKnownPushed(db, one.job.scene.id, one.job.decision.pushedBefore);
    }
  });
  return right.map(({ job }) => job);
}

function modeIn(probe: Probe, item: PlexItem | undefined): ReturnType<typeof readProbe> {
  return item === undefined ? null : readProbe(probe, item);
}

function wholeEdit({ decision }: Pick<WriteJob, 'decision'>): readonly ItemEdit[] {
  return decision.edit === null ? [] : [decision.edit];
}

function withoutStake({ job, probe }: Found): Pushed {
  const { scalars, tags } = job.decision.pushedBefore;
  const { field, atStake } = probe;
  return {
    scalars,
    tags: { ...tags, [field]: (tags[field] ?? []).filter((tag) => !atStake.includes(tag)) },
  };
}

type Pushed = PlannedJob['decision']['pushedBefore'];
