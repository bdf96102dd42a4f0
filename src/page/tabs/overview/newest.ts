// The newest changes as a person thinks of them: one line for all that a push changed in an item. Pure.
import type { HistoryAnswer } from '../../../contract/history.ts';

export interface Push {
  readonly key: string;
  readonly scene: number;
  readonly title: string;
  readonly fields: readonly string[];
  /** Unix ms. */
  readonly at: number;
}

/** @param changes the newest first; @param most how many pushes are wanted */
export function pushesOf(changes: HistoryAnswer['changes'], most: number): readonly Push[] {
  const pushes = new Map<string, { first: HistoryAnswer['changes'][number]; fields: string[] }>();
  for (const change of changes) {
    const key = `${change.run} ${change.item}`;
    const known = pushes.get(key);
    if (known === undefined) pushes.set(key, { first: change, fields: [change.field] });
    else if (!known.fields.includes(change.field)) known.fields.push(change.field);
  }
  return [...pushes].slice(0, most).map(([key, { first, fields }]) => ({
    key,
    scene: first.scene,
    title: first.title,
    fields,
    at: first.at,
  }));
}
