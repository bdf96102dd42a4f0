// One GraphQL request to Stash, and what counts as an answer.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import { withoutSecrets } from './credentials.ts';
import { type Entrance, isHtml } from './entrance.ts';
import { answerSchema } from './schemas.ts';
import type { HttpAnswer, Transport } from './transport.ts';

export interface GraphqlError {
  /** On one line, cut, without secrets. */
  readonly message: string;
  /** Where in `data`; empty if the whole request is meant. */
  readonly path: readonly (string | number)[];
}

export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly GraphqlError[];
}

export interface DatedAnswer extends GraphqlAnswer {
  /** Unix ms by the clock of Stash's machine, in whole seconds; null where it did not say. */
  readonly at: number | null;
}

export interface Graphql {
  /**
   * @returns `data` and `errors` as Stash sent them; both may be there.
   * @throws PlexSyncError `stash-unauthorized`, `stash-bad-answer`, and those of the transport.
   */
  send(document: string, variables: Readonly<Record<string, unknown>>): Promise<DatedAnswer>;
}

const longestMessage = 300;

export function openGraphql(entrance: Entrance, transport: Transport): Graphql {
  return {
    async send(document, variables) {
      const before = entrance.connection;
      const body = JSON.stringify({ query: document, variables });
      const answer = await entrance.enter(async (headers) => {
        const received = await transport.post(headers, body);
        const isPage = isHtml(received.contentType) || /^\s*</.test(received.body);
        return { ...received, isPage };
      });
      const { data, errors } = readAnswer(answer);
      const clean = (message: string): string =>
        withoutSecrets(message, [before, entrance.connection]).slice(0, longestMessage);
      return {
        data,
        errors: errors.map(({ message, path }) => ({ message: clean(message), path })),
        at: Number.isNaN(Date.parse(answer.date)) ? null : Date.parse(answer.date),
      };
    },
  };
}

function readAnswer({ status, body }: HttpAnswer): v.InferOutput<typeof answerSchema> {
  const parsed = v.safeParse(answerSchema, parseJson(body));
  if (parsed.success) {
    const { data, errors } = parsed.output;
    // Stash answers a document that it does not understand with 4xx and errors.
    if (errors.length > 0 || (status < 300 && data !== null)) return parsed.output;
  }
  const isGateway = status === 502 || status === 503 || status === 504;
  throw new PlexSyncError(
    isGateway ? 'stash-unreachable' : 'stash-bad-answer',
    `Stash answered with status ${status} and nothing that is a GraphQL answer.`,
    { status },
  );
}

/** Undefined for what is not JSON: the parser's own error would quote the body. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
