// What a person does to scenes in Stash: one at a time in the edit form, or many at once.
import type { StashStore } from '../simulators/stash/store/store.ts';
import { ask } from './installation.ts';
import { type Library, randomDate } from './library.ts';
import { pick, type Random } from './random.ts';
import { moreDetails, motifs } from './words.ts';
import type { StashSimulator } from '../simulators/stash/server.ts';

/** Fields of Stash's SceneUpdateInput, without the id. */
type SceneInput = Readonly<Record<string, unknown>>;

const additions = [' (restored)', ' (long version)', ', Part One', ' Revisited'];

/** Something else than the scene has now; single edits always change something. */
export function inventEdit(
  store: StashStore,
  library: Library,
  sceneId: number,
  random: Random,
): SceneInput {
  const scene = store.scene(sceneId);
  if (scene === undefined) throw new Error(`Stash has no scene ${sceneId}.`);
  const another = (ids: readonly number[], present: readonly number[]): number =>
    pick(
      ids.filter((id) => !present.includes(id)),
      random,
    );
  const choices: readonly (() => SceneInput)[] = [
    () => ({ title: retitled(scene.title, random) }),
    () => {
      const kept = scene.tagIds.slice(scene.tagIds.length > 1 ? 1 : 0);
      return { tag_ids: texts([...kept, another(library.tagIds, scene.tagIds)]) };
    },
    () => ({ tag_ids: texts([...scene.tagIds, another(library.tagIds, scene.tagIds)].slice(-4)) }),
    () => {
      const added = another(library.performerIds, scene.performerIds);
      return { performer_ids: texts([...scene.performerIds.slice(0, 1), added]) };
    },
    () => ({ date: randomDate(random) }),
    () => ({ studio_id: String(another(library.studioIds, [scene.studioId ?? 0])) }),
    () => {
      const all = [...moreDetails, ...motifs.map(({ details }) => details)];
      const others = all.filter((details) => details !== scene.details);
      return { details: pick(others, random) };
    },
  ];
  return pick(choices, random)();
}

/** A tag for all of them, or taken from all of them if most have it. */
export function inventBulkEdit(
  store: StashStore,
  library: Library,
  sceneIds: readonly number[],
  random: Random,
): SceneInput {
  const tagId = pick(library.tagIds, random);
  const having = sceneIds.filter((id) => store.scene(id)?.tagIds.includes(tagId));
  const mode = having.length > sceneIds.length / 2 ? 'REMOVE' : 'ADD';
  return { tag_ids: { ids: [String(tagId)], mode } };
}

/** Resolves when Stash answers, which it does after its hooks. @throws Error */
export async function save(
  stash: StashSimulator,
  sceneIds: readonly number[],
  input: SceneInput,
): Promise<void> {
  const [only] = sceneIds;
  if (sceneIds.length === 1) {
    const query = 'mutation ($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }';
    await ask(stash, query, { input: { id: String(only), ...input } });
  } else {
    const query =
      'mutation ($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }';
    await ask(stash, query, { input: { ids: texts(sceneIds), ...input } });
  }
}

function retitled(title: string, random: Random): string {
  const addition = additions.find((end) => title.endsWith(end));
  return addition === undefined
    ? title + pick(additions, random)
    : title.slice(0, -addition.length);
}

function texts(ids: readonly number[]): readonly string[] {
  return ids.map(String);
}
