// Why Plex refuses the token, in the words that the status, the page and `outage.json` have for it.
import type { Refused } from './circuit.ts';

/** In words, as the cause of a failure is. */
export const tokenCause = 'Plex refuses the token.';
/** That of somebody whom the server is shared with: proven by a read that went through before. */
export const readOnlyCause = 'The token may read but not write: it is not the owner’s.';

export function refusalCause({ readOnly }: Refused): string {
  return readOnly === true ? readOnlyCause : tokenCause;
}

/** When it is tried again at the earliest, Unix ms; null while it is being tried. */
export function tokenTryAt({ trial, retryAt }: Refused): number | null {
  return trial === true ? null : retryAt;
}
