// Plex and Stash of `bench match`, started, spoken to and ended by the bench.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';

const greeting = v.object({ url: v.string(), token: v.string() });
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
  const program = join(import.meta.dirname, 'matchServer.ts');
  const child = spawn(process.execPath, [program, which, String(scenes), directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const lines = createInterface({ input: child.stdout });
  const nextLine = async (): Promise<unknown> => {
    const line = await Promise.race([once(lines, 'line'), gone.then(() => undefined)]);
    if (line === undefined) throw new Error(`the simulator of ${which} has ended`);
    return JSON.parse(String(line[0]));
  };
  const { url, token } = v.parse(greeting, await nextLine());
  const ask = async (call: object): Promise<ServerFigures> => {
    child.stdin.write(`${JSON.stringify(call)}\n`);
    return v.parse(figures, await nextLine());
  };
  return {
    url,
    token,
    counts: async () => await ask({ counts: true }),
    add: async (from, to) => await ask({ add: { from, to } }),
    addLate: async (numbers) => await ask({ addLate: numbers }),
    close: async () => {
      child.stdin.end();
      const patience = setTimeout(end, 5_000);
      await gone;
      clearTimeout(patience);
      process.off('exit', end);
    },
  };
}
