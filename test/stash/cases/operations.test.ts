import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sceneViewAnswer } from '../../../src/contract/sceneView.ts';
import { until } from '../../helpers/wait.ts';
import { backgroundOf, workersOf } from '../harness/processes.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

describe('what a person can ask PlexSync in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
  });
  afterAll(async () => {
    await world?.close();
  });

  test('the status operation answers in the documented form before anything happened [1.2 QUEUE-01]', async () => {
    const status = await world.status();
    expect(status.queue).toMatchObject({ spooled: 0, pending: 0, inFlight: 0, fanOuts: 0 });
    expect(status.lastPushAt).toBeNull();
  });

  test('wrong settings and then a refused token are told by name; an edit waits, and arrives once they are right [1.0 VALID-03] [1.0 RTRY-02]', async () => {
    const pair = world.pair(0);
    await world.configure({ plexUrl: 'plex.local', plexToken: '', plexReadTimeout: -1 });
    await world.edit(pair, { title: 'Typed before the settings' });
    await until('the status tells', async () => (await world.status()).problems.length > 0);
    const wrong = await world.status();
    expect(wrong.problems.map((problem) => problem.setting).sort()).toEqual([
      'plexReadTimeout',
      'plexToken',
      'plexUrl',
    ]);
    expect(wrong.sentence).toContain('Nothing is pushed until');
    expect(wrong.queue.spooled + wrong.queue.pending).toBe(1);

    await world.configure({ plexToken: 'not-the-token' });
    await until('the refusal is told', async () => {
      return (await world.status()).plex.circuit === 'refused';
    });
    expect((await world.status()).sentence).toContain('plexToken');

    await world.configure();
    await until('it arrived', () => world.item(pair).title === 'Typed before the settings');
    const { problems, deadLetters } = await world.settled();
    expect(problems).toEqual([]);
    expect(deadLetters.count).toBe(0);
  });

  test('the task "View queue status" writes the status into the log of Stash [1.2 QUEUE-01]', async () => {
    await world.face.job(
      'mutation { runPluginTask(plugin_id: "plex-sync", task_name: "View queue status") }',
    );
    await until('the line is there', () =>
      /^INFO.*\[Plugin \/ PlexSync\] (In sync\.|Nothing waits[.;])/m.test(world.stash.logText()),
    );
  });

  test('the task "Health check" writes into the log of Stash that nothing is wrong, and what is [1.5 HLTH-01]', async () => {
    const task = 'mutation { runPluginTask(plugin_id: "plex-sync", task_name: "Health check") }';
    await world.face.job(task);
    await until('the line is there', () =>
      /^INFO.*\[Plugin \/ PlexSync\] Nothing is wrong: \d+ things/m.test(world.stash.logText()),
    );
    await world.configure({ plexToken: 'not-the-token' });
    await world.face.job(task);
    await until('the line is there', () =>
      /^INFO.*\[Plugin \/ PlexSync\] token: .*401/m.test(world.stash.logText()),
    );
    await until('the last line is there', () =>
      /^INFO.*\[Plugin \/ PlexSync\] Wrong: token\./m.test(world.stash.logText()),
    );
    await world.configure();
  });

  test('the operation "scene" tells what a push would write and what was written, and writes nothing [1.4 GAP-03]', async () => {
    const pair = world.pair(0);
    await world.edit(pair, { title: 'Seen from both sides' });
    await until('it arrived', () => world.item(pair).title === 'Seen from both sides');
    await world.settled();
    const { writes } = world.plex.counts();
    const view = async (scene: string) =>
      v.parse(sceneViewAnswer, await world.operation({ name: 'scene', scene }));
    const inStep = await view(pair.sceneId);
    expect(inStep.live).toEqual({ stash: null, plex: null });
    expect(inStep.item).toMatchObject({ state: 'has', item: pair.ratingKey, verified: true });
    expect(inStep.fields.filter(({ verdict }) => verdict === 'write')).toEqual([]);
    expect(inStep.history.changes.map(({ after }) => after)).toContain('Seen from both sides');
    world.plex.library.setByPerson(pair.ratingKey, { title: 'A person’s' });
    const kept = (await view(pair.sceneId)).fields.find(({ field }) => field === 'title');
    expect(kept).toMatchObject({ verdict: 'kept', present: 'A person’s' });
    expect((await view('999999')).scene.state).toBe('gone');
    expect(world.plex.counts().writes).toBe(writes);
  });

  test('an unknown operation is answered with an error that names those there are', async () => {
    await expect(world.operation({ name: 'stauts' })).rejects.toThrow(
      /There is no operation "stauts"\. There are: .*status/,
    );
    await expect(world.operation({})).rejects.toThrow('There is no operation null');
  });

  test('the log of Stash holds no complaint about PlexSync but what was provoked', () => {
    const provoked = /There is no operation|Nothing is pushed until this is put right/;
    expect(world.complaints().filter((line) => !provoked.test(line))).toEqual([]);
  });
});

describe('a worker that may leave soon', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld({ env: { PLEXSYNC_LINGER_MS: '300' } });
  });
  afterAll(async () => {
    await world?.close();
  });

  test('is gone when nothing is left to do, and the next save starts another [1.0 QUEUE-03]', async () => {
    for (const title of ['First life', 'Second life']) {
      await world.edit(world.pair(0), { title });
      await until('it arrived', () => world.item(world.pair(0)).title === title);
      await until('its processes are gone', () => {
        return backgroundOf(world.stash.directory).length === 0;
      });
    }
  });
});

describe('PlexSync disabled in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
  });
  afterAll(async () => {
    await world?.close();
  });

  test('has no worker any more, and what waited arrives after it is enabled again [1.0 QUEUE-03]', async () => {
    const pair = world.pair(0);
    await world.configure({ plexUrl: '' });
    await world.edit(pair, { title: 'Waits for the plugin' });
    await until('the status tells', async () => (await world.status()).problems.length > 0);
    expect(workersOf(world.stash.directory)).toHaveLength(1);
    await world.enable(false);
    await until('its processes are gone', () => {
      return backgroundOf(world.stash.directory).length === 0;
    });
    await expect(world.status()).rejects.toThrow(/disabled/);
    await world.enable(true);
    await world.configure();
    await world.status();
    await until('it arrived', () => world.item(pair).title === 'Waits for the plugin');
  });
});
