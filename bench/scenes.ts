// Scenes as a person's library has them, for drain and noop: every text field and every list that can
// be mirrored is there.
import type { Installed } from '../test/helpers/installed.ts';
import type { Edit } from './world.ts';

/** Ids of what scenes refer to. */
export interface SceneNames {
  readonly studios: readonly number[];
  readonly tags: readonly number[];
  readonly performers: readonly number[];
  readonly groups: readonly number[];
}

/**
 * How far a scene has come: `First` in Plex, then `Changed` in every field, the lists by growing;
 * then `Less`, lists shorter by one each.
 */
export type Stage = 'First' | 'Changed' | 'Less';

const counts = { studios: 12, tags: 40, performers: 60, groups: 20 };

export function namesOf({ stash: { store } }: Installed): SceneNames {
  const some = (count: number, add: (number: number) => number): readonly number[] =>
    Array.from({ length: count }, (_, index) => add(index + 1));
  return {
    studios: some(counts.studios, (number) => store.addStudio({ name: `Studio ${number}` })),
    tags: some(counts.tags, (number) => store.addTag({ name: `Tag ${number}` })),
    performers: some(counts.performers, (number) =>
      store.addPerformer({ name: `Performer ${number}` }),
    ),
    groups: some(counts.groups, (number) => store.addGroup({ name: `Group ${number}` })),
  };
}

/** Settings that write all there is of a scene; what is the same for all changes with the stage. */
export function everyField(stage: Stage): Readonly<Record<string, unknown>> {
  return {
    titleTemplate: '{studio} - {title} ({date})',
    sortTitleTemplate: '{code} {title}',
    contentRating: stage === 'First' ? 'R' : 'XXX',
    groupCollections: true,
  };
}

/** The scene's whole form. No two scenes change in the same way. */
export function editOf(id: number, stage: Stage, names: SceneNames): Edit {
  const { title, code, details, date, director, studio, tags, performers, groups } = sceneAt(
    id,
    stage,
  );
  const ids = (list: readonly number[], numbers: readonly number[]): readonly string[] =>
    numbers.map((number) => String(list[number - 1]));
  return {
    id,
    title,
    code,
    details,
    date,
    director: director.join('; '),
    studio_id: ids(names.studios, [studio])[0],
    tag_ids: ids(names.tags, tags),
    performer_ids: ids(names.performers, performers),
    groups: ids(names.groups, groups).map((group_id) => ({ group_id })),
  };
}

/** What Plex is to show of it, lists in no order. */
export function itemAt(id: number, stage: Stage): Readonly<Record<string, unknown>> {
  const { title, code, details, date, director, studio, tags, performers, groups } = sceneAt(
    id,
    stage,
  );
  const named = (kind: string, numbers: readonly number[]): readonly string[] =>
    numbers.map((number) => `${kind} ${number}`).toSorted();
  return {
    title: `Studio ${studio} - ${title} (${date})`,
    titleSort: `${code} ${title}`,
    summary: details,
    originallyAvailableAt: date,
    studio: `Studio ${studio}`,
    contentRating: everyField(stage)['contentRating'],
    genres: named('Tag', tags),
    actors: named('Performer', performers),
    directors: director.toSorted(),
    collections: named('Group', groups),
  };
}

interface SceneAt {
  readonly title: string;
  readonly code: string;
  readonly details: string;
  readonly date: string;
  readonly director: readonly string[];
  /** Numbers from 1. */
  readonly studio: number;
  readonly tags: readonly number[];
  readonly performers: readonly number[];
  readonly groups: readonly number[];
}

function sceneAt(id: number, stage: Stage): SceneAt {
  const isFirst = stage === 'First';
  const picks = (count: number, ...offsets: readonly number[]): readonly number[] =>
    lengthAt(stage, offsets).map((offset) => ((id + offset) % count) + 1);
  return {
    title: `${stage} ${id}`,
    code: `${stage.slice(0, 1)}-${id}`,
    details: `${stage}: ${'What happens in it, at some length. '.repeat(6)}${id}`,
    date: `20${String((isFirst ? 10 : 11) + (id % 14))}-0${1 + (id % 9)}-1${id % 9}`,
    director: lengthAt(stage, [0, 1]).map((more) => `Director ${id + more}`),
    studio: ((id + (isFirst ? 0 : 5)) % counts.studios) + 1,
    tags: picks(counts.tags, 1, 7, 13, 19),
    performers: picks(counts.performers, 3, 17, 31),
    groups: picks(counts.groups, 0, 9),
  };
}

/** All but the last at first, all then, all but the first in the end. */
function lengthAt<T>(stage: Stage, all: readonly T[]): readonly T[] {
  if (stage === 'First') return all.slice(0, -1);
  return stage === 'Less' ? all.slice(1) : all;
}
