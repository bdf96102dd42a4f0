// A believable library in both simulators: Stash knows everything about 200 scenes, Plex has
// found their files and knows nothing but the names of these.
import { basename } from 'node:path';
import type { PlexSimulator } from '../simulators/plex/server.ts';
import type { StashSimulator } from '../simulators/stash/server.ts';
import { pick, pickSome, type Random } from './random.ts';
import { moreTags, motifs, performers, places, studios } from './words.ts';

/** A scene in Stash and the item in Plex that has its file. */
export interface Pair {
  readonly sceneId: number;
  readonly ratingKey: string;
}

export interface Library {
  readonly pairs: readonly Pair[];
  readonly tagIds: readonly number[];
  readonly performerIds: readonly number[];
  readonly studioIds: readonly number[];
}

/** Fills both. @returns the pairs in the order of their scenes */
export function fillLibrary(stash: StashSimulator, plex: PlexSimulator, random: Random): Library {
  const { store } = stash;
  const tagNames = [...new Set([...motifs.flatMap(({ tags }) => tags), ...moreTags])];
  const tagIds = new Map(tagNames.map((name) => [name, store.addTag({ name })]));
  const performerIds = performers.map((name) => store.addPerformer({ name }));
  const studioIds = studios.map((name) => store.addStudio({ name }));
  const section = plex.library.addSection({ title: 'Journeys', locations: ['/data'] });

  const pairs = motifs.flatMap((motif) =>
    places.map((place): Pair => {
      const title = motif.title(place);
      const path = `/data/${motif.folder}/${title.toLowerCase()}.mp4`;
      const seconds = 300 + Math.floor(random() * 5000);
      const size = seconds * 600_000 + Math.floor(random() * 100_000);
      const sceneId = store.addScene({
        title,
        details: motif.details,
        date: randomDate(random),
        studioId: pick(studioIds, random),
        tagIds: motif.tags.flatMap((name) => tagIds.get(name) ?? []),
        performerIds: pickSome(performerIds, random() < 0.4 ? 2 : 1, random),
        files: [{ path, size, durationSeconds: seconds }],
      });
      const ratingKey = plex.library.addItem(section, {
        title: basename(path, '.mp4'),
        files: [{ path, size, durationMs: seconds * 1000 }],
      });
      return { sceneId, ratingKey };
    }),
  );
  return { pairs, tagIds: [...tagIds.values()], performerIds, studioIds };
}

export function randomDate(random: Random): string {
  const two = (highest: number): string =>
    String(1 + Math.floor(random() * highest)).padStart(2, '0');
  return `${1970 + Math.floor(random() * 54)}-${two(12)}-${two(28)}`;
}
