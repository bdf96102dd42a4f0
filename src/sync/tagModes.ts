// Learns whether this Plex adds an edit's tags to an item's or replaces them, and keeps it per server
// and version of it. Only groups rely on it: one item always gets its whole lists.
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
// The row is still in flight all the while, so that there is a next time. A tag that a person took
// away earlier is not in the item and thus not at stake: its record is left alone. A person who
// changes the item within the two requests is in the same place as with any other write; whoever
// happens to make the reading ambiguous makes it teach nothing.
//
// Learning "replace" where it is not so costs requests; learning "append" where it is not so would
// cost tags. The latter needs a server that shows the new tags and still the old ones, and drops the
// old ones afterwards; groups are watched for that when they are confirmed (`forgetIfReplaced`).
import {
  type Probe,
  probeOf,
  readProbe,
  replacedAfterAll,
  type TagMode,
  type TagModes,
} from '../domain/tagMode.ts';
import { groupEdits, mayBeFewer } from '../domain/grouping.ts';
import { type ItemEdit, type PlexItem, type TagField, tagFields } from '../domain/plexItem.ts';
import { toPlexSyncError } from '../contract/errors.ts';
import { recordKnownPushed } from '../store/atStake.ts';
import * as state from '../store/state.ts';
import { readState, writeState } from '../store/state.ts';
import type { DrainContext } from './context.ts';
import type { PlannedJob, PlannedWrite } from './job.ts';
import { readItems } from './readItems.ts';
import { noteSuspect, type Tally } from './tally.ts';
import { aloneWith, stopOf, writeAll, type WriteGroup } from './write.ts';
import type { WriteJob } from './writeFresh.ts';
import { goesAlone, guarded } from './writeGroups.ts';

/** The write that tells is not shared. */
const probeCost = 1;

export interface TagKnowledge {
  readonly modes: TagModes;
  learn(field: TagField, mode: TagMode): void;
}

/** What is known of this server, if it still is of the version that it was learnt from. */
export function openTagKnowledge(
  { db, log }: Pick<DrainContext, 'db' | 'log'>,
  machineIdentifier: string,
): TagKnowledge {
  const version = readState(db, state.versions)?.plex ?? null;
  const known = readState(db, state.tagModes);
  const isOfThis =
    known !== null && known.machineIdentifier === machineIdentifier && known.version === version;
  let modes: TagModes = isOfThis ? known.modes : {};
  return {
    get modes() {
      return modes;
    },
    learn: (field, mode) => {
      if (modes[field] === mode) return;
      modes = { ...modes, [field]: mode };
      // A version that nobody told could not be told from the next one: it holds for the batch.
      if (version === null) return;
      writeState(db, state.tagModes, { machineIdentifier, version, modes });
      const does = mode === 'append' ? 'adds to' : 'replaces';
      log.write('info', 'tag-mode', `Plex ${does} an item's tags of the kind ${field}`, {
        version,
      });
    },
  };
}

export interface Learnt {
  readonly done: readonly WriteJob[];
  /** The jobs that were not used for it. */
  readonly rest: readonly WriteJob[];
  readonly begun: number;
}

/** Makes the writes that teach what is worth knowing for the others: one per kind of tag at most. */
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
  for (const field of tagFields) {
    if (knowledge.modes[field] !== undefined || tally.stop !== null || tally.tooMany) continue;
    const found = bestProbe(rest, field, knowledge.modes, tally);
    if (found === null) continue;
    rest = rest.filter((job) => job !== found.job);
    begun += 1;
    if (await carryOut(context, knowledge, found, tally)) done.push(found.job);
  }
  return { done, rest, begun };
}

interface Found {
  readonly job: PlannedJob;
  readonly probe: Probe;
}

/** Null if knowing would not save more than learning costs, or if no write can tell. */
function bestProbe(
  jobs: readonly WriteJob[],
  field: TagField,
  modes: TagModes,
  { apart }: Tally<WriteJob>,
): Found | null {
  const found = jobs.flatMap((job): readonly Found[] => {
    if (job.kind !== 'mirror' || goesAlone(job, apart)) return [];
    const probe = probeOf(job, field);
    return probe === null ? [] : [{ job, probe }];
  });
  const best = found.find(({ probe }) => probe.atStake.length === 0) ?? found[0];
  if (best === undefined) return null;
  const requests = (known: TagModes): number =>
    groupEdits(jobs, known, (job) => goesAlone(job, apart)).length;
  return requests({ ...modes, [field]: 'append' }) + probeCost < requests(modes) ? best : null;
}

/** @returns whether the item has what it is to have */
async function carryOut(
  context: DrainContext,
  knowledge: TagKnowledge,
  { job, probe }: Found,
  tally: Tally<WriteJob>,
): Promise<boolean> {
  const { db } = context;
  const { pushedBefore } = job.decision;
  const risks = probe.atStake.length > 0;
  if (risks) recordKnownPushed(db, job.scene.id, withoutStake(job, probe));
  const { modes } = knowledge;
  const alone = (edit: ItemEdit): WriteGroup<WriteJob> =>
    guarded(aloneWith<WriteJob>(job, [edit]), modes);
  const sent = await writeAll(context, [alone(probe.edit)], tally);
  if (sent.done.length === 0) return false;
  const now = await readOne(context, job, tally);
  if (now === null) return false;
  const mode = readProbe(probe, now);
  if (mode !== null) knowledge.learn(probe.field, mode);
  if (!risks) return true;
  if (mode !== 'append') {
    const { edit } = job.decision;
    const whole = edit === null ? [] : [alone(edit)];
    if ((await writeAll(context, whole, tally)).done.length === 0) return false;
  }
  recordKnownPushed(db, job.scene.id, pushedBefore);
  return true;
}

function withoutStake({ decision }: PlannedJob, { field, atStake }: Probe): Pushed {
  const { scalars, tags } = decision.pushedBefore;
  return {
    scalars,
    tags: { ...tags, [field]: (tags[field] ?? []).filter((tag) => !atStake.includes(tag)) },
  };
}

type Pushed = PlannedJob['decision']['pushedBefore'];

/** Null if that could not be found out; the tally knows why. */
async function readOne(
  context: DrainContext,
  job: WriteJob,
  tally: Tally<WriteJob>,
): Promise<PlexItem | null> {
  const { ratingKey } = job.item;
  try {
    const { items, failures } = await readItems(context, [ratingKey]);
    const error = failures.get(ratingKey);
    const item = items.get(ratingKey);
    if (error !== undefined) noteSuspect(tally, { row: job.row, error });
    else if (item === undefined) tally.vanished.push(job);
    return item ?? null;
  } catch (thrown) {
    tally.stop = stopOf(toPlexSyncError(thrown), job.row.key);
    return null;
  }
}

/**
 * Looks at an item after a group's write that relied on "append". If the tags that it had are gone,
 * the knowledge is wrong: it is put right, and the item needs its whole lists.
 * @param modes what was known when it was written
 */
export function forgetIfReplaced(
  knowledge: TagKnowledge,
  modes: TagModes,
  job: PlannedWrite,
  now: PlexItem,
): readonly TagField[] {
  const lost = replacedAfterAll(job, now).filter((field) => modes[field] === 'append');
  for (const field of lost) knowledge.learn(field, 'replace');
  return lost;
}
