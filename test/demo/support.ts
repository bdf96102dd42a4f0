// Runs the demo as a person does, in a temporary folder of its own, and sees what it leaves behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = join(import.meta.dirname, '..', '..', 'demo', 'main.ts');

export interface Run {
  readonly code: number | null;
  readonly out: string;
  /** Files in its temporary folder, and processes that have that folder in their environment. */
  readonly leftFiles: readonly string[];
  readonly leftProcesses: readonly string[];
}

/** @param act what a person does while it runs */
export async function runDemo(
  args: readonly string[],
  act: (demo: ChildProcess, out: () => string) => Promise<void> = async () => {},
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'plexsync-demo-test-'));
  try {
    const demo = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [demo.stdout, demo.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
    }
    const ended = new Promise<number | null>((resolve) => demo.once('close', resolve));
    try {
      await act(demo, () => out);
    } catch (error) {
      demo.kill('SIGTERM');
      await ended;
      throw error;
    }
    const code = await ended;
    return { code, out, leftFiles: readdirSync(folder), leftProcesses: processesOf(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function processesOf(folder: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`).includes(folder);
    } catch {
      return false;
    }
  });
}
