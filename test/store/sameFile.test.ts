// An opened data file is still the one that others find, or is not: deleted, moved, replaced, half
// deleted; and on a file system that invents the numbers of files.
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tryLock } from '../../src/store/file/lock.ts';
import { openStore } from '../../src/store/file/open.ts';
import {
  assertSameFile,
  closeStore,
  fileTrouble,
  type Identify,
  noteFile,
  suspectOf,
} from '../../src/store/file/sameFile.ts';
import { startProcess } from './process.ts';
import { allRows, newDirectory, newStore, raiseScene, t0 } from './support.ts';

const newPath = (): string => join(newDirectory(), 'plex-sync.db');
/** All is in the file, none in its log, which would make it whole again. */
const spoil = (path: string, db: DatabaseSync): void => {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  writeFileSync(path, 'no database '.repeat(1_000));
};

describe('an opened data file', () => {
  it('is the same while nobody touches it, whatever others do in it', async () => {
    const path = newPath();
    const db = newStore(path);
    const other = startProcess(`
      const { db } = open.openStore(${JSON.stringify(path)}, ${t0});
      db.exec("INSERT INTO state (name, value) VALUES ('x', '1'); PRAGMA wal_checkpoint(TRUNCATE)");
      db.close();
      say('done');`);
    expect(await other.line()).toBe('done');
    raiseScene(db, 1);
    expect(fileTrouble(db)).toBeNull();
    assertSameFile(db);
  });

  it.each([
    ['deleted', 'gone', (path: string) => rmSync(path)],
    ['moved away', 'gone', (path: string) => renameSync(path, `${path}.old`)],
    ['robbed of its log', 'log-gone', (path: string) => rmSync(`${path}-wal`)],
    ['robbed of the index of its log', 'log-gone', (path: string) => rmSync(`${path}-shm`)],
    [
      'suspected by another process',
      'suspect',
      (path: string) => writeFileSync(suspectOf(path), ''),
    ],
    [
      'replaced by a copy of itself',
      'another',
      (path: string) => {
        copyFileSync(path, `${path}.copy`);
        renameSync(`${path}.copy`, path);
      },
    ],
    [
      'replaced by a new one',
      'another',
      (path: string) => {
        openStore(`${path}.new`, t0).db.close();
        renameSync(`${path}.new`, path);
      },
    ],
    [
      'replaced by what is no data file',
      'another',
      (path: string) => {
        writeFileSync(`${path}.text`, 'no database '.repeat(1_000));
        renameSync(`${path}.text`, path);
      },
    ],
  ])('that was %s is told as %s', (_, trouble, harm) => {
    const path = newPath();
    const db = newStore(path);
    raiseScene(db, 1);
    harm(path);
    expect(fileTrouble(db)).toBe(trouble);
    expect(() => assertSameFile(db)).toThrow(/data file/);
  });

  it('is the same where the file system gives it another number: others see what is written to it', () => {
    const path = newPath();
    const { db } = openStore(path, t0);
    let number = 0;
    const invented = (of: string): string | null => (existsSync(of) ? `1 ${number}` : null);
    noteFile(db, path, invented);
    const proof = (): unknown =>
      db.prepare("SELECT value FROM state WHERE name = 'file-proof'").get()?.['value'];
    let [before, proofs]: [unknown, number] = [undefined, 0];
    for (number = 1; number < 4; number += 1) {
      expect(fileTrouble(db, invented)).toBeNull();
      if (proof() !== before) proofs += 1;
      before = proof();
    }
    // A proof costs a process: where numbers never rest there is not one for each look.
    expect(proofs).toBe(1);
    db.close();
  });

  describe('with numbers that the file system invents', () => {
    const inventing = (): { path: string; db: DatabaseSync; identify: Identify } => {
      const path = newPath();
      const db = newStore(path);
      const numbered = (number: number): Identify => {
        return (of) => (existsSync(of) ? `1 ${number}` : null);
      };
      noteFile(db, path, numbered(0));
      return { path, db, identify: numbered(1) };
    };

    it('is not taken for another one while a reader keeps the log from being put into it', () => {
      const { path, db, identify } = inventing();
      const reader = new DatabaseSync(path);
      reader.exec('BEGIN; SELECT * FROM state');
      raiseScene(db, 1);
      expect(fileTrouble(db, identify)).toBeNull();
      reader.close();
    });

    it('is not taken for another one where nobody can look', () => {
      const { db, identify } = inventing();
      const node = process.execPath;
      onTestFinished(() => {
        process.execPath = node;
      });
      process.execPath = join(newDirectory(), 'no-node');
      expect(fileTrouble(db, identify)).toBeNull();
    });

    it('is the same where the whole log is in it before others look', () => {
      const { db, identify } = inventing();
      db.exec('PRAGMA wal_autocheckpoint = 1');
      expect(fileTrouble(db, identify)).toBeNull();
    });
  });

  it('that was replaced while a reader is in it is told of as soon as that is known', () => {
    const path = newPath();
    const db = newStore(path);
    raiseScene(db, 1);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const reader = new DatabaseSync(path);
    reader.exec('BEGIN; SELECT * FROM state');
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
    expect(fileTrouble(db)).toBeNull();
    reader.close();
    const later = performance.now() + 120_000;
    vi.spyOn(performance, 'now').mockReturnValue(later);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    expect(fileTrouble(db)).toBe('another');
  });

  it('that was moved away has all that was committed when it is closed, wherever it is now', () => {
    const path = newPath();
    const { db } = openStore(path, t0);
    raiseScene(db, 12);
    renameSync(path, `${path}.old`);
    rmSync(`${path}-wal`);
    rmSync(`${path}-shm`);
    closeStore(db);
    const moved = new DatabaseSync(`${path}.old`);
    expect(moved.prepare('SELECT key FROM queue').all()).toEqual([{ key: 'scene:12' }]);
    moved.close();
  });

  it('that was deleted while it is in use shares nothing with the new one', async () => {
    const path = newPath();
    const old = newStore(path);
    raiseScene(old, 12);
    // As a person does who looks for what is large: log and index stay.
    rmSync(path);
    const other = startProcess(`
      const { db } = open.openStore(${JSON.stringify(path)}, ${t0});
      db.exec("INSERT INTO state (name, value) VALUES ('new', '1')");
      say(db.prepare('SELECT count(*) AS n FROM queue').get().n);
      await told();
      db.close();
      say('closed');`);
    expect(await other.line()).toBe('0');
    raiseScene(old, 13);
    closeStore(old);
    other.goOn();
    expect(await other.line()).toBe('closed');
    const db = newStore(path);
    expect(allRows(db, 'queue')).toEqual([]);
    expect(db.prepare('SELECT name FROM state').all()).toEqual([{ name: 'new' }]);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  });
});

