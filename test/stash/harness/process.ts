// One Stash process on a directory of its own: config.yml, database, plugins, and its log as a file.
// It can be stopped and started again on the same port, as at a restart of the machine.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { until } from '../../helpers/wait.ts';
import { openStashFace, type StashFace } from './client.ts';
import { endProcessesOf } from './processes.ts';

export interface StashProcessOptions {
  readonly binary: string;
  /** Folder in which the run's own directory is made. */
  readonly root: string;
  /** Folder with the videos. */
  readonly media: string;
  /** Database of a library scanned before; a new one otherwise. */
  readonly database?: string;
  /** Finished plugins, copied into the plugins folder under their own folder's name. */
  readonly plugins?: readonly string[];
  /** Entries of config.yml beside the usual ones. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Added to the environment of Stash, and so of its plugins. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface StashProcess {
  /** Stash's configuration directory. */
  readonly directory: string;
  readonly pluginsFolder: string;
  readonly face: StashFace;
  /** All that Stash has logged since the first start. */
  logText(): string;
  start(): Promise<void>;
  /** As `systemctl stop` does, but for processes that plugins left behind: they live on. */
  stop(): Promise<void>;
  /** Ends everything that runs in the directory. */
  close(): Promise<void>;
}

/** Makes the directory and starts Stash in it. Resolves when it answers. */
export async function startStash(options: StashProcessOptions): Promise<StashProcess> {
  const directory = mkdtempSync(join(options.root, 'stash-'));
  const folder = (name: string): string => {
    mkdirSync(join(directory, name), { recursive: true });
    return join(directory, name);
  };
  const pluginsFolder = folder('plugins');
  // Without it every cover fails with "no such file or directory".
  folder(join('generated', 'tmp'));
  for (const plugin of options.plugins ?? []) {
    cpSync(plugin, join(pluginsFolder, basename(plugin)), { recursive: true });
  }
  const database = join(directory, 'stash.sqlite');
  if (options.database !== undefined) cpSync(options.database, database);
  const port = await freePort();
  const configuration = join(directory, 'config.yml');
  writeFileSync(
    configuration,
    // JSON is YAML, and needs no thought about quoting.
    JSON.stringify({
      host: '127.0.0.1',
      port,
      database,
      stash: [{ path: options.media, excludevideo: false, excludeimage: true }],
      generated: join(directory, 'generated'),
      cache: folder('cache'),
      metadata: folder('metadata'),
      plugins_path: pluginsFolder,
      scrapers_path: folder('scrapers'),
      blobs_storage: 'FILESYSTEM',
      blobs_path: folder('blobs'),
      ffmpeg_path: onPath('ffmpeg'),
      ffprobe_path: onPath('ffprobe'),
      nobrowser: true,
      notifications_enabled: false,
      // Nobody listens there: Stash's look for a new version stays on the machine. Plugins find it
      // in their environment as HTTP_PROXY, as behind a person's real proxy.
      proxy: 'http://127.0.0.1:9',
      ...options.config,
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  const log = join(directory, 'stash.log');
  let child: ChildProcess | null = null;

  const stash: StashProcess = {
    directory,
    pluginsFolder,
    face: openStashFace(url),
    // Coloured even into a file
    logText: () => stripVTControlCharacters(readFileSync(log, 'utf8')),
    start: async () => {
      const output = openSync(log, 'a');
      const started = spawn(options.binary, ['--config', configuration], {
        cwd: directory,
        env: { ...process.env, PATH: pathWithThisNode(), ...options.env },
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      child = started;
      await until(`Stash answers (its log: ${log})`, async () => {
        if (started.exitCode !== null) throw new Error(`Stash ended: ${stash.logText()}`);
        return await isUp(url);
      });
    },
    stop: async () => {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const patience = new AbortController();
      void delay(10_000, undefined, { signal: patience.signal }).then(
        () => child?.kill('SIGKILL'),
        () => {},
      );
      await ended;
      patience.abort();
    },
    close: async () => {
      await stash.stop();
      await endProcessesOf(directory);
    },
  };
  try {
    await stash.start();
  } catch (error) {
    await stash.close();
    throw error;
  }
  return stash;
}

/** @throws Error if `name` is in no folder of the PATH */
export function onPath(name: string): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // the next one
    }
  }
  throw new Error(`${name} is not on the PATH; the real-Stash tests need it`);
}

/** The launcher looks for Node on the PATH: the one that runs the tests comes first. */
function pathWithThisNode(): string {
  return `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
}

async function isUp(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  return address.port;
}
