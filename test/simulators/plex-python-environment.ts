/** Gets the Python packages of the tests ready in `<repository>/.cache/python`, once per list of them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('./python-plexapi/', import.meta.url));
const ENVIRONMENT = fileURLToPath(new URL('../../.cache/python', import.meta.url));
const STAMP = 'requirements.installed';
const WINDOWS = process.platform === 'win32';

export const CHECKS_SCRIPT = join(HERE, 'checks.py');
export const METRICS_SCRIPT = join(HERE, 'parse_metrics.py');

export type PythonEnvironment =
  | { readonly python: string }
  /** Why there is none: no Python 3, or PyPI is out of reach. */
  | { readonly missing: string };

/** Throws instead of reporting a missing one when `CI` is `true`: there it must be there. */
export async function pythonEnvironment(): Promise<PythonEnvironment> {
  const python = pythonIn(ENVIRONMENT);
  const stamp = join(ENVIRONMENT, STAMP);
  const list = join(HERE, 'requirements.txt');
  const wanted = await readFile(list, 'utf8');
  try {
    if ((await textOf(stamp)) !== wanted) await install(list, wanted, stamp);
    return { python };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    const missing = String(error).split('\n').slice(0, 3).join(' ');
    console.warn(`the Python packages are not here, checks with them are skipped: ${missing}`);
    return { missing };
  }
}

/** Made beside its place and moved there whole, since another run may be doing the same. */
async function install(list: string, wanted: string, stamp: string): Promise<void> {
  const fresh = `${ENVIRONMENT}-${process.pid}`;
  try {
    await run(WINDOWS ? 'python' : 'python3', ['-m', 'venv', fresh]);
    const quiet = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    await run(pythonIn(fresh), ['-m', 'pip', 'install', ...quiet, '--requirement', list]);
    await writeFile(join(fresh, STAMP), wanted);
    // Another test file that was as quick may be at work in it already.
    if ((await textOf(stamp)) === wanted) return;
    await rm(ENVIRONMENT, { recursive: true, force: true });
    await rename(fresh, ENVIRONMENT);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function textOf(path: string): Promise<string> {
  return existsSync(path) ? await readFile(path, 'utf8') : '';
}

function pythonIn(environment: string): string {
  return join(environment, WINDOWS ? 'Scripts/python.exe' : 'bin/python');
}
