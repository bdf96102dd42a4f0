// Every GraphQL document that is sent to Stash. All fields are in every supported version (0.27
// and later, and in fact since 0.24), so none has to be asked for conditionally.

const sceneFields = `
fragment SceneFields on Scene {
  id
  title
  details
  date
  updated_at
  studio { id name }
  tags { id name }
  performers { id name disambiguation }
  files { path size duration }
}`;

/**
 * A document with the variables `$id0`, `$id1` … and the answers `s0`, `s1` …, one per scene.
 *
 * `findScenes(ids:)` would be shorter, but answers nothing at all when one of the ids does not
 * exist ("scene with id 99 not found", stashapp/stash `pkg/sqlite/scene.go` `FindMany`).
 * `findScene` answers null for exactly that one and an error with its path for any other trouble,
 * so absence is proven per scene. Stash resolves the fields at the same time, and the ids are
 * variables so that it can keep the parsed document.
 * @param count 1 or more.
 */
export function sceneBatchDocument(count: number): string {
  const slots = Array.from({ length: count }, (_, slot) => slot);
  const variables = slots.map((slot) => `$id${slot}: ID!`).join(', ');
  const fields = slots.map((slot) => `  s${slot}: findScene(id: $id${slot}) { ...SceneFields }`);
  return `query Scenes(${variables}) {\n${fields.join('\n')}\n}${sceneFields}`;
}

export const sceneIdsPageDocument = `
query SceneIdsPage($filter: FindFilterType!) {
  findScenes(filter: $filter) { count scenes { id } }
}`;

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

export const pluginsDocument = `
query Plugins {
  plugins { id enabled }
}`;
