// One page of a run: what was found of its scenes, what of it goes into the queue, and how far the run
// is, in one transaction. So whoever goes on after any death finds each gap counted and queued once.
import { isToClose } from '../../domain/gaps/gap.ts';
import { allot } from '../../domain/gaps/allot.ts';
import {
  dropGapsOf,
  type FoundGap,
  gapCount,
  gapName,
  type GapOwner,
  gapsKept,
  gapsReserved,
  ignoredOf,
  putGap,
  waitingOf,
} from '../mirror/gap.ts';
import type { Database } from '../file/database.ts';
import { isBuried } from '../queue/deadLetter.ts';
import { isGivenUp, rearmExtras, type WantedExtra } from '../queue/extra.ts';
import { queueKey, raiseScene } from '../queue/queue.ts';
import { keepPlace, type Run, type RunFigures, type RunPlace, runUnderWay } from './run.ts';
import { type Covers, keepCovers, waitsBesideCovers } from './runCovers.ts';
import { run as change, transaction } from '../file/sql.ts';

export interface LookedAt extends GapOwner {
  readonly gaps: readonly (FoundGap & {
    /** False: nothing would come of a push, since PlexSync knows as much already. */
    readonly isNews?: boolean;
    /** What closes it is sent beside the text: a picture or a rating. */
    readonly extra?: Pick<WantedExtra, 'kind' | 'what'>;
  })[];
  /** An item that nobody knew to be the scene's. */
  readonly foundItem?: string;
  /** Pictures whose cover may be another than the one in Plex: only its bytes tell. */
  readonly covers?: Covers;
}

export interface RunPage {
  readonly looked: readonly LookedAt[];
  /** Scenes that could not be judged: what was found of them earlier stays. */
  readonly unread: number;
  readonly stashRequests: number;
  readonly plexRequests: number;
  /** Where to go on. */
  readonly next: RunPlace;
}

/**
 * @param run as it was when the page was asked for
 * @returns false if it was ended meanwhile, or somebody else was here: nothing is kept then
 */
export function keepPage(db: Database, run: Run, page: RunPage, now: number): boolean {
  return transaction(db, () => {
    const present = runUnderWay(db);
    if (present?.id !== run.id) return false;
    if (JSON.stringify(present.place) !== JSON.stringify(run.place)) return false;
    let { figures } = present;
    const room = { left: gapsKept - gapCount(db) };
    for (const looked of page.looked) {
      figures = keepScene(db, present, figures, looked, room, now);
    }
    const { stashRequests, plexRequests, unread } = page;
    keepPlace(db, run.id, page.next, {
      ...figures,
      scenes: figures.scenes + page.looked.filter(({ sceneId }) => sceneId !== 0).length + unread,
      unread: figures.unread + unread,
      stashRequests: figures.stashRequests + stashRequests,
      plexRequests: figures.plexRequests + plexRequests,
    });
    return true;
  });
}

function keepScene(
  db: Database,
  run: Run,
  figures: RunFigures,
  looked: LookedAt,
  room: { left: number },
  now: number,
): RunFigures {
  const { sceneId } = looked;
  const gaps = looked.gaps.filter(({ kind }) => run.scope.kinds?.includes(kind) ?? true);
  const ignored = ignoredOf(db, looked);
  const waited = waitingOf(db, sceneId);
  if (sceneId !== 0) room.left += dropGapsOf(db, sceneId, run.scope.kinds);
  if (looked.foundItem !== undefined) {
    change(db, 'INSERT OR IGNORE INTO run_item (rating_key) VALUES (?)', looked.foundItem);
  }
  const named = gaps.map((gap) => ({ gap, name: gapName(gap.kind, gap.field) }));
  const shown = named.filter(({ name }) => !ignored.has(name));
  const isPersons = run.origin === 'person';
  const isLeft = ({ extra }: LookedAt['gaps'][number]): boolean =>
    !isPersons && extra !== undefined && isGivenUp(db, sceneId, extra);
  const toClose = shown.filter(
    ({ gap }) => gap.isNews !== false && isToClose(gap.kind) && !isLeft(gap),
  );
  const isHeld = waitsBesideCovers(waited);
  const fate = fateOf(db, run, looked, toClose.length, isHeld, total(figures.queued));
  const correlation = `${run.begunAt.toString(36)}-${run.id}-reconcile`;
  if (fate === 'queued') {
    raiseScene(db, sceneId, now, 'reconcile', correlation);
    const kinds = toClose.flatMap(({ gap }) => gap.extra?.kind ?? []);
    if (isPersons) rearmExtras(db, sceneId, kinds, now);
  }
  const facts = { sceneId, covers: looked.covers, ignored, waited, isPushed: fate === 'queued' };
  const covers = keepCovers(db, run, figures, facts, correlation, now);
  const ofTexts = named.map(({ gap, name }) => {
    const isClosed = toClose.some((other) => other.gap === gap);
    return { gap, state: ignored.has(name) ? 'ignored' : isClosed ? fate : 'told' } as const;
  });
  let unlisted = 0;
  for (const { gap, state } of [...ofTexts, ...covers.left]) {
    // Covers are many at once, where a kind of picture is switched on or all was saved anew.
    const reserved = covers.left.some((cover) => cover.gap === gap) ? gapsReserved : 0;
    // What a person ignores has its row already, and must stay ignored.
    if (room.left <= reserved && state !== 'ignored') {
      unlisted += 1;
      continue;
    }
    putGap(db, looked, gap, state, run.id, now);
    room.left -= 1;
  }
  const left = covers.left.filter(({ state }) => state === 'waiting');
  const namesOf = (some: readonly { readonly gap: FoundGap }[]): readonly string[] =>
    some.map(({ gap }) => gapName(gap.kind, gap.field));
  return {
    ...figures,
    covers: figures.covers + covers.wanted,
    found: plus(figures.found, namesOf([...shown, ...left])),
    queued: fate === 'queued' ? plus(figures.queued, namesOf(toClose)) : figures.queued,
    waiting: figures.waiting + (fate === 'waiting' ? toClose.length : 0) + left.length,
    unlisted: figures.unlisted + unlisted,
    putOff: (figures.putOff ?? 0) + covers.putOff,
  };
}

/**
 * Only a person's run takes up again what waits for a word, or what was given up: else either would
 * be a matter of time.
 */
function fateOf(
  db: Database,
  run: Run,
  { sceneId }: GapOwner,
  toClose: number,
  waited: boolean,
  queued: number,
): ReturnType<typeof allot> {
  if (toClose === 0) return 'told';
  const isPersons = run.origin === 'person';
  if (waited && (run.dry || !isPersons)) return 'waiting';
  if (!isPersons && isBuried(db, queueKey('scene', sceneId))) return 'told';
  return allot(toClose, { ...run, queued });
}

function plus(
  counts: Readonly<Record<string, number>>,
  names: readonly string[],
): Record<string, number> {
  const sum = { ...counts };
  for (const name of names) sum[name] = (sum[name] ?? 0) + 1;
  return sum;
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
