// Reads full items of Plex for a batch. One item that Plex cannot read does not hold up the others.
import { isPlexSyncError, type PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { isSuspect } from '../../domain/recover/failure.ts';
import type { PlexItem } from '../../domain/base/plexItem.ts';
import { dropItem } from '../../store/match/plexPart.ts';
import type { DrainContext } from '../base/context.ts';

export interface ItemsRead {
  readonly items: ReadonlyMap<string, PlexItem>;
  /** Items that could not be read while others could. */
  readonly failures: ReadonlyMap<string, PlexSyncError>;
}

export const keysPerRequest = 50;

/**
 * The items by rating key. What Plex has no more leaves the index as well.
 * @throws PlexSyncError when the server is not well
 */
export async function readItems(
  context: Pick<DrainContext, 'db' | 'plex'>,
  wanted: Iterable<string>,
): Promise<ItemsRead> {
  const keys = [...new Set(wanted)];
  const items = new Map<string, PlexItem>();
  const failures = new Map<string, PlexSyncError>();
  for (let at = 0; at < keys.length; at += keysPerRequest) {
    const page = keys.slice(at, at + keysPerRequest);
    const read = await readTogetherOrSingly(context, page);
    for (const [key, item] of read.items) items.set(key, item);
    for (const [key, error] of read.failures) failures.set(key, error);
    for (const key of page) {
      if (!read.items.has(key) && !read.failures.has(key)) dropItem(context.db, key);
    }
  }
  return { items, failures };
}

/**
 * If the server itself is well, each is read on its own. Nothing is concluded from what is not there.
 * @param keys up to 50
 */
export async function readTogetherOrSingly(
  { plex }: Pick<DrainContext, 'plex'>,
  keys: readonly string[],
): Promise<ItemsRead> {
  try {
    return { items: await plex.items(keys), failures: new Map() };
  } catch (error) {
    if (!isPlexSyncError(error) || !isSuspect(error.code)) throw error;
    await plex.server();
    if (keys.length === 1) {
      return { items: new Map(), failures: new Map(keys.map((key) => [key, error])) };
    }
  }
  const items = new Map<string, PlexItem>();
  const failures = new Map<string, PlexSyncError>();
  for (const key of keys) {
    try {
      for (const [found, item] of await plex.items([key])) items.set(found, item);
    } catch (error) {
      const failure = toPlexSyncError(error);
      if (!isSuspect(failure.code)) throw failure;
      failures.set(key, failure);
    }
  }
  // Every one of several failing is the server's doing.
  const first = failures.values().next();
  if (failures.size === keys.length && first.done !== true) throw first.value;
  return { items, failures };
}
