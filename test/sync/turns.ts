// An engine turned by hand, on a clock that only the test moves, with its own Stash and Plex.
import { Library } from '../../simulators/plex/library.ts';
import { openSideWork } from '../../src/viewing/sideWork.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import type { Clock } from '../../src/sync/base/clock.ts';
import { type Engine, type EngineOptions, openEngine, type Turn } from '../../src/sync/engine.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { openWorld, type World, type WorldOptions } from '../helpers/world.ts';

export interface Turns {
  readonly world: World;
  readonly db: Database;
  readonly clock: Clock;
  /** Unix ms; may be set to any time. */
  nowMs: number;
  turn(): Promise<Turn>;
  /** So many turns, each followed by so many milliseconds. */
  turns(count: number, everyMs: number): Promise<void>;
  /** Ends the engine, as the worker's end does, and opens another. */
  restart(): Promise<void>;
  /** Plex's library behind the face that the simulator shows: its sections can be taken away. */
  readonly library: Library;
  close(): Promise<void>;
}

/** @param more what the engine gets besides */
export async function openTurns(
  options: WorldOptions = {},
  more: Pick<EngineOptions, 'standIn' | 'sideWork'> = {},
): Promise<Turns> {
  const world = await openWorld(options);
  await world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1 });
  const directory = makeDataDirectory(world.data);
  const { library } = world.plex;
  if (!(library instanceof Library)) throw new TypeError('the simulator has another library');
  let nowMs = Date.now() + 10_000;
  const clock: Clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  const { db } = openStore(directory.database, nowMs);
  const log = openLog(directory.log, clock);
  const version = '0.0.0-test';
  const sideWork = openSideWork;
  const open = (): Engine => openEngine({ db, directory, clock, log, version, sideWork, ...more });
  let engine = open();
  return {
    world,
    db,
    clock,
    library,
    get nowMs() {
      return nowMs;
    },
    set nowMs(ms) {
      nowMs = ms;
    },
    turn: () => engine.turn(),
    turns: async (count, everyMs) => {
      for (let made = 0; made < count; made += 1) {
        await engine.turn();
        nowMs += everyMs;
      }
    },
    restart: async () => {
      await engine.close();
      engine = open();
    },
    close: async () => {
      await engine.close();
      if (db.isOpen) db.close();
      await world.close();
    },
  };
}
