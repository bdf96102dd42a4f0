// A clock that was ahead and is put right: nothing may wait until that time comes again.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paused } from '../../src/store/queue/control.ts';
import { bury } from '../../src/store/queue/deadLetter.ts';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { countDeadLetters, deadLettersBefore } from '../../src/store/queue/queueActions.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { beginSweep, endSweeps } from '../../src/store/queue/sweep.ts';
import * as state from '../../src/store/file/state.ts';
import { readState, writeState } from '../../src/store/file/state.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
const month = 30 * 86_400_000;
let t: Turns;
beforeEach(async () => {
  t = await openTurns();
});
afterEach(async () => {
  await t.close();
});

describe.each([
  ['while the worker lives', async () => {}],
  ['between two workers', () => t.restart()],
])('a clock that was a month ahead and is put right %s', (_when, between) => {
  const aheadThenRight = async (ahead: () => Promise<void>): Promise<void> => {
    const right = t.nowMs;
    t.nowMs += month;
    await ahead();
    t.nowMs = right + 5 * minute;
    await between();
  };

  it('ends an outage whose probe lies a month ahead', async () => {
    const pair = t.world.addPair();
    await aheadThenRight(async () => {
      t.world.edit(pair.sceneId, { title: 'One' });
      await t.turns(3, 3_000);
      await t.world.plex.goAway();
      t.world.edit(pair.sceneId, { title: 'Two' });
      await t.turns(3, 3_000);
    });
    expect(t.world.status().plex.circuit).toBe('open');
    await t.world.plex.comeBack();
    await t.turns(4, 3_000);
    expect(t.world.titled([pair], 'Two')).toBe(1);
  });

  it('tries a token anew that was refused', async () => {
    const pair = t.world.addPair();
    await aheadThenRight(async () => {
      t.world.plex.switches.unauthorized = true;
      t.world.edit(pair.sceneId, { title: 'One' });
      await t.turns(2, 3_000);
    });
    expect(t.world.status().plex.circuit).toBe('refused');
    t.world.plex.switches.unauthorized = false;
    await t.turns(4, 6_000);
    expect(t.world.titled([pair], 'One')).toBe(1);
  });

  it('leaves nothing out of what a person does to all, and counts a pause from now', async () => {
    await aheadThenRight(async () => {
      const key = 'scene:7';
      raiseScene(t.db, 7, t.nowMs, 'test', 'c');
      const [row] = claim(t.db, t.nowMs, 1);
      if (row === undefined) throw new Error(`${key} was not claimed`);
      bury(t.db, row, { code: 'plex-bad-request', message: 'why', field: null }, 6, t.nowMs);
      beginSweep(t.db, t.nowMs, null);
      writeState(t.db, paused, { since: t.nowMs });
      t.world.edit(t.world.addPair().sceneId, { title: 'One' });
      await t.turn();
    });
    await t.turn();
    expect(countDeadLetters(t.db, deadLettersBefore({ kind: 'all' }, t.nowMs + 1))).toBe(1);
    expect(endSweeps(t.db, t.nowMs + 1)).toBe(1);
    expect(readState(t.db, paused)).toEqual({ since: t.nowMs });
  });

  it('looks into the library again, and survives without a new index meanwhile', async () => {
    await aheadThenRight(async () => {
      t.world.edit(t.world.addPair().sceneId, { title: 'One' });
      await t.turns(3, 3_000);
    });
    const late = t.world.addPair();
    t.world.edit(late.sceneId, { title: 'Late' });
    await t.turns(3, 3_000);
    expect(t.world.titled([late], 'Late')).toBe(1);
    const index = readState(t.db, state.index);
    expect(index?.fullWalkAt).toBeLessThanOrEqual(t.nowMs);
    expect(index?.fullWalkAt).toBeGreaterThan(0);
  });

  it('surveys the files of Stash again after the next walk', async () => {
    await aheadThenRight(async () => {
      t.world.edit(t.world.addPair().sceneId, { title: 'One' });
      await t.turns(4, 3_000);
      expect(readState(t.db, state.survey)?.doneAt).toBeGreaterThan(0);
    });
    t.world.edit(t.world.addPair().sceneId, { title: 'Two' });
    await t.turns(4, 3_000);
    const doneAt = readState(t.db, state.survey)?.doneAt ?? 0;
    expect(doneAt).toBeGreaterThan(0);
    expect(doneAt).toBeLessThanOrEqual(t.nowMs);
  });

  it('sends what backs off', async () => {
    const [bad, good] = t.world.addPairs(2);
    if (bad === undefined || good === undefined) throw new Error('no pairs');
    await aheadThenRight(async () => {
      t.world.plex.switches.poison.set(bad.ratingKey, 'status-500');
      t.world.edit(bad.sceneId, { title: 'T' });
      t.world.edit(good.sceneId, { title: 'T' });
      await t.turns(3, 2_000);
      t.world.plex.switches.poison.clear();
    });
    await t.turns(6, 10_000);
    expect(t.world.titled([bad, good], 'T')).toBe(2);
  });

  it('waits for a scan no longer than it would have', async () => {
    const path = '/data/not yet.mp4';
    const files = [{ path, size: 5, durationSeconds: 9 }];
    const scene = t.world.stash.store.addScene({ files });
    await aheadThenRight(async () => {
      t.world.edit(scene, { title: 'Waits' });
      await t.turns(3, 3_000);
    });
    await t.turns(2, 3_000);
    const item = t.world.plex.library.addItem(t.world.section, {
      title: 'scanned',
      files: [{ path, size: 5 }],
    });
    await t.turns(5, minute);
    expect(t.world.plex.library.item(item)?.title).toBe('Waits');
    expect(t.world.logText()).toMatch(/The clock was put back by \d+ s/);
  });
});

it('a clock that is kept in step by some seconds is not worth a word', async () => {
  t.world.edit(t.world.addPair().sceneId, { title: 'One' });
  await t.turns(3, 3_000);
  t.nowMs -= 50_000;
  await t.turns(3, 3_000);
  expect(t.world.logText()).not.toContain('put back');
});

it('a data file without a time of its own is judged by what it tells of', async () => {
  writeState(t.db, state.lastEventAt, t.nowMs + month);
  await t.restart();
  await t.turn();
  expect(t.world.logText()).toMatch(/The clock was put back/);
  expect(readState(t.db, state.lastEventAt)).toBe(t.nowMs);
});
