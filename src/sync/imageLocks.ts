// Locks of pictures: set on what was sent, many items in one request, and released again.
import { isPlexSyncError } from '../contract/errors.ts';
import { type ImageKind, imageLocks } from '../domain/image.ts';
import { ratingKeys } from '../plex/ratingKeys.ts';
import { forgetImagesOf, lockedImages, recordImageLock } from '../store/image.ts';
import { transaction } from '../store/sql.ts';
import type { ExtraContext } from './extraTask.ts';

const keysPerRequest = 50;

/**
 * Locks (or unlocks) that picture of the items of one section, and notes it.
 * @throws PlexSyncError of Plex's; what was locked until then is noted
 */
export async function lockImages(
  context: Pick<ExtraContext, 'db' | 'plex'>,
  sectionId: string,
  kind: ImageKind,
  keys: readonly string[],
  locked: boolean,
): Promise<void> {
  for (let at = 0; at < keys.length; at += keysPerRequest) {
    await lockTogether(context, sectionId, kind, keys.slice(at, at + keysPerRequest), locked);
  }
}

async function lockTogether(
  context: Pick<ExtraContext, 'db' | 'plex'>,
  sectionId: string,
  kind: ImageKind,
  keys: readonly string[],
  locked: boolean,
): Promise<void> {
  const { db, plex } = context;
  try {
    await plex.lockImages(sectionId, ratingKeys(keys), { [imageLocks[kind]]: locked });
  } catch (error) {
    if (!isPlexSyncError(error) || error.code !== 'plex-not-found') throw error;
    const [only, ...more] = keys;
    if (only !== undefined && more.length === 0) forgetImagesOf(db, only);
    else for (const key of keys) await lockTogether(context, sectionId, kind, [key], locked);
    return;
  }
  transaction(db, () => {
    for (const key of keys) recordImageLock(db, key, kind, locked);
  });
}

export interface ReleasedPage {
  /** Whose locks are gone; an item that Plex has no more counts, too. */
  readonly released: number;
  /** To go on after; null after the last page. */
  readonly last: readonly [string, string] | null;
}

/**
 * Releases a page of the locks that PlexSync set on pictures of that kind, and no other; the pictures
 * stay.
 * @param after section and item of the last page's end; two empty texts to begin
 * @throws PlexSyncError of Plex's; called again, it goes on where it ended
 */
export async function releaseImageLocks(
  context: Pick<ExtraContext, 'db' | 'plex'>,
  kind: ImageKind,
  after: readonly [string, string] = ['', ''],
): Promise<ReleasedPage> {
  const page = lockedImages(context.db, kind, after, keysPerRequest);
  for (const [sectionId, keys] of bySection(page)) {
    await lockImages(context, sectionId, kind, keys, false);
  }
  const end = page.length < keysPerRequest ? undefined : page.at(-1);
  return {
    released: page.length,
    last: end === undefined ? null : [end.sectionId, end.ratingKey],
  };
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
