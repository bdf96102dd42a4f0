// What a run queues by itself is bounded, and what waits for a person's word waits until it is said, or
// until the scene was pushed for another reason.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gapsIn } from '../../src/store/mirror/gap.ts';
import { allRows } from '../store/support.ts';
import { anything, type InStep, openInStep } from './inStep.ts';

const byItself = { origin: 'schedule', limit: 1 } as const;
const settings = { plexReadTimeout: 1, plexWriteTimeout: 1, fields: 'pictures: off' };

let library: InStep;
beforeEach(async () => {
  library = await openInStep(6);
  // Whether a cover may be another one goes by seconds, which a busy machine makes more or less of.
  await library.world.configure(settings);
  library.nowMs += 60_000;
});
afterEach(async () => {
  await library.close();
});

const waiting = (): number => gapsIn(library.db, { ...anything, state: 'waiting' });

function tagAll(): void {
  const { stash } = library.world;
  const tag = stash.store.addTag({ name: 'found' });
  for (const { sceneId } of library.pairs) stash.library.autoTag(sceneId, [tag]);
}

describe('[1.4 GAP-04] the limit of a run by itself', () => {
  it('holds for what its own look at Plex finds, too', async () => {
    const { world, pairs, db } = library;
    for (const { ratingKey } of pairs.slice(0, 4)) world.plex.library.removeItem(ratingKey);
    library.begin(byItself);
    let most = 0;
    for (let made = 0; made < 12; made += 1) {
      await library.turns(1, 1_000);
      most = Math.max(most, allRows(db, 'queue').length);
    }
    expect(library.gaps('item-gone')).toHaveLength(4);
    expect(waiting()).toBe(3);
    expect(most).toBeLessThanOrEqual(1);
  });

  it('holds up no scene that waits for Plex to scan its file: the worker’s own look finds it as ever', async () => {
    const { world, db } = library;
    const path = '/data/coming.mp4';
    const scene = world.stash.store.addScene({ files: [{ path, size: 70, durationSeconds: 60 }] });
    world.edit(scene, { title: 'Coming' });
    await library.drained();
    const files = [{ path, size: 70, durationMs: 60_000 }];
    const item = world.plex.library.addItem(world.section, { title: 'coming', files });
    // The run's look at Plex is the first that sees it.
    await library.reconciled({ ...byItself, limit: 0 }, 1);
    expect(waiting()).toBe(1);
    expect(allRows(db, 'queue')).toEqual([]);
    // No run comes in between.
    await world.configure({ ...settings, noCatchUp: true });
    await library.turns(20, 600_000);
    expect(world.plex.library.item(item)?.title).toBe('Coming');
    expect(waiting()).toBe(0);
  });

  it('what a dry run found is open no more once its scene was pushed, and no smaller run forgets the rest', async () => {
    const { world, pair } = library;
    tagAll();
    await library.reconciled({ dry: true });
    const found = (): number => gapsIn(library.db, { ...anything, state: 'found' });
    expect(found()).toBe(6);
    world.edit(pair(0).sceneId, { title: 'Edited' });
    await library.drained();
    expect(found()).toBe(5);
    const scope = { since: Date.now() + 3_600_000, until: null, library: null, kinds: null };
    await library.reconciled({ dry: true, scope });
    expect(found()).toBe(5);
  });

  it('a word for one kind, and then for one scene, queues those and no others', async () => {
    const { world, pair, put } = library;
    tagAll();
    put(pair(0), { studio: '' });
    put(pair(1), { studio: '' });
    await library.reconciled({ ...byItself, limit: 0 });
    expect(waiting()).toBe(8);
    expect(await world.choose('release-gaps', { kind: 'empty' })).toMatchObject({ count: 4 });
    const scene = pair(3).sceneId;
    expect(await world.choose('release-gaps', { scene })).toMatchObject({ count: 1 });
    expect(await world.choose('release-gaps', { scene })).toMatchObject({ count: 0 });
    expect(waiting()).toBe(3);
    await library.drained();
    const pushed = library.pairs.filter(({ ratingKey }) =>
      world.plex.library.item(ratingKey)?.genres.includes('found'),
    );
    expect(pushed).toEqual([pair(0), pair(1), pair(3)]);
  });

  it('what waits for a word waits for it, however many runs by themselves and dry ones come after it', async () => {
    tagAll();
    const first = await library.reconciled(byItself);
    expect(first.figures).toMatchObject({ queued: { 'stale:genre': 1 }, waiting: 5 });
    await library.drained();
    for (const more of [byItself, { dry: true }, byItself] as const) {
      const run = await library.reconciled(more);
      expect(run.figures).toMatchObject({ found: { 'stale:genre': 5 }, queued: {}, waiting: 5 });
      expect(waiting()).toBe(5);
    }
    const asked = await library.reconciled();
    expect(asked.figures).toMatchObject({ queued: { 'stale:genre': 5 }, waiting: 0 });
  });

  it('what waits for a word is told no more once its scene was pushed after an edit', async () => {
    tagAll();
    await library.reconciled({ ...byItself, limit: 0 });
    expect(waiting()).toBe(6);
    library.world.edit(library.pair(2).sceneId, { title: 'Edited' });
    await library.drained();
    expect(waiting()).toBe(5);
  });

  it('what a person ignores stays so, run after run, and alone queues nothing', async () => {
    tagAll();
    await library.reconciled({ ...byItself, limit: 0 });
    const [first] = library.gaps();
    await library.world.choose('ignore-gap', { gap: first?.id });
    const run = await library.reconciled();
    expect(run.figures).toMatchObject({ queued: { 'stale:genre': 5 } });
    const again = await library.reconciled();
    expect(again.figures.queued).toEqual({});
    expect(library.gaps()).toMatchObject([{ sceneId: first?.sceneId, state: 'ignored' }]);
  });
});

describe('[1.4 RECON-01] two runs at once', () => {
  it('one runs, and the other is told so', async () => {
    const { world } = library;
    const one = await world.choose('reconcile', {});
    const other = await world.choose('reconcile', { dry: true });
    expect(JSON.stringify(other)).toContain('under way already');
    expect(other).toMatchObject({ run: { dry: false } });
    expect(one).toMatchObject({ run: { state: 'running' } });
  });
});
