// Where the settings stand as they were typed: in Stash, or for `plexsync watch` in a file.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import type { StashClient } from '../../stash/client.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { readState } from '../../store/file/state.ts';
import { pluginId } from './configuration.ts';

export type TypedSettings = Readonly<Record<string, unknown>>;

/** The settings file of the `plexsync watch` whose data this is; null beside the plugin. */
export function settingsFileOf(db: Database): string | null {
  return readState(db, state.connection)?.settingsFile ?? null;
}

/** @throws PlexSyncError of Stash's, or `bad-arguments` of the file's */
export async function typedSettings(db: Database, stash: StashClient): Promise<TypedSettings> {
  const file = settingsFileOf(db);
  return file === null ? await stash.settings(pluginId) : readSettingsFile(file);
}

/** @throws PlexSyncError `bad-arguments` if it is no JSON object */
export function readSettingsFile(path: string): TypedSettings {
  try {
    return v.parse(v.record(v.string(), v.unknown()), JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is no JSON' : toPlexSyncError(error).message;
    const message = `The settings in ${path} cannot be read: ${why}`;
    throw new PlexSyncError('bad-arguments', message, { field: 'settings', cause: error });
  }
}
