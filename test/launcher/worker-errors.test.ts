// A worker that cannot even open its log: what it complains of is kept, and the first line that tells something goes
// into the log of its supervisor.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import { makeSandbox, recordSleeps, type Sandbox, until } from './support/sandbox.ts';
import { type Shell, underEveryShell } from './support/shells.ts';

underEveryShell((shell) => {
  test.each([
    [
      'a part of the program is missing',
      "plex-sync.cjs: Cannot find module './lib-worker-abc.cjs'\\nRequire stack:\\n- /x\\n",
      "plex-sync.cjs: Cannot find module './lib-worker-abc.cjs'",
    ],
    [
      'Node shows its source before the error',
      'node:internal/modules/cjs/loader:1228\\n  throw err;\\n  ^\\n\\nError: Cannot find module x\\n    at y\\n',
      'Error: Cannot find module x',
    ],
    [
      'a warning comes before the error',
      '(node:1) Warning: old\\nif (x) throw new Error: no\\nSyntaxError: Unexpected end of input\\n',
      'SyntaxError: Unexpected end of input',
    ],
    [
      'an error with a code',
      "SystemError [ERR_X]: a\\\\b 'c' $HOME\\n",
      "SystemError [ERR_X]: a\\b 'c' $HOME",
    ],
    [
      'no newline at the end',
      'node: libatomic.so.1: cannot open',
      'node: libatomic.so.1: cannot open',
    ],
    ['a long line', `Error: ${'x'.repeat(5000)}\\n`, `Error: ${'x'.repeat(293)}`],
  ])(
    '%s: the reason stands in the line with which the supervisor gives up',
    async (_, said, told) => {
      const box = crashing(shell, `printf "%b" '${said.replaceAll("'", `'\\''`)}' >&2; exit 1`);
      await save(box);
      await until('it gave up', () => gaveUp(box));
      const [line = ''] = box.lines('supervisor.log');
      const why = 'the worker ended 20 times in a row within ten seconds, last with code 1';
      expect(line.replace(/^\S+ /, '')).toBe(`${why}: ${told}; the next change tries again`);
      expect(box.lines('no-worker')[0]).toContain(told);
    },
  );

  test('nothing was said: there is nothing to tell but the code', async () => {
    const box = crashing(shell, 'exit 1');
    await save(box);
    await until('it gave up', () => gaveUp(box));
    expect(box.lines('supervisor.log')[0]).toMatch(
      /last with code 1; the next change tries again$/,
    );
  });

  test('each start begins a new file, which only its owner can read, and may shorten', async () => {
    const box = makeSandbox(shell);
    mkdirSync(box.data);
    writeFileSync(join(box.data, 'worker.err'), 'of an earlier one\n');
    box.workerIsShell(
      'echo first >&2; : >"$2/worker.err"; echo second >&2; echo none; echo >"$2/said"; exec sleep 100',
    );
    await save(box);
    await until('it has said all', () => box.lines('said').length === 1);
    expect(readFileSync(join(box.data, 'worker.err'), 'utf8')).toBe('second\n');
  });

  test('where it cannot be written, the worker is started all the same', async () => {
    const box = makeSandbox(shell);
    mkdirSync(join(box.data, 'worker.err'), { recursive: true });
    box.workerIsShell('echo lost >&2; echo "$$ $PPID" >>"$2/starts"; exec sleep 100');
    await save(box);
    await until('a worker runs', () => box.lines('starts').length === 1);
    expect(statSync(join(box.data, 'worker.err')).isDirectory()).toBe(true);
  });
});

function gaveUp(box: Sandbox): boolean {
  return box.lines('supervisor.log').length === 1 && box.claimant() === undefined;
}

function crashing(shell: Shell, end: string): Sandbox {
  const box = makeSandbox(shell);
  recordSleeps(box);
  box.env['PLEXSYNC_PAUSE_MS'] = '1000';
  box.workerIsShell(`echo "$$ $PPID" >>"$2/starts"; ${end}`);
  return box;
}

async function save(box: Sandbox): Promise<void> {
  const ended = await box.hook(hookInput({ dir: box.config }));
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
}
