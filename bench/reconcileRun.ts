// PlexSync's part of `bench reconcile` in a process of its own: the worker's engine with its real data
// file, two servers over HTTP. It does not rest between the steps of a run, so that the time by the clock
// is that of the work. Takes its task as JSON in argv, prints one line of JSON with what came of it.
import * as v from 'valibot';
import { openReconciling } from '../src/reconcile/reconciling.ts';
import { makeDataDirectory } from '../src/store/file/dataDirectory.ts';
import { deadLetterCount } from '../src/store/queue/deadLetter.ts';
import { gapPage } from '../src/store/mirror/gap.ts';
import { openStore } from '../src/store/file/open.ts';
import { raiseScene } from '../src/store/queue/queue.ts';
import { beginRun, lastRuns, runUnderWay } from '../src/store/run/run.ts';
import { count, transaction } from '../src/store/file/sql.ts';
import { connection, writeState } from '../src/store/file/state.ts';
import type { Clock } from '../src/sync/base/clock.ts';
import { openEngine } from '../src/sync/engine.ts';
import { openLog } from '../src/sync/base/log.ts';
import { peakMemoryMb } from './memory.ts';
import { type ReconcileOutcome, reconcileTask } from './reconcileTask.ts';

const task = v.parse(reconcileTask, JSON.parse(process.argv[2] ?? ''));
const begunAt = performance.now();
let { ahead } = task;
const now = (): number => Date.now() + ahead;
const clock: Clock = { now, random: Math.random, sleep: async () => {} };

const directory = makeDataDirectory(task.directory);
const { db } = openStore(directory.database, now());
const stash = new URL(task.stashUrl);
writeState(db, connection, {
  scheme: 'http',
  host: stash.hostname,
  port: Number(stash.port),
  cookie: null,
  apiKey: null,
  pluginDir: '',
});
const log = openLog(directory.log, clock);
const sideWork = openReconciling;
const engine = openEngine({ db, directory, clock, log, version: '0.0.0-bench', sideWork });

const rowsWaiting = (): number => count(db, 'SELECT count(*) AS n FROM queue');
transaction(db, () => {
  for (let id = 1; id <= task.adoptUpTo; id += 1) raiseScene(db, id, now(), 'sync', `bench-${id}`);
  const scope = { since: null, until: null, library: null, kinds: null };
  if (task.adoptUpTo === 0)
    beginRun(db, { origin: 'person', scope, dry: task.dry, limit: null }, now());
});
const isToDo = (): boolean => (task.adoptUpTo > 0 ? rowsWaiting() > 0 : runUnderWay(db) !== null);
while (isToDo()) {
  const turn = await engine.turn();
  if (turn.kind === 'disabled' || turn.kind === 'blocked') throw new Error(turn.kind);
  if (turn.kind === 'idle') {
    if (turn.until === null) throw new Error('nothing is to be done, and more was wanted');
    ahead += Math.max(0, turn.until - now());
  }
}
await engine.close();

const [run] = lastRuns(db, 1);
const gaps: string[] = [];
const anything = { kind: null, field: null, state: null, confidence: null };
for (let page = gapPage(db, anything, 0, 1_000); page.length > 0; ) {
  for (const { kind, field, sceneId, plex } of page) {
    gaps.push(`${kind} ${field} ${sceneId === 0 ? String(plex) : sceneId}`);
  }
  page = gapPage(db, anything, gaps.length, 1_000);
}
const { user, system } = process.cpuUsage();
const peak = peakMemoryMb(process.pid);
const outcome: ReconcileOutcome = {
  cpuMs: (user + system) / 1_000,
  wallMs: performance.now() - begunAt,
  peakMb: Number.isNaN(peak) ? null : peak,
  ahead,
  queued: rowsWaiting(),
  deadLetters: deadLetterCount(db),
  known: count(db, 'SELECT count(*) AS n FROM scene_state WHERE no_item_reason IS NULL'),
  run: run === undefined ? null : { state: run.state, ...run.figures },
  gaps,
};
db.close();
process.stdout.write(`${JSON.stringify(outcome)}\n`);
