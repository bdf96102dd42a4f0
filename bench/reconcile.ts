// `bench reconcile`: what it costs to compare a whole library in step with Plex, and whether, of what
// drifted apart without a hook, each is told once and nothing else is; for a library, and for a tenth of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { type BenchServer, startBenchServer } from './benchServer.ts';
import { idleNodePeakMb } from './memory.ts';
import { drifts, gapOf } from './reconcileLibrary.ts';
import { type ReconcileOutcome, reconcileOutcome, type ReconcileTask } from './reconcileTask.ts';
import { type Figure, figure, loadNow, mustBe, type Report, report } from './report.ts';

export interface ReconcileOptions {
  readonly scenes: number;
}

export const reconcileDefaults: ReconcileOptions = { scenes: 100_000 };

const scenesPerRequest = 50;
const rowsPerPage = 500;
/** The worker's own: Plex's libraries. */
const handful = 40;

export async function benchReconcile({ scenes }: ReconcileOptions): Promise<Report> {
  const load = loadNow();
  const tenth = Math.max(100, Math.round(scenes / 10));
  const small = await measured(tenth);
  const large = await measured(scenes);
  return report(
    'reconcile',
    load,
    { scenes, tenth },
    [
      ...inStep(large, scenes, `${scenes} in step`),
      ...drifted(large, scenes, `${scenes} drifted`),
      ...inStep(small, tenth, `${tenth} in step`),
      ...drifted(small, tenth, `${tenth} drifted`),
      ...growth(small, large, tenth, scenes),
    ],
    [
      'In step: Plex has what Stash has, four tags and four performers each, more than a listing of Plex’s shows, and PlexSync has pushed every scene once, which cost no write.',
      `Drifted: of 100 scenes one each of ${drifts.join(', ')}, without a hook; then a dry run.`,
      'PlexSync’s time is its processor time, the look at all of Plex’s files included. It rests as long as each step took, which is not counted: by the clock a run takes about twice as long.',
      `By the clock, without the rests: ${seconds(large.first.outcome.wallMs)}; the simulators’ own processor time for it: Plex ${seconds(large.first.plexCpuMs)}, Stash ${seconds(large.first.stashCpuMs)}.`,
      'Pictures are off here: what a cover costs is in no figure.',
    ],
  );
}

interface Ran {
  readonly outcome: ReconcileOutcome;
  readonly plexRequests: number;
  readonly stashRequests: number;
  readonly plexWrites: number;
  readonly plexCpuMs: number;
  readonly stashCpuMs: number;
}

interface Measured {
  /** What pushing everything once was. */
  readonly adopted: Ran;
  readonly first: Ran;
  readonly second: Ran;
}

