// Goes on with the run under way, a step at a time between the batches: 50 scenes, or a page of items.
// It works while no text is due, and rests as long as a step took; what it has queued is pushed before the
// next step. Where edits never end it has a step now and then all the same. How far it is stands in the
// data file, so any death costs a step at most.
import { isPlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { openFaces } from '../domain/gaps/shared.ts';
import { dropGapsIn } from '../store/mirror/gap.ts';
import type { Database } from '../store/file/database.ts';
import { anyUntried } from '../store/queue/queue.ts';
import { noteTry, type Run, type RunPlace, runUnderWay } from '../store/run/run.ts';
import { keepPage, type LookedAt } from '../store/run/runPage.ts';
import { itemsAfter } from '../store/run/runScenes.ts';
import { nextCatchUpAt } from '../store/run/catchUp.ts';
import { nextScheduledAt } from '../store/run/schedule.ts';
import { isSignOpen } from '../store/run/stashNewest.ts';
import { transaction } from '../store/file/sql.ts';
import { fullSyncNeeded, index, readState, writeState } from '../store/file/state.ts';
import type { DrainContext } from '../sync/base/context.ts';
import type { SideWork } from '../sync/sideWork.ts';
import { renewQuietly } from '../sync/match/libraryIndex.ts';
import type { PlexIdentity } from '../sync/base/plexIdentity.ts';
import { lookAt, type Looked } from './lookAt.ts';
import { beginCatchUp, followSign, witness } from './catchUp.ts';
import { finish, leaveToNext, passOverAbsent, stop, troubleAt } from './ending.ts';
import { beginScheduled } from './scheduled.ts';
import { afterScenes, farFewer, lookAtShared, lookForGone, wholeOrLeft } from './absent.ts';
import { type Chunk, chunkOf, type Listed, listScenes, readPage } from './scenesPage.ts';
import { failuresToEnd, isOfThePage, lookOneByOne, pauseMs, triesAtMost } from './troubles.ts';

const gapsTidiedPerStep = 5_000;
const itemsPerStep = 500;
const rest = { leastMs: 20, mostMs: 2_000 };
/** Of a run that edits keep from its work: so long it lets them go before a step. */
const givesWayMs = 5_000;
/** A walk through all of Plex's libraries is one step, and a long one. */
const walkGivesWayMs = 600_000;
/** A schedule that is saved, and PlexSync being switched off, are noticed within this time. */
const usualLookMs = 60_000;

const nothing = { looked: [], unread: 0, stashRequests: 0, plexRequests: 0 } as const;

export function openReconciling(db: Database): SideWork {
  let notBefore = 0;
  const forTests = process.env['PLEXSYNC_LOOK_MS'] ?? '';
  const lookEveryMs = /^\d+$/.test(forTests) ? Number(forTests) : usualLookMs;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let listed: Listed | null = null;
  let walked: Listed | null = null;
  let steppedAt = Number.NEGATIVE_INFINITY;
  /** How often a run could not be begun, one after the other. */
  let failures = 0;
  /** Since when edits have kept the run from its walk. */
  let walkWaitsSince: number | null = null;
  /** Scenes that the last step looked at: what it queued of them is pushed before the next. */
  let lookedAtLast: readonly number[] = [];

  const keep = (run: Run, looked: Looked, next: RunPlace, now: number): void => {
    keepPage(db, run, { ...looked, next }, now);
    lookedAtLast = looked.looked.map(({ sceneId }) => sceneId);
  };

  const catchUpAt = (now: number): number | null => {
    const at = nextCatchUpAt(db, now);
    return at === null ? null : Math.max(at, notBefore);
  };

  const scenes = async (
    context: DrainContext,
    plex: PlexIdentity,
    run: Run,
    after: number,
  ): Promise<void> => {
    const { clock, settings } = context;
    const { tagParents } = openFaces(settings);
    const isUnasked = run.origin !== 'person' && after === 0;
    const isOverSome = run.scope.since !== null;
    if (isUnasked && isOverSome) {
      walked = await wholeOrLeft(context, run);
      if (walked === null) return;
    }
    const page = await readPage(context, run, after, listed, tagParents);
    listed = page.listed;
    if (isStashEmpty(run, after, listed) && page.ids.length > 0) {
      stop(context, run, 'Stash lists no scenes at all, though PlexSync knows some');
      return;
    }
    const fewer = isUnasked && !isOverSome ? farFewer(context, run, listed) : null;
    if (fewer !== null) {
      writeState(db, fullSyncNeeded, { since: clock.now(), reason: fewer });
      stop(context, run, fewer);
      return;
    }
    const looked = await lookAt(context, plex, page.reads, run.scope);
    const next = placeAfter(run, page);
    const stashRequests = page.requests + (isUnasked && isOverSome ? 1 : 0);
    keep(run, { ...looked, stashRequests }, next, clock.now());
  };

  /** What has failed again and again: a page of scenes is passed over, anything else ends the run. */
  const passOver = async (context: DrainContext, plex: PlexIdentity, run: Run): Promise<void> => {
    const { place } = run;
    if (place.phase === 'shared' || place.phase === 'gone') {
      passOverAbsent(context, run);
      return;
    }
    if (place.phase !== 'scenes') {
      stop(context, run, troubleAt(place));
      return;
    }
    const asked = await listedOrNull(context, run, place.after, listed);
    if (asked === null) {
      stop(context, run, 'Stash’s scenes could not be listed');
      return;
    }
    const chunk = chunkOf(context, run, place.after, asked);
    const looked = await lookOneByOne(context, plex, run, chunk.ids);
    // First, so that no death in between forgets it.
    if (looked.unread > 0) transaction(db, () => leaveToNext(db, run, troubleAt(place)));
    keep(run, looked, placeAfter(run, chunk), context.clock.now());
    const message = `${looked.unread} scenes after number ${place.after} could not be compared; the run goes on behind them`;
    context.log.write('warn', 'reconcile', message, { run: run.id });
  };

  const step = async (context: DrainContext, plex: PlexIdentity): Promise<void> => {
    const { clock } = context;
    if (clock.now() < notBefore) return;
    const found = runUnderWay(db);
    if (found === null) {
      await followSign(context);
      await beginCatchUp(context);
      failures = 0;
      return;
    }
    const run = withLibrary(found, plex);
    if (run === null) {
      stop(
        context,
        found,
        `Plex has no library "${found.scope.library ?? ''}" that is kept in step`,
      );
      return;
    }
    const { place } = run;
    const begunAt = clock.now();
    if (run.tries >= triesAtMost) {
      await passOver(context, plex, run);
      return;
    }
    switch (place.phase) {
      case 'tidy':
        tidy(db, run, begunAt);
        break;
      case 'index':
        await renewIndex(context, plex, run);
        goOn(db, run, { phase: 'scenes', after: 0, left: null }, clock.now());
        break;
      case 'scenes':
        await scenes(context, plex, run, place.after);
        break;
      case 'shared':
        await lookAtShared(context, run);
        break;
      case 'gone':
        walked = await lookForGone(context, plex, run, place.after, walked);
        break;
      case 'items':
        if (items(context, run, place.after)) await finish(context, run);
        break;
    }
    const tookMs = clock.now() - begunAt;
    notBefore = clock.now() + Math.min(rest.mostMs, Math.max(rest.leastMs, tookMs));
  };

  const nextAt = (now: number): number | null => {
    if (runUnderWay(db) !== null || isSignOpen(db)) return notBefore;
    const times = [nextScheduledAt(db, now), catchUpAt(now)].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  };

  return {
    nextAt,
    hasWaited: (now) => {
      const at = nextAt(now);
      if (at === null || at > now || now - steppedAt < givesWayMs) return false;
      walkWaitsSince = isToWalk(db) ? (walkWaitsSince ?? now) : null;
      if (walkWaitsSince !== null && now - walkWaitsSince < walkGivesWayMs) return false;
      return !anyUntried(db, lookedAtLast, 'reconcile');
    },
    wantsLook: (now) => {
      if (now - lookedAt < lookEveryMs) return false;
      lookedAt = now;
      return true;
    },
    prepare: (read, now) => {
      lookedAt = now;
      witness(db, read, now);
      if (read.kind === 'valid') beginScheduled(db, read.settings.reconcile, now);
    },
    step: async (context, plex) => {
      steppedAt = context.clock.now();
      walkWaitsSince = null;
      try {
        await step(context, plex);
      } catch (error) {
        if (!isOfThePage(error)) throw error;
        const run = runUnderWay(db);
        if (run === null) failures += 1;
        const tries = run === null ? failures : run.tries + 1;
        notBefore = context.clock.now() + pauseMs(tries);
        const { message } = toPlexSyncError(error);
        if (run !== null) {
          noteTry(db, run.id);
          if (tries >= failuresToEnd) {
            stop(context, run, `${troubleAt(run.place)}, ${tries} times (${message})`);
            // The next one is not to blame for it.
            notBefore = 0;
            return;
          }
        }
        const words = `Scenes could not be compared with Plex: ${message}`;
        context.log.write('warn', 'reconcile', words, { run: run?.id ?? null });
        // Whether it was the server is the circuit's to tell.
        if (isPlexSyncError(error) && error.code.startsWith('plex-')) throw error;
      }
    },
    clockWentBack: () => {
      notBefore = 0;
      lookedAt = Number.NEGATIVE_INFINITY;
      steppedAt = Number.NEGATIVE_INFINITY;
      walkWaitsSince = null;
    },
  };
}

function placeAfter(run: Run, { next, left }: Pick<Chunk, 'next' | 'left'>): RunPlace {
  return next === null ? afterScenes(run) : { phase: 'scenes', after: next, left };
}

async function listedOrNull(
  context: DrainContext,
  run: Run,
  after: number,
  known: Listed | null,
): Promise<Listed | null> {
  try {
    return (await listScenes(context, run, after, known)).listed;
  } catch (error) {
    if (!isOfThePage(error)) throw error;
    return null;
  }
}

/** What is not listed may be all of a database that is being restored. */
function isStashEmpty({ scope }: Run, after: number, listed: Listed): boolean {
  return scope.since === null && after === 0 && listed.next === null && listed.ids.length === 0;
}

/** With the number of the library, which a person may have given by name; null: there is none. */
function withLibrary(run: Run, { sections }: PlexIdentity): Run | null {
  const { library } = run.scope;
  if (library === null) return run;
  const name = library.toLowerCase();
  const section =
    sections.find(({ id }) => id === library) ??
    sections.find(({ title }) => title.trim().toLowerCase() === name);
  return section === undefined ? null : { ...run, scope: { ...run.scope, library: section.id } };
}

/** What earlier runs told goes where this one tells it anew; what waits for a word and what is ignored stays. */
function tidy(db: Database, run: Run, now: number): void {
  const { since, until, library, kinds } = run.scope;
  const went = dropGapsIn(db, ['queued'], run.id, gapsTidiedPerStep);
  const isWhole = since === null && until === null && library === null;
  const told = isWhole ? dropGapsIn(db, ['told', 'found'], run.id, gapsTidiedPerStep, kinds) : 0;
  if (Math.max(went, told) < gapsTidiedPerStep) goOn(db, run, { phase: 'index' }, now);
}

function goOn(db: Database, run: Run, next: RunPlace, now: number): void {
  keepPage(db, run, { ...nothing, next }, now);
}

/** Only a whole walk proves that an item is gone. One made since the run began will do. */
async function renewIndex(context: DrainContext, plex: PlexIdentity, run: Run): Promise<void> {
  const isFull = run.scope.since === null;
  if (isFull && isWalked(context.db, run)) return;
  await renewQuietly(context, plex, isFull ? 'full' : 'new');
}

function isWalked(db: Database, { begunAt }: Run): boolean {
  return (readState(db, index)?.fullWalkAt ?? 0) >= begunAt;
}

/** Whether the next step is a walk through all of Plex's libraries. */
function isToWalk(db: Database): boolean {
  const run = runUnderWay(db);
  return run?.place.phase === 'index' && run.scope.since === null && !isWalked(db, run);
}

/** @returns whether those were the last */
function items(context: DrainContext, run: Run, after: string): boolean {
  const { db, clock } = context;
  const { since, until, library, kinds } = run.scope;
  // Only who has looked at all scenes knows which items have none.
  const isAsked = since === null && until === null && (kinds?.includes('no-scene') ?? true);
  const page = isAsked ? itemsAfter(db, after, itemsPerStep) : [];
  // Nothing is kept then: where the end fails its tries are counted.
  if (page.length === 0) return true;
  const looked = page.flatMap(({ ratingKey, title, path, sectionId, hasScene }): LookedAt[] => {
    if (hasScene || (library !== null && sectionId !== library)) return [];
    const reason = `No scene has its file ${path}.`;
    const sides = { stash: null, plex: title, toCome: null };
    const gap = { kind: 'no-scene', field: '', confidence: 'possibly', ...sides, reason } as const;
    return [{ sceneId: 0, ratingKey, gaps: [gap] }];
  });
  const last = page.at(-1)?.ratingKey ?? after;
  const isKept = keepPage(
    db,
    run,
    { ...nothing, looked, next: { phase: 'items', after: last } },
    clock.now(),
  );
  return isKept && page.length < itemsPerStep;
}
