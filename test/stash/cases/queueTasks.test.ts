// The tasks that change the queue, in the task list of a real Stash.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../../src/store/file/open.ts';
import { run } from '../../../src/store/file/sql.ts';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

describe('the tasks of the queue in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
  });
  afterAll(async () => {
    await world?.close();
  });

  const runTask = async (name: string): Promise<void> => {
    await world.face.job(
      `mutation { runPluginTask(plugin_id: "plex-sync", task_name: ${JSON.stringify(name)}) }`,
    );
  };
  const told = async (line: RegExp): Promise<void> => {
    await until(`the log says ${line}`, () =>
      world.stash
        .logText()
        .split('\n')
        .some((one) => one.includes('[Plugin / PlexSync]') && line.test(one)),
    );
  };
  const buried = (pair: Pair): void => {
    const { db } = openStore(join(world.data, 'plex-sync.db'), Date.now());
    run(
      db,
      `INSERT INTO dead_letter (key, entity, entity_id, error_code, message, attempts,
         first_error_at, last_error_at, correlation)
       VALUES (?, 'scene', ?, 'plex-server-error', 'why', 6, 1, 1, 'c')`,
      `scene:${pair.sceneId}`,
      Number(pair.sceneId),
    );
    db.close();
  };
  const locksOf = (pair: Pair): readonly string[] => [...(world.item(pair).locked ?? [])];

  test('"Clear queue" asks at its first run and clears at its second, but for what came in between [1.2 QUEUE-02] [1.2 QUEUE-04]', async () => {
    await world.edit(world.pair(0), { title: 'Mirrored' });
    await until('it arrived', () => world.item(world.pair(0)).title === 'Mirrored');
    await world.settled();
    await world.plex.goAway();
    await world.edit(world.pair(1), { title: 'Cleared' });
    await until('the outage is seen', async () => {
      return (await world.status()).plex.circuit === 'open';
    });
    await world.edit(world.pair(2), { title: 'Cleared' });
    await runTask('Clear queue');
    await told(/2 changes would be removed from the queue.*run the task again within five minutes/);
    expect((await world.status()).queue).toMatchObject({ pending: 2, spooled: 0 });

    await world.edit(world.pair(3), { title: 'Kept' });
    await runTask('Clear queue');
    await told(/Removed 2 changes from the queue\./);
    expect((await world.status()).queue).toMatchObject({ pending: 1, spooled: 0 });
  });

  test('"Retry dead letters" and "Purge dead letters" say how many, and do it [1.2 QUEUE-03] [1.0 RTRY-03]', async () => {
    buried(world.pair(1));
    await runTask('Retry dead letters');
    await told(/1 change is tried again at once\./);
    expect(await world.status()).toMatchObject({
      deadLetters: { count: 0 },
      queue: { pending: 2 },
    });
    buried(world.pair(2));
    await runTask('Purge dead letters');
    await told(/1 dead letter would be removed\. Nothing was changed/);
    expect((await world.status()).deadLetters.count).toBe(1);
    await runTask('Purge dead letters');
    await told(/Removed 1 dead letter\./);
    expect((await world.status()).deadLetters.count).toBe(0);
    await world.plex.comeBack();
    await until('both arrived', () => {
      return (
        world.item(world.pair(1)).title === 'Cleared' && world.item(world.pair(3)).title === 'Kept'
      );
    });
    expect(world.item(world.pair(2)).title).not.toBe('Cleared');
  });

  test('"Release PlexSync\'s locks" unlocks what PlexSync locked, leaves the values, and pauses [1.2 QUEUE-05]', async () => {
    await world.settled();
    expect(locksOf(world.pair(0))).toContain('title');
    await runTask("Release PlexSync's locks");
    await told(
      /would be released, in up to \d+ items?, and PlexSync be paused\. Nothing was changed/,
    );
    expect((await world.status()).paused).toBeNull();
    await runTask("Release PlexSync's locks");
    await until('they are released', async () => {
      return typeof (await world.status()).release?.doneAt === 'number';
    });
    const { release, sentence } = await world.status();
    expect(release).toMatchObject({ failed: 0 });
    expect(sentence).toMatch(/^PlexSync has been paused for .* of its locks are released\./);
    expect(locksOf(world.pair(0))).toEqual([]);
    expect(world.item(world.pair(0)).title).toBe('Mirrored');
    await world.operation({ name: 'resume' });
    await world.edit(world.pair(0), { title: 'Goes on' });
    await until('it arrived', () => world.item(world.pair(0)).title === 'Goes on');
    expect(locksOf(world.pair(0))).toContain('title');
  });

  test('the log of Stash holds no complaint about PlexSync', () => {
    expect(world.complaints()).toEqual([]);
  });
});
