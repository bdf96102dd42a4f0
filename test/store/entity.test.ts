// Which scenes had a performer, studio, tag or group, and what of it was carried to all of them.
import { describe, expect, it } from 'vitest';
import {
  beginFace,
  carriedFace,
  doubtFace,
  endFace,
  type Entity,
  forgetFace,
  recordEntities,
  scenesThatHad,
} from '../../src/store/queue/entity.ts';
import type { Database } from '../../src/store/file/database.ts';
import { takeFromOthers } from '../../src/store/match/itemOwner.ts';
import { forgetScene, recordIntent, recordNoItem } from '../../src/store/mirror/sceneState.ts';
import { newStore, t0 } from './support.ts';

const key = 'performer:5';
const faces = (db: Database): number =>
  Number(db.prepare('SELECT count(*) AS n FROM entity_face').get()?.['n']);

function scene(
  db: Database,
  sceneId: number,
  ...had: readonly (readonly [Entity, number])[]
): void {
  recordNoItem(db, sceneId, 'waiting', false, t0);
  recordEntities(
    db,
    sceneId,
    had.map(([entity, id]) => ({ entity, id })),
  );
}

describe('[1.0 MATCH-02] the scenes that had an entity', () => {
  it('are told apart by kind and by the whole number', () => {
    const db = newStore();
    scene(db, 1, ['performer', 5], ['tag', 5], ['studio', 51], ['group', 15]);
    scene(db, 2, ['performer', 51], ['performer', 15], ['tag', 55]);
    scene(db, 3);
    scene(db, 4, ['tag', 7], ['performer', 5]);
    const had = (entity: Entity, id: number): readonly number[] =>
      scenesThatHad(db, { entity, id }, 0, 10);
    expect(had('performer', 5)).toEqual([1, 4]);
    expect(had('tag', 5)).toEqual([1]);
    expect(had('studio', 5)).toEqual([]);
    expect(had('studio', 51)).toEqual([1]);
    expect(had('group', 15)).toEqual([1]);
    expect(had('performer', 15)).toEqual([2]);
    expect(had('performer', 1)).toEqual([]);
  });

  it('come in pages by id, each once', () => {
    const db = newStore();
    for (const id of [9, 3, 200, 41, 5]) scene(db, id, ['tag', 1]);
    scene(db, 4);
    const page = (after: number): readonly number[] =>
      scenesThatHad(db, { entity: 'tag', id: 1 }, after, 2);
    expect([page(0), page(5), page(41), page(200)]).toEqual([[3, 5], [9, 41], [200], []]);
  });

  it('are those of the last read, through losing the item, until the scene is gone', () => {
    const db = newStore();
    const had = (): readonly number[] => scenesThatHad(db, { entity: 'tag', id: 1 }, 0, 10);
    scene(db, 1, ['tag', 1]);
    recordEntities(db, 1, [{ entity: 'tag', id: 1 }]);
    expect(had()).toEqual([1]);
    const nothing = { scalars: {}, tags: {} };
    const values = {
      pushed: nothing,
      intent: nothing,
      before: { scalars: {}, tags: {}, locked: [] },
    };
    const evidence = { how: 'path', score: 98, why: '' } as const;
    recordIntent(db, 1, { ratingKey: '7', sectionId: '3', evidence, movedSince: null }, values);
    takeFromOthers(db, '7', 2);
    expect(had()).toEqual([1]);
    recordEntities(db, 1, []);
    expect(had()).toEqual([]);
    recordEntities(db, 1, [{ entity: 'tag', id: 1 }]);
    recordIntent(db, 1, { ratingKey: '7', sectionId: '3', evidence, movedSince: null }, values);
    forgetScene(db, 1);
    expect(had()).toEqual([]);
  });

  it('are not made up for a scene that was never settled', () => {
    const db = newStore();
    recordEntities(db, 1, [{ entity: 'tag', id: 1 }]);
    expect(scenesThatHad(db, { entity: 'tag', id: 1 }, 0, 10)).toEqual([]);
  });
});

describe('[1.0 MATCH-02] what of an entity was carried to its scenes', () => {
  it('is not known before a fan-out has ended', () => {
    const db = newStore();
    expect(carriedFace(db, key)).toBeNull();
    beginFace(db, key, 'Ann');
    expect(carriedFace(db, key)).toBeNull();
    endFace(db, key, 'Ann');
    expect(carriedFace(db, key)).toBe('Ann');
    expect(faces(db)).toBe(1);
  });

  it('is the name that it had from the first page to the last', () => {
    const db = newStore();
    beginFace(db, key, 'Ann');
    endFace(db, key, 'Anna');
    // Some scenes were raised for the one name, some for the other.
    expect(carriedFace(db, key)).toBeNull();
    expect(faces(db)).toBe(0);
  });

  it('stays known while it is being carried anew, and is the new one then', () => {
    const db = newStore();
    beginFace(db, key, 'Ann');
    endFace(db, key, 'Ann');
    beginFace(db, key, 'Anna');
    expect(carriedFace(db, key)).toBe('Ann');
    endFace(db, key, 'Anna');
    expect(carriedFace(db, key)).toBe('Anna');
  });

  it('is not known any more once a scene was read with another', () => {
    const db = newStore();
    beginFace(db, key, 'Ann');
    endFace(db, key, 'Ann');
    doubtFace(db, key, 'Ann');
    expect(carriedFace(db, key)).toBe('Ann');
    // A push has read the new name before its event came; the name may go back before the fan-out.
    doubtFace(db, key, 'Anna');
    expect(carriedFace(db, key)).toBeNull();
    doubtFace(db, key, 'Ann');
    expect(carriedFace(db, key)).toBeNull();
  });

  it('is not known after a fan-out during which a scene was read with another', () => {
    const db = newStore();
    beginFace(db, key, 'Ann');
    doubtFace(db, key, 'Anna');
    // Back to the first name before the last page: some scene has the other in Plex all the same.
    endFace(db, key, 'Ann');
    expect(carriedFace(db, key)).toBeNull();
  });

  it('is not spoilt by a scene that was read with the name that is being carried', () => {
    const db = newStore();
    beginFace(db, key, 'Ann');
    endFace(db, key, 'Ann');
    beginFace(db, key, 'Anna');
    doubtFace(db, key, 'Anna');
    expect(carriedFace(db, key)).toBeNull();
    endFace(db, key, 'Anna');
    expect(carriedFace(db, key)).toBe('Anna');
  });

  it('is not known after a fan-out that ended without a beginning, as after one that was forgotten', () => {
    const db = newStore();
    endFace(db, key, 'Ann');
    expect(carriedFace(db, key)).toBeNull();
    beginFace(db, key, 'Ann');
    forgetFace(db, key);
    endFace(db, key, 'Ann');
    expect(carriedFace(db, key)).toBeNull();
    expect(faces(db)).toBe(0);
  });

  it('is each entity’s own, whatever it is called', () => {
    const db = newStore();
    for (const [other, face] of [
      ['tag:5', 'x'],
      ['tag:55', "O'Neil under way"],
    ] as const) {
      beginFace(db, other, face);
      endFace(db, other, face);
    }
    doubtFace(db, 'tag:5', 'y');
    forgetFace(db, 'performer:55');
    expect([carriedFace(db, 'tag:5'), carriedFace(db, 'tag:55')]).toEqual([
      null,
      "O'Neil under way",
    ]);
  });
});
