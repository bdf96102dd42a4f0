// The way to Plex: a client for the present settings, and which server and libraries it leads to.
import type { SettingProblem, Settings } from '../../contract/settings.ts';
import type { PlexClient } from '../../plex/client.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { readState, writeState } from '../../store/file/state.ts';
import type { Clock } from '../base/clock.ts';
import { connectToPlex, meetPlex } from './configuration.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';
import type { Log } from '../base/log.ts';
import { openPacer } from './pacer.ts';
import { reportWarnings } from './warnings.ts';

export type Meeting =
  | { readonly kind: 'known'; readonly identity: PlexIdentity }
  | { readonly kind: 'wrong-libraries'; readonly problems: readonly SettingProblem[] };

export interface PlexLink {
  /** The client for these settings; another one when they change. */
  client(settings: Settings, hash: string): Promise<PlexClient>;
  /** Of the last client: one for the user whose viewing goes both ways; null where none does. */
  viewer(): PlexClient | null;
  /**
   * Asked of Plex anew every few minutes, since libraries come, go and get folders, and after
   * `forget`. @throws PlexSyncError of Plex's
   */
  meet(client: PlexClient, settings: Settings): Promise<Meeting>;
  /** The next meeting asks Plex: what was known may be what failed. */
  forget(): void;
  /** Whether the last meeting asked Plex itself. */
  readonly isFresh: boolean;
  close(): Promise<void>;
}

/** Libraries known for longer are asked for again. */
export const librariesFreshMs = 300_000;

export function openPlexLink(db: Database, clock: Clock, log: Log, version: string): PlexLink {
  let open: {
    readonly client: PlexClient;
    readonly viewer: PlexClient | null;
    readonly hash: string;
  } | null = null;
  let known: { readonly identity: PlexIdentity; readonly at: number } | null = null;
  let isFresh = false;
  const pacer = openPacer(db, clock);
  const closeAll = async (): Promise<void> => {
    await open?.client.close();
    if (open?.viewer !== open?.client) await open?.viewer?.close();
  };
  const viewerOf = (settings: Settings, client: PlexClient): PlexClient | null => {
    const { fields, token } = settings.viewing;
    if (fields.length === 0) return null;
    if (token === '' || token === settings.plexToken) return client;
    return connectToPlex(db, { ...settings, plexToken: token }, version, pacer);
  };
  return {
    client: async (settings, hash) => {
      if (open !== null && open.hash === hash) return open.client;
      await closeAll();
      const { token } = settings.viewing;
      log.keepSecret([settings.plexToken, token === '' ? null : token]);
      known = null;
      pacer.limitTo(settings.writesPerSecond);
      const { hostname } = new URL(settings.plexUrl);
      if (readState(db, state.plexAddress) !== hostname)
        writeState(db, state.plexAddress, hostname);
      const client = connectToPlex(db, settings, version, pacer);
      open = { client, viewer: viewerOf(settings, client), hash };
      return client;
    },
    viewer: () => open?.viewer ?? null,
    meet: async (client, settings) => {
      isFresh = known === null || clock.now() - known.at >= librariesFreshMs;
      if (known !== null && !isFresh) return { kind: 'known', identity: known.identity };
      known = null;
      const met = await meetPlex(client, settings);
      reportWarnings(db, log, met.warnings);
      if (met.kind === 'wrong-libraries') return met;
      known = { identity: met.identity, at: clock.now() };
      const before = readState(db, state.versions);
      writeState(db, state.versions, { stash: before?.stash ?? null, plex: met.version });
      return { kind: 'known', identity: met.identity };
    },
    forget: () => {
      known = null;
    },
    get isFresh() {
      return isFresh;
    },
    close: closeAll,
  };
}
