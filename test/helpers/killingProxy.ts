// Stands between a worker and Plex and passes everything on, so that a test can act at any request:
// before Plex gets it, and after Plex has carried it out but before its answer is passed on.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

export interface Passing {
  readonly when: 'before' | 'after';
  readonly method: string;
  /** As it came. */
  readonly target: string;
}

export interface PlexProxy {
  readonly url: string;
  /** 'cut': neither request nor answer goes any further, and the connection ends. */
  at: (passing: Passing) => 'cut' | 'pass';
  close(): Promise<void>;
}

/** @param port of the Plex on this machine */
export async function openPlexProxy(port: number): Promise<PlexProxy> {
  const server = createServer((came, back) => {
    void handle(came, back);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  const proxy: PlexProxy = {
    url: `http://127.0.0.1:${address.port}`,
    at: () => 'pass',
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;

  async function handle(came: IncomingMessage, back: ServerResponse): Promise<void> {
    const { method = 'GET', url: target = '/', headers } = came;
    const body = await buffer(came);
    if (proxy.at({ when: 'before', method, target }) === 'cut') return void back.destroy();
    const sent = request({ host: '127.0.0.1', port, method, path: target, headers });
    sent.end(body);
    try {
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      const answered = await buffer(answer);
      if (proxy.at({ when: 'after', method, target }) === 'cut') return void back.destroy();
      back.writeHead(answer.statusCode ?? 502, answer.headers);
      back.end(answered);
    } catch {
      back.destroy();
    }
  }
}
