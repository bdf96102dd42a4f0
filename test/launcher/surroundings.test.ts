import {
  chmodSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { hookInput } from './support/envelope.ts';
import { isAlive, makeSandbox, run, type Sandbox, until } from './support/sandbox.ts';
import { underEveryShell } from './support/shells.ts';

const silence = { code: 0, stdout: '', stderr: '', wroteAll: true };

underEveryShell((shell) => {
  test('the usual hook runs one program besides the shell: head', async () => {
    const box = makeSandbox(shell);
    await save(box);
    await until('a worker runs', () => box.lines('starts').length === 1);
    for (const name of readdirSync('/usr/bin').filter((tool) => /^[a-z]+$/.test(tool))) {
      if (name === 'sh') continue;
      const stub = join(box.root, 'bin', name);
      rmSync(stub, { force: true });
      writeFileSync(
        stub,
        `#!/bin/sh\necho ${name} >>'${box.data}/programs'\nexec /usr/bin/${name} "$@"\n`,
      );
      chmodSync(stub, 0o755);
    }
    await save(box);
    // printf is a program of its own where it is not built in
    const builtin = (await box.sh(['-c', 'command -v printf'])).stdout.trim() === 'printf';
    expect(box.lines('programs')).toEqual(builtin ? ['head'] : ['head', 'printf']);
  });

  test.each([
    ['empty', ''],
    ['without any folder that exists', '/nowhere:/nor here'],
    ['with the current folder in it', ':.::'],
    ['with folders that have spaces and stars', '/a b:/*:/usr/bin'],
    ['not set', undefined],
  ])('the PATH of Stash may be %s', async (_, path) => {
    const box = makeSandbox(shell);
    if (path === undefined) delete box.env['PATH'];
    else box.env['PATH'] = path;
    await save(box);
    await until('a worker runs', () => box.lines('starts').length === 1);
  });

  test('the supervisor and the worker inherit nothing of Stash, and keep no directory busy', async () => {
    const box = makeSandbox(shell);
    await save(box);
    await until('a worker runs', () => box.lines('starts').length === 1);
    // What every process of this test run has open besides its three streams is none of the hook's.
    const probe = await box.sh(['-c', 'ls -l /proc/$$/fd']);
    const harmless = new Set([
      ...probe.stdout.split('\n').flatMap((line) => / ([3-9]|\d\d+) -> (.*)/.exec(line)?.[2] ?? []),
      join(box.plugin, 'supervise.sh'),
      join(box.root, 'worker.sh'),
    ]);
    const [worker = '', supervisor = ''] = (box.lines('starts')[0] ?? '').split(' ');
    for (const pid of [worker, supervisor]) {
      const errors = join(box.data, 'worker.err');
      const streams = ['/dev/null', '/dev/null', errors].join();
      // A shell that is about to become another program has other files open for a moment. And some redirect themselves
      // for as long as what they run.
      await until(`${pid} has nothing else open`, () => {
        const open = openFiles(pid, harmless);
        if (pid === worker) return open.join() === streams;
        return open.every((file) => file === '/dev/null' || file === errors);
      });
      expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
    }
  });

  test('the worker is told its data directory, however the way to it is called', async () => {
    const box = makeSandbox(shell);
    writeFileSync(
      join(box.root, 'node'),
      `#!/bin/sh\n[ "$1" = --version ] && echo v24.0.0 && exit\nprintf '%s\\n' "$@" >"$5/arguments"\nexec sleep 100\n`,
    );
    const launcher = join(box.plugin, 'launch.sh');
    await box.sh([
      '-c',
      'mkdir -p "$1"; cd "$1/.."; exec sh "$2" wake "it is here"',
      'sh',
      `${box.root}/it is here`,
      launcher,
    ]);
    const there: Sandbox = {
      ...box,
      lines: (file) => readLines(join(box.root, 'it is here', file)),
    };
    await until('the worker runs', () => there.lines('arguments').length === 5);
    expect(there.lines('arguments')).toEqual([
      '--max-semi-space-size=2',
      '--disable-warning=ExperimentalWarning',
      join(box.plugin, 'plex-sync.cjs'),
      'worker',
      join(box.root, 'it is here'),
    ]);
  });

  test('an update that replaces launch.sh while a hook runs it does no harm', async () => {
    const box = makeSandbox(shell);
    const script = join(box.plugin, 'launch.sh');
    const child = spawn(join(box.root, 'bin', 'sh'), [script, 'hook'], { env: box.env });
    let output = '';
    child.stdout.on('data', (some) => (output += String(some)));
    child.stderr.on('data', (some) => (output += String(some)));
    const input = hookInput({ dir: box.config, id: 8 });
    child.stdin.write(input.slice(0, 100));
    await until(
      'the hook reads',
      () =>
        readdirSync(`/proc/${child.pid}/task/${child.pid}`).length > 0 && hasChild(child.pid ?? 0),
    );
    // In the same file, which is the worst case: the shell's place in it is now in the middle of this.
    writeFileSync(script, 'echo harm; exit 9\n'.repeat(1000));
    child.stdin.end(input.slice(100));
    await once(child, 'close');
    expect({ code: child.exitCode, output }).toEqual({ code: 0, output: '' });
    expect(box.spool()).toEqual([expect.stringMatching(/^Scene\.Update\.Post-8-/)]);
  });

  test('an update that replaces supervise.sh while it runs does no harm', async () => {
    const box = makeSandbox(shell);
    await save(box);
    await until('a worker runs', () => box.lines('starts').length === 1);
    const supervisor = box.claimant();
    writeFileSync(
      join(box.plugin, 'supervise.sh'),
      `echo >'${box.data}/harm'; exit 9\n`.repeat(1000),
    );
    killProcess(Number(box.lines('starts')[0]?.split(' ')[0]), 'SIGKILL');
    await until('a worker runs again', () => box.lines('starts').length === 2);
    expect(box.claimant()).toBe(supervisor);
    expect(box.lines('harm')).toEqual([]);
  });

  test.each(['claim.sh', 'supervise.sh', 'runtime.sh'])(
    'a hook in the middle of an update, when %s is not there, keeps the event',
    async (missing) => {
      const box = makeSandbox(shell);
      renameSync(join(box.plugin, missing), join(box.plugin, `${missing}.gone`));
      await save(box);
      expect(box.spool()).toHaveLength(1);
      await until('nobody is left', () => !isAlive(box.claimant() ?? 0));
      renameSync(join(box.plugin, `${missing}.gone`), join(box.plugin, missing));
      await save(box);
      await until('a worker runs', () => box.lines('starts').length === 1);
    },
  );

  test("where Stash's PATH has no sh, the plugin's own is run", async () => {
    const box = makeSandbox(shell);
    const own = join(box.plugin, 'sh');
    const ended = await run(
      own,
      [join(box.plugin, 'launch.sh'), 'hook'],
      hookInput({ dir: box.config }),
      {
        ...box.env,
        PATH: '/nowhere',
      },
    );
    expect(ended).toEqual(silence);
    expect((await run(own, ['-c', 'printf "%s|" "$0" "$@"', 'a b', '*', ''], '', {})).stdout).toBe(
      'a b|*||',
    );
  });
});

async function save(box: Sandbox): Promise<void> {
  expect(await box.hook(hookInput({ dir: box.config }))).toEqual(silence);
}

/** What a process has open, but for what is harmless. */
function openFiles(pid: string, harmless: ReadonlySet<string>): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  const files = readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(join(folder, fd))];
    } catch {
      return []; // closed between the two looks
    }
  });
  return files.filter((file) => !harmless.has(file));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

function hasChild(pid: number): boolean {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() !== '';
}
