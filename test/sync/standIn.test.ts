// The folder that stands in for the data directory has marks of its own: whoever knows the true one ends them.
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { missedSince, readState } from '../../src/store/file/state.ts';
import { openTurns } from './turns.ts';

const hourMs = 3_600_000;

it('a worker with the true data directory ends the marks of the stand-in, and knows since when changes are missing', async () => {
  const standIn = mkdtempSync(join(tmpdir(), 'plexsync-stand-in-'));
  const turns = await openTurns({}, { standIn });
  onTestFinished(async () => {
    await turns.close();
    rmSync(standIn, { recursive: true });
  });
  const [noWorker, missed] = [join(standIn, 'no-worker'), join(standIn, 'missed-since')];
  const since = Math.floor((Date.now() - hourMs) / 1000) * 1000;
  writeFileSync(noWorker, 'the worker ended with code 70\n');
  writeFileSync(missed, 'the spool was full\n');
  utimesSync(missed, since / 1000, since / 1000);
  await turns.turn();
  expect(readState(turns.db, missedSince)?.since).toBe(since);
  expect(existsSync(missed)).toBe(false);
  expect(existsSync(noWorker)).toBe(false);
});

it('a mark that cannot be removed is told of once, and keeps no worker from its work', async () => {
  const standIn = mkdtempSync(join(tmpdir(), 'plexsync-stand-in-'));
  const turns = await openTurns({}, { standIn });
  onTestFinished(async () => {
    await turns.close();
    rmSync(standIn, { recursive: true });
  });
  for (const name of ['no-worker', 'missed-since']) mkdirSync(join(standIn, name));
  const { world } = turns;
  const pair = world.addPair();
  world.edit(pair.sceneId, { title: 'One' });
  await turns.turn();
  const known = readState(turns.db, missedSince);
  expect(known).not.toBeNull();
  await turns.turns(3, 60_000);
  expect(readState(turns.db, missedSince)).toEqual(known);
  expect(world.titled([pair], 'One')).toBe(1);
  expect(world.logText().match(/cannot be taken over/g)).toHaveLength(2);
});
