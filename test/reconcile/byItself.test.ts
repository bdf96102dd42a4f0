// By itself: schedules that are saved, starts of Stash, and what was missed while nobody listened.
// Nothing here touches PlexSync but as a person's Stash does.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { lastRuns, type Run, runUnderWay } from '../../src/store/run/run.ts';
import { rows, text } from '../../src/store/file/sql.ts';
import { systemClock } from '../../src/sync/base/clock.ts';
import { openData } from '../../src/sync/dataLoss.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { noteMissed } from '../../src/sync/base/missed.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import type { Status } from '../../src/contract/status.ts';
import { statusLines } from '../../src/tasks/statusLines.ts';
import type { Pair } from '../helpers/world.ts';
import { openTurns, type Turns } from '../sync/turns.ts';

const minute = 60_000;
const hour = 60 * minute;
let turns: Turns;
let pairs: readonly Pair[];
let ids: readonly number[];

/** Scenes in step with Plex. */
beforeEach(async () => {
  turns = await openTurns();
  await configure();
  pairs = turns.world.addPairs(60);
  ids = pairs.map(({ sceneId }) => sceneId);
  for (const id of ids) turns.world.edit(id, { title: `Scene ${id}` });
  await idle();
  expect(runs()).toEqual([]);
});
afterEach(async () => {
  await turns.close();
});

async function configure(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await turns.world.configure({ noCatchUp: false, ...settings });
}
/** Until nothing is left to do now. */
async function idle(): Promise<void> {
  for (let made = 0; made < 200; made += 1) {
    const turn = await turns.turn();
    turns.nowMs += 1_000;
    if (turn.kind === 'disabled') return;
    if (turn.kind === 'idle' && (turn.until === null || turn.until > turns.nowMs)) return;
  }
  throw new Error('it does not come to rest');
}
/** As `idle`, after a time in which the worker would have looked at the settings. */
async function minuteLater(): Promise<void> {
  turns.nowMs += minute;
  await idle();
}
const runs = (): readonly Run[] => lastRuns(turns.db, 30);
const status = (): Status =>
  readStatus(turns.db, makeDataDirectory(turns.world.data), '0.0.0-test', turns.nowMs);
const called = (life: string): void => {
  turns.world.dropEvent('Scene.Update.Post', ids[0] ?? 0, life);
};
/** A change that fires no hook. */
const change = (id: number, title: string): void => {
  turns.world.stash.store.changeScene(id, { title }, { touch: true });
};
const enable = async (enabled: boolean): Promise<void> => {
  await turns.world.stash.graphql(
    'mutation ($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }',
    { map: { 'plex-sync': enabled } },
  );
};
/** Scenes that runs have put into the queue, as the log tells of their pushes. */
const pushed = (after: number): readonly number[] => [
  ...new Set(
    rows(
      turns.db,
      "SELECT DISTINCT scene_id FROM change WHERE id > ? AND run LIKE '%reconcile'",
      after,
    )
      .map((row) => Number(row['scene_id']))
      .toSorted((a, b) => a - b),
  ),
];
const lastChange = (): number =>
  Number(rows(turns.db, 'SELECT coalesce(max(id), 0) AS id FROM change')[0]?.['id']);
const sources = (): readonly string[] =>
  rows(turns.db, 'SELECT DISTINCT source FROM queue').map((row) => text(row, 'source'));

describe('[1.4 AUTO-01] a schedule that is saved', () => {
  it('is noticed by a worker that rests, without any event, and so is its end', async () => {
    await configure({ reconcileEvery: 'daily' });
    await minuteLater();
    const { reconcile } = status();
    expect(reconcile).toMatchObject({ every: 'daily', next: { origin: 'schedule' } });
    const next = new Date(reconcile.next?.at ?? 0);
    expect([next.getHours(), next.getMinutes()]).toEqual([5, 0]);
    expect(statusLines(status()).join('\n')).toContain('The next reconciliation (daily) is due at');
    await configure({ reconcileEvery: 'never' });
    await minuteLater();
    expect(status().reconcile).toMatchObject({ every: 'never', next: null });
  });

  it('that is wrong is told, and no more once it is put right', async () => {
    await configure({ reconcileEvery: 'often' });
    await minuteLater();
    expect(status().problems).toMatchObject([{ setting: 'reconcileEvery' }]);
    await configure();
    await minuteLater();
    expect(status().problems).toEqual([]);
  });

  it('leaves to the next run what one that was ended has not looked at', async () => {
    await configure({ reconcileEvery: 'hourly' });
    await minuteLater();
    const chosenAt = turns.nowMs;
    turns.nowMs += hour;
    await turns.turns(2, 1_000);
    expect(runUnderWay(turns.db)?.origin).toBe('schedule');
    await turns.world.choose('end-reconcile', {});
    turns.nowMs += hour;
    await idle();
    const [second, first] = runs().filter(({ origin }) => origin === 'schedule');
    expect([first?.state, second?.state]).toEqual(['stopped', 'ended']);
    expect(second?.scope.since).toBe(first?.scope.since);
    expect(second?.scope.since).toBeLessThanOrEqual(chosenAt - hour);
  });
});

