// What PlexSync knows about a scene: its Plex item, what was last put into it, or why it has none.
import * as v from 'valibot';
import type { PushedValues } from '../../domain/mirror/values.ts';
import { type Evidence, type NoItemReason, noItemReasons } from '../../domain/match/match.ts';
import type { Database } from '../file/database.ts';
import { nothing, type OwnValues, ownValuesIn } from './ownValues.ts';
import { integerOrNull, type Row, row, run, textOrNull } from '../file/sql.ts';

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

/** null for a scene never seen. A value that no longer parses counts as never pushed. */
export function sceneState(db: Database, sceneId: number): SceneState | null {
  const found = row(db, 'SELECT * FROM scene_state WHERE scene_id = ?', sceneId);
  return found === undefined ? null : toState(found);
}

/** How the scene's item was known at its last push, and when that was; null where it is not known. */
export function lastMatch(
  db: Database,
  sceneId: number,
): {
  readonly how: string | null;
  readonly score: number | null;
  readonly why: string | null;
  /** Unix ms. */
  readonly pushedAt: number | null;
} {
  const found = row(
    db,
    'SELECT matched_by, score, why, pushed_at FROM scene_state WHERE scene_id = ?',
    sceneId,
  );
  if (found === undefined) return { how: null, score: null, why: null, pushedAt: null };
  return {
    how: textOrNull(found, 'matched_by'),
    score: integerOrNull(found, 'score'),
    why: textOrNull(found, 'why'),
    pushedAt: integerOrNull(found, 'pushed_at'),
  };
}

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

/** A row of `scene_state`. */
export function toState(found: Row): SceneState {
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
