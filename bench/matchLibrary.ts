// The library of `bench match`: of any number, the scene as Stash has it, the items that Plex has for
// it, and what matching has to make of it. Worked out from the number alone, so that the servers and
// whoever checks the outcome agree without a list.
import type { NewFile } from '../simulators/plex/disk.ts';
import type { NewItem } from '../simulators/plex/libraryFace.ts';
import type { NewScene } from '../simulators/stash/store/records.ts';
import type { Scene } from '../src/domain/base/scene.ts';

/**
 * `item`: Plex has it, but for some where a mapping says. `review`: two copies of it, none of them there.
 * `waiting`: it would be in a library folder. `outside`: its folder is in no library.
 */
export type Fate = 'item' | 'review' | 'waiting' | 'outside';

export interface Video {
  readonly fate: Fate;
  readonly stashPath: string;
  /** Where Plex has or would have it; null outside. */
  readonly plexPath: string | null;
  readonly size: number;
  readonly durationSeconds: number;
  /** '' for a scene that nobody gave a title. */
  readonly title: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

/** What PlexSync has to find out by itself. */
export const mappings = [
  { stash: '/data/a', plex: '/media/x' },
  { stash: '/data/b', plex: 'D:\\videos' },
  { stash: '\\\\nas\\c', plex: '/mnt/c' },
] as const;

/** Two libraries of Plex's, by their folders. */
export const libraries = [
  ['/media/x', '/media/copies'],
  ['D:\\videos', '/mnt/c'],
] as const;

const namesPerFolder = 200;

/** Whether Plex has it where no mapping leads: its name and size must tell. */
export function isElsewhere(number: number): boolean {
  return number % 100 === 96;
}

/** @param number from 1 on; every 100 numbers hold 97 of `item` and one of each other fate */
export function video(number: number): Video {
  const below = Math.floor(number / 3);
  const folder = Math.floor(below / namesPerFolder);
  const clip = below % namesPerFolder;
  const six = String(number).padStart(6, '0');
  const fate = fateOf(number);
  const place = placeOf(number, folder, clip, six);
  return {
    fate,
    stashPath: fate === 'outside' ? `/data/private/${six}.mp4` : place.stash,
    plexPath: fate === 'outside' ? null : place.plex,
    size: 50_000_000 + number * 4_099,
    // Where names repeat, lengths do not: else the same name and length would be worth a person's look.
    durationSeconds: 60.48 + ((folder * 5 + clip * 37) % 3_540),
    title: number % 2 === 0 ? '' : `Title ${number}`,
    date: new Date(Date.UTC(2015, 0, 1 + folder)).toISOString().slice(0, 10),
  };
}

function fateOf(number: number): Fate {
  switch (number % 100) {
    case 97:
      return 'review';
    case 98:
      return 'waiting';
    case 99:
      return 'outside';
    default:
      return 'item';
  }
}

function placeOf(
  number: number,
  folder: number,
  clip: number,
  six: string,
): { readonly stash: string; readonly plex: string } {
  const [a, b, c] = mappings;
  if (isElsewhere(number)) {
    const sorted = `/media/copies/sorted/${number % 89}`;
    return { stash: `/data/misc/${six}/${six}.mp4`, plex: `${sorted}/${six}.mp4` };
  }
  switch (number % 3) {
    case 0: {
      // Some names as a file system of Apple's spells them.
      const name = `Studio é ${folder % 40}/${2000 + (folder % 20)}/Scène ${six} [1080p].mp4`;
      const spelled = number % 10 === 0 ? name.normalize('NFD') : name;
      return { stash: `${a.stash}/${name}`, plex: `${a.plex}/${spelled}` };
    }
    case 1: {
      // The same names in every folder; some in another case.
      const [shoot, name] = [`shoot ${folder}`, `clip ${String(clip).padStart(3, '0')}.mp4`];
      const spelled = number % 10 === 0 ? name.toUpperCase() : name;
      return { stash: `${b.stash}/${shoot}/${name}`, plex: `${b.plex}\\${shoot}\\${spelled}` };
    }
    default: {
      const [shelf, name] = [`shelf ${folder % 100}`, `c-${six}.mkv`];
      return {
        stash: `${c.stash}\\${shelf}\\new\\${name}`,
        plex: `${c.plex}/${shelf}/new/${name}`,
      };
    }
  }
}

/** The numbers from `first` to `last` of a fate. */
export function numbersOf(fate: Fate, first: number, last: number): readonly number[] {
  const found: number[] = [];
  for (let number = first; number <= last; number += 1) {
    if (fateOf(number) === fate) found.push(number);
  }
  return found;
}

/** As the simulator of Stash takes it: its id is the number. */
export function stashScene(number: number): NewScene {
  const { stashPath: path, size, durationSeconds, title, date } = video(number);
  return { id: number, title, date, files: [{ path, size, durationSeconds }] };
}

/** As PlexSync reads it. */
export function sceneOf(number: number): Scene {
  const { stashPath: path, size, durationSeconds, title, date } = video(number);
  return {
    id: number,
    title: title === '' ? null : title,
    code: null,
    details: null,
    director: null,
    organized: false,
    rating100: null,
    cover: '',
    date,
    updatedAt: '2026-01-01T00:00:00Z',
    studio: null,
    tags: [],
    performers: [],
    groups: [],
    urls: [],
    files: [{ path, size, durationSeconds }],
  };
}

export interface PlacedItem {
  /** Of `libraries`. */
  readonly library: 0 | 1;
  readonly item: NewItem;
}

/** What Plex has: as many items as scenes, for the ambiguous ones two and for those outside a stranger. */
export function plexItems(number: number): readonly PlacedItem[] {
  const { fate, plexPath, stashPath, size, durationSeconds, date } = video(number);
  const length = { durationMs: Math.floor(durationSeconds * 1_000) };
  switch (fate) {
    case 'item':
      // Some that Plex has not looked into yet: only the path tells which they are.
      return [
        placed(number, date, {
          path: plexPath ?? '',
          size,
          ...length,
          analysed: number % 100 !== 50,
        }),
      ];
    case 'review': {
      const name = stashPath.slice(Math.max(...['/', '\\'].map((at) => stashPath.lastIndexOf(at))));
      return ['one', 'two'].map((copy) =>
        placed(number, date, {
          path: `/media/copies/${copy}/${number}/${name.slice(1)}`,
          size,
          ...length,
        }),
      );
    }
    case 'waiting':
      return [];
    case 'outside':
      return [placed(number, date, { path: `/media/x/others/other ${number}.mp4`, size: number })];
  }
}

/** The item of one that waited. */
export function lateItem(number: number): PlacedItem {
  const { plexPath, size, durationSeconds, date } = video(number);
  const durationMs = Math.floor(durationSeconds * 1_000);
  const { library, item } = placed(number, date, { path: plexPath ?? '', size, durationMs });
  const { addedAt: _, ...now } = item;
  return { library, item: now };
}

function placed(number: number, date: string, file: NewFile): PlacedItem {
  const name = file.path.slice(
    Math.max(file.path.lastIndexOf('/'), file.path.lastIndexOf('\\')) + 1,
  );
  return {
    library: libraries[1].some((folder) => file.path.startsWith(folder)) ? 1 : 0,
    item: {
      title: name.replace(/\.[^.]+$/, ''),
      ...(number % 4 === 0 ? { date } : {}),
      files: [file],
      addedAt: 1_600_000_000 + number * 100,
    },
  };
}
