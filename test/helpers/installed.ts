// The built plugin in a simulated Stash: real launcher, real supervisor, real worker processes.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killProcess } from './killProcess.ts';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import { type StashSimulator, startStashSimulator } from '../../simulators/stash/server.ts';
import type { Status } from '../../src/contract/status.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import { until } from './wait.ts';
import type { Pair } from './world.ts';

export interface Installed {
  readonly stash: StashSimulator;
  readonly plex: PlexSimulator;
  /** The one library of Plex. */
  readonly section: string;
  readonly data: string;
  readonly pluginFolder: string;
  addPairs(count: number): readonly Pair[];
  configure(settings?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Saves the scene as the edit form does: answered when the hooks have ended. */
  save(sceneId: number, change: Readonly<Record<string, unknown>>): Promise<void>;
  /** Pids of the worker processes that live. */
  workers(): readonly number[];
  supervisors(): readonly number[];
  status(): Status;
  logText(): string;
  close(): Promise<void>;
}

export interface InstalledOptions {
  readonly plex?: Parameters<typeof startPlexSimulator>[0];
  readonly stash?: Partial<Parameters<typeof startStashSimulator>[0]>;
  /** Environment of Stash, which the plugin's processes inherit. */
  readonly env?: Readonly<Record<string, string>>;
}

const built = join(import.meta.dirname, '..', '..', 'dist', 'plex-sync');

export async function installPlugin(options: InstalledOptions = {}): Promise<Installed> {
  if (!existsSync(join(built, 'plex-sync.cjs'))) {
    throw new Error('dist/plex-sync is missing: npm run build makes it');
  }
  const root = mkdtempSync(join(tmpdir(), 'plexsync-e2e-'));
  const directory = join(root, 'stash');
  const pluginFolder = join(directory, 'plugins', 'plex-sync');
  mkdirSync(pluginFolder, { recursive: true });
  cpSync(built, pluginFolder, { recursive: true });
  const stash = await startStashSimulator({
    directory,
    ...options.stash,
    env: {
      // The suite can be run against another supported Node: PLEXSYNC_TEST_NODE=/path/to/node.
      PLEXSYNC_NODE: process.env['PLEXSYNC_TEST_NODE'] ?? process.execPath,
      // Supervisors pause in hundredths of the time.
      PLEXSYNC_PAUSE_MS: '10',
      ...options.env,
    },
  });
  stash.loadPlugins();
  const plex = await startPlexSimulator(options.plex);
  const section = plex.library.addSection({ title: 'Videos', locations: ['/data'] });
  const data = join(directory, 'plex-sync');
  let files = 0;

  const processesOf = (program: string): readonly number[] =>
    livingProcesses(root)
      .filter(({ command }) => command.includes(program))
      .map(({ pid }) => pid);

  return {
    stash,
    plex,
    section,
    data,
    pluginFolder,
    addPairs: (count) =>
      Array.from({ length: count }, () => {
        files += 1;
        const file = { path: `/data/clip ${files}.mp4`, size: 1_000_000 + files };
        return {
          sceneId: stash.store.addScene({ files: [{ ...file, durationSeconds: 60 }] }),
          ratingKey: plex.library.addItem(section, { title: `scanned ${files}`, files: [file] }),
        };
      }),
    configure: async (settings = {}) => {
      await stash.graphql(
        'mutation ($input: Map!) { configurePlugin(plugin_id: "plex-sync", input: $input) }',
        { input: { plexUrl: plex.url, plexToken: plex.token, ...settings } },
      );
    },
    save: async (sceneId, change) => {
      await stash.graphql(
        'mutation ($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }',
        { input: { id: String(sceneId), ...change } },
      );
    },
    workers: () => processesOf('plex-sync.cjs'),
    supervisors: () => processesOf('supervise.sh'),
    status: () => {
      const { db } = openStore(join(data, 'plex-sync.db'), Date.now());
      try {
        return readStatus(db, makeDataDirectory(data), '0.0.0-test', Date.now());
      } finally {
        db.close();
      }
    },
    logText: () => {
      const path = join(data, 'plex-sync.log');
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    },
    close: async () => {
      await stash.close();
      await plex.close();
      await until('all processes of the plugin are gone', () => {
        const left = livingProcesses(root);
        for (const { pid } of left) killQuietly(pid);
        return left.length === 0;
      });
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function livingProcesses(marker: string): readonly { pid: number; command: string }[] {
  return execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line);
      const [, pid = '', state = 'Z', command = ''] = match ?? [];
      const ours = command.includes(marker) && !state.startsWith('Z');
      return ours ? [{ pid: Number(pid), command }] : [];
    });
}

export function killQuietly(pid: number): void {
  try {
    killProcess(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
