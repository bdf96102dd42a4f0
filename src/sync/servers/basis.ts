// What scenes without an item were judged by: the path mappings in use, the folders of Plex's
// libraries, and what the settings let through. When any of it changes, they are looked at again.
import { scenesWithout } from '../../store/mirror/sceneLists.ts';
import { matchBasis, readState, writeState } from '../../store/file/state.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';
import { raiseMany } from '../base/raiseMany.ts';

export async function noticeBasis(
  context: DrainContext,
  { sections }: PlexIdentity,
): Promise<void> {
  const { db, clock, log, rules, settings } = context;
  const folders = sections.flatMap((section) => section.locations);
  const basis = JSON.stringify([rules, folders, settings.matchThreshold, settings.gates]);
  if (readState(db, matchBasis) === basis) return;
  const now = clock.now();
  const scenes = scenesWithout(db, ['outside', 'waiting', 'review', 'gated']);
  await raiseMany(context, scenes, 'mappings', (id) => `mappings-${now.toString(36)}-${id}`);
  writeState(db, matchBasis, basis);
  if (scenes.length === 0) return;
  const message =
    'Mappings, libraries or settings changed: scenes without an item are matched anew';
  log.write('info', 'mappings', message, { scenes: scenes.length });
}
