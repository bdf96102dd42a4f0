// Plex's discovery in the local network, "G'Day Mate": a search by UDP to port 32414, which every
// server answers that is in the same network (python-plexapi `gdm.py`; Plex's support article on
// its network ports). It is never heard from within a container with a network of its own.
import { createSocket, type Socket } from 'node:dgram';

/** Where a search is sent. */
export interface GdmTarget {
  readonly address: string;
  readonly port: number;
}

export interface GdmServer {
  readonly address: string;
  readonly port: number;
  readonly name: string | null;
}

/** Multicast, and the broadcast for networks that carry no multicast. */
export const gdmTargets: readonly GdmTarget[] = [
  { address: '239.0.0.250', port: 32414 },
  { address: '255.255.255.255', port: 32414 },
];

const search = 'M-SEARCH * HTTP/1.1\r\n\r\n';
/** More servers than any house has, and no more than are worth asking. */
const mostServers = 20;

/** @returns who answered within `limitMs`, each address and port once; nobody can be trusted yet */
export async function searchByGdm(
  targets: readonly GdmTarget[],
  limitMs: number,
): Promise<readonly GdmServer[]> {
  if (targets.length === 0) return [];
  const found = new Map<string, GdmServer>();
  const socket = createSocket('udp4');
  // A network that does not take the search has no answer to it either.
  socket.on('error', () => {});
  socket.on('message', (message, { address }) => {
    const server = serverOf(message.toString('utf8'), address);
    if (server !== null && found.size < mostServers) {
      found.set(`${address}:${server.port}`, server);
    }
  });
  try {
    await bound(socket);
    for (const { address, port } of targets) socket.send(search, port, address, () => {});
    await new Promise((resolve) => setTimeout(resolve, limitMs));
  } catch {
    return [];
  } finally {
    socket.close();
  }
  return [...found.values()];
}

async function bound(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, () => {
      socket.off('error', reject);
      socket.setBroadcast(true);
      resolve();
    });
  });
}

/** The server that an answer tells of, or null for one that is none. */
export function serverOf(answer: string, address: string): GdmServer | null {
  const [status = '', ...lines] = answer.slice(0, 4_096).split(/\r?\n/);
  if (!/^HTTP\/1\.\d 200\b/.test(status)) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== '') headers.set(name.toLowerCase(), value);
  }
  if (headers.get('content-type') !== 'plex/media-server') return null;
  const port = Number(headers.get('port') ?? '32400');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const name = headers.get('name') ?? '';
  return { address, port, name: name === '' ? null : name.slice(0, 100) };
}