describe('[1.4 AUTO-02] a start of Stash', () => {
  it('has one run over scenes changed in the last day, which finds what no hook told', async () => {
    const before = lastChange();
    const [tagged = 0] = ids.slice(5);
    change(tagged, 'without a hook');
    called('7.70');
    await idle();
    const [run, ...others] = runs();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ origin: 'start', state: 'ended', limit: 1_000, dry: false });
    const dayBefore = turns.nowMs - 24 * hour;
    expect(Math.abs((run?.scope.since ?? 0) - dayBefore)).toBeLessThan(10 * minute);
    expect(pushed(before)).toEqual([tagged]);
    // Further signs of the same life, and an event of the first one that comes in late.
    called('7.70');
    called('1.1');
    await minuteLater();
    expect(runs()).toHaveLength(1);
  });

  it('has one an hour at most: another start waits for its time, and status names it', async () => {
    called('7.70');
    await idle();
    const [first] = runs();
    called('8.80');
    await minuteLater();
    expect(runs()).toHaveLength(1);
    const { next } = status().reconcile;
    expect(next).toEqual({ at: (first?.begunAt ?? 0) + hour, origin: 'start' });
    turns.nowMs = next?.at ?? 0;
    await idle();
    expect(runs().map(({ origin }) => origin)).toEqual(['start', 'start']);
    turns.nowMs += 30 * minute;
    await idle();
    expect(runs()).toHaveLength(2);
  });

  it('has none where a person does not want it', async () => {
    await turns.world.configure({ noCatchUp: true });
    await minuteLater();
    called('7.70');
    await minuteLater();
    expect(runs()).toEqual([]);
    await configure();
    await minuteLater();
    expect(runs()).toEqual([]);
  });
});

describe('[1.5 RECV-05] PlexSync that was switched off in Stash', () => {
  it('finds the 40 scenes edited meanwhile when it is switched on, and no others, in few requests', async () => {
    const before = lastChange();
    await enable(false);
    await minuteLater();
    const off = status();
    expect(off.missedSince?.reason).toMatch(/switched off/);
    expect(off.sentence).toMatch(/Saves of the last .* may have been missed .*by themselves/);
    const edited = ids.slice(3, 43);
    for (const id of edited) change(id, `Edited ${id}`);
    await enable(true);
    turns.nowMs += 10 * minute;
    const { stash, plex } = turns.world;
    /** But for 40 edits and 40 covers. */
    const reads = (): number =>
      stash.accessLog.filter(({ target }) => target === '/graphql').length +
      plex.accessLog.filter(({ method }) => method === 'GET').length;
    const readsBefore = reads();
    await turns.restart();
    await idle();
    const [run, ...others] = runs();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ origin: 'missed', state: 'ended' });
    expect(run?.figures.queued).toEqual({ 'stale:title': 40 });
    // All of them were saved in the last minutes, before the proof and its overlap as well. Two requests
    // are for the numbers of all scenes, and of all performers, studios, tags and groups.
    expect(run?.figures).toMatchObject({ scenes: 60, stashRequests: 5, plexRequests: 2 });
    expect(pushed(before)).toEqual(edited);
    console.info(`40 edits missed: ${reads() - readsBefore} reads`);
    expect(reads() - readsBefore).toBeLessThan(40);
    const now = status();
    expect(now.missedSince).toBeNull();
    expect(now.sentence).toMatch(/^In sync\./);
  });
});

describe('[1.5 RECV-05] a time in which PlexSync was not at work', () => {
  it('is looked into after an hour, and not for each new worker', async () => {
    await minuteLater();
    turns.nowMs += 40 * minute;
    await turns.restart();
    await idle();
    expect(runs()).toEqual([]);
    const [missed = 0] = ids;
    const before = lastChange();
    change(missed, 'missed');
    turns.nowMs += 30 * minute;
    await turns.restart();
    await idle();
    expect(runs()).toMatchObject([{ origin: 'missed', state: 'ended' }]);
    expect(pushed(before)).toEqual([missed]);
    expect(status().missedSince).toBeNull();
    turns.nowMs += 30 * minute;
    await turns.restart();
    await minuteLater();
    expect(runs()).toHaveLength(1);
  });

  it('has no run while a worker lives and looks', async () => {
    for (let made = 0; made < 180; made += 1) await minuteLater();
    expect(runs()).toEqual([]);
  });
});

