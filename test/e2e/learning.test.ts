// Learning how Plex takes tags is the one thing in which PlexSync sends less than an item is to have.
// So the worker's process is killed at every request of it, and Plex itself is asked what each item
// has ever lost.
import { mkdirSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/file/open.ts';
import * as state from '../../src/store/file/state.ts';
import { claimForParent } from '../../src/sync/process/supervisorFile.ts';
import { type Installed, installPlugin, killQuietly } from '../helpers/installed.ts';
import { openPlexProxy, type PlexProxy } from '../helpers/killingProxy.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';

const environment = { PLEXSYNC_NODE: process.execPath, PLEXSYNC_PAUSE_MS: '10' };
const scenes = 6;
/** A request more or less than these would mean that something else is measured than is thought. */
const fewestSteps = { append: 10, replace: 14 };
const mostSteps = 40;
const patienceMs = 120_000;

describe.each(['append', 'replace'] as const)('a Plex that reads tags as %s', (tagMode) => {
  let world: Installed;
  let proxy: PlexProxy;
  beforeEach(async () => {
    world = await installPlugin({ plex: { switches: { tagMode } } });
    proxy = await openPlexProxy(world.plex.port);
    await world.configure({ plexUrl: proxy.url });
  });
  afterEach(async () => {
    await world.close();
    await proxy.close();
  });

  const genresOf = ({ ratingKey }: Pair): readonly string[] =>
    world.plex.library.item(ratingKey)?.genres.toSorted() ?? [];

  it('loses no tag of a person’s, the worker killed at every step of learning that', async () => {
    const { store } = world.stash;
    const ids = new Map<string, number>();
    const tagIdOf = (name: string): number => {
      const id = ids.get(name) ?? store.addTag({ name });
      ids.set(name, id);
      return id;
    };
    const pairs = world.addPairs(scenes);
    const own = pairs.map((_, at) => tagIdOf(`Own ${at}`));
    const save = async (more: readonly number[]): Promise<void> => {
      hold();
      for (const [at, { sceneId }] of pairs.entries()) {
        const tags = [...own.slice(at, at + 1), ...more].map(String);
        await world.save(sceneId, { title: `Title ${at}`, tag_ids: tags });
      }
      wake();
    };
    const arrived = async (...more: readonly string[]): Promise<void> => {
      await until(
        'every item is right',
        () =>
          pairs.every((pair, at) => {
            const wanted = [`Own ${at}`, ...more, ...(isPersons(at) ? ['Mine'] : [])];
            return genresOf(pair).join() === wanted.toSorted().join();
          }),
        patienceMs,
      );
      await until(
        'nothing waits',
        () => {
          const { spooled, pending, inFlight } = world.status().queue;
          return spooled + pending + inFlight === 0;
        },
        patienceMs,
      );
    };
    await save([]);
    await firstArrived(pairs);
    for (const [at, pair] of pairs.entries()) {
      if (!isPersons(at)) continue;
      world.plex.library.setByPerson(pair.ratingKey, { genres: [...genresOf(pair), 'Mine'] });
    }

    // Tags that only ever come: so the write that tells leaves out some that the item is to keep.
    const added: string[] = [];
    let step = 0;
    for (let wasKilled = true; wasKilled; ) {
      step += 1;
      expect(step).toBeLessThan(mostSteps);
      await letGo();
      forget();
      wasKilled = false;
      let passed = 0;
      proxy.at = ({ target }) => {
        // What comes before the first item is read has nothing to do with tags.
        if (passed === 0 && !target.startsWith('/library/metadata/')) return 'pass';
        passed += 1;
        if (passed !== step) return 'pass';
        for (const pid of world.workers()) killQuietly(pid);
        wasKilled = true;
        return 'cut';
      };
      const name = `New ${step}`;
      added.push(name);
      await save(added.map(tagIdOf));
      await arrived(...added);
      // With what a killed worker left to be written there may be nothing to gain by knowing.
      const known = learnt();
      if (wasKilled) expect([{}, { genre: tagMode }], `step ${step}`).toContainEqual(known);
      else expect(known).toEqual({ genre: tagMode });
      expectNothingOfAPersonsWasEverGone(pairs);
    }
    expect(step).toBeGreaterThan(fewestSteps[tagMode]);
    expect(world.status().deadLetters.count).toBe(0);
  }, 600_000);

  async function firstArrived(pairs: readonly Pair[]): Promise<void> {
    await until(
      'the first push is there',
      () => pairs.every((pair, at) => genresOf(pair).join() === `Own ${at}`),
      patienceMs,
    );
  }

  function expectNothingOfAPersonsWasEverGone(pairs: readonly Pair[]): void {
    for (const { ratingKey } of pairs) {
      for (const { before, after } of world.plex.history(ratingKey)) {
        if (before.genres.includes('Mine')) expect(after.genres).toContain('Mine');
      }
    }
  }

  /** From now on hooks start nobody: this process stands for the supervisor. */
  function hold(): void {
    mkdirSync(join(world.data, 'spool'), { recursive: true, mode: 0o700 });
    claimForParent(join(world.data, 'supervisor'), process.pid);
  }

  function wake(): void {
    rmSync(join(world.data, 'supervisor'), { force: true });
    // A burst that is over: all of it is due, and becomes one batch.
    const over = Date.now() / 1000 - 10;
    const spool = join(world.data, 'spool');
    for (const name of readdirSync(spool)) utimesSync(join(spool, name), over, over);
    const launcher = join(world.pluginFolder, 'launch.sh');
    const env = { ...process.env, ...environment };
    expect(spawnSync('sh', [launcher, 'wake', world.data], { env, stdio: 'ignore' }).status).toBe(
      0,
    );
  }

  /** Nothing waits: so nothing is lost by it. */
  async function letGo(): Promise<void> {
    await until('nobody is at work', () => {
      const left = [...world.supervisors(), ...world.workers()];
      for (const pid of left) killQuietly(pid);
      return left.length === 0;
    });
  }

  function withStore<T>(use: (db: ReturnType<typeof openStore>['db']) => T): T {
    const { db } = openStore(join(world.data, 'plex-sync.db'), Date.now());
    try {
      return use(db);
    } finally {
      db.close();
    }
  }

  function forget(): void {
    withStore((db) => state.clearState(db, state.tagModes));
  }

  function learnt(): unknown {
    return withStore((db) => state.readState(db, state.tagModes)?.modes ?? {});
  }
});

/** A person has a tag of their own there. */
function isPersons(at: number): boolean {
  return at % 3 === 0;
}
