// Batches pushed one at a time, by a worker's life that a test can end at any call to Plex as a kill
// does: nothing after that call happens, and the next life finds the data file as it was left.
import { checkSettings } from '../../src/contract/settings.ts';
import type { PlexClient } from '../../src/plex/client.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { nextDueAt, raiseScene } from '../../src/store/queue/queue.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { giveBackAll } from '../../src/store/queue/queueSettle.ts';
import * as state from '../../src/store/file/state.ts';
import { readState, writeState } from '../../src/store/file/state.ts';
import type { Clock } from '../../src/sync/base/clock.ts';
import { connectToPlex, meetPlex } from '../../src/sync/servers/configuration.ts';
import type { DrainContext } from '../../src/sync/base/context.ts';
import { type BatchOutcome, drainBatch } from '../../src/sync/drain.ts';
import { ensureIndex } from '../../src/sync/match/libraryIndex.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { settleSuspects } from '../../src/sync/settle.ts';
import { openStashLink } from '../../src/sync/servers/stashLink.ts';
import type { Pair, SceneEdit, World } from '../helpers/world.ts';

export interface PlexCall {
  readonly what: 'edit' | 'items';
  readonly keys: readonly string[];
  readonly when: 'before' | 'after';
}

export interface Life {
  readonly db: Database;
  /** Pushes a batch; 'killed' if the life ended in it. */
  push(): Promise<BatchOutcome | 'killed'>;
  /** Pushes until nothing is due, a second for each batch, or killed. */
  pushAll(): Promise<void>;
  close(): Promise<void>;
}

export interface Batches {
  nowMs: number;
  /** Plex's version as it told it last. */
  version: string;
  /** Called around each call to Plex; 'kill' ends the life there. */
  atCall: (call: PlexCall) => 'kill' | void;
  /** Changes the scenes in Stash and raises them. */
  edit(pairs: readonly Pair[], changeOf: (pair: Pair, at: number) => SceneEdit): void;
  /** The present life; after a kill it is the next one. */
  life(): Promise<Life>;
  /** Requests to write since the last call of this. */
  writes(): number;
  close(): Promise<void>;
}

/** The world must have a first event dropped by nobody: this does it itself. */
export async function openBatches(world: World): Promise<Batches> {
  await world.configure();
  let current: Life | null = null;
  let writesBefore = 0;
  let raised = 0;
  const store = (): Database => openStore(makeDataDirectory(world.data).database, batches.nowMs).db;
  const clock: Clock = { now: () => batches.nowMs, random: () => 0.5, sleep: async () => {} };
  const batches: Batches = {
    nowMs: Date.now() + 10_000,
    version: '1.43.0',
    atCall: () => {},
    edit: (pairs, changeOf) => {
      const db = store();
      for (const [at, pair] of pairs.entries()) {
        world.edit(pair.sceneId, changeOf(pair, at));
        raised += 1;
        raiseScene(db, pair.sceneId, batches.nowMs, 'test', `c-${raised}`);
      }
      db.close();
    },
    life: async () => {
      current ??= await openLife();
      return current;
    },
    writes: () => {
      const { writes } = world.plex.counts();
      const made = writes - writesBefore;
      writesBefore = writes;
      return made;
    },
    close: async () => {
      await current?.close();
    },
  };

  const openLife = async (): Promise<Life> => {
    const db = store();
    giveBackAll(db);
    const log = openLog(makeDataDirectory(world.data).log, clock);
    const checked = checkSettings({
      plexUrl: world.plex.url,
      plexToken: world.plex.token,
      plexReadTimeout: 1,
      plexWriteTimeout: 1,
    });
    if (checked.kind !== 'valid') throw new Error('settings');
    const { settings } = checked;
    const real = connectToPlex(db, settings, '0.0.0-test');
    let killed = (): void => {};
    const around = async <T>(
      what: PlexCall['what'],
      keys: readonly string[],
      call: () => Promise<T>,
    ): Promise<T> => {
      await step({ what, keys, when: 'before' });
      try {
        return await call();
      } finally {
        await step({ what, keys, when: 'after' });
      }
    };
    const step = async (call: PlexCall): Promise<void> => {
      if (batches.atCall(call) !== 'kill') return;
      killed();
      await new Promise(() => {});
    };
    const plex: PlexClient = {
      ...real,
      items: (keys) => around('items', keys, () => real.items(keys)),
      edit: (section, keys, edit) => around('edit', keys, () => real.edit(section, keys, edit)),
    };
    const link = openStashLink(db, clock, log);
    const connection = {
      scheme: 'http',
      host: '127.0.0.1',
      port: world.stash.port,
      cookie: null,
      apiKey: null,
      pluginDir: '',
    } as const;
    const stash = await link.client(connection);
    const met = await meetPlex(plex, settings);
    if (met.kind !== 'known') throw new Error('libraries');
    const versions = readState(db, state.versions);
    writeState(db, state.versions, { stash: versions?.stash ?? null, plex: batches.version });
    const context: DrainContext = { db, clock, log, settings, rules: [], stash, plex };
    await ensureIndex(context, met.identity);
    const end = async (): Promise<void> => {
      await real.close();
      await link.close();
      db.close();
      current = null;
    };
    let suspects: BatchOutcome['suspects'] = [];
    let wrote = false;
    const push = async (): Promise<BatchOutcome | 'killed'> => {
      const death = new Promise<'killed'>((resolve) => {
        killed = () => resolve('killed');
      });
      const earlier = { suspects, wrote, inDoubt: false };
      const rows = claim(db, batches.nowMs, 50);
      const outcome = await Promise.race([drainBatch(context, met.identity, rows, earlier), death]);
      if (outcome === 'killed') await end();
      else {
        suspects = outcome.suspects;
        wrote = (wrote || outcome.wrote) && outcome.stop === null;
      }
      return outcome;
    };
    const decideAbout = (undecided: BatchOutcome['suspects']): void => {
      settleSuspects(context, undecided, false);
      suspects = [];
    };
    return {
      db,
      push,
      pushAll: async () => {
        for (let round = 0; round < 30; round += 1) {
          const nothingDue = (nextDueAt(db) ?? Number.POSITIVE_INFINITY) > batches.nowMs;
          if (nothingDue && suspects.length === 0) return;
          if (nothingDue) decideAbout(suspects);
          else if ((await push()) === 'killed') return;
          batches.nowMs += 1_000;
        }
      },
      close: end,
    };
  };
  return batches;
}
