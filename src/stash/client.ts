// What PlexSync asks of Stash, each as one function. Four of them write to Stash's data: `addPlay`,
// `deletePlays`, `saveResume`, `rateScene`.
import { PlexSyncError } from '../contract/errors.ts';
import type { NewestInStash } from '../domain/gaps/restored.ts';
import type { SceneRead } from '../domain/base/scene.ts';
import {
  type SceneIdsAfter,
  sceneIdsAfter,
  type ScenesAndIds,
  scenesAndIdsAfter,
} from './changedScenes.ts';
import { type StashConnection, baseUrl } from './connection.ts';
import {
  apiKeyDocument,
  pluginsDocument,
  runOperationDocument,
  sceneBatchDocument,
  sceneIdsPageDocument,
  settingsDocument,
  versionDocument,
  viewingBatchDocument,
} from './documents.ts';
import { openEntrance } from './entrance.ts';
import { openGraphql } from './graphql.ts';
import { readImage, type StashImage } from './image.ts';
import { queueTask, type StashJob, type TaskCall, waitingJobs } from './jobs.ts';
import { newestChanges } from './newestChange.ts';
import { type SceneTimes, sceneTimesAfter } from './sceneTimes.ts';
import { openQuery } from './query.ts';
import { readScenes } from './readScenes.ts';
import { type SceneFilesPage, sceneFilesAfter, scenesWithFile } from './sceneFiles.ts';
import { isId } from './keyset.ts';
import { type EntityKind, type ScenesOf, scenesOf, scenesOfAny } from './scenesOf.ts';
import { type SharedList, sharedList } from './sharedList.ts';
import {
  apiKeySchema,
  operationSchema,
  pluginsSchema,
  sceneIdsPageSchema,
  settingsSchema,
  versionSchema,
} from './schemas.ts';
import { type StashTimeouts, defaultTimeouts, openTransport } from './transport.ts';
import {
  addPlay,
  deletePlays,
  rateScene,
  readViewings,
  saveResume,
  type ViewingPage,
  viewingPage,
  type ViewingRead,
  viewingVariables,
} from './viewing.ts';

export interface SceneIdsPage {
  /** Scenes in the library, on all pages. */
  readonly count: number;
  readonly ids: readonly number[];
}

/**
 * Every function throws PlexSyncError with `stash-unreachable`, `stash-timeout`,
 * `stash-unauthorized`, `stash-bad-answer` or `stash-query-failed`, and never with a credential
 * in it. A failed read is always thrown, never answered as empty.
 */
