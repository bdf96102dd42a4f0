// Steps "stash", "plugin" and "settings": the way to Stash, and what Stash has to say.
import type { HealthStep } from '../../contract/health.ts';
import { type ErrorCode, isPlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { checkSettings, type Settings } from '../../contract/settings.ts';
import { openStashClient, type StashClient } from '../../stash/client.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { readState, writeState } from '../../store/file/state.ts';
import { pluginId } from '../../sync/servers/configuration.ts';
import {
  readSettingsFile,
  settingsFileOf,
  type TypedSettings,
} from '../../sync/servers/typedSettings.ts';
import { fail, ok, skipped } from './step.ts';

export interface StashFindings {
  readonly steps: readonly HealthStep[];
  /** null where they could not be read, or are wrong. */
  readonly settings: Settings | null;
}

const names = ['stash', 'plugin', 'settings'] as const;

export async function checkStash(db: Database): Promise<StashFindings> {
  const known = readState(db, state.connection);
  if (known === null) {
    const finding = 'PlexSync does not know yet how to reach Stash.';
    return stopAt(0, [
      fail('stash', finding, 'Save any scene in Stash, or run a task of PlexSync.'),
    ]);
  }
  const { pluginDir: _, ...wanted } = known;
  const address = `${known.scheme}://${known.host}:${known.port}`;
  let client: StashClient | null = null;
  try {
    client = openStashClient(wanted, {
      onConnectionChanged: ({ cookie }) => {
        writeState(db, state.connection, { ...(readState(db, state.connection) ?? known), cookie });
      },
    });
    return await ask(db, client, address);
  } catch (error) {
    if (!isPlexSyncError(error)) throw error;
    const { message, code } = error;
    return stopAt(0, [fail('stash', `Stash at ${address}: ${message}`, wayOut(code))]);
  } finally {
    await client?.close();
  }
}

async function ask(db: Database, client: StashClient, address: string): Promise<StashFindings> {
  const version = await client.version();
  const reached = ok('stash', `Stash ${version} answers at ${address}, and takes the login.`);
  const file = settingsFileOf(db);
  if (file !== null) return besideStash(reached, file);
  if (!(await client.pluginEnabled(pluginId))) {
    const finding = 'PlexSync is switched off in Stash, or not installed there.';
    const wayOut = 'Switch it on under Settings > Plugins. Saves made meanwhile are not noticed.';
    return stopAt(1, [reached, fail('plugin', finding, wayOut)]);
  }
  const enabled = ok('plugin', 'PlexSync is switched on in Stash.');
  const typed = await client.settings(pluginId);
  return checked([reached, enabled], typed, 'Put them right under Settings > Plugins, PlexSync.');
}

function besideStash(reached: HealthStep, file: string): StashFindings {
  const steps = [reached, ok('plugin', 'Not needed in Stash: this is of plexsync watch.')];
  try {
    return checked(steps, readSettingsFile(file), `Put them right in ${file}.`);
  } catch (error) {
    const wrong = fail('settings', toPlexSyncError(error).message, 'Put the file right.');
    return { steps: [...steps, wrong], settings: null };
  }
}

function checked(
  steps: readonly HealthStep[],
  typed: TypedSettings,
  wayOut: string,
): StashFindings {
  const check = checkSettings(typed);
  if (check.kind === 'valid') {
    const valid = ok('settings', 'The settings can be used.');
    return { steps: [...steps, valid], settings: check.settings };
  }
  const finding = check.problems.map(({ setting, message }) => `${setting} ${message}`).join(' ');
  return { steps: [...steps, fail('settings', finding, wayOut)], settings: null };
}

function stopAt(at: number, steps: readonly HealthStep[]): StashFindings {
  const because = at === 0 ? 'Stash cannot be asked' : 'PlexSync is switched off';
  const rest = names.slice(at + 1).map((name) => skipped(name, because));
  return { steps: [...steps, ...rest], settings: null };
}

function wayOut(code: ErrorCode): string {
  switch (code) {
    case 'stash-unauthorized':
      return 'Generate an API key in Stash (Settings > Security), then save a scene or run a task of PlexSync.';
    case 'stash-unreachable':
    case 'stash-timeout':
      return 'Is Stash running? If its address or port was changed, save a scene: that tells PlexSync the new one.';
    case 'config-invalid':
      return 'Set host in Stash’s config.yml to 0.0.0.0 or to an address, start Stash again and save a scene.';
    default:
      return 'Look into Stash’s log. PlexSync tries again by itself.';
  }
}
