// The file that tells hooks who looks after the worker: "pid starttime bootid" on one line, the
// format of plugin/supervise.sh. A hint only, the lock is the truth; it saves needless starts.
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';

/** Start time of a process in the form that the shell compares, or null if it is not alive. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold blanks and brackets: fields are counted after the last one.
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    const state = fields[0] ?? 'X';
    return state === 'Z' || state === 'X' ? null : (fields[19] ?? null);
  } catch {
    if (process.platform === 'linux') return null;
    return process.platform === 'win32' ? startOnWindows(pid) : startWithoutProc(pid);
  }
}

/** Windows tells no start time without a program of its own: 0 while the pid is somebody's. */
export function startOnWindows(
  pid: number,
  signal: (pid: number) => void = (of) => process.kill(of, 0),
): string | null {
  try {
    signal(pid);
    return '0';
  } catch (error) {
    // Another user's process.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? '0' : null;
  }
}

function startWithoutProc(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state = 'Z', ...started] = line.split(/\s+/);
    return state.startsWith('Z') ? null : started.join('_');
  } catch {
    return null;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '-';
  }
}

/** Writes the parent into the file unless the file names it already. */
export function claimForParent(path: string, parentPid: number): void {
  const line = claimOf(parentPid);
  if (line === null || read(path) === line) return;
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, line, { mode: 0o600 });
  replaceFile(temporary, path);
}

const renameTries = 20;

/** Renames over a file. Windows refuses while another process reads it, for a moment: tried again. */
export function replaceFile(
  from: string,
  to: string,
  rename: (from: string, to: string) => void = renameSync,
): void {
  for (let left = renameTries; ; left -= 1) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (left === 0 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** Takes the parent's claim away, so that whoever comes from now on wakes another. */
export function giveUpClaim(path: string, parentPid: number): void {
  const line = claimOf(parentPid);
  if (line === null || read(path) !== line) return;
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or not to be removed: the supervisor tries it too.
  }
}

/**
 * Claims for the parent again after it was given up, unless another has claimed meanwhile.
 * @returns false if another living process is at it, which goes on then
 */
export function claimAgain(path: string, parentPid: number): boolean {
  const line = claimOf(parentPid);
  if (line === null) return false;
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, line, { mode: 0o600 });
    linkSync(temporary, path);
    return true;
  } catch {
    // There is one, or the file system has no hard links: the claim that stands decides. A dead one
    // is replaced; should two do that, the worker's lock sends one home.
    return !namesSomebodyElse(path, line);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Two looks: a claim is handed over by its process, which may have ended between them. */
function namesSomebodyElse(path: string, ours: string): boolean {
  const first = read(path);
  if (first === null || first === ours) return false;
  return isLiving(first) || read(path) !== first;
}

/** Whether the process that such a line names is alive. */
export function isLiving(line: string): boolean {
  const [pid = '', start, boot] = line.trim().split(' ');
  return line.endsWith('\n') && processStart(Number(pid)) === start && boot === bootId();
}

/** The line that names a process, or null if it is not alive. */
export function claimOf(pid: number): string | null {
  const start = processStart(pid);
  return start === null ? null : `${pid} ${start} ${bootId()}\n`;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
