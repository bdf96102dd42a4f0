// The way into Stash: a client for the newest connection that an event told, the settings as Stash
// has them now, and how long to leave a Stash alone that does not answer.
import { isPlexSyncError, type PlexSyncError } from '../../contract/errors.ts';
import { type StashReach, stashCalled, stashFailed, there } from '../../domain/recover/away.ts';
import { openStashClient, type StashClient } from '../../stash/client.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { readState, type StoredConnection, writeState } from '../../store/file/state.ts';
import type { Clock } from '../base/clock.ts';
import { readSettings, reportProblems, type SettingsRead } from './configuration.ts';
import type { Log } from '../base/log.ts';

export interface StashLink {
  client(connection: StoredConnection): Promise<StashClient>;
  settings(client: StashClient): Promise<SettingsRead>;
  /** Others were saved: the next look reads them anew. */
  forgetSettings(): void;
  /** Unix ms before which Stash is left alone. */
  retryAt(): number;
  /** An event came: Stash is there, with a fresh cookie. */
  eventCame(): void;
  /** Whether the session would end soon for want of use. */
  sessionEndsSoon(connection: StoredConnection): boolean;
  /** Asks Stash for next to nothing, which renews the session. A failure is left for a real use. */
  keepSession(connection: StoredConnection): Promise<void>;
  /** The clock was put back: what was known by its time is asked for anew. */
  clockWentBack(): void;
  failed(error: PlexSyncError): void;
  close(): Promise<void>;
}

/** Saving settings fires no hook: they are read again this often while there is work. */
export const settingsFreshMs = 5_000;
/** Stash's version, and an API key made meanwhile, are asked for this often. */
const acquaintanceMs = 60_000;
/**
 * Stash ends a session an hour after its last use (stashapp/stash `internal/manager/config`,
 * `max_session_age`), and waiting for Plex can take longer than that.
 */
const sessionIdleMs = 15 * 60_000;

/** @param read where the settings are, if not in Stash */
export function openStashLink(
  db: Database,
  clock: Clock,
  log: Log,
  read: typeof readSettings = readSettings,
): StashLink {
  let open: { readonly client: StashClient; key: string } | null = null;
  let settings: { readonly read: SettingsRead; readonly at: number } | null = null;
  let acquaintedAt = Number.NEGATIVE_INFINITY;
  // Known to be away or not, whoever opens this has a reason to try it now.
  let reach: StashReach = stashCalled(readState(db, state.stashReach) ?? there);
  let usedAt = clock.now();

  const clientFor = async (connection: StoredConnection): Promise<StashClient> => {
    const key = connectionKey(connection);
    if (open !== null && open.key === key) return open.client;
    await open?.client.close();
    // Without the one that was closed: a connection that is none must not leave it behind.
    open = null;
    log.keepSecret([connection.apiKey]);
    log.keepSecret([connection.cookie?.value ?? null], 'session');
    const { pluginDir: _, ...wanted } = connection;
    const client = openStashClient(wanted, {
      onConnectionChanged: ({ cookie }) => {
        log.keepSecret([cookie?.value ?? null], 'session');
        // The cookie alone: an event or the API key may have changed the rest of the row meanwhile.
        const stored = readState(db, state.connection) ?? connection;
        writeState(db, state.connection, { ...stored, cookie });
        if (open !== null) open.key = connectionKey({ ...connection, cookie });
      },
    });
    open = { client, key };
    return client;
  };

  const cameBack = (since: number): void => {
    reach = there;
    writeState(db, state.stashReach, reach);
    const seconds = Math.max(0, Math.round((clock.now() - since) / 1000));
    log.write('info', 'stash-back', `Stash answers again after ${seconds} s`, { seconds });
  };

  return {
    forgetSettings: () => {
      settings = null;
    },
    retryAt: () => (reach.kind === 'away' ? reach.retryAt : 0),
    eventCame: () => {
      reach = stashCalled(reach);
    },
    failed: (error) => {
      const { message: cause, code } = error;
      const isNews = reach.kind === 'there';
      reach = stashFailed(reach, { cause, code }, clock.now());
      writeState(db, state.stashReach, reach);
      // The next try begins with what the newest event told.
      void open?.client.close();
      open = null;
      settings = null;
      if (isNews) log.write('warn', 'stash-away', cause, { code });
      if (error.code === 'stash-unauthorized') {
        reportProblems(db, log, [{ setting: 'Stash', message: error.message }]);
      }
    },
    client: clientFor,
    sessionEndsSoon: ({ cookie, apiKey }) =>
      cookie !== null && apiKey === null && clock.now() - usedAt >= sessionIdleMs,
    keepSession: async (connection) => {
      usedAt = clock.now();
      try {
        await (await clientFor(connection)).version();
      } catch (error) {
        if (!isPlexSyncError(error)) throw error;
        log.write('debug', 'session', error.message, { code: error.code });
      }
    },
    clockWentBack: () => {
      reach = stashCalled(reach);
      settings = null;
      acquaintedAt = Number.NEGATIVE_INFINITY;
      usedAt = clock.now();
    },
    settings: async (client) => {
      if (settings !== null && clock.now() - settings.at < settingsFreshMs) return settings.read;
      const found = await read(db, log, client);
      if (clock.now() - acquaintedAt >= acquaintanceMs) {
        await getAcquainted(db, log, client);
        acquaintedAt = clock.now();
      }
      if (reach.kind === 'away') cameBack(reach.since);
      usedAt = clock.now();
      settings = { read: found, at: clock.now() };
      return found;
    },
    close: async () => {
      await open?.client.close();
    },
  };
}

/** Every hook brings another cookie: where there is an API key, that is no reason to reconnect. */
function connectionKey(connection: StoredConnection): string {
  const { scheme, host, port, cookie, apiKey } = connection;
  return JSON.stringify([scheme, host, port, apiKey ?? cookie?.value]);
}

/** A cookie ends after an hour of silence; an API key, where Stash has one, lasts. */
async function getAcquainted(db: Database, log: Log, client: StashClient): Promise<void> {
  const version = await client.version();
  const before = readState(db, state.versions);
  writeState(db, state.versions, { plex: before?.plex ?? null, stash: version });
  const apiKey = await client.apiKey();
  const stored = readState(db, state.connection);
  if (stored === null || stored.apiKey === apiKey) return;
  log.keepSecret([apiKey]);
  writeState(db, state.connection, { ...stored, apiKey });
}
