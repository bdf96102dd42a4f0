// Asks PlexSync through Stash: one GraphQL mutation, one JSON document. Whatever happens on the way
// becomes an outcome with words; nothing is thrown.
import { learnTime } from '../api/clock.ts';
import { pluginId, stashUrl } from '../api/urls.ts';
import { isAnswer } from './answers.ts';
import { fits, type Shape } from './shape.ts';
import type { AnyAnswer, AnyName, Arguments } from './table.ts';
import { type Outcome, troubled } from './trouble.ts';

const document = `mutation PlexSync($id: ID!, $args: Map) { runPluginOperation(plugin_id: $id, args: $args) }`;

interface Envelope {
  readonly data?: { readonly runPluginOperation?: unknown } | null;
  readonly errors?: readonly { readonly message: string }[] | null;
}

const envelope: Shape = {
  'data?': ['?', { 'runPluginOperation?': 'u' }],
  'errors?': ['?', ['*', { message: 's' }]],
};

/**
 * Stash waits for the answer as long as it takes. With `signal` the connection is dropped, and Stash
 * ends the process that works on it (stashapp/stash pkg/plugin/plugins.go, `RunPlugin`).
 * @returns the answer as it came; null where it was called off
 */
export async function call<Name extends AnyName>(
  name: Name,
  args: Arguments,
  signal?: AbortSignal,
): Promise<Outcome<AnyAnswer<Name>> | null> {
  try {
    const response = await fetch(stashUrl('graphql'), {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        query: document,
        variables: { id: pluginId, args: { ...args, name } },
      }),
      ...(signal === undefined ? {} : { signal }),
    });
    learnTime(response.headers.get('date'));
    if (response.status === 401) return troubled('login');
    const body = await read(response);
    return body === null ? troubled('stash') : understood(body, name);
  } catch {
    return signal?.aborted === true ? null : troubled('stash');
  }
}

/** A proxy before Stash answers with pages of its own while Stash is away. */
async function read(response: Response): Promise<Envelope | null> {
  try {
    const body: unknown = await response.json();
    return isEnvelope(body) ? body : null;
  } catch {
    return null;
  }
}

function isEnvelope(body: unknown): body is Envelope {
  return fits(envelope, body);
}

function understood<Name extends AnyName>(
  { data, errors }: Envelope,
  name: Name,
): Outcome<AnyAnswer<Name>> {
  const [error] = errors ?? [];
  if (error !== undefined) return troubled('refused', error.message);
  const given = data?.runPluginOperation ?? null;
  if (given === null) return troubled('nothing');
  return isAnswer(name, given) ? { kind: 'answer', answer: given } : troubled('strange');
}
