// A plugin folder, a Stash configuration directory and a shell, in a temporary place; and hooks run in it as Stash
// runs them. Whatever is started in it is found again by its environment and killed in the end.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { killProcess } from '../../helpers/killProcess.ts';
import { installed, makeBin, type Shell } from './shells.ts';

/** Where the scripts that are shipped lie. */
export const pluginSource = fileURLToPath(new URL('../../../plugin', import.meta.url));
const standInWorker = fileURLToPath(new URL('./worker.ts', import.meta.url));

export interface Ended {
  /** Exit code, or the signal's name. */
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether all of the standard input could be written. */
  readonly wroteAll: boolean;
}

export interface Sandbox {
  readonly shell: Shell;
  readonly root: string;
  readonly plugin: string;
  /** Stash's configuration directory. */
  readonly config: string;
  /** <config>/plex-sync */
  readonly data: string;
  /** The environment of all that is run here; tests may change it. */
  readonly env: Record<string, string>;
  /** Runs the shell with these arguments, writes the input, and waits until nobody holds its output any more. */
  sh(args: readonly string[], input?: string | Buffer): Promise<Ended>;
  /** Runs the hook as Stash does. */
  hook(input: string | Buffer): Promise<Ended>;
  /** The names in the spool. */
  spool(): string[];
  /** The lines of a file in the data directory; none if it is missing. */
  lines(file: string): string[];
  /** The pid that the claim names, if there is one. */
  claimant(): number | undefined;
  /** Makes this shell text the worker: $1 is `worker`, $2 the data directory. */
  workerIsShell(text: string): void;
  /** Makes the stand-in worker with a real lock the worker (support/worker.ts). */
  workerTakesSpool(): void;
}

/** Makes one, and has it cleared away when the test is over. */
export function makeSandbox(shell: Shell): Sandbox {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-launcher-'));
  const mark = randomUUID();
  onTestFinished(() => clearAway(root, mark));
  const [plugin, config, bin] = [join(root, 'plugin'), join(root, 'config'), join(root, 'bin')];
  mkdirSync(plugin);
  mkdirSync(config);
  makeBin(bin, shell);
  for (const file of readdirSync(pluginSource)) {
    if (/\.sh$|^sh$|\.txt$/.test(file)) copyFileSync(join(pluginSource, file), join(plugin, file));
  }
  // The usual places for a Node are those of this sandbox, not of the machine.
  const runtime = join(plugin, 'runtime.sh');
  const usual = readFileSync(runtime, 'utf8').replace(/^places=.*$/m, `places='${root}/usual'`);
  writeFileSync(runtime, usual);
  const data = join(config, 'plex-sync');
  const node = join(root, 'node');
  const env: Record<string, string> = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: root,
    PLEXSYNC_NODE: node,
    PLEXSYNC_PAUSE_MS: '10',
    PLEXSYNC_TEST_MARK: mark,
  };

  /** A Node that answers --version and is quick: it hands the program to something else. */
  const nodeRuns = (command: string): void => {
    writeFileSync(join(plugin, 'plex-sync.cjs'), '// the worker of this test is elsewhere\n');
    writeFileSync(
      node,
      `#!/bin/sh\n[ "$1" = --version ] && echo v24.0.0 && exit\nuntil [ "\${1##*/}" = plex-sync.cjs ]; do shift; done; shift\n${command}\n`,
    );
    chmodSync(node, 0o755);
  };
  const sandbox: Sandbox = {
    shell,
    root,
    plugin,
    config,
    data,
    env,
    sh: (args, input = '') => run(join(bin, 'sh'), args, input, env),
    hook: (input) => run(join(bin, 'sh'), [join(plugin, 'launch.sh'), 'hook'], input, env),
    spool: () => (existsSync(join(data, 'spool')) ? readdirSync(join(data, 'spool')) : []),
    // A file may go between two looks at it.
    lines: (file) => {
      try {
        return readFileSync(join(data, file), 'utf8').split('\n').slice(0, -1);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
    },
    claimant: () => {
      const pid = Number(sandbox.lines('supervisor')[0]?.split(' ')[0]);
      return Number.isInteger(pid) ? pid : undefined;
    },
    workerIsShell: (text) => {
      writeFileSync(join(root, 'worker.sh'), text);
      nodeRuns(`exec /bin/sh '${join(root, 'worker.sh')}' "$@"`);
    },
    workerTakesSpool: () => {
      nodeRuns(`exec '${process.execPath}' '${standInWorker}' '${join(plugin, 'launch.sh')}' "$@"`);
    },
  };
  sandbox.workerIsShell('echo "$$ $PPID" >>"$2/starts"; exec sleep 100');
  return sandbox;
}

