// Which credential a request carries: the API key if there is one, else the session cookie, and
// the other one when Stash no longer takes the first. The cookie is renewed from every answer.
import type { StashConnection } from './connection.ts';

/** One way in. A session without a cookie is right for a Stash that asks for no password. */
export type Credential = 'api-key' | 'session';

type Headers = Readonly<Record<string, string>>;

/**
 * The header of a credential. Stash checks `ApiKey` first and refuses a wrong one even beside a
 * valid cookie (stashapp/stash `pkg/session/session.go`), so never both are sent.
 */
export function credentialHeaders(connection: StashConnection, credential: Credential): Headers {
  if (credential === 'api-key' && connection.apiKey !== null) return { apikey: connection.apiKey };
  const { cookie } = connection;
  if (credential === 'api-key' || cookie === null) return {};
  if (!isHeaderText(cookie.name) || !isHeaderText(cookie.value)) return {};
  return { cookie: `${cookie.name}=${cookie.value}` };
}

/** The ways in, best first. A wrong API key must not lock a password-less Stash either. */
export function credentialsOf(connection: StashConnection): readonly Credential[] {
  const hasKey = connection.apiKey !== null && isHeaderText(connection.apiKey);
  return hasKey ? ['api-key', 'session'] : ['session'];
}

/**
 * The connection with the session that an answer set; the same object if it set none. Stash sends
 * a new cookie with every answer to a valid one, which is what keeps the session alive.
 */
export function renewCookie(
  connection: StashConnection,
  setCookies: readonly string[],
): StashConnection {
  const name = connection.cookie?.name ?? 'session';
  for (const header of setCookies) {
    const pair = header.split(';', 1)[0] ?? '';
    const value = pair.slice(name.length + 1).trim();
    if (!pair.startsWith(`${name}=`) || value === '' || !isHeaderText(value)) continue;
    if (value !== connection.cookie?.value) return { ...connection, cookie: { name, value } };
  }
  return connection;
}

/** Texts of a server, free of every credential that it was or will be sent, on one line. */
export function withoutSecrets(text: string, connections: readonly StashConnection[]): string {
  const secrets = connections
    .flatMap(({ apiKey, cookie }) => [apiKey ?? '', cookie?.value ?? ''])
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return clean.replace(/(apikey=)[^&\s"']+/gi, '$1***').replace(/\s+/g, ' ');
}

/** Anything else would be refused by the HTTP client, or end the cookie early. */
function isHeaderText(text: string): boolean {
  return /^[\x21-\x3a\x3c-\x7e]+$/.test(text);
}
