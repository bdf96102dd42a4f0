// An answer to many scenes asked for by their ids at once (`batchDocument`), taken apart into one
// result per scene. Null counts as gone only where Stash reported no error for it.
import { PlexSyncError } from '../contract/errors.ts';
import type { GraphqlAnswer } from './graphql.ts';

export type Slot =
  | { readonly kind: 'there'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'gone'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

const mostIdsNamed = 5;

/**
 * @param ids What the answers `s0`, `s1` … were asked for.
 * @returns One result per id, in their order; `failed` for those that Stash reported an error for.
 *   Where that is all of them, the answer does not tell whether it is the scenes or Stash.
 * @throws PlexSyncError `stash-query-failed` when the error is of the request as a whole;
 *   `stash-bad-answer` when a scene was not answered at all.
 */
export function slotsOf(ids: readonly number[], { data, errors }: GraphqlAnswer): readonly Slot[] {
  const complaints = new Map(errors.map(({ path, message }) => [path[0], message]));
  const failed = ids.filter((_, slot) => complaints.has(`s${slot}`));
  const [firstError] = errors;
  if (firstError !== undefined && failed.length === 0) {
    throw new PlexSyncError(
      'stash-query-failed',
      `Stash could not read ${nameIds(ids)}: ${firstError.message}`,
    );
  }
  return ids.map((id, slot) => {
    const complaint = complaints.get(`s${slot}`);
    if (complaint !== undefined) {
      return { kind: 'failed', id, message: `Stash could not read scene ${id}: ${complaint}` };
    }
    const value = data?.[`s${slot}`];
    if (value === undefined) {
      throw new PlexSyncError('stash-bad-answer', `Stash did not answer for scene ${id}.`);
    }
    return value === null ? { kind: 'gone', id } : { kind: 'there', id, value };
  });
}

function nameIds(ids: readonly number[]): string {
  const named = ids.slice(0, mostIdsNamed).join(', ');
  const more = ids.length - mostIdsNamed;
  return `${ids.length === 1 ? 'scene' : 'scenes'} ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
