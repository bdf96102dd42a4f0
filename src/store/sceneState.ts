// What PlexSync knows about each scene: its Plex item, what was last put into it, or why it has none.
import * as v from 'valibot';
import type { PushedValues } from '../domain/diff.ts';
import { type Evidence, type NoItemReason, noItemReasons } from '../domain/match.ts';
import { fields } from '../domain/plexItem.ts';
import { type BeforeValues, nothingBefore } from '../domain/withdraw.ts';
import type { Database } from './open.ts';
import {
  count,
  integer,
  integerOrNull,
  type Row,
  row,
  rows,
  run,
  text,
  textOrNull,
} from './sql.ts';

/** What PlexSync knows to be its own in a Plex item. */
export interface OwnValues {
  readonly pushed: PushedValues;
  /** `pushed` plus what was about to be written: PlexSync's own, should Plex show it. */
  readonly intent: PushedValues;
  /** What Plex had before the first write to each field. */
  readonly before: BeforeValues;
}

export interface SceneState extends OwnValues {
  /** The item it has, or had last. */
  readonly ratingKey: string | null;
  readonly sectionId: string | null;
  /** How the item was known last; null if it was not. */
  readonly matchedBy: string | null;
  /** Unix ms since when a file of it is awaited in Plex; null if none is. */
  readonly waitingSince: number | null;
  /** Why it has no item now; null if it has one. */
  readonly noItemReason: NoItemReason | null;
}

const pushedSchema = v.object({
  scalars: v.object({
    title: v.exactOptional(v.string()),
    titleSort: v.exactOptional(v.string()),
    summary: v.exactOptional(v.string()),
    originallyAvailableAt: v.exactOptional(v.string()),
    studio: v.exactOptional(v.string()),
    contentRating: v.exactOptional(v.string()),
  }),
  tags: v.object({
    genre: v.exactOptional(v.array(v.string())),
    label: v.exactOptional(v.array(v.string())),
    actor: v.exactOptional(v.array(v.string())),
    director: v.exactOptional(v.array(v.string())),
    collection: v.exactOptional(v.array(v.string())),
  }),
});

/** null for a scene never seen. A value that no longer parses counts as never pushed. */
export function sceneState(db: Database, sceneId: number): SceneState | null {
  const found = row(db, 'SELECT * FROM scene_state WHERE scene_id = ?', sceneId);
  return found === undefined ? null : toState(found);
}

/** The scene whose item it is, other than `sceneId`; null if it is nobody's. */
export function ownerOf(db: Database, ratingKey: string, sceneId: number): number | null {
  const found = row(
    db,
    'SELECT scene_id FROM scene_state WHERE rating_key = ? AND no_item_reason IS NULL',
    ratingKey,
  );
  const owner = found === undefined ? null : integer(found, 'scene_id');
  return owner === sceneId ? null : owner;
}

/**
 * What was put into the item under another scene's name, by the one that has it or had it last: it
 * is PlexSync's own whoever's it becomes.
 */
export function othersValues(db: Database, ratingKey: string, sceneId: number): OwnValues | null {
  for (const which of hasItemOrNot) {
    const found = row(
      db,
      `SELECT * FROM scene_state WHERE rating_key = ? AND no_item_reason ${which} AND scene_id <> ?
       ORDER BY pushed_at DESC LIMIT 1`,
      ratingKey,
      sceneId,
    );
    if (found !== undefined) return toState(found);
  }
  return null;
}

/** Each has its own index by the item; asked for both at once, SQLite would go through all scenes. */
const hasItemOrNot = ['IS NULL', 'IS NOT NULL'] as const;

/**
 * An item that passed to the scene leaves nothing of its values with the ones that had it.
 * @returns the scene whose item it was until now, if it was anyone's: it has none any more
 */
