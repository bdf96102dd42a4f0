// Whose failure it is when Stash answered a question and could not do what was asked.
import { isPlexSyncError, type PlexSyncError } from '../../contract/errors.ts';
import type { StashClient } from '../../stash/client.ts';

/**
 * The failure, if it is of what was asked for alone: Stash answers something else that needs its
 * database. The others must not wait for it.
 * @throws what was thrown, where Stash did not answer; PlexSyncError of Stash's, where it is not well
 */
export async function failureOfAsked(
  stash: Pick<StashClient, 'sceneIdsPage'>,
  thrown: unknown,
): Promise<PlexSyncError> {
  if (!isPlexSyncError(thrown)) throw thrown;
  if (thrown.code !== 'stash-query-failed' && thrown.code !== 'stash-bad-answer') throw thrown;
  await stash.sceneIdsPage({ page: 1, perPage: 1 });
  return thrown;
}
