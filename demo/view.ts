// A scene as a person sees it, on either side in the same words, and what differs between two.
import type { ItemSnapshot } from '../simulators/plex/snapshot.ts';
import type { StashStore } from '../simulators/stash/store/store.ts';

export interface SceneView {
  readonly title: string;
  readonly date: string;
  readonly studio: string;
  readonly performers: readonly string[];
  readonly tags: readonly string[];
  readonly details: string;
}

export type ViewField = keyof SceneView;
export const viewFields: readonly ViewField[] = [
  'title',
  'date',
  'studio',
  'performers',
  'tags',
  'details',
];

export function stashView(store: StashStore, sceneId: number): SceneView {
  const scene = store.scene(sceneId);
  if (scene === undefined) throw new Error(`Stash has no scene ${sceneId}.`);
  const name = (kind: 'studio' | 'tag' | 'performer', id: number): string =>
    store.entity(kind, id)?.name ?? '';
  return {
    title: scene.title,
    date: scene.date ?? '',
    studio: scene.studioId === null ? '' : name('studio', scene.studioId),
    performers: sorted(scene.performerIds.map((id) => name('performer', id))),
    tags: sorted(scene.tagIds.map((id) => name('tag', id))),
    details: scene.details,
  };
}

export function plexView(item: ItemSnapshot): SceneView {
  return {
    title: item.title,
    date: item.originallyAvailableAt,
    studio: item.studio,
    performers: sorted(item.actors),
    tags: sorted(item.genres),
    details: item.summary,
  };
}

/** Plex keeps lists in its own order: the same names in another order are the same. */
function sorted(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => a.localeCompare(b));
}

export function fieldText(view: SceneView, field: ViewField): string {
  const value = view[field];
  return typeof value === 'string' ? value : value.join(', ');
}

export function differingFields(a: SceneView, b: SceneView): readonly ViewField[] {
  return viewFields.filter((field) => fieldText(a, field) !== fieldText(b, field));
}

/** What happened to a scene, in words: `title “A” → “B”`, `tags +Rail −Night`. */
export function changesBetween(before: SceneView, after: SceneView): readonly string[] {
  return differingFields(before, after).map((field) => {
    const [was, is] = [before[field], after[field]];
    if (typeof was === 'string' || typeof is === 'string') {
      const from = fieldText(before, field);
      const to = fieldText(after, field);
      return from === '' || field === 'details'
        ? `${field} ${quoted(to)}`
        : `${field} ${quoted(from)} → ${quoted(to)}`;
    }
    const added = is.filter((name) => !was.includes(name)).map((name) => `+${name}`);
    const removed = was.filter((name) => !is.includes(name)).map((name) => `−${name}`);
    return `${field} ${[...added, ...removed].join(' ')}`;
  });
}

export function quoted(text: string): string {
  return `“${text}”`;
}
