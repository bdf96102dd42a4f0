// Asks Stash itself, for what is Stash's: the plugin's settings, and scenes to choose from.
import { stashUrl } from '../api/urls.ts';
import { type Outcome, troubled } from '../operation/trouble.ts';
import { fieldsOf, listOf, parsed, textOf, within } from './read.ts';

/**
 * Nothing is thrown: whatever happens on the way becomes an outcome with words.
 * @param read what is wanted of the answer; null where it is not there
 */
export async function askStash<T>(
  read: (data: unknown) => T | null,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Outcome<T>> {
  try {
    const response = await fetch(stashUrl('graphql'), {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    if (response.status === 401) return troubled('login');
    const body = fieldsOf(parsed(await response.text()));
    if (body === null) return troubled('stash');
    const [error] = listOf(body['errors']);
    if (error !== undefined) return troubled('refused', textOf(within(error, 'message')));
    const answer = read(body['data']);
    return answer === null ? troubled('strange') : { kind: 'answer', answer };
  } catch {
    return troubled('stash');
  }
}
