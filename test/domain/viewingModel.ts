// A scene, its item and the people who watch it, as far as what goes both ways is concerned.
import type { PlexViewed, StashViewed, Write } from '../../src/domain/mirror/viewing.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export interface World {
  now: number;
  readonly plex: Writable<PlexViewed>;
  readonly stash: Writable<StashViewed>;
  /** Those that a person added and did not take away. */
  personsPlays: number[];
  /** When a person watched it in Plex, or some of it. */
  readonly views: number[];
  /** Whether a person has cleared where it was left, on either side. */
  hasCleared: boolean;
  /** Whether a person watched it in Plex, or marked it there, since it was unplayed last. */
  personsViewSinceUnplayed: boolean;
  readonly plexIs: {
    readonly marksClearOffset: boolean;
    readonly marksMoveTime: boolean;
    readonly zeroIsIgnored: boolean;
  };
}

const hourMs = 3_600_000;

export function newWorld(plexIs: World['plexIs']): World {
  return {
    now: Date.UTC(2026, 0, 1),
    plex: {
      viewCount: 0,
      viewOffsetMs: 0,
      userRating: null,
      lastViewedAt: null,
      lastRatedAt: null,
      durationMs: hourMs,
    },
    stash: {
      plays: [],
      resumeSeconds: 0,
      rating100: null,
      lastPlayedAt: null,
      updatedAt: 0,
      durationSeconds: 3_600,
    },
    personsPlays: [],
    views: [],
    hasCleared: false,
    personsViewSinceUnplayed: false,
    plexIs,
  };
}

/** What a person does; a minute and a half before now, so that nobody is at it any more. */
export function act(world: World, does: string | readonly [string, number]): void {
  const { plex, stash } = world;
  const at = world.now - 90_000;
  const [what, value] = typeof does === 'string' ? [does, 0] : does;
  if (what.startsWith('stop') && value === 0) world.hasCleared = true;
  switch (what) {
    case 'view-in-plex':
      Object.assign(plex, { viewCount: plex.viewCount + 1, viewOffsetMs: 0, lastViewedAt: at });
      world.personsViewSinceUnplayed = true;
      world.views.push(at);
      world.hasCleared = true;
      return;
    case 'unplay-in-plex':
      Object.assign(plex, { viewCount: 0, viewOffsetMs: 0 });
      world.personsViewSinceUnplayed = false;
      world.hasCleared = true;
      return;
    case 'play-in-stash':
      addPlay(world, at);
      world.personsPlays.push(at);
      return;
    case 'clear-plays-in-stash':
      stash.plays = [];
      stash.lastPlayedAt = null;
      world.personsPlays = [];
      return;
    case 'delete-a-play-in-stash': {
      const gone = stash.plays[0];
      stash.plays = stash.plays.slice(1);
      stash.lastPlayedAt = stash.plays.at(-1) ?? null;
      world.personsPlays = world.personsPlays.filter((play) => play !== gone);
      return;
    }
    case 'stop-in-plex':
      Object.assign(plex, { viewOffsetMs: value * 1000, lastViewedAt: at });
      world.views.push(at);
      return;
    case 'stop-in-stash':
      stash.resumeSeconds = value;
      return;
    case 'rate-in-plex':
      Object.assign(plex, { userRating: value === 0 ? null : value, lastRatedAt: at });
      return;
    case 'rate-in-stash':
      Object.assign(stash, { rating100: value === 0 ? null : value, updatedAt: at });
  }
}

export function write(world: World, one: Write): void {
  const { plex, stash, plexIs } = world;
  switch (one.kind) {
    case 'add-play':
      addPlay(world, one.at);
      return;
    case 'delete-plays':
      for (const at of one.times) {
        const index = stash.plays.indexOf(at);
        if (index >= 0) stash.plays = stash.plays.toSpliced(index, 1);
      }
      stash.lastPlayedAt = stash.plays.at(-1) ?? null;
      return;
    case 'resume':
      stash.resumeSeconds = one.seconds;
      return;
    case 'mark':
      if (one.to === 'watched') {
        plex.viewCount += 1;
        if (plexIs.marksMoveTime) plex.lastViewedAt = world.now;
      } else plex.viewCount = 0;
      if (plexIs.marksClearOffset) plex.viewOffsetMs = 0;
      return;
    case 'offset':
      if (one.ms === 0 && plexIs.zeroIsIgnored) return;
      plex.viewOffsetMs = one.ms;
      plex.lastViewedAt = world.now;
      return;
    case 'rate':
      if (one.side === 'plex')
        Object.assign(plex, { userRating: one.rating, lastRatedAt: world.now });
      else Object.assign(stash, { rating100: one.rating100, updatedAt: world.now });
  }
}

function addPlay({ stash }: World, at: number): void {
  stash.plays = [...stash.plays, at].toSorted((a, b) => a - b);
  stash.lastPlayedAt = stash.plays.at(-1) ?? null;
}
