// Every GraphQL document that is sent to Stash. All fields and filters are in every supported
// version (0.27 and later), so none has to be asked for conditionally.

function sceneFields(tagParents: boolean): string {
  return `
fragment SceneFields on Scene {
  id
  title
  code
  details
  date
  updated_at
  director
  organized
  rating100
  paths { screenshot }
  studio { id name parent_studio { id name } }
  tags { id name${tagParents ? ' parents { id name }' : ''} }
  performers { id name disambiguation }
  groups { group { id name } }
  urls
  files { path size duration }
}`;
}

/**
 * A document with the variables `$id0`, `$id1` … and the answers `s0`, `s1` …, one per scene.
 *
 * `findScenes(ids:)` would be shorter, but answers nothing at all when one of the ids does not
 * exist ("scene with id 99 not found", stashapp/stash `pkg/sqlite/scene.go` `FindMany`).
 * `findScene` answers null for exactly that one and an error with its path for any other trouble,
 * so absence is proven per scene. Stash resolves the fields at the same time, and the ids are
 * variables so that it can keep the parsed document.
 * @param count 1 or more.
 * @param tagParents Whether to ask for the parents of each tag. Stash looks them up tag by tag, which
 *   doubles its answer's time: 126 against 55 ms for 50 scenes of 20 tags each.
 */
export function sceneBatchDocument(count: number, tagParents: boolean): string {
  return `${batchDocument('Scenes', count, '...SceneFields')}${sceneFields(tagParents)}`;
}

/** `sceneBatchDocument` and `sceneIdsAfterDocument` in one: the ids as `ids`. */
export function sceneBatchAndIdsDocument(count: number, tagParents: boolean): string {
  const after = {
    variables: ['$scenes: SceneFilterType!', '$page: FindFilterType!'],
    fields: ['  ids: findScenes(scene_filter: $scenes, filter: $page) { count scenes { id } }'],
  };
  const batch = batchDocument('ScenesAndIds', count, '...SceneFields', after);
  return `${batch}${sceneFields(tagParents)}`;
}

/** As `sceneBatchDocument`, for the files alone. */
export function sceneFilesBatchDocument(count: number): string {
  return batchDocument('SceneFiles', count, 'id files { path size duration }');
}

/**
 * As `sceneBatchDocument`, for what viewers left. Without `last_played_at`: one play whose time Stash
 * cannot read fails that of all scenes asked for (stashapp/stash `pkg/sqlite/table.go`
 * `getManyLastDate`), and `play_history` only of its own.
 */
export function viewingBatchDocument(count: number): string {
  const selection = 'id play_history resume_time rating100 updated_at files { duration }';
  return batchDocument('Viewings', count, selection);
}

function batchDocument(
  name: string,
  count: number,
  selection: string,
  more: { readonly variables: readonly string[]; readonly fields: readonly string[] } = nothing,
): string {
  const slots = Array.from({ length: count }, (_, slot) => slot);
  const variables = [...slots.map((slot) => `$id${slot}: ID!`), ...more.variables].join(', ');
  const fields = slots.map((slot) => `  s${slot}: findScene(id: $id${slot}) { ${selection} }`);
  return `query ${name}(${variables}) {\n${[...fields, ...more.fields].join('\n')}\n}`;
}

const nothing = { variables: [], fields: [] };

export const sceneIdsPageDocument = `
query SceneIdsPage($filter: FindFilterType!) {
  findScenes(filter: $filter) { count scenes { id } }
}`;

export const sceneIdsAfterDocument = `
query SceneIdsAfter($scenes: SceneFilterType!, $page: FindFilterType!) {
  findScenes(scene_filter: $scenes, filter: $page) { count scenes { id } }
}`;

export const sceneTimesAfterDocument = `
query SceneTimesAfter($scenes: SceneFilterType!, $page: FindFilterType!) {
  findScenes(scene_filter: $scenes, filter: $page) { count scenes { id updated_at } }
}`;

