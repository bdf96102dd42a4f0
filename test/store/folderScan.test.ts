// Which folders Plex was asked to scan.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mayScanFolder } from '../../src/store/match/folderScan.ts';
import { newDirectory, newStore, t0 } from './support.ts';

const hour = 3_600_000;

describe('[1.0 MATCH-01] a folder', () => {
  it('is asked for once an hour at most, whoever asks', () => {
    const db = newStore();
    const asks = [0, 1, hour - 1, hour, hour + 1, 2 * hour - 1, 2 * hour];
    expect(asks.map((at) => mayScanFolder(db, '/m', t0 + at, hour))).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it('is not held up by another, nor by one of a similar name', () => {
    const db = newStore();
    for (const folder of ['/m', '/m/a', '/M', "/m/'", '']) {
      expect([folder, mayScanFolder(db, folder, t0, hour)]).toEqual([folder, true]);
    }
    expect(mayScanFolder(db, '/m/a', t0 + 5, hour)).toBe(false);
  });

  it('is still known to have been asked for after a restart', () => {
    const path = join(newDirectory(), 'plex-sync.db');
    const first = newStore(path);
    mayScanFolder(first, '/m', t0, hour);
    first.close();
    expect(mayScanFolder(newStore(path), '/m', t0 + 60_000, hour)).toBe(false);
  });

  it('is not held up for years by a clock that was ahead when it was asked for', () => {
    const db = newStore();
    mayScanFolder(db, '/m', t0 + 1_000 * hour, hour);
    expect(mayScanFolder(db, '/m', t0, hour)).toBe(true);
    expect(mayScanFolder(db, '/m', t0 + 1, hour)).toBe(false);
    expect(mayScanFolder(db, '/m', t0 + hour, hour)).toBe(true);
  });

  it('leaves no row behind for folders that were asked for long ago', () => {
    const db = newStore();
    for (let at = 0; at < 50; at += 1) mayScanFolder(db, `/m/${at}`, t0, hour);
    mayScanFolder(db, '/n', t0 + hour, hour);
    expect(db.prepare('SELECT folder FROM folder_scan').all()).toMatchObject([{ folder: '/n' }]);
  });
});
