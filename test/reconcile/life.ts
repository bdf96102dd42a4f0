// One life of a worker that can be killed: the engine on a data directory, until the run has ended and
// nothing waits.
//   node test/reconcile/life.ts <data directory> <how far its clock is ahead, in ms>
import { setTimeout as sleep } from 'node:timers/promises';
import { openReconciling } from '../../src/reconcile/reconciling.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { extraCounts } from '../../src/store/queue/extra.ts';
import { openStore } from '../../src/store/file/open.ts';
import { giveBackAll } from '../../src/store/queue/queueSettle.ts';
import { runUnderWay } from '../../src/store/run/run.ts';
import { count } from '../../src/store/file/sql.ts';
import type { Clock } from '../../src/sync/base/clock.ts';
import { openEngine } from '../../src/sync/engine.ts';
import { openLog } from '../../src/sync/base/log.ts';

const [data = '', ahead = '0'] = process.argv.slice(2);
const now = (): number => Date.now() + Number(ahead);
const clock: Clock = { now, random: Math.random, sleep: (ms) => sleep(ms) };
const directory = makeDataDirectory(data);
const { db } = openStore(directory.database, now());
// As whoever gets the worker's lock does.
giveBackAll(db);
const log = openLog(directory.log, clock);
const sideWork = openReconciling;
const engine = openEngine({ db, directory, clock, log, version: '0.0.0-test', sideWork });
const isToDo = (): boolean =>
  runUnderWay(db) !== null ||
  count(db, 'SELECT count(*) AS n FROM queue') + extraCounts(db).waiting > 0;
while (isToDo()) {
  const turn = await engine.turn();
  if (turn.kind !== 'worked') await sleep(5);
}
await engine.close();
db.close();
