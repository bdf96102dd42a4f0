// Which writes can be one request: Plex takes an edit for many items at once (`id=1,2,3`).
//
// Edits are grouped where all that is sent is equal, and never divided: an edit that shares only a
// part with others goes on its own, since that is one request for the item in any case, and an item
// is never half written.
//
// Scalars and locks are compared as they are. Whole tag lists, equal ones, may be grouped as well:
// that is right whether the server appends or replaces. Where it is known to append, what an item
// has stays without being sent, so that only what comes and what goes is compared.
import { type ItemEdit, type PlexItem, type TagField, tagFields } from '../base/plexItem.ts';
import { withRoleTexts } from './roleTexts.ts';
import type { TagModes } from './tagMode.ts';
import { tagsAmong } from './ownTags.ts';
import { tagKey } from '../base/text.ts';

/** More items than that in one request nobody has tried for long. */
const itemsPerGroup = 50;
/** Of a request's 6,000 bytes, what its ids may take: a summary of full length must fit beside them. */
const idBytesPerGroup = 900;
/** `%2C` between two ids. */
const separatorBytes = 3;

export interface Groupable {
  readonly item: Pick<PlexItem, 'ratingKey' | 'sectionId' | 'tags' | 'roleTexts'>;
  readonly decision: {
    readonly edit: ItemEdit | null;
    readonly stale: Readonly<Partial<Record<TagField, readonly string[]>>>;
    /** What in the item is known to be ours; nothing is where it is left out. */
    readonly pushedBefore?: {
      readonly tags: Readonly<Partial<Record<TagField, readonly string[]>>>;
    };
  };
}

export interface EditGroup<Job> {
  readonly jobs: readonly Job[];
  /** For all of them. Of a group of one it is the decided edit as it is. */
  readonly edit: ItemEdit;
}

/**
 * The jobs in groups, in the order of the first of each; jobs without an edit are left out.
 * @param goesAlone a job that must not share a request
 */
export function groupEdits<Job extends Groupable>(
  jobs: readonly Job[],
  modes: TagModes,
  goesAlone: (job: Job) => boolean = () => false,
): readonly EditGroup<Job>[] {
  const groups: { readonly at: number; readonly group: EditGroup<Job> }[] = [];
  const place = new Map(jobs.map((job, at) => [job, at]));
  const add = (members: readonly Job[], edit: ItemEdit): void => {
    const [first] = members;
    const at = first === undefined ? 0 : (place.get(first) ?? 0);
    groups.push({ at, group: { jobs: members, edit } });
  };
  const single: Job[] = [];
  const together: Job[] = [];
  for (const job of jobs) {
    if (job.decision.edit !== null) (goesAlone(job) ? single : together).push(job);
  }
  // By what comes and goes first; of what is left, those whose whole lists are equal though what
  // comes to them is not.
  const left: Job[] = [];
  for (const same of sameOf(together, (job) => fingerprint(shortEdit(job, modes)))) {
    const [first, second] = same;
    if (first !== undefined && second !== undefined) add(same, shortEdit(first, modes));
    else left.push(...same);
  }
  for (const same of sameOf(left, (job) => fingerprint(job.decision.edit))) {
    const edit = same[0]?.decision.edit ?? null;
    if (edit !== null) add(same, edit);
  }
  for (const job of single) if (job.decision.edit !== null) add([job], job.decision.edit);
  return groups.toSorted((a, b) => a.at - b.at).map(({ group }) => group);
}

/**
 * Whether there is any knowledge about tags by which the jobs could be fewer requests than one for
 * each: if not, nothing need be tried. Much cheaper than `groupEdits`, and never wrong about "no".
 * @param spare requests that knowing costs
 */
export function mayBeFewer<Job extends Groupable>(
  jobs: readonly Job[],
  spare: number,
  goesAlone: (job: Job) => boolean,
): boolean {
  const together = jobs.filter((job) => job.decision.edit !== null && !goesAlone(job));
  const withoutTags = ({ decision: { edit } }: Job): string =>
    fingerprint({ scalars: edit?.scalars, locks: edit?.locks });
  return sameOf(together, withoutTags).length + spare < together.length;
}

