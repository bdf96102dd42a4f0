// Performers, studios, tags and groups: which scenes showed something of them when they were last
// read, and what of each was last carried to its scenes.
import type { SharedKind } from '../../domain/gaps/shared.ts';
import type { QueueEvent } from './queue.ts';
import type { Database } from '../file/database.ts';
import { integer, row, rows, run, sql, text } from '../file/sql.ts';

export type Entity = Exclude<QueueEvent['entity'], 'scene'>;

/** `instr` tells small letters from capitals. */
const letters: Readonly<Record<SharedKind, string>> = {
  performer: 'p',
  namesake: 'P',
  studio: 's',
  'parent-studio': 'S',
  tag: 't',
  'parent-tag': 'T',
  group: 'g',
};

export interface EntityOfScene {
  readonly entity: SharedKind;
  readonly id: number;
}

/** What its face is kept under. */
export function faceKey({ entity, id }: EntityOfScene): string {
  return `${entity}:${id}`;
}

/** Remembers whose change or end concerns the scene. It must have been seen: without an item or with. */
export function recordEntities(
  db: Database,
  sceneId: number,
  entities: readonly EntityOfScene[],
): void {
  // Small, and looked through only when an entity ends: no index would be worth its size.
  const list = ` ${entities.map(({ entity, id }) => `${letters[entity]}${id}`).join(' ')} `;
  run(
    db,
    'UPDATE scene_state SET entities = ? WHERE scene_id = ? AND entities <> ?',
    list,
    sceneId,
    list,
  );
}

/** All that scenes had when they were last read, each once. */
export function knownEntities(
  db: Database,
): readonly { readonly entity: Entity; readonly id: number }[] {
  const words = new Set<string>();
  for (const one of sql(db, 'SELECT entities FROM scene_state').iterate()) {
    for (const word of text(one, 'entities').split(' ')) words.add(word);
  }
  // What another scene shows of it, too: the row of an entity stands for both.
  const found = new Set([...words].map((word) => word.toLowerCase()));
  return [...found].flatMap((word) => {
    const entity = entitiesByLetter.get(word.charAt(0));
    return entity === undefined ? [] : [{ entity, id: Number(word.slice(1)) }];
  });
}

const entitiesByLetter: ReadonlyMap<string, Entity> = new Map([
  [letters.performer, 'performer'],
  [letters.studio, 'studio'],
  [letters.tag, 'tag'],
  [letters.group, 'group'],
]);

/** Scenes that had the entity when they were last read, by id, after `afterId`. */
export function scenesThatHad(
  db: Database,
  { entity, id }: EntityOfScene,
  afterId: number,
  limit: number,
): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state WHERE scene_id > ? AND instr(entities, ?) > 0
     ORDER BY scene_id LIMIT ?`,
    afterId,
    ` ${letters[entity]}${id} `,
    limit,
  ).map((found) => integer(found, 'scene_id'));
}

/** Of these scenes, those that were last read without the entity: merged into it since. */
export function scenesWithoutEntity(
  db: Database,
  entity: EntityOfScene,
  sceneIds: readonly number[],
): readonly number[] {
  return scenesWhere(db, 'instr(entities, ?) = 0', entity, sceneIds);
}

/** Of these scenes, those that were last read with the entity. */
export function scenesWithEntity(
  db: Database,
  entity: EntityOfScene,
  sceneIds: readonly number[],
): readonly number[] {
  return scenesWhere(db, 'instr(entities, ?) > 0', entity, sceneIds);
}

function scenesWhere(
  db: Database,
  condition: string,
  { entity, id }: EntityOfScene,
  sceneIds: readonly number[],
): readonly number[] {
  return rows(
    db,
    `SELECT scene_id FROM scene_state WHERE scene_id IN (SELECT value FROM json_each(?))
       AND ${condition} ORDER BY scene_id`,
    JSON.stringify(sceneIds),
    ` ${letters[entity]}${id} `,
  ).map((found) => integer(found, 'scene_id'));
}

/**
 * Notes that scenes were read with the entity: without it, nobody has to look through all of them
 * (0.8 s where there are 100,000) to learn that none was.
 */
export function noteSeen(db: Database, key: string): void {
  run(db, "INSERT INTO entity_face (key, face) VALUES (?, '') ON CONFLICT DO NOTHING", seen(key));
}

export function wasSeen(db: Database, key: string): boolean {
  return carriedFace(db, seen(key)) !== null;
}

function seen(key: string): string {
  return `${key} seen`;
}

/** What of the entity was last carried to all of its scenes; null if that is not known. */
export function carriedFace(db: Database, key: string): string | null {
  const found = row(db, 'SELECT face FROM entity_face WHERE key = ?', key);
  return found === undefined ? null : text(found, 'face');
}

/** Set while a fan-out is under way: the face that its first page was raised for. */
function underWay(key: string): string {
  return `${key} under way`;
}

export function isFaceUnderWay(db: Database, key: string): boolean {
  return carriedFace(db, underWay(key)) !== null;
}

export function beginFace(db: Database, key: string, face: string): void {
  put(db, underWay(key), face);
}

/**
 * The last page was raised. The face counts as carried if it was the same from the first page on,
 * and no scene was read with another meanwhile.
 */
export function endFace(db: Database, key: string, face: string): void {
  if (carriedFace(db, underWay(key)) === face) put(db, key, face);
  else run(db, 'DELETE FROM entity_face WHERE key = ?', key);
  run(db, 'DELETE FROM entity_face WHERE key = ?', underWay(key));
}

/**
 * A scene was read with this face. If another was carried to all, or is being carried, some may be
 * pushed with either: the next event goes to every scene again.
 */
export function doubtFace(db: Database, key: string, seen: string): void {
  run(db, 'DELETE FROM entity_face WHERE key IN (?, ?) AND face <> ?', key, underWay(key), seen);
}

export function forgetFace(db: Database, key: string): void {
  run(db, 'DELETE FROM entity_face WHERE key IN (?, ?)', key, underWay(key));
}

function put(db: Database, key: string, face: string): void {
  run(
    db,
    'INSERT INTO entity_face (key, face) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET face = excluded.face',
    key,
    face,
  );
}
