// Other processes at the same data file: small programs that say a line when they are ready.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';

export interface OtherProcess {
  readonly pid: number;
  /** The next line that it says; null when it has ended. */
  line(): Promise<string | null>;
  /** Lets it go on: it waits for its input to end. */
  goOn(): void;
  kill(): Promise<void>;
}

const running: ChildProcess[] = [];

/**
 * Runs the body of an ES module that may use `lock`, `open`, `queue`, `sql` (the store's modules),
 * `say(text)` and `await told()`.
 */
export function startProcess(body: string): OtherProcess {
  const source = `
    const url = (name) => new URL(name, ${JSON.stringify(new URL('../../src/store/', import.meta.url).href)}).href;
    const lock = await import(url('file/lock.ts'));
    const open = await import(url('file/open.ts'));
    const queue = {
      ...(await import(url('queue/queue.ts'))),
      ...(await import(url('queue/queueClaim.ts'))),
      ...(await import(url('queue/queueSettle.ts'))),
    };
    const sql = await import(url('file/sql.ts'));
    const say = (text) => { process.stdout.write(String(text) + '\\n'); };
    const told = () => new Promise((resolve) => {
      process.stdin.on('end', resolve).resume();
    });
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { pid } = child;
  if (pid === undefined) throw new Error('the process did not start');
  return {
    pid,
    line: async () => {
      const next = await lines.next();
      return next.done === true ? null : next.value;
    },
    goOn: () => {
      child.stdin.end();
    },
    kill: async () => {
      await end(child);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

afterEach(async () => {
  for (const child of running.splice(0)) await end(child);
});
