// Asks Plex to scan the folders of scenes that wait, where the setting allows it: a folder once an
// hour at most, in Plex's own path.
import { isPlexSyncError } from '../../contract/errors.ts';
import { folderHolding } from '../../domain/match/libraryFolders.ts';
import { folderOf, pathKey, plexPath } from '../../domain/match/pathMapping.ts';
import { mayScanFolder } from '../../store/match/folderScan.ts';
import type { DrainContext } from '../base/context.ts';
import { named } from '../base/named.ts';
import type { SceneJob } from '../base/job.ts';
import type { PlexIdentity } from '../base/plexIdentity.ts';

const everyMs = 3_600_000;

export async function askForScan(
  { db, clock, log, plex: client, rules, settings }: DrainContext,
  { sections }: PlexIdentity,
  jobs: readonly SceneJob[],
): Promise<void> {
  if (!settings.askPlexToScan) return;
  for (const { scene, row } of jobs) {
    for (const { path } of scene.files) {
      const inPlex = plexPath(path, rules);
      const section = sections.find(
        ({ locations }) => folderHolding(pathKey(inPlex), locations) !== null,
      );
      const folder = folderOf(inPlex);
      if (section === undefined || !mayScanFolder(db, pathKey(folder), clock.now(), everyMs))
        continue;
      const about = { ...named(row), folder };
      try {
        await client.scanFolder(section.id, folder);
        log.write('info', 'scan', 'Asked Plex to scan the folder', about);
      } catch (error) {
        if (!isPlexSyncError(error)) throw error;
        // A favour, not a duty: Plex scans by itself sooner or later.
        log.write('warn', 'scan', `Plex did not scan the folder: ${error.message}`, about);
        // A server that is away or busy is not asked for the next folder: it would hold up the rest.
        return;
      }
    }
  }
}
