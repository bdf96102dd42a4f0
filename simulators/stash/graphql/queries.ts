// The questions: scenes, what they refer to, configuration, jobs, plugins.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { StashError } from '../errors.ts';
import { goMap, isRecord } from '../goFormats.ts';
import type { EntityKind, EntityRecord, SceneRecord } from '../store/records.ts';
import { filterEntities, filterScenes } from '../store/filter.ts';
import { orderAndPage, parseId, parseIds, scenesByIds } from '../store/find.ts';
import { type Args, type RequestContext, type Resolvers, textList } from './context.ts';
import { entityView, jobView, nullIfEmpty, pluginView, sceneView } from './views.ts';

export const queries: Resolvers = {
  findScene: ({ id }, context) => {
    const scene = typeof id === 'string' ? context.store.scene(parseId(id)) : undefined;
    return scene === undefined ? null : sceneView(scene, context);
  },
  findScenes,
  ...entityQueries('performer', 'findPerformer', 'findPerformers', 'performers'),
  ...entityQueries('studio', 'findStudio', 'findStudios', 'studios'),
  ...entityQueries('tag', 'findTag', 'findTags', 'tags'),
  ...entityQueries('group', 'findGroup', 'findGroups', 'groups'),
  plugins: (_args, { host, settings, baseUrl }) =>
    nullIfEmpty(
      host.plugins.map((plugin) => pluginView(plugin, !settings.isDisabled(plugin.id), baseUrl)),
    ),
  configuration: (_args, { settings, facts }) => ({
    general: {
      stashes: facts.libraryPaths.map((path) => ({
        path,
        excludeVideo: false,
        excludeImage: false,
      })),
      databasePath: join(facts.directory, 'stash-go.sqlite'),
      configFilePath: settings.path,
      pluginsPath: facts.pluginsPath,
      parallelTasks: 1,
      username: facts.username,
      apiKey: facts.apiKey,
      maxSessionAge: facts.maxSessionAgeSeconds,
    },
    plugins: ({ include }: Args) => goMap(settings.pluginSettings(textList(include))),
  }),
  systemStatus: (_args, { settings, facts }) => ({
    databaseSchema: 75,
    databasePath: join(facts.directory, 'stash-go.sqlite'),
    configPath: settings.path,
    appSchema: 75,
    status: 'OK',
    os: process.platform,
    workingDir: process.cwd(),
    homeDir: homedir(),
    ffmpegPath: null,
    ffprobePath: null,
  }),
  jobQueue: (_args, { jobs, facts }) => nullIfEmpty(jobs.list().map((job) => jobView(job, facts))),
  findJob: ({ input }, { jobs, facts }) => {
    const id = isRecord(input) ? parseId(String(input['id'])) : 0;
    const job = jobs.find(id);
    return job === undefined ? null : jobView(job, facts);
  },
  version: (_args, { facts }) => ({
    version: facts.version,
    hash: 'simulator',
    build_time: '2026-01-11 00:00:00',
  }),
};

/**
 * With ids, filter and paging are ignored, and one id that is missing fails the whole question
 * (stashapp/stash internal/api/resolver_query_find_scene.go; FindMany in pkg/sqlite/scene.go).
 * An empty list of ids counts as none.
 */
function findScenes(args: Args, context: RequestContext): unknown {
  const { store } = context;
  const ids = textList(args['ids']);
  const sceneIds = ids.length > 0 ? parseIds(ids, 'ids') : textList(args['scene_ids']).map(Number);
  if (sceneIds.length > 0) return sceneResult(scenesByIds(store, sceneIds), undefined, context);
  const { filter } = args;
  const found = filterScenes(store, args['scene_filter'], isRecord(filter) ? filter['q'] : '');
  return sceneResult(found, filter ?? {}, context);
}

/** Without a page filter the scenes stand as they are. */
function sceneResult(found: SceneRecord[], page: unknown, context: RequestContext): unknown {
  const primary = found.flatMap((scene) => scene.files[0] ?? []);
  const shown = page === undefined ? found : orderAndPage([...found], page);
  return {
    count: found.length,
    duration: () => primary.reduce((sum, file) => sum + file.durationSeconds, 0),
    filesize: () => primary.reduce((sum, file) => sum + file.size, 0),
    scenes: () => shown.map((scene) => sceneView(scene, context)),
  };
}

function entityQueries(kind: EntityKind, one: string, many: string, field: string): Resolvers {
  return {
    [one]: ({ id }, context) => {
      const entity = context.store.entity(kind, parseId(String(id)));
      return entity === undefined ? null : entityView(entity, context);
    },
    [many]: (args, context) => {
      const { store } = context;
      const ids = [...textList(args['ids']), ...textList(args[`${kind}_ids`])];
      const { filter } = args;
      const found: EntityRecord[] =
        ids.length > 0
          ? parseIds(ids, 'ids').map((id) => entityOrThrow(context, kind, id))
          : filterEntities(store, kind, args[`${kind}_filter`], isRecord(filter) && filter['q']);
      const shown = ids.length > 0 ? found : orderAndPage([...found], filter);
      return { count: found.length, [field]: shown.map((entity) => entityView(entity, context)) };
    },
  };
}

function entityOrThrow(context: RequestContext, kind: EntityKind, id: number): EntityRecord {
  const entity = context.store.entity(kind, id);
  if (entity === undefined) throw new StashError(`${kind} with id ${id} not found`);
  return entity;
}
