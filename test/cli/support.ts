// A plugin folder and a data file of a test's own, and the real program called in them as a process.
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ReviewReason } from '../../src/domain/match/match.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { putItem } from '../../src/store/match/plexPart.ts';
import { putReview } from '../../src/store/match/review.ts';
import { putSceneFiles } from '../../src/store/match/sceneFile.ts';
import { recordIntent, recordNoItem } from '../../src/store/mirror/sceneState.ts';
import { nothingBefore } from '../../src/domain/mirror/values.ts';
import * as state from '../../src/store/file/state.ts';

const repository = join(import.meta.dirname, '..', '..');
export const t0 = Date.UTC(2026, 0, 2, 3, 4, 5);

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  readonly root: string;
  /** Stash's configuration folder, beside whose `config.yml` the data directory lies. */
  readonly config: string;
  readonly plugin: string;
  readonly data: string;
  withStore<T>(work: (db: Database) => T): T;
  /** Calls the program itself; without --data it finds the data directory. */
  plexsync(...args: readonly string[]): Promise<Ended>;
  call(args: readonly string[], how?: How): Promise<Ended>;
  /** The data directories for which a worker was woken, in that order. */
  woken(): readonly string[];
}

export interface How {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** Instead of Node and the program. */
  readonly command?: readonly [string, ...string[]];
}

/** Removed when the test is over. */
export function makePlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-cli-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const config = join(root, 'stash');
  const plugin = join(config, 'plugins', 'plex-sync');
  const data = join(config, 'plex-sync');
  mkdirSync(plugin, { recursive: true });
  makeDataDirectory(data);
  const main = pathToFileURL(join(repository, 'src', 'cli', 'main.ts')).href;
  writeFileSync(join(plugin, 'plex-sync.cjs'), `void import(${JSON.stringify(main)});\n`);
  for (const file of ['plexsync', 'runtime.sh']) {
    copyFileSync(join(repository, 'plugin', file), join(plugin, file));
  }
  // What it would start is the launcher's and has its own tests: here it counts that it is called.
  const note = join(root, 'woken');
  writeFileSync(join(plugin, 'launch.sh'), `[ "$1" = wake ] && printf '%s\\n' "$2" >>'${note}'\n`);

  const program = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;
  const call: Place['call'] = (args, { env = {}, cwd = root, input = '', command } = {}) => {
    const [file, ...first] = command ?? [...program, join(plugin, 'plex-sync.cjs')];
    return new Promise((resolve, reject) => {
      const child = spawn(file, [...first, ...args], {
        cwd,
        env: { PATH: process.env['PATH'] ?? '', HOME: root, TZ: 'UTC', ...env },
      });
      const said = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (some: string) => (said.stdout += some));
      child.stderr.setEncoding('utf8').on('data', (some: string) => (said.stderr += some));
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, ...said }));
    });
  };
  return {
    root,
    config,
    plugin,
    data,
    withStore: (work) => {
      const { db } = openStore(join(data, 'plex-sync.db'), t0);
      try {
        return work(db);
      } finally {
        db.close();
      }
    },
    plexsync: (...args) => call(args),
    call,
    woken: () => (existsSync(note) ? readFileSync(note, 'utf8').split('\n').slice(0, -1) : []),
  };
}

/** An item in the index of Plex's files. */
export function addItem(
  db: Database,
  ratingKey: string,
  file: string,
  title = 'Night Train',
): void {
  const parts = [{ file, size: 1_000, durationMs: 60_000 }];
  const texts = { title, date: '', studio: '' };
  putItem(db, '1', { ratingKey, ...texts, durationMs: 60_000, addedAt: 1, updatedAt: 1, parts }, 1);
}

/** PlexSync has looked into Plex, whatever it found. */
export function indexMade(db: Database): void {
  state.writeState(db, state.index, {
    machineIdentifier: 'm',
    sectionIds: ['1'],
    walk: 1,
    fullWalkAt: t0,
    refreshedAt: t0,
    watermarks: {},
  });
}

/** A scene that has been read and has no item. */
export function addScene(db: Database, sceneId: number, path = `/data/${sceneId}.mp4`): void {
  putSceneFiles(db, sceneId, [{ path, size: 1_000, durationSeconds: 60 }]);
  recordNoItem(db, sceneId, 'waiting', true, t0);
}

/** A scene whose item this is. */
export function addOwner(db: Database, sceneId: number, ratingKey: string): void {
  addScene(db, sceneId);
  const values = { scalars: { title: 'Pushed' }, tags: {} };
  const evidence = { how: 'path', score: 98, why: 'the same path' } as const;
  recordIntent(
    db,
    sceneId,
    { ratingKey, sectionId: '1', evidence, movedSince: null },
    { pushed: values, intent: values, before: nothingBefore },
  );
}

export interface Asked {
  readonly scene: number;
  readonly reason?: ReviewReason;
  readonly title?: string;
  readonly path?: string;
  readonly since?: number;
  readonly candidates: readonly {
    readonly item: string;
    readonly score: number;
    readonly why?: string;
    readonly title?: string;
    readonly file?: string;
  }[];
}

/** A scene that waits for a choice. */
export function addReview(db: Database, asked: Asked): void {
  const { scene, reason = 'unsure', title = 'Night Train', since = t0 } = asked;
  const path = asked.path ?? `/data/${scene}.mp4`;
  addScene(db, scene, path);
  recordNoItem(db, scene, 'review', false, t0);
  const candidates = asked.candidates.map(({ item, score, ...more }) => ({
    how: 'name-size' as const,
    ratingKey: item,
    sectionId: '1',
    title: more.title ?? `Item ${item}`,
    file: more.file ?? `/media/${item}.mp4`,
    score,
    why: more.why ?? 'the same name and size',
  }));
  putReview(db, { sceneId: scene, reason, title, path, candidates }, since);
}
