// Runs as process 1 of a namespace, or as a child subreaper: a parent that never waits for what it inherits, as Stash
// is in its own image. Kills supervisor and worker, and saves again. Prints what it saw as JSON.
// Run as: under-no-reaper.ts <sh> <launch.sh> <data directory> <envelope>
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const [sh = '', launcher = '', data = '', envelope = ''] = process.argv.slice(2);

const first = hook();
await until(() => starts().length === 1);
const [worker = 0, supervisor = 0] = (starts()[0] ?? '').split(' ').map(Number);
// One after the other, or the dying supervisor may still reap its worker.
process.kill(supervisor, 'SIGKILL');
await until(() => state(supervisor) === 'Z');
process.kill(worker, 'SIGKILL');
await until(() => state(worker) === 'Z');
const second = hook();
await until(() => starts().length === 2);
process.stdout.write(
  JSON.stringify({ codes: [first, second], states: [state(supervisor), state(worker)] }),
);
process.exit(0);

function hook(): number | null {
  return spawnSync(sh, [launcher, 'hook'], { input: envelope }).status;
}

function starts(): string[] {
  try {
    return readFileSync(`${data}/starts`, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

function state(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(') ') + 2).charAt(0);
  } catch {
    return 'gone';
  }
}

async function until(so: () => boolean): Promise<void> {
  for (let tries = 0; !so(); tries += 1) {
    if (tries > 2000) throw new Error('did not happen within 20 s');
    await delay(10);
  }
}
