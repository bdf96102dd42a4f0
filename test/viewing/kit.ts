// A Stash and a Plex whose scenes and items are known to each other, and an engine that is turned by hand:
// what goes both ways happens when the test lets the time of a pass come.
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { readState } from '../../src/store/file/state.ts';
import { type ViewingPass, viewingPass } from '../../src/store/run/viewingPass.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import type { Status } from '../../src/contract/status.ts';
import { passEveryMs, wholeEveryMs } from '../../src/viewing/viewing.ts';
import type { Pair, WorldOptions } from '../helpers/world.ts';
import { openTurns, type Turns } from '../sync/turns.ts';

export const hourMs = 3_600_000;

export interface Kit extends Turns {
  readonly pairs: readonly Pair[];
  /** Type these settings. */
  set(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Until a pass has ended that began after now. @param whole a whole one */
  pass(whole?: boolean): Promise<void>;
  play(sceneId: number, at: number): void;
  scene(sceneId: number): {
    readonly plays: readonly number[];
    readonly resumeSeconds: number;
    readonly rating100: number | null;
    readonly updatedAt: string;
  };
  status(): Status;
  /** Of requests to either server. */
  requests(): number;
}

export async function openKit(count: number, options: WorldOptions = {}): Promise<Kit> {
  const kit = await openTurns(options);
  const { world, db } = kit;
  const pairs = Array.from({ length: count }, (_, index): Pair => {
    const path = `/data/folder ${index % 7}/film ${index}.mp4`;
    const file = { path, size: 5_000_000 + index };
    const sceneId = world.stash.store.addScene({ files: [{ ...file, durationSeconds: 3_600 }] });
    const item = { title: `film ${index}`, files: [{ ...file, durationMs: hourMs }] };
    return { sceneId, ratingKey: world.plex.library.addItem(world.section, item) };
  });
  for (const { sceneId } of pairs) world.edit(sceneId, { title: `Film ${sceneId}` });
  const settings = { fields: 'all: off, title: mirror' };
  await world.configure(settings);
  const status = (): Status =>
    readStatus(db, makeDataDirectory(world.data), '0.0.0-test', kit.nowMs);
  for (let turns = 0; turns < 20 * count + 200; turns += 1) {
    await kit.turn();
    kit.nowMs += 100;
    const { scenes, queue } = status();
    if (scenes.matched === count && queue.pending + queue.inFlight + queue.spooled === 0) break;
  }
  const turnUntil = async (what: string, isSo: () => boolean): Promise<void> => {
    for (let turns = 0; turns < 5_000; turns += 1) {
      if (isSo()) return;
      await kit.turn();
      kit.nowMs += 100;
    }
    throw new Error(`not within so many turns: ${what}`);
  };
  const known = (): ViewingPass | null => readState(db, viewingPass);
  const pass = async (whole = false): Promise<void> => {
    await turnUntil('the pass under way ends', () => known()?.underWay === null);
    kit.nowMs += whole ? wholeEveryMs : passEveryMs;
    const from = kit.nowMs;
    const isOver = (): boolean => known()?.underWay === null && (known()?.since ?? 0) >= from;
    await turnUntil('a pass ends', isOver);
  };
  const more: Omit<Kit, keyof Turns> = {
    pairs,
    pass,
    set: async (given) => {
      await world.configure({ ...settings, ...given });
      kit.nowMs += 120_000;
      for (let turns = 0; turns < 5; turns += 1) await kit.turn();
    },
    play: (sceneId, at) => {
      const playHistory = [...(world.stash.store.scene(sceneId)?.playHistory ?? []), isoOf(at)];
      world.stash.store.changeScene(
        sceneId,
        { playHistory: playHistory.toSorted() },
        { touch: false },
      );
    },
    scene: (sceneId) => {
      const scene = world.stash.store.scene(sceneId);
      if (scene === undefined) throw new Error(`there is no scene ${sceneId}`);
      return {
        plays: scene.playHistory.map((at) => Date.parse(at)),
        resumeSeconds: scene.resumeTimeSeconds,
        rating100: scene.rating100,
        updatedAt: scene.updatedAt,
      };
    },
    status,
    requests: () => world.stash.accessLog.length + world.plex.accessLog.length,
  };
  return {
    ...more,
    world,
    db,
    clock: kit.clock,
    library: kit.library,
    get nowMs() {
      return kit.nowMs;
    },
    set nowMs(ms) {
      kit.nowMs = ms;
    },
    turn: () => kit.turn(),
    turns: (many, everyMs) => kit.turns(many, everyMs),
    restart: () => kit.restart(),
    close: () => kit.close(),
  };
}

export function isoOf(at: number): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000', '');
}
