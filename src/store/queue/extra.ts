// Pictures and ratings that are still to be brought to Plex: wanted since the scene's text is there,
// tried again after a failure of their own, or given up and kept for a person to see.
import * as v from 'valibot';
import type { ErrorCode } from '../../contract/errors.ts';
import { type Extra, extras } from '../../contract/fieldPolicies.ts';
import type { Database } from '../file/database.ts';
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
} from '../file/sql.ts';

const kindSchema = v.picklist(extras);

export interface WantedExtra {
  readonly sceneId: number;
  readonly kind: Extra;
  /** What is to be sent: the cover's address as Stash gave it, or the rating as a text. */
  readonly what: string;
  readonly correlation: string;
}

export interface StoredExtra extends WantedExtra {
  /** Unix ms; null once it was given up. */
  readonly dueAt: number | null;
  readonly attempts: number;
  /** Of the last failure; null before the first. */
  readonly error: { readonly code: string; readonly message: string; readonly at: number } | null;
}

/**
 * It is to be sent. What failed before keeps its time, so that edits do not hammer it; what was given
 * up waits until something else is to be sent. Call within the transaction that ends the text's row.
 */
export function wantExtra(db: Database, wanted: WantedExtra, now: number): void {
  run(
    db,
    `INSERT INTO extra (scene_id, kind, what, due_at, correlation) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (scene_id, kind) DO UPDATE SET what = excluded.what,
       correlation = excluded.correlation,
       attempts = CASE WHEN due_at IS NULL AND what <> excluded.what THEN 0 ELSE attempts END,
       due_at = CASE WHEN due_at IS NULL AND what <> excluded.what THEN excluded.due_at
         ELSE due_at END`,
    wanted.sceneId,
    wanted.kind,
    wanted.what,
    now,
    wanted.correlation,
  );
}

/** Null where nothing is to be sent. */
export function extraOf(db: Database, sceneId: number, kind: Extra): StoredExtra | null {
  const found = row(db, 'SELECT * FROM extra WHERE scene_id = ? AND kind = ?', sceneId, kind);
  return found === undefined ? null : storedExtra(found);
}

/** Whether that very picture or rating was given up. */
export function isGivenUp(
  db: Database,
  sceneId: number,
  { kind, what }: Pick<WantedExtra, 'kind' | 'what'>,
): boolean {
  const known = extraOf(db, sceneId, kind);
  return known !== null && known.what === what && known.dueAt === null;
}

/** A person's word: what of these was given up is due again, with all attempts before it. */
export function rearmExtras(
  db: Database,
  sceneId: number,
  kinds: readonly string[],
  now: number,
): void {
  if (kinds.length === 0) return;
  run(
    db,
    `UPDATE extra SET due_at = ?, attempts = 0 WHERE scene_id = ? AND due_at IS NULL
       AND kind IN (SELECT value FROM json_each(?))`,
    now,
    sceneId,
    JSON.stringify(kinds),
  );
}

/** Notes a failure: tried again at `dueAt`, or never if that is null. */
export function recordExtraFailure(
  db: Database,
  { sceneId, kind }: Pick<WantedExtra, 'sceneId' | 'kind'>,
  next: Pick<StoredExtra, 'dueAt' | 'attempts'>,
  error: { readonly code: ErrorCode; readonly message: string },
  now: number,
): void {
  run(
    db,
    `UPDATE extra SET due_at = ?, attempts = ?, error_code = ?, message = ?, failed_at = ?
     WHERE scene_id = ? AND kind = ?`,
    next.dueAt,
    next.attempts,
    error.code,
    error.message,
    now,
    sceneId,
    kind,
  );
}

/** It is done. What was wanted anew meanwhile stays. */
export function finishExtra(db: Database, { sceneId, kind, what }: WantedExtra): void {
  run(db, 'DELETE FROM extra WHERE scene_id = ? AND kind = ? AND what = ?', sceneId, kind, what);
}

/** The kind is not mirrored any more. */
export function forgetExtra(db: Database, sceneId: number, kind: Extra): void {
  run(db, 'DELETE FROM extra WHERE scene_id = ? AND kind = ?', sceneId, kind);
}

/** The scene is gone, or has no item any more. */
export function forgetExtras(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM extra WHERE scene_id = ?', sceneId);
}

/** The longest due first. @param scene only of this one; null: of any */
export function dueExtraRows(
  db: Database,
  now: number,
  limit: number,
  scene: number | null = null,
): readonly StoredExtra[] {
  return rows(
    db,
    `SELECT * FROM extra WHERE due_at <= ?1 AND (?3 IS NULL OR scene_id = ?3)
     ORDER BY due_at LIMIT ?2`,
    now,
    limit,
    scene,
  ).map(storedExtra);
}

/** Unix ms, or null if nothing is to be sent. @param scene for this one; null: for any */
export function nextExtraAt(db: Database, scene: number | null = null): number | null {
  const found =
    scene === null
      ? row(db, 'SELECT min(due_at) AS due FROM extra WHERE due_at IS NOT NULL')
      : row(db, 'SELECT min(due_at) AS due FROM extra WHERE scene_id = ?', scene);
  return found === undefined ? null : integerOrNull(found, 'due');
}

export function waitingExtras(db: Database): number {
  return count(db, 'SELECT count(*) AS n FROM extra WHERE due_at IS NOT NULL');
}

export function extraCounts(db: Database): { readonly waiting: number; readonly givenUp: number } {
  return {
    waiting: waitingExtras(db),
    givenUp: count(db, 'SELECT count(*) AS n FROM extra WHERE due_at IS NULL'),
  };
}

/** The clock was ahead and was put right: what waits is due, and no read of a cover lies ahead. */
export function putExtraTimesRight(db: Database, now: number): void {
  run(db, 'UPDATE extra SET due_at = min(due_at, ?1), failed_at = min(failed_at, ?1)', now);
  // Read at no time at all: the cover is read again, once.
  run(db, 'UPDATE image SET read_at = 0 WHERE read_at > ?', now);
}

function storedExtra(found: Row): StoredExtra {
  const code = textOrNull(found, 'error_code');
  const error =
    code === null
      ? null
      : { code, message: textOrNull(found, 'message') ?? '', at: integer(found, 'failed_at') };
  return {
    sceneId: integer(found, 'scene_id'),
    kind: v.parse(kindSchema, found['kind']),
    what: text(found, 'what'),
    dueAt: integerOrNull(found, 'due_at'),
    attempts: integer(found, 'attempts'),
    error,
    correlation: text(found, 'correlation'),
  };
}
