// Each scope as a person asks for it, and exactly the gaps that were made in it: by time, by library, by
// kind.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastRuns } from '../../src/store/run/run.ts';
import { run } from '../../src/store/file/sql.ts';
import { ended, type InStep, openInStep } from './inStep.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let library: InStep;
beforeEach(async () => {
  library = await openInStep(6);
});
afterEach(async () => {
  await library.close();
});

/** Asked for by the operation, and looked for alone: what an earlier run found is put away. */
async function toldBy(args: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  run(library.db, 'DELETE FROM gap');
  await library.world.choose('reconcile', { dry: true, ...args });
  await ended(library, lastRuns(library.db, 1)[0]?.id ?? 0);
  return library.told();
}

const iso = (at: number): string => new Date(at).toISOString();
const genreOf = (...at: readonly number[]): readonly string[] =>
  at.map((one) => `stale genre ${library.pair(one).sceneId}`);

describe('[1.4 GAP-05] [1.4 AUTO-03] by time', () => {
  it('all, 24 hours, 7 days, from, to, and both have each the scenes changed then', async () => {
    const { stash } = library.world;
    const now = Date.now();
    const changed = [
      now - hourMs,
      now - 23 * hourMs,
      now - 25 * hourMs,
      now - 6 * dayMs,
      now - 8 * dayMs,
    ];
    const tag = stash.store.addTag({ name: 'found' });
    changed.forEach((at, index) => {
      const { sceneId } = library.pair(index);
      stash.library.autoTag(sceneId, [tag]);
      stash.store.stampScene(sceneId, `${iso(at).slice(0, 19)}Z`);
    });
    expect(await toldBy({})).toEqual(genreOf(0, 1, 2, 3, 4));
    expect(await toldBy({ scope: '24h' })).toEqual(genreOf(0, 1));
    expect(await toldBy({ scope: '7days' })).toEqual(genreOf(0, 1, 2, 3));
    const from = iso(now - 7 * dayMs);
    const to = iso(now - dayMs);
    expect(await toldBy({ scope: 'custom', from })).toEqual(genreOf(0, 1, 2, 3));
    expect(await toldBy({ scope: 'custom', to })).toEqual(genreOf(2, 3, 4));
    expect(await toldBy({ scope: 'custom', from, to })).toEqual(genreOf(2, 3));
    // The wrong way round it would find nothing, and say that nothing differs.
    await expect(toldBy({ scope: 'custom', from: to, to: from })).rejects.toThrow(/before/);
    // The task "as set".
    const raw = { plexReadTimeout: 1, noCatchUp: true };
    await library.world.configure({ ...raw, reconcileAs: `scope: custom, to: ${to}, dry: on` });
    expect(await toldBy({ asSet: true, dry: false })).toEqual(genreOf(2, 3, 4));
    await library.world.configure({ ...raw, reconcileAs: 'scope: never' });
    await expect(toldBy({ asSet: true })).rejects.toThrow(/reconcileAs/);
  });
});

describe('[1.4 ADV-03] by library', () => {
  it('each has its own: gaps of its items, scenes in its folders without one, items without a scene', async () => {
    const { stash, plex } = library.world;
    const other = plex.library.addSection({ title: 'Clips', locations: ['/clips'] });
    const newScene = (path: string, size: number): number =>
      stash.store.addScene({ title: 'New', files: [{ path, size, durationSeconds: 60 }] });
    const clip = newScene('/clips/one.mp4', 31);
    const files = [{ path: '/clips/one.mp4', size: 31, durationMs: 60_000 }];
    plex.library.addItem(other, { title: 'one', files });
    const coming = newScene('/clips/coming.mp4', 32);
    const here = newScene('/data/coming.mp4', 33);
    const outside = newScene('/elsewhere/x.mp4', 34);
    plex.library.addItem(other, { title: 'x', files: [{ path: '/clips/alone.mp4', size: 35 }] });
    library.put(library.pair(0), { studio: '' });
    // Which libraries there are is asked for now and then.
    library.nowMs += hourMs;
    const ofVideos = [`empty studio ${library.pair(0).sceneId}`, `missing  ${here}`];
    const ofClips = [`missing  ${coming}`, 'no-scene  0', `stale title ${clip}`];
    expect(await toldBy({ library: 'videos' })).toEqual(ofVideos.toSorted());
    expect(await toldBy({ library: other })).toEqual(ofClips.toSorted());
    const all = [...ofVideos, ...ofClips, `missing  ${outside}`];
    expect(await toldBy({})).toEqual(all.toSorted());
  });
});

describe('[1.4 GAP-05] by kind', () => {
  it('has those kinds alone, and missing scenes can be left out', async () => {
    const { stash } = library.world;
    const missing = stash.store.addScene({ files: [{ path: '/data/coming.mp4', size: 6 }] });
    library.put(library.pair(0), { studio: '', title: 'scanned' });
    const { sceneId } = library.pair(0);
    expect(await toldBy({ kinds: ['empty'] })).toEqual([`empty studio ${sceneId}`]);
    expect(await toldBy({ kinds: ['missing'] })).toEqual([`missing  ${missing}`]);
    const both = [`empty studio ${sceneId}`, `stale title ${sceneId}`];
    expect(await toldBy({ withoutMissing: true })).toEqual(both);
    expect(await toldBy({})).toEqual([both[0], `missing  ${missing}`, both[1]]);
  });
});
