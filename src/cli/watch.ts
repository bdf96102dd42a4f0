// `plexsync watch`: PlexSync as a process of its own, beside Stash, for those who want nothing inside its
// container. The same worker; Stash is asked for changes instead of telling them, and the settings are
// a file.
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { openSideWork } from '../viewing/sideWork.ts';
import { openStashClient } from '../stash/client.ts';
import { isLoopback, type StashConnection } from '../stash/connection.ts';
import { makeDataDirectory } from '../store/file/dataDirectory.ts';
import type { Database } from '../store/file/database.ts';
import * as state from '../store/file/state.ts';
import { writeState } from '../store/file/state.ts';
import { systemClock } from '../sync/base/clock.ts';
import {
  pluginId,
  reportProblems,
  settingsOf,
  type SettingsRead,
} from '../sync/servers/configuration.ts';
import { readSettingsFile, type TypedSettings } from '../sync/servers/typedSettings.ts';
import { openData } from '../sync/dataLoss.ts';
import { type Log, openLog } from '../sync/base/log.ts';
import { exitCodes, runWorker } from '../sync/worker.ts';
import { openTracingIfWanted } from '../trace/wanted.ts';
import type { Program } from './commandLine.ts';
import { watching } from './watchWork.ts';

export const watchUsage = `plexsync watch [--stash <address>] [--settings <file>] [--data <directory>] [--every <seconds>] [--insecure]

Keeps Plex in step from outside of Stash, for as long as it runs. Not beside the plugin: it refuses then.

--stash     address of Stash; or the variable STASH_URL. Its API key, if it wants one: STASH_API_KEY
--settings  JSON file with the settings, by their names in docs/settings.md; or PLEXSYNC_SETTINGS
--data      where to keep the data; or PLEXSYNC_DATA
--every     seconds between two looks at Stash, 5 to 3600; 30 unless given
--insecure  take any certificate of a Stash on another machine, instead of one that this machine trusts
`;

interface Wanted {
  readonly stash: StashConnection;
  readonly settings: string;
  readonly data: string;
  readonly everyMs: number;
}

const refusal =
  'The plugin PlexSync is installed and switched on in this Stash: two would write the same items. Switch it off there, or do without watch.';

/** @returns the exit code: 0 it was stopped, 1 it refused or failed, 2 called wrongly */
export async function runWatch(args: readonly string[], program: Program): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(watchUsage);
    return 0;
  }
  let asked: Wanted;
  try {
    asked = wantedOf(args, process.env);
    readSettingsFile(asked.settings);
  } catch (error) {
    process.stderr.write(`${toPlexSyncError(error).message}\n\n${watchUsage}`);
    return 2;
  }
  if (await pluginIsThere(asked.stash)) return refused();
  keepConnection(asked);
  return await watch(asked, program);
}

async function watch(
  { data, settings, everyMs }: Wanted,
  { version, programPath }: Program,
): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
  }
  let isRefused = false;
  const refuse = (): void => {
    isRefused = true;
    stop.abort();
  };
  const tracing = await openTracingIfWanted(process.env, version);
  process.stdout.write(`PlexSync ${version} watches Stash every ${everyMs / 1000} s.\n`);
  const code = await runWorker({
    dataDirectory: data,
    version,
    programPath,
    watches: true,
    sideWork: (db) => watching(db, openSideWork(db), everyMs),
    readSettings: async (db, log, stash) => {
      if (!(await stash.pluginEnabled(pluginId))) return settingsNow(db, log, settings);
      refuse();
      return { kind: 'disabled' };
    },
    ...(tracing === null ? {} : { tracing }),
    stop: stop.signal,
    supervisorPid: () => null,
    supervisorGone: () => {},
  });
  await tracing?.close();
  if (isRefused) return refused();
  if (code === exitCodes.locked) {
    process.stderr.write(`Another PlexSync is at work on ${data}.\n`);
    return 1;
  }
  return code;
}

function refused(): number {
  process.stderr.write(`${refusal}\n`);
  return 1;
}

function wantedOf(args: readonly string[], env: NodeJS.ProcessEnv): Wanted {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      stash: text,
      settings: text,
      data: text,
      every: text,
      insecure: { type: 'boolean', default: false },
    },
  });
  const need = (name: string, given: string | undefined): string => {
    if (given !== undefined && given !== '') return given;
    throw new PlexSyncError('bad-arguments', `--${name} is missing.`, { field: name });
  };
  const everySeconds = Number(values.every ?? '30');
  if (!(everySeconds >= 5 && everySeconds <= 3600)) {
    throw new PlexSyncError('bad-arguments', '--every must be 5 to 3600 seconds.', {
      field: 'every',
    });
  }
  const apiKey = env['STASH_API_KEY'] ?? '';
  return {
    stash: connectionOf(need('stash', values.stash ?? env['STASH_URL']), apiKey, values.insecure),
    settings: resolve(need('settings', values.settings ?? env['PLEXSYNC_SETTINGS'])),
    data: resolve(need('data', values.data ?? env['PLEXSYNC_DATA'])),
    everyMs: everySeconds * 1000,
  };
}

function connectionOf(address: string, apiKey: string, isInsecure: boolean): StashConnection {
  const url = URL.canParse(address) ? new URL(address) : null;
  const scheme = url?.protocol.slice(0, -1);
  if (url === null || (scheme !== 'http' && scheme !== 'https') || url.pathname !== '/') {
    const message = '--stash must be an address such as http://192.168.1.10:9999';
    throw new PlexSyncError('bad-arguments', message, { field: 'stash' });
  }
  const usual = scheme === 'http' ? 80 : 443;
  const port = url.port === '' ? usual : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const trusts = scheme === 'http' || isInsecure || isLoopback({ host });
  const credentials = { cookie: null, apiKey: apiKey === '' ? null : apiKey };
  return { scheme, host, port, ...credentials, ...(trusts ? {} : { certificate: 'checked' }) };
}

/** Half of a file that is just being saved is a problem for the status, as settings in Stash would be. */
function settingsNow(db: Database, log: Log, path: string): SettingsRead {
  let raw: TypedSettings;
  try {
    raw = readSettingsFile(path);
  } catch (error) {
    reportProblems(db, log, [{ setting: 'settings', message: toPlexSyncError(error).message }]);
    return { kind: 'invalid' };
  }
  return settingsOf(db, log, raw);
}

/** A Stash that does not answer yet is asked again before anything is written. */
async function pluginIsThere(connection: StashConnection): Promise<boolean> {
  const client = openStashClient(connection);
  try {
    return await client.pluginEnabled(pluginId);
  } catch (error) {
    process.stdout.write(`${toPlexSyncError(error).message} It is tried again.\n`);
    return false;
  } finally {
    await client.close();
  }
}

function keepConnection({ data, stash, settings: settingsFile }: Wanted): void {
  const directory = makeDataDirectory(data);
  const log = openLog(directory.log, systemClock);
  const db = openData(directory, log, systemClock.now());
  try {
    const pluginDir = dirname(process.argv[1] ?? '');
    writeState(db, state.connection, { ...stash, pluginDir, settingsFile });
  } finally {
    db.close();
  }
}