/** Runs a program; ends when all of its output streams are closed by everybody, which is what Stash waits for. */
export function run(
  program: string,
  args: readonly string[],
  input: string | Buffer,
  env: Record<string, string>,
  options: { readonly cwd?: string; readonly uid?: number } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(program, args, { env, ...options });
    const text = { stdout: '', stderr: '' };
    let wroteAll = true;
    child.stdout?.setEncoding('utf8').on('data', (some: string) => (text.stdout += some));
    child.stderr?.setEncoding('utf8').on('data', (some: string) => (text.stderr += some));
    child.stdin?.on('error', () => (wroteAll = input.length === 0));
    child.stdin?.end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal, ...text, wroteAll }));
  });
}

/** Does something `count` times, `width` at once. */
export async function atOnce(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Waits until something is so. */
export async function until(what: string, so: () => boolean, limitMs = 30_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!so()) {
    if (Date.now() > end) throw new Error(`did not happen within ${limitMs} ms: ${what}`);
    await delay(10);
  }
}

/** Exists, and is no zombie. */
export function isAlive(pid: number): boolean {
  return !['', 'Z', 'X'].includes(processState(pid));
}

/** The state letter of /proc/<pid>/stat, empty if there is no such process. */
export function processState(pid: number): string {
  return statFields(pid)[0] ?? '';
}

/** Field 22 of /proc/<pid>/stat. */
export function startTime(pid: number): string {
  return statFields(pid)[19] ?? '';
}

function statFields(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(') ') + 2).split(' ');
  } catch {
    return [];
  }
}

/** The line with which a process claims. */
export function claimOf(pid: number): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${pid} ${startTime(pid)} ${boot}\n`;
}

async function clearAway(root: string, mark: string): Promise<void> {
  // More than once: a supervisor that is about to start something may be quicker than the first look.
  for (let quiet = 0; quiet < 2; ) {
    const found = processesWith(mark);
    for (const pid of found) {
      try {
        killProcess(pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    }
    quiet = found.length === 0 ? quiet + 1 : 0;
    await delay(5);
  }
  rmSync(root, { recursive: true, force: true });
}

function processesWith(mark: string): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false;
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark) && isAlive(pid);
      } catch {
        return false;
      }
    });
}

/** Leaves a claim of a process that has ended, and was no zombie. */
export async function writeDeadClaim(box: Sandbox): Promise<void> {
  const child = spawn('sleep', ['100']);
  const claim = claimOf(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  mkdirSync(box.data, { recursive: true });
  writeFileSync(join(box.data, 'supervisor'), claim);
}

/** Makes `sleep` note its argument in <data>/sleeps and take next to no time; `also` is done first, with $DATA set. */
export function recordSleeps(box: Sandbox, also = ':'): void {
  const file = join(box.root, 'bin', 'sleep');
  rmSync(file, { force: true });
  const text = `#!/bin/sh\nDATA='${box.data}'\n${also}\necho "$1" >>"$DATA/sleeps"\nexec /bin/sleep 0.002\n`;
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** Takes the machine's own Node out of sight: off the PATH, and out of the folders that the launcher appends to it. */
export function hideMachinesNode(box: Pick<Sandbox, 'root' | 'plugin' | 'env'>): void {
  const tools = join(box.root, 'tools');
  mkdirSync(tools);
  for (const name of 'sh head dd cat mkdir ln mv rm rmdir sleep date touch wc du nice printf dirname'.split(
    ' ',
  )) {
    symlinkSync(installed(name) ?? `/bin/${name}`, join(tools, name));
  }
  const launcher = join(box.plugin, 'launch.sh');
  writeFileSync(launcher, readFileSync(launcher, 'utf8').replaceAll('/usr/bin:/bin', tools));
  box.env['PATH'] = join(box.root, 'bin');
}

/** The text of an error line as Stash's log knows it (0x01 e 0x02), if there is exactly one line and it is one. */
export function loggedError(stderr: string): string | undefined {
  const prefix = '\u0001e\u0002';
  if (!stderr.startsWith(prefix) || stderr.indexOf('\n') !== stderr.length - 1) return undefined;
  return stderr.slice(prefix.length, -1);
}
