// `bench real-stash`: what a plugin's hook adds to a bulk edit in a real Stash. One Stash, one
// library; in turn no plugin is enabled, the cheapest hook there is, and PlexSync.
// By itself: `STASH_BIN=… node bench/realStash.ts [--json] [--scenes N] [--rounds N]`
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { startPlexSimulator } from '../simulators/plex/server.ts';
import { until } from '../test/helpers/wait.ts';
import type { StashFace } from '../test/stash/harness/client.ts';
import { makeScannedLibrary, mediaFiles } from '../test/stash/harness/library.ts';
import { writeFloorPlugin } from '../test/stash/harness/plugins.ts';
import { startStash } from '../test/stash/harness/process.ts';
import {
  backgroundOf,
  endProcessesOf,
  kill,
  sweepAtExit,
} from '../test/stash/harness/processes.ts';
import { builtPlugin, ensureBuilt } from './built.ts';
import { printed } from './print.ts';
import { figure, loadNow, mustBe, type Report, report } from './report.ts';
import { median, shuffled } from './statistics.ts';

export interface RealStashOptions {
  /** Path of a Stash binary. */
  readonly binary: string;
  /** In one bulk edit. */
  readonly scenes: number;
  /** Bulk edits of each kind; two more are thrown away first. */
  readonly rounds: number;
}

export const realStashDefaults: Omit<RealStashOptions, 'binary'> = { scenes: 100, rounds: 11 };

const warmUps = 2;
const kinds = ['none', 'floor', 'plex-sync', 'plex-sync-cold'] as const;
type Kind = (typeof kinds)[number];

/** What stands between the rounds and the servers. */
interface Bench {
  /** Makes ready for a round of this kind: nothing else runs, nothing waits. */
  prepare(kind: Kind): Promise<void>;
  /** One bulk edit that gives every scene this text. @returns milliseconds until Stash answered */
  edit(text: string): Promise<number>;
  /** @returns how many items do not get the text */
  missing(text: string): Promise<number>;
}

/**
 * @returns milliseconds per scene that Stash took longer than without a plugin, as the median of
 *   the differences within each round
 * @throws Error if Stash does not start or refuses an edit
 */
export async function benchRealStash(options: RealStashOptions): Promise<Report> {
  const load = loadNow();
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'plexsync-bench-stash-'));
  const callOffSweep = sweepAtExit(root);
  const interrupted = (): void => process.exit(130);
  process.once('SIGINT', interrupted);
  try {
    return await withServers(options, root, async (bench, stashVersion) => {
      const times = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
      let missing = 0;
      for (let round = -warmUps; round < options.rounds; round += 1) {
        for (const kind of shuffled(kinds, Math.random)) {
          await bench.prepare(kind);
          const text = `${kind} in round ${round}`;
          const ms = await bench.edit(text);
          if (kind.startsWith('plex-sync')) missing += await bench.missing(text);
          if (round >= 0) times.get(kind)?.push(ms / options.scenes);
        }
      }
      return reported(options, load, stashVersion, times, missing);
    });
  } finally {
    process.off('SIGINT', interrupted);
    await endProcessesOf(root);
    rmSync(root, { recursive: true, force: true });
    callOffSweep();
  }
}

async function withServers<T>(
  { binary, scenes }: RealStashOptions,
  root: string,
  measure: (bench: Bench, stashVersion: string) => Promise<T>,
): Promise<T> {
  const library = await makeScannedLibrary(binary, root, scenes);
  const plugins = [writeFloorPlugin(root), builtPlugin];
  const plex = await startPlexSimulator();
  try {
    const section = plex.library.addSection({ title: 'Videos', locations: [library.media] });
    for (const { path, sizeBytes } of mediaFiles(library.media)) {
      plex.library.addItem(section, { title: path, files: [{ path, size: sizeBytes }] });
    }
    const stash = await startStash({ binary, root, plugins, ...library });
    try {
      const { face } = stash;
      await face.graphql(
        v.unknown(),
        'mutation ($input: Map!) { configurePlugin(plugin_id: "plex-sync", input: $input) }',
        { input: { plexUrl: plex.url, plexToken: plex.token } },
      );
      const ids = await sceneIds(face);
      const lacking = (text: string): number =>
        plex.library.items().filter((item) => item.summary !== text).length;
      const edit = async (text: string): Promise<number> => {
        const begun = performance.now();
        await face.graphql(
          v.unknown(),
          'mutation ($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }',
          { input: { ids, details: text } },
        );
        return performance.now() - begun;
      };
      const missing = async (text: string): Promise<number> => {
        try {
          await until('all is in Plex', () => lacking(text) === 0);
          await until('nothing waits in PlexSync', async () => (await waiting(face)) === 0);
          return 0;
        } catch {
          return lacking(text);
        }
      };
      return await measure(
        {
          edit,
          missing,
          prepare: async (kind) => {
            const isPlexSync = kind.startsWith('plex-sync');
            await enableOnly(face, isPlexSync ? 'plex-sync' : kind);
            if (!isPlexSync) return;
            // The page's look starts a worker if none lives.
            if (kind === 'plex-sync') await waiting(face);
            else await endBackground(stash.directory);
          },
        },
        await versionOf(face),
      );
    } finally {
      await stash.close();
    }
  } finally {
    await plex.close();
  }
}

