// Beside the texts: covers that no hook told of are looked at and sent, each once; ratings are told with
// both values, and a person's is kept.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { jpeg } from '../helpers/pictures.ts';
import { type InStep, openInStep } from './inStep.ts';

let library: InStep;
beforeEach(async () => {
  library = await openInStep(4);
});
afterEach(async () => {
  await library.close();
});

/** Stash's clock has gone on since the scene was saved last: a cover's address tells whole seconds. */
function touch(
  at: number,
  change: Parameters<StashSimulator['store']['changeScene']>[1],
  minutes = 1,
): void {
  const { store } = library.world.stash;
  const { sceneId } = library.pair(at);
  store.changeScene(sceneId, change, { touch: false });
  store.stampScene(
    sceneId,
    new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19) + 'Z',
  );
  // Covers are read later than that.
  library.nowMs += 120_000;
}

const uploads = (): number =>
  library.world.plex.accessLog.filter(({ method }) => method === 'POST').length;

describe('[1.4 GAP-02] a cover that was generated without a hook', () => {
  it('is compared by its bytes and sent once; a scene saved with the same cover sends nothing', async () => {
    const cover = { bytes: jpeg('generated'), contentType: 'image/jpeg' };
    touch(0, { cover });
    const dry = await library.reconciled({ dry: true });
    expect(dry.figures).toMatchObject({ found: {}, covers: 1 });
    expect(uploads()).toBe(0);
    const run = await library.reconciled();
    expect(run.figures).toMatchObject({ found: {}, covers: 1 });
    await library.drained();
    expect(uploads()).toBe(1);
    const again = await library.reconciled();
    expect(again.figures.covers).toBe(0);
    // Another time, the same bytes.
    touch(0, { organized: true }, 2);
    await library.reconciled();
    await library.drained();
    expect(uploads()).toBe(1);
  });

  it('is left alone by a run of other kinds, and beyond the limit of a run by itself', async () => {
    const { pairs } = library;
    for (const at of pairs.keys()) {
      const cover = { bytes: jpeg(`cover ${at}`), contentType: 'image/jpeg' };
      touch(at, { cover });
    }
    const all = { since: null, until: null, library: null };
    const missing = await library.reconciled({ scope: { ...all, kinds: ['missing'] } });
    expect(missing.figures.covers).toBe(0);
    const byItself = await library.reconciled({ origin: 'schedule', limit: 3 });
    expect(byItself.figures.covers).toBe(3);
    await library.drained();
    expect(uploads()).toBe(3);
  });
});

describe('[1.4 ADV-02] [1.4 ADV-04] a rating', () => {
  it('follows Stash where it is PlexSync’s, and a person’s is told and kept', async () => {
    const { world, pair } = library;
    const rate = (at: number, rating100: number): void => {
      world.stash.store.changeScene(pair(at).sceneId, { rating100 }, { touch: true });
    };
    rate(0, 60);
    rate(1, 60);
    await library.reconciled();
    await library.drained();
    rate(0, 80);
    await fetch(
      `${world.plex.url}/:/rate?key=${pair(1).ratingKey}&identifier=com.plexapp.plugins.library&rating=2&X-Plex-Token=${world.plex.token}`,
      { method: 'PUT' },
    );
    await library.reconciled({ dry: true });
    expect(library.gaps()).toMatchObject([
      {
        ...pair(0),
        kind: 'stale',
        field: 'rating',
        confidence: 'definitely',
        stash: '8',
        plex: '6',
      },
      { ...pair(1), kind: 'edited', field: 'rating', stash: '6', plex: '2', toCome: null },
    ]);
  });
});
