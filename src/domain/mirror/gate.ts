// Which scenes go to Plex at all, as the person has set it.
import type { GateSettings } from '../../contract/gateSettings.ts';
import type { Scene } from '../base/scene.ts';
import { tagTest } from './tagChoice.ts';

/** Why a scene does not go to Plex. */
export interface Gate {
  readonly kind: 'not-organized' | 'without-wanted-tag' | 'with-unwanted-tag';
  /** A sentence for the person. */
  readonly words: string;
}

/** null for a scene that goes to Plex. What stands in Plex of one that does not is left alone. */
export function gateOf(
  { organized, tags }: Pick<Scene, 'organized' | 'tags'>,
  { onlyOrganized, onlyWithTags, neverWithTags }: GateSettings,
): Gate | null {
  const unwanted = tags.find(tagTest(neverWithTags));
  if (unwanted !== undefined) {
    const words = `It has the tag "${unwanted.name}", which neverWithTags keeps out of Plex.`;
    return { kind: 'with-unwanted-tag', words };
  }
  if (onlyOrganized && !organized) {
    const words = 'It is not organised in Stash, and onlyOrganized is on.';
    return { kind: 'not-organized', words };
  }
  if (onlyWithTags.tags.length > 0 && !tags.some(tagTest(onlyWithTags))) {
    const words = 'It has none of the tags that onlyWithTags asks for.';
    return { kind: 'without-wanted-tag', words };
  }
  return null;
}
