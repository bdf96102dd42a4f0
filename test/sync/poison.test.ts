// Poisoned items: an item's failure stops nobody else, and ends in the dead letters.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetters } from '../../src/store/queue/deadLetter.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1 });
});
afterEach(async () => {
  await world.close();
});

describe.each([
  ['answers 500', 'status-500', 'plex-server-error', 6],
  ['answers 404 although it has the item', 'status-404', 'plex-not-found', 4],
  ['never answers', 'hang', 'plex-header-timeout', 5],
  ['drops the connection', 'drop', 'plex-reset', 6],
] as const)(
  '[1.0 RTRY-02] [1.0 ADV-02] an item on whose writes Plex %s',
  (_, poison, code, most) => {
    it.each([1, 8])(
      'holds nobody up: %i of 100, the first ones',
      async (count) => {
        const pairs = world.addPairs(100);
        const bad = pairs.slice(0, count);
        for (const { ratingKey } of bad) world.plex.switches.poison.set(ratingKey, poison);
        world.editAll(pairs, 'Edited');
        // Backoff, probes and limits of time alike pass a hundred times as fast for the worker.
        world.startWorker(fastClock(100));
        const good = pairs.slice(count);
        await until(
          'the good ones are there',
          () => world.titled(good, 'Edited') === good.length,
          60_000,
        );
        await until(
          'the bad ones are dead letters',
          () => world.status().deadLetters.count === count,
          120_000,
        );
        expect(world.status().deadLetters.byCause).toEqual({ [code]: count });
        const letters = world.withStore((db) => deadLetters(db, 100));
        expect(letters.map((letter) => letter.attempts)).toEqual(Array(count).fill(most));
        expect(world.status().queue).toMatchObject({ pending: 0, inFlight: 0 });
        // Others went through beside them, so none of it was the server's: the drain never stopped.
        expect(world.logText()).not.toContain('"event":"circuit"');
      },
      180_000,
    );
  },
);
