// What scenes without an item were judged by: the path mappings in use, the folders of Plex's
// libraries, and what the settings let through. When any of it changes, they are looked at again.
import { raiseScene } from '../../store/queue/queue.ts';
import { scenesWithout } from '../../store/mirror/sceneLists.ts';
import { transaction } from '../../store/file/sql.ts';
import { matchBasis, readState, writeState } from '../../store/file/state.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';

export function noticeBasis(context: DrainContext, { sections }: PlexIdentity): void {
  const { db, clock, log, rules, settings } = context;
  const folders = sections.flatMap((section) => section.locations);
  const basis = JSON.stringify([rules, folders, settings.matchThreshold, settings.gates]);
  if (readState(db, matchBasis) === basis) return;
  const now = clock.now();
  const raised = transaction(db, () => {
    const scenes = scenesWithout(db, ['outside', 'waiting', 'review', 'gated']);
    for (const id of scenes)
      raiseScene(db, id, now, 'mappings', `mappings-${now.toString(36)}-${id}`);
    writeState(db, matchBasis, basis);
    return scenes.length;
  });
  if (raised === 0) return;
  const message =
    'Mappings, libraries or settings changed: scenes without an item are matched anew';
  log.write('info', 'mappings', message, { scenes: raised });
}
