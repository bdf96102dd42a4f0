// A Stash, a Plex and a data directory for a test, all of its own and gone afterwards. The worker
// runs in this process, on any clock; events are dropped into the spool as the launcher does.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import { type StashSimulator, startStashSimulator } from '../../simulators/stash/server.ts';
import type { Status } from '../../src/contract/status.ts';
import { openSideWork } from '../../src/viewing/sideWork.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { extraCounts } from '../../src/store/queue/extra.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { type Clock, systemClock } from '../../src/sync/base/clock.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import { runWorker } from '../../src/sync/worker.ts';
import { findTask } from '../../src/tasks/dispatch.ts';
import { until } from './wait.ts';

export interface Pair {
  readonly sceneId: number;
  readonly ratingKey: string;
}

/** A change as a person makes it: tags, performers and studio by name. */
export interface SceneEdit {
  readonly title?: string;
  readonly details?: string;
  readonly date?: string;
  readonly studio?: string;
  readonly tags?: readonly string[];
  readonly performers?: readonly string[];
}

export interface RunningWorker {
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  stop(): Promise<number>;
}

export interface World {
  readonly stash: StashSimulator;
  readonly plex: PlexSimulator;
  readonly section: string;
  /** Data directory of PlexSync. */
  readonly data: string;
  /**
   * Replaces the plugin's settings in Stash: address and token of this Plex, no catching up by itself,
   * and what is given.
   */
  configure(settings?: Readonly<Record<string, unknown>>): Promise<void>;
  /** A scene and the item of its file; both know nothing but the file. */
  addPair(name?: string): Pair;
  addPairs(count: number): readonly Pair[];
  /** Changes the scene in Stash and drops the event that its hook would. */
  edit(sceneId: number, change: SceneEdit): void;
  /** Gives all of the scenes this title. */
  editAll(pairs: readonly Pair[], title: string): void;
  /** How many of the items have this title in Plex. */
  titled(pairs: readonly Pair[], title: string): number;
  /** Resolves when nothing waits any more, no picture and no rating either. */
  settled(): Promise<void>;
  /** Performs an operation as the page and the command line do. */
  choose(name: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** What the launcher leaves behind for a hook. @param stash pid and start of that life of Stash */
  dropEvent(type: string, id: number, stash?: string): void;
  startWorker(clock?: Clock, lingerMs?: number): RunningWorker;
  status(): Status;
  /** Runs `read` on the data file and closes it again. */
  withStore<T>(read: (db: Database) => T): T;
  logText(): string;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly plex?: Parameters<typeof startPlexSimulator>[0];
  readonly stash?: Partial<Parameters<typeof startStashSimulator>[0]>;
}

/** A fast clock on a busy machine lets minutes pass between two steps of a test. */
const longerThanAnyTest = 30 * 24 * 3_600_000;

let eventNumber = 0;

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-world-'));
  const directory = join(root, 'stash');
  // Known to Stash and enabled, without hooks: the tests drop the events themselves.
  const pluginFolder = join(directory, 'plugins', 'plex-sync');
  mkdirSync(pluginFolder, { recursive: true });
  writeFileSync(join(pluginFolder, 'plex-sync.yml'), 'name: PlexSync\nversion: 0.0.0\n');
  const stash = await startStashSimulator({ directory, ...options.stash });
  stash.loadPlugins();
  const plex = await startPlexSimulator(options.plex);
  const section = plex.library.addSection({ title: 'Videos', locations: ['/data'] });
  const data = join(directory, 'plex-sync');
  makeDataDirectory(data);
  const workers: RunningWorker[] = [];
  let files = 0;

