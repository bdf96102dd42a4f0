// Reads the settings from Stash and makes the connection to Plex that they describe. Every problem
// is kept for the status by the setting's name; capture goes on meanwhile.
import { createHash } from 'node:crypto';
import { type PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { checkSettings, type SettingProblem, type Settings } from '../../contract/settings.ts';
import type { Warning } from '../../contract/status.ts';
import { chooseLibraries } from '../../domain/match/libraryChoice.ts';
import { openPlexClient, type PlexClient } from '../../plex/client.ts';
import type { Pacer } from '../../plex/gate.ts';
import type { StashClient } from '../../stash/client.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import {
  clearState,
  readState,
  stableClientIdentifier,
  writeState,
} from '../../store/file/state.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';
import type { Log } from '../base/log.ts';

export const pluginId = 'plex-sync';

export type SettingsRead =
  | { readonly kind: 'valid'; readonly settings: Settings; readonly hash: string }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'disabled' };

/**
 * The settings as Stash has them now.
 * @throws PlexSyncError of Stash's
 */
export async function readSettings(
  db: Database,
  log: Log,
  stash: StashClient,
): Promise<SettingsRead> {
  if (!(await stash.pluginEnabled(pluginId))) return { kind: 'disabled' };
  return settingsOf(db, log, await stash.settings(pluginId));
}

/** The settings as they were typed, checked; problems are kept for the status. */
export function settingsOf(
  db: Database,
  log: Log,
  raw: Readonly<Record<string, unknown>>,
): SettingsRead {
  const check = checkSettings(raw);
  if (check.kind === 'invalid') {
    reportProblems(db, log, check.problems);
    return { kind: 'invalid' };
  }
  return { kind: 'valid', settings: check.settings, hash: settingsHash(check.settings) };
}

function settingsHash(settings: Settings): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
}

/** Keeps the problems for the status; each set of them is logged once. */
export function reportProblems(db: Database, log: Log, problems: readonly SettingProblem[]): void {
  const known = JSON.stringify(readState(db, state.problems) ?? []);
  if (known === JSON.stringify(problems)) return;
  writeState(db, state.problems, [...problems]);
  for (const { setting, message } of problems) {
    log.write('error', 'setting', `${setting}: ${message}`, { setting });
  }
}

export function clearProblems(db: Database, log: Log): void {
  if (readState(db, state.problems) === null) return;
  clearState(db, state.problems);
  log.write('info', 'settings', 'The settings are in order now');
}

/** @param pacer lets Plex rest after writes; without one it does not */
export function connectToPlex(
  db: Database,
  settings: Settings,
  version: string,
  pacer?: Pacer,
): PlexClient {
  const connection = {
    url: settings.plexUrl,
    token: settings.plexToken,
    clientIdentifier: stableClientIdentifier(db),
    version,
    timeouts: {
      connectMs: settings.connectTimeoutMs,
      readHeadersMs: settings.readTimeoutMs,
      readBodyMs: settings.readTimeoutMs,
      writeHeadersMs: settings.writeTimeoutMs,
      writeBodyMs: settings.writeTimeoutMs,
    },
  };
  return openPlexClient(connection, Date.now, pacer);
}

export type Acquaintance = { readonly warnings: readonly Warning[] } & (
  | { readonly kind: 'known'; readonly identity: PlexIdentity; readonly version: string }
  | { readonly kind: 'wrong-libraries'; readonly problems: readonly SettingProblem[] }
);

/**
 * Who this Plex is and which of its libraries are meant.
 * @throws PlexSyncError of Plex's
 */
export async function meetPlex(plex: PlexClient, settings: Settings): Promise<Acquaintance> {
  const server = await plex.server();
  const { sections, problems, warnings } = chooseLibraries(
    await plex.sections(),
    settings.plexLibraries,
  );
  if (problems.length > 0) return { kind: 'wrong-libraries', problems, warnings };
  return {
    kind: 'known',
    identity: { machineIdentifier: server.machineIdentifier, sections },
    version: server.version,
    warnings,
  };
}

/** A problem that only using the settings could show, in the words of the setting concerned. */
export function problemOf(error: PlexSyncError): SettingProblem {
  if (error.code === 'config-invalid' && error.field === 'host') {
    // Of `baseUrl`: Stash tells its plugins the address that it is bound to.
    const message = `${error.message} Set host in its config.yml to 0.0.0.0, to a name or to an address without a zone (%), start Stash again and save a scene.`;
    return { setting: 'Stash', message };
  }
  const setting = error.code === 'plex-unauthorized' ? 'plexToken' : (error.field ?? 'plexUrl');
  return { setting, message: toPlexSyncError(error).message };
}
