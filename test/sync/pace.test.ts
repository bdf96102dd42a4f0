// The worker's pace on a real HTTP server: what is counted is what arrived there.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../helpers/wait.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.configure();
});
afterEach(async () => {
  await world.close();
});

/** Each with a value of its own: nothing that could be written together. */
function editEach(pairs: readonly Pair[], word: string): void {
  for (const { sceneId } of pairs) world.edit(sceneId, { title: `${word} ${sceneId}` });
}

function edited(pairs: readonly Pair[], word: string): number {
  return pairs.filter(
    ({ sceneId, ratingKey }) => world.plex.library.item(ratingKey)?.title === `${word} ${sceneId}`,
  ).length;
}

function writesAt(): readonly number[] {
  return world.plex.accessLog.filter(({ method }) => method !== 'GET').map(({ at }) => at);
}

describe('[1.0 ADV-03] a ceiling on requests', () => {
  it('is never passed at Plex in any second, also across restarts of the worker and new settings', async () => {
    const pairs = world.addPairs(60);
    await world.configure({ plexRequestsPerSecond: 20 });
    const first = world.startWorker();
    editEach(pairs, 'Slowly');
    await until('half is there', () => edited(pairs, 'Slowly') >= 10);
    await until('the status tells', () => world.status().pace.why === 'ceiling');
    expect(world.status().pace.ceilingPerSecond).toBe(20);
    await first.stop();
    const second = world.startWorker();
    await until('all are there', () => edited(pairs, 'Slowly') === 60);
    const writes = writesAt();
    const mostInASecond = Math.max(
      ...writes.map((from) => writes.filter((at) => at >= from && at < from + 1_000).length),
    );
    expect(mostInASecond).toBeLessThanOrEqual(20);
    expect(world.status().deadLetters.count).toBe(0);

    await second.stop();
    await world.configure();
    world.startWorker();
    editEach(pairs, 'Freely');
    await until('all are there', () => edited(pairs, 'Freely') === 60);
    expect(world.status().pace.ceilingPerSecond).toBeNull();
    expect(world.status().pace.why).not.toBe('ceiling');
  });
});

describe('[1.0 ADV-02] a Plex that becomes slow', () => {
  it('gets rests, which the status tells and a new worker keeps to, and none once it is quick again', async () => {
    const pairs = world.addPairs(40);
    world.plex.switches.writeServiceMs = 5;
    const first = world.startWorker();
    editEach(pairs, 'Quick');
    await until('all are there', () => edited(pairs, 'Quick') === 40);
    const usualMs = world.status().pace.usualMs ?? 0;

    world.plex.switches.writeServiceMs = Math.max(600, 8 * usualMs);
    editEach(pairs, 'Slow');
    await until('it is seen', () => world.status().pace.why === 'slow', 60_000);
    const { writesPerSecond, latencyMs } = world.status().pace;
    expect(writesPerSecond).toBeLessThan(1000 / (latencyMs ?? 0));
    const told = String(await lines());
    expect(told).toContain('Plex is slower than usual');
    world.plex.switches.writeServiceMs = 5;
    await first.stop();
    expect(['slow', 'full']).toContain(world.status().pace.why);
    expect(world.status().pace.usualMs).toBeLessThan(600);

    world.startWorker();
    await until('all are there', () => edited(pairs, 'Slow') === 40, 60_000);
    editEach(pairs, 'Quick again');
    await until('all are there', () => edited(pairs, 'Quick again') === 40, 60_000);
    await until('it is at full pace', () => world.status().pace.why === 'full');
  }, 180_000);

  it('gets rests as well while it fails now and then, and all arrives', async () => {
    const pairs = world.addPairs(30);
    world.plex.switches.writeServiceMs = 5;
    world.startWorker();
    editEach(pairs, 'Before');
    await until('all are there', () => edited(pairs, 'Before') === 30);
    const bad = pairs[3];
    if (bad === undefined) throw new Error('no pair');
    world.plex.switches.poison.set(bad.ratingKey, 'status-500');
    world.edit(bad.sceneId, { title: `During ${bad.sceneId}` });
    await until('it is seen', () => world.status().pace.why === 'errors');
    expect(world.status().pace.writesPerSecond).toBeLessThan(
      1000 / (world.status().pace.latencyMs ?? 0),
    );
    world.plex.switches.poison.clear();
    editEach(pairs, 'During');
    await until('all are there', () => edited(pairs, 'During') === 30, 60_000);
    expect(world.status().pace.why).toBe('full');
  }, 120_000);
});

async function lines(): Promise<readonly string[]> {
  const { statusLines } = await import('../../src/tasks/statusLines.ts');
  return statusLines(world.status());
}