  const withStore = <T>(read: (db: Database) => T): T => {
    const { db } = openStore(join(data, 'plex-sync.db'), Date.now());
    try {
      return read(db);
    } finally {
      db.close();
    }
  };
  const addPair = (name = `clip ${files + 1}`): Pair => {
    files += 1;
    const path = `/data/folder ${files % 7}/${name}.mp4`;
    const size = 1_000_000 + files;
    const sceneId = stash.store.addScene({ files: [{ path, size, durationSeconds: 60 }] });
    const ratingKey = plex.library.addItem(section, {
      title: `scanned ${name}`,
      files: [{ path, size, durationMs: 60_000 }],
    });
    return { sceneId, ratingKey };
  };
  const idOf = (kind: 'studio' | 'tag' | 'performer', name: string): number => {
    for (const known of stash.store.entities(kind)) if (known.name === name) return known.id;
    return stash.store.addEntity(kind, { name });
  };
  const dropEvent = (type: string, id: number, life = '1.1'): void => {
    eventNumber += 1;
    const event = {
      server_connection: {
        Scheme: 'http',
        Host: '127.0.0.1',
        Port: stash.port,
        SessionCookie: null,
        Dir: directory,
        PluginDir: join(directory, 'plugins', 'plex-sync'),
      },
      args: { hookContext: { id, type, input: null } },
    };
    const name = `${type}-${id}-${life}-999999999-${eventNumber}`;
    writeFileSync(join(data, 'spool', name), `${JSON.stringify(event)}\n`, { mode: 0o600 });
  };
  const world: World = {
    stash,
    plex,
    section,
    data,
    configure: async (settings = {}) => {
      await stash.graphql(
        'mutation ($input: Map!) { configurePlugin(plugin_id: "plex-sync", input: $input) }',
        // Where a test's clock leaps, hours seem to pass in which nobody was at work.
        { input: { plexUrl: plex.url, plexToken: plex.token, noCatchUp: true, ...settings } },
      );
    },
    addPair,
    addPairs: (count) => Array.from({ length: count }, () => addPair()),
    edit: (sceneId, { title, details, date, studio, tags, performers }) => {
      stash.store.changeScene(
        sceneId,
        {
          ...(title === undefined ? {} : { title }),
          ...(details === undefined ? {} : { details }),
          ...(date === undefined ? {} : { date }),
          ...(studio === undefined ? {} : { studioId: idOf('studio', studio) }),
          ...(tags === undefined ? {} : { tagIds: tags.map((name) => idOf('tag', name)) }),
          ...(performers === undefined
            ? {}
            : { performerIds: performers.map((name) => idOf('performer', name)) }),
        },
        { touch: true },
      );
      dropEvent('Scene.Update.Post', sceneId);
    },
    editAll: (pairs, title) => {
      for (const { sceneId } of pairs) world.edit(sceneId, { title });
    },
    titled: (pairs, title) =>
      pairs.filter(({ ratingKey }) => plex.library.item(ratingKey)?.title === title).length,
    settled: async () => {
      await until('nothing waits', () => {
        const { queue } = world.status();
        const extras = world.withStore(extraCounts).waiting;
        return queue.spooled + queue.pending + queue.inFlight + extras === 0;
      });
    },
    choose: async (name, args) => {
      const directory = makeDataDirectory(data);
      const { db } = openStore(directory.database, Date.now());
      try {
        const log = openLog(directory.log, systemClock);
        const about = { version: '0.0.0-test', programPath: import.meta.filename };
        const caller = { caller: 'operation', say: () => {}, progress: () => {} } as const;
        const times = { clock: systemClock, now: Date.now() };
        const task = await findTask(name);
        return await task({ db, directory, log, ...about, ...times, ...caller }, args);
      } finally {
        db.close();
      }
    },
    dropEvent,
    startWorker: (clock = systemClock, lingerMs = longerThanAnyTest) => {
      const stop = new AbortController();
      const ended = runWorker({
        dataDirectory: data,
        version: '0.0.0-test',
        programPath: import.meta.filename,
        clock,
        lingerMs,
        sideWork: openSideWork,
        stop: stop.signal,
        supervisorPid: () => null,
        supervisorGone: () => {},
      });
      const worker = {
        ended,
        stop: async () => {
          stop.abort();
          return await ended;
        },
      };
      workers.push(worker);
      return worker;
    },
    withStore,
    status: () =>
      withStore((db) => readStatus(db, makeDataDirectory(data), '0.0.0-test', Date.now())),
    logText: () => {
      try {
        return readFileSync(join(data, 'plex-sync.log'), 'utf8');
      } catch {
        return '';
      }
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await stash.close();
      await plex.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}
