// One life of a worker that can be killed: the engine on a data directory, until a pass over what goes both
// ways has ended that began since a time.
//   node test/viewing/life.ts <data directory> <how far its clock is ahead, in ms> <that time, Unix ms>
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import { readState } from '../../src/store/file/state.ts';
import { giveBackAll } from '../../src/store/queue/queueSettle.ts';
import { viewingPass } from '../../src/store/run/viewingPass.ts';
import type { Clock } from '../../src/sync/base/clock.ts';
import { openEngine } from '../../src/sync/engine.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { openSideWork } from '../../src/viewing/sideWork.ts';

const [data = '', ahead = '0', from = '0'] = process.argv.slice(2);
const now = (): number => Date.now() + Number(ahead);
const clock: Clock = { now, random: Math.random, sleep: (ms) => sleep(ms) };
const directory = makeDataDirectory(data);
const { db } = openStore(directory.database, now());
// As whoever gets the worker's lock does.
giveBackAll(db);
const log = openLog(directory.log, clock);
const sideWork = openSideWork;
const engine = openEngine({ db, directory, clock, log, version: '0.0.0-test', sideWork });
const isToDo = (): boolean => {
  const pass = readState(db, viewingPass);
  return pass === null || pass.underWay !== null || (pass.since ?? 0) < Number(from);
};
while (isToDo()) {
  const turn = await engine.turn();
  if (turn.kind !== 'worked') await sleep(5);
}
await engine.close();
db.close();
