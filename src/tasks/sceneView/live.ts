// What Stash and Plex say just now, as far as they can be asked: the scene, the settings, and a Plex
// whose libraries are known. Nothing is written in either.
import { PlexSyncError } from '../../contract/errors.ts';
import type { Trouble } from '../../contract/sceneView.ts';
import { checkSettings, type SettingProblem, type Settings } from '../../contract/settings.ts';
import type { SceneRead } from '../../domain/base/scene.ts';
import { openFaces } from '../../domain/gaps/shared.ts';
import type { PlexClient } from '../../plex/client.ts';
import { openStashClient, type StashClient } from '../../stash/client.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { readState, writeState } from '../../store/file/state.ts';
import { connectToPlex, meetPlex } from '../../sync/servers/configuration.ts';
import { typedSettings } from '../../sync/servers/typedSettings.ts';
import type { PlexIdentity } from '../../sync/base/plexIdentity.ts';
import type { TaskContext } from '../context.ts';
import { tried, troubleOf } from './trouble.ts';

export interface Live {
  readonly stash: StashSide;
  readonly plex: PlexSide;
}

export type StashSide =
  | {
      readonly trouble: null;
      readonly client: StashClient;
      readonly settings: Settings;
      readonly read: SceneRead | null;
    }
  | {
      readonly trouble: Trouble;
      readonly client: StashClient | null;
      /** Not there, or wrong. */
      readonly settings: null;
      readonly read: SceneRead | null;
    };

export interface PlexSide {
  readonly trouble: Trouble | null;
  /** null if Plex cannot be asked. */
  readonly open: { readonly client: PlexClient; readonly identity: PlexIdentity } | null;
}

/** Calls `work` with both sides, and closes them. */
export async function withLive<T>(
  { db, version }: Pick<TaskContext, 'db' | 'version'>,
  sceneId: number,
  work: (live: Live) => Promise<T>,
): Promise<T> {
  const opened = await tried(async () => openStash(db));
  if (opened.kind === 'failed') return await work(withoutStash(opened.trouble));
  const client = opened.value;
  try {
    const stash = await askStash(db, client, sceneId);
    if (stash.settings === null) return await work({ ...withoutStash(stash.trouble), stash });
    const plex = connectToPlex(db, stash.settings, version);
    try {
      return await work({ stash, plex: await askPlex(plex, stash.settings) });
    } finally {
      await plex.close();
    }
  } finally {
    await client.close();
  }
}

/** Where Plex is and what it is told stands in the settings, which Stash keeps. */
function withoutStash(trouble: Trouble): Live {
  const message = 'Plex was not asked: its address stands in the settings, which Stash keeps.';
  return {
    stash: { trouble, client: null, settings: null, read: null },
    plex: { trouble: { ...trouble, message }, open: null },
  };
}

/** @throws PlexSyncError if there is no way to Stash */
function openStash(db: Database): StashClient {
  const known = readState(db, state.connection);
  if (known === null) {
    const message = 'PlexSync does not know yet how to reach Stash: save any scene in Stash.';
    throw new PlexSyncError('stash-unreachable', message);
  }
  const { pluginDir: _, ...wanted } = known;
  return openStashClient(wanted, {
    // Stash renews the session with every answer; what it was before ends.
    onConnectionChanged: ({ cookie }) => {
      writeState(db, state.connection, { ...(readState(db, state.connection) ?? known), cookie });
    },
  });
}

async function askStash(db: Database, client: StashClient, sceneId: number): Promise<StashSide> {
  const none = { client, settings: null, read: null };
  const raw = await tried(async () => await typedSettings(db, client));
  if (raw.kind === 'failed') return { ...none, trouble: raw.trouble };
  const check = checkSettings(raw.value);
  const faces = check.kind === 'valid' ? openFaces(check.settings) : null;
  const reads = await tried(
    async () => await client.scenes([sceneId], faces === null ? false : faces.tagParents),
  );
  if (reads.kind === 'failed') return { ...none, trouble: reads.trouble };
  const read = reads.value[0] ?? null;
  if (check.kind !== 'valid') {
    return { ...none, read, trouble: troubleOf(wrongSettings(check.problems)) };
  }
  const { settings } = check;
  if (read?.kind !== 'scene' || faces === null) return { client, settings, read, trouble: null };
  // As the worker reads it: without parents that no setting looks at.
  const scene = faces.trimmed(read.scene);
  return { client, settings, read: { kind: 'scene', scene }, trouble: null };
}

async function askPlex(client: PlexClient, settings: Settings): Promise<PlexSide> {
  const met = await tried(async () => await meetPlex(client, settings));
  if (met.kind === 'failed') return { trouble: met.trouble, open: null };
  if (met.value.kind === 'wrong-libraries') {
    return { trouble: troubleOf(wrongSettings(met.value.problems)), open: null };
  }
  return { trouble: null, open: { client, identity: met.value.identity } };
}

function wrongSettings(problems: readonly SettingProblem[]): PlexSyncError {
  const message = problems.map(({ setting, message: of }) => `${setting} ${of}`).join(' ');
  return new PlexSyncError('config-invalid', message);
}