/** The scenes changed last as `newest`, and given ones as `s0`, `s1` …: their times alone. */
export function newestScenesDocument(count: number): string {
  const slots = Array.from({ length: count }, (_, slot) => slot);
  const variables = ['$page: FindFilterType!', ...slots.map((slot) => `$id${slot}: ID!`)];
  const ones = slots.map((slot) => `  s${slot}: findScene(id: $id${slot}) { id updated_at }`);
  const list = '  newest: findScenes(filter: $page) { scenes { id updated_at } }';
  return `query NewestScenes(${variables.join(', ')}) {\n${[list, ...ones].join('\n')}\n}`;
}

export const sharedListDocument = `
query SharedList($performers: PerformerFilterType!, $studios: StudioFilterType!,
  $tags: TagFilterType!, $groups: GroupFilterType!, $page: FindFilterType!) {
  performers: findPerformers(performer_filter: $performers, filter: $page) {
    count performers { id updated_at }
  }
  studios: findStudios(studio_filter: $studios, filter: $page) {
    count studios { id updated_at }
  }
  tags: findTags(tag_filter: $tags, filter: $page) { count tags { id updated_at } }
  groups: findGroups(group_filter: $groups, filter: $page) { count groups { id updated_at } }
}`;

export const sceneFilesAfterDocument = `
query SceneFilesAfter($scenes: SceneFilterType!, $page: FindFilterType!) {
  findScenes(scene_filter: $scenes, filter: $page) {
    count
    scenes { id files { path size duration } }
  }
}`;

export const scenePathsDocument = `
query ScenePaths($scenes: SceneFilterType!, $page: FindFilterType!) {
  findScenes(scene_filter: $scenes, filter: $page) { scenes { id files { path } } }
}`;

/** `count` is left out: it costs Stash a second query. */
export const sceneIdsOfDocument = `
query SceneIdsOf($scenes: SceneFilterType!, $page: FindFilterType!) {
  findScenes(scene_filter: $scenes, filter: $page) { scenes { id } }
}`;

export const scenesOfPerformerDocument = scenesOfDocument('Performer', 'disambiguation');
export const scenesOfStudioDocument = scenesOfDocument(
  'Studio',
  'parent_studio { id name } child_studios { id }',
);
export const scenesOfTagDocument = scenesOfDocument('Tag', 'parents { id name } children { id }');
export const scenesOfGroupDocument = scenesOfDocument('Group', '');

function scenesOfDocument(type: string, selection: string): string {
  return `
query ScenesOf${type}($id: ID!, $scenes: SceneFilterType!, $page: FindFilterType!) {
  entity: find${type}(id: $id) { id name ${selection} }
  findScenes(scene_filter: $scenes, filter: $page) { scenes { id } }
}`;
}

export const settingsDocument = `
query Settings($pluginIds: [ID!]!) {
  configuration { plugins(include: $pluginIds) }
}`;

export const apiKeyDocument = `
query ApiKey {
  configuration { general { apiKey } }
}`;

export const versionDocument = `
query Version {
  version { version }
}`;

export const jobsDocument = `
query Jobs {
  jobQueue { id status description }
}`;

/** Nothing in Stash's data is changed: a job is put behind those that wait. */
export const runTaskDocument = `
mutation RunTask($plugin: ID!, $task: String!, $description: String!, $args: Map!) {
  runPluginTask(plugin_id: $plugin, task_name: $task, description: $description, args_map: $args)
}`;

/** Stash starts a process of the plugin, and answers what that answers. */
export const runOperationDocument = `
mutation RunOperation($plugin: ID!, $args: Map!) {
  runPluginOperation(plugin_id: $plugin, args: $args)
}`;

/** Writes to Stash's data, as the three after it do; see viewing.ts. */
export const addPlayDocument = `
mutation AddPlay($id: ID!, $times: [Timestamp!]) {
  sceneAddPlay(id: $id, times: $times) { history }
}`;

export const deletePlaysDocument = `
mutation DeletePlays($id: ID!, $times: [Timestamp!]) {
  sceneDeletePlay(id: $id, times: $times) { history }
}`;

export const saveResumeDocument = `
mutation SaveResume($id: ID!, $seconds: Float) {
  sceneSaveActivity(id: $id, resume_time: $seconds)
}`;

export const rateSceneDocument = `
mutation RateScene($input: SceneUpdateInput!) {
  sceneUpdate(input: $input) { id }
}`;

export const pluginsDocument = `
query Plugins {
  plugins { id enabled }
}`;
