// What goes both ways, a step at a time beside the queue: every quarter of an hour what was watched, begun
// or rated since, and once a day all scenes that have an item. A pass that dies begins again where it was;
// one that fails leaves the time from which the next one looks as it was.
import { createHash } from 'node:crypto';
import { type PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import type { ViewingSettings } from '../contract/viewingSettings.ts';
import { unknown } from '../domain/mirror/viewing.ts';
import type { PlexClient } from '../plex/client.ts';
import { isCorruptStore } from '../store/file/corruption.ts';
import type { Database } from '../store/file/database.ts';
import { readState, writeState } from '../store/file/state.ts';
import { transaction } from '../store/file/sql.ts';
import {
  forgetAllViewing,
  keepViewing,
  type Pair,
  pairsAfter,
  pairsOfScenes,
  viewingKnown,
} from '../store/mirror/viewing.ts';
import { viewingCounts } from '../store/mirror/viewingChange.ts';
import { isPaused } from '../store/queue/control.ts';
import {
  followViewing,
  nextViewingAt,
  type ViewingPass,
  viewingPass,
} from '../store/run/viewingPass.ts';
import type { DrainContext } from '../sync/base/context.ts';
import type { PlexIdentity } from '../sync/base/plexIdentity.ts';
import type { SideWork } from '../sync/sideWork.ts';
import { candidates } from './candidates.ts';
import { isOfTheScene, lookAtPairs, pairsPerStep } from './lookAt.ts';

export const passEveryMs = 900_000;
export const wholeEveryMs = 86_400_000;
/** Clocks of three machines, and what somebody was at when the last pass looked. */
const overlapMs = 600_000;
/** It may have taken long because somebody paused it, too. */
const longestRestMs = 3_600_000;
const rest = { leastMs: 20, mostMs: 2_000 };
/** Where edits keep it from its work, it has a step beside them so often. */
const givesWayMs = 60_000;
/** A step that fails so often is passed over: one of its scenes may be what fells a server. */
const triesAtMost = 3;
const retryMs = 60_000;

type Begun = ViewingPass & { readonly underWay: NonNullable<ViewingPass['underWay']> };

export function openViewing(db: Database): SideWork {
  const forTests = process.env['PLEXSYNC_VIEWING_MS'] ?? '';
  const everyMs = /^\d+$/.test(forTests) ? Number(forTests) : passEveryMs;
  let notBefore = 0;
  let steppedAt = Number.NEGATIVE_INFINITY;
  let tries = 0;
  /** Of a pass over what is new: scenes still to be looked at. Asked for again after a death. */
  let left: readonly number[] | null = null;
  let failed = 0;
  let settingsHash = '';
  /** Libraries that the user sees, as far as this pass has asked. */
  let shared: ReadonlySet<string> | null = null;

  const nextAt = (): number | null => {
    // Nor while a person sets PlexSync up.
    const at = isPaused(db) ? null : nextViewingAt(db);
    return at === null ? null : Math.max(at, notBefore);
  };

  const keep = (pass: ViewingPass): void => {
    writeState(db, viewingPass, pass);
  };

  const begin = (pass: ViewingPass, now: number): Begun => {
    const whole = pass.wholeBegunAt === null || now - pass.wholeBegunAt >= wholeEveryMs;
    const underWay = { begunAt: now, whole: whole || pass.since === null, after: 0 };
    left = null;
    shared = null;
    failed = 0;
    const begun = { ...pass, underWay };
    keep(begun);
    return begun;
  };

  const end = (context: DrainContext, pass: Begun): void => {
    const { clock, log } = context;
    const { begunAt, whole } = pass.underWay;
    const wasFirst = pass.endedAt === null;
    const now = clock.now();
    left = null;
    keep({
      ...pass,
      underWay: null,
      endedAt: now,
      since: begunAt,
      wholeBegunAt: whole ? begunAt : pass.wholeBegunAt,
      // One that is long, as over all scenes where too many are in progress, rests as long.
      nextAt: now + Math.max(everyMs, Math.min(longestRestMs, now - begunAt)),
      problem: null,
    });
    const { toStash, toPlex, conflicts } = viewingCounts(db, begunAt);
    if (!wasFirst && toStash + toPlex + failed === 0) return;
    const words = `${wasFirst ? 'First comparison of what was watched' : 'What was watched'}: ${toStash} to Stash, ${toPlex} to Plex, ${conflicts} where both had changed, ${failed} failed`;
    log.write('info', 'viewing', words, { toStash, toPlex, conflicts, failed });
  };

  /** @returns whether there is nothing more to look at */
  const lookOn = async (
    context: DrainContext,
    viewer: PlexClient,
    identity: PlexIdentity,
    pass: Begun,
  ): Promise<boolean> => {
    const { underWay } = pass;
    const sectionIds = await sectionsOf(context, viewer, identity);
    if (underWay.whole) {
      const pairs = pairsAfter(db, sectionIds, underWay.after, pairsPerStep);
      const looked = await look(context, viewer, pairs);
      const last = pairs[looked - 1];
      if (last !== undefined) keep({ ...pass, underWay: { ...underWay, after: last.sceneId } });
      return looked === pairs.length && pairs.length < pairsPerStep;
    }
    if (left === null) {
      if (tries >= triesAtMost) {
        // What cannot be listed can be asked for by number.
        keep({ ...pass, underWay: { ...underWay, whole: true } });
        return false;
      }
      const since = (pass.since ?? 0) - overlapMs;
      left = await candidates(context, viewer, sectionIds, pass.fields, since);
      // So many are looked at by their numbers, which a death does not lose.
      if (left === null) keep({ ...pass, underWay: { ...underWay, whole: true } });
      return left !== null && left.length === 0;
    }
    const ids = left.slice(0, pairsPerStep);
    const pairs = pairsOfScenes(db, sectionIds, ids);
    const looked = await look(context, viewer, pairs);
    const next = pairs[looked];
    left = next === undefined ? left.slice(pairsPerStep) : left.slice(left.indexOf(next.sceneId));
    return left.length === 0;
  };

  /** @returns how many of them, from the first on */
  const look = async (
    context: DrainContext,
    viewer: PlexClient,
    pairs: readonly Pair[],
  ): Promise<number> => {
    if (tries < triesAtMost) {
      const { looked, failed: more } = await lookAtPairs(context, viewer, pairs);
      failed += more;
      return looked;
    }
    failed += pairs.length;
    for (const { sceneId, ratingKey } of pairs) {
      const known = viewingKnown(db, sceneId, ratingKey) ?? unknown;
      keepViewing(db, sceneId, ratingKey, known, true);
    }
    const words = `What was watched of ${pairs.length} scenes could not be compared, several times; the pass goes on behind them`;
    context.log.write('warn', 'viewing', words);
    return pairs.length;
  };

  /** A guest may see some of the libraries only. */
  const sectionsOf = async (
    { plex }: DrainContext,
    viewer: PlexClient,
    { sections }: PlexIdentity,
  ): Promise<readonly string[]> => {
    const ids = sections.map(({ id }) => id);
    if (viewer === plex) return ids;
    shared ??= new Set((await viewer.sections()).map(({ id }) => id));
    return ids.filter((id) => shared?.has(id));
  };

  /** It is put off; what it is about is looked at from the same time on. */
  const fail = (context: DrainContext, error: PlexSyncError): void => {
    const pass = readState(db, viewingPass);
    const now = context.clock.now();
    const { code, message } = error;
    // A Plex that was away says nothing about the scenes.
    if (isOfTheScene(error) || code === 'internal') tries += 1;
    const isRefused = code === 'plex-unauthorized';
    notBefore = now + (isRefused ? everyMs : retryMs);
    if (pass === null) return;
    const since = pass.problem?.code === code ? pass.problem.since : now;
    keep({ ...pass, problem: { code, message, since } });
    if (pass.problem?.code === code) return;
    const words = isRefused
      ? 'Plex refuses the token in viewingToken: what is watched does not go both ways'
      : `What was watched could not be compared: ${message}`;
    context.log.write('warn', 'viewing', words, { code });
  };

  const step = async (context: DrainContext, identity: PlexIdentity): Promise<void> => {
    const { clock } = context;
    const viewer = context.viewer ?? null;
    const at = nextAt();
    if (at === null || at > clock.now() || viewer === null) return;
    const known = readState(db, viewingPass);
    const { viewing } = context.settings;
    if (known === null || viewing.fields.length === 0) return;
    steppedAt = clock.now();
    const of = whoOf(viewing, context.settings.plexToken, identity);
    const mine = known.of === of ? known : anew(db, known, of);
    const pass = isBegun(mine) ? mine : begin(mine, clock.now());
    try {
      const isEnd = await lookOn(context, viewer, identity, pass);
      tries = 0;
      const now = readState(db, viewingPass);
      if (isEnd && now !== null && isBegun(now)) end(context, now);
      const tookMs = clock.now() - steppedAt;
      notBefore = clock.now() + Math.min(rest.mostMs, Math.max(rest.leastMs, tookMs));
    } catch (error) {
      if (isCorruptStore(error)) throw error;
      const failure = toPlexSyncError(error);
      const { code } = failure;
      // The plugin's own token is the circuit's business, a second user's that user's alone.
      if (code === 'plex-unauthorized' && viewer === context.plex) throw failure;
      fail(context, failure);
      // What fails again and again while everything else goes on is nobody's fault but the page's.
      const isPages =
        /^stash-(query-failed|bad-answer)$|^plex-(not-found|not-confirmed|bad-request)$/.test(
          code,
        ) || tries > 1;
      const isItsOwn = code === 'plex-unauthorized' || !/^(plex|stash)-/.test(code);
      if (!isItsOwn && !isPages) throw failure;
    }
  };

  return {
    nextAt,
    wantsLook: () => false,
    hasWaited: (now) => {
      const at = nextAt();
      return at !== null && at <= now && now - Math.max(steppedAt, at) >= givesWayMs;
    },
    prepare: (read, now) => {
      if (read.kind !== 'valid') return;
      // Other settings may be what was wrong.
      if (read.hash !== settingsHash) {
        [notBefore, tries] = [0, 0];
        shared = null;
      }
      settingsHash = read.hash;
      followViewing(db, [...read.settings.viewing.fields], now);
    },
    step,
    clockWentBack: () => {
      notBefore = 0;
      steppedAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function isBegun(pass: ViewingPass): pass is Begun {
  return pass.underWay !== null;
}

/** Another user, or another Plex: nothing that was known holds. */
function anew(db: Database, known: ViewingPass, of: string): ViewingPass {
  const begun = { ...known, of, underWay: null, since: null, wholeBegunAt: null, endedAt: null };
  transaction(db, () => {
    forgetAllViewing(db);
    writeState(db, viewingPass, begun);
  });
  return begun;
}

function whoOf(
  { token }: ViewingSettings,
  plexToken: string,
  { machineIdentifier }: PlexIdentity,
): string {
  const who = `${token === '' ? plexToken : token}\n${machineIdentifier}`;
  return createHash('sha256').update(who).digest('hex').slice(0, 16);
}
