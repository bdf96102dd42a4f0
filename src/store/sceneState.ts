// What PlexSync knows about each scene: its Plex item, what was last put into it, or why it has none.
import * as v from 'valibot';
import type { NoItemReason, SceneFileKeys } from '../domain/match.ts';
import type { PushedValues } from '../domain/diff.ts';
import type { Database } from './open.ts';
import { count, integer, integerOrNull, row, rows, run, text, textOrNull } from './sql.ts';

export interface SceneState {
  readonly ratingKey: string | null;
  readonly sectionId: string | null;
  readonly pushed: PushedValues;
  /** `pushed` plus what was about to be written: PlexSync's own, should Plex show it. */
  readonly intent: PushedValues;
}

const pushedSchema = v.object({
  scalars: v.object({
    title: v.exactOptional(v.string()),
    summary: v.exactOptional(v.string()),
    originallyAvailableAt: v.exactOptional(v.string()),
    studio: v.exactOptional(v.string()),
  }),
  tags: v.object({
    genre: v.exactOptional(v.array(v.string())),
    actor: v.exactOptional(v.array(v.string())),
  }),
});

/** null for a scene never seen. A value that no longer parses counts as never pushed. */
export function sceneState(db: Database, sceneId: number): SceneState | null {
  const found = row(
    db,
    'SELECT rating_key, section_id, pushed, intent FROM scene_state WHERE scene_id = ?',
    sceneId,
  );
  if (found === undefined) return null;
  return {
    ratingKey: textOrNull(found, 'rating_key'),
    sectionId: textOrNull(found, 'section_id'),
    pushed: parsePushed(text(found, 'pushed')),
    intent: parsePushed(text(found, 'intent')),
  };
}

/**
 * Records what is about to be written, before it is: should the worker die in between, the value
 * in Plex is known to be ours and is not taken for a person's.
 */
export function recordIntent(
  db: Database,
  sceneId: number,
  item: { readonly ratingKey: string; readonly sectionId: string; readonly matchedBy: string },
  pushed: PushedValues,
  intent: PushedValues,
): void {
  run(
    db,
    `INSERT INTO scene_state (scene_id, rating_key, section_id, matched_by, pushed, intent)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (scene_id) DO UPDATE SET rating_key = excluded.rating_key,
       section_id = excluded.section_id, matched_by = excluded.matched_by,
       pushed = excluded.pushed, intent = excluded.intent,
       no_item_reason = NULL, waiting_since = NULL`,
    sceneId,
    item.ratingKey,
    item.sectionId,
    item.matchedBy,
    JSON.stringify(pushed),
    JSON.stringify(intent),
  );
  forgetAwaited(db, sceneId);
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
 * A scene without an item: why, and the files by which the index will know it. The item it had is
 * remembered: should that be its own again, what was pushed there is still known to be ours.
 */
export function recordNoItem(
  db: Database,
  sceneId: number,
  reason: NoItemReason,
  files: readonly SceneFileKeys[],
  now: number,
): void {
  const waiting = reason === 'not-in-plex' ? now : null;
  run(
    db,
    `INSERT INTO scene_state (scene_id, no_item_reason, waiting_since, pushed, intent)
     VALUES (?, ?, ?, '{"scalars":{},"tags":{}}', '{"scalars":{},"tags":{}}')
     ON CONFLICT (scene_id) DO UPDATE SET no_item_reason = excluded.no_item_reason,
       waiting_since = CASE WHEN excluded.waiting_since IS NULL THEN NULL
         ELSE coalesce(waiting_since, excluded.waiting_since) END`,
    sceneId,
    reason,
    waiting,
  );
  forgetAwaited(db, sceneId);
  for (const file of files) {
    run(
      db,
      'INSERT OR IGNORE INTO awaited_file (scene_id, plex_path, name, size) VALUES (?, ?, ?, ?)',
      sceneId,
      file.plexPath,
      file.name,
      file.size,
    );
  }
}

/** The scene is gone from Stash. What it put into Plex stays there. */
export function forgetScene(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM scene_state WHERE scene_id = ?', sceneId);
}

/** Waiting and ambiguous scenes one of whose files the index has seen in walk `walk`. */
export function scenesSeenIn(db: Database, walk: number): readonly number[] {
  return rows(
    db,
    `SELECT DISTINCT a.scene_id AS id FROM plex_part p JOIN awaited_file a ON a.plex_path = p.path_key
       WHERE p.walk = ?
     UNION
     SELECT DISTINCT a.scene_id FROM plex_part p JOIN awaited_file a
       ON a.name = p.name AND a.size = p.size WHERE p.walk = ?`,
    // Twice: Node 22's driver cannot bind one value to a numbered parameter used in two places.
    walk,
    walk,
  ).map((found) => integer(found, 'id'));
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
    `SELECT no_item_reason, count(*) AS n FROM scene_state WHERE no_item_reason IS NOT NULL
     GROUP BY no_item_reason`,
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

function forgetAwaited(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM awaited_file WHERE scene_id = ?', sceneId);
}

function parsePushed(json: string): PushedValues {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), pushedSchema), json);
  if (!parsed.success) return { scalars: {}, tags: {} };
  return parsed.output;
}