export interface StashClient {
  /** As it is now: the cookie is renewed with every answer. */
  readonly connection: StashConnection;
  /**
   * One request for up to 50 scenes; one result per different id, in their order. An error of
   * Stash's for one of them is that one's result; where it has one for each, another request tells
   * whether it could read anything at all, and throws if not.
   * @param tagParents Whether the tags come with their parents, which is dear; without, with none.
   */
  scenes(ids: readonly number[], tagParents?: boolean): Promise<readonly SceneRead[]>;
  /** In the order of their ids; pages begin with 1. */
  sceneIdsPage(page: { page: number; perPage: number }): Promise<SceneIdsPage>;
  /**
   * The performer, studio, tag or group itself, and the scenes that refer to it (not to a child of
   * it) with ids greater than `afterId`, ascending, at most `limit`. `entity` is null only where
   * Stash says that there is none. Both in one request, but Stash reads them one beside the other:
   * what changes at that moment may be in one and not in the other.
   */
  scenesOf(entity: EntityKind, id: number, afterId: number, limit: number): Promise<ScenesOf>;
  /** Ids, ascending, of the scenes that refer to any of them, as `scenesOf` pages them. */
  scenesOfAny(
    entity: EntityKind,
    ids: readonly number[],
    afterId: number,
    limit: number,
  ): Promise<readonly number[]>;
  /**
   * Ids, ascending, of the first `limit` scenes after `afterId`, and of those only the ones changed
   * at or after `since` (Unix ms, in whole seconds as Stash keeps it); null = all.
   */
  sceneIdsAfter(afterId: number, limit: number, since: number | null): Promise<SceneIdsAfter>;
  /** One to 50 scenes as `scenes` reads them, and with them `sceneIdsAfter` of all: one request. */
  scenesAndIdsAfter(
    ids: readonly number[],
    tagParents: boolean,
    afterId: number,
    limit: number,
  ): Promise<ScenesAndIds>;
  /** The first `limit` scenes after `afterId` that were changed after a moment, see `sceneTimesAfter`. */
  sceneTimesAfter(afterId: number, limit: number, from: number): Promise<SceneTimes>;
  /** The scenes changed last, and when given ones (up to 50) were; in whole seconds. */
  newestChanges(ids: readonly number[]): Promise<NewestInStash>;
  /**
   * Performers, studios, tags and groups, all or those changed at or after `since` (Unix ms): one request
   * for each 1,000 of the kind that there are the most of.
   */
  sharedList(since: number | null): Promise<SharedList>;
  /** The files of the scenes with ids greater than `afterId`, ascending, at most `limit`. */
  sceneFilesAfter(afterId: number, limit: number): Promise<SceneFilesPage>;
  /** Ids, ascending, of the scenes that have a file of exactly this path, as Stash writes it. */
  scenesWithFile(path: string): Promise<readonly number[]>;
  /**
   * Plays, resume times and ratings of up to 50 scenes in one request; one result per different id, as
   * `scenes` has them.
   */
  viewings(ids: readonly number[]): Promise<readonly ViewingRead[]>;
  /** Ids, ascending, of scenes that were played, rated or begun, see `viewingPage`. */
  viewingPage(page: ViewingPage): Promise<SceneIdsAfter>;
  /** Adds a play, even a second one at the same time. @returns all plays now, see `addPlay` */
  addPlay(id: number, atMs: number): Promise<readonly number[]>;
  /** Takes back plays at exactly these times; none = nothing, see `deletePlays`. */
  deletePlays(id: number, timesMs: readonly number[]): Promise<void>;
  /** 0 = at the start. Fires no hook. */
  saveResume(id: number, seconds: number): Promise<void>;
  /** 1 to 100; null takes it away. Fires the hook of a scene's update, and moves its time. */
  rateScene(id: number, rating100: number | null): Promise<void>;
  /** What was set for a plugin in Stash; {} if nothing ever was. */
  settings(pluginId: string): Promise<Readonly<Record<string, unknown>>>;
  /** Null if none was generated. */
  apiKey(): Promise<string | null>;
  /** Jobs that wait in Stash's queue, in their order. */
  waitingJobs(): Promise<readonly StashJob[]>;
  /** Puts a task of a plugin into Stash's queue, behind those that wait. @returns its job's id */
  queueTask(call: TaskCall): Promise<string>;
  /**
   * Has Stash start a process of a plugin for an operation, and waits for its end.
   * @returns its answer
   */
  runOperation(plugin: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** For instance `v0.30.1`; '' for a Stash that does not know its own. */
  version(): Promise<string>;
  /**
   * The picture at an address that Stash gave, such as a scene's `paths.screenshot`, asked of this
   * connection's own host; null where there is none, see `readImage`. Throws `image-too-large` and
   * `image-unsupported` as well.
   */
  image(address: string): Promise<StashImage | null>;
  /** False as well for a plugin that is not installed. */
  pluginEnabled(pluginId: string): Promise<boolean>;
  /** Ends requests that are under way. */
  close(): Promise<void>;
}

export interface StashClientOptions {
  readonly timeouts?: Partial<StashTimeouts>;
  /** Called with every renewed cookie, which is about once a second while there is work. */
  readonly onConnectionChanged?: (connection: StashConnection) => void;
}

export const scenesPerRequest = 50;

/** @throws PlexSyncError `config-invalid` for a host that is none. Nothing is sent yet. */
export function openStashClient(
  connection: StashConnection,
  options: StashClientOptions = {},
): StashClient {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const checks = connection.certificate === 'checked';
  const transport = openTransport(baseUrl(connection), timeouts, checks);
  const entrance = openEntrance(connection, options.onConnectionChanged ?? (() => {}));
  const graphql = openGraphql(entrance, transport);
  const query = openQuery(graphql);

  const sceneIdsPage: StashClient['sceneIdsPage'] = async ({ page, perPage }) => {
    const filter = { page, per_page: perPage, sort: 'id', direction: 'ASC' };
    const { findScenes } = await query(sceneIdsPageDocument, { filter }, sceneIdsPageSchema);
    return { count: findScenes.count, ids: findScenes.scenes.map(({ id }) => id) };
  };

  return {
    get connection() {
      return entrance.connection;
    },
    async scenes(ids, tagParents = true) {
      const different = checkedIds(ids);
      if (different.length === 0) return [];
      const variables = Object.fromEntries(different.map((id, slot) => [`id${slot}`, String(id)]));
      const answer = await graphql.send(
        sceneBatchDocument(different.length, tagParents),
        variables,
      );
      const reads = readScenes(different, answer, tagParents);
      // Is it the scenes, or Stash's database? Something else that needs the database tells.
      if (reads.every(({ kind }) => kind === 'failed')) await sceneIdsPage({ page: 1, perPage: 1 });
      return reads;
    },
    sceneIdsPage,
    scenesOf: async (entity, id, afterId, limit) =>
      await scenesOf(query, entity, id, { afterId, limit }),
    scenesOfAny: async (entity, ids, afterId, limit) =>
      await scenesOfAny(query, entity, ids, { afterId, limit }),
    sceneIdsAfter: async (afterId, limit, since) =>
      await sceneIdsAfter(query, { afterId, limit }, since),
    scenesAndIdsAfter: async (ids, tagParents, afterId, limit) => {
      const different = checkedIds(ids);
      return await scenesAndIdsAfter(graphql, different, tagParents, { afterId, limit });
    },
    sceneTimesAfter: async (afterId, limit, from) =>
      await sceneTimesAfter(graphql, { afterId, limit }, from),
    newestChanges: async (ids) => await newestChanges(graphql, checkedIds(ids)),
    sharedList: async (since) => await sharedList(query, since),
    waitingJobs: async () => await waitingJobs(query),
    queueTask: async (call) => await queueTask(query, call),
    async runOperation(plugin, args) {
      const answer = await query(runOperationDocument, { plugin, args }, operationSchema);
      return answer.runPluginOperation;
    },
    sceneFilesAfter: async (afterId, limit) => await sceneFilesAfter(graphql, { afterId, limit }),
    scenesWithFile: async (path) => await scenesWithFile(query, path),
    async viewings(ids) {
      const different = checkedIds(ids);
      if (different.length === 0) return [];
      const document = viewingBatchDocument(different.length);
      const reads = readViewings(
        different,
        await graphql.send(document, viewingVariables(different)),
      );
      if (reads.every(({ kind }) => kind === 'failed')) await sceneIdsPage({ page: 1, perPage: 1 });
      return reads;
    },
    viewingPage: async (page) => await viewingPage(query, page),
    addPlay: async (id, atMs) => await addPlay(query, id, atMs),
    deletePlays: async (id, timesMs) => {
      await deletePlays(query, id, timesMs);
    },
    saveResume: async (id, seconds) => {
      await saveResume(query, id, seconds);
    },
    rateScene: async (id, rating100) => {
      await rateScene(query, id, rating100);
    },
    async settings(pluginId) {
      const variables = { pluginIds: [pluginId] };
      const { configuration } = await query(settingsDocument, variables, settingsSchema);
      return Object.hasOwn(configuration.plugins, pluginId)
        ? (configuration.plugins[pluginId] ?? {})
        : {};
    },
    async apiKey() {
      const { configuration } = await query(apiKeyDocument, {}, apiKeySchema);
      return configuration.general.apiKey === '' ? null : configuration.general.apiKey;
    },
    async version() {
      return (await query(versionDocument, {}, versionSchema)).version.version ?? '';
    },
    async pluginEnabled(pluginId) {
      const { plugins } = await query(pluginsDocument, {}, pluginsSchema);
      return plugins?.some(({ id, enabled }) => id === pluginId && enabled) ?? false;
    },
    image: (address) => readImage(entrance, transport, address),
    close: () => transport.close(),
  };
}

/** Each once. */
function checkedIds(ids: readonly number[]): readonly number[] {
  const different = [...new Set(ids)];
  if (different.length <= scenesPerRequest && different.every(isId)) return different;
  throw new PlexSyncError('bad-arguments', `Scenes are asked by up to ${scenesPerRequest} ids.`);
}
