// Scenes as a person's library has them, for drain and noop: every field that is mirrored is there.
import type { Installed } from '../test/helpers/installed.ts';
import type { Edit } from './world.ts';

/** Ids of what scenes refer to. */
export interface SceneNames {
  readonly studios: readonly number[];
  readonly tags: readonly number[];
  readonly performers: readonly number[];
}

export function namesOf({ stash: { store } }: Installed): SceneNames {
  const some = (count: number, add: (number: number) => number): readonly number[] =>
    Array.from({ length: count }, (_, index) => add(index + 1));
  return {
    studios: some(12, (number) => store.addStudio({ name: `Studio ${number}` })),
    tags: some(40, (number) => store.addTag({ name: `Tag ${number}` })),
    performers: some(60, (number) => store.addPerformer({ name: `Performer ${number}` })),
  };
}

/** The scene's whole form. The word is in title and details; tags only ever grow with a second one. */
export function editOf(id: number, word: string, { studios, tags, performers }: SceneNames): Edit {
  const pick = (list: readonly number[], offset: number): string =>
    String(list[(id + offset) % list.length]);
  return {
    id,
    title: `${word} ${id}`,
    details: `${word}: ${'What happens in it, at some length. '.repeat(6)}${id}`,
    date: `20${String(10 + (id % 15))}-0${1 + (id % 9)}-1${id % 9}`,
    studio_id: pick(studios, 0),
    tag_ids: [
      ...[1, 7, 13].map((offset) => pick(tags, offset)),
      ...(word === 'First' ? [] : [pick(tags, 19)]),
    ],
    performer_ids: [3, 17].map((offset) => pick(performers, offset)),
  };
}