/**
 * Jobs of equal text and of one Plex section, as many as fit one request, in the order of the first
 * of each.
 */
export function sameOf<Job extends Pick<Groupable, 'item'>>(
  jobs: readonly Job[],
  textOf: (job: Job) => string,
): readonly (readonly Job[])[] {
  const groups: Job[][] = [];
  const open = new Map<string, { readonly jobs: Job[]; idBytes: number }>();
  for (const job of jobs) {
    const { sectionId, ratingKey } = job.item;
    const key = `${sectionId} ${textOf(job)}`;
    const bytes = ratingKey.length + separatorBytes;
    const group = open.get(key);
    const fits =
      group !== undefined &&
      group.jobs.length < itemsPerGroup &&
      group.idBytes + bytes <= idBytesPerGroup;
    if (group !== undefined && fits) {
      group.jobs.push(job);
      group.idBytes += bytes;
    } else {
      const begun = { jobs: [job], idBytes: bytes };
      open.set(key, begun);
      groups.push(begun.jobs);
    }
  }
  return groups;
}

/** A text that is equal for equal edits, whatever they are made of and in whatever order. */
export function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** The edit without the tags that stay by themselves, where that is known of the server. */
function shortEdit({ item, decision }: Groupable, modes: TagModes): ItemEdit {
  const edit = decision.edit ?? nothing;
  const tags: Partial<Record<TagField, readonly string[]>> = { ...edit.tags };
  const removeTags: Partial<Record<TagField, readonly string[]>> = { ...edit.removeTags };
  for (const field of tagFields) {
    if (modes[field] !== 'append') continue;
    const list = edit.tags[field];
    const stale = decision.stale[field];
    const has = keys(item.tags[field]);
    const comes = (list ?? []).filter((tag) => !has.has(tagKey(tag)));
    // As Plex spells them: a removal in another spelling might miss.
    const goes = tagsAmong(item.tags[field], stale).toSorted();
    // A list that neither adds nor takes away anything is sent for another reason, such as its order.
    if (comes.length === 0 && goes.length === 0) continue;
    if (comes.length > 0) tags[field] = comes;
    else delete tags[field];
    if (goes.length > 0) removeTags[field] = [...(edit.removeTags[field] ?? []), ...goes];
  }
  if (modes.actor !== 'append') return { ...edit, tags, removeTags };
  // Who comes has no role yet, and who stays keeps theirs.
  const { roleTexts: _, ...rest } = edit;
  return withRoleTexts({ ...rest, tags, removeTags }, item);
}

/**
 * The edit with the tags that stand in the items and are not PlexSync's, as far as the edit names
 * them: of a server that is known to append, none has to be named.
 */
export function withStanding(
  edit: ItemEdit,
  jobs: readonly Groupable[],
  modes: TagModes,
): ItemEdit {
  const standing: Partial<Record<TagField, readonly string[]>> = {};
  for (const field of tagFields) {
    const list = edit.tags[field] ?? [];
    if (list.length === 0 || modes[field] === 'append') continue;
    const theirs = new Set(jobs.flatMap((job) => notOurs(job, field)));
    const named = list.filter((tag) => theirs.has(tag));
    if (named.length > 0) standing[field] = named;
  }
  return Object.keys(standing).length === 0 ? edit : { ...edit, standing };
}

function notOurs({ item, decision }: Groupable, field: TagField): readonly string[] {
  const ours = new Set(tagsAmong(item.tags[field], decision.pushedBefore?.tags[field]));
  // The role beside an actor of ours is a person's.
  const roles = new Map(field === 'actor' ? Object.entries(item.roleTexts ?? {}) : []);
  return item.tags[field].filter((tag) => !ours.has(tag) || roles.has(tag));
}

const nothing: ItemEdit = { scalars: {}, tags: {}, removeTags: {}, locks: {} };

function keys(tags: readonly string[] = []): ReadonlySet<string> {
  return new Set(tags.map(tagKey));
}
