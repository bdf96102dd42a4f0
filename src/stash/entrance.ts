// How every request gets into Stash: the credential, a second try with the other one, the renewed
// cookie, and what it means to be turned away.
import { PlexSyncError } from '../contract/errors.ts';
import type { StashConnection } from './connection.ts';
import { type Credential, credentialHeaders, credentialsOf, renewCookie } from './credentials.ts';
import type { HttpAnswer } from './transport.ts';

export interface Answered extends Omit<HttpAnswer, 'body'> {
  /** A page for people came in place of what was asked for. */
  readonly isPage: boolean;
}

export interface Entrance {
  /** As it is now: the cookie is renewed with every answer. */
  readonly connection: StashConnection;
  /**
   * The answer to the credential that worked last, or else to the other one, tried once.
   * @throws PlexSyncError `stash-unauthorized`, and what `exchange` throws.
   */
  enter<Answer extends Answered>(
    exchange: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
  ): Promise<Answer>;
}

export function openEntrance(
  start: StashConnection,
  onConnectionChanged: (connection: StashConnection) => void,
): Entrance {
  let connection = start;
  let preferred: Credential = credentialsOf(start)[0] ?? 'session';

  const renew = (answer: Answered): void => {
    const renewed =
      refusal(answer) === null ? renewCookie(connection, answer.setCookies) : connection;
    if (renewed === connection) return;
    connection = renewed;
    onConnectionChanged(connection);
  };

  return {
    get connection() {
      return connection;
    },
    async enter(exchange) {
      const attempt = async (credential: Credential): ReturnType<typeof exchange> => {
        const answer = await exchange(credentialHeaders(connection, credential));
        renew(answer);
        return answer;
      };
      const first = preferred;
      let answer = await attempt(first);
      const other = credentialsOf(connection).find((credential) => credential !== first);
      if (refusal(answer) !== null && other !== undefined) {
        answer = await attempt(other);
        if (refusal(answer) === null) preferred = other;
      }
      const refused = refusal(answer);
      if (refused === null) return answer;
      throw new PlexSyncError('stash-unauthorized', refused, { status: answer.status });
    },
  };
}

export function isHtml(contentType: string): boolean {
  return /^text\/html/i.test(contentType);
}

/**
 * Why Stash let nobody in, or null. Without a login it answers GraphQL with 401, pages and images
 * with a redirect, and everything with 403 once it thinks it is exposed to the internet
 * (stashapp/stash `internal/api/authentication.go`); a proxy in front of it may send its own login
 * page.
 */
function refusal({ status, location, isPage }: Answered): string | null {
  if (status === 401)
    return 'Stash refuses the login: the session expired or the API key is wrong.';
  if (status === 403) return 'Stash refuses every request; its log says why.';
  const isRedirect = status >= 300 && status < 400;
  if ((isRedirect && /\/login\b/.test(location)) || (status < 300 && isPage)) {
    return 'Stash asks for a login.';
  }
  return null;
}
