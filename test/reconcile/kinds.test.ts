// Every kind of gap: each is told once, with both values, how sure it is and why; nothing is invented
// where a listing of Plex's shows less than there is; and nothing that is not proven is told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noItemCauses } from '../../src/contract/causes.ts';
import { type InStep, openInStep, performers, tags } from './inStep.ts';

let library: InStep;
beforeEach(async () => {
  library = await openInStep(8);
});
afterEach(async () => {
  await library.close();
});

/** Stash's number of a tag that is made for it. */
const newTag = (): number => library.world.stash.store.addTag({ name: 'found' });

describe('[1.4 GAP-01] lists longer than a listing of Plex’s shows', () => {
  it('are no gap where Plex has them', async () => {
    const { figures } = await library.reconciled();
    expect(library.gaps()).toEqual([]);
    expect(figures).toMatchObject({ scenes: 8, unread: 0, found: {}, queued: {} });
  });
});

describe('[1.4 GAP-01] [1.4 GAP-02] [1.4 GAP-03] [1.4 ADV-02] [1.4 ADV-04] each kind', () => {
  it('is told once, with both values, how sure it is and why', async () => {
    const { world, pair, put } = library;
    const { stash, plex } = world;
    const [empty, tagged, reverted, gone] = [pair(0), pair(1), pair(2), pair(3)];
    const [lost, moved, kept, rated] = [pair(4), pair(5), pair(6), pair(7)];
    put(empty, { studio: '' });
    stash.library.autoTag(tagged.sceneId, [newTag()]);
    put(reverted, { title: 'scanned' });
    stash.store.removeScene(gone.sceneId);
    plex.library.removeItem(lost.ratingKey);
    const path = stash.store.scene(moved.sceneId)?.files[0]?.path ?? '';
    stash.library.moveFile(moved.sceneId, path.replace('/data/', '/data/moved/'));
    plex.library.setByPerson(kept.ratingKey, { summary: 'A person’s', locked: ['summary'] });
    stash.store.changeScene(kept.sceneId, { details: 'Stash’s' }, { touch: true });
    stash.store.changeScene(rated.sceneId, { rating100: 80 }, { touch: true });
    const outside = stash.store.addScene({ files: [{ path: '/elsewhere/x.mp4', size: 5 }] });
    const coming = stash.store.addScene({ files: [{ path: '/data/coming.mp4', size: 6 }] });
    const files = [{ path: '/data/alone.mp4', size: 7 }];
    const alone = plex.library.addItem(world.section, { title: 'alone', files });

    await library.reconciled({ dry: true });
    const found = [...tags, 'found'];
    const nothing = { field: '', stash: null, toCome: null, confidence: 'possibly' };
    const gaps = library.gaps().toSorted((one, other) => one.sceneId - other.sceneId);
    expect(gaps).toMatchObject([
      { sceneId: 0, ratingKey: alone, kind: 'no-scene', plex: 'alone', state: 'told' },
      {
        ...empty,
        kind: 'empty',
        field: 'studio',
        confidence: 'definitely',
        stash: 'One',
        plex: '',
        toCome: 'One',
        reason: 'Plex has nothing there, Stash has. Would be written.',
      },
      {
        ...tagged,
        kind: 'stale',
        field: 'genre',
        confidence: 'definitely',
        stash: found,
        plex: tags,
        toCome: found,
        reason: 'Stash has changed since the last push. Would be written.',
      },
      {
        ...reverted,
        kind: 'stale',
        field: 'title',
        confidence: 'possibly',
        stash: `Scene ${reverted.sceneId}`,
        plex: 'scanned',
        reason: 'Plex has something else than Stash. Would be written.',
      },
      { ...gone, ...nothing, kind: 'scene-gone' },
      { ...lost, ...nothing, kind: 'item-gone' },
      { ...moved, ...nothing, kind: 'moved' },
      {
        ...kept,
        kind: 'edited',
        field: 'summary',
        confidence: 'possibly',
        stash: 'Stash’s',
        plex: 'A person’s',
        toCome: null,
        reason: 'A person’s, locked in Plex.',
      },
      { ...rated, kind: 'empty', field: 'rating', confidence: 'definitely', stash: '8', plex: '' },
      { sceneId: outside, ratingKey: '', ...nothing, kind: 'missing' },
      { sceneId: coming, ratingKey: '', ...nothing, kind: 'missing' },
    ]);
    expect(gaps.slice(-2).map(({ reason }) => reason)).toEqual(
      [noItemCauses.outside.because, noItemCauses.waiting.because].map(
        (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`,
      ),
    );
  });
});

describe('what is not so', () => {
  it('a scene of two equal items is told as ambiguous, and neither item as one without a scene', async () => {
    const { stash, plex } = library.world;
    const scene = stash.store.addScene({
      files: [{ path: '/nowhere/twice.mp4', size: 900, durationSeconds: 60 }],
    });
    for (const copy of ['one', 'two']) {
      const files = [{ path: `/data/${copy}/twice.mp4`, size: 900, durationMs: 60_000 }];
      plex.library.addItem(library.world.section, { title: 'twice', files });
    }
    await library.reconciled();
    expect(library.told()).toEqual([`missing  ${scene}`]);
    expect(library.gaps()[0]?.reason).toMatch(/several|choose|sure/i);
    // Pushed, it waits for a choice, and the next run has nothing new to queue.
    await library.drained();
    const again = await library.reconciled();
    expect(again.figures).toMatchObject({ found: { missing: 1 }, queued: {} });
  });

  it('an item that is there is not told as gone because it is not the scene’s any more', async () => {
    const { stash, plex } = library.world;
    const { sceneId, ratingKey } = library.pair(0);
    const [file] = stash.store.scene(sceneId)?.files ?? [];
    if (file === undefined) throw new Error('no file');
    const other = { ...file, path: '/data/quite another.mp4', size: 12, durationSeconds: 7 };
    stash.store.changeScene(sceneId, { files: [other] }, { touch: true });
    await library.reconciled({ dry: true });
    expect(plex.library.item(ratingKey)).toBeDefined();
    expect(library.gaps().filter((gap) => gap.sceneId === sceneId)).toMatchObject([
      { kind: 'missing' },
    ]);
    expect(library.gaps('item-gone')).toEqual([]);
  });

  it('an item whose scene is kept out by a setting has its scene', async () => {
    const { world, pair } = library;
    await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1, onlyOrganized: true });
    library.nowMs += 60_000;
    world.edit(pair(0).sceneId, { title: 'Not organized' });
    await library.drained();
    expect(world.plex.library.item(pair(0).ratingKey)?.title).not.toBe('Not organized');
    await library.reconciled();
    expect(library.gaps()).toEqual([]);
  });

  it('a file that was moved is told also where its files were read in between', async () => {
    const { world, pair } = library;
    const { sceneId } = pair(0);
    const path = world.stash.store.scene(sceneId)?.files[0]?.path ?? '';
    world.stash.library.moveFile(sceneId, path.replace('/data/', '/data/moved/'));
    // The daily look at Plex's items and then at Stash's files.
    library.nowMs += 25 * 3_600_000;
    await library.turns(10, 1_000);
    await library.reconciled();
    expect(library.told()).toEqual([`moved  ${sceneId}`]);
    await library.drained();
    await library.reconciled();
    expect(library.told()).toEqual([]);
  });

  it('a person’s edit in Plex is told and kept', async () => {
    const { world, pair } = library;
    const { sceneId, ratingKey } = pair(0);
    world.plex.library.setByPerson(ratingKey, { title: 'Mine' });
    world.stash.store.changeScene(sceneId, { title: 'Stash’s' }, { touch: true });
    const before = library.writes();
    const run = await library.reconciled();
    expect(run.figures).toMatchObject({ found: { 'edited:title': 1 }, queued: {} });
    await library.drained();
    expect(library.writes()).toBe(before);
    expect(world.plex.library.item(ratingKey)?.title).toBe('Mine');
    expect(world.plex.library.item(ratingKey)?.actors).toEqual(performers);
  });
});
