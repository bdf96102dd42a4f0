// A day of hourly runs: a worker alone, on a clock of its own, with no event and no page.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastRuns, type Run } from '../../src/store/run/run.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { schedule } from '../../src/store/run/schedule.ts';
import { readState } from '../../src/store/file/state.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import { systemClock } from '../../src/sync/base/clock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

const hour = 3_600_000;
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
});

it('[1.4 AUTO-01] [1.0 OBS-03] hourly runs 24 times in 24 hours and never twice, each on time, and the status names the next', {
  timeout: 150_000,
}, async () => {
  // Each sleep lets nearly five minutes pass, however short it was meant.
  const stepMs = 290_000;
  let nowMs = Date.now();
  const end = { at: Number.POSITIVE_INFINITY };
  const clock = {
    ...systemClock,
    now: () => nowMs,
    sleep: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      if (nowMs < end.at) nowMs += stepMs;
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
    return reconcile.next !== null;
  });
  const chosen = world.withStore((db) => readState(db, schedule));
  const firstAt = (chosen?.since ?? Number.NaN) + hour;
  end.at = firstAt + 23.9 * hour;
  await until('a day is over', () => nowMs >= end.at, 100_000);
  const scheduled = (): readonly Run[] =>
    world.withStore((db) => lastRuns(db, 30)).filter(({ origin }) => origin === 'schedule');
  await until('the last one has ended', () => scheduled()[0]?.state === 'ended');
  expect(scheduled().map(({ begunAt }) => Math.floor((begunAt - firstAt) / hour))).toEqual(
    Array.from({ length: 24 }, (_, number) => 23 - number),
  );
  const late = scheduled().map(({ begunAt }) => (begunAt - firstAt) % hour);
  console.info(`begun at most ${Math.max(...late) / 1000} s late, at looks 290 s apart`);
  expect(Math.max(...late)).toBeLessThan(2 * stepMs);
  // Each begins where the one before it began, with an hour of overlap.
  for (const [at, run] of scheduled().slice(0, -1).entries()) {
    expect(run.scope.since).toBe((scheduled()[at + 1]?.begunAt ?? 0) - hour);
  }
  expect(status().reconcile.next).toEqual({ at: firstAt + 24 * hour, origin: 'schedule' });
  expect(world.withStore((db) => lastRuns(db, 30))).toHaveLength(24);
  await worker.stop();
});
