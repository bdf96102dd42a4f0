import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../helpers/wait.ts';
import { backgroundOf, kill, workersOf } from '../harness/processes.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

describe('nothing is lost in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  let edited: readonly Pair[];
  beforeEach(async () => {
    world = await openRealWorld();
    edited = world.pairs.slice(0, 100);
  });
  afterEach(async () => {
    await world?.close();
  });

  const allArrive = async (summary: string): Promise<void> => {
    await until(
      `every item has the summary "${summary}"`,
      () => edited.every((pair) => world.item(pair).summary === summary),
      50_000,
    );
  };
  const outageIsKnown = async (): Promise<void> => {
    await until('PlexSync knows that Plex is away', async () => {
      return (await world.status()).plex.circuit === 'open';
    });
  };

  test('Plex goes down, 100 scenes are edited, Stash is restarted, Plex comes back: all arrive by themselves, and two starts in an hour have one run [1.5 RECV-01] [1.0 QUEUE-01] [1.4 AUTO-02]', {
    timeout: 120_000,
  }, async () => {
    await world.plex.goAway();
    await world.bulkEdit(edited, { details: 'Edited in the outage' });
    await outageIsKnown();
    const during = await world.status();
    expect(during.queue.spooled + during.queue.pending + during.queue.inFlight).toBe(100);
    expect(during.sentence).toContain('Plex has been away');
    await world.stash.stop();
    await world.stash.start();
    await world.plex.comeBack();
    // From here on nobody touches Stash.
    await allArrive('Edited in the outage');
    const { deadLetters, plex } = await world.settled();
    expect(deadLetters.count).toBe(0);
    expect(plex.circuit).toBe('closed');
    let begunAt = 0;
    await until('the run after the start has ended', async () => {
      const { last } = (await world.status()).reconcile;
      begunAt = last?.begunAt ?? 0;
      return last?.origin === 'start';
    });
    await world.stash.stop();
    await world.stash.start();
    const { next, last } = (await world.status()).reconcile;
    expect(last?.begunAt).toBe(begunAt);
    expect(next).toEqual({ at: begunAt + 3_600_000, origin: 'start' });
    expect(world.complaints()).toEqual([]);
  });

  test('the worker is killed right after the last save: all 100 arrive by themselves, with no write too many [1.0 QUEUE-01]', async () => {
    await world.bulkEdit(edited, { details: 'Saved, then killed' });
    await until('a worker lives', () => workersOf(world.stash.directory).length === 1);
    kill(workersOf(world.stash.directory));
    await allArrive('Saved, then killed');
    await world.settled();
    for (const pair of edited) {
      // One revision and one kill
      expect(world.plex.history(pair.ratingKey).length).toBeLessThanOrEqual(2);
    }
  });

  test('the machine goes down in the middle of an outage: all 100 arrive after the first look at the page [1.0 QUEUE-01]', async () => {
    await world.plex.goAway();
    await world.bulkEdit(edited, { details: 'Before the power cut' });
    kill(backgroundOf(world.stash.directory));
    await world.stash.stop();
    await until('nothing of it is left', () => {
      kill(backgroundOf(world.stash.directory));
      return backgroundOf(world.stash.directory).length === 0;
    });
    await world.stash.start();
    await world.plex.comeBack();
    await world.status();
    await allArrive('Before the power cut');
  });
});
