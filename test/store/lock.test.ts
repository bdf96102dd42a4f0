// The worker lock, against real processes.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryLock } from '../../src/store/file/lock.ts';
import { startProcess } from './process.ts';
import { newDirectory } from './support.ts';

const tryOnce = (path: string): string =>
  `const held = lock.tryLock(${JSON.stringify(path)}); say(held === null ? 'taken' : 'mine');`;

async function otherGets(path: string): Promise<string | null> {
  const other = startProcess(tryOnce(path));
  const answer = await other.line();
  await other.kill();
  return answer;
}

describe('[1.0 QUEUE-03] the worker lock', () => {
  it('is one process’s alone, until it lets go', async () => {
    const path = join(newDirectory(), 'worker.lock');
    const lock = tryLock(path);
    expect(lock).not.toBeNull();
    expect(await otherGets(path)).toBe('taken');
    lock?.release();
    expect(await otherGets(path)).toBe('mine');
  });

  it('is free again the moment its holder is killed', async () => {
    const path = join(newDirectory(), 'worker.lock');
    const holder = startProcess(`${tryOnce(path)} await told();`);
    expect(await holder.line()).toBe('mine');
    expect(tryLock(path)).toBeNull();
    await holder.kill();
    const lock = tryLock(path);
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('is not lost when its own process looks at it once more', async () => {
    const path = join(newDirectory(), 'worker.lock');
    const lock = tryLock(path);
    // POSIX frees all locks of a process on a file when it closes any descriptor of it.
    expect(tryLock(path)).toBeNull();
    expect(await otherGets(path)).toBe('taken');
    lock?.release();
  });

  it('is taken by exactly one of many who come at once', async () => {
    const path = join(newDirectory(), 'worker.lock');
    const contenders = Array.from({ length: 5 }, () =>
      startProcess(
        `say('ready'); await told(); ${tryOnce(path)} await new Promise(() => setInterval(() => {}, 1000));`,
      ),
    );
    for (const contender of contenders) expect(await contender.line()).toBe('ready');
    for (const contender of contenders) contender.goOn();
    const answers = await Promise.all(contenders.map((contender) => contender.line()));
    expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(4);
  });

  it('can be taken, let go and taken again by one process', () => {
    const path = join(newDirectory(), 'worker.lock');
    for (let round = 0; round < 20; round += 1) {
      const lock = tryLock(path);
      expect(lock).not.toBeNull();
      lock?.release();
    }
  });

  it('is a file that only its owner can read, and says why it cannot be taken elsewhere', () => {
    const path = join(newDirectory(), 'worker.lock');
    tryLock(path)?.release();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => tryLock(join(path, 'below', 'a-file'))).toThrow();
  });
});
