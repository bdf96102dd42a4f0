// Plex's libraries while the worker lives: they come and go, and are missing while Plex starts.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partCount } from '../../src/store/match/plexPart.ts';
import * as state from '../../src/store/file/state.ts';
import { readState } from '../../src/store/file/state.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
let t: Turns;
beforeEach(async () => {
  t = await openTurns();
});
afterEach(async () => {
  await t.close();
});

const sceneOf = (path: string): number =>
  t.world.stash.store.addScene({ files: [{ path, size: 5, durationSeconds: 9 }] });
const titleOf = (ratingKey: string): string | undefined =>
  t.world.plex.library.item(ratingKey)?.title;

describe('a library that is deleted in Plex', () => {
  it('is no outage: the others are mirrored on', async () => {
    const other = t.world.plex.library.addSection({ title: 'Other', locations: ['/other'] });
    const pair = t.world.addPair();
    t.world.edit(pair.sceneId, { title: 'One' });
    await t.turns(3, 3_000);
    t.library.sections.delete(other);
    // It waits, so the libraries are looked through again and again.
    t.world.edit(sceneOf('/data/unknown.mp4'), { title: 'Waits' });
    await t.turns(4, 3_000);
    t.world.edit(pair.sceneId, { title: 'Two' });
    await t.turns(4, 3_000);
    expect(titleOf(pair.ratingKey)).toBe('Two');
    expect(t.world.status().plex.circuit).toBe('closed');
    expect(t.world.logText()).not.toMatch(/closed → open/);
    expect(readState(t.db, state.index)?.sectionIds).toEqual([t.world.section]);
  });

  it('that the setting names is told, with those that there are', async () => {
    const other = t.world.plex.library.addSection({ title: 'Other', locations: ['/other'] });
    await t.world.configure({ plexLibraries: `Videos, Other` });
    t.world.edit(t.world.addPair().sceneId, { title: 'One' });
    await t.turns(3, 3_000);
    t.library.sections.delete(other);
    t.nowMs += 6 * minute;
    t.world.edit(t.world.addPair().sceneId, { title: 'Two' });
    expect(await t.turn()).toMatchObject({ kind: 'blocked' });
    expect(t.world.status().problems).toEqual([
      {
        setting: 'plexLibraries',
        message: 'names "Other", but Plex has no such library. Libraries that fit: "Videos".',
      },
    ]);
  });
});

describe('a library that is added in Plex', () => {
  it('is seen within minutes, and a scene that lay outside all libraries gets its item', async () => {
    const scene = sceneOf('/new/file.mp4');
    t.world.edit(scene, { title: 'Waits' });
    await t.turns(3, 3_000);
    expect(t.world.status().scenes.withoutItem).toEqual({ outside: 1 });
    const added = t.world.plex.library.addSection({ title: 'New', locations: ['/new'] });
    const files = [{ path: '/new/file.mp4', size: 5 }];
    const item = t.world.plex.library.addItem(added, { title: 'scanned', files });
    await t.turns(10, minute);
    expect(titleOf(item)).toBe('Waits');
  });

  it('is not asked for again and again: every five minutes, and then by two requests', async () => {
    t.world.edit(sceneOf('/elsewhere/file.mp4'), { title: 'Outside' });
    await t.turns(3, 3_000);
    const before = t.world.plex.accessLog.length;
    await t.turns(60, minute);
    expect(t.world.plex.accessLog.length - before).toBeLessThanOrEqual(2 * 12);
  });
});

describe('a Plex that lists no library', () => {
  it('is told with the way out, and what is known of its files outlives it', async () => {
    const pairs = t.world.addPairs(3);
    t.world.editAll(pairs, 'One');
    await t.turns(3, 3_000);
    const known = partCount(t.db);
    expect(known).toBe(3);
    const section = t.library.sections.get(t.world.section);
    if (section === undefined) throw new Error('no section');
    t.library.sections.delete(t.world.section);
    // A day later all is walked anew.
    t.nowMs += 25 * 60 * minute;
    t.world.editAll(pairs, 'Two');
    expect(await t.turn()).toMatchObject({ kind: 'blocked' });
    const [problem] = t.world.status().problems;
    expect(problem?.setting).toBe('plexLibraries');
    expect(problem?.message).toMatch(/lists no library.*starting.*type movie/);
    expect(partCount(t.db)).toBe(known);
    expect(t.world.status().queue.pending).toBe(3);
    t.library.sections.set(t.world.section, section);
    await t.turns(3, 6_000);
    expect(t.world.titled(pairs, 'Two')).toBe(3);
    expect(t.world.status().problems).toEqual([]);
  });

  it('of the right type is told which it has', async () => {
    t.library.sections.delete(t.world.section);
    t.world.plex.library.addSection({ title: 'Series', type: 'show', locations: ['/data'] });
    t.world.edit(sceneOf('/data/file.mp4'), { title: 'One' });
    expect(await t.turn()).toMatchObject({ kind: 'blocked' });
    expect(t.world.status().problems[0]?.message).toContain('only "Series" (show)');
    expect(readState(t.db, state.index)).toBeNull();
  });
});

describe('a Plex whose clock was ahead when it scanned a file', () => {
  it('does not hide by that what it scans afterwards', async () => {
    const { at, turns } = await withPlexClock(Date.now() + 400 * 86_400_000);
    const { world } = turns;
    try {
      world.edit(world.addPair().sceneId, { title: 'One' });
      await turns.turns(3, 3_000);
      at.ms = Date.now();
      const late = world.addPair();
      world.edit(late.sceneId, { title: 'Late' });
      await turns.turns(3, 3_000);
      expect(world.titled([late], 'Late')).toBe(1);
    } finally {
      await turns.close();
    }
  });
});

describe('the first look through a library', () => {
  it('finds an item that was moved past it by the end of another', async () => {
    const { at, turns } = await withPlexClock(1_500_000_000_000);
    const { world, library, db } = turns;
    const items = Array.from({ length: 510 }, (_, number) => {
      at.ms += 1_000_000;
      const files = [{ path: `/data/${number}.mp4`, size: 1_000 + number }];
      return library.addItem(world.section, { title: `${number}`, files });
    });
    const [gone = ''] = items;
    // Between its two pages the first item goes, and the first of the second becomes one of the first.
    world.plex.switches.readServiceMs = 100;
    const watched = setInterval(() => {
      if (partCount(db) > 0 && library.item(gone) !== undefined) library.removeItem(gone);
    }, 1);
    try {
      const scene = world.stash.store.addScene({
        files: [{ path: '/data/500.mp4', size: 1_500, durationSeconds: 9 }],
      });
      world.edit(scene, { title: 'Found' });
      await turns.turns(3, 3_000);
      expect(library.item(gone)).toBeUndefined();
      expect(library.item(items[500] ?? '')?.title).toBe('Found');
    } finally {
      clearInterval(watched);
      await turns.close();
    }
  });
});

/** Turns with a Plex that has a clock of its own. */
async function withPlexClock(ms: number): Promise<{ at: { ms: number }; turns: Turns }> {
  const at = { ms };
  return { at, turns: await openTurns({ plex: { nowMs: () => at.ms } }) };
}
