// What the client is told about its server, checked once: the address, the headers that every
// request carries, and the limits in time.
import { PlexSyncError } from '../contract/errors.ts';

export interface PlexConnection {
  /** `http://host:32400` or `https://…`; a path is kept, for a reverse proxy. */
  readonly url: string;
  /** The server owner's token. Empty: only `identity()` can be asked. */
  readonly token: string;
  /** Made once per installation and kept: Plex mails its owner about every new one it sees. */
  readonly clientIdentifier: string;
  /** PlexSync's own version. */
  readonly version: string;
  /** Each one left out is its value in `defaultTimeouts`. */
  readonly timeouts?: Partial<PlexTimeouts>;
}

/** Milliseconds, all above zero. A call as a whole ends after connect, headers and body together. */
export interface PlexTimeouts {
  /** Name look-up, TCP and TLS. */
  readonly connectMs: number;
  /** From a read's request to the last header of its answer. */
  readonly readHeadersMs: number;
  /** Between two pieces of a read's answer. */
  readonly readBodyMs: number;
  readonly writeHeadersMs: number;
  readonly writeBodyMs: number;
}

export const defaultTimeouts: PlexTimeouts = {
  // A server in the same house connects in milliseconds; five seconds allow for a disk spinning up.
  connectMs: 5_000,
  // A batch of full items takes well under a second; Plex is silent while its database is locked.
  readHeadersMs: 30_000,
  readBodyMs: 30_000,
  // A write is about a second, but waits behind scans and other writers; giving up too early leaves
  // an edit whose outcome nobody knows.
  writeHeadersMs: 60_000,
  writeBodyMs: 60_000,
};

export interface CheckedConnection {
  /** Scheme, host and port. */
  readonly origin: string;
  /** What stands before every path, without a slash at its end; usually empty. */
  readonly pathPrefix: string;
  /** Host and port for people. */
  readonly address: string;
  /** Headers of every request, the token not among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string;
  readonly timeouts: PlexTimeouts;
}

/**
 * Header names are those of the OpenAPI document's introduction. `X-Plex-Pms-Api-Version` is left
 * out on purpose: its default is what python-plexapi and nearly every other client gets. The device
 * name is fixed, since in a container the host's name changes with every update.
 *
 * @throws PlexSyncError `config-invalid` with the setting in `field`: an address that is no URL, not
 *   http(s), or carries a user name, a query or a fragment; a token or an identifier that cannot
 *   stand in a header; a limit that is not above zero.
 */
export function checkConnection(connection: PlexConnection): CheckedConnection {
  const url = checkUrl(connection.url);
  return {
    origin: url.origin,
    pathPrefix: url.pathname.replace(/\/+$/, ''),
    address: url.port === '' ? `${url.host}:${url.protocol === 'https:' ? 443 : 80}` : url.host,
    headers: {
      Accept: 'application/json',
      'X-Plex-Client-Identifier': checkHeader(connection.clientIdentifier, 'clientIdentifier'),
      'X-Plex-Product': 'PlexSync',
      'X-Plex-Version': checkHeader(connection.version, 'version'),
      'X-Plex-Platform': process.platform,
      'X-Plex-Device-Name': 'PlexSync',
    },
    token: connection.token === '' ? '' : checkHeader(connection.token, 'plexToken'),
    timeouts: checkTimeouts({ ...defaultTimeouts, ...connection.timeouts }),
  };
}

// No message here repeats what was set: an address can carry a password or a token.
function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid('plexUrl', 'plexUrl is not an address like http://192.168.1.5:32400.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid(
      'plexUrl',
      'plexUrl holds more than an address: leave out user names and everything from ? or # on.',
    );
  }
  return url;
}

function checkHeader(value: string, field: string): string {
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw invalid(field, `${field} is empty, or has spaces or other characters it cannot have.`);
  }
  return value;
}

function checkTimeouts(timeouts: PlexTimeouts): PlexTimeouts {
  for (const [name, value] of Object.entries(timeouts)) {
    if (!Number.isFinite(value) || value <= 0) {
      throw invalid(name, `The limit ${name} is not a number of milliseconds above zero.`);
    }
  }
  return timeouts;
}

function invalid(field: string, message: string): PlexSyncError {
  return new PlexSyncError('config-invalid', message, { field });
}
