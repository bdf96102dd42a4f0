// Lists of tags too long for one request. A Plex that adds tags gets them in several; one that
// replaces them would keep the last part alone, so that there a list is cut to what one request takes.
// Which of both it is shows at the first such list: what it puts at stake is PlexSync's own, and is
// struck off its record before, as in `tagModes.ts`.
import type { DesiredItem } from '../../domain/mirror/desired.ts';
import { decide, type SceneDecision } from '../../domain/mirror/diff.ts';
import {
  type ItemEdit,
  type PlexItem,
  type TagField,
  tagFields,
} from '../../domain/base/plexItem.ts';
import type { Known } from '../../domain/mirror/release.ts';
import type { TagMode, TagModes } from '../../domain/mirror/tagMode.ts';
import { tagsAmong } from '../../domain/mirror/ownTags.ts';
import { tagKey } from '../../domain/base/text.ts';
import { encodeEdit } from '../../plex/editQuery.ts';
import { ratingKeys } from '../../plex/ratingKeys.ts';
import type { PlannedJob, PlannedWrite } from '../base/job.ts';

/** So many characters fit however they are encoded, unless they are many names. */
const surelyFits = { characters: 400, names: 40 };

/** Whether one request for these items can carry that list of the edit. */
export function fitsOneRequest(
  edit: ItemEdit | null,
  field: TagField,
  items: readonly Pick<PlexItem, 'ratingKey' | 'sectionId'>[],
): boolean {
  const list = edit?.tags[field] ?? [];
  const roleTexts = field === 'actor' ? (edit?.roleTexts ?? {}) : {};
  const texts = [...list, ...Object.values(roleTexts)];
  const characters = texts.reduce((sum, name) => sum + name.length, 0);
  if (texts.length <= surelyFits.names && characters <= surelyFits.characters) return true;
  const keys = ratingKeys(items.map(({ ratingKey }) => ratingKey));
  const alone = {
    scalars: {},
    tags: { [field]: list },
    roleTexts,
    removeTags: {},
    locks: { [field]: true },
  };
  return encodeEdit(items[0]?.sectionId ?? '', keys, alone).length <= 1;
}

/**
 * The decision, with lists cut at their end where this Plex is known to replace: Stash's first names
 * stay, a person's in Plex all do. What was cut counts as not wanted, and is not recorded.
 */
export function decideWithin(
  desired: DesiredItem,
  item: PlexItem,
  known: Known,
  modes: TagModes,
): { readonly decision: SceneDecision; readonly cut: readonly TagField[] } {
  let wanted = desired;
  let decision = decide(wanted, item, known);
  const cut: TagField[] = [];
  for (const field of tagFields) {
    if (modes[field] !== 'replace' || fitsOneRequest(decision.edit, field, [item])) continue;
    const full = wanted;
    const within = (count: number): DesiredItem => ({
      ...full,
      tags: { ...full.tags, [field]: full.tags[field].slice(0, count) },
    });
    let [fits, tooMany] = [0, full.tags[field].length];
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      const { edit } = decide(within(middle), item, known);
      if (fitsOneRequest(edit, field, [item])) fits = middle;
      else tooMany = middle;
    }
    wanted = within(fits);
    decision = decide(wanted, item, known);
    cut.push(field);
  }
  return { decision, cut };
}

/** Lists of the job that take several requests, of kinds that `isMeant` says. */
export function longLists(
  { decision, item }: PlannedWrite,
  isMeant: (field: TagField) => boolean,
): readonly TagField[] {
  return tagFields.filter(
    (field) => isMeant(field) && !fitsOneRequest(decision.edit, field, [item]),
  );
}

/** What an item tells, read after a list was sent in several requests; null if it tells nothing. */
export function modeByParts(
  { item, decision }: PlannedJob,
  field: TagField,
  now: PlexItem,
): TagMode | null {
  // Names that stood there and are not PlexSync's, or have a role of a person's, were in each part.
  const own = new Set(tagsAmong(item.tags[field], decision.pushedBefore.tags[field]));
  const had = new Set(item.tags[field]);
  const roles = new Map(field === 'actor' ? Object.entries(item.roleTexts ?? {}) : []);
  const sent = (decision.edit?.tags[field] ?? [])
    .filter((tag) => (own.has(tag) && !roles.has(tag)) || !had.has(tag))
    .map(tagKey);
  const has = keys(now.tags[field]);
  if (sent.every((key) => has.has(key))) return 'append';
  const [first, last] = [sent[0], sent.at(-1)];
  const isLastAlone = first !== undefined && last !== undefined && !has.has(first) && has.has(last);
  return isLastAlone ? 'replace' : null;
}

function keys(tags: readonly string[] = []): ReadonlySet<string> {
  return new Set(tags.map(tagKey));
}
