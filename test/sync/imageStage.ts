// A Stash with covers, a Plex and a data file for tests of pictures, on a clock that the test moves.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import type { ItemSnapshot } from '../../simulators/plex/snapshot.ts';
import type { StashOptions, StashSimulator } from '../../simulators/stash/server.ts';
import { checkSettings } from '../../src/contract/settings.ts';
import type { ExtraPolicies } from '../../src/contract/fieldPolicies.ts';
import { openPlexClient } from '../../src/plex/client.ts';
import { openStashClient } from '../../src/stash/client.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { run, transaction } from '../../src/store/file/sql.ts';
import type { DrainContext } from '../../src/sync/base/context.ts';
import { type ExtrasOutcome, sendExtras } from '../../src/sync/extras/extras.ts';
import { type ExtrasOf, wantExtras } from '../../src/sync/extras/wantExtras.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { startStash } from '../simulators/stashKit.ts';

export const postersOnly: ExtraPolicies = { poster: 'mirror', background: 'off', rating: 'off' };
export const both: ExtraPolicies = { ...postersOnly, background: 'mirror' };

export interface Stage {
  readonly stash: StashSimulator;
  readonly plex: PlexSimulator;
  readonly db: Database;
  readonly section: string;
  /** Unix ms, of Stash and PlexSync; moved by the test alone. */
  nowMs: number;
  add(cover: Buffer | null): Scene;
  /** As the end of the scenes' text does. */
  want(scenes: readonly Scene[], settings?: ExtraPolicies): Promise<void>;
  sync(scenes: readonly Scene[], settings?: ExtraPolicies): Promise<ExtrasOutcome>;
  due(settings?: ExtraPolicies): Promise<ExtrasOutcome>;
  /** The next life of PlexSync on the same data file. */
  readonly context: () => DrainContext;
  readonly logText: () => string;
  /** Times that a cover was asked for. */
  readonly reads: () => number;
}

export interface Scene {
  readonly id: number;
  readonly key: string;
}

export async function setUp(options: Partial<StashOptions> = {}): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'plexsync-images-'));
  let nowMs = 1_700_000_000_000;
  const stash = await startStash([], { nowMs: () => nowMs, ...options });
  const plex = await startPlexSimulator();
  const section = plex.library.addSection({ title: 'Videos', locations: ['/data'] });
  const { db } = openStore(join(directory, 'plex-sync.db'), nowMs);
  const clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  const log = openLog(join(directory, 'log'), clock);
  const checked = checkSettings({ plexUrl: plex.url, plexToken: plex.token });
  if (checked.kind !== 'valid') throw new Error('the settings are not valid');
  const stashClient = openStashClient(
    {
      scheme: 'http',
      host: '127.0.0.1',
      port: stash.port,
      cookie: { name: 'session', value: stash.sessionCookie() },
      apiKey: null,
    },
    { timeouts: { headersMs: 500, bodyMs: 500 } },
  );
  const timeouts = { readHeadersMs: 500, readBodyMs: 500, writeHeadersMs: 500, writeBodyMs: 500 };
  const plexClient = openPlexClient({
    url: plex.url,
    token: plex.token,
    clientIdentifier: 'test',
    version: '0.0.0',
    timeouts,
  });
  onTestFinished(async () => {
    await stashClient.close();
    await plexClient.close();
    await plex.close();
    db.close();
    rmSync(directory, { recursive: true });
  });
  const context: DrainContext = {
    db,
    clock,
    log,
    settings: checked.settings,
    rules: [],
    stash: stashClient,
    plex: plexClient,
  };
  let files = 0;
  const stage: Stage = {
    stash,
    plex,
    db,
    section,
    get nowMs() {
      return nowMs;
    },
    set nowMs(ms) {
      nowMs = ms;
    },
    add: (cover) => {
      files += 1;
      const id = stash.store.addScene({
        cover: cover === null ? null : { bytes: cover, contentType: 'image/jpeg' },
      });
      const path = `/data/${files}.mp4`;
      const key = plex.library.addItem(section, { title: `${files}`, files: [{ path, size: 1 }] });
      run(
        db,
        `INSERT INTO scene_state (scene_id, rating_key, section_id, pushed, intent)
         VALUES (?, ?, ?, '{"scalars":{},"tags":{}}', '{"scalars":{},"tags":{}}')`,
        id,
        key,
        section,
      );
      return { id, key };
    },
    want: async (scenes, settings = postersOnly) => {
      const settled = await Promise.all(scenes.map((scene) => settledOf(stage, scene)));
      transaction(db, () => {
        for (const one of settled) {
          const { scene, item } = one;
          run(db, 'UPDATE scene_state SET rating_key = NULL WHERE rating_key = ?', item.ratingKey);
          run(
            db,
            'UPDATE scene_state SET rating_key = ? WHERE scene_id = ?',
            item.ratingKey,
            scene.id,
          );
          wantExtras(db, one, settings, nowMs);
        }
      });
    },
    sync: async (scenes, settings = postersOnly) => {
      await stage.want(scenes, settings);
      return await sendExtras(context, settings, 99);
    },
    due: (settings = postersOnly) => sendExtras(context, settings, 99),
    context: () => context,
    logText: () => readFileSync(join(directory, 'log'), 'utf8'),
    reads: () => stash.accessLog.filter(({ target }) => target.includes('/screenshot')).length,
  };
  return stage;
}

/** As the text's confirmation leaves it: the scene as read, the item as read back. */
export async function settledOf(stage: Stage, { id, key }: Scene): Promise<ExtrasOf> {
  const updatedAt = stage.stash.store.scene(id)?.updatedAt ?? '';
  const t = Math.floor(Date.parse(updatedAt) / 1000);
  const item = (await stage.context().plex.items([key])).get(key);
  if (item === undefined) throw new Error(`no item ${key}`);
  const cover = `http://another-host:1/scene/${id}/screenshot?t=${t}`;
  return { scene: { id, cover, rating100: null }, item, correlation: `c${id}` };
}

export function setCover({ stash }: Stage, { id }: Scene, bytes: Buffer | null): void {
  const cover = bytes === null ? null : { bytes, contentType: 'image/jpeg' };
  stash.store.changeScene(id, { cover }, { touch: true });
}

/** Any edit of the scene that is none of its cover. */
export function edit({ stash }: Stage, { id }: Scene, title: string): void {
  stash.store.changeScene(id, { title }, { touch: true });
}

export function itemOf({ plex }: Stage, { key }: Scene): ItemSnapshot {
  const item = plex.library.item(key);
  if (item === undefined) throw new Error(`no item ${key}`);
  return item;
}

export function posterOf(stage: Stage, scene: Scene): string | undefined {
  return itemOf(stage, scene).posters.find(({ selected }) => selected)?.name;
}

export function nameOf(bytes: Buffer, kind = 'posters'): string {
  return `upload://${kind}/${createHash('sha1').update(bytes).digest('hex')}`;
}
