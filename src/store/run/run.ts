// Runs of the reconciliation: beginning one, how far it is, what it has found so far, the last ones.
import * as v from 'valibot';
import { gapKinds, runOrigins } from '../../contract/gaps.ts';
import type { Database } from '../file/database.ts';
import { knownScenes } from './runScenes.ts';
import { integer, integerOrNull, type Row, row, rows, run as change, text } from '../file/sql.ts';
import type { Singleton } from '../file/state.ts';

export const scopeSchema = v.object({
  /** Only scenes changed in Stash since then, and until then, Unix ms; null = no bound. */
  since: v.nullable(v.number()),
  until: v.nullable(v.number()),
  /** Only scenes whose item is in this library, by its number; null = all. */
  library: v.nullable(v.string()),
  /** Only gaps of these kinds; null = all. */
  kinds: v.nullable(v.array(v.picklist(gapKinds))),
  /** Of a Stash that was restored: also scenes into which anything was pushed since then, Unix ms. */
  pushedSince: v.exactOptional(v.number()),
  /** After an absence: also what has gone from Stash in it. */
  absent: v.exactOptional(v.boolean()),
});
export type RunScope = v.InferOutput<typeof scopeSchema>;

/** Whether the run looks at all that was changed since a time. */
export function isOfAll({ until, library, kinds }: RunScope): boolean {
  return until === null && library === null && kinds === null;
}

const placeSchema = v.variant('phase', [
  /** Gaps of earlier runs go. */
  v.object({ phase: v.literal('tidy') }),
  /** Plex's libraries are looked through. */
  v.object({ phase: v.literal('index') }),
  /** The last scene looked at; how many are left as Stash counted them last, null before that. */
  v.object({ phase: v.literal('scenes'), after: v.number(), left: v.nullable(v.number()) }),
  /** What scenes share is looked through: performers, studios, tags, groups. */
  v.object({ phase: v.literal('shared') }),
  /** The last scene that was looked for in Stash. */
  v.object({ phase: v.literal('gone'), after: v.number() }),
  /** The last item that was looked for a scene of. */
  v.object({ phase: v.literal('items'), after: v.string() }),
]);
export type RunPlace = v.InferOutput<typeof placeSchema>;

const counts = v.record(v.string(), v.number());
const figuresSchema = v.object({
  /** Looked at, and those that could not be judged, since they or their items could not be read. */
  scenes: v.number(),
  unread: v.number(),
  /** Requests of the run's own; the index has its own. */
  stashRequests: v.number(),
  plexRequests: v.number(),
  /** Gaps by `kind` or `kind:field`. */
  found: counts,
  queued: counts,
  waiting: v.number(),
  /** Pictures to be looked at, since the cover may be another one. */
  covers: v.number(),
  /** Found, but more than are kept. */
  unlisted: v.number(),
  /** Covers that were never compared and found no room within the limit: left to later runs. */
  putOff: v.exactOptional(v.number()),
  /** Of a run that nobody asked for: scenes known when it began. */
  known: v.exactOptional(v.number()),
  /** Why it was ended before it was through, in words; absent where a person ended it. */
  stoppedBy: v.exactOptional(v.string()),
});
export type RunFigures = v.InferOutput<typeof figuresSchema>;

const noFigures: RunFigures = {
  scenes: 0,
  unread: 0,
  stashRequests: 0,
  plexRequests: 0,
  found: {},
  queued: {},
  waiting: 0,
  covers: 0,
  unlisted: 0,
};

/**
 * Up to when changes in Stash were looked for, Unix ms: every scene changed before was compared since.
 * Null: the clock was put back behind it, and nobody knows what was missed. Absent: never.
 */
export const reconciledTo: Singleton<{ at: number | null }> = {
  name: 'reconciled-to',
  schema: v.object({ at: v.nullable(v.number()) }),
};

const states = ['running', 'ended', 'stopped'] as const;

export interface NewRun {
  readonly origin: (typeof runOrigins)[number];
  readonly scope: RunScope;
  readonly dry: boolean;
  /** Gaps that are queued without a person's word; null = all. */
  readonly limit: number | null;
}

