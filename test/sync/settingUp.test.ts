// While a person sets PlexSync up, Plex is read and compared and nothing is written to it, but for the
// one scene that they try. With the real engine, against a simulated Stash and Plex.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { sceneViewAnswer } from '../../src/contract/sceneView.ts';
import { lastRuns } from '../../src/store/run/run.ts';
import type { Pair } from '../helpers/world.ts';
import { jpeg } from '../helpers/pictures.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
let t: Turns;
let pairs: readonly Pair[];

beforeEach(async () => {
  t = await openTurns();
  await t.world.choose('pause', { setup: true });
  pairs = t.world.addPairs(3);
  for (const { sceneId } of pairs) {
    t.world.edit(sceneId, { title: `Scene ${sceneId}`, studio: 'One' });
    const cover = { bytes: jpeg(`cover ${sceneId}`), contentType: 'image/jpeg' };
    t.world.stash.store.changeScene(sceneId, { cover }, { touch: true });
  }
});
afterEach(async () => {
  await t.close();
});

const writes = (): number => t.world.plex.accessLog.filter(({ method }) => method !== 'GET').length;

const pairAt = (at: number): Pair => {
  const pair = pairs[at];
  if (pair === undefined) throw new RangeError(`no pair ${at}`);
  return pair;
};

const view = async ({ sceneId }: Pair) =>
  v.parse(sceneViewAnswer, await t.world.choose('scene', { scene: sceneId }));

describe('PlexSync while it is being set up', () => {
  it('ends the setup with the first full sync in one: a page that is closed between the two leaves neither undone', async () => {
    const asked = await t.world.choose('sync-all', {});
    expect(JSON.stringify(asked)).toContain('is being set up');
    expect(t.world.status().paused).toMatchObject({ setup: true });
    const ended = await t.world.choose('sync-all', { endSetup: true });
    expect(JSON.stringify(ended)).not.toContain('is being set up');
    expect(t.world.status().paused).toBeNull();
    // A person's own pause goes on, also one from before the setup.
    await t.world.choose('pause', {});
    await t.world.choose('pause', { setup: true });
    await t.world.choose('sync-all', { endSetup: true });
    expect(t.world.status().paused).toMatchObject({ setup: false });
    await t.world.choose('resume', {});
    await t.world.choose('pause', {});
    await t.world.choose('sync-all', { endSetup: true });
    expect(t.world.status().paused).not.toBeNull();
  });

  it('finds libraries, items and path mappings, shows what it would write, and writes nothing', async () => {
    await t.turns(10, 3_000);
    expect(writes()).toBe(0);
    const status = t.world.status();
    expect(status.paused).toMatchObject({ setup: true });
    expect(status.queue.pending).toBe(3);
    expect(status.sentence).toContain('PlexSync is being set up');
    const shown = await view(pairAt(0));
    expect(shown.item.state).toBe('would-match');
    expect(shown.fields.find(({ field }) => field === 'title')?.verdict).toBe('write');
    await t.world.choose('reconcile', { dry: true });
    await t.turns(20, 1_000);
    const [run] = lastRuns(t.db, 1);
    expect(run).toMatchObject({ state: 'ended', dry: true });
    expect(run?.figures.found).toMatchObject({ 'stale:title': 3 });
    expect(writes()).toBe(0);
    // Nothing is due but a look at what the person chose: it rests, however much waits.
    t.nowMs += minute;
    await t.turn();
    expect((await t.turn()).kind).toBe('idle');
  });

  it('pushes the scene that is tried, with its cover, and no other; the rest goes when it is finished', async () => {
    const tried = pairAt(1);
    await t.turns(5, 3_000);
    await t.world.choose('sync', { scene: tried.sceneId });
    await t.turns(10, 3_000);
    expect(t.world.titled(pairs, `Scene ${tried.sceneId}`)).toBe(1);
    expect(t.world.status().queue.pending).toBe(2);
    expect(t.world.status().extras.waiting).toBe(0);
    const posters = t.world.plex.accessLog.filter(({ target }) => target.includes('/posters'));
    expect(posters.filter(({ method }) => method === 'POST')).toHaveLength(1);
    for (const at of [0, 2])
      expect(t.library.item(pairAt(at).ratingKey)?.title).toMatch(/^scanned/);
    await t.world.choose('resume', {});
    await t.turns(10, 3_000);
    for (const { sceneId } of pairs) expect(t.world.titled(pairs, `Scene ${sceneId}`)).toBe(1);
    expect(t.world.status().paused).toBeNull();
  });

  it('spares a Plex that fails: the tried scene waits for its next try like any other', async () => {
    const tried = pairAt(0);
    await t.turns(5, 3_000);
    t.world.plex.switches.poison.set(tried.ratingKey, 'status-500');
    await t.world.choose('sync', { scene: tried.sceneId });
    await t.turns(4, 100);
    const before = writes();
    await t.turns(20, 10);
    expect(writes() - before).toBeLessThan(3);
    expect(t.world.status().queue.pending).toBe(3);
  });

  it('a pause from before goes on when the setup is over, and so does one asked for meanwhile', async () => {
    const ends = async (): Promise<void> => {
      await t.world.choose('resume', { setup: true });
      await t.turns(5, 3_000);
      expect(t.world.status().paused).toMatchObject({ setup: false });
      expect(writes()).toBe(0);
    };
    await t.world.choose('pause', {});
    await ends();
    const { paused } = t.world.status();
    await t.world.choose('pause', { setup: true });
    expect(t.world.status().paused).toMatchObject({ setup: true });
    await t.world.choose('sync', { scene: pairAt(0).sceneId });
    await ends();
    expect(t.world.status().paused).toEqual(paused);
    // A second setup, ended by whoever says "resume" and nothing else.
    await t.world.choose('pause', { setup: true });
    await t.world.choose('resume', {});
    await t.turns(10, 3_000);
    expect(t.world.status().paused).toBeNull();
    for (const { sceneId } of pairs) expect(t.world.titled(pairs, `Scene ${sceneId}`)).toBe(1);
  });

  it('the end of a setup that nobody paused pushes what was kept', async () => {
    await t.world.choose('resume', { setup: true });
    expect(t.world.status().paused).toBeNull();
    await t.turns(10, 3_000);
    for (const { sceneId } of pairs) expect(t.world.titled(pairs, `Scene ${sceneId}`)).toBe(1);
  });

  it('locks that are released meanwhile are not held up by its end', async () => {
    await t.world.choose('resume', {});
    await t.turns(10, 3_000);
    await t.world.choose('pause', { setup: true });
    await t.world.choose('release-locks', { yes: true });
    await t.world.choose('resume', { setup: true });
    expect(t.world.status()).toMatchObject({ paused: { setup: false }, release: { doneAt: null } });
    await t.turns(10, 3_000);
    expect(t.world.status().release?.doneAt).not.toBeNull();
  });

  it('a pause by hand ends it: then nothing is pushed at all', async () => {
    await t.world.choose('sync', { scene: pairAt(0).sceneId });
    await t.world.choose('pause', {});
    await t.turns(5, 3_000);
    expect(writes()).toBe(0);
    expect(t.world.status().paused).toMatchObject({ setup: false });
  });
});
