// Whole processes, clocked from before the spawn to the exit, as whoever waits for them sees it.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import type { PipePool } from '../simulators/stash/plugins/pipes.ts';

export interface Ended {
  readonly ms: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts it with the file as standard input; what it writes goes nowhere. */
export function startProcess(
  command: readonly string[],
  inputPath: string,
  environment: NodeJS.ProcessEnv = process.env,
): Started {
  const fd = openSync(inputPath, 'r');
  try {
    return start(command, fd, environment);
  } finally {
    closeSync(fd);
  }
}

export async function runProcess(command: readonly string[], inputPath: string): Promise<Ended> {
  return await startProcess(command, inputPath).ended;
}

/** The same through a pipe that this process fills while the other one reads, as Stash does. */
export async function runPiped(
  pipes: PipePool,
  command: readonly string[],
  input: Buffer,
): Promise<Ended> {
  const [pipe] = await pipes.take(['write']);
  if (pipe === undefined) throw new Error('no pipe');
  const { ended } = start(command, pipe.readFd, process.env);
  closeSync(pipe.readFd);
  const socket = new Socket({ fd: pipe.writeFd, readable: false, writable: true });
  // Whoever does not read to the end is told by the exit code.
  socket.on('error', () => socket.destroy());
  socket.end(input);
  const end = await ended;
  socket.destroy();
  return end;
}

function start(command: readonly string[], stdin: number, env: NodeJS.ProcessEnv): Started {
  const [program = '', ...args] = command;
  const begin = process.hrtime.bigint();
  const child = spawn(program, args, { env, stdio: [stdin, 'ignore', 'ignore'] });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve({ ms: Number(process.hrtime.bigint() - begin) / 1e6, code, signal });
    });
  });
  return { child, ended };
}

/** As Stash finds it: the first on the PATH (Go's exec.LookPath). */
export function findOnPath(name: string): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && statSync(path, { throwIfNoEntry: false })?.isFile() === true) return path;
  }
  throw new Error(`there is no ${name} on the PATH`);
}
