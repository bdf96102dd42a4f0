// Whether the settings keep a scene out of Plex that had an item before they did, and was not compared since.
import { openFaces } from '../domain/gaps/shared.ts';
import { gateOf } from '../domain/mirror/gate.ts';
import type { DrainContext } from '../sync/base/context.ts';

/** True as well where Stash cannot tell. Asks it only where there is such a setting. */
export async function isKeptOut(
  { stash, settings }: Pick<DrainContext, 'stash' | 'settings'>,
  sceneId: number,
): Promise<boolean> {
  const { onlyOrganized, onlyWithTags, neverWithTags } = settings.gates;
  if (!onlyOrganized && onlyWithTags.tags.length + neverWithTags.tags.length === 0) return false;
  const faces = openFaces(settings);
  const [read] = await stash.scenes([sceneId], faces.tagParents);
  return read?.kind !== 'scene' || gateOf(faces.trimmed(read.scene), settings.gates) !== null;
}
