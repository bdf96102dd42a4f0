// Starts the simulator as a process of its own and speaks to it: for whatever must be able to kill
// Stash and start it again (tests of restarts, the demo, benchmarks).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { request } from 'undici';
import * as v from 'valibot';
import { removeLeftPipes } from './plugins/pipes.ts';
import type { StashOptions } from './server.ts';

export interface StashProcessOptions extends Omit<StashOptions, 'nowMs'> {
  /** The library of an earlier life, written by the call `saveState`. */
  readonly stateFile?: string;
}

export interface StashProcess {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly graphqlUrl: string;
  readonly directory: string;
  readonly pluginsPath: string;
  /** One of the calls of control.ts; rejects with its error. */
  call(name: string, ...args: readonly unknown[]): Promise<unknown>;
  /** Resolves when the process is gone. SIGTERM lets it close, SIGKILL does not. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const greeting = v.object({
  pid: v.number(),
  port: v.number(),
  url: v.string(),
  graphqlUrl: v.string(),
  directory: v.string(),
  pluginsPath: v.string(),
  controlUrl: v.string(),
});
const answer = v.union([v.object({ error: v.string() }), v.object({ result: v.unknown() })]);

export async function spawnStashSimulator(options: StashProcessOptions): Promise<StashProcess> {
  const main = new URL('main.ts', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [main, JSON.stringify({ ...options, exitWithParent: true })],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), gone.then(() => undefined)]);
  if (first === undefined) throw new Error('the simulator of Stash did not start');
  const { controlUrl, ...started } = v.parse(greeting, JSON.parse(String(first[0])));
  return {
    ...started,
    call: async (name, ...args) => {
      const response = await request(controlUrl, {
        method: 'POST',
        body: JSON.stringify({ call: name, args }),
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const reply = v.parse(answer, await response.body.json());
      if ('error' in reply) throw new Error(reply.error);
      return reply.result;
    },
    kill: async (signal) => {
      child.kill(signal);
      await gone;
      if (signal === 'SIGKILL') removeLeftPipes();
    },
  };
}
