// Step "viewer": whether Plex takes the token of the user whose viewing goes both ways. Only where one is
// typed: the plugin's own has a step already.
import type { HealthStep } from '../../contract/health.ts';
import { isPlexSyncError } from '../../contract/errors.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Database } from '../../store/file/database.ts';
import { connectToPlex } from '../../sync/servers/configuration.ts';
import { fail, ok, warn } from './step.ts';

export async function checkViewer(
  db: Database,
  settings: Settings,
  version: string,
): Promise<readonly HealthStep[]> {
  const { fields, token } = settings.viewing;
  if (fields.length === 0 || token === '' || token === settings.plexToken) return [];
  const plex = connectToPlex(db, { ...settings, plexToken: token }, version);
  try {
    // A guest may not ask for the server itself, and sees the libraries that are shared.
    const sections = await plex.sections();
    const finding = `Plex takes the token of the user whose viewing goes both ways, who sees ${sections.length} libraries.`;
    return [ok('viewer', finding)];
  } catch (error) {
    if (!isPlexSyncError(error) || !error.code.startsWith('plex-')) throw error;
    if (error.code !== 'plex-unauthorized') {
      return [
        warn('viewer', `Whether Plex takes viewingToken could not be told: ${error.message}`),
      ];
    }
    const wayOut =
      'Type another token of that user into viewingToken, or empty viewing. Everything else goes on.';
    return [fail('viewer', 'Plex refuses the token in viewingToken.', wayOut)];
  } finally {
    await plex.close();
  }
}
