// What a person chose for a scene, and how long that holds.
import { describe, expect, it } from 'vitest';
import type { PartKeys } from '../../src/domain/match/match.ts';
import type { Database } from '../../src/store/file/database.ts';
import {
  pinItem,
  pinNever,
  pinnedTo,
  pinOf,
  pinsAwaiting,
  renewPin,
  unpin,
} from '../../src/store/match/pin.ts';
import { putItem } from '../../src/store/match/plexPart.ts';
import { recordNoItem } from '../../src/store/mirror/sceneState.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { allRows, listed, newStore, plansOf, t0 } from './support.ts';

const file = (
  path: string,
  size: number | null = 5,
  durationMs: number | null = null,
): PartKeys => ({
  path,
  name: path.slice(path.lastIndexOf('/') + 1),
  size,
  durationMs,
});

function pin(db: Database, sceneId: number, ratingKey: string, ...files: PartKeys[]): void {
  pinItem(db, sceneId, { ratingKey, sectionId: '3', source: 'person', files }, t0);
}
function list(
  db: Database,
  ratingKey: string,
  path: string,
  size: number | null,
  walk: number,
): void {
  putItem(db, '3', listed({ ratingKey, parts: [{ file: path, size, durationMs: null }] }), walk);
}

describe('[1.0 MATCH-03] a choice', () => {
  it('is none, an item with its files, or never', () => {
    const db = newStore();
    expect(pinOf(db, 12)).toBeNull();
    const files = [file('/m/a.mp4', 5, 60_000), file('/m/b.mp4', null)];
    pinItem(db, 12, { ratingKey: '7', sectionId: '3', source: 'url', files }, t0);
    expect(pinOf(db, 12)).toEqual({
      kind: 'item',
      ratingKey: '7',
      sectionId: '3',
      source: 'url',
      files,
    });
    pinNever(db, 12, t0 + 1);
    expect(pinOf(db, 12)).toEqual({ kind: 'never' });
    expect(allRows(db, 'pin_file')).toEqual([]);
    pin(db, 12, '8', file('/m/c.mp4'));
    expect(pinOf(db, 12)).toMatchObject({
      ratingKey: '8',
      source: 'person',
      files: [file('/m/c.mp4')],
    });
  });

  it('takes its files along when it is taken back, and the others stay', () => {
    const db = newStore();
    pin(db, 12, '7', file('/m/a.mp4'), file('/m/b.mp4'));
    pin(db, 13, '8', file('/m/c.mp4'));
    expect(unpin(db, 12)).toBe(true);
    expect(unpin(db, 12)).toBe(false);
    expect(pinOf(db, 12)).toBeNull();
    expect(allRows(db, 'pin_file')).toMatchObject([{ scene_id: 13, path_key: '/m/c.mp4' }]);
    pin(db, 14, '7');
    expect(pinOf(db, 14)).toMatchObject({ ratingKey: '7', files: [] });
  });

  it('is of one scene per item: the data file itself does not take two', () => {
    const db = newStore();
    pin(db, 12, '7', file('/m/a.mp4'));
    expect(() => transaction(db, () => pin(db, 13, '7', file('/m/a.mp4')))).toThrow(/UNIQUE/);
    expect(pinOf(db, 13)).toBeNull();
    expect([pinnedTo(db, '7', 13), pinnedTo(db, '7', 12), pinnedTo(db, '8', 13)]).toEqual([
      12,
      null,
      null,
    ]);
    pin(db, 13, '8');
    expect(() => renewPin(db, 13, { ratingKey: '7', sectionId: '3', files: [] })).toThrow(/UNIQUE/);
    // Never is no item: any number of scenes may have it.
    for (const id of [20, 21]) pinNever(db, id, t0);
    expect([pinOf(db, 20), pinOf(db, 21)]).toEqual([{ kind: 'never' }, { kind: 'never' }]);
  });

  it('is kept under the item’s new rating key, with the files that it has now', () => {
    const db = newStore();
    pinItem(
      db,
      12,
      {
        ratingKey: '7',
        sectionId: '3',
        source: 'url',
        files: [file('/m/a.mp4'), file('/m/b.mp4')],
      },
      t0,
    );
    renewPin(db, 12, { ratingKey: '70', sectionId: '4', files: [file('/n/a.mp4', 6, 9)] });
    expect(pinOf(db, 12)).toEqual({
      kind: 'item',
      ratingKey: '70',
      sectionId: '4',
      source: 'url',
      files: [file('/n/a.mp4', 6, 9)],
    });
    expect([pinnedTo(db, '7', 1), pinnedTo(db, '70', 1)]).toEqual([null, 12]);
  });

  it('keeps one row for a file that an item lists twice', () => {
    const db = newStore();
    pin(db, 12, '7', file('/m/a.mp4'), file('/m/a.mp4'));
    expect(allRows(db, 'pin_file')).toHaveLength(1);
  });
});

describe('[1.0 MATCH-03] a chosen item that was gone', () => {
  it('is looked for again when the index finds a new file of its name or of its bytes', () => {
    const db = newStore();
    const scenes: readonly (readonly [number, PartKeys])[] = [
      [1, file('/m/name.mp4', 5)],
      [2, file('/m/renamed.mp4', 77)],
      [3, file('/m/other.mp4', 99)],
      [4, file('/m/sizeless.mp4', null)],
    ];
    for (const [id, own] of scenes) {
      pin(db, id, `${id}`, own);
      recordNoItem(db, id, 'review', true, t0);
    }
    list(db, '101', '/x/name.mp4', 6, 4);
    list(db, '102', '/x/new name.mp4', 77, 4);
    list(db, '103', '/x/other.mp4', 99, 3);
    list(db, '104', '/x/unrelated.mp4', null, 4);
    expect(pinsAwaiting(db, 4)).toEqual([1, 2]);
    // Of an earlier walk that found something and was not finished, too.
    expect(pinsAwaiting(db, 3)).toEqual([1, 2, 3]);
    expect(pinsAwaiting(db, 5)).toEqual([]);
  });

  it('is not looked for where the scene has its item, or a choice was taken back', () => {
    const db = newStore();
    pin(db, 1, '1', file('/m/a.mp4'));
    pin(db, 2, '2', file('/m/a.mp4'));
    recordNoItem(db, 1, 'excluded', false, t0);
    recordNoItem(db, 2, 'review', true, t0);
    recordNoItem(db, 3, 'review', true, t0);
    list(db, '101', '/x/a.mp4', 5, 4);
    expect(pinsAwaiting(db, 4)).toEqual([2]);
    unpin(db, 2);
    expect(pinsAwaiting(db, 4)).toEqual([]);
  });

  it('is looked for from the choices, never from all the files of a library made anew', () => {
    const db = newStore();
    transaction(db, () => {
      for (let at = 0; at < 5_000; at += 1) list(db, `${at}`, `/m/${at}.mp4`, at, 1);
      for (let id = 1; id <= 500; id += 1) pin(db, id, `p${id}`, file(`/p/${id}.mp4`, id));
      recordNoItem(db, 7, 'review', true, t0);
    });
    const plan = plansOf(db, () => expect(pinsAwaiting(db, 1)).toEqual([7]));
    const parts = plan.filter((step) => / p USING/.test(step));
    expect(parts).toHaveLength(2);
    expect(parts[0]).toMatch(/^SEARCH p USING INDEX plex_part_(name|length) /);
    expect(parts[1]).toMatch(/^SEARCH p USING INDEX plex_part_size/);
  });
});