export interface Run extends NewRun {
  readonly id: number;
  readonly state: (typeof states)[number];
  readonly place: RunPlace;
  /** How often the page at that place has failed. */
  readonly tries: number;
  readonly figures: RunFigures;
  /** Unix ms. */
  readonly begunAt: number;
  readonly endedAt: number | null;
}

const runsKept = 30;

/** @returns the run, or null if another is under way. Call within a transaction. */
export function beginRun(
  db: Database,
  { origin, scope, dry, limit }: NewRun,
  now: number,
): Run | null {
  if (runUnderWay(db) !== null) return null;
  const figures = origin === 'person' ? noFigures : { ...noFigures, known: knownScenes(db) };
  change(
    db,
    `INSERT INTO run (origin, scope, dry, gap_limit, state, place, figures, begun_at)
     VALUES (?, ?, ?, ?, 'running', ?, ?, ?)`,
    origin,
    JSON.stringify(scope),
    dry ? 1 : 0,
    limit,
    JSON.stringify({ phase: 'tidy' } satisfies RunPlace),
    JSON.stringify(figures),
    now,
  );
  change(
    db,
    'DELETE FROM run WHERE id NOT IN (SELECT id FROM run ORDER BY id DESC LIMIT ?)',
    runsKept,
  );
  change(db, 'DELETE FROM run_item');
  return runUnderWay(db);
}

export function runUnderWay(db: Database): Run | null {
  const found = row(db, "SELECT * FROM run WHERE state = 'running'");
  return found === undefined ? null : toRun(found);
}

/** Scenes that the run under way has still to look at, as far as is known; 0 if none is. */
export function scenesToLookAt(db: Database): number {
  const run = runUnderWay(db);
  if (run === null) return 0;
  // Before the first page it is not known; something there is.
  return run.place.phase === 'scenes' ? Math.max(1, run.place.left ?? 1) : 1;
}

/** The newest first. */
export function lastRuns(db: Database, limit: number): readonly Run[] {
  return rows(db, 'SELECT * FROM run ORDER BY id DESC LIMIT ?', limit).map(toRun);
}

/** Keeps how far the run is and what it has found. */
export function keepPlace(db: Database, id: number, place: RunPlace, figures: RunFigures): void {
  change(
    db,
    'UPDATE run SET place = ?, figures = ?, tries = 0 WHERE id = ?',
    JSON.stringify(place),
    JSON.stringify(figures),
    id,
  );
}

/** Keeps that the page at its place has failed. */
export function noteTry(db: Database, id: number): void {
  change(db, 'UPDATE run SET tries = tries + 1 WHERE id = ?', id);
}

/** Keeps why the run is about to be ended. */
export function noteStop(db: Database, { id, figures }: Run, why: string): void {
  const noted = JSON.stringify({ ...figures, stoppedBy: why } satisfies RunFigures);
  change(db, "UPDATE run SET figures = ? WHERE id = ? AND state = 'running'", noted, id);
}

/** @returns whether it was under way */
export function endRun(db: Database, id: number, state: 'ended' | 'stopped', now: number): boolean {
  const ended = change(
    db,
    "UPDATE run SET state = ?, ended_at = ? WHERE id = ? AND state = 'running'",
    state,
    now,
    id,
  );
  if (ended > 0) change(db, 'DELETE FROM run_item');
  return ended > 0;
}

function toRun(found: Row): Run {
  const json = <T>(column: string, schema: v.GenericSchema<unknown, T>): T =>
    v.parse(v.pipe(v.string(), v.parseJson(), schema), found[column]);
  return {
    id: integer(found, 'id'),
    origin: v.parse(v.picklist(runOrigins), text(found, 'origin')),
    scope: json('scope', scopeSchema),
    dry: integer(found, 'dry') === 1,
    limit: integerOrNull(found, 'gap_limit'),
    state: v.parse(v.picklist(states), text(found, 'state')),
    place: json('place', placeSchema),
    tries: integer(found, 'tries'),
    figures: json('figures', figuresSchema),
    begunAt: integer(found, 'begun_at'),
    endedAt: integerOrNull(found, 'ended_at'),
  };
}