describe('[1.5 RECV-05] a Stash that was restored to an earlier time', () => {
  it('has the scenes compared that were pushed since, and no others', async () => {
    const { stash } = turns.world;
    const yesterday = '2026-01-01T10:00:00Z';
    /** As they were then; the last is of that time. */
    const restore = (some: readonly number[], title: string): void => {
      for (const id of some) {
        const scene = stash.store.scene(id);
        if (scene === undefined) throw new RangeError(`no scene ${id}`);
        const { files } = scene;
        stash.store.removeScene(id);
        stash.store.addScene({
          id,
          title: `${title} ${id}`,
          files: [...files],
          updatedAt: yesterday,
        });
      }
    };
    // All were pushed long before that time but for the last 15.
    turns.db.exec(`UPDATE scene_state SET pushed_at = ${Date.parse(yesterday) - 30 * 24 * hour};
      UPDATE change SET at = ${Date.parse(yesterday) - 30 * 24 * hour}`);
    const later = ids.slice(45);
    for (const id of later) turns.world.edit(id, { title: `Later ${id}` });
    await idle();
    const before = lastChange();
    restore(ids, 'Scene');
    called('7.70');
    await idle();
    const [run] = runs();
    expect(run?.scope.pushedSince).toBeLessThan(Date.parse(yesterday));
    expect(run?.figures).toMatchObject({ scenes: 15, queued: { 'stale:title': 15 } });
    expect(pushed(before)).toEqual(later);
    // Known by now: the next start finds nothing odd.
    turns.nowMs += 2 * hour;
    called('8.80');
    await idle();
    expect(runs()[0]?.scope).not.toHaveProperty('pushedSince');
  });
});

describe('[1.5 RECV-05] a data file that is gone', () => {
  it('has lately edited scenes compared unasked, and a comparison of all ends the need for one', async () => {
    const directory = makeDataDirectory(join(turns.world.data, 'other'));
    const log = openLog(directory.log, systemClock);
    openData(directory, log, Date.now()).close();
    // Of a new one nothing is lost.
    const read = (): Status => {
      const db = openData(directory, log, Date.now());
      try {
        return readStatus(db, directory, '0.0.0-test', Date.now());
      } finally {
        db.close();
      }
    };
    expect(read()).toMatchObject({ fullSyncNeeded: null, missedSince: null });
    log.write('info', 'worker', 'The worker begins');
    for (const ending of ['', '-wal', '-shm']) {
      rmSync(`${directory.database}${ending}`, { force: true });
    }
    const lost = read();
    expect(lost.fullSyncNeeded?.reason).toMatch(/gone/);
    expect(lost.missedSince?.reason).toMatch(/lost/);
    expect(lost.sentence).toContain('The task Sync all scenes does it.');
  });

  it('is over for the status when a run over all has ended, and not before', async () => {
    const { db } = turns;
    turns.db.exec(
      `INSERT INTO state (name, value) VALUES ('full-sync-needed', '{"since":1,"reason":"lost"}')`,
    );
    await turns.world.choose('reconcile', { scope: '24h' });
    await idle();
    expect(runUnderWay(db)).toBeNull();
    expect(status().fullSyncNeeded).not.toBeNull();
    await turns.world.choose('reconcile', { dry: true });
    await idle();
    expect(status().fullSyncNeeded).not.toBeNull();
    await turns.world.choose('reconcile', {});
    await idle();
    expect(status().fullSyncNeeded).toBeNull();
  });
});

describe('[1.5 RECV-05] what is missed while a run is under way', () => {
  it('is not taken for found by it', async () => {
    await minuteLater();
    const { db } = turns;
    noteMissed(db, turns.nowMs - hour, 'an event could not be read');
    await turns.turns(1, 1_000);
    const [run] = runs();
    expect(run).toMatchObject({ origin: 'missed', state: 'running' });
    noteMissed(db, turns.nowMs, 'an event could not be read');
    await idle();
    expect(runs()[0]).toMatchObject({ id: run?.id, state: 'ended' });
    expect(status().missedSince).toMatchObject({ since: run?.begunAt });
    const { next } = status().reconcile;
    expect(next).toEqual({ at: (run?.begunAt ?? 0) + hour, origin: 'missed' });
    turns.nowMs = next?.at ?? 0;
    await idle();
    expect(status().missedSince).toBeNull();
    expect(sources()).toEqual([]);
  });
});