export function takeFromOthers(db: Database, ratingKey: string, sceneId: number): number | null {
  const owner = ownerOf(db, ratingKey, sceneId);
  run(
    db,
    `DELETE FROM scene_state WHERE rating_key = ? AND scene_id <> ? AND no_item_reason = 'gone'`,
    ratingKey,
    sceneId,
  );
  for (const which of hasItemOrNot) {
    run(
      db,
      `UPDATE scene_state SET rating_key = NULL, section_id = NULL, pushed = ?, intent = ?,
         before = '{}', no_item_reason = coalesce(no_item_reason, 'waiting')
       WHERE rating_key = ? AND no_item_reason ${which} AND scene_id <> ?`,
      nothing,
      nothing,
      ratingKey,
      sceneId,
    );
  }
  return owner;
}

const nothing = '{"scalars":{},"tags":{}}';

/**
 * Records what is about to be written, before it is: should the worker die in between, the value
 * in Plex is known to be ours and is not taken for a person's. The item must be nobody else's.
 */
export function recordIntent(
  db: Database,
  sceneId: number,
  item: {
    readonly ratingKey: string;
    readonly sectionId: string;
    readonly evidence: Evidence;
    /** Unix ms since when the item is not at its file's path any more; null while it is. */
    readonly movedSince: number | null;
  },
  values: OwnValues,
): void {
  run(
    db,
    `INSERT INTO scene_state (scene_id, rating_key, section_id, matched_by, score, why, pushed,
       intent, before, waiting_since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (scene_id) DO UPDATE SET rating_key = excluded.rating_key,
       section_id = excluded.section_id, matched_by = excluded.matched_by, score = excluded.score,
       why = excluded.why, pushed = excluded.pushed, intent = excluded.intent,
       before = excluded.before, no_item_reason = NULL, waiting_since = excluded.waiting_since`,
    sceneId,
    item.ratingKey,
    item.sectionId,
    item.evidence.how,
    item.evidence.score,
    item.evidence.why,
    JSON.stringify(values.pushed),
    JSON.stringify(values.intent),
    JSON.stringify(values.before),
    item.movedSince,
  );
}

/**
 * Records what Plex has confirmed.
 * @param pushedAt Unix ms of the write, or null if Plex had it all already
 */
export function recordPushed(
  db: Database,
  sceneId: number,
  pushed: PushedValues,
  pushedAt: number | null,
): void {
  const json = JSON.stringify(pushed);
  run(
    db,
    `UPDATE scene_state SET pushed = ?, intent = ?, pushed_at = coalesce(?, pushed_at)
     WHERE scene_id = ?`,
    json,
    json,
    pushedAt,
    sceneId,
  );
}

/**
 * A scene without an item, and why. The item it had is remembered: should that be its own again,
 * what was pushed there is still known to be ours.
 * @param awaited whether Plex may still scan a file of it, which keeps the worker looking
 */
export function recordNoItem(
  db: Database,
  sceneId: number,
  reason: NoItemReason,
  awaited: boolean,
  now: number,
): void {
  run(
    db,
    `INSERT INTO scene_state (scene_id, no_item_reason, waiting_since, pushed, intent)
     VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (scene_id) DO UPDATE SET no_item_reason = excluded.no_item_reason,
       score = NULL, why = NULL, matched_by = NULL,
       waiting_since = CASE WHEN excluded.waiting_since IS NULL THEN NULL
         ELSE coalesce(waiting_since, excluded.waiting_since) END`,
    sceneId,
    reason,
    awaited ? now : null,
    nothing,
    nothing,
  );
}

/**
 * The scene is gone from Stash. What it put into its item stays known, for the scene that has the
 * file next.
 */
export function forgetScene(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM scene_state WHERE scene_id = ? AND rating_key IS NULL', sceneId);
  run(
    db,
    `UPDATE scene_state SET no_item_reason = 'gone', waiting_since = NULL, entities = ' '
     WHERE scene_id = ?`,
    sceneId,
  );
}

/** The scene is gone and nothing of it is in Plex any more. */
export function dropScene(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM scene_state WHERE scene_id = ?', sceneId);
}

