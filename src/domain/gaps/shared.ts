// What scenes share with other scenes (performers, studios, tags, groups), and what Plex shows of
// each under the person's settings: its face. A scene concerns whoever it has a face of.
import type { Settings } from '../../contract/settings.ts';
import { namesakes, performerNames } from '../mirror/people.ts';
import type { NamedEntity, Scene, ScenePerformer, SceneStudio, SceneTag } from '../base/scene.ts';
import { chosenTags, nameTest, tagTest } from '../mirror/tagChoice.ts';

/**
 * One of them as a scene has it. Some have a second side, which other scenes than its own show:
 * a studio or a tag those of its children, a performer those in which another has the same name.
 */
export type Shared =
  | ({ readonly entity: 'performer' } & ScenePerformer)
  | ({ readonly entity: 'namesake' } & ScenePerformer)
  | ({ readonly entity: 'studio' } & SceneStudio)
  | ({ readonly entity: 'tag' } & SceneTag)
  | ({ readonly entity: 'group' } & NamedEntity)
  | ({ readonly entity: 'parent-studio' | 'parent-tag' } & NamedEntity);

export type SharedKind = Shared['entity'];

export interface Faces {
  /** Whether any setting looks at the parents of tags. */
  readonly tagParents: boolean;
  /** Whether the person's lists name the tag, so that it stands for those right below it. */
  readonly isNamed: (tag: NamedEntity) => boolean;
  /** The scene without those parents that no setting looks at: what `sharedOf` then says concerns it. */
  trimmed(scene: Scene): Scene;
  /** What Plex shows of it, as one text that compares. */
  of(shared: Shared): string;
}

export function openFaces({ fields, gates }: Pick<Settings, 'fields' | 'gates'>): Faces {
  const { tagsAs, includeTags, excludeTags } = fields;
  const tagsShown = tagsAs !== 'off' && fields.policies[tagsAs] !== 'off';
  const groupsShown = fields.groupCollections && fields.policies.collection !== 'off';
  const lists = [
    ...(tagsShown ? [includeTags, excludeTags] : []),
    gates.onlyWithTags,
    gates.neverWithTags,
  ];
  const listTests = lists.map(nameTest);
  const gateTests = [gates.onlyWithTags, gates.neverWithTags].map(tagTest);
  const isNamed: Faces['isNamed'] = (tag) => listTests.some((test) => test(tag));
  const face = (shared: Shared): unknown => {
    switch (shared.entity) {
      case 'performer':
        return performerNames([shared], fields.performerDisambiguation);
      case 'namesake':
        return shared.disambiguation;
      case 'studio':
        return fields.parentStudio ? (shared.parent ?? shared).name : shared.name;
      case 'parent-studio':
        return shared.name;
      case 'tag': {
        const isShown = tagsShown && chosenTags([shared], fields).length > 0;
        return [isShown ? shared.name : null, ...gateTests.map((test) => test(shared))];
      }
      case 'parent-tag':
        return listTests.map((test) => test(shared));
      case 'group':
        return groupsShown ? shared.name : null;
    }
  };
  return {
    tagParents: lists.some((list) => list.tags.length > 0),
    isNamed,
    trimmed: (scene) => ({
      ...scene,
      studio:
        scene.studio === null || fields.parentStudio
          ? scene.studio
          : { ...scene.studio, parent: null },
      tags: scene.tags.map((tag) => ({ ...tag, parents: tag.parents.filter(isNamed) })),
    }),
    of: (shared) => JSON.stringify(face(shared)),
  };
}

/** All that the scene shares. Parents count as far as the scene has them. */
export function sharedOf({ performers, studio, tags, groups }: Scene): readonly Shared[] {
  const parents = new Map(tags.flatMap((tag) => tag.parents.map((parent) => [parent.id, parent])));
  return [
    ...performers.map((performer) => ({ entity: 'performer' as const, ...performer })),
    ...namesakes(performers).map((performer) => ({ entity: 'namesake' as const, ...performer })),
    ...(studio === null ? [] : [{ entity: 'studio' as const, ...studio }]),
    ...(studio?.parent ? [{ entity: 'parent-studio' as const, ...studio.parent }] : []),
    ...tags.map((tag) => ({ entity: 'tag' as const, ...tag })),
    ...[...parents.values()].map((parent) => ({ entity: 'parent-tag' as const, ...parent })),
    ...groups.map((group) => ({ entity: 'group' as const, ...group })),
  ];
}
