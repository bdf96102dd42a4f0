// The history as a person thinks of it: what one push changed in one item stands together. Pure.
import type { HistoryAnswer } from '../../../contract/history.ts';

export type Change = HistoryAnswer['changes'][number];

export interface Push {
  readonly key: string;
  readonly scene: number;
  readonly title: string;
  readonly item: string;
  /** Unix ms. */
  readonly at: number;
  readonly changes: readonly Change[];
}

/** @param changes the newest first */
export function pushesOf(changes: readonly Change[]): readonly Push[] {
  const pushes = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.run} ${change.scene} ${change.item}`;
    const known = pushes.get(key);
    if (known === undefined) pushes.set(key, [change]);
    else known.push(change);
  }
  return [...pushes].flatMap(([key, all]): readonly Push[] => {
    const [newest] = all;
    if (newest === undefined) return [];
    const { scene, title, item, at } = newest;
    return [{ key, scene, title, item, at, changes: all.toReversed() }];
  });
}

export interface ListChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** In both. */
  readonly stayed: number;
}

export function listChange(before: readonly string[], after: readonly string[]): ListChange {
  const [had, has] = [new Set(before), new Set(after)];
  return {
    added: [...has].filter((tag) => !had.has(tag)),
    removed: [...had].filter((tag) => !has.has(tag)),
    stayed: [...has].filter((tag) => had.has(tag)).length,
  };
}