/** What gone scenes put into items that Plex has no more. Only after a whole walk of the index. */
export function dropGoneWithoutItem(db: Database): number {
  return run(
    db,
    `DELETE FROM scene_state WHERE no_item_reason = 'gone'
       AND rating_key NOT IN (SELECT rating_key FROM plex_part)`,
  );
}

/** Scenes whose item the index has no more, by id. Only after a whole walk of the index. */
export function scenesWhoseItemIsGone(db: Database): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state WHERE no_item_reason IS NULL AND rating_key IS NOT NULL
       AND rating_key NOT IN (SELECT rating_key FROM plex_part) ORDER BY scene_id`,
  ).map((found) => integer(found, 'scene_id'));
}

/** Whether any scene is without an item for one of these reasons. */
export function isAnyWithout(db: Database, reasons: readonly NoItemReason[]): boolean {
  const query = `SELECT 1 FROM scene_state
    WHERE no_item_reason IN (SELECT value FROM json_each(?)) LIMIT 1`;
  return row(db, query, JSON.stringify(reasons)) !== undefined;
}

/** Scenes without an item for one of these reasons, by id. */
export function scenesWithout(db: Database, reasons: readonly NoItemReason[]): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state
     WHERE no_item_reason IN (SELECT value FROM json_each(?)) ORDER BY scene_id`,
    JSON.stringify(reasons),
  ).map((found) => integer(found, 'scene_id'));
}

export interface WaitingScenes {
  readonly count: number;
  /** Unix ms at which the one that began to wait last did so; null if none waits. */
  readonly newestSince: number | null;
}

export function waitingScenes(db: Database): WaitingScenes {
  const found = row(
    db,
    'SELECT count(*) AS n, max(waiting_since) AS since FROM scene_state WHERE waiting_since IS NOT NULL',
  );
  if (found === undefined) return { count: 0, newestSince: null };
  return { count: integer(found, 'n'), newestSince: integerOrNull(found, 'since') };
}

/** Number of scenes without an item, by reason; and of scenes with one. */
export function sceneCounts(db: Database): {
  readonly matched: number;
  readonly byReason: Readonly<Record<string, number>>;
} {
  const reasons = rows(
    db,
    `SELECT no_item_reason, count(*) AS n FROM scene_state
     WHERE no_item_reason IS NOT NULL AND no_item_reason <> 'gone' GROUP BY no_item_reason`,
  );
  return {
    matched: count(
      db,
      'SELECT count(*) AS n FROM scene_state WHERE rating_key IS NOT NULL AND no_item_reason IS NULL',
    ),
    byReason: Object.fromEntries(
      reasons.map((found) => [text(found, 'no_item_reason'), integer(found, 'n')]),
    ),
  };
}

export function lastPushAt(db: Database): number | null {
  const found = row(db, 'SELECT max(pushed_at) AS t FROM scene_state');
  return found === undefined ? null : integerOrNull(found, 't');
}

const beforeSchema = v.object({
  ...pushedSchema.entries,
  locked: v.array(v.picklist(fields)),
});

function toState(found: Row): SceneState {
  const reason = textOrNull(found, 'no_item_reason');
  return {
    ratingKey: textOrNull(found, 'rating_key'),
    sectionId: textOrNull(found, 'section_id'),
    matchedBy: textOrNull(found, 'matched_by'),
    waitingSince: integerOrNull(found, 'waiting_since'),
    noItemReason: v.parse(v.nullable(v.picklist(noItemReasons)), reason),
    ...ownValuesIn(found),
  };
}

/** The record of a row that has one. What no longer parses counts as never pushed. */
export function ownValuesIn(found: Row): OwnValues {
  return {
    pushed: parsePushed(text(found, 'pushed')),
    intent: parsePushed(text(found, 'intent')),
    before: parseBefore(text(found, 'before')),
  };
}

function parseBefore(json: string): BeforeValues {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), beforeSchema), json);
  return parsed.success ? parsed.output : nothingBefore;
}

function parsePushed(json: string): PushedValues {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), pushedSchema), json);
  if (!parsed.success) return { scalars: {}, tags: {} };
  return parsed.output;
}
