// What of the pictures and the rating is gone from Plex: told as empty and sent again where nobody took
// it away, told as a person's and kept where somebody did.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { changes } from '../../src/store/mirror/change.ts';
import { jpeg } from '../helpers/pictures.ts';
import { type InStep, openInStep } from './inStep.ts';

let library: InStep;
beforeEach(async () => {
  library = await openInStep(6);
  const { world, pairs } = library;
  await world.configure({
    plexReadTimeout: 1,
    plexWriteTimeout: 1,
    fields: 'background: mirror',
  });
  for (const [at, { sceneId }] of pairs.entries()) {
    const cover = { bytes: jpeg(`cover ${at}`), contentType: 'image/jpeg' };
    change(sceneId, { cover, rating100: 60 }, 1);
  }
  await library.reconciled();
  await library.drained();
  expect(uploads()).toBe(12);
});
afterEach(async () => {
  await library.close();
});

/** So many minutes from now, by Stash's clock; what is read is read later than that. */
function change(
  sceneId: number,
  how: Parameters<StashSimulator['store']['changeScene']>[1],
  minutes: number,
): void {
  const { store } = library.world.stash;
  store.changeScene(sceneId, how, { touch: false });
  const at = new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19);
  store.stampScene(sceneId, `${at}Z`);
  library.nowMs += 60_000;
}

const uploads = (): number => library.world.plex.counts().uploads;
const posterOf = (at: number): string | undefined =>
  library.world.plex.library
    .item(library.pair(at).ratingKey)
    ?.posters.find(({ selected }) => selected)?.name;

async function unrate(at: number): Promise<void> {
  const { plex } = library.world;
  const target = `/:/rate?key=${library.pair(at).ratingKey}&identifier=com.plexapp.plugins.library`;
  await fetch(`${plex.url}${target}&rating=-1&X-Plex-Token=${plex.token}`, { method: 'PUT' });
}

describe('[1.4 GAP-01] [1.4 ADV-02] a picture or a rating that is gone from Plex', () => {
  it('is told at once with what a push brings back, at no request more, and is sent again once', async () => {
    const { world, pair, db } = library;
    world.plex.library.removeImageByPerson(pair(0).ratingKey, 'posters', false);
    world.plex.library.removeImageByPerson(pair(1).ratingKey, 'arts', false);
    const dry = await library.reconciled({ dry: true });
    expect(dry.figures).toMatchObject({ plexRequests: 1, stashRequests: 1, covers: 0 });
    expect(library.told()).toEqual([
      `empty background ${pair(1).sceneId}`,
      `empty poster ${pair(0).sceneId}`,
    ]);
    expect(library.gaps()).toMatchObject([
      { confidence: 'definitely', plex: '', state: 'found' },
      { confidence: 'definitely', plex: '', state: 'found' },
    ]);
    const toCome = library.gaps().map((gap) => gap.toCome);
    expect(uploads()).toBe(12);
    const last = changes(db, {}, 0, 1)[0]?.id ?? 0;
    await library.reconciled();
    await library.drained();
    expect(uploads()).toBe(14);
    const written = changes(db, {}, 0, 100).filter(({ id }) => id > last);
    expect(new Set(written.map(({ after }) => after))).toEqual(new Set(toCome));
    const again = await library.reconciled();
    expect(again.figures).toMatchObject({ found: {}, covers: 0 });
  });

  it('is kept and told as theirs where a person took it away, or chose another poster', async () => {
    const { world, pair } = library;
    world.plex.library.removeImageByPerson(pair(2).ratingKey, 'posters');
    await unrate(3);
    world.plex.library.setImageByPerson(pair(4).ratingKey, 'posters', jpeg('theirs'));
    const chosen = posterOf(4);
    // The choice shows once the worker looks at the pictures, which it does for another cover.
    const cover = { bytes: jpeg('another'), contentType: 'image/jpeg' };
    change(pair(4).sceneId, { cover }, 2);
    await library.reconciled();
    await library.drained();
    const run = await library.reconciled();
    expect(run.figures).toMatchObject({ queued: {}, covers: 0 });
    expect(library.gaps()).toMatchObject([
      { ...pair(2), kind: 'edited', field: 'poster', confidence: 'definitely', plex: '' },
      { ...pair(3), kind: 'edited', field: 'rating', confidence: 'definitely', stash: '6' },
      { ...pair(4), kind: 'edited', field: 'poster', confidence: 'possibly', toCome: null },
    ]);
    // Which picture it is was seen by the worker, earlier; and no run finds it out.
    const [theirs] = library.gaps().filter(({ ratingKey }) => ratingKey === pair(4).ratingKey);
    expect(theirs?.plex).toBe('another picture, when looked at last');
    expect(theirs?.reason).toContain('when its pictures were looked at last');
    // The background alone, which nobody chose, follows the cover.
    expect(uploads()).toBe(13);
    expect([posterOf(2), posterOf(4)]).toEqual([undefined, chosen]);
  });

  it('of a person’s choice alone is nothing that a run by itself has to say', async () => {
    const { world, pair } = library;
    world.plex.library.setImageByPerson(pair(4).ratingKey, 'posters', jpeg('theirs'));
    change(pair(4).sceneId, { cover: { bytes: jpeg('another'), contentType: 'image/jpeg' } }, 2);
    await library.reconciled();
    await library.drained();
    const run = await library.reconciled({ origin: 'schedule', limit: 10 });
    expect(run.figures.found).toEqual({ 'edited:poster': 1 });
    const ends = world
      .logText()
      .split('\n')
      .filter((line) => line.includes('"origin":"schedule"'));
    expect(ends.at(-1)).toContain('"found":0');
    // Something else beside it is.
    await unrate(3);
    await library.reconciled({ origin: 'schedule', limit: 10 });
    const last = world
      .logText()
      .split('\n')
      .filter((line) => line.includes('"origin":"schedule"'));
    expect(last.at(-1)).toContain('"found":1');
  });

  it('is left to a person beyond the limit of a run by itself, and goes by their word', async () => {
    const { world, pair, pairs } = library;
    for (const { ratingKey } of pairs) {
      world.plex.library.removeImageByPerson(ratingKey, 'posters', false);
    }
    const run = await library.reconciled({ origin: 'schedule', limit: 2 });
    expect(run.figures).toMatchObject({ queued: { 'empty:poster': 2 }, waiting: 4 });
    await library.drained();
    expect(uploads()).toBe(14);
    const { sceneId } = pair(5);
    expect(await world.choose('release-gaps', { scene: sceneId })).toMatchObject({ count: 1 });
    await library.drained();
    expect(posterOf(5)).toMatch(/^upload:/);
    expect(uploads()).toBe(15);
  });
});
