// A simulated Stash and a client that is logged in to it; both end with the test.
import { onTestFinished } from 'vitest';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { type StashClient, openStashClient } from '../../src/stash/client.ts';
import { startStash } from '../simulators/stashKit.ts';

export async function openSimulated(): Promise<{ stash: StashSimulator; client: StashClient }> {
  const stash = await startStash();
  const client = openStashClient({
    scheme: 'http',
    host: '127.0.0.1',
    port: stash.port,
    cookie: { name: 'session', value: stash.sessionCookie() },
    apiKey: null,
  });
  onTestFinished(() => client.close());
  return { stash, client };
}

/** Requests that the simulated Stash has answered; it notes one a moment after its answer. */
export function requestsTo(stash: StashSimulator): number {
  return stash.accessLog.filter(({ target }) => target === '/graphql').length;
}
