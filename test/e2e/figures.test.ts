// Average times, and who is at work, with the built plugin and real processes that are killed.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { type Installed, installPlugin, killQuietly } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';

let world: Installed;
beforeEach(async () => {
  world = await installPlugin();
  await world.configure();
});
afterEach(async () => {
  await world.close();
});

const nothingWaits = (): boolean => {
  const { spooled, pending, inFlight } = world.status().queue;
  return spooled + pending + inFlight === 0;
};

describe('the status, when the worker is killed', () => {
  it('[1.2 TIME-01] has the same averages before and after SIGKILL, and the next worker goes on from them', async () => {
    const pairs = world.addPairs(60);
    for (const { sceneId } of pairs.slice(0, 20))
      await world.save(sceneId, { title: `A ${sceneId}` });
    await until('the first ones are pushed', nothingWaits);
    world.plex.switches.writeServiceMs = 100;
    for (const { sceneId } of pairs) await world.save(sceneId, { title: `B ${sceneId}` });
    await until('it is at work', () => world.status().queue.inFlight > 0);
    const [worker = 0] = world.workers();
    expect(world.status().worker).toMatchObject({ kind: 'worker', pid: worker });
    // Nothing may move between the two looks.
    for (const pid of world.supervisors()) killProcess(pid, 'SIGSTOP');
    killProcess(worker, 'SIGSTOP');
    const { averages } = world.status();
    expect(averages.push.measured).toBeGreaterThanOrEqual(20);
    for (const pid of [...world.supervisors(), worker]) killQuietly(pid);
    await until('all are dead', () => world.workers().length + world.supervisors().length === 0);
    // A process on its way out has no command line any more, and is still there for a moment.
    await until('that is known', () => !world.status().workerAlive);
    const dead = world.status();
    expect(dead.averages).toEqual(averages);
    expect(dead.worker).toBeNull();

    world.plex.switches.writeServiceMs = 0;
    const [first] = pairs;
    await world.save(first?.sceneId ?? 0, { title: 'C' });
    await until('all is pushed', nothingWaits);
    const { averages: later, worker: next } = world.status();
    expect(later.push.measured).toBeGreaterThan(averages.push.measured);
    expect(next?.pid).toBe(world.workers()[0]);
    expect(next?.pid).not.toBe(worker);
  });
});
