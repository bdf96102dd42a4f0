// Stash, Plex and the installed plugin for a storm, and every place where a change may be.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { parseSpoolName } from '../src/capture/event.ts';
import { openStore } from '../src/store/file/open.ts';
import { until } from '../test/helpers/wait.ts';
import { writePayload } from './payloads.ts';
import type { StormScene, StormStash } from './stormHooks.ts';
import { installForBench, pluginEnvironment, settled } from './world.ts';

const lockSeen = v.object({
  samples: v.number(),
  held: v.number(),
  most: v.number(),
  holders: v.number(),
});
export type LockSeen = v.InferOutput<typeof lockSeen>;

export interface StormWorld extends StormStash {
  readonly launcher: string;
  readonly scenes: readonly StormScene[];
  watchLock(): Promise<{ stop(): Promise<LockSeen> }>;
  /** The worker is at it: something has reached Plex. */
  firstWrite(): Promise<void>;
  /** How many of these scenes' changes are in neither spool nor queue nor Plex. */
  lostOf(sceneIds: readonly number[]): number;
  notInPlex(sceneIds: readonly number[]): number;
  timesTheLockWasTaken(): number;
  spoolFiles(): number;
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param folder for the hooks' payloads
 * @param node what the supervisor takes for Node
 */
export async function openStormWorld(
  folder: string,
  node: string,
  sceneCount: number,
  writeServiceMs: number,
): Promise<StormWorld> {
  const world = await installForBench(node);
  await world.configure();
  world.plex.switches.writeServiceMs = writeServiceMs;
  const pairs = new Map(world.addPairs(sceneCount).map((pair) => [pair.sceneId, pair.ratingKey]));
  const spool = join(world.data, 'spool');
  mkdirSync(spool, { recursive: true, mode: 0o700 });
  const connection = {
    directory: world.stash.directory,
    pluginDirectory: world.pluginFolder,
    port: world.stash.port,
    cookieValue: world.stash.sessionCookie(),
  };
  const scenes = [...pairs.keys()].map((sceneId): StormScene => {
    const payloadPath = join(folder, `${sceneId}.json`);
    writePayload(payloadPath, { ...connection, sceneId });
    return { sceneId, payloadPath };
  });
  const titles = new Map<number, string>();
  const isInPlex = (sceneId: number): boolean =>
    world.plex.library.item(pairs.get(sceneId) ?? '')?.title === titles.get(sceneId);
  return {
    environment: { ...process.env, ...pluginEnvironment, PLEXSYNC_NODE: node },
    change: (sceneId) => {
      const title = `Storm ${sceneId}`;
      titles.set(sceneId, title);
      world.stash.store.changeScene(sceneId, { title }, { touch: true });
    },
    launcher: join(world.pluginFolder, 'launch.sh'),
    scenes,
    watchLock: () => watchLock(join(world.data, 'worker.lock')),
    firstWrite: () => until('the worker writes', () => world.plex.counts().editedItems > 0),
    lostOf: (sceneIds) => {
      // In the order in which a change moves, so that none is overtaken by the look.
      const spooled = new Set(readdirSync(spool).map((name) => parseSpoolName(name)?.id));
      const queued = queuedScenes(join(world.data, 'plex-sync.db'));
      return sceneIds.filter((id) => !spooled.has(id) && !queued.has(id) && !isInPlex(id)).length;
    },
    notInPlex: (sceneIds) => sceneIds.filter((id) => !isInPlex(id)).length,
    timesTheLockWasTaken: () => world.logText().split('The worker begins').length - 1,
    spoolFiles: () => readdirSync(spool).length,
    settled: () => settled(world),
    close: () => world.close(),
  };
}

function queuedScenes(database: string): ReadonlySet<number> {
  const { db } = openStore(database, Date.now());
  try {
    const rows = db.prepare("SELECT entity_id FROM queue WHERE entity = 'scene'").all();
    return new Set(rows.map((row) => Number(row['entity_id'])));
  } finally {
    db.close();
  }
}

async function watchLock(path: string): Promise<{ stop(): Promise<LockSeen> }> {
  const program = join(import.meta.dirname, 'lockWatch.ts');
  const child = spawn(process.execPath, [program, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answer = text(child.stdout);
  return {
    stop: async () => {
      child.stdin.end();
      return v.parse(lockSeen, JSON.parse(await answer));
    },
  };
}
