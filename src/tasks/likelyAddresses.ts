// Where a Plex is likely to be, as seen from Stash's machine or its container.
import { readFileSync } from 'node:fs';

export interface Candidate {
  /** Without a slash at its end. */
  readonly url: string;
  /** Why it was asked, for a person. */
  readonly how: string;
}

const port = 32_400;

/** @param configured the setting plexUrl, or null */
export function likelyAddresses(configured: string | null): readonly Candidate[] {
  const gateway = defaultGateway();
  const hosts: readonly (readonly [string, string])[] = [
    ['127.0.0.1', 'on Stash’s own machine'],
    ['plex', 'under the name plex'],
    ['plexmediaserver', 'under the name plexmediaserver'],
    ['host.docker.internal', 'on the machine that Docker runs on'],
    ...(gateway === null ? [] : [[gateway, 'at the gateway of the network'] as const]),
  ];
  const own = configured === null ? [] : [{ url: configured, how: 'at the setting plexUrl' }];
  return [...own, ...hosts.map(([host, how]) => ({ url: `http://${host}:${port}`, how }))];
}

function defaultGateway(): string | null {
  try {
    return gatewayOf(readFileSync('/proc/net/route', 'utf8'));
  } catch {
    return null;
  }
}

/**
 * The address of the default route; null without one. In a container it is the machine that runs it.
 * @param table as `/proc/net/route` has it: addresses as hexadecimal numbers of the machine's byte
 *   order, which is the little end first wherever Stash runs (proc_net_route(5) leaves that open)
 */
export function gatewayOf(table: string): string | null {
  for (const line of table.split('\n').slice(1)) {
    const [, destination, gateway = ''] = line.trim().split(/\s+/);
    if (destination !== '00000000' || !/^[0-9A-F]{8}$/i.test(gateway)) continue;
    if (gateway === '00000000') continue;
    const bytes = [6, 4, 2, 0].map((at) => Number.parseInt(gateway.slice(at, at + 2), 16));
    return bytes.join('.');
  }
  return null;
}
