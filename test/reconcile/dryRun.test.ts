// A dry run writes nothing and queues nothing, and its list is, field by field, what the real run then
// writes.
import { afterEach, describe, expect, it } from 'vitest';
import { changes } from '../../src/store/mirror/change.ts';
import { allRows } from '../store/support.ts';
import { type InStep, openInStep, tags } from './inStep.ts';

let library: InStep;
afterEach(async () => {
  await library.close();
});

type Value = string | readonly string[] | null;
const line = (scene: number, field: string, before: Value, after: Value): string =>
  `${scene} ${field}: ${plain(before)} → ${plain(after)}`;
const plain = (value: Value): string =>
  typeof value === 'string' || value === null ? `“${value ?? ''}”` : [...value].toSorted().join();

/** What no hook told, in all fields and both directions. */
function drift(): void {
  const { pair, put, world } = library;
  const { stash, plex } = world;
  const found = stash.store.addTag({ name: 'found' });
  const studio = stash.store.addStudio({ name: 'Two' });
  const scene = (at: number, change: Parameters<typeof stash.store.changeScene>[1]): void => {
    stash.store.changeScene(pair(at).sceneId, change, { touch: true });
  };
  put(pair(0), { studio: '', genres: tags.slice(0, 2) });
  stash.library.autoTag(pair(1).sceneId, [found]);
  put(pair(2), { title: 'scanned', genres: [], actors: [] });
  scene(3, { tagIds: [found], performerIds: [], studioId: null });
  scene(4, { rating100: 90, date: '2024-02-03', details: 'What happens' });
  scene(5, { studioId: studio, title: 'Another' });
  plex.library.setByPerson(pair(6).ratingKey, { title: 'A person’s' });
  scene(6, { title: 'Stash’s', details: 'More' });
  stash.store.removeScene(pair(7).sceneId);
  plex.library.removeItem(pair(8).ratingKey);
  // A scene that nobody knew, of an item that Plex has.
  const path = '/data/late.mp4';
  const files = [{ path, size: 77, durationSeconds: 60 }];
  stash.store.addScene({ title: 'Late', tagIds: [found], files });
  const inPlex = [{ path, size: 77, durationMs: 60_000 }];
  plex.library.addItem(world.section, { title: 'late', files: inPlex });
}

describe('[1.4 ADV-01] a dry run', () => {
  it.each([false, true])(
    'queues and writes nothing, and lists what the run then writes (values of scenes that are gone taken out: %s)',
    async (withdrawWhenGone) => {
      library = await openInStep(10);
      const { db, world } = library;
      await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1, withdrawWhenGone });
      library.nowMs += 60_000;
      drift();
      const queued = allRows(db, 'queue');
      const before = library.writes();
      await library.reconciled({ dry: true });
      expect(library.writes()).toBe(before);
      expect(allRows(db, 'queue')).toEqual(queued);
      const listed = library
        .gaps()
        .filter(({ toCome }) => toCome !== null)
        .map(({ sceneId, field, plex, toCome }) => line(sceneId, field, plex, toCome));
      expect(listed.length).toBeGreaterThan(15);
      const gone = `${library.pair(7).sceneId} title: “Scene ${library.pair(7).sceneId}” → `;
      expect(listed.some((one) => one.startsWith(gone))).toBe(withdrawWhenGone);

      const last = changes(db, {}, 0, 1)[0]?.id ?? 0;
      await library.reconciled();
      await library.drained();
      const written = changes(db, {}, 0, 1_000)
        .filter(({ id }) => id > last)
        .map(({ sceneId, field, before: was, after }) =>
          line(sceneId, field === 'userRating' ? 'rating' : field, was, after),
        );
      expect(written.toSorted()).toEqual(listed.toSorted());
      await library.reconciled();
      const left = library.gaps().map(({ kind }) => kind);
      expect(left.toSorted()).toEqual(['edited', 'missing', 'no-scene']);
    },
  );
});
