// `bench hook`: what one hook costs the person who saves, as a whole process, beside a shell that
// only reads its input and a Node that does nothing. The usual case: the spool exists and somebody
// living is named as supervisor, so that nothing is started.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipePool } from '../simulators/stash/plugins/pipes.ts';
import { claimForParent } from '../src/sync/process/supervisorFile.ts';
import { builtPlugin } from './built.ts';
import { writePayload } from './payloads.ts';
import { type Ended, findOnPath, runPiped, runProcess } from './processes.ts';
import { type Figure, figure, loadNow, mustBe, type Report, report } from './report.ts';
import { median, percentile, shuffled } from './statistics.ts';

export interface HookOptions {
  /** Interleaved runs of each command. */
  readonly runs: number;
  /** Bytes of the big payload's cover. */
  readonly bigBytes: number;
}

export const hookDefaults: HookOptions = { runs: 41, bigBytes: 7_000_000 };

const warmUps = 3;
const cat = "sh -c 'cat >/dev/null'";

interface Candidate {
  readonly name: string;
  readonly command: readonly string[];
}

export async function benchHook(options: HookOptions): Promise<Report> {
  const load = loadNow();
  const root = mkdtempSync(join(tmpdir(), 'plexsync-bench-'));
  const pipes = new PipePool();
  try {
    const data = join(root, 'plex-sync');
    const spool = join(data, 'spool');
    mkdirSync(spool, { recursive: true, mode: 0o700 });
    // This process stands in for the supervisor: it lives, and does nothing meanwhile.
    claimForParent(join(data, 'supervisor'), process.pid);

    const sh = findOnPath('sh');
    const hook = { name: 'hook', command: [sh, join(builtPlugin, 'launch.sh'), 'hook'] };
    const floor = { name: cat, command: [sh, '-c', 'cat >/dev/null'] };
    const start = { name: 'true', command: [findOnPath('true')] };
    const node = { name: 'node -e 0', command: [process.execPath, '-e', '0'] };
    const small = join(root, 'small.json');
    const big = join(root, 'big.json');
    const connection = {
      directory: root,
      pluginDirectory: builtPlugin,
      port: 9999,
      cookieValue: 'c'.repeat(220),
      sceneId: 4711,
    };
    writePayload(small, connection);
    writePayload(big, { ...connection, coverBytes: options.bigBytes });

    const bad = { exits: 0, lost: 0 };
    const table = async (
      candidates: readonly Candidate[],
      run: (command: readonly string[]) => Promise<Ended>,
    ): Promise<ReadonlyMap<string, readonly number[]>> => {
      const times = new Map(candidates.map(({ name }) => [name, new Array<number>()]));
      for (let round = -warmUps; round < options.runs; round += 1) {
        for (const { name, command } of shuffled(candidates, Math.random)) {
          const { ms, code } = await run(command);
          if (code !== 0) bad.exits += 1;
          if (round >= 0) times.get(name)?.push(ms);
          const files = readdirSync(spool);
          if (files.length !== (name === hook.name ? 1 : 0)) bad.lost += 1;
          for (const file of files) rmSync(join(spool, file));
        }
      }
      return times;
    };

    const fromFile = (path: string) => (command: readonly string[]) => runProcess(command, path);
    const fromPipe = (path: string) => {
      const bytes = readFileSync(path);
      return (command: readonly string[]) => runPiped(pipes, command, bytes);
    };
    const smallTimes = await table([start, floor, node, hook], fromFile(small));
    const bigTimes = await table([floor, hook], fromFile(big));
    const smallPiped = await table([floor, hook], fromPipe(small));
    const bigPiped = await table([floor, hook], fromPipe(big));

    const smallSize = sizeOf(small);
    const bigSize = sizeOf(big);
    return report(
      'hook',
      load,
      { runs: options.runs, sh: realpathSync(sh) },
      [
        row(`${smallSize}, median`, smallTimes, median, 2),
        row(`${bigSize}, median`, bigTimes, median, 3),
        row(`${smallSize} through a pipe, median`, smallPiped, median, 2),
        row(`${bigSize} through a pipe, median`, bigPiped, median, 3),
        row(`${smallSize}, 90th percentile`, smallTimes, ninetieth, null),
        figure({
          name: 'node -e 0, median',
          value: median(smallTimes.get(node.name) ?? []),
          unit: 'ms',
          floor: { name: cat, value: median(smallTimes.get(cat) ?? []) },
        }),
        figure({
          name: 'true, median: what starting a process costs the bench itself',
          value: median(smallTimes.get(start.name) ?? []),
          unit: 'ms',
        }),
        mustBe('runs that did not exit with 0', bad.exits, 0),
        mustBe('runs without exactly one spool file for a hook', bad.lost, 0),
      ],
      [
        'Whole processes, from before the spawn to the exit; runs of one table interleaved in random order.',
        'Standard input is an open file, or a pipe that the bench fills meanwhile; the floor reads the same bytes.',
      ],
    );
  } finally {
    await pipes.close();
    rmSync(root, { recursive: true, force: true });
  }
}

function row(
  name: string,
  times: ReadonlyMap<string, readonly number[]>,
  of: (values: readonly number[]) => number,
  atMost: number | null,
): Figure {
  return figure({
    name: `hook, ${name}`,
    value: of(times.get('hook') ?? []),
    unit: 'ms',
    floor: { name: cat, value: of(times.get(cat) ?? []) },
    ...(atMost === null ? {} : { target: { relation: '<=', value: atMost, of: 'floor' } }),
  });
}

function ninetieth(values: readonly number[]): number {
  return percentile(values, 90);
}

function sizeOf(path: string): string {
  const { size } = statSync(path);
  return size < 10_000 ? `${size} bytes` : `${(size / 1e6).toFixed(1)} MB`;
}
