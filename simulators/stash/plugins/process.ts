// One plugin process, handled as Stash handles it: input written to stdin, stdout read to its end
// and only then waited for, stderr read meanwhile, SIGKILL for the direct child alone.
// (stashapp/stash pkg/plugin/raw.go)
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Pipe, PipePool } from './pipes.ts';
import { LineScanner } from './stderrProtocol.ts';

/** How long a plugin that opens /dev/stdin by its name may wait for it. */
const pokeEveryMs = 20;

export interface ProcessOptions {
  readonly command: readonly string[];
  /** What is run; `command[0]` is only the name that the process sees. */
  readonly executable: string;
  readonly input: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine: (line: Buffer) => void;
  readonly onWarning: (text: string) => void;
  /** How far Stash's log reader is behind; what it has not read when the process ends is lost. */
  readonly logDelayMs: number;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
}

export interface PluginProcess {
  readonly pid: number;
  /** Resolves when stdout is closed by all who hold it *and* the direct child has ended. */
  readonly ended: Promise<ProcessEnd>;
  readonly kill: () => void;
}

/** Rejects with the text that Go's os/exec has for it if the process cannot be started. */
export async function startProcess(
  pool: PipePool,
  options: ProcessOptions,
): Promise<PluginProcess> {
  const [stdin, stdout, stderr] = await pool.take(['write', 'read', 'read']);
  if (stdin === undefined || stdout === undefined || stderr === undefined) {
    throw new Error('error running plugin: no pipes');
  }
  const child = spawn(options.executable, options.command.slice(1), {
    argv0: options.command[0] ?? '',
    env: options.environment,
    stdio: [stdin.readFd, stdout.writeFd, stderr.writeFd],
  });
  const exit = exitOf(child);
  stdout.unlink();
  stderr.unlink();
  const failure = startError(child, options.executable);
  for (const fd of [stdin.readFd, stdout.writeFd, stderr.writeFd]) closeSync(fd);
  if (child.pid === undefined) {
    for (const fd of [stdin.writeFd, stdout.readFd, stderr.readFd]) closeSync(fd);
    stdin.unlink();
    throw new Error(`error running plugin: ${await failure}`);
  }
  const closeInput = writeInput(stdin, options);
  const closeLog = readLog(stderr, options);
  const output = readAll(stdout);
  const ended = Promise.all([output, exit]).then(([text, end]) => {
    closeInput();
    closeLog();
    return { ...end, stdout: text };
  });
  return { pid: child.pid, ended, kill: () => void child.kill('SIGKILL') };
}

function exitOf(child: ChildProcess): Promise<Omit<ProcessEnd, 'stdout'>> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

function startError(child: ChildProcess, executable: string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : '';
      const reasons: Record<string, string> = {
        ENOENT: 'no such file or directory',
        EACCES: 'permission denied',
        ENOEXEC: 'exec format error',
      };
      resolve(`fork/exec ${executable}: ${reasons[code] ?? code}`);
    });
  });
}

/** The returned function is what Stash's wait for the process does to stdin: close it. */
function writeInput(stdin: Pipe, options: ProcessOptions): () => void {
  const bytes = Buffer.from(options.input);
  const socket = new Socket({ fd: stdin.writeFd, readable: false, writable: true });
  let isSettled = false;
  let isOver = false;
  let poking: NodeJS.Timeout | undefined;
  const complain = (reason: string): void => {
    if (isSettled) return;
    isSettled = true;
    const counts = `wrote ${socket.bytesWritten} bytes out of ${bytes.length}`;
    options.onWarning(`error writing input to plugins stdin (${counts}): write |1: ${reason}`);
  };
  socket.on('error', () => complain('broken pipe'));
  socket.once('finish', () => {
    isSettled = true;
  });
  socket.once('close', () => {
    if (isOver) return;
    poking = setInterval(() => {
      if (!stdin.poke()) clearInterval(poking);
    }, pokeEveryMs);
  });
  socket.end(bytes);
  return () => {
    complain('file already closed');
    isOver = true;
    clearInterval(poking);
    socket.destroy();
    stdin.unlink();
  };
}

function readAll(stdout: Pipe): Promise<string> {
  const socket = new Socket({ fd: stdout.readFd, readable: true, writable: false });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.once('error', () => undefined);
  });
}

/** The returned function takes what is still in the pipe, then closes it for whoever writes on. */
function readLog(stderr: Pipe, options: ProcessOptions): () => void {
  const socket = new Socket({ fd: stderr.readFd, readable: true, writable: false });
  const scanner = new LineScanner(options.onLine);
  let closed = false;
  const feed = (chunk: Buffer): void => {
    if (closed || scanner.feed(chunk)) return;
    closed = true;
    socket.destroy();
  };
  socket.on('data', (chunk: Buffer) => {
    if (options.logDelayMs === 0) feed(chunk);
    else setTimeout(() => feed(chunk), options.logDelayMs);
  });
  socket.once('error', () => undefined);
  return () => {
    if (closed) return;
    if (options.logDelayMs === 0) {
      for (const chunk of rest(stderr.readFd, socket)) feed(chunk);
      scanner.end();
    }
    closed = true;
    socket.destroy();
  };
}

function* rest(fd: number, socket: Socket): Generator<Buffer> {
  const buffer = Buffer.alloc(64 * 1024);
  while (!socket.destroyed) {
    let length = 0;
    try {
      length = readSync(fd, buffer);
    } catch {
      return; // EAGAIN: nothing there now, though somebody still holds the other end.
    }
    if (length === 0) return;
    yield Buffer.from(buffer.subarray(0, length));
  }
}
