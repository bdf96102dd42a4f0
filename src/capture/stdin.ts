// Reads what Stash writes to a hook, in the ways in which standard input can be odd.
import { readSync } from 'node:fs';

/** As `read(2)`: fills the buffer as far as there is something, 0 at the end. */
export type Read = (into: Uint8Array) => number;

const chunkBytes = 65_536;
const waitMs = 5;
const waitsAtMost = 2_000;

/**
 * The first `limit` bytes; the rest is read and forgotten, or Stash would log a write error.
 * @throws what the system throws, but for EAGAIN (a pipe that does not block: waited for, ten seconds at
 *   most) and EOF, which Windows throws at the end of a pipe (nodejs/node#35997)
 */
export function readFirst(limit: number, read: Read = (into) => readSync(0, into)): Buffer {
  const kept: Buffer[] = [];
  let left = limit;
  let waits = 0;
  while (true) {
    const chunk = Buffer.alloc(chunkBytes);
    const length = readOnce(read, chunk);
    if (length === 'later') {
      waits += 1;
      if (waits > waitsAtMost) throw new Error('nothing came on standard input');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
      continue;
    }
    if (length === 0) return Buffer.concat(kept);
    if (left > 0) kept.push(chunk.subarray(0, Math.min(length, left)));
    left = Math.max(0, left - length);
  }
}

function readOnce(read: Read, chunk: Uint8Array): number | 'later' {
  try {
    return read(chunk);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EOF') return 0;
    if (code === 'EAGAIN') return 'later';
    throw error;
  }
}
