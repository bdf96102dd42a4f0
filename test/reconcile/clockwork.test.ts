// A day of hourly runs: a worker alone, on a clock of its own, with no event and no page.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastRuns, type Run } from '../../src/store/run.ts';
import { makeDataDirectory } from '../../src/store/dataDirectory.ts';
import { readStatus } from '../../src/sync/status.ts';
import { systemClock } from '../../src/sync/clock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

const minute = 60_000;
const hour = 60 * minute;
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
});

it('[1.4 AUTO-01] [1.0 OBS-03] hourly runs 24 times in 24 hours and never twice, each on time, and the status names the next', async () => {
  // Each sleep lets 102 seconds pass, however short it was meant.
  let nowMs = Date.now();
  const end = { at: Number.POSITIVE_INFINITY };
  const clock = {
    ...systemClock,
    now: () => nowMs,
    sleep: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      if (nowMs < end.at) nowMs += 1.7 * minute;
    },
  };
  await world.configure();
  const pair = world.addPair();
  world.edit(pair.sceneId, { title: 'One' });
  const worker = world.startWorker(clock);
  await until('it is there', () => world.titled([pair], 'One') === 1);
  // From here on nobody touches anything but the settings.
  await world.configure({ reconcileEvery: 'hourly' });
  const status = () =>
    world.withStore((db) => readStatus(db, makeDataDirectory(world.data), '0', nowMs));
  await until('it is noticed', () => {
    const { reconcile } = status();
    if (reconcile.next !== null) end.at = reconcile.next.at + 23.5 * hour;
    return reconcile.next !== null;
  });
  const firstAt = end.at - 23.5 * hour;
  await until('a day is over', () => nowMs >= end.at, 60_000);
  const scheduled = (): readonly Run[] =>
    world.withStore((db) => lastRuns(db, 30)).filter(({ origin }) => origin === 'schedule');
  await until('the last one has ended', () => scheduled()[0]?.state === 'ended');
  expect(scheduled().map(({ begunAt }) => Math.floor((begunAt - firstAt) / hour))).toEqual(
    Array.from({ length: 24 }, (_, number) => 23 - number),
  );
  const late = scheduled().map(({ begunAt }) => (begunAt - firstAt) % hour);
  console.info(`begun at most ${Math.max(...late) / 1000} s late, at looks 102 s apart`);
  expect(Math.max(...late)).toBeLessThan(5 * minute);
  // Each begins where the one before it began, with an hour of overlap.
  for (const [at, run] of scheduled().slice(0, -1).entries()) {
    expect(run.scope.since).toBe((scheduled()[at + 1]?.begunAt ?? 0) - hour);
  }
  expect(status().reconcile.next).toEqual({ at: firstAt + 24 * hour, origin: 'schedule' });
  expect(world.withStore((db) => lastRuns(db, 30))).toHaveLength(24);
  await worker.stop();
});
