// Plex and Stash of `bench match`, started, spoken to and ended by the bench.
import * as v from 'valibot';
import { startBenchServer } from './benchServer.ts';

const figures = v.object({ requests: v.number(), cpuMs: v.number() });
export type ServerFigures = v.InferOutput<typeof figures>;

export interface MatchServer {
  readonly url: string;
  readonly token: string;
  /** Since its start: requests that came, and its own processor time, that of filling it included. */
  counts(): Promise<ServerFigures>;
  /** What it has of the numbers from `from` to `to`. */
  add(from: number, to: number): Promise<ServerFigures>;
  /** Items of scenes that waited; nothing for Stash. */
  addLate(numbers: readonly number[]): Promise<ServerFigures>;
  close(): Promise<void>;
}

/** @param directory for what it writes */
export async function startMatchServer(
  which: 'plex' | 'stash',
  scenes: number,
  directory: string,
): Promise<MatchServer> {
  const server = await startBenchServer('matchServer.ts', [which, String(scenes), directory]);
  const ask = async (call: object): Promise<ServerFigures> =>
    v.parse(figures, await server.ask(call));
  return {
    url: server.url,
    token: server.token,
    counts: async () => await ask({ counts: true }),
    add: async (from, to) => await ask({ add: { from, to } }),
    addLate: async (numbers) => await ask({ addLate: numbers }),
    close: () => server.close(),
  };
}
