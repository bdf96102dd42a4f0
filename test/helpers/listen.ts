// A server of a test on a free port of this machine.
import type { Server } from 'node:net';

/** @returns the port */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('it has no port');
  return address.port;
}
