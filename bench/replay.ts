// The floor of whatever asks Stash and Plex: the very same requests once more, by a client that does
// nothing else, one after the other over kept connections.
import { Agent } from 'undici';
import type { Installed } from '../test/helpers/installed.ts';

export interface Recorded {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Notes what Stash and Plex are asked from now on. */
export function startRecording(world: Installed): {
  /** Requests that had come at `untilMs` (Unix), Stash's first. */
  stop(untilMs?: number): readonly Recorded[];
} {
  const { stash, plex } = world;
  // Stash's record is cut at the front when it grows long; times are safe.
  const since = Date.now();
  return {
    stop: (untilMs = Number.POSITIVE_INFINITY) => {
      const during = ({ at }: { readonly at: number }): boolean => at >= since && at <= untilMs;
      const toStash = stash.accessLog.filter(during).map((entry) => ({
        url: `${stash.url}${entry.target}`,
        method: entry.method,
        headers: sendable(Object.entries(entry.headers)),
        body: entry.body,
      }));
      const toPlex = plex.accessLog.filter(during).map((entry) => ({
        url: `${plex.url}${entry.target}`,
        method: entry.method,
        headers: sendable(inPairs(entry.headers)),
        body: '',
      }));
      return [...toStash, ...toPlex];
    },
  };
}

/** Milliseconds for all of them, `parallel` at a time. @throws if one is not answered well */
export async function replay(requests: readonly Recorded[], parallel = 1): Promise<number> {
  const agent = new Agent({ connections: parallel });
  const left = [...requests];
  const begin = performance.now();
  const client = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { origin, pathname, search } = new URL(next.url);
      const answer = await agent.request({
        origin,
        path: `${pathname}${search}`,
        method: next.method === 'PUT' ? 'PUT' : next.method === 'POST' ? 'POST' : 'GET',
        headers: next.headers,
        body: next.body === '' ? null : next.body,
      });
      await answer.body.dump({ limit: Number.MAX_SAFE_INTEGER });
      if (answer.statusCode >= 400) throw new Error(`${next.method} again: ${answer.statusCode}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, client));
    return performance.now() - begin;
  } finally {
    await agent.close();
  }
}

const ofTheConnection = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'];

function sendable(headers: Iterable<readonly [string, unknown]>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (typeof value === 'string' && !ofTheConnection.includes(name.toLowerCase())) {
      kept[name] = value;
    }
  }
  return kept;
}

function* inPairs(flat: readonly string[]): Generator<readonly [string, string]> {
  for (let i = 0; i + 1 < flat.length; i += 2) yield [flat[i] ?? '', flat[i + 1] ?? ''];
}
