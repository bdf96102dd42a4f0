// Which scenes the settings keep out of Plex that had an item before they did, and were not compared since.
import { openFaces } from '../domain/gaps/shared.ts';
import { gateOf } from '../domain/mirror/gate.ts';
import type { DrainContext } from '../sync/base/context.ts';

/**
 * Those of one page, asked for together when the first of them is to be written. Asks only where there is
 * such a setting. A scene that Stash cannot tell of is among them.
 * @throws PlexSyncError of Stash's
 */
export function openKeptOut(
  { stash, settings }: Pick<DrainContext, 'stash' | 'settings'>,
  sceneIds: readonly number[],
): () => Promise<ReadonlySet<number>> {
  const { onlyOrganized, onlyWithTags, neverWithTags } = settings.gates;
  const hasGate = onlyOrganized || onlyWithTags.tags.length + neverWithTags.tags.length > 0;
  let known: ReadonlySet<number> | null = hasGate ? null : new Set();
  return async () => {
    if (known !== null) return known;
    const faces = openFaces(settings);
    const through = new Set<number>();
    for (const read of await stash.scenes(sceneIds, faces.tagParents)) {
      if (read.kind !== 'scene') continue;
      const { scene } = read;
      if (gateOf(faces.trimmed(scene), settings.gates) === null) through.add(scene.id);
    }
    known = new Set(sceneIds.filter((id) => !through.has(id)));
    return known;
  };
}
