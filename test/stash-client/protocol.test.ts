import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { answer, openStashLog } from '../../src/stash/protocol.ts';

/** All that was written to a stream, in bytes. */
function written(stream: PassThrough): Buffer {
  const bytes: unknown = stream.read();
  return Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
}

function logged(use: (log: ReturnType<typeof openStashLog>) => void): string[] {
  const stderr = new PassThrough({ highWaterMark: 10_000_000 });
  use(openStashLog(stderr));
  return written(stderr).toString('utf8').split('\n').slice(0, -1);
}

describe('a log line', () => {
  it('carries its level as Stash reads it', () => {
    const lines = logged((log) => {
      log.trace('a');
      log.debug('b');
      log.info('c');
      log.warning('d');
      log.error('e');
    });
    expect(lines).toEqual([
      '\u0001t\u0002a',
      '\u0001d\u0002b',
      '\u0001i\u0002c',
      '\u0001w\u0002d',
      '\u0001e\u0002e',
    ]);
  });

  it('becomes several where the text has several, each with its level', () => {
    const lines = logged((log) => log.warning('first\nsecond\r\n\n  \nthird\rfourth\n'));
    expect(lines).toEqual(
      ['first', 'second', 'third', 'fourth'].map((text) => `\u0001w\u0002${text}`),
    );
  });

  it('is at most 8 KB long in bytes, and is cut between characters', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', 'é', '語', '🎬'),
        fc.integer({ min: 0, max: 9000 }),
        fc.nat(4),
        (sign, count, offset) => {
          const text = `${'x'.repeat(offset + 1)}${sign.repeat(count)}`;
          const [line = ''] = logged((log) => log.info(text));
          const bytes = Buffer.byteLength(line) + 1;
          expect(bytes).toBeLessThanOrEqual(8192);
          expect(line).not.toContain('\ufffd');
          if (Buffer.byteLength(text) <= 8188) expect(line.slice(3)).toBe(text);
          else {
            expect(bytes).toBeGreaterThan(8192 - 4);
            expect(line.endsWith('…')).toBe(true);
            expect(text.startsWith(line.slice(3, -1))).toBe(true);
          }
        },
      ),
    );
  });

  it.each([
    [0, '0'],
    [0.42, '0.42'],
    [1, '1'],
    [7, '1'],
    [-1, '0'],
    [Number.POSITIVE_INFINITY, '1'],
  ])('tells a progress of %d as %s', (fraction, text) => {
    expect(logged((log) => log.progress(fraction))).toEqual([`\u0001p\u0002${text}`]);
  });

  it('tells no progress that is not a number', () => {
    expect(logged((log) => log.progress(Number.NaN))).toEqual([]);
  });
});

describe('the answer', () => {
  const noWait = () => Promise.resolve();

  it.each([
    [{ output: { count: 3 } }, '{"output":{"count":3}}\n'],
    [{ output: null }, '{"output":null}\n'],
    [{ output: undefined }, '{"output":null}\n'],
    [{ error: 'no such task' }, '{"error":"no such task"}\n'],
  ])('%j is one JSON document', async (given, text) => {
    const stdout = new PassThrough();
    await answer(stdout, given, noWait);
    expect(written(stdout).toString()).toBe(text);
  });

  it('is given once and no more', async () => {
    const stdout = new PassThrough();
    await answer(stdout, { output: 1 }, noWait);
    await expect(answer(stdout, { error: 'x' }, noWait)).rejects.toMatchObject({
      code: 'internal',
    });
    expect(written(stdout).toString()).toBe('{"output":1}\n');
  });

  it('is an error where the output cannot be written as JSON', async () => {
    const stdout = new PassThrough();
    await answer(stdout, { output: 1n }, noWait);
    expect(JSON.parse(written(stdout).toString())).toEqual({ error: expect.any(String) as string });
  });

  it('waits 100 ms for the last log lines, once it is handed over', async () => {
    const stdout = new PassThrough();
    const waits: unknown[] = [];
    await answer(stdout, { output: 1 }, async (milliseconds) => {
      waits.push([milliseconds, written(stdout).toString()]);
    });
    expect(waits).toEqual([[100, '{"output":1}\n']]);
  });
});

describe('a process whose streams Stash closed', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  it('goes on to its own end', async () => {
    const module = new URL('../../src/stash/protocol.ts', import.meta.url).href;
    const script = `
      const { answer, openStashLog } = await import(${JSON.stringify(module)});
      const log = openStashLog(process.stderr);
      process.stdin.once('data', async () => {
        for (let line = 0; line < 200; line += 1) {
          log.info('x'.repeat(5000));
          await new Promise((resolve) => setImmediate(resolve));
        }
        await answer(process.stdout, { output: 'x'.repeat(1_000_000) });
        process.exit(42);
      });
      log.info('ready');`;
    const started = spawn(process.execPath, ['--input-type=module', '-e', script]);
    child = started;
    await once(started.stderr, 'data');
    started.stderr.destroy();
    started.stdout.destroy();
    started.stdin.write('go\n');
    expect(await once(started, 'exit')).toEqual([42, null]);
  });

  it('hands over a large answer whole before it exits', async () => {
    const module = new URL('../../src/stash/protocol.ts', import.meta.url).href;
    const script = `
      const { answer } = await import(${JSON.stringify(module)});
      await answer(process.stdout, { output: 'x'.repeat(5_000_000) });
      process.exit(0);`;
    const started = spawn(process.execPath, ['--input-type=module', '-e', script]);
    child = started;
    const pieces = await started.stdout.toArray();
    expect(pieces.join('')).toBe(`{"output":"${'x'.repeat(5_000_000)}"}\n`);
  });
});
