// The measurements of docs/measurements.md, each as a command: `npm run bench -- <which> [--json]`.
import { parseArgs } from 'node:util';
import { ensureBuilt } from './built.ts';
import { printed } from './print.ts';
import type { Report } from './report.ts';

const usage = `npm run bench -- hook | latency | storm | drain | noop | fanout | match | reconcile |
                  status | pace | outage | package | real-stash | all

  hook        what one hook costs, beside a shell that reads its input and a Node that does nothing
  latency     from a hook's exit to the value in Plex
  storm       300 hooks, 16 at once, 60 of them killed: is anything lost, is there ever a second worker
  drain       1,000 changed scenes into a Plex that takes 30 ms for a write
  noop        1,000 scenes touched without a change that concerns Plex
  fanout      5,000 scenes whose studio is renamed, 1,000 given one tag: how many writes that costs Plex
  match       100,000 scenes and as many items: index, path mappings, and every scene matched
  reconcile   100,000 scenes compared with Plex, in step and with drift; the same with a tenth of them
  status      1,000,000 rows in the queue, 100,000 dead letters: what the status costs, and a claim
  pace        what a Plex is asked per second that takes 30 ms for a write, then 900, then 30 again
  package     size of the zip that Stash downloads, files, size on the disk
  outage      5,000 changes wait while Plex is down for ten minutes: what that costs, and how it ends
  real-stash  what a bulk edit waits in a real Stash (needs STASH_BIN)

  --json      one JSON object on stdout (npm prints two lines of its own first: npm run --silent bench -- …)
  --check     exit code 1 if a target is missed. Without it only a figure that must hold on any
              machine (lost events, needless writes, a second worker) does that
  --runs N    rounds of hook (41) and real-stash (11), lone edits of latency (21), status (21)
  --scenes N  of drain and noop (1000), of fanout and outage (5000), of match and reconcile (100000),
              of real-stash (100)
  --rows N    of the queue of status (1000000), with a tenth as many dead letters
  --ceiling N of pace: requests per second that its second run allows (10)
  --hooks N, --parallel N, --kills N   of storm (300, 16, 60)
  --no-build  take dist/plex-sync as it is

The JSON: {bench, version, at, machine, parameters, figures: [{name, value, unit, floor: {name, value} | null,
ratio, target: {relation, value, of: "value" | "floor"} | null, holds: true | false | null,
kind: "speed" | "correctness"}], notes, holds}; of \`all\`: {bench: "all", reports, holds}.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    runs: { type: 'string' },
    scenes: { type: 'string' },
    rows: { type: 'string' },
    hooks: { type: 'string' },
    parallel: { type: 'string' },
    kills: { type: 'string' },
    ceiling: { type: 'string' },
  },
});
const [which = '', ...tooMuch] = positionals;
type Option = 'runs' | 'scenes' | 'rows' | 'hooks' | 'parallel' | 'kills' | 'ceiling';

/** A report, or in a sentence why there is none. */
type Outcome = Report | string;

const benches: Readonly<Record<string, () => Promise<Outcome>>> = {
  hook: async () => {
    const { benchHook, hookDefaults } = await import('./hook.ts');
    return await benchHook({ ...hookDefaults, ...given('runs') });
  },
  latency: async () => {
    const { benchLatency, latencyDefaults } = await import('./latency.ts');
    return await benchLatency({ ...latencyDefaults, ...given('runs') });
  },
  storm: async () => {
    const { benchStorm, stormDefaults } = await import('./storm.ts');
    return await benchStorm({ ...stormDefaults, ...given('hooks', 'parallel', 'kills') });
  },
  drain: async () => {
    const { benchDrain, drainDefaults } = await import('./drain.ts');
    return await benchDrain({ ...drainDefaults, ...given('scenes') });
  },
  noop: async () => {
    const { benchNoop, noopDefaults } = await import('./noop.ts');
    return await benchNoop({ ...noopDefaults, ...given('scenes') });
  },
  fanout: async () => {
    const { benchFanout, fanoutDefaults } = await import('./fanout.ts');
    return await benchFanout({ ...fanoutDefaults, ...given('scenes') });
  },
  match: async () => {
    const { benchMatch, matchDefaults } = await import('./match.ts');
    return await benchMatch({ ...matchDefaults, ...given('scenes') });
  },
  reconcile: async () => {
    const { benchReconcile, reconcileDefaults } = await import('./reconcile.ts');
    return await benchReconcile({ ...reconcileDefaults, ...given('scenes') });
  },
  status: async () => {
    const { benchStatus, statusDefaults } = await import('./status.ts');
    return await benchStatus({ ...statusDefaults, ...given('runs', 'rows') });
  },
  pace: async () => {
    const { benchPace, paceDefaults } = await import('./pace.ts');
    return await benchPace({ ...paceDefaults, ...given('ceiling') });
  },
  package: async () => (await import('./package.ts')).benchPackage(),
  outage: async () => {
    const { benchOutage, outageDefaults } = await import('./outage.ts');
    return await benchOutage({ ...outageDefaults, ...given('scenes') });
  },
  'real-stash': async () => {
    const binary = process.env['STASH_BIN'] ?? '';
    if (binary === '') return 'STASH_BIN names no Stash';
    const { benchRealStash, realStashDefaults } = await import('./realStash.ts');
    const { runs: rounds = realStashDefaults.rounds, ...scenes } = given('runs', 'scenes');
    return await benchRealStash({ ...realStashDefaults, binary, rounds, ...scenes });
  },
};

if (values.help) {
  process.stdout.write(usage);
} else {
  const names = which === 'all' ? Object.keys(benches) : [which];
  if (tooMuch.length > 0 || names.some((name) => !(name in benches))) fail('Which one?');
  process.exitCode = await run(names);
}

async function run(names: readonly string[]): Promise<number> {
  // With it an old Node reads a file of certificates at every start.
  delete process.env['NODE_EXTRA_CA_CERTS'];
  if (!values['no-build']) ensureBuilt();
  const reports: Report[] = [];
  for (const name of names) {
    const outcome = await benches[name]?.();
    if (outcome === undefined) continue;
    if (typeof outcome === 'string') {
      process.stderr.write(`bench ${name}: skipped, ${outcome}\n`);
      if (values.json && which === name) show({ bench: name, skipped: outcome });
      continue;
    }
    reports.push(outcome);
    if (!values.json) process.stdout.write(`${printed(outcome)}\n`);
    else if (which === name) show(outcome);
  }
  if (values.json && which === 'all') {
    show({ bench: 'all', reports, holds: reports.every(({ holds }) => holds) });
  }
  const missed = reports.flatMap(({ figures }) => figures.filter(({ holds }) => holds === false));
  return missed.some(({ kind }) => values.check || kind === 'correctness') ? 1 : 0;
}

function show(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Those of the options that were typed, as numbers. */
function given(...names: readonly Option[]): Readonly<Partial<Record<Option, number>>> {
  const numbers: Partial<Record<Option, number>> = {};
  for (const name of names) {
    const text = values[name];
    if (text === undefined) continue;
    const least = name === 'kills' ? 0 : 1;
    if (!/^\d{1,7}$/.test(text) || Number(text) < least) {
      fail(`--${name} must be a whole number from ${least} on, not ${text}`);
    }
    numbers[name] = Number(text);
  }
  return numbers;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(2);
}
