// What the tests of the simulated Stash share: a Stash in a folder of its own, plugins written into
// it, and the recordings of a real Stash where they are at hand.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { onTestFinished } from 'vitest';
import {
  type StashOptions,
  type StashSimulator,
  startStashSimulator,
} from '../../simulators/stash/server.ts';

const shared =
  process.env['PLEXSYNC_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));

/** The path of a recording, or undefined (said aloud) where it is not at hand. */
export function recording(name: string): string | undefined {
  const path = join(shared, 'data', 'stash', name);
  if (existsSync(path)) return path;
  console.warn(`not tested against a real Stash: ${path} is missing`);
  return undefined;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** A folder that is gone when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'stash-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

export interface TestPlugin {
  /** The manifest as text, or what to put into the usual one. */
  readonly manifest?: string;
  readonly id?: string;
  /** The body of the script that the usual manifest runs. */
  readonly script?: string;
  readonly triggers?: readonly string[];
}

/** A Stash with these plugins, closed when the test ends. */
export async function startStash(
  plugins: readonly TestPlugin[] = [],
  options: Partial<StashOptions> = {},
): Promise<StashSimulator> {
  const directory = options.directory ?? temporaryDirectory();
  for (const plugin of plugins) writePlugin(directory, plugin);
  const stash = await startStashSimulator({ ...options, directory });
  onTestFinished(() => stash.close());
  return stash;
}

/** Writes it into the folder of that Stash and gives its own folder back. */
export function writePlugin(stashDirectory: string, plugin: TestPlugin): string {
  const id = plugin.id ?? 'probe';
  const directory = join(stashDirectory, 'plugins', id);
  mkdirSync(join(directory, 'seen'), { recursive: true });
  writeFileSync(join(directory, 'run.sh'), plugin.script ?? 'cat >/dev/null\n');
  writeFileSync(join(directory, `${id}.yml`), plugin.manifest ?? usualManifest(plugin));
  return directory;
}

function usualManifest({ triggers = ['Scene.Update.Post'] }: TestPlugin): string {
  return `name: Probe
exec: [sh, "{pluginDir}/run.sh", "{pluginDir}"]
interface: raw
hooks:
  - name: every event
    triggeredBy: [${triggers.join(', ')}]
    execArgs: [hook]
tasks:
  - name: Work
    description: A task
    defaultArgs:
      mode: t1
    execArgs: [task, work]
`;
}

/** A script that keeps what it read, one numbered file per run, in the plugin's folder `seen`. */
export const recordingScript = `count=$(ls "$1/seen" | wc -l)
cat > "$1/seen/$(printf %05d "$count").json"
`;

/** What the recording script of that plugin has read so far, in order. */
export function seenBy(stash: StashSimulator, id = 'probe'): string[] {
  const directory = join(stash.pluginsPath, id, 'seen');
  return readdirSync(directory)
    .sort()
    .map((name) => readFileSync(join(directory, name), 'utf8'));
}

/** The schema of a real Stash. What its recording has cut off (types nested deep) is left out. */
export function realSchema(path: string): GraphQLSchema {
  const file = readJson(path);
  const introspection = isIntrospection(file) ? file : fieldOf(file, 'data');
  if (!isIntrospection(introspection)) throw new Error(`${path} holds no introspection`);
  for (const type of introspection.__schema.types) {
    for (const list of ['fields', 'inputFields']) {
      const fields: unknown = Reflect.get(type, list);
      if (!Array.isArray(fields)) continue;
      Reflect.set(
        type,
        list,
        fields.filter((field) => !isCut(fieldOf(field, 'type'))),
      );
    }
  }
  return buildClientSchema(introspection);
}

function isIntrospection(value: unknown): value is IntrospectionQuery {
  return fieldOf(value, '__schema') !== undefined;
}

function isCut(type: unknown): boolean {
  const wraps = ['LIST', 'NON_NULL'].includes(String(fieldOf(type, 'kind')));
  const inner = fieldOf(type, 'ofType');
  return wraps && (typeof inner !== 'object' || inner === null || isCut(inner));
}

/** A property of something unknown; undefined where there is none. */
export function fieldOf(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Waits until it holds; fails with the reason otherwise. No longer than a loaded machine needs. */
export async function until(holds: () => boolean, reason: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${reason}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether a process of that id runs (a dead one that nobody has collected does not). */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.slice(stat.lastIndexOf(') ') + 2, stat.lastIndexOf(') ') + 3);
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}
