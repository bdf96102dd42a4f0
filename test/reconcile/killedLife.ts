// A worker that is killed somewhere in a run: at some request, or some time after it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { until } from '../helpers/wait.ts';
import type { World } from '../helpers/world.ts';

/** At the latest: every other kill is so many requests after the first, or so long after it. */
const latest = { requests: 24, ms: 800 } as const;

export interface Kill {
  /** After so many requests. */
  readonly requests: number;
  /** And so much later. */
  readonly ms: number;
}

/** @returns whether it was killed before it was through */
export async function life(
  { stash, plex, data }: World,
  ahead: number,
  kill: Kill | null,
): Promise<boolean> {
  const seen = (): number => stash.accessLog.length + plex.accessLog.length;
  const from = seen();
  const program = join(import.meta.dirname, 'life.ts');
  const child = spawn(process.execPath, [program, data, String(ahead)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const gone = once(child, 'exit');
  let isGone = false;
  void gone.then(() => {
    isGone = true;
  });
  if (kill !== null) {
    await until('it has asked so much', () => isGone || seen() - from >= kill.requests, 60_000);
    await sleep(kill.ms);
    child.kill('SIGKILL');
  }
  await gone;
  if (child.signalCode !== 'SIGKILL') expect(child.exitCode).toBe(0);
  return child.signalCode === 'SIGKILL';
}

export function killAt(
  number: number,
  most: { readonly requests: number; readonly ms: number } = latest,
): Kill {
  const some = Math.random();
  return number % 2 === 0
    ? { requests: 1 + Math.floor(some * most.requests), ms: 0 }
    : { requests: 1, ms: some * most.ms };
}
