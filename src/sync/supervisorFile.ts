// The file that tells hooks who looks after the worker: "pid starttime bootid" on one line, the
// format of plugin/supervise.sh. A hint only, the lock is the truth; it saves needless starts.
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Start time of a process in the form that the shell compares, or null if it is not alive. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold blanks and brackets: fields are counted after the last one.
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    const state = fields[0] ?? 'X';
    return state === 'Z' || state === 'X' ? null : (fields[19] ?? null);
  } catch {
    return process.platform === 'linux' ? null : startWithoutProc(pid);
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
  const start = processStart(parentPid);
  if (start === null) return;
  const line = `${parentPid} ${start} ${bootId()}\n`;
  try {
    if (readFileSync(path, 'utf8') === line) return;
  } catch {
    // Missing: written below.
  }
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, line, { mode: 0o600 });
  renameSync(temporary, path);
}
