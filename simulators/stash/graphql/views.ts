// Scenes and what they refer to, as GraphQL shows them. Only fields that are asked for are worked
// out: everything that costs something is a function.
import { isRecord } from '../goFormats.ts';
import type { Job } from '../jobQueue.ts';
import type { Plugin } from '../plugins/registry.ts';
import type { EntityKind, EntityRecord, FileRecord, SceneRecord } from '../store/records.ts';
import { type Args, corruption, type RequestContext, type ServerFacts, textOf } from './context.ts';

type View = Readonly<Record<string | symbol, unknown>>;

export function sceneView(scene: SceneRecord, context: RequestContext): View {
  const { store, baseUrl, facts } = context;
  return {
    [corruption]: store.corruption(scene.id),
    id: String(scene.id),
    title: scene.title,
    code: scene.code,
    details: scene.details,
    director: scene.director,
    urls: scene.urls,
    date: scene.date,
    rating100: scene.rating100,
    organized: scene.organized,
    o_counter: scene.oHistory.length,
    created_at: scene.createdAt,
    updated_at: scene.updatedAt,
    last_played_at: scene.playHistory.at(-1) ?? null,
    resume_time: scene.resumeTimeSeconds,
    play_duration: scene.playDurationSeconds,
    play_count: scene.playHistory.length,
    // Newest first, as Stash lists them.
    play_history: scene.playHistory.toReversed(),
    o_history: scene.oHistory.toReversed(),
    stash_ids: scene.stashIds,
    files: () => scene.files.map(fileView),
    paths: () => ({
      screenshot: `${baseUrl}/scene/${scene.id}/screenshot?t=${unixSeconds(scene.updatedAt)}`,
      stream: `${baseUrl}/scene/${scene.id}/stream${keyQuery(facts)}`,
    }),
    studio: () => (scene.studioId === null ? null : linked('studio', scene.studioId, context)),
    groups: () =>
      scene.groups.map((link) => ({
        group: linked('group', link.groupId, context),
        scene_index: link.sceneIndex,
      })),
    tags: () => tagViews(scene.tagIds, context),
    performers: () =>
      entityViews(
        'performer',
        scene.performerIds.toSorted((a, b) => a - b),
        context,
      ),
  };
}

function keyQuery(facts: ServerFacts): string {
  return facts.apiKey === '' ? '' : `?apikey=${encodeURIComponent(facts.apiKey)}`;
}

function fileView(file: FileRecord): View {
  return {
    id: String(file.id),
    path: file.path,
    basename: file.path.split('/').at(-1) ?? '',
    parent_folder_id: '1',
    mod_time: file.createdAt,
    size: file.size,
    fingerprint: ({ type }: Args) => (type === 'oshash' ? file.oshash : null),
    fingerprints: [{ type: 'oshash', value: file.oshash }],
    format: 'mp4',
    width: 1920,
    height: 1080,
    duration: file.durationSeconds,
    video_codec: 'h264',
    audio_codec: 'aac',
    frame_rate: 25,
    bit_rate: Math.round((file.size * 8) / Math.max(1, file.durationSeconds)),
    created_at: file.createdAt,
    updated_at: file.updatedAt,
  };
}

function linked(kind: EntityKind, id: number, context: RequestContext): View | null {
  const entity = context.store.entity(kind, id);
  return entity === undefined ? null : entityView(entity, context);
}

function entityViews(kind: EntityKind, ids: readonly number[], context: RequestContext): View[] {
  return ids.map((id) => linked(kind, id, context)).filter((view) => view !== null);
}

/** What Stash shows of fields that nobody has filled: of most texts an empty one, not null. */
export const emptyFields: Readonly<Record<string, unknown>> = {
  alias_list: [],
  urls: [],
  favorite: false,
  ignore_auto_tag: false,
  disambiguation: '',
  country: '',
  hair_color: '',
  details: '',
  description: '',
  sort_name: '',
  director: '',
  synopsis: '',
};

const naturalOrder = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** By sort name, else name, numbers in them by value (pkg/sqlite/tables.go tagTableSort). */
function tagViews(ids: readonly number[], context: RequestContext): View[] {
  const key = (id: number): string => {
    const tag = context.store.entity('tag', id);
    return textOf(tag?.fields['sort_name']) || (tag?.name ?? '');
  };
  const sorted = ids.toSorted((a, b) => naturalOrder.compare(key(a), key(b)));
  return entityViews('tag', sorted, context);
}

