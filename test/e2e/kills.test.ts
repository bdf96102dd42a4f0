// Whatever dies, and whenever: what a hook acknowledged arrives, with nobody touching anything.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Installed, installPlugin, killQuietly } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';

describe('[1.0 QUEUE-01] a worker that is killed', () => {
  let world: Installed;
  beforeEach(async () => {
    world = await installPlugin();
    await world.configure();
  });
  afterEach(async () => {
    await world.close();
  });

  it('at 50 random instants loses nothing, and repeats no more writes than it was killed', async () => {
    const pairs = world.addPairs(40);
    world.plex.switches.writeServiceMs = 2;
    const revisions = new Map(pairs.map(({ sceneId }) => [sceneId, 0]));
    const titles = new Map<number, string>();
    let kills = 0;
    const killer = (async () => {
      while (kills < 50) {
        await delay(20 + Math.random() * 130);
        for (const pid of world.workers()) {
          killQuietly(pid);
          kills += 1;
        }
      }
    })();
    let edit = 0;
    const editor = (async () => {
      while (kills < 50) {
        const pair = pairs[Math.floor(Math.random() * pairs.length)];
        if (pair === undefined) continue;
        edit += 1;
        titles.set(pair.sceneId, `Edit ${edit}`);
        await world.save(pair.sceneId, { title: `Edit ${edit}` });
        revisions.set(pair.sceneId, (revisions.get(pair.sceneId) ?? 0) + 1);
        await delay(Math.random() * 20);
      }
    })();
    await Promise.all([killer, editor]);
    await until(
      'the last title of every scene is in Plex',
      () =>
        pairs.every(({ sceneId, ratingKey }) => {
          const title = titles.get(sceneId);
          return title === undefined || world.plex.library.item(ratingKey)?.title === title;
        }),
      60_000,
    );
    for (const { sceneId, ratingKey } of pairs) {
      const writes = world.plex.history(ratingKey).length;
      expect(writes).toBeLessThanOrEqual((revisions.get(sceneId) ?? 0) + kills);
    }
    expect(world.status().deadLetters.count).toBe(0);
  }, 120_000);

  it('after the last save of the day is back by itself, and all 30 saves arrive', async () => {
    const pairs = world.addPairs(30);
    world.plex.switches.writeServiceMs = 50;
    for (const { sceneId } of pairs) await world.save(sceneId, { title: 'Saved' });
    await until('the worker lives', () => world.workers().length > 0);
    for (const pid of world.workers()) killQuietly(pid);
    await until('all are there', () =>
      pairs.every(({ ratingKey }) => world.plex.library.item(ratingKey)?.title === 'Saved'),
    );
  });

  it('together with its supervisor is started again by the next save, and nothing is lost', async () => {
    const pairs = world.addPairs(20);
    await world.plex.goAway();
    for (const { sceneId } of pairs.slice(1)) await world.save(sceneId, { title: 'Saved' });
    await until('the worker lives', () => world.workers().length > 0);
    for (const pid of [...world.supervisors(), ...world.workers()]) killQuietly(pid);
    await until('both are gone', () => world.workers().length + world.supervisors().length === 0);
    await world.plex.comeBack();
    const [first] = pairs;
    if (first === undefined) throw new Error('no pair');
    await world.save(first.sceneId, { title: 'Saved' });
    await until('all are there', () =>
      pairs.every(({ ratingKey }) => world.plex.library.item(ratingKey)?.title === 'Saved'),
    );
  });
});
