// Covers that may be others than the pictures in Plex: the worker reads such a cover and sends it if it
// is. Nothing that is known to be a gap, but bounded as gaps are: what a run by itself leaves out waits for
// a person's word like them. What was never compared is left to the next runs.
import { type ImageKind, imageKinds } from '../../domain/base/imageKind.ts';
import { extraOf, wantExtra } from '../queue/extra.ts';
import { type FoundGap, gapName } from '../mirror/gap.ts';
import type { Database } from '../file/database.ts';
import type { Run, RunFigures } from './run.ts';

export interface Covers {
  /** Of the scene's cover, as Stash gave it. */
  readonly address: string;
  /** Each with what is told of it where it is left out. */
  readonly pictures: readonly {
    readonly kind: ImageKind;
    readonly gap: FoundGap;
    /** Never compared yet, as all are where the kind was just switched on: work, and no gap. */
    readonly isNew?: boolean;
  }[];
}

/** What is known of the scene, each by `kind:field`. */
export interface CoverFacts {
  readonly sceneId: number;
  readonly covers: Covers | undefined;
  readonly ignored: ReadonlySet<string>;
  readonly waited: ReadonlySet<string>;
  /** Its text is pushed, and its pictures with it. */
  readonly isPushed: boolean;
}

export interface CoversKept {
  /** Pictures that are to be looked at. */
  readonly wanted: number;
  /** Never compared, and left to later runs, which take them up without a word. */
  readonly putOff: number;
  readonly left: readonly { readonly gap: FoundGap; readonly state: 'waiting' | 'ignored' }[];
}

const coverNames: ReadonlySet<string> = new Set(imageKinds.map((kind) => gapName('stale', kind)));

/** Whether more than covers waits: those hold up no text. */
export function waitsBesideCovers(waited: ReadonlySet<string>): boolean {
  return [...waited].some((name) => !coverNames.has(name));
}

/** Call within the transaction of the page. */
export function keepCovers(
  db: Database,
  { dry, limit, scope, origin }: Run,
  figures: RunFigures,
  { sceneId, covers, ignored, waited, isPushed }: CoverFacts,
  correlation: string,
  now: number,
): CoversKept {
  const left: CoversKept['left'][number][] = [];
  let wanted = 0;
  let putOff = 0;
  const isAsked = scope.kinds?.includes('stale') ?? true;
  for (const { kind, gap, isNew = false } of isAsked ? (covers?.pictures ?? []) : []) {
    const name = gapName(gap.kind, gap.field);
    if (ignored.has(name)) {
      left.push({ gap, state: 'ignored' });
      continue;
    }
    const what = covers?.address ?? '';
    const known = extraOf(db, sceneId, kind);
    const isOnItsWay = known?.what === what;
    // Given up: it stands among the problems.
    if (isOnItsWay && known.dueAt === null) continue;
    const isHeld = !isNew && waited.has(name) && (dry || origin !== 'person');
    const hasRoom = limit === null || figures.covers + wanted < limit;
    if (!isOnItsWay && !isPushed && (isHeld || !hasRoom)) {
      if (isNew) putOff += 1;
      else left.push({ gap, state: 'waiting' });
      continue;
    }
    wanted += 1;
    if (!dry) wantExtra(db, { sceneId, kind, what, correlation }, now);
  }
  return { wanted, putOff, left };
}
