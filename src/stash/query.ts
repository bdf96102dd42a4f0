// One question to Stash whose answer counts as a whole or not at all.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import type { Graphql, GraphqlAnswer } from './graphql.ts';

/** @throws PlexSyncError those of `Graphql.send` and of `dataOf`. */
export type Query = <Output>(
  document: string,
  variables: Readonly<Record<string, unknown>>,
  schema: v.GenericSchema<unknown, Output>,
) => Promise<Output>;

export function openQuery(graphql: Graphql): Query {
  return async (document, variables, schema) =>
    dataOf(await graphql.send(document, variables), schema);
}

/**
 * @throws PlexSyncError `stash-query-failed` for any error that Stash reported, `stash-bad-answer`
 *   for data of another form.
 */
export function dataOf<Output>(
  { data, errors }: GraphqlAnswer,
  schema: v.GenericSchema<unknown, Output>,
): Output {
  const [error] = errors;
  if (error !== undefined) {
    throw new PlexSyncError('stash-query-failed', `Stash could not answer: ${error.message}`);
  }
  const parsed = v.safeParse(schema, data);
  if (parsed.success) return parsed.output;
  // The field alone: a value may be the API key.
  const field = v.getDotPath(parsed.issues[0]) ?? 'data';
  throw new PlexSyncError('stash-bad-answer', `Stash's answer has no usable ${field}.`, { field });
}
