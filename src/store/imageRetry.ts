// Pictures that could not be brought to Plex: tried again on their own, or given up and shown.
import * as v from 'valibot';
import type { ErrorCode } from '../contract/errors.ts';
import { type ImageKind, imageKinds } from '../domain/image.ts';
import type { Database } from './open.ts';
import { count, integer, integerOrNull, type Row, row, rows, run, text } from './sql.ts';

const kindSchema = v.picklist(imageKinds);

export interface ImageRetry {
  readonly sceneId: number;
  readonly kind: ImageKind;
  /** Of the cover, as Stash gave it. */
  readonly address: string;
  /** Unix ms; null once it was given up. */
  readonly dueAt: number | null;
  readonly attempts: number;
  readonly errorCode: string;
  readonly message: string;
  readonly firstErrorAt: number;
  readonly lastErrorAt: number;
  readonly correlation: string;
}

/** Null for a picture that has not failed. */
export function imageRetryOf(db: Database, sceneId: number, kind: ImageKind): ImageRetry | null {
  const found = row(db, 'SELECT * FROM image_retry WHERE scene_id = ? AND kind = ?', sceneId, kind);
  return found === undefined ? null : retryRow(found);
}

/** Notes a failure: tried again at `dueAt`, or never if that is null. */
export function recordImageFailure(
  db: Database,
  failed: Pick<ImageRetry, 'sceneId' | 'kind' | 'address' | 'correlation' | 'dueAt' | 'attempts'>,
  error: { readonly code: ErrorCode; readonly message: string },
  now: number,
): void {
  run(
    db,
    `INSERT INTO image_retry (scene_id, kind, address, due_at, attempts, error_code, message,
       first_error_at, last_error_at, correlation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (scene_id, kind) DO UPDATE SET address = excluded.address,
       due_at = excluded.due_at, attempts = excluded.attempts, error_code = excluded.error_code,
       message = excluded.message, last_error_at = excluded.last_error_at,
       correlation = excluded.correlation`,
    failed.sceneId,
    failed.kind,
    failed.address,
    failed.dueAt,
    failed.attempts,
    error.code,
    error.message,
    now,
    now,
    failed.correlation,
  );
}

/** What waits is another cover by now; its time stays. */
export function recordImageAddress(
  db: Database,
  sceneId: number,
  kind: ImageKind,
  address: string,
): void {
  run(
    db,
    'UPDATE image_retry SET address = ? WHERE scene_id = ? AND kind = ?',
    address,
    sceneId,
    kind,
  );
}

export function forgetImageFailure(db: Database, sceneId: number, kind: ImageKind): void {
  run(db, 'DELETE FROM image_retry WHERE scene_id = ? AND kind = ?', sceneId, kind);
}

/** The scene is gone, or has no item any more. */
export function forgetImageFailures(db: Database, sceneId: number): void {
  run(db, 'DELETE FROM image_retry WHERE scene_id = ?', sceneId);
}

/** The longest due first. */
export function dueImageRetries(db: Database, now: number, limit: number): readonly ImageRetry[] {
  return rows(
    db,
    'SELECT * FROM image_retry WHERE due_at <= ? ORDER BY due_at LIMIT ?',
    now,
    limit,
  ).map(retryRow);
}

/** Unix ms, or null if no picture is to be tried again. */
export function nextImageRetryAt(db: Database): number | null {
  const found = row(db, 'SELECT min(due_at) AS due FROM image_retry WHERE due_at IS NOT NULL');
  return found === undefined ? null : integerOrNull(found, 'due');
}

/** Pictures that were given up, the newest first. */
export function givenUpImages(db: Database, limit: number): readonly ImageRetry[] {
  return rows(
    db,
    `SELECT * FROM image_retry WHERE due_at IS NULL
     ORDER BY last_error_at DESC, scene_id, kind LIMIT ?`,
    limit,
  ).map(retryRow);
}

export function givenUpImageCount(db: Database): number {
  return count(db, 'SELECT count(*) AS n FROM image_retry WHERE due_at IS NULL');
}

/** The clock was ahead and was put right: what waits is due, and no read of a cover lies ahead. */
export function putImageTimesRight(db: Database, now: number): void {
  run(
    db,
    `UPDATE image_retry SET due_at = min(due_at, ?1), first_error_at = min(first_error_at, ?1),
       last_error_at = min(last_error_at, ?1)`,
    now,
  );
  // Read at no time at all: the cover is read again, once.
  run(db, 'UPDATE image SET read_at = 0 WHERE read_at > ?', now);
}

function retryRow(found: Row): ImageRetry {
  return {
    sceneId: integer(found, 'scene_id'),
    kind: v.parse(kindSchema, found['kind']),
    address: text(found, 'address'),
    dueAt: integerOrNull(found, 'due_at'),
    attempts: integer(found, 'attempts'),
    errorCode: text(found, 'error_code'),
    message: text(found, 'message'),
    firstErrorAt: integer(found, 'first_error_at'),
    lastErrorAt: integer(found, 'last_error_at'),
    correlation: text(found, 'correlation'),
  };
}
