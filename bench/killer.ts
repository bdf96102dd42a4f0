// A thread that kills processes at their time: while the bench's own is busy starting the next one,
// short processes would end before it came to it.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import * as v from 'valibot';

const order = v.object({ pid: v.number(), afterMs: v.number() });

parentPort?.on('message', (message: unknown) => {
  const { pid, afterMs } = v.parse(order, message);
  if (afterMs < 1) killOwnChild(pid);
  else setTimeout(killOwnChild, afterMs, pid);
});

parentPort?.postMessage('ready');

function killOwnChild(pid: number): void {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, in brackets: state, parent.
    const [state, parent] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    if (Number(parent) === process.pid && state !== 'Z') process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
