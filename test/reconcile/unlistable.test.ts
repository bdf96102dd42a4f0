// A run that began by itself and cannot list something of Stash's: what it left out is looked for again,
// and not for ever.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../src/store/run/run.ts';
import { writeState } from '../../src/store/file/state.ts';
import { stashNewest } from '../../src/store/run/stashNewest.ts';
import { type Away, hour, openAway } from './away.ts';

let library: Away;
beforeEach(async () => {
  library = await openAway(20);
});
afterEach(async () => {
  await library.close();
});

const failing = (only: string): void => {
  const fault = { kind: 'graphql-error', message: 'no such column' } as const;
  library.world.stash.faults.set(fault, Number.POSITIVE_INFINITY, only);
};
const started = (): void => {
  library.world.dropEvent('Scene.Update.Post', library.ids[0] ?? 0, '7.70');
};
/** Until so many runs have ended. */
const ended = async (count: number, everyMs = 60_000): Promise<readonly Run[]> => {
  const over = () => library.runs().filter(({ state }) => state !== 'running');
  for (let made = 0; made < 1_000 && over().length < count; made += 1) {
    await library.turns(1, everyMs);
  }
  expect(over().length).toBeGreaterThanOrEqual(count);
  return over();
};

describe('[1.5 RECV-05] performers, studios, tags and groups that cannot be listed after a start', () => {
  it('are passed over, and the next run looks for them', async () => {
    failing('SharedList');
    started();
    const [first] = await ended(1);
    expect(first).toMatchObject({ origin: 'start', state: 'ended', figures: { unread: 1 } });
    expect(library.world.logText()).toContain('tags and groups could not be listed');
    const { missedSince, reconcile } = library.status();
    expect(missedSince?.since).toBeLessThan((first?.begunAt ?? 0) - 22 * hour);
    expect(reconcile.next?.origin).toBe('missed');
    library.world.stash.faults.clear();
    library.rename('performer', 'Ann', 'Anna');
    library.mark();
    const [second] = await ended(2);
    expect(second).toMatchObject({ origin: 'missed', state: 'ended', figures: { unread: 0 } });
    expect(second?.scope.since).toBeLessThanOrEqual(first?.scope.since ?? 0);
    await library.idle();
    expect(library.written()).toHaveLength(2);
    expect(library.status().missedSince).toBeNull();
  }, 30_000);

  it('are looked for no longer than a week', async () => {
    failing('SharedList');
    started();
    await ended(1);
    library.nowMs += 7 * 24 * hour;
    for (let made = 0; made < 400 && library.status().missedSince !== null; made += 1) {
      await library.turns(1, 60_000);
    }
    const { missedSince, reconcile } = library.status();
    expect([missedSince, reconcile.next]).toEqual([null, null]);
    expect(library.runs()[0]).toMatchObject({ origin: 'missed', state: 'ended' });
  }, 30_000);

  it('are looked for by the next run after a longer absence, too: the week counts from the first try', async () => {
    failing('SharedList');
    await library.away(() => {
      library.rename('performer', 'Ann', 'Anna');
      library.nowMs += 9 * 24 * hour;
    });
    const [first] = await ended(1);
    expect(first).toMatchObject({ origin: 'missed', state: 'ended', figures: { unread: 1 } });
    expect(library.status().missedSince?.since).toBeLessThan(library.nowMs - 9 * 24 * hour);
    library.world.stash.faults.clear();
    await ended(2);
    await library.idle();
    expect(library.written()).toHaveLength(2);
    expect(library.status().missedSince).toBeNull();
  }, 30_000);
});

