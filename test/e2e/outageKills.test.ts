// A worker that is killed in each state of the circuit: the next one goes on from where it was.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/file/open.ts';
import { outages } from '../../src/store/queue/outage.ts';
import { circuit, readState } from '../../src/store/file/state.ts';
import { type Installed, installPlugin, killQuietly } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import { brokenMoves, movesOf } from '../sync/passing.ts';

let world: Installed;
const settings = { recoveryStrategy: 'aggressive', plexWriteTimeout: 120 };
beforeEach(async () => {
  world = await installPlugin();
  await world.configure(settings);
});
afterEach(async () => {
  await world.close();
});

function withStore<T>(read: (db: ReturnType<typeof openStore>['db']) => T): T {
  const { db } = openStore(join(world.data, 'plex-sync.db'), Date.now());
  try {
    return read(db);
  } finally {
    db.close();
  }
}
const known = () => withStore((db) => readState(db, circuit));

/** Kills the worker and waits for the one that its supervisor starts. @returns the circuit between */
async function killWorker(): Promise<ReturnType<typeof known>> {
  const before = world.workers();
  const begun = world.logText().split('The worker begins').length;
  for (const pid of before) killQuietly(pid);
  const left = known();
  await until('another worker has begun', () => {
    const now = world.workers();
    return now.some((pid) => !before.includes(pid));
  });
  await until('it says so', () => world.logText().split('The worker begins').length === begun + 1);
  return left;
}

describe('[1.0 QUEUE-01] [1.5 STAT-01] [1.5 STAT-02] a worker that is killed', () => {
  it('in doubt, in an outage, in the trial and while the token is refused leaves an outage that goes on, and all arrives', async () => {
    const pairs = world.addPairs(10);
    const save = async (title: string): Promise<void> => {
      for (const { sceneId } of pairs) await world.save(sceneId, { title: `${title} ${sceneId}` });
    };
    const arrived = (title: string): boolean =>
      pairs.every(
        ({ sceneId, ratingKey }) =>
          world.plex.library.item(ratingKey)?.title === `${title} ${sceneId}`,
      );
    await save('One');
    await until('all are there', () => arrived('One'));

    await world.plex.goAway();
    await save('Two');
    await until('it is in doubt', () => {
      const now = known();
      return now?.kind === 'closed' && now.doubt !== undefined;
    });
    const doubt = await killWorker();
    await until('it is an outage', () => known()?.kind === 'open');
    const open = known();
    if (open?.kind !== 'open') throw new Error('another state');
    // The next worker counted on: it is the same row of failures. (A busy machine may have been late.)
    if (doubt?.kind === 'closed') expect(open.since).toBe(doubt.doubt?.since);

    const between = await killWorker();
    if (between?.kind !== 'open') throw new Error('another state');
    const probesBefore = withStore((db) => outages(db)[0]?.probes ?? 0);
    await until(
      'it is probed',
      () => withStore((db) => outages(db)[0]?.probes ?? 0) > probesBefore,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(between.probeAt);

    world.plex.switches.hang = { on: 'writes' };
    const { writes } = world.plex.counts();
    await world.plex.comeBack();
    await until('a trial is under way', () => world.plex.counts().writes > writes);
    expect(known()?.kind).toBe('half-open');
    world.plex.switches.hang = false;
    world.plex.switches.unauthorized = { on: 'writes' };
    expect((await killWorker())?.kind).toBe('half-open');
    await until('the token is refused', () => known()?.kind === 'refused');

    expect((await killWorker())?.kind).toBe('refused');
    expect(JSON.parse(readFileSync(join(world.data, 'outage.json'), 'utf8'))).toMatchObject({
      circuit: 'refused',
    });
    world.plex.switches.unauthorized = false;
    // Other settings are a reason to try the token at once.
    await world.configure({ ...settings, plexReadTimeout: 29 });
    await until('all are there', () => arrived('Two'));
    await until('nothing waits', () => world.status().queue.pending === 0);
    expect(world.status()).toMatchObject({
      plex: { circuit: 'closed' },
      deadLetters: { count: 0 },
    });
    const moves = movesOf(world.logText());
    expect(brokenMoves(moves)).toEqual([]);
    expect(moves.map(({ to }) => to)).toEqual(['open', 'half-open', 'refused', 'closed']);
    const kinds = withStore((db) => outages(db).map(({ kind }) => kind));
    expect(kinds).toEqual(['token', 'away']);
  }, 120_000);
});
