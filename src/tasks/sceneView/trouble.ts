// Why something could not be asked, as the answer tells it.
import { causeOf } from '../../contract/causes.ts';
import { type PlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import type { Trouble } from '../../contract/sceneView.ts';

export function troubleOf({ code, message }: Pick<PlexSyncError, 'code' | 'message'>): Trouble {
  return { code, message, ...causeOf(code) };
}

export type Tried<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'failed'; readonly trouble: Trouble };

/** A failure of a server's as a value; any other is thrown. */
export async function tried<T>(ask: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { kind: 'answered', value: await ask() };
  } catch (thrown) {
    const error = toPlexSyncError(thrown);
    if (error.code === 'internal') throw thrown;
    return { kind: 'failed', trouble: troubleOf(error) };
  }
}
