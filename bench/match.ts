// `bench match`: what it costs PlexSync to learn a whole library on both sides, to find by which path
// mappings Plex sees it, and to match every scene; and then what a hundred new ones cost. Whatever it
// finds is compared with what is true.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { type Fate, isElsewhere, mappings, numbersOf } from './matchLibrary.ts';
import { type MatchServer, startMatchServer } from './matchServers.ts';
import { type MatchOutcome, matchOutcome, type MatchTask } from './matchTask.ts';
import { idleNodePeakMb } from './memory.ts';
import { type Figure, figure, loadNow, mustBe, type Report, report } from './report.ts';

export interface MatchOptions {
  readonly scenes: number;
}

export const matchDefaults: MatchOptions = { scenes: 100_000 };

const newScenes = 100;
const lateItems = 20;
const rowsPerPage = 500;

export async function benchMatch({ scenes }: MatchOptions): Promise<Report> {
  const load = loadNow();
  const folder = mkdtempSync(join(tmpdir(), 'plexsync-match-'));
  const servers: MatchServer[] = [];
  try {
    // At the same time: it takes them seconds to fill their libraries.
    const [plex, stash] = await Promise.all(
      (['plex', 'stash'] as const).map(async (which) => {
        const server = await startMatchServer(which, scenes, join(folder, which));
        servers.push(server);
        return server;
      }),
    );
    if (plex === undefined || stash === undefined) throw new Error('there is no server');
    const dataFile = join(folder, 'plex-sync.db');
    const run = async (task: Partial<MatchTask>): Promise<Ran> =>
      await measured(plex, stash, dataFile, task);

    const first = await run({ matchAllUpTo: scenes });
    const firstMb = statSync(dataFile).size / 1e6;

    const events = Array.from({ length: newScenes }, (_, index) => scenes + 1 + index);
    await Promise.all([plex, stash].map((server) => server.add(scenes + 1, scenes + newScenes)));
    const late = numbersOf('waiting', 1, scenes).slice(0, lateItems);
    await plex.addLate(late);
    const next = await run({ refresh: true, events, late: [...late] });
    const dayLater = await run({ hoursLater: 25, late: [...late] });

    return report(
      'match',
      load,
      { scenes, newScenes },
      [
        ...costs(first, scenes, firstMb),
        ...truth(first.outcome, scenes),
        ...afterNewScenes(next, scenes, late),
        ...afterADay(dayLater, scenes + newScenes),
      ],
      [
        'Three folders of Stash’s are three other ones of Plex’s, one of them on Windows; nobody told PlexSync. Of 100 scenes one is in Plex where none of them leads, one has two copies there, one is not scanned yet, one is in no library.',
        `Matched by ${listed(first.outcome.byRung)}; without an item: ${listed(first.outcome.byReason)}.`,
        `Processor time of the first contact: index ${seconds(first.outcome.phases.index.cpuMs)}, files of Stash and mappings ${seconds(first.outcome.phases.survey.cpuMs)}, matching ${seconds(first.outcome.phases.matching.cpuMs)}; by the clock ${seconds(first.outcome.phases.index.wallMs)}, ${seconds(first.outcome.phases.survey.wallMs)}, ${seconds(first.outcome.phases.matching.wallMs)}.`,
        `The simulators’ own processor time for it: Plex ${seconds(first.plexCpuMs)}, Stash ${seconds(first.stashCpuMs)}. It is in the time by the clock and in no figure of PlexSync’s.`,
        'Matching reads the scenes’ files from the data file. That Stash is asked for each scene before it is pushed, and Plex for its item, is in the figures of drain.',
      ],
    );
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ran {
  readonly outcome: MatchOutcome;
  readonly plexRequests: number;
  readonly stashRequests: number;
  readonly plexCpuMs: number;
  readonly stashCpuMs: number;
}

async function measured(
  plex: MatchServer,
  stash: MatchServer,
  dataFile: string,
  given: Partial<MatchTask>,
): Promise<Ran> {
  const before = await Promise.all([plex.counts(), stash.counts()]);
  const task: MatchTask = {
    dataFile,
    plexUrl: plex.url,
    plexToken: plex.token,
    stashUrl: stash.url,
    hoursLater: 0,
    refresh: false,
    matchAllUpTo: 0,
    events: [],
    late: [],
    ...given,
  };
  const program = join(import.meta.dirname, 'matchRun.ts');
  // With the options of this process too, so that `node --cpu-prof bench/main.ts match` profiles it.
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
  const outcome = v.parse(matchOutcome, JSON.parse(said));
  const after = await Promise.all([plex.counts(), stash.counts()]);
  return {
    outcome,
    plexRequests: after[0].requests - before[0].requests,
    stashRequests: after[1].requests - before[1].requests,
    plexCpuMs: after[0].cpuMs - before[0].cpuMs,
    stashCpuMs: after[1].cpuMs - before[1].cpuMs,
  };
}

/** What the supervisor gives the worker's Node for its memory. */
function workerOptions(): readonly string[] {
  const supervisor = join(import.meta.dirname, '..', 'plugin', 'supervise.sh');
  return readFileSync(supervisor, 'utf8').match(/(?<= )--max-semi-space-size=\d+/) ?? [];
}

function costs(ran: Ran, scenes: number, fileMb: number): readonly Figure[] {
  const { outcome } = ran;
  const pages = { name: `pages of ${rowsPerPage}`, value: Math.ceil(scenes / rowsPerPage) };
  return [
    figure({
      name: 'PlexSync’s processor time',
      value: outcome.cpuMs / 1_000,
      unit: 's',
      target: { relation: '<=', value: 60 },
    }),
    figure({
      name: 'by the clock',
      value: outcome.wallMs / 1_000,
      unit: 's',
      floor: {
        name: 'processor time of the simulators',
        value: (ran.plexCpuMs + ran.stashCpuMs) / 1_000,
      },
    }),
    ...(outcome.peakMb === null
      ? []
      : [
          figure({
            name: 'peak memory',
            value: outcome.peakMb,
            unit: 'MB',
            floor: { name: 'node -e 0', value: idleNodePeakMb() },
            target: { relation: '<=', value: 256 },
          }),
        ]),
    figure({ name: 'HTTP requests to Plex', value: ran.plexRequests, unit: '', floor: pages }),
    figure({ name: 'HTTP requests to Stash', value: ran.stashRequests, unit: '', floor: pages }),
    figure({ name: 'data file', value: fileMb, unit: 'MB' }),
  ];
}

function truth(outcome: MatchOutcome, scenes: number): readonly Figure[] {
  const count = (fate: Fate): number => numbersOf(fate, 1, scenes).length;
  const found = new Set(outcome.rules.map(({ stash, plex }) => `${stash} => ${plex}`));
  const right = mappings.filter(({ stash, plex }) => found.has(`${stash} => ${plex}`));
  const reasons = outcome.byReason;
  return [
    mustBe('mappings found of those that there are', right.length, mappings.length),
    mustBe('mappings found that there are not', found.size - right.length, 0),
    mustBe('wrong items', outcome.wrongItems, 0),
    mustBe('scenes whose item was not found', outcome.missed, 0),
    mustBe('scenes with their item', outcome.found, count('item')),
    mustBe(
      'of these, where no mapping leads, by name and size',
      outcome.byRung['name-size'] ?? 0,
      numbersOf('item', 1, scenes).filter(isElsewhere).length,
    ),
    mustBe(
      'of several copies, left to a person',
      reasons['review: several-items'] ?? 0,
      count('review'),
    ),
    mustBe('known to wait for Plex’s scan', reasons['waiting'] ?? 0, count('waiting')),
    mustBe('known to be in no library', reasons['outside'] ?? 0, count('outside')),
  ];
}

/** So few that nobody would mind, whatever the library holds. */
const handful = 30;

function afterNewScenes(
  { outcome, plexRequests, stashRequests }: Ran,
  scenes: number,
  late: readonly number[],
): readonly Figure[] {
  const when = `${newScenes} new scenes`;
  const withItem = numbersOf('item', scenes + 1, scenes + newScenes).length + late.length;
  return [
    atMost(`${when}: HTTP requests to Plex`, plexRequests, handful),
    atMost(`${when}: HTTP requests to Stash`, stashRequests, handful),
    mustBe(
      `${when}, and ${late.length} items of others that waited: scenes looked at`,
      outcome.scenes,
      newScenes + late.length,
    ),
    mustBe(`${when}: with their item`, outcome.found, withItem),
    mustBe(`${when}: wrong items or reasons`, outcome.wrongItems + outcome.wrongReasons, 0),
    figure({ name: `${when}: PlexSync’s processor time`, value: outcome.cpuMs / 1_000, unit: 's' }),
  ];
}

function afterADay(
  { outcome, plexRequests, stashRequests }: Ran,
  scenes: number,
): readonly Figure[] {
  const when = 'a day later';
  const pages = { name: `pages of ${rowsPerPage}`, value: Math.ceil(scenes / rowsPerPage) };
  return [
    figure({
      name: `${when}: HTTP requests to Plex, for the daily look at all of it`,
      value: plexRequests,
      unit: '',
      floor: pages,
    }),
    atMost(`${when}: HTTP requests to Stash`, stashRequests, handful),
    mustBe(`${when}: scenes looked at`, outcome.scenes, 0),
    mustBe(`${when}: mappings in use`, outcome.rules.length, mappings.length),
    figure({ name: `${when}: PlexSync’s processor time`, value: outcome.cpuMs / 1_000, unit: 's' }),
  ];
}

function atMost(name: string, value: number, most: number): Figure {
  const target = { relation: '<=', value: most } as const;
  return figure({ name, value, unit: '', target, kind: 'correctness' });
}

function listed(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return entries.join(', ') || 'nothing';
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
