// Which of a scene's tags a person's list means: by name or id, by themselves or by a tag right
// above them.
import type { TagList } from '../../contract/tagList.ts';
import type { NamedEntity, SceneTag } from '../base/scene.ts';
import { tagKey } from '../base/text.ts';

/** Whether the list names the tag itself. An empty list names none. */
export function nameTest(list: TagList): (tag: NamedEntity) => boolean {
  const keys = new Set(list.tags.map(tagKey));
  return ({ id, name }) => keys.has(tagKey(name)) || keys.has(String(id));
}

/** Whether the list names the tag or one of its parents. */
export function tagTest(list: TagList): (tag: SceneTag) => boolean {
  const isNamed = nameTest(list);
  return (tag) => isNamed(tag) || tag.parents.some(isNamed);
}

/** The tags that are to be shown, in the scene's order: included and not excluded. */
export function chosenTags(
  tags: readonly SceneTag[],
  lists: {
    readonly includeTags: TagList;
    readonly excludeTags: TagList;
  },
): readonly SceneTag[] {
  const isIncluded =
    lists.includeTags.tags.length === 0 ? (): boolean => true : tagTest(lists.includeTags);
  const isExcluded = tagTest(lists.excludeTags);
  return tags.filter((tag) => isIncluded(tag) && !isExcluded(tag));
}
