// Which pictures PlexSync put into Plex, so that none is sent twice and a person's is known from ours.
import * as v from 'valibot';
import type { KnownImage, OwnImages } from '../../domain/mirror/image.ts';
import { type ImageKind, imageKinds } from '../../domain/base/imageKind.ts';
import type { Database } from '../file/database.ts';
import { integer, type Row, row, rows, run, text, textOrNull } from '../file/sql.ts';

const kindSchema = v.picklist(imageKinds);

/** An item's picture of one kind, and the cover that was read last for it. */
export interface ImagePlace extends KnownImage {
  readonly kind: ImageKind;
  readonly sectionId: string;
}

export interface ImageRow extends ImagePlace {
  /** Of the bytes that PlexSync put into Plex; null if none. */
  readonly sha1: string | null;
  /** What Plex calls them. */
  readonly name: string | null;
  /** SHA-1 of bytes that were being sent, with nobody knowing whether they arrived. */
  readonly intent: string | null;
  /** Left as a person chose it in Plex. */
  readonly kept: boolean;
  /** PlexSync set the lock. */
  readonly locked: boolean;
}

/** Null for an item whose picture was never looked at. */
export function imageOf(db: Database, ratingKey: string, kind: ImageKind): ImageRow | null {
  const found = row(db, 'SELECT * FROM image WHERE rating_key = ? AND kind = ?', ratingKey, kind);
  return found === undefined ? null : imageRow(found);
}

/** What of an item's pictures is PlexSync's own. */
export function ownImages(known: ImageRow | null): OwnImages {
  const some = (...values: readonly (string | null | undefined)[]): ReadonlySet<string> =>
    new Set(values.flatMap((value) => value ?? []));
  return { sha1s: some(known?.sha1, known?.intent), names: some(known?.name) };
}

/**
 * The cover was read and nothing is to be sent: Plex has it, there is none, or a person's choice is
 * kept. What was sent before stays on record.
 */
export function recordImageSeen(db: Database, place: ImagePlace, kept: boolean): void {
  put(db, place);
  run(
    db,
    'UPDATE image SET kept = ? WHERE rating_key = ? AND kind = ?',
    kept ? 1 : 0,
    place.ratingKey,
    place.kind,
  );
}

/** Before it is sent: should the worker die then, the picture in Plex is known to be ours. */
export function recordImageIntent(db: Database, place: ImagePlace, sha1: string): void {
  put(db, place);
  run(
    db,
    'UPDATE image SET intent = ?, kept = 0 WHERE rating_key = ? AND kind = ?',
    sha1,
    place.ratingKey,
    place.kind,
  );
}

/**
 * It is in Plex.
 * @param name as Plex calls it
 */
export function recordImageSent(
  db: Database,
  { ratingKey, kind }: ImagePlace,
  sha1: string,
  name: string,
): void {
  run(
    db,
    `UPDATE image SET sha1 = ?, name = ?, intent = NULL, kept = 0
     WHERE rating_key = ? AND kind = ?`,
    sha1,
    name,
    ratingKey,
    kind,
  );
}

/** Notes a lock that PlexSync set or released. */
export function recordImageLock(
  db: Database,
  ratingKey: string,
  kind: ImageKind,
  locked: boolean,
): void {
  run(
    db,
    'UPDATE image SET locked = ? WHERE rating_key = ? AND kind = ?',
    locked ? 1 : 0,
    ratingKey,
    kind,
  );
}

/** Pictures whose lock PlexSync set, by library and item, after that one; at most `limit`. */
export function lockedImages(
  db: Database,
  kind: ImageKind,
  [sectionId, ratingKey]: readonly [string, string],
  limit: number,
): readonly ImageRow[] {
  return rows(
    db,
    `SELECT * FROM image WHERE locked = 1 AND kind = ? AND (section_id, rating_key) > (?, ?)
     ORDER BY section_id, rating_key LIMIT ?`,
    kind,
    sectionId,
    ratingKey,
    limit,
  ).map(imageRow);
}

/** Plex has the item no more. */
export function forgetImagesOf(db: Database, ratingKey: string): void {
  run(db, 'DELETE FROM image WHERE rating_key = ?', ratingKey);
}

/** Of items that these libraries have no more. Only after a whole walk of them. */
export function dropImagesWithoutItem(db: Database, sectionIds: readonly string[]): void {
  run(
    db,
    `DELETE FROM image WHERE section_id IN (SELECT value FROM json_each(?))
       AND rating_key NOT IN (SELECT rating_key FROM plex_part)`,
    JSON.stringify(sectionIds),
  );
}

/** It is another Plex: its items have the same numbers and are others. */
export function forgetAllImages(db: Database): void {
  run(db, 'DELETE FROM image');
}

function put(
  db: Database,
  { ratingKey, kind, sectionId, sceneId, address, readAt }: ImagePlace,
): void {
  run(
    db,
    `INSERT INTO image (rating_key, kind, section_id, scene_id, address, read_at)
       VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (rating_key, kind) DO UPDATE SET section_id = excluded.section_id,
       scene_id = excluded.scene_id, address = excluded.address, read_at = excluded.read_at`,
    ratingKey,
    kind,
    sectionId,
    sceneId,
    address,
    readAt,
  );
}

function imageRow(found: Row): ImageRow {
  return {
    ratingKey: text(found, 'rating_key'),
    kind: v.parse(kindSchema, found['kind']),
    sectionId: text(found, 'section_id'),
    sceneId: integer(found, 'scene_id'),
    address: text(found, 'address'),
    readAt: integer(found, 'read_at'),
    sha1: textOrNull(found, 'sha1'),
    name: textOrNull(found, 'name'),
    intent: textOrNull(found, 'intent'),
    kept: integer(found, 'kept') === 1,
    locked: integer(found, 'locked') === 1,
  };
}
