// Pipes for plugin processes. Node would give them sockets, which differ where plugins notice:
// /dev/stdin cannot be opened, 64 KiB do not fit. FIFOs that only one process ever opens do better.
import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const batchSize = 96;
const prefix = 'stash-pipes-';

export interface Pipe {
  readonly readFd: number;
  readonly writeFd: number;
  /** Lets go of the name; the open ends stay. */
  readonly unlink: () => void;
  /**
   * Opens and closes the writing end once more, so that a process which waits in `open` for a
   * writer (a FIFO makes it wait, a pipe would not) goes on. False = nobody can read any more.
   */
  readonly poke: () => boolean;
}

/** Which end stays here, in the event loop, and must therefore never block. */
export type OwnEnd = 'read' | 'write';

export class PipePool {
  readonly #directory = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  #ready: string[] = [];
  #count = 0;
  #making: Promise<void> | undefined;

  constructor() {
    removeLeftPipes();
  }

  /** Pipes in the order asked for; whoever takes them closes all their ends. */
  async take(ownEnds: readonly OwnEnd[]): Promise<Pipe[]> {
    while (this.#ready.length < ownEnds.length) await this.#make();
    const paths = this.#ready.splice(0, ownEnds.length);
    // In the background; whoever needs them and finds none gets the error, if there is one.
    if (this.#ready.length < batchSize / 2) this.#make().catch(() => undefined);
    return ownEnds.map((own, index) => openPipe(paths[index] ?? '', own));
  }

  /** Removes what was made and not taken; open pipes stay open. */
  async close(): Promise<void> {
    await this.#making?.catch(() => undefined);
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #make(): Promise<void> {
    this.#making ??= this.#makeBatch().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async #makeBatch(): Promise<void> {
    const paths = Array.from({ length: batchSize }, () => {
      this.#count += 1;
      return join(this.#directory, String(this.#count));
    });
    await run('mkfifo', ['-m', '600', ...paths]);
    this.#ready.push(...paths);
  }
}

function openPipe(path: string, own: OwnEnd): Pipe {
  const { O_RDWR, O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  // Opening one end of a FIFO waits for the other; this one is both, so neither waits.
  const both = openSync(path, O_RDWR | O_NONBLOCK);
  const readFd = openSync(path, own === 'read' ? O_RDONLY | O_NONBLOCK : O_RDONLY);
  const writeFd = openSync(path, own === 'write' ? O_WRONLY | O_NONBLOCK : O_WRONLY);
  closeSync(both);
  return {
    readFd,
    writeFd,
    unlink: () => unlinkQuietly(path),
    poke: () => {
      try {
        closeSync(openSync(path, O_WRONLY | O_NONBLOCK));
        return true;
      } catch {
        return false;
      }
    },
  };
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone with the whole folder.
  }
}

/** Takes away what simulators have left that were killed. */
export function removeLeftPipes(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : 0;
    if (pid > 0 && !exists(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
