// What is known of a scene's item before the index is asked: a person's choice, a link that an older
// tool left, the item it had. Each is read from Plex and verified by its files.
import {
  type Evidence,
  isSameFile,
  type PartKeys,
  scores,
  verifyRemembered,
} from '../../domain/match/match.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import { ratingKeysInUrls } from '../../domain/match/urlPin.ts';
import { type Pin, pinItem, pinnedTo, pinOf, renewPin } from '../../store/match/pin.ts';
import { hasOtherAt } from '../../store/match/candidate.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from '../base/context.ts';
import type { SceneJob, KnownScene, Suspect } from '../base/job.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';
import type { ItemsRead } from '../read/readItems.ts';
import { partKeys } from '../read/sceneKeys.ts';

export interface Found {
  readonly kind: 'found';
  readonly item: PlexItem;
  readonly evidence: Evidence;
  /** A person's choice: no other scene's claim counts. */
  readonly certain: boolean;
}
export interface Suspected {
  readonly kind: 'suspect';
  readonly suspect: Suspect;
}
/** A person chose something else since the scene was read: it is read anew. */
export interface Rechosen {
  readonly kind: 'rechosen';
}

/** Links that are tried per scene. */
const linksAtMost = 3;

/** Rating keys of the items that may be the scene's. */
export function knownKeys(job: KnownScene): readonly string[] {
  if (job.pin?.kind === 'item') return [job.pin.ratingKey];
  const remembered = job.state?.ratingKey ?? null;
  return [...linkedKeys(job), ...(remembered === null ? [] : [remembered])];
}

function linkedKeys(job: KnownScene): readonly string[] {
  // The link added last is the likeliest to hold.
  return job.pin === null
    ? ratingKeysInUrls(job.scene.urls).toReversed().slice(0, linksAtMost)
    : [];
}

/** @returns null if none of what is known holds */
export function verifyKnown(
  context: DrainContext,
  plex: PlexIdentity,
  job: SceneJob,
  read: ItemsRead,
): Found | Suspected | Rechosen | null {
  if (job.pin?.kind === 'item') return verifyPin(context, plex, job, job.pin, read);
  return verifyLink(context, plex, job, read) ?? verifyMemory(context, plex, job, read);
}

/** Items of libraries that are not kept in step are as good as not there. */
function itemOf(
  { sections }: Pick<PlexIdentity, 'sections'>,
  read: Pick<ItemsRead, 'items'>,
  key: string,
): PlexItem | undefined {
  const item = read.items.get(key);
  return sections.some((section) => section.id === item?.sectionId) ? item : undefined;
}

type Pinned = Extract<Pin, { kind: 'item' }>;

/** The chosen item. A rating key alone proves nothing: a Plex set up anew gives it to another item. */
export function provenPin(
  plex: Pick<PlexIdentity, 'sections'>,
  pin: Pinned,
  read: Pick<ItemsRead, 'items'>,
): Found | null {
  const item = itemOf(plex, read, pin.ratingKey);
  if (item === undefined || !holdsChosenFile(pin.files, item)) return null;
  const why = pin.source === 'url' ? linkNames : 'a person chose it';
  const evidence: Evidence = { how: 'pin', score: scores.pin, why };
  return { kind: 'found', item, evidence, certain: true };
}

const linkNames = 'a link at the scene names it';

function verifyPin(
  context: DrainContext,
  plex: PlexIdentity,
  job: SceneJob,
  pin: Pinned,
  read: ItemsRead,
): Found | Suspected | Rechosen | null {
  const error = read.failures.get(pin.ratingKey);
  if (error !== undefined) return { kind: 'suspect', suspect: { row: job.row, error } };
  const found = provenPin(plex, pin, read);
  if (found === null) return null;
  return keepPin(context, job, found.item) ? found : { kind: 'rechosen' };
}

/** Whether the item has a file that the chosen one had. */
export function holdsChosenFile(files: readonly PartKeys[], item: PlexItem): boolean {
  const parts = partKeys(item.parts);
  return files.some((file) => parts.some((part) => isSameFile(file, part)));
}

