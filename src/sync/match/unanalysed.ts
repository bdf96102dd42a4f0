// Files that Plex has scanned but not looked into yet have neither size nor length. Whether Plex
// marks an item as updated once it has is not known, so those that scenes wait for are read anew.
import { unanalysedAwaited } from '../../store/match/awaitedPart.ts';
import { putParts } from '../../store/match/plexPart.ts';
import { transaction } from '../../store/file/sql.ts';
import type { DrainContext } from '../base/context.ts';
import { readItems } from '../read/readItems.ts';

const itemsAtMost = 50;

/** @param walk the index walk that the changes count for */
export async function lookIntoUnanalysed(context: DrainContext, walk: number): Promise<void> {
  const { db } = context;
  const keys = unanalysedAwaited(db, itemsAtMost);
  if (keys.length === 0) return;
  const { items } = await readItems(context, keys);
  transaction(db, () => {
    for (const item of items.values()) putParts(db, item.ratingKey, item.parts, walk);
  });
}
