// Locks of pictures: set on what was sent, many items in one request, and released again.
import { type PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { isSuspect } from '../../domain/recover/failure.ts';
import { isChosenByPerson } from '../../domain/mirror/image.ts';
import { type ImageKind, imageKinds, imageLocks } from '../../domain/base/imageKind.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import { ratingKeys } from '../../plex/ratingKeys.ts';
import {
  forgetImagesOf,
  imageOf,
  type ImageRow,
  lockedImages,
  ownImages,
  recordImageLock,
} from '../../store/mirror/image.ts';
import { transaction } from '../../store/file/sql.ts';
import type { ExtraContext } from './extraTask.ts';
import { readItems } from '../read/readItems.ts';

const keysPerRequest = 50;
/** So many on their own, one after the other, and the server is at fault after all. */
const failuresInARow = 3;

type LockContext = Pick<ExtraContext, 'db' | 'plex'>;

/**
 * Locks (or unlocks) that picture of the items of one section, and notes it. One item that cannot be
 * written holds up no other.
 * @returns the failures by rating key
 * @throws PlexSyncError of Plex's where it failed as a server; what was locked until then is noted
 */
export async function lockImages(
  context: LockContext,
  sectionId: string,
  kind: ImageKind,
  keys: readonly string[],
  locked: boolean,
): Promise<ReadonlyMap<string, PlexSyncError>> {
  const failures = new Map<string, PlexSyncError>();
  for (let at = 0; at < keys.length; at += keysPerRequest) {
    const page = keys.slice(at, at + keysPerRequest);
    const error = await lockTogether(context, sectionId, kind, page, locked);
    if (error === null) continue;
    if (page.length === 1) for (const key of page) failures.set(key, error);
    else await lockSingly(context, sectionId, kind, page, locked, failures);
  }
  return failures;
}

async function lockSingly(
  context: LockContext,
  sectionId: string,
  kind: ImageKind,
  keys: readonly string[],
  locked: boolean,
  failures: Map<string, PlexSyncError>,
): Promise<void> {
  let inARow = 0;
  for (const key of keys) {
    const error = await lockTogether(context, sectionId, kind, [key], locked);
    inARow = error === null ? 0 : inARow + 1;
    if (error === null) continue;
    failures.set(key, error);
    if (inARow >= failuresInARow && isSuspect(error.code)) throw error;
  }
}

/** @returns the failure if it may be one item's; an item that Plex has no more is forgotten */
async function lockTogether(
  { db, plex }: LockContext,
  sectionId: string,
  kind: ImageKind,
  keys: readonly string[],
  locked: boolean,
): Promise<PlexSyncError | null> {
  try {
    await plex.lockImages(sectionId, ratingKeys(keys), { [imageLocks[kind]]: locked });
  } catch (thrown) {
    const error = toPlexSyncError(thrown);
    const isItems = error.code === 'plex-not-found' || error.code === 'plex-bad-request';
    if (!isItems && !isSuspect(error.code)) throw error;
    // Tells about the server, and which of them are there.
    const there = await plex.items(keys);
    for (const key of keys) if (!there.has(key)) forgetImagesOf(db, key);
    return there.size === 0 ? null : error;
  }
  transaction(db, () => {
    for (const key of keys) recordImageLock(db, key, kind, locked);
  });
  return null;
}

export interface ReleasedPage {
  /** Whose locks are gone now. */
  readonly released: number;
  /** Whose lock could not be released, by a fault of their own. */
  readonly failed: number;
  /** To go on after; null after the last page. */
  readonly last: readonly [string, string] | null;
}

/**
 * Releases a page of the locks that PlexSync set on pictures of that kind, and no other; the pictures
 * stay. What a person chose over ours keeps the lock, which is the person's now.
 * @param after section and item of the last page's end; two empty texts to begin
 * @throws PlexSyncError of Plex's where it failed as a server; called again, it goes on where it ended
 */
export async function releaseImageLocks(
  context: LockContext,
  kind: ImageKind,
  after: readonly [string, string] = ['', ''],
): Promise<ReleasedPage> {
  const page = lockedImages(context.db, kind, after, keysPerRequest);
  const { items, failures } = await readItems(
    context,
    page.map(({ ratingKey }) => ratingKey),
  );
  const ours: ImageRow[] = [];
  let released = 0;
  let failed = failures.size;
  for (const row of page) {
    if (failures.has(row.ratingKey)) continue;
    if (!items.has(row.ratingKey)) {
      forgetImagesOf(context.db, row.ratingKey);
      continue;
    }
    try {
      if (await isShown(context, row)) ours.push(row);
      else recordImageLock(context.db, row.ratingKey, kind, false);
    } catch (thrown) {
      const error = toPlexSyncError(thrown);
      if (!isSuspect(error.code)) throw error;
      await context.plex.server();
      failed += 1;
    }
  }
  for (const [sectionId, keys] of bySection(ours)) {
    const refused = await lockImages(context, sectionId, kind, keys, false);
    released += keys.length - refused.size;
    failed += refused.size;
  }
  const end = page.length < keysPerRequest ? undefined : page.at(-1);
  return { released, failed, last: end === undefined ? null : [end.sectionId, end.ratingKey] };
}

/**
 * Releases the locks that PlexSync set on an item's pictures, where they still show what it sent.
 * @throws PlexSyncError of Plex's
 */
export async function releaseItemImages(
  context: LockContext,
  { ratingKey, sectionId, locked }: Pick<PlexItem, 'ratingKey' | 'sectionId' | 'locked'>,
): Promise<void> {
  for (const kind of imageKinds) {
    const known = imageOf(context.db, ratingKey, kind);
    if (known?.locked !== true || !locked.has(imageLocks[kind])) continue;
    const images = await context.plex.images(ratingKey, kind);
    if (isChosenByPerson(true, images, ownImages(known))) continue;
    const failures = await lockImages(context, sectionId, kind, [ratingKey], false);
    for (const error of failures.values()) throw error;
  }
}

/** Whether Plex still shows what PlexSync locked. */
async function isShown({ plex }: LockContext, row: ImageRow): Promise<boolean> {
  const images = await plex.images(row.ratingKey, row.kind);
  return !isChosenByPerson(true, images, ownImages(row));
}

export function bySection(
  items: readonly { readonly sectionId: string; readonly ratingKey: string }[],
): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  for (const { sectionId, ratingKey } of items) {
    const keys = sections.get(sectionId);
    if (keys === undefined) sections.set(sectionId, [ratingKey]);
    else keys.push(ratingKey);
  }
  return sections;
}
