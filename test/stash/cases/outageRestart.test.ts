import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { outagesAnswer } from '../../../src/contract/outages.ts';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { backgroundOf, kill } from '../harness/processes.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

describe('an outage of Plex with a restart of Stash in it', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  let edited: readonly Pair[];
  let pair: Pair;
  beforeEach(async () => {
    world = await openRealWorld();
    edited = world.pairs.slice(0, 100);
    pair = world.pair(100);
  });
  afterEach(async () => {
    await world?.close();
  });

  const arrived = (summary: string): number =>
    edited.filter((one) => world.item(one).summary === summary).length;
  /** Plex stops while Stash still goes from scene to scene of the edit. */
  const stopPlexDuring = async (summary: string): Promise<void> => {
    const editing = world.bulkEdit(edited, { details: summary });
    await world.plex.goAway();
    await editing;
  };
  /** When the edits were applied in Plex, in seconds after `from`; the first and the last. */
  const secondsAfter = (from: number): readonly string[] => {
    const times = edited.flatMap(({ ratingKey }) => {
      const last = world.plex.history(ratingKey).at(-1);
      return last === undefined ? [] : [(last.at - from) / 1000];
    });
    return [Math.min(...times), Math.max(...times)].map((seconds) => seconds.toFixed(1));
  };
  const tell = (what: string): void => {
    process.stdout.write(`  ${what}\n`);
  };

  test('Plex is stopped in the middle of a bulk edit of 100, Stash is restarted: the worker outlives it, and all arrive with nobody touching Stash [1.5 RECV-01] [1.5 VISB-03]', async () => {
    await stopPlexDuring('Edited in the outage');
    await until('PlexSync knows of it', async () => {
      const { plex, queue } = await world.status();
      return plex.circuit === 'open' && queue.spooled === 0;
    });
    expect(arrived('Edited in the outage')).toBe(0);
    await world.stash.stop();
    expect(backgroundOf(world.stash.directory)).not.toEqual([]);
    await world.stash.start();
    const backAt = Date.now();
    await world.plex.comeBack();
    // From here on nobody touches Stash.
    await until('all are there', () => arrived('Edited in the outage') === 100, 90_000);
    const [first, last] = secondsAfter(backAt);
    tell(
      `Stash restarted alone: 100 of 100 by themselves, ${first} to ${last} s after Plex was back`,
    );
    const { deadLetters, plex } = await world.settled();
    expect(deadLetters.count).toBe(0);
    expect(plex.circuit).toBe('closed');
    const { outages } = v.parse(outagesAnswer, await world.operation({ name: 'outages' }));
    expect(outages).toMatchObject([{ kind: 'away', code: 'plex-unreachable', jobs: 100 }]);
    expect(world.complaints()).toEqual([]);
  });

  test.each([
    ['a look at the page', async () => void (await world.status())],
    [
      'a task',
      async () =>
        await world.face.job(
          'mutation { runPluginTask(plugin_id: "plex-sync", task_name: "View queue status") }',
        ),
    ],
    ['the next save', async () => await world.edit(pair, { details: 'Another' })],
  ])(
    'the whole container is restarted in it: nothing runs until %s, then all 100 arrive [1.5 RECV-01]',
    async (what, touch) => {
      await stopPlexDuring('Before the restart');
      kill(backgroundOf(world.stash.directory));
      await world.stash.stop();
      await until('nothing of it is left', () => {
        kill(backgroundOf(world.stash.directory));
        return backgroundOf(world.stash.directory).length === 0;
      });
      await world.stash.start();
      await world.plex.comeBack();
      expect(backgroundOf(world.stash.directory)).toEqual([]);
      expect(arrived('Before the restart')).toBe(0);
      const touchedAt = Date.now();
      await touch();
      await until('all are there', () => arrived('Before the restart') === 100, 90_000);
      const [first, last] = secondsAfter(touchedAt);
      tell(`Container restarted: 100 of 100, ${first} to ${last} s after ${what}`);
      expect((await world.settled()).deadLetters.count).toBe(0);
    },
  );
});