function reported(
  { scenes, rounds }: RealStashOptions,
  load: number,
  stashVersion: string,
  times: ReadonlyMap<Kind, readonly number[]>,
  missing: number,
): Report {
  const of = (kind: Kind): readonly number[] => times.get(kind) ?? [];
  const added = (kind: Kind): number =>
    median(of(kind).map((ms, round) => ms - (of('none')[round] ?? Number.NaN)));
  const floor = { name: "sh -c 'cat >/dev/null'", value: added('floor') };
  const unit = 'ms';
  return report(
    'real-stash',
    load,
    { scenes, rounds, stash: stashVersion },
    [
      figure({ name: 'a scene without any plugin', value: median(of('none')), unit }),
      figure({ name: 'added by the floor', value: floor.value, unit }),
      figure({
        name: 'added by PlexSync',
        value: added('plex-sync'),
        unit,
        floor,
        target: { relation: '<=', value: 2, of: 'floor' },
      }),
      figure({
        name: 'added by PlexSync, no worker yet',
        value: added('plex-sync-cold'),
        unit,
        floor,
      }),
      figure({ name: 'a scene with PlexSync', value: median(of('plex-sync')), unit }),
      mustBe('changes that did not reach Plex', missing, 0),
    ],
    [
      `Per scene of one bulkSceneUpdate for ${scenes}: the time until Stash answers, divided. Medians of ${rounds} rounds.`,
      'Added: the difference to the edit without a plugin of the same round; kinds in random order in each round.',
      'With "no worker yet" the first hook starts one, and Node boots beside the other hooks.',
    ],
  );
}

async function enableOnly(face: StashFace, only: string): Promise<void> {
  const map = Object.fromEntries(['floor', 'plex-sync'].map((id) => [id, id === only]));
  await face.graphql(
    v.unknown(),
    'mutation ($map: BoolMap!) { setPluginsEnabled(enabledMap: $map) }',
    { map },
  );
}

async function endBackground(directory: string): Promise<void> {
  await until('no worker lives', () => {
    const living = backgroundOf(directory);
    kill(living);
    return living.length === 0;
  });
}

async function sceneIds(face: StashFace): Promise<readonly string[]> {
  const { findScenes } = await face.graphql(
    v.object({ findScenes: v.object({ scenes: v.array(v.object({ id: v.string() })) }) }),
    '{ findScenes(filter: { per_page: -1 }) { scenes { id } } }',
  );
  return findScenes.scenes.map(({ id }) => id);
}

async function versionOf(face: StashFace): Promise<string> {
  const { version } = await face.graphql(
    v.object({ version: v.object({ version: v.nullable(v.string()), hash: v.string() }) }),
    '{ version { version hash } }',
  );
  return version.version ?? version.hash;
}

/** Number of changes that wait in PlexSync; looking starts a worker if none lives. */
async function waiting(face: StashFace): Promise<number> {
  const count = v.number();
  const queue = v.object({ spooled: count, pending: count, inFlight: count });
  const { runPluginOperation } = await face.graphql(
    v.object({ runPluginOperation: v.object({ queue }) }),
    'mutation { runPluginOperation(plugin_id: "plex-sync", args: { name: "status" }) }',
  );
  const { spooled, pending, inFlight } = runPluginOperation.queue;
  return spooled + pending + inFlight;
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      scenes: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  const binary = process.env['STASH_BIN'] ?? '';
  if (binary === '') {
    console.error('Skipped: STASH_BIN names no Stash binary.');
  } else {
    ensureBuilt();
    const found = await benchRealStash({
      binary,
      scenes: Number(values.scenes ?? realStashDefaults.scenes),
      rounds: Number(values.rounds ?? realStashDefaults.rounds),
    });
    console.log(values.json ? JSON.stringify(found) : printed(found));
  }
}
