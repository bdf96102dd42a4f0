// Reads the settings from Stash and makes the connection to Plex that they describe. Every problem
// is kept for the status by the setting's name; capture goes on meanwhile.
import { createHash } from 'node:crypto';
import { type PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { checkSettings, type SettingProblem, type Settings } from '../contract/settings.ts';
import type { PlexSection } from '../domain/plexItem.ts';
import { openPlexClient, type PlexClient } from '../plex/client.ts';
import type { StashClient } from '../stash/client.ts';
import type { Database } from '../store/open.ts';
import * as state from '../store/state.ts';
import { clearState, readState, stableClientIdentifier, writeState } from '../store/state.ts';
import type { PlexIdentity } from './libraryIndex.ts';
import type { Log } from './log.ts';

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
  const check = checkSettings(await stash.settings(pluginId));
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

export function connectToPlex(db: Database, settings: Settings, version: string): PlexClient {
  return openPlexClient({
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
  });
}

export type Acquaintance =
  | { readonly kind: 'known'; readonly identity: PlexIdentity; readonly version: string }
  | { readonly kind: 'wrong-libraries'; readonly problems: readonly SettingProblem[] };

/**
 * Who this Plex is and which of its libraries are meant.
 * @throws PlexSyncError of Plex's
 */
export async function meetPlex(plex: PlexClient, settings: Settings): Promise<Acquaintance> {
  const server = await plex.server();
  const all = await plex.sections();
  const chosen = chooseSections(all, settings.plexLibraries);
  if (chosen.problems.length > 0) return { kind: 'wrong-libraries', problems: chosen.problems };
  return {
    kind: 'known',
    identity: { machineIdentifier: server.machineIdentifier, sections: chosen.sections },
    version: server.version,
  };
}

function chooseSections(
  all: readonly PlexSection[],
  wanted: readonly string[],
): { readonly sections: readonly PlexSection[]; readonly problems: readonly SettingProblem[] } {
  const usable = all.filter((section) => section.type === 'movie');
  if (wanted.length === 0) {
    const problems = usable.length === 0 ? [noLibrary(all)] : [];
    return { sections: usable, problems };
  }
  const sections: PlexSection[] = [];
  const problems: SettingProblem[] = [];
  const names = usable.map((section) => `"${section.title}"`).join(', ') || 'none';
  for (const name of wanted) {
    const found = all.find(
      (section) => section.id === name || section.title.toLowerCase() === name.toLowerCase(),
    );
    if (found === undefined) {
      const message = `names "${name}", but Plex has no such library. Libraries that fit: ${names}.`;
      problems.push({ setting: 'plexLibraries', message });
    } else if (found.type !== 'movie') {
      const message = `names "${name}", a library of type ${found.type}. PlexSync works with libraries of type movie (also "Other videos"): ${names}.`;
      problems.push({ setting: 'plexLibraries', message });
    } else {
      sections.push(found);
    }
  }
  return { sections, problems };
}

/** Not "no scene has an item": Plex lists none while it starts, and the index must outlive that. */
function noLibrary(all: readonly PlexSection[]): SettingProblem {
  const there = all.map(({ title, type }) => `"${title}" (${type})`).join(', ');
  const found =
    all.length === 0
      ? 'Plex lists no library: it may still be starting, or its owner has made none.'
      : `Plex has no library of type movie, only ${there}.`;
  const message = `has nothing to name. ${found} PlexSync works with libraries of type movie (also "Other videos"): make one in Plex that holds the folders of Stash. It is looked for again by itself.`;
  return { setting: 'plexLibraries', message };
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
