// `bench status`: what the status costs with a million rows in the queue and a hundred thousand dead
// letters, as a whole process through the launcher, beside a Node that does nothing; and what it
// costs to claim a batch out of many rows, beside out of few.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pluginStdin } from '../simulators/stash/plugins/stdin.ts';
import type { Database } from '../src/store/file/database.ts';
import { claim } from '../src/store/queue/queueClaim.ts';
import { makeDataDirectory } from '../src/store/file/dataDirectory.ts';
import { claimForParent } from '../src/sync/process/supervisorFile.ts';
import { readStatus } from '../src/sync/tell/status.ts';
import { makeBigQueue, openBigQueue } from './bigQueue.ts';
import { builtPlugin } from './built.ts';
import { findOnPath, runProcess } from './processes.ts';
import { figure, loadNow, mustBe, type Report, report } from './report.ts';
import { median, shuffled } from './statistics.ts';

export interface StatusOptions {
  /** Rows of the queue. */
  readonly rows: number;
  /** Interleaved runs of each command, and of each claim. */
  readonly runs: number;
}

export const statusDefaults: StatusOptions = { rows: 1_000_000, runs: 21 };

const warmUps = 3;
const batch = 50;
/** Of dead letters to rows, and of the small queue to the big one. */
const deadShare = 0.1;
const smallShare = 0.01;

export async function benchStatus({ rows, runs }: StatusOptions): Promise<Report> {
  const load = loadNow();
  const root = mkdtempSync(join(tmpdir(), 'plexsync-bench-'));
  try {
    const deadLetters = Math.ceil(rows * deadShare);
    const fewRows = Math.max(Math.ceil(rows * smallShare), batch * (runs + warmUps));
    const directory = makeDataDirectory(join(root, 'plex-sync'));
    // This process stands in for the supervisor, so that no worker is started on the rows.
    claimForParent(directory.supervisor, process.pid);
    makeBigQueue(directory.database, rows, deadLetters);
    const small = join(root, 'small.db');
    makeBigQueue(small, fewRows, 0);

    const { nodeMs, statusMs, bad } = await processes(root, runs);
    const many = openBigQueue(directory.database);
    const status = readStatus(many, directory, '0.0.0-bench', Date.now());
    const few = openBigQueue(small);
    const claims = claimTimes([few, many], runs);
    for (const db of [few, many]) db.close();
    return report(
      'status',
      load,
      { rows, deadLetters, runs },
      [
        figure({
          name: 'operation status through the launcher, median',
          value: median(statusMs),
          unit: 'ms',
          floor: { name: 'node -e 0', value: median(nodeMs) },
          target: { relation: '<=', value: 4, of: 'floor' },
        }),
        figure({
          name: `claiming ${batch} of ${rows} rows, median`,
          value: median(claims.get(many) ?? []),
          unit: 'ms',
          floor: { name: `of ${fewRows} rows`, value: median(claims.get(few) ?? []) },
          target: { relation: '<=', value: 1.5, of: 'floor' },
        }),
        mustBe('runs that did not exit with 0', bad, 0),
        mustBe('rows that the status tells of', status.queue.pending, rows),
        mustBe('dead letters that the status tells of', status.deadLetters.count, deadLetters),
      ],
      [
        'Whole processes, from before the spawn to the exit, interleaved in random order; the data file is in the cache of the system.',
        'Each claim is of other rows: what was claimed stays in flight.',
      ],
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function processes(
  root: string,
  runs: number,
): Promise<{ readonly nodeMs: number[]; readonly statusMs: number[]; readonly bad: number }> {
  const input = join(root, 'envelope.json');
  mkdirSync(root, { recursive: true });
  writeFileSync(
    input,
    pluginStdin(
      {
        scheme: 'http',
        host: '127.0.0.1',
        port: 9999,
        cookieValue: 'c'.repeat(220),
        directory: root,
        pluginDirectory: builtPlugin,
      },
      { name: 'status' },
    ),
  );
  const node = { command: [process.execPath, '-e', '0'], times: new Array<number>() };
  const status = {
    command: [findOnPath('sh'), join(builtPlugin, 'launch.sh')],
    times: new Array<number>(),
  };
  let bad = 0;
  for (let round = -warmUps; round < runs; round += 1) {
    for (const { command, times } of shuffled([node, status], Math.random)) {
      const { ms, code } = await runProcess(command, input);
      if (code !== 0) bad += 1;
      if (round >= 0) times.push(ms);
    }
  }
  return { nodeMs: node.times, statusMs: status.times, bad };
}

function claimTimes(
  databases: readonly Database[],
  runs: number,
): ReadonlyMap<Database, readonly number[]> {
  const times = new Map(databases.map((db) => [db, new Array<number>()]));
  for (let round = -warmUps; round < runs; round += 1) {
    for (const db of shuffled(databases, Math.random)) {
      const begin = performance.now();
      const claimed = claim(db, Date.now(), batch);
      const ms = performance.now() - begin;
      if (claimed.length !== batch) throw new Error(`claimed ${claimed.length} rows`);
      if (round >= 0) times.get(db)?.push(ms);
    }
  }
  return times;
}