async function measured(scenes: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'plexsync-reconcile-'));
  const servers: BenchServer[] = [];
  const start = async (which: string): Promise<BenchServer> => {
    const args = [which, String(scenes), join(folder, which)];
    const server = await startBenchServer('reconcileServer.ts', args);
    servers.push(server);
    return server;
  };
  try {
    const [plex, stash] = await Promise.all([start('plex'), start('stash')]);
    const { url: plexUrl, token: plexToken } = plex;
    const fields = 'pictures: off';
    await stash.ask({ settings: { plexUrl, plexToken, fields } });
    const base = { directory: join(folder, 'data'), plexUrl, plexToken, stashUrl: stash.url };
    let ahead = 0;
    const run = async (more: Partial<ReconcileTask>): Promise<Ran> => {
      const task = { ...base, adoptUpTo: 0, dry: false, ahead, ...more };
      const done = await ran(plex, stash, task);
      ({ ahead } = done.outcome);
      return done;
    };
    const adopted = await run({ adoptUpTo: scenes });
    const first = await run({});
    await Promise.all([plex.ask({ drift: true }), stash.ask({ drift: true })]);
    const second = await run({ dry: true });
    return { adopted, first, second };
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

const figures = v.object({ requests: v.number(), writes: v.number(), cpuMs: v.number() });

async function ran(plex: BenchServer, stash: BenchServer, task: ReconcileTask): Promise<Ran> {
  const told = async (server: BenchServer): Promise<v.InferOutput<typeof figures>> =>
    v.parse(figures, await server.ask({ counts: true }));
  const before = [await told(plex), await told(stash)] as const;
  const program = join(import.meta.dirname, 'reconcileRun.ts');
  const options = [...process.execArgv, ...workerOptions()];
  const child = spawn(process.execPath, [...options, program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const said = await text(child.stdout);
  await gone;
  process.off('exit', end);
  if (child.exitCode !== 0) throw new Error('the process that plays PlexSync failed');
  const outcome = v.parse(reconcileOutcome, JSON.parse(said));
  const after = [await told(plex), await told(stash)] as const;
  return {
    outcome,
    plexRequests: after[0].requests - before[0].requests,
    stashRequests: after[1].requests - before[1].requests,
    plexWrites: after[0].writes - before[0].writes,
    plexCpuMs: after[0].cpuMs - before[0].cpuMs,
    stashCpuMs: after[1].cpuMs - before[1].cpuMs,
  };
}

/** What the supervisor gives the worker's Node for its memory. */
function workerOptions(): readonly string[] {
  const supervisor = join(import.meta.dirname, '..', 'plugin', 'supervise.sh');
  return readFileSync(supervisor, 'utf8').match(/(?<= )--max-semi-space-size=\d+/) ?? [];
}

function inStep({ adopted, first }: Measured, scenes: number, when: string): readonly Figure[] {
  const { outcome } = first;
  const batches = Math.ceil(scenes / scenesPerRequest);
  const perBatch = { name: `one per ${scenesPerRequest} scenes`, value: batches };
  const atMost = (name: string, value: number): Figure =>
    figure({
      name: `${when}: ${name}`,
      value,
      unit: '',
      floor: perBatch,
      target: { relation: '<=', value: batches },
      kind: 'correctness',
    });
  const pages = Math.ceil(scenes / rowsPerPage);
  return [
    mustBe(`${when}: pushed beforehand`, adopted.outcome.known, scenes),
    mustBe(`${when}: writes to Plex`, first.plexWrites + adopted.plexWrites, 0),
    mustBe(`${when}: gaps`, outcome.gaps.length, 0),
    mustBe(`${when}: scenes looked at`, outcome.run?.scenes ?? -1, scenes),
    mustBe(`${when}: scenes not judged`, outcome.run?.unread ?? -1, 0),
    mustBe(`${when}: rows queued, dead letters`, outcome.queued + outcome.deadLetters, 0),
    atMost('requests of the run to Stash', outcome.run?.stashRequests ?? -1),
    atMost('requests of the run to Plex', outcome.run?.plexRequests ?? -1),
    figure({
      name: `${when}: all requests that Plex saw, the index and the worker’s own among them`,
      value: first.plexRequests,
      unit: '',
      floor: { name: 'batches and pages of the index', value: batches + pages },
      target: { relation: '<=', value: batches + pages + handful },
      kind: 'correctness',
    }),
    figure({
      name: `${when}: all requests that Stash saw, the worker’s looks at its settings among them`,
      value: first.stashRequests,
      unit: '',
      floor: perBatch,
    }),
    figure({ name: `${when}: PlexSync’s time`, value: outcome.cpuMs / 1_000, unit: 's' }),
    ...memory(when, outcome),
  ];
}

function drifted({ second }: Measured, scenes: number, when: string): readonly Figure[] {
  const { outcome } = second;
  const expected = new Set<string>();
  for (let number = 1; number <= scenes; number += 1) {
    const gap = gapOf(number);
    if (gap !== null) expected.add(gap);
  }
  const told = new Set(outcome.gaps);
  const invented = outcome.gaps.filter((gap) => !expected.has(gap));
  if (invented.length > 0) process.stderr.write(`invented: ${invented.slice(0, 5).join('; ')}\n`);
  const missed = [...expected].filter((gap) => !told.has(gap));
  if (missed.length > 0) process.stderr.write(`missed: ${missed.slice(0, 5).join('; ')}\n`);
  return [
    mustBe(`${when}: gaps there are`, expected.size, Math.round((scenes / 100) * drifts.length)),
    mustBe(`${when}: told`, outcome.gaps.length, expected.size),
    mustBe(`${when}: told twice`, outcome.gaps.length - told.size, 0),
    mustBe(`${when}: not told`, missed.length, 0),
    mustBe(`${when}: invented`, invented.length, 0),
    mustBe(`${when}: writes to Plex, rows queued`, second.plexWrites + outcome.queued, 0),
    figure({ name: `${when}: PlexSync’s time`, value: outcome.cpuMs / 1_000, unit: 's' }),
    ...memory(when, outcome),
  ];
}

function memory(when: string, { peakMb }: ReconcileOutcome): readonly Figure[] {
  if (peakMb === null) return [];
  const floor = { name: 'node -e 0', value: idleNodePeakMb() };
  const target = { relation: '<=', value: 256 } as const;
  return [figure({ name: `${when}: peak memory`, value: peakMb, unit: 'MB', floor, target })];
}

function growth(
  small: Measured,
  large: Measured,
  tenth: number,
  scenes: number,
): readonly Figure[] {
  const perScene = ({ outcome }: Ran, of: number): number => (outcome.cpuMs * 1_000) / of;
  return [
    figure({
      name: `time per scene of ${scenes}, in step`,
      value: perScene(large.first, scenes),
      unit: 'µs',
      floor: { name: `of ${tenth}`, value: perScene(small.first, tenth) },
      target: { relation: '<=', value: 1.5, of: 'floor' },
    }),
    figure({
      name: `peak memory of ${scenes}, in step`,
      value: large.first.outcome.peakMb ?? 0,
      unit: 'MB',
      floor: { name: `of ${tenth}`, value: small.first.outcome.peakMb ?? 0 },
    }),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
