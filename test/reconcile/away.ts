// A library in step, last changed long ago, and times in which PlexSync is switched off: what is done in
// Stash then fires no hook, and a run finds it by itself.
import { type EntityKind, entityKinds } from '../../simulators/stash/store/records.ts';
import type { Status } from '../../src/contract/status.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { lastRuns, type Run } from '../../src/store/run/run.ts';
import { rows } from '../../src/store/file/sql.ts';
import { stashNewest } from '../../src/store/run/stashNewest.ts';
import { clearState } from '../../src/store/file/state.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import type { Pair } from '../helpers/world.ts';
import { openTurns, type Turns } from '../sync/turns.ts';

const minute = 60_000;
export const hour = 60 * minute;
const longAgo = '2026-01-01T10:00:00Z';

export interface Away extends Turns {
  readonly pairs: readonly Pair[];
  readonly ids: readonly number[];
  configure(settings?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Until nothing is left to do now. @param each after each turn */
  idle(each?: () => Promise<void>): Promise<void>;
  /** As `idle`, after a time in which the worker would have looked at the settings. */
  minuteLater(): Promise<void>;
  /** Switches PlexSync off for that long, and on again. */
  away(work: () => void | Promise<void>): Promise<void>;
  /** Number of a performer, studio, tag or group by name. */
  idOf(kind: EntityKind, name: string): number;
  rename(kind: EntityKind, name: string, to: string): void;
  runs(): readonly Run[];
  status(): Status;
  /** Scenes into whose items anything was written since the mark, once for each field, ascending. */
  written(): readonly number[];
  /** Requests to Plex that are no reads, since the mark. */
  writes(): number;
  /** Requests for Stash's data since the mark. */
  questions(): number;
  /** Lets all of Stash have been changed long ago. */
  age(): void;
  /** From here on it is counted. */
  mark(): void;
}

/**
 * @param count of scenes: each tenth has the performer Ann, the next one Bea, then studio One, tag a,
 *   the group G
 */
export async function openAway(count: number): Promise<Away> {
  const turns = await openTurns();
  const { world, db } = turns;
  const { store } = world.stash;
  const configure = async (settings: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    await world.configure({ noCatchUp: false, ...settings });
  };
  await configure();
  const pairs = world.addPairs(count);
  const group = store.addGroup({ name: 'G' });
  pairs.forEach(({ sceneId }, at) => {
    const of = (tenth: number): boolean => at % 10 === tenth;
    const groups = of(4) ? [{ groupId: group, sceneIndex: null }] : [];
    store.changeScene(sceneId, { groups }, { touch: false });
    world.edit(sceneId, {
      title: `Scene ${sceneId}`,
      tags: of(3) ? ['a', 'b'] : ['b'],
      ...(of(0) && { performers: ['Ann', 'Zoe'] }),
      ...(of(1) && { performers: ['Bea'] }),
      ...(of(2) && { studio: 'One' }),
    });
  });
  const seen = { change: 0, plex: 0, stash: 0 };
  const away: Away = Object.assign(turns, {
    pairs,
    ids: pairs.map(({ sceneId }) => sceneId),
    configure,
    idle: async (each?: () => Promise<void>): Promise<void> => {
      for (let made = 0; made < 2_000; made += 1) {
        const turn = await turns.turn();
        turns.nowMs += 1_000;
        await each?.();
        if (turn.kind === 'disabled') return;
        if (turn.kind === 'idle' && (turn.until === null || turn.until > turns.nowMs)) return;
      }
      throw new Error('it does not come to rest');
    },
    minuteLater: async (): Promise<void> => {
      turns.nowMs += minute;
      await away.idle();
    },
    away: async (work: () => void | Promise<void>): Promise<void> => {
      await enable(turns, false);
      await away.minuteLater();
      await work();
      await enable(turns, true);
      turns.nowMs += 10 * minute;
      await turns.restart();
      away.mark();
    },
    idOf: (kind: EntityKind, name: string): number => {
      for (const one of store.entities(kind)) if (one.name === name) return one.id;
      throw new RangeError(`no ${kind} ${name}`);
    },
    rename: (kind: EntityKind, name: string, to: string): void => {
      store.changeEntity(kind, away.idOf(kind, name), { name: to });
    },
    runs: () => lastRuns(db, 30),
    status: () => readStatus(db, makeDataDirectory(world.data), '0.0.0-test', turns.nowMs),
    written: () =>
      rows(db, 'SELECT scene_id FROM change WHERE id > ? ORDER BY scene_id', seen.change).map(
        (row) => Number(row['scene_id']),
      ),
    writes: () =>
      world.plex.accessLog.slice(seen.plex).filter(({ method }) => method !== 'GET').length,
    questions: () =>
      world.stash.accessLog.slice(seen.stash).filter(({ target }) => target === '/graphql').length,
    age: (): void => {
      for (const { id } of store.scenes()) store.stampScene(id, longAgo);
      for (const kind of entityKinds) {
        for (const { id } of store.entities(kind)) store.stampEntity(kind, id, longAgo);
      }
      // To PlexSync that would be a database that was put back.
      clearState(db, stashNewest);
    },
    mark: (): void => {
      const [last] = rows(db, 'SELECT coalesce(max(id), 0) AS id FROM change');
      seen.change = Number(last?.['id']);
      seen.plex = world.plex.accessLog.length;
      seen.stash = world.stash.accessLog.length;
    },
  });
  await away.idle();
  away.age();
  away.mark();
  return away;
}

async function enable({ world }: Turns, enabled: boolean): Promise<void> {
  await world.stash.graphql('mutation ($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }', {
    map: { 'plex-sync': enabled },
  });
}
