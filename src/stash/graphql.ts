// One GraphQL request to Stash: the credential, a second try with the other one, and what counts
// as an answer.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import type { StashConnection } from './connection.ts';
import {
  type Credential,
  credentialHeaders,
  credentialsOf,
  renewCookie,
  withoutSecrets,
} from './credentials.ts';
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

export interface Graphql {
  readonly connection: StashConnection;
  /**
   * @returns `data` and `errors` as Stash sent them; both may be there.
   * @throws PlexSyncError `stash-unauthorized`, `stash-bad-answer`, and those of the transport.
   */
  send(document: string, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer>;
}

const longestMessage = 300;

export function openGraphql(
  start: StashConnection,
  transport: Transport,
  onConnectionChanged: (connection: StashConnection) => void,
): Graphql {
  let connection = start;
  let preferred: Credential = credentialsOf(start)[0] ?? 'session';

  const attempt = async (credential: Credential, body: string): Promise<HttpAnswer> => {
    const answer = await transport.post(credentialHeaders(connection, credential), body);
    const renewed =
      refusal(answer) === null ? renewCookie(connection, answer.setCookies) : connection;
    if (renewed !== connection) {
      connection = renewed;
      onConnectionChanged(connection);
    }
    return answer;
  };

  /** The answer to the credential that worked last, or else to the other one, tried once. */
  const enter = async (body: string): Promise<HttpAnswer> => {
    const first = preferred;
    const answer = await attempt(first, body);
    const other = credentialsOf(connection).find((credential) => credential !== first);
    if (refusal(answer) === null || other === undefined) return answer;
    const second = await attempt(other, body);
    if (refusal(second) === null) preferred = other;
    return second;
  };

  return {
    get connection() {
      return connection;
    },
    async send(document, variables) {
      const before = connection;
      const body = JSON.stringify({ query: document, variables });
      const answer = await enter(body);
      const refused = refusal(answer);
      if (refused !== null) {
        throw new PlexSyncError('stash-unauthorized', refused, { status: answer.status });
      }
      const { data, errors } = readAnswer(answer);
      const clean = (message: string): string =>
        withoutSecrets(message, [before, connection]).slice(0, longestMessage);
      return {
        data,
        errors: errors.map(({ message, path }) => ({ message: clean(message), path })),
      };
    },
  };
}

/**
 * Why Stash let nobody in, or null. Without a login it answers GraphQL with 401, pages with a
 * redirect, and everything with 403 once it thinks it is exposed to the internet (stashapp/stash
 * `internal/api/authentication.go`); a proxy in front of it may send its own login page.
 */
function refusal(answer: HttpAnswer): string | null {
  const { status } = answer;
  if (status === 401)
    return 'Stash refuses the login: the session expired or the API key is wrong.';
  if (status === 403) return 'Stash refuses every request; its log says why.';
  const isRedirect = status >= 300 && status < 400;
  const isHtml = /^text\/html/i.test(answer.contentType) || /^\s*</.test(answer.body);
  if ((isRedirect && /\/login\b/.test(answer.location)) || (status < 300 && isHtml)) {
    return 'Stash asks for a login.';
  }
  return null;
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
