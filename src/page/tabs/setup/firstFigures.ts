// What a dry run says about a full sync, in the few figures that a person decides by. Pure.
import type { RunView } from '../../../contract/reconcile.ts';
import type { Status } from '../../../contract/status.ts';

export interface FirstFigures {
  readonly scenes: number;
  /** Titles in Plex that become another one. */
  readonly titles: number;
  /** Fields that Plex has empty. */
  readonly empty: number;
  /** Other fields that become something else. */
  readonly others: number;
  /** What a person put into Plex. */
  readonly kept: number;
  readonly missing: number;
  readonly covers: number;
  /** Scenes with something to write: as many as the field has of which most are to be written. */
  readonly toPush: number;
}

export function figuresOf({ scenes, found, covers }: RunView): FirstFigures {
  const of = (kind: string): ReadonlyMap<string, number> =>
    new Map(
      Object.entries(found).flatMap(([name, count]) => {
        const [own = '', field = ''] = name.split(':');
        return own === kind ? [[field, count] as const] : [];
      }),
    );
  const [empty, stale] = [of('empty'), of('stale')];
  const titles = stale.get('title') ?? 0;
  const fields = new Set([...empty.keys(), ...stale.keys()]);
  const perField = [...fields].map((field) => (empty.get(field) ?? 0) + (stale.get(field) ?? 0));
  return {
    scenes,
    titles,
    empty: sum(empty),
    others: sum(stale) - titles,
    kept: sum(of('edited')),
    missing: sum(of('missing')),
    covers,
    toPush: Math.max(0, ...perField),
  };
}

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((all, count) => all + count, 0);

/** Milliseconds; null where there is nothing to do. */
export function timeOf(
  { scenes, missing, toPush, covers }: FirstFigures,
  { push, unchanged, picture }: Status['averages'],
): number | null {
  if (toPush === 0 && covers === 0) return null;
  const same = Math.max(0, scenes - missing - toPush);
  return toPush * push.ms + same * unchanged.ms + covers * picture.ms;
}
