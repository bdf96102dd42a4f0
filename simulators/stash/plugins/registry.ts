// The plugins below the plugin folder: found, read, looked up, and how each is run.
// (stashapp/stash pkg/plugin/plugins.go and config.go)
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { type Manifest, type OperationManifest, parseManifest } from './manifest.ts';

export interface Plugin {
  readonly id: string;
  /** The name it is shown and logged by. */
  readonly name: string;
  /** Folder of the manifest; relative if the plugin folder was given relative. */
  readonly directory: string;
  readonly manifest: Manifest;
}

/** Nested deeper than this, the walk takes a folder for a loop of links (Stash would not end). */
const maxDepth = 32;

/** Every `*.yml` below the folder, links followed; what cannot be read is told and left out. */
export function readPlugins(folder: string, onError: (text: string) => void): Plugin[] {
  const plugins: Plugin[] = [];
  for (const path of ymlFiles(folder, 0)) {
    try {
      const manifest = parseManifest(readFileSync(path, 'utf8'));
      const id = basename(path).slice(0, -'.yml'.length);
      if (plugins.some((plugin) => plugin.id.toLowerCase() === id.toLowerCase())) {
        onError(`Error loading plugin ${path}: plugin ID ${id} already exists`);
      } else {
        plugins.push({ id, name: manifest.name ?? id, directory: dirname(path), manifest });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      onError(`Error loading plugin ${path}: ${reason}`);
    }
  }
  return plugins;
}

function* ymlFiles(folder: string, depth: number): Generator<string> {
  if (depth > maxDepth) return;
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) yield* ymlFiles(path, depth + 1);
    else if (stat !== undefined && name.endsWith('.yml')) yield path;
  }
}

export interface Command {
  readonly command: readonly string[];
  readonly executable: string;
}

/**
 * What is run for a hook or task, or for an operation (which has no arguments of its own). The
 * program is looked for on the PATH, else in the plugin's folder; `{pluginDir}` is replaced in
 * arguments only, never in the program's name.
 */
export function execCommand(
  plugin: Plugin,
  operation: OperationManifest | undefined,
  searchPath: string,
): Command {
  const [program, ...rest] = [...plugin.manifest.exec, ...(operation?.execArgs ?? [])];
  if (program === undefined) throw new Error('empty exec value');
  const args = rest.map((arg) => arg.replaceAll('{pluginDir}', plugin.directory));
  const names = isPython(program) ? ['python3', 'python'] : [program];
  for (const name of names) {
    const executable = lookPath(name, searchPath);
    if (executable !== undefined) return { command: [name, ...args], executable };
  }
  const inFolder = join(plugin.directory, program);
  if (isScriptWithoutInterpreter(inFolder)) {
    throw new Error(`error running plugin: fork/exec ${inFolder}: exec format error`);
  }
  return { command: [inFolder, ...args], executable: inFolder };
}

function isPython(program: string): boolean {
  return program === 'python' || program === 'python3';
}

function lookPath(program: string, searchPath: string): string | undefined {
  if (program.includes('/')) return isExecutable(program) ? program : undefined;
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder === '' ? '.' : folder, program);
    if (isExecutable(path)) return path;
  }
  return undefined;
}

/** Go runs no such file; the C library, and so Node, would hand it to a shell. */
function isScriptWithoutInterpreter(path: string): boolean {
  if (!isExecutable(path)) return false;
  const start = readFileSync(path).subarray(0, 4);
  return !start.includes(0x7f) && start.toString('latin1', 0, 2) !== '#!';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