describe('a damaged data file that a worker works on', () => {
  const opener = (path: string): string => `
    say('ready');
    try {
      const { db, setAside } = open.openStore(${JSON.stringify(path)}, ${t0});
      db.close();
      say(setAside === null ? 'opened' : 'set aside');
    } catch (error) {
      say(error.message);
    }`;
  const asides = (path: string): readonly string[] =>
    readdirSync(dirname(path)).filter((name) => name.includes('corrupt'));

  it('stays where it is: who meets the damage asks the worker to leave, and replaces it then', async () => {
    const path = newPath();
    const worker = newStore(path);
    const lock = tryLock(join(dirname(path), 'worker.lock'));
    spoil(path, worker);
    const other = startProcess(opener(path));
    expect(await other.line()).toBe('ready');
    while (fileTrouble(worker) === null) await new Promise((done) => setTimeout(done, 10));
    expect(fileTrouble(worker)).toBe('suspect');
    expect(asides(path)).toEqual([]);
    closeStore(worker);
    lock?.release();
    expect(await other.line()).toBe('set aside');
    expect(asides(path)).not.toEqual([]);
    expect(existsSync(suspectOf(path))).toBe(false);
  });

  it('is not waited for for ever', async () => {
    const path = newPath();
    const worker = newStore(path);
    const lock = tryLock(join(dirname(path), 'worker.lock'));
    spoil(path, worker);
    const other = startProcess(opener(path));
    expect(await other.line()).toBe('ready');
    expect(await other.line()).toMatch(/damaged.*as soon as the worker has finished.*try again/);
    expect(asides(path)).toEqual([]);
    lock?.release();
  });

  it('is only looked at anew if it was suspected wrongly', () => {
    const path = newPath();
    newStore(path).close();
    writeFileSync(suspectOf(path), '');
    const { db, setAside } = openStore(path, t0);
    expect(setAside).toBeNull();
    expect(fileTrouble(db)).toBeNull();
    db.close();
  });
});

it('of damaged data files the newest two are kept, so that a failing disk does not fill itself', () => {
  const path = newPath();
  const asides = (): readonly string[] =>
    readdirSync(dirname(path))
      .filter((name) => name.includes('corrupt'))
      .toSorted();
  // The last time the clock was put back.
  for (const now of [t0, t0 + 1_000, t0 + 2_000, t0 - 9_000]) {
    const before = newStore(path);
    spoil(path, before);
    before.close();
    writeFileSync(`${path}-wal`, 'x');
    const { db, setAside } = openStore(path, now);
    db.close();
    expect(asides()).toContain(setAside?.split('/').at(-1));
    expect(asides().filter((name) => !/-(?:wal|shm)$/.test(name)).length).toBeLessThan(3);
  }
  expect(asides().filter((name) => !/-(?:wal|shm)$/.test(name))).toEqual([
    `plex-sync.db.corrupt-${new Date(t0 - 9_000).toISOString().replace(/[:.]/g, '-')}`,
    `plex-sync.db.corrupt-${new Date(t0 + 2_000).toISOString().replace(/[:.]/g, '-')}`,
  ]);
});
