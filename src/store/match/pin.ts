// What a person chose for a scene: this Plex item, or never any. A choice outlives rating keys,
// because the item's files are kept with it.
import type { PartKeys } from '../../domain/match/match.ts';
import type { Database } from '../file/database.ts';
import { integer, integerOrNull, row, rows, run, text, textOrNull } from '../file/sql.ts';

export type Pin =
  | { readonly kind: 'never' }
  | {
      readonly kind: 'item';
      readonly ratingKey: string;
      readonly sectionId: string;
      readonly source: PinSource;
      /** The item's files when it was last seen. */
      readonly files: readonly PartKeys[];
    };
/** `url`: a link that an older tool left at the scene, verified. */
export type PinSource = 'person' | 'url';

export function pinOf(db: Database, sceneId: number): Pin | null {
  const found = row(db, 'SELECT * FROM pin WHERE scene_id = ?', sceneId);
  if (found === undefined) return null;
  const ratingKey = textOrNull(found, 'rating_key');
  if (ratingKey === null) return { kind: 'never' };
  return {
    kind: 'item',
    ratingKey,
    sectionId: text(found, 'section_id'),
    source: text(found, 'source') === 'url' ? 'url' : 'person',
    files: rows(db, 'SELECT * FROM pin_file WHERE scene_id = ?', sceneId).map((file) => ({
      path: text(file, 'path_key'),
      name: text(file, 'name'),
      size: integerOrNull(file, 'size'),
      durationMs: integerOrNull(file, 'duration_ms'),
    })),
  };
}

/** The scene that the item was chosen for, other than `sceneId`; null if for none. */
export function pinnedTo(db: Database, ratingKey: string, sceneId: number): number | null {
  const found = row(db, 'SELECT scene_id FROM pin WHERE rating_key = ?', ratingKey);
  const scene = found === undefined ? null : integer(found, 'scene_id');
  return scene === sceneId ? null : scene;
}

/** Replaces the scene's choice. The item must be chosen for no other scene. */
export function pinItem(
  db: Database,
  sceneId: number,
  item: {
    readonly ratingKey: string;
    readonly sectionId: string;
    readonly source: PinSource;
    readonly files: readonly PartKeys[];
  },
  now: number,
): void {
  put(db, sceneId, item.ratingKey, item.sectionId, item.source, now);
  keepFiles(db, sceneId, item.files);
}

export function pinNever(db: Database, sceneId: number, now: number): void {
  put(db, sceneId, null, null, 'person', now);
  keepFiles(db, sceneId, []);
}

/** The chosen item under its present rating key and with its present files. */
export function renewPin(
  db: Database,
  sceneId: number,
  item: {
    readonly ratingKey: string;
    readonly sectionId: string;
    readonly files: readonly PartKeys[];
  },
): void {
  const renewed = run(
    db,
    'UPDATE pin SET rating_key = ?, section_id = ? WHERE scene_id = ? AND rating_key IS NOT NULL',
    item.ratingKey,
    item.sectionId,
    sceneId,
  );
  // An item that shows no file just now keeps those by which it was known.
  if (renewed > 0 && item.files.length > 0) keepFiles(db, sceneId, item.files);
}

/** @returns whether there was a choice */
export function unpin(db: Database, sceneId: number): boolean {
  return run(db, 'DELETE FROM pin WHERE scene_id = ?', sceneId) > 0;
}

/** Scenes whose chosen item may be among what the walks from `fromWalk` on found new or changed. */
export function pinsAwaiting(db: Database, fromWalk: number): readonly number[] {
  // From the few pins that wait to the parts, in this order (CROSS JOIN, and a + that keeps an index
  // out: sqlite.org/optoverview.html): a library made anew has changed in every part.
  const from = `FROM pin_file f CROSS JOIN scene_state s CROSS JOIN plex_part p
     WHERE s.scene_id = f.scene_id AND s.no_item_reason = 'review' AND +p.changed >= ?`;
  return rows(
    db,
    `SELECT f.scene_id ${from} AND p.name = f.name
     UNION SELECT f.scene_id ${from} AND p.size = f.size`,
    fromWalk,
    fromWalk,
  ).map((found) => integer(found, 'scene_id'));
}

function put(
  db: Database,
  sceneId: number,
  ratingKey: string | null,
  sectionId: string | null,
  source: PinSource,
  now: number,
): void {
  run(
    db,
    `INSERT INTO pin (scene_id, rating_key, section_id, source, chosen_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (scene_id) DO UPDATE SET rating_key = excluded.rating_key,
       section_id = excluded.section_id, source = excluded.source, chosen_at = excluded.chosen_at`,
    sceneId,
    ratingKey,
    sectionId,
    source,
    now,
  );
}

function keepFiles(db: Database, sceneId: number, files: readonly PartKeys[]): void {
  run(db, 'DELETE FROM pin_file WHERE scene_id = ?', sceneId);
  for (const file of files) {
    run(
      db,
      `INSERT OR IGNORE INTO pin_file (scene_id, path_key, name, size, duration_ms)
       VALUES (?, ?, ?, ?, ?)`,
      sceneId,
      file.path,
      file.name,
      file.size,
      file.durationMs,
    );
  }
}
