// Whether Stash takes connections: one that is about to end does not any more.
import { connect } from 'node:net';
import { baseUrl, type StashConnection } from '../../stash/connection.ts';

/** Only a refusal is an answer: what says nothing within this is taken to be there. */
const patienceMs = 500;

/** @throws PlexSyncError `config-invalid` where the connection has no address */
export async function stashListens(connection: StashConnection): Promise<boolean> {
  const host = new URL(baseUrl(connection)).hostname.replace(/^\[|\]$/g, '');
  return await new Promise((resolve) => {
    const socket = connect({ host, port: connection.port });
    const end = (listens: boolean) => (): void => {
      socket.destroy();
      resolve(listens);
    };
    socket.setTimeout(patienceMs, end(true));
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}
