// Asks Stash itself, for what is Stash's: the plugin's settings, and scenes to choose from.
import * as v from 'valibot';
import { stashUrl } from '../api/urls.ts';
import { type Outcome, troubled } from '../operation/trouble.ts';

const envelope = v.object({
  data: v.nullish(v.unknown()),
  errors: v.nullish(v.array(v.object({ message: v.string() }))),
});

/** Nothing is thrown: whatever happens on the way becomes an outcome with words. */
export async function askStash<Schema extends v.GenericSchema>(
  schema: Schema,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Outcome<v.InferOutput<Schema>>> {
  try {
    const response = await fetch(stashUrl('graphql'), {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    if (response.status === 401) return troubled('login');
    const text = await response.text();
    const body = v.safeParse(v.pipe(v.string(), v.parseJson(), envelope), text);
    if (!body.success) return troubled('stash');
    const [error] = body.output.errors ?? [];
    if (error !== undefined) return troubled('refused', error.message);
    const parsed = v.safeParse(schema, body.output.data);
    return parsed.success ? { kind: 'answer', answer: parsed.output } : troubled('strange');
  } catch {
    return troubled('stash');
  }
}
