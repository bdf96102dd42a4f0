// Where a Stash is and how one may enter: the two credentials that it knows.
import { PlexSyncError } from '../contract/errors.ts';

export interface StashConnection {
  readonly scheme: 'http' | 'https';
  /** Name or address, as Stash is bound; see `baseUrl` for what is made of `0.0.0.0`. */
  readonly host: string;
  readonly port: number;
  /** The session; Stash lets it expire, an hour after its last use unless configured otherwise. */
  readonly cookie: { readonly name: string; readonly value: string } | null;
  /** Lasts until somebody generates another one. */
  readonly apiKey: string | null;
  /**
   * 'checked': by https only with a certificate that this machine trusts. Else it is not looked at:
   * Stash signs its own as a rule, and its plugins run on the same machine.
   */
  readonly certificate?: 'checked';
}

/**
 * The address to connect to, without a slash at its end. Stash tells its plugins the address it is
 * bound to as it stands in its configuration (stashapp/stash `pkg/plugin/plugins.go`): "all
 * addresses" means loopback for a plugin, which runs on the same machine.
 * @throws PlexSyncError `config-invalid` when there is no such address.
 */
export function baseUrl(connection: StashConnection): string {
  const { scheme, host, port } = connection;
  const url = `${scheme}://${connectableHost(host.trim())}:${port}`;
  if (/[\s/?#@\\]/.test(host.trim()) || !URL.canParse(url)) {
    const message = 'The address of Stash is not a host name or an IP address.';
    throw new PlexSyncError('config-invalid', message, { field: 'host' });
  }
  return url;
}

/** Whether what is sent there stays on this machine. */
export function isLoopback({ host }: Pick<StashConnection, 'host'>): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(connectableHost(host.trim()));
}

function connectableHost(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1';
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (bare === '::') return '[::1]';
  return bare.includes(':') ? `[${bare}]` : bare;
}