describe('[1.5 RECV-05] scenes that cannot be read after a start', () => {
  it('are compared by the next run', async () => {
    const [, one = 0] = library.ids;
    library.world.stash.store.changeScene(one, { title: 'Saved unheard' }, { touch: true });
    started();
    for (let made = 0; made < 50 && library.runs().length === 0; made += 1) {
      await library.turns(1, 1_000);
    }
    failing('query Scenes(');
    const [first] = await ended(1);
    expect(first).toMatchObject({ origin: 'start', state: 'ended', figures: { unread: 1 } });
    expect(library.written()).toEqual([]);
    expect(library.status().missedSince?.reason).toMatch(/could not be compared/);
    library.world.stash.faults.clear();
    const [second] = await ended(2);
    expect(second).toMatchObject({ origin: 'missed', state: 'ended', figures: { unread: 0 } });
    await library.idle();
    expect(library.written()).toEqual([one]);
    expect(library.status().missedSince).toBeNull();
  }, 30_000);
});

describe('[1.5 RECV-05] a run after an absence that errors end, run after run', () => {
  it('is begun again for a week; then the status says that a full sync is needed, and nothing is repeated', async () => {
    library.db.exec(`CREATE TRIGGER full BEFORE UPDATE OF place ON run
      BEGIN SELECT RAISE(ABORT, 'nobody expected this'); END`);
    await library.away(() => {
      library.nowMs += 9 * 24 * hour;
    });
    const since = () => library.status().missedSince?.since ?? null;
    const [first] = await ended(1);
    expect(first).toMatchObject({ origin: 'missed', state: 'stopped' });
    const missedFrom = since();
    expect(missedFrom).not.toBeNull();
    await ended(2);
    expect(since()).toBe(missedFrom);
    library.nowMs += 7 * 24 * hour;
    await ended(3);
    const { missedSince, fullSyncNeeded, reconcile } = library.status();
    expect([missedSince, reconcile.next]).toEqual([null, null]);
    expect(fullSyncNeeded?.reason).toMatch(/could not be/);
    await library.turns(50, 4 * 60_000);
    expect(library.runs()).toHaveLength(3);
  }, 30_000);
});

describe('[1.5 RECV-05] a run after a start that is ended before its end by errors', () => {
  it('leaves its time to the next one', async () => {
    library.db.exec(`CREATE TRIGGER full BEFORE UPDATE OF place ON run
      BEGIN SELECT RAISE(ABORT, 'nobody expected this'); END`);
    started();
    const [first] = await ended(1);
    expect(first).toMatchObject({ origin: 'start', state: 'stopped' });
    expect(library.status().missedSince?.since).toBe((first?.scope.since ?? 0) + hour);
    expect(library.status().missedSince?.reason).toMatch(/could not be/);
    library.db.exec('DROP TRIGGER full');
    const [second] = await ended(2);
    expect(second).toMatchObject({ origin: 'missed', state: 'ended' });
    expect(second?.scope.since).toBe(first?.scope.since);
    expect(library.status().missedSince).toBeNull();
  }, 30_000);
});

describe('[1.5 RECV-05] a Stash that cannot tell its latest changes', () => {
  it('has what may have been missed compared all the same', async () => {
    const [, one = 0] = library.ids;
    failing('NewestScenes');
    await library.away(() => {
      library.world.stash.store.changeScene(one, { title: 'Unheard' }, { touch: true });
    });
    const [first] = await ended(1);
    expect(first).toMatchObject({ origin: 'missed', state: 'ended' });
    await library.idle();
    expect(library.written()).toEqual([one]);
    expect(library.status().missedSince).toBeNull();
  }, 30_000);

  it('is asked ever more seldom whether it was restored, where a save says so', async () => {
    const [one = 0] = library.ids;
    const seen = { id: one, at: library.nowMs - hour };
    writeState(library.db, stashNewest, { scenes: [seen] });
    failing('NewestScenes');
    library.world.dropEvent('Scene.Update.Post', one);
    await library.turns(300, 60_000);
    const told = library.world.logText().match(/could not be compared with Plex/gu) ?? [];
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThan(20);
    library.world.stash.faults.clear();
    await library.turns(60, 60_000);
    expect(library.world.logText()).toContain('A scene is older in Stash than it was before');
  }, 30_000);
});
