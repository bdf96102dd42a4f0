// Each benchmark at a tiny size: it runs, its JSON has the documented shape, and whatever must hold on
// any machine does. Nothing here is about speed.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
const run = promisify(execFile);

const floor = v.strictObject({ name: v.string(), value: v.number() });
const target = v.strictObject({
  relation: v.picklist(['<=', '>=', '=']),
  value: v.number(),
  of: v.picklist(['value', 'floor']),
});
const figure = v.strictObject({
  name: v.string(),
  value: v.number(),
  unit: v.string(),
  floor: v.nullable(floor),
  ratio: v.nullable(v.number()),
  target: v.nullable(target),
  holds: v.nullable(v.boolean()),
  kind: v.picklist(['speed', 'correctness']),
});
const report = v.strictObject({
  bench: v.string(),
  version: v.string(),
  at: v.pipe(v.string(), v.isoTimestamp()),
  machine: v.strictObject({
    platform: v.string(),
    cpus: v.number(),
    cpuModel: v.string(),
    memoryMb: v.number(),
    node: v.string(),
    loadBefore: v.number(),
  }),
  parameters: v.record(v.string(), v.union([v.string(), v.number()])),
  figures: v.pipe(v.array(figure), v.minLength(1)),
  notes: v.array(v.string()),
  holds: v.boolean(),
});
type Report = v.InferOutput<typeof report>;

/** Another build in the middle of other tests would pull the plugin away from under them. */
async function bench(...args: readonly string[]): Promise<{ stdout: string }> {
  return await run(process.execPath, [program, ...args, '--no-build']);
}

async function reportOf(name: string, ...args: readonly string[]): Promise<Report> {
  const { stdout } = await bench(name, '--json', ...args);
  const parsed = v.parse(report, JSON.parse(stdout));
  expect(parsed.bench).toBe(name);
  for (const { kind, holds, name: figureName, value } of parsed.figures) {
    if (kind === 'correctness') expect(holds, `${figureName}: ${value}`).toBe(true);
  }
  return parsed;
}

function valueOf({ figures }: Report, name: string): number {
  const found = figures.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no figure "${name}"`);
  return found.value;
}

describe('npm run bench', () => {
  it('hook: every hook leaves its one file, and each size has its floor and its target', async () => {
    const { figures } = await reportOf('hook', '--runs', '3');
    const targets = figures.filter((found) => found.kind === 'speed' && found.target !== null);
    expect(targets.map((found) => found.target?.value)).toEqual([2, 3, 2, 3]);
    for (const found of targets) expect(found.floor?.value).toBeGreaterThan(0);
  });

  it('latency: a lone edit, one without a worker and a second one are timed beside their floors', async () => {
    const found = await reportOf('latency', '--runs', '2');
    for (const name of ['worker alive, median', 'no worker, median', 'second edit, slowest']) {
      expect(Number.isFinite(valueOf(found, name))).toBe(true);
    }
  });

  it('storm: nothing that a hook acknowledged is lost, and no second worker is ever at work', async () => {
    const found = await reportOf('storm', '--hooks', '60', '--parallel', '8', '--kills', '12');
    for (const kind of ['worker draining', 'nobody awake']) {
      const ended = ['that exited 0', 'killed'].map((how) =>
        valueOf(found, `${kind}: hooks ${how}`),
      );
      expect(ended.reduce((sum, count) => sum + count, 0)).toBe(60);
      // The kernel's list of locks exists on Linux alone.
      if (process.platform === 'linux') {
        expect(valueOf(found, `${kind}: most holders of the lock at once`)).toBe(1);
      }
    }
  });

  it('drain: every scene arrives, for little more than one request each', async () => {
    const found = await reportOf('drain', '--scenes', '60');
    // Two batches, and what every start of a worker asks.
    expect(valueOf(found, 'HTTP requests to Plex per scene')).toBeLessThan(1.5);
  });

  it('noop: scenes saved again without a change for Plex cost it no write', async () => {
    const found = await reportOf('noop', '--scenes', '60');
    expect(valueOf(found, 'writes to Plex')).toBe(0);
  });

  it('fanout: a change to many scenes is a few writes where Plex appends tags, and right where not', async () => {
    const found = await reportOf('fanout', '--scenes', '500');
    const writes = (what: string): number =>
      valueOf(found, `${what}: write requests per 50 scenes`);
    expect(writes('studio renamed')).toBeLessThanOrEqual(1.3);
    // A hundred scenes are a few batches, as they become due; the first of them learns.
    expect(writes('tag added, Plex appends')).toBeLessThanOrEqual(10);
    expect(writes('tag added, Plex replaces')).toBeLessThanOrEqual(51);
  });

  it('match: finds the mappings by itself, every item and no wrong one, and later asks for what is new alone', async () => {
    const found = await reportOf('match', '--scenes', '2000');
    expect(valueOf(found, 'scenes with their item')).toBe(1940);
    expect(valueOf(found, 'wrong items')).toBe(0);
    expect(valueOf(found, 'mappings found of those that there are')).toBe(3);
  });

  it('status: tells of every row and dead letter, and has its floors and targets', async () => {
    const { figures } = await reportOf('status', '--rows', '6000', '--runs', '2');
    const targets = figures.filter(({ kind, target }) => kind === 'speed' && target !== null);
    expect(targets.map(({ target }) => target?.value)).toEqual([4, 1.5]);
    for (const { floor } of targets) expect(floor?.value).toBeGreaterThan(0);
  });

  it('package: the zip fits into the time that Stash gives a download', async () => {
    const found = await reportOf('package');
    expect(valueOf(found, 'files')).toBeGreaterThan(8);
    expect(valueOf(found, 'unpacked')).toBeGreaterThan(valueOf(found, 'size of the zip'));
  });

  it('[1.0 ADV-01] outage: ten minutes cost no attempt and no more than the probes, and all arrives', async () => {
    const found = await reportOf('outage', '--scenes', '60');
    expect(valueOf(found, 'conservative: requests while Plex was down')).toBeGreaterThan(5);
  });

  it('prints figure, floor, target and verdict for people', async () => {
    const { stdout } = await bench('hook', '--runs', '2');
    expect(stdout).toMatch(/^bench hook: PlexSync \d/);
    expect(stdout).toMatch(/hook, \d+ bytes, median .* ms sh -c 'cat >\/dev\/null' .* ≤ 2 × floor/);
  });

  it('real-stash: says that it is skipped where there is no Stash', async () => {
    const env = { ...process.env, STASH_BIN: '' };
    const args = [program, 'real-stash', '--json', '--no-build'];
    const { stdout } = await run(process.execPath, args, { env });
    expect(JSON.parse(stdout)).toEqual({
      bench: 'real-stash',
      skipped: 'STASH_BIN names no Stash',
    });
  });

  it('refuses a benchmark that there is not', async () => {
    await expect(bench('nonsense')).rejects.toMatchObject({ code: 2 });
  });
});
