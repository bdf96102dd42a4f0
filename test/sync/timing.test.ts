// Average times and time left as batches make them: real servers and real batches on a clock that
// goes on by what each call to Plex is to take.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import type { Database } from '../../src/store/file/database.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { type Batches, openBatches } from './batches.ts';

let world: World;
let batches: Batches;
beforeEach(async () => {
  world = await openWorld();
  batches = await openBatches(world);
});
afterEach(async () => {
  await batches.close();
  await world.close();
});

const statusOf = (db: Database) =>
  readStatus(db, makeDataDirectory(world.data), '0.0.0-test', batches.nowMs);

/** Pushes everything; between two batches `look` is called with how many rows are left. */
async function drain(look: (left: number) => void = () => {}): Promise<void> {
  const life = await batches.life();
  while (true) {
    const { pending, inFlight } = statusOf(life.db).queue;
    look(pending + inFlight);
    if (pending + inFlight === 0) return;
    await life.push();
  }
}

describe('[1.2 TIME-02] the time left of 2,000 jobs whose service time doubles half-way', () => {
  it('holds the true end at 10, 50 and 90 % in two of three at least, and is by the default before', async () => {
    const jobs = 2_000;
    const pairs = world.addPairs(jobs);
    let writes = 0;
    batches.atCall = ({ what, when }) => {
      if (when === 'before') return;
      if (what === 'edit') writes += 1;
      const writeMs = writes > jobs / 2 ? 60 : 30;
      batches.nowMs += what === 'edit' ? writeMs : 10;
    };
    batches.edit(pairs, ({ sceneId }) => ({ title: `Title ${sceneId}` }));
    const { db } = await batches.life();
    expect(statusOf(db)).toMatchObject({
      averages: { push: { ms: 200, measured: 0 } },
      estimate: { scenes: jobs, measured: false },
    });
    const looks: { at: number; leastMs: number; mostMs: number }[] = [];
    await drain((left) => {
      if (![200, 1_000, 1_800].includes(jobs - left)) return;
      looks.push({ at: batches.nowMs, ...statusOf(db).estimate });
    });
    const held = looks.filter(({ at, leastMs, mostMs }) => {
      const left = batches.nowMs - at;
      return leastMs <= left && left <= mostMs;
    });
    expect(looks).toHaveLength(3);
    expect(held.length).toBeGreaterThanOrEqual(2);
    const { averages, estimate, rates } = statusOf(db);
    expect(averages.push.measured).toBe(jobs);
    expect(averages.push.ms).toBeGreaterThan(55);
    expect(averages.push.ms).toBeLessThan(75);
    expect(estimate).toMatchObject({ scenes: 0, leastMs: 0, mostMs: 0, measured: true });
    expect(rates.hour).toMatchObject({ pushed: jobs, failed: 0, successShare: 1 });
  }, 240_000);
});

describe('[1.2 TIME-01] the averages', () => {
  it('know a scene that Plex has already from one that is pushed, and stay when a life ends', async () => {
    batches.atCall = ({ what, when }) => {
      if (when === 'after') batches.nowMs += what === 'edit' ? 100 : 50;
    };
    const pairs = world.addPairs(100);
    batches.edit(pairs, ({ sceneId }) => ({ title: `Title ${sceneId}` }));
    await drain();
    batches.edit(pairs, () => ({}));
    await drain();
    const { averages } = statusOf((await batches.life()).db);
    expect(averages.push.measured).toBe(100);
    expect(averages.unchanged.measured).toBe(100);
    expect(averages.unchanged.ms).toBeLessThan(5);
    expect(averages.push.ms).toBeGreaterThan(100);

    batches.atCall = () => 'kill';
    batches.edit(pairs, ({ sceneId }) => ({ title: `Other ${sceneId}` }));
    expect(await (await batches.life()).push()).toBe('killed');
    batches.atCall = () => {};
    expect(statusOf((await batches.life()).db).averages).toEqual(averages);
  });
});

describe('[1.0 OBS-02] the success rate', () => {
  it('is 90 ± 1 % where a tenth of the writes fails by the items’ own fault', async () => {
    const pairs = world.addPairs(300);
    for (const [at, { ratingKey }] of pairs.entries()) {
      if (at % 10 === 0) world.plex.switches.poison.set(ratingKey, 'status-400');
    }
    batches.edit(pairs, ({ sceneId }) => ({ title: `Title ${sceneId}` }));
    await drain();
    const { rates, deadLetters, totals } = statusOf((await batches.life()).db);
    expect(deadLetters.count).toBe(30);
    for (const rate of [rates.hour, rates.day]) {
      expect(rate).toMatchObject({ pushed: 270, failed: 30, deadLettered: 30 });
      expect(Math.abs((rate.successShare ?? 0) - 0.9)).toBeLessThanOrEqual(0.01);
    }
    expect(rates.hour.scenesPerMinute).toBeCloseTo(270 / 60);

    batches.nowMs += 3_600_000;
    const later = statusOf((await batches.life()).db);
    expect(later.rates.hour).toMatchObject({ pushed: 0, failed: 0, successShare: null });
    expect(later.rates.day.pushed).toBe(270);
    batches.nowMs += 86_400_000;
    expect(statusOf((await batches.life()).db).rates.day.pushed).toBe(0);
    expect(later.totals).toEqual(totals);
  });
});