/**
 * Keeps the chosen item's present rating key and files.
 * @returns whether the choice is still the one that the scene was read with, and the item free
 */
export function keepPin({ db }: DrainContext, job: SceneJob, item: PlexItem): boolean {
  return transaction(db, () => {
    const now = pinOf(db, job.scene.id);
    const same =
      now?.kind === 'item' &&
      job.pin?.kind === 'item' &&
      now.ratingKey === job.pin.ratingKey &&
      pinnedTo(db, item.ratingKey, job.scene.id) === null;
    if (same) renewPin(db, job.scene.id, { ...item, files: partKeys(item.parts) });
    return same;
  });
}

/** Items that links of older tools name and that prove to hold the scene's file, the likeliest first. */
export function provenLinks(
  { settings }: Pick<DrainContext, 'settings'>,
  plex: Pick<PlexIdentity, 'sections'>,
  job: KnownScene,
  read: Pick<ItemsRead, 'items'>,
): readonly Found[] {
  return linkedKeys(job).flatMap((key): readonly Found[] => {
    const item = itemOf(plex, read, key);
    if (item === undefined) return [];
    const files = partKeys(item.parts);
    if (verifyRemembered(job.files, files, settings.matchThreshold) === null) return [];
    const evidence: Evidence = { how: 'url', score: scores.pin, why: linkNames };
    return [{ kind: 'found', item, evidence, certain: true }];
  });
}

/** A link that an older tool left becomes a pin once the item proves to hold the scene's file. */
function verifyLink(
  context: DrainContext,
  plex: PlexIdentity,
  job: SceneJob,
  read: ItemsRead,
): Found | Rechosen | null {
  const { db, clock, log } = context;
  for (const found of provenLinks(context, plex, job, read)) {
    const { ratingKey: key, sectionId, parts } = found.item;
    const outcome = transaction(db, () => {
      if (pinOf(db, job.scene.id) !== null) return 'rechosen';
      if (pinnedTo(db, key, job.scene.id) !== null) return 'taken';
      const files = partKeys(parts);
      const pinned = { ratingKey: key, sectionId, source: 'url', files } as const;
      pinItem(db, job.scene.id, pinned, clock.now());
      return 'pinned';
    });
    if (outcome === 'rechosen') return { kind: 'rechosen' };
    if (outcome === 'taken') continue;
    log.write('info', 'pin', 'A link at the scene names its item, and the file proves it', {
      cid: job.row.correlation,
      key: job.row.key,
      item: key,
    });
    return found;
  }
  return null;
}

function verifyMemory(
  context: DrainContext,
  plex: PlexIdentity,
  job: SceneJob,
  read: ItemsRead,
): Found | Suspected | null {
  const error = read.failures.get(job.state?.ratingKey ?? '');
  if (error !== undefined) return { kind: 'suspect', suspect: { row: job.row, error } };
  return provenMemory(context, plex, job, read);
}

/** The item that the scene had, if it has its file. */
export function provenMemory(
  { settings }: Pick<DrainContext, 'settings'>,
  plex: Pick<PlexIdentity, 'sections'>,
  job: KnownScene,
  read: Pick<ItemsRead, 'items'>,
): Found | null {
  const key = job.state?.ratingKey ?? null;
  if (key === null) return null;
  const item = itemOf(plex, read, key);
  if (item === undefined) return null;
  const evidence = verifyRemembered(job.files, partKeys(item.parts), settings.matchThreshold);
  return evidence === null ? null : { kind: 'found', item, evidence, certain: false };
}

/**
 * A remembered item that is known by other signs than its path, while another item lies at that very
 * path: Plex has made a new item of a moved file, and keeps the old one until its trash is emptied.
 */
export function isOutdone(
  { db }: Pick<DrainContext, 'db'>,
  job: KnownScene,
  { item, evidence }: Found,
): boolean {
  if (evidence.how === 'path') return false;
  return job.files.some((file) => hasOtherAt(db, file.plexPath, item.ratingKey));
}
