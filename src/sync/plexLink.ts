// The way to Plex: a client for the present settings, and which server and libraries it leads to.
import type { SettingProblem, Settings } from '../contract/settings.ts';
import type { PlexClient } from '../plex/client.ts';
import type { Database } from '../store/open.ts';
import * as state from '../store/state.ts';
import { readState, writeState } from '../store/state.ts';
import { connectToPlex, meetPlex } from './configuration.ts';
import type { PlexIdentity } from './libraryIndex.ts';
import type { Log } from './log.ts';

export type Meeting =
  | { readonly kind: 'known'; readonly identity: PlexIdentity }
  | { readonly kind: 'wrong-libraries'; readonly problems: readonly SettingProblem[] };

export interface PlexLink {
  /** The client for these settings; another one when they change. */
  client(settings: Settings, hash: string): Promise<PlexClient>;
  /** Asked once per client. @throws PlexSyncError of Plex's */
  meet(client: PlexClient, settings: Settings): Promise<Meeting>;
  close(): Promise<void>;
}

export function openPlexLink(db: Database, log: Log, version: string): PlexLink {
  let open: { readonly client: PlexClient; readonly hash: string } | null = null;
  let identity: PlexIdentity | null = null;
  return {
    client: async (settings, hash) => {
      if (open !== null && open.hash === hash) return open.client;
      await open?.client.close();
      log.keepSecret([settings.plexToken]);
      identity = null;
      open = { client: connectToPlex(db, settings, version), hash };
      return open.client;
    },
    meet: async (client, settings) => {
      if (identity !== null) return { kind: 'known', identity };
      const met = await meetPlex(client, settings);
      if (met.kind === 'wrong-libraries') return met;
      identity = met.identity;
      const before = readState(db, state.versions);
      writeState(db, state.versions, { stash: before?.stash ?? null, plex: met.version });
      return { kind: 'known', identity };
    },
    close: async () => {
      await open?.client.close();
    },
  };
}
