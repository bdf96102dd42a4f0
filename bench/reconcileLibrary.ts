// The library of `bench reconcile`: of any number, the scene and its item, in step with each other; what
// drifts apart where, without a hook; and the gap that has to be told of it. Worked out from the number.
import type { NewItem } from '../simulators/plex/libraryFace.ts';

export const studios = 12;
export const tags = 40;
export const performers = 60;
export const folder = '/data/scenes';

/** More of each list than a listing of Plex's shows. */
const tagsEach = [1, 7, 13, 19];
const performersEach = [3, 17, 31, 43];

export interface SceneFacts {
  readonly path: string;
  readonly size: number;
  readonly title: string;
  readonly details: string;
  readonly date: string;
  /** Numbers from 1. */
  readonly studio: number;
  readonly tags: readonly number[];
  readonly performers: readonly number[];
}

export function sceneOf(number: number): SceneFacts {
  const six = String(number).padStart(6, '0');
  const picks = (count: number, offsets: readonly number[]): readonly number[] =>
    offsets.map((offset) => ((number + offset) % count) + 1);
  return {
    path: `${folder}/${Math.floor(number / 200)}/scene-${six}.mp4`,
    size: 1_000_000 + number,
    title: `Scene ${number}`,
    details: `${'What happens in it, at some length. '.repeat(6)}${number}`,
    date: `20${String(10 + (number % 14))}-0${1 + (number % 9)}-1${number % 9}`,
    studio: (number % studios) + 1,
    tags: picks(tags, tagsEach),
    performers: picks(performers, performersEach),
  };
}

/** What Plex has of it: all that Stash has, and no lock. */
export function itemOf(number: number): NewItem {
  const scene = sceneOf(number);
  return {
    title: scene.title,
    summary: scene.details,
    date: scene.date,
    studio: `Studio ${scene.studio}`,
    genres: scene.tags.map((tag) => `Tag ${tag}`),
    actors: scene.performers.map((performer) => `Performer ${performer}`),
    files: [{ path: scene.path, size: scene.size, durationMs: 600_000 }],
    addedAt: 1_600_000_000 + number,
  };
}

/** One of a hundred each. `missing` and `no-scene` are new ones, beside the others. */
export const drifts = [
  'empty',
  'stashChanged',
  'plexReverted',
  'missing',
  'sceneGone',
  'itemGone',
  'moved',
  'noScene',
  'edited',
] as const;
export type Drift = (typeof drifts)[number];

export function driftOf(number: number): Drift | null {
  return drifts[(number % 100) - 1] ?? null;
}

/** New ones have numbers of their own. */
export const newFrom = 2_000_000;

/** The gap that a number has to be told by: kind, field, and the scene's or item's number. */
export function gapOf(number: number): string | null {
  switch (driftOf(number)) {
    case null:
      return null;
    case 'empty':
      return `empty studio ${number}`;
    case 'stashChanged':
      return `stale genre ${number}`;
    case 'plexReverted':
      return `stale title ${number}`;
    case 'missing':
      return `missing  ${newFrom + number}`;
    case 'sceneGone':
      return `scene-gone  ${number}`;
    case 'itemGone':
      return `item-gone  ${number}`;
    case 'moved':
      return `moved  ${number}`;
    case 'noScene':
      return `no-scene  ${newFrom + number}`;
    case 'edited':
      return `edited summary ${number}`;
  }
}
