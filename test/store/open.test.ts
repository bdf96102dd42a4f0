// Opening the data file: fresh, again, of a later version, damaged, and by several at once.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { isPlexSyncError } from '../../src/contract/errors.ts';
import { dataDirectory, makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { migrations } from '../../src/store/file/migrations.ts';
import { isCorruptStore } from '../../src/store/file/corruption.ts';
import { openStore } from '../../src/store/file/open.ts';
import { putItem } from '../../src/store/match/plexPart.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { startProcess } from './process.ts';
import { allRows, listed, newDirectory, newStore, queueRowOf, raiseScene, t0 } from './support.ts';

const newPath = (): string => join(newDirectory(), 'plex-sync.db');
const mode = (path: string): number => statSync(path).mode & 0o777;
const asideName = `plex-sync.db.corrupt-${new Date(t0).toISOString().replace(/[:.]/g, '-')}`;

function codeOf(work: () => unknown): { readonly code: string; readonly message: string } {
  try {
    work();
  } catch (error) {
    if (isPlexSyncError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A closed data file with one row in the queue and enough parts to fill many pages. */
function filled(path: string): void {
  const db = newStore(path);
  raiseScene(db, 12);
  transaction(db, () => {
    for (let at = 0; at < 2_000; at += 1) {
      const part = { file: `/media/folder/file ${at}.mp4`, size: at, durationMs: null };
      putItem(db, '1', listed({ ratingKey: `${at}`, parts: [part] }), 1);
    }
  });
  db.close();
}

describe('the data file', () => {
  it('is made when it is missing, in the newest version, with a log beside it', () => {
    const path = newPath();
    const { db, setAside } = openStore(path, t0);
    expect(setAside).toBeNull();
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(db.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
    expect(db.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 5_000 });
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
  });

  it('is for its owner alone, with all that lies beside it', () => {
    const path = newPath();
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    const db = newStore(path);
    raiseScene(db, 1);
    for (const ending of ['', '-wal', '-shm'])
      expect([ending, mode(path + ending)]).toEqual([ending, 0o600]);
  });

  it('has what it had when it is opened again', () => {
    const path = newPath();
    const first = newStore(path);
    raiseScene(first, 12);
    const before = allRows(first, 'queue');
    first.close();
    expect(allRows(newStore(path), 'queue')).toEqual(before);
  });

  it('has what it had after its process was killed in the middle of its work', async () => {
    const path = newPath();
    const other = startProcess(`
      const { db } = open.openStore(${JSON.stringify(path)}, 0);
      const event = (id) => ({ entity: 'scene', entityId: id, source: 's', correlation: 'c', at: ${t0}, previousAt: null });
      sql.durableTransaction(db, () => { queue.raise(db, event(1)); queue.raise(db, event(2)); });
      db.exec('BEGIN IMMEDIATE');
      queue.raise(db, event(3));
      say('half way');
      await told();`);
    expect(await other.line()).toBe('half way');
    await other.kill();
    expect(allRows(newStore(path), 'queue').map((row) => row['key'])).toEqual([
      'scene:1',
      'scene:2',
    ]);
  });

  it.each(['wal', 'delete'])(
    'of a later version, with journal_mode %s, is refused in plain words and left as it is',
    (journal) => {
      const path = newPath();
      const later = new DatabaseSync(path);
      later.exec(`PRAGMA journal_mode = ${journal}; CREATE TABLE x (y); PRAGMA user_version = 99`);
      later.close();
      const before = readFileSync(path);
      const { code, message } = codeOf(() => openStore(path, t0));
      expect(code).toBe('store-newer');
      expect(message).toContain('version 99');
      expect(message).toContain(`up to ${migrations.length}`);
      expect(message).toMatch(/Install the newer PlexSync/);
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(join(path, '..')).filter((name) => name.includes('corrupt'))).toEqual([]);
    },
  );

  it('that cannot be made says where, and is no damaged one', () => {
    const path = join(newDirectory(), 'missing', 'plex-sync.db');
    const { code, message } = codeOf(() => openStore(path, t0));
    expect(code).toBe('store-failed');
    expect(message).toContain(path);
    const folder = join(newDirectory(), 'plex-sync.db');
    mkdirSync(folder);
    expect(codeOf(() => openStore(folder, t0)).code).toBe('store-failed');
    expect(statSync(folder).isDirectory()).toBe(true);
  });
});

describe('a damaged data file', () => {
  const damages: readonly [string, (path: string) => void][] = [
    ['is no database at all', (path) => writeFileSync(path, 'not a database\n'.repeat(1_000))],
    ['has lost its first page', (path) => overwrite(path, 0, Buffer.alloc(4_096))],
    ['has a spoilt header', (path) => overwrite(path, 0, Buffer.from('XQLite format 3\0'))],
    ['has lost its schema', (path) => overwrite(path, 100, Buffer.alloc(3_900, 0xff))],
    ...[
      'queue',
      'dead_letter',
      'scene_state',
      'scene_file',
      'plex_part',
      'pin',
      'pin_file',
      'review',
      'entity_face',
      'state',
    ].map((table): [string, (path: string) => void] => [
      `has lost the page that ${table} stands on`,
      (path) => overwrite(path, (rootPage(path, table) - 1) * 4_096, Buffer.alloc(4_096, 0xff)),
    ]),
    ['was cut in the middle', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  ];

  it.each(damages)('that %s is set aside and kept, and a new one is begun', (_, damage) => {
    const path = newPath();
    filled(path);
    damage(path);
    const damaged = readFileSync(path);
    const { db, setAside } = openStore(path, t0);
    expect(setAside).toBe(join(path, '..', asideName));
    expect(readFileSync(setAside ?? '').equals(damaged)).toBe(true);
    expect(mode(setAside ?? '')).toBe(0o600);
    expect(allRows(db, 'queue')).toEqual([]);
    raiseScene(db, 1);
    db.close();
    // The new one is found well from now on.
    expect(openAndCount(path)).toEqual({ setAside: null, rows: 1 });
  });

  it('takes the log along that another process still writes, so that the new one has none of it', async () => {
    const path = newPath();
    const other = startProcess(`
      const { db } = open.openStore(${JSON.stringify(path)}, ${t0});
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.exec("INSERT INTO state (name, value) VALUES ('late', '1')");
      say('written');
      await told();`);
    expect(await other.line()).toBe('written');
    overwrite(path, (rootPage(path, 'queue') - 1) * 4_096, Buffer.alloc(4_096, 0xff));
    const { db, setAside } = openStore(path, t0);
    expect(setAside).not.toBeNull();
    expect(existsSync(`${setAside}-wal`)).toBe(true);
    expect(allRows(db, 'queue')).toEqual([]);
    expect(db.prepare('SELECT * FROM state').all()).toEqual([]);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
  });

  it('is whole again if its log has the damaged page, and leaves nothing of a spoilt log', () => {
    const path = newPath();
    const db = newStore(path);
    raiseScene(db, 7);
    for (const spoilt of [false, true]) {
      // As a killed process leaves it: database and log, not put together.
      const copy = newPath();
      for (const ending of ['', '-wal']) copyFileSync(path + ending, copy + ending);
      overwrite(copy, 0, Buffer.alloc(100, 0xff));
      if (spoilt) overwrite(`${copy}-wal`, 32, Buffer.alloc(64, 0xff));
      const opened = openStore(copy, t0);
      expect(opened.setAside === null).toBe(!spoilt);
      expect(allRows(opened.db, 'queue')).toHaveLength(spoilt ? 0 : 1);
      expect(opened.db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      opened.db.close();
    }
  });

  it.each(['-wal', '-shm'])('is not what a garbage file %s makes of a good one', (ending) => {
    const path = newPath();
    filled(path);
    writeFileSync(path + ending, Buffer.alloc(40_000, 0xa5));
    const { db, setAside } = openStore(path, t0);
    expect(setAside).toBeNull();
    expect(queueRowOf(db, 'scene:12')).toBeDefined();
    db.close();
  });

  it('is told from every other trouble by SQLite’s own code', () => {
    expect(isCorruptStore(Object.assign(new Error('x'), { errcode: 11 }))).toBe(true);
    expect(isCorruptStore(Object.assign(new Error('x'), { errcode: 26 }))).toBe(true);
    // SQLITE_CORRUPT_INDEX, an extended code.
    expect(isCorruptStore(Object.assign(new Error('x'), { errcode: 779 }))).toBe(true);
    for (const errcode of [5, 10, 13, 14]) {
      expect(isCorruptStore(Object.assign(new Error('x'), { errcode }))).toBe(false);
    }
    expect(isCorruptStore(new Error('database disk image is malformed'))).toBe(false);
  });
});

describe('a data file that several processes open at once', () => {
  const opener = (path: string): string => `
    say('ready');
    await told();
    try {
      const { db } = open.openStore(${JSON.stringify(path)}, ${t0});
      sql.transaction(db, () => sql.run(db, 'INSERT INTO state (name, value) VALUES (?, ?)', String(process.pid), '1'));
      db.close();
      say('opened');
    } catch (error) {
      say(error.message);
    }`;

  it.each([
    ['missing', () => undefined],
    ['damaged', (path: string) => writeFileSync(path, 'garbage '.repeat(1_000))],
  ] as const)('and that is %s is made once, for all of them', async (_, prepare) => {
    for (let round = 0; round < 3; round += 1) {
      const path = newPath();
      prepare(path);
      const openers = Array.from({ length: 5 }, () => startProcess(opener(path)));
      for (const other of openers) expect(await other.line()).toBe('ready');
      for (const other of openers) other.goOn();
      const answers = await Promise.all(openers.map((other) => other.line()));
      expect(answers).toEqual(Array(5).fill('opened'));
      const db = newStore(path);
      expect(db.prepare('SELECT count(*) AS n FROM state').get()).toEqual({ n: 5 });
      const aside = readdirSync(join(path, '..')).filter((name) => name.includes('corrupt'));
      expect(aside).toHaveLength(prepare.length);
    }
  });
});

describe('the data directory', () => {
  it('is for its owner alone, spool and all, and can be made again', () => {
    const path = join(newDirectory(), 'config', 'plex-sync');
    const made = makeDataDirectory(path);
    expect(made).toEqual(dataDirectory(path));
    expect(mode(made.path)).toBe(0o700);
    expect(mode(made.spool)).toBe(0o700);
    writeFileSync(join(made.spool, 'event'), 'x');
    expect(makeDataDirectory(path)).toEqual(made);
    expect(existsSync(join(made.spool, 'event'))).toBe(true);
  });

  it('has one place for each thing', () => {
    const places = Object.values<string>({ ...dataDirectory('/d') });
    expect(new Set(places).size).toBe(places.length);
    for (const place of places) expect(place.startsWith('/d')).toBe(true);
  });
});

function overwrite(path: string, at: number, bytes: Buffer): void {
  const content = readFileSync(path);
  bytes.copy(content, at);
  writeFileSync(path, content);
}

function rootPage(path: string, table: string): number {
  const db = new DatabaseSync(path);
  const found = db.prepare('SELECT rootpage AS page FROM sqlite_schema WHERE name = ?').get(table);
  db.close();
  return Number(found?.['page']);
}

function openAndCount(path: string): { readonly setAside: string | null; readonly rows: number } {
  const { db, setAside } = openStore(path, t0 + 1);
  const found = allRows(db, 'queue').length;
  db.close();
  return { setAside, rows: found };
}
