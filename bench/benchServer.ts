// A simulator in a process of its own that is spoken to in lines of JSON: it says where it is, then
// answers each line with one, and ends with its standard input.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';

const greeting = v.object({ url: v.string(), token: v.string() });

export interface BenchServer {
  readonly url: string;
  readonly token: string;
  ask(call: object): Promise<unknown>;
  close(): Promise<void>;
}

/** @param program a file beside this one */
export async function startBenchServer(
  program: string,
  args: readonly string[],
): Promise<BenchServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const lines = createInterface({ input: child.stdout });
  const nextLine = async (): Promise<unknown> => {
    const line = await Promise.race([once(lines, 'line'), gone.then(() => undefined)]);
    if (line === undefined) throw new Error(`${program} ${args[0] ?? ''} has ended`);
    return JSON.parse(String(line[0]));
  };
  const { url, token } = v.parse(greeting, await nextLine());
  return {
    url,
    token,
    ask: async (call) => {
      child.stdin.write(`${JSON.stringify(call)}\n`);
      return await nextLine();
    },
    close: async () => {
      child.stdin.end();
      const patience = setTimeout(end, 5_000);
      await gone;
      clearTimeout(patience);
      process.off('exit', end);
    },
  };
}
