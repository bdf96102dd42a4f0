// Whether a person should look: what the dot in Stash's navigation says.
import type { Status } from '../../contract/status.ts';
import { problems } from './tabs.ts';

export function needsAttention(status: Status): boolean {
  return (
    problems(status) > 0 ||
    status.problems.length > 0 ||
    status.plex.circuit === 'refused' ||
    status.fullSyncNeeded !== null
  );
}