export function entityView(entity: EntityRecord, context: RequestContext): View {
  const { baseUrl } = context;
  const image = (name: string): string => {
    const query = `t=${unixSeconds(entity.updatedAt)}${entity.image === null ? '&default=true' : ''}`;
    return `${baseUrl}/${entity.kind}/${entity.id}/${name}?${query}`;
  };
  const { fields } = entity;
  return {
    aliases: entity.kind === 'group' ? '' : [],
    ...emptyFields,
    ...fields,
    id: String(entity.id),
    name: entity.name,
    created_at: entity.createdAt,
    updated_at: entity.updatedAt,
    image_path: image('image'),
    front_image_path: image('frontimage'),
    back_image_path: null,
    scene_count: () => sceneCount(entity, context),
    tags: () => tagViews(numbers(fields['tag_ids']), context),
    parents: () => entityViews('tag', numbers(fields['parent_ids']), context),
    children: () => childrenOf(entity, 'parent_ids', context),
    child_studios: () => childrenOf(entity, 'parent_id', context),
    parent_studio: () => linked('studio', Number(fields['parent_id'] ?? 0), context),
    studio: () => linked('studio', Number(fields['studio_id'] ?? 0), context),
  };
}

function sceneCount(entity: EntityRecord, { store }: RequestContext): number {
  let count = 0;
  for (const scene of store.scenes()) {
    const ids = {
      performer: scene.performerIds,
      tag: scene.tagIds,
      studio: scene.studioId === null ? [] : [scene.studioId],
      group: scene.groups.map((link) => link.groupId),
    };
    if (ids[entity.kind].includes(entity.id)) count += 1;
  }
  return count;
}

function childrenOf(parent: EntityRecord, field: string, context: RequestContext): View[] {
  const isChild = ({ fields }: EntityRecord): boolean =>
    numbers(fields[field] ?? []).includes(parent.id);
  return [...context.store.entities(parent.kind)]
    .filter(isChild)
    .map((child) => entityView(child, context));
}

function numbers(value: unknown): number[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(Number) : [Number(value)];
}

function unixSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

export function jobView(job: Job, { formatTime }: ServerFacts): View {
  return {
    id: String(job.id),
    status: job.status,
    subTasks: null,
    description: job.description,
    progress: job.progress,
    addTime: formatTime(job.addedAtMs),
    startTime: job.startedAtMs === null ? null : formatTime(job.startedAtMs),
    endTime: job.endedAtMs === null ? null : formatTime(job.endedAtMs),
    error: job.error,
  };
}

/** Lists that are empty are null here, as in Stash: Go's empty slices. Settings are the exception. */
export function pluginView(plugin: Plugin, enabled: boolean, baseUrl: string): View {
  const { manifest } = plugin;
  const isUrl = (path: string): boolean => /^https?:\/\//.test(path);
  const links = (files: readonly string[], kind: string): readonly string[] | null => {
    if (files.length === 0) return null;
    return [...files.filter(isUrl), `${baseUrl}/plugin/${plugin.id}/${kind}`];
  };
  return {
    id: plugin.id,
    name: plugin.name,
    description: manifest.description,
    url: manifest.url,
    version: manifest.version,
    enabled,
    tasks: nullIfEmpty(manifest.tasks),
    hooks: nullIfEmpty(
      manifest.hooks.map((hook) => ({ ...hook, hooks: nullIfEmpty(hook.triggeredBy) })),
    ),
    settings: manifest.settings.map((setting) => ({
      name: setting.key,
      display_name: setting.displayName,
      description: setting.description,
      type: setting.type,
    })),
    requires: nullIfEmpty(manifest.requires),
    paths: {
      javascript: links(manifest.javascript, 'javascript'),
      css: links(manifest.css, 'css'),
    },
  };
}

export function nullIfEmpty<Item>(list: readonly Item[]): readonly Item[] | null {
  return list.length === 0 ? null : list;
}

/** True for the views that stand for a corrupted scene. */
export function corruptionOf(source: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(source)) return undefined;
  const value: unknown = Reflect.get(source, corruption);
  return isRecord(value) ? value : undefined;
}
