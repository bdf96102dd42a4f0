// What destroys something, asked for in Stash's task list, which has no dialog: the first run only
// says what would go. Each operation runs as it does for Stash, on a clock that the test moves.
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { actionAnswer, type ActionAnswer } from '../../src/contract/actions.ts';
import { nothingBefore } from '../../src/domain/mirror/values.ts';
import { isPaused, isReleasing } from '../../src/store/queue/control.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { bury, deadLetterCount } from '../../src/store/queue/deadLetter.ts';
import type { Database } from '../../src/store/file/database.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { recordIntent } from '../../src/store/mirror/sceneState.ts';
import { advanceSweep, beginSweep, sweepUnderWay } from '../../src/store/queue/sweep.ts';
import { openLog } from '../../src/sync/base/log.ts';
import type { TaskContext } from '../../src/tasks/context.ts';
import { findTask } from '../../src/tasks/dispatch.ts';
import { allRows, newDirectory, newStore, raiseScene, t0 } from '../store/support.ts';

let db: Database;
let said: string[];
let nowMs: number;
let directory: ReturnType<typeof makeDataDirectory>;

beforeEach(() => {
  directory = makeDataDirectory(newDirectory());
  db = newStore(join(directory.path, 'plex-sync.db'));
  said = [];
  nowMs = t0 + 60_000;
});

async function ask(
  name: string,
  args: object = {},
  caller: TaskContext['caller'] = 'task',
): Promise<ActionAnswer> {
  const clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  const task = await findTask(name);
  const context: TaskContext = {
    db,
    directory,
    version: '0.0.0-test',
    programPath: import.meta.filename,
    caller,
    clock,
    now: nowMs,
    log: openLog(directory.log, clock),
    say: (line) => said.push(line),
    progress: () => {},
  };
  return v.parse(actionAnswer, await task(context, { ...args }));
}

function giveUp(scene: number, at: number): void {
  const key = raiseScene(db, scene, at);
  const row = claim(db, at + 60_000, 100).find((one) => one.key === key);
  if (row === undefined) throw new Error('it was not claimed');
  bury(db, row, { code: 'plex-bad-request', message: 'why', field: null }, 6, at);
}

const waiting = (): readonly string[] =>
  allRows(db, 'queue')
    .map((row) => String(row['key']))
    .toSorted();
const seconds = (minutes: number, more: number): number => (minutes * 60 + more) * 1000;

describe('[1.2 QUEUE-04] the task "Clear queue"', () => {
  it('changes nothing at its first run, says how many would go, and does it at a second 4:59 later', async () => {
    for (const scene of [1, 2, 3]) raiseScene(db, scene);
    const first = await ask('clear');
    expect(first).toMatchObject({ done: false, count: 3, secondRunUntil: nowMs + 300_000 });
    expect(said).toEqual([first.sentence]);
    expect(first.sentence).toMatch(/^3 changes would be removed.*within five minutes/);
    expect(waiting()).toHaveLength(3);

    nowMs += seconds(4, 59);
    expect(await ask('clear')).toMatchObject({ done: true, count: 3 });
    expect(said.at(-1)).toBe('Removed 3 changes from the queue.');
    expect(waiting()).toEqual([]);
  });

  it('only says it again at 5:01, and then waits for another second run', async () => {
    raiseScene(db, 1);
    await ask('clear');
    nowMs += seconds(5, 1);
    expect(await ask('clear')).toMatchObject({ done: false, count: 1 });
    expect(waiting()).toHaveLength(1);
    nowMs += seconds(4, 59);
    expect(await ask('clear')).toMatchObject({ done: true, count: 1 });
    expect(await ask('clear')).toMatchObject({ done: true, count: 0 });
  });

  it('leaves what was added between the two runs', async () => {
    for (const scene of [1, 2]) raiseScene(db, scene);
    await ask('clear');
    nowMs += 60_000;
    raiseScene(db, 2, nowMs);
    raiseScene(db, 3, nowMs);
    nowMs += 1_000;
    expect(await ask('clear')).toMatchObject({ done: true, count: 1 });
    expect(waiting()).toEqual(['scene:2', 'scene:3']);
    // The next one asks anew.
    expect(await ask('clear')).toMatchObject({ done: false, count: 2 });
  });

  it('asks anew after the clock was put back', async () => {
    raiseScene(db, 1);
    await ask('clear');
    nowMs -= 1_000;
    expect(await ask('clear')).toMatchObject({ done: false, count: 1 });
  });

  it('ends a sync that is under way, which would fill the queue again', async () => {
    beginSweep(db, nowMs, null);
    const found = sweepUnderWay(db);
    if (found === null) throw new Error('no sweep');
    nowMs += 1_000;
    advanceSweep(db, found.kind, found.sweep, { ids: [1, 2], next: 2, left: 98 }, nowMs);
    nowMs += 1_000;
    expect(await ask('clear')).toMatchObject({ done: false, count: 100 });
    const going = sweepUnderWay(db);
    if (going === null) throw new Error('no sweep');
    nowMs += 1_000;
    // It goes on between the two runs: these are wanted since before the first one.
    advanceSweep(db, going.kind, going.sweep, { ids: [3, 4], next: 4, left: 96 }, nowMs);
    nowMs += 1_000;
    expect(await ask('clear')).toMatchObject({ done: true, count: 100 });
    expect(waiting()).toEqual([]);
    expect(sweepUnderWay(db)).toBeNull();
  });

  it('asks nothing where nothing waits', async () => {
    expect(await ask('clear')).toMatchObject({ done: true, count: 0 });
    raiseScene(db, 1, nowMs);
    nowMs += 1_000;
    expect(await ask('clear')).toMatchObject({ done: false, count: 1 });
  });
});

describe('[1.2 QUEUE-04] the other tasks that destroy', () => {
  it('ask each for a second run of their own, with the same arguments', async () => {
    raiseScene(db, 1);
    giveUp(2, t0);
    await ask('clear');
    expect(await ask('purge')).toMatchObject({ done: false, count: 1 });
    expect(await ask('purge', { cause: 'internal' })).toMatchObject({ done: true, count: 0 });
    expect(await ask('purge')).toMatchObject({ done: false, count: 1 });
    expect(await ask('clear')).toMatchObject({ done: true });
    expect(await ask('purge')).toMatchObject({ done: true, count: 1 });
  });

  it('leave what was given up between the two runs', async () => {
    giveUp(1, t0);
    await ask('purge');
    nowMs += 1_000;
    giveUp(2, nowMs);
    expect(await ask('purge')).toMatchObject({ done: true, count: 1 });
    expect(deadLetterCount(db)).toBe(1);
  });

  it('release no locks and pause nothing at the first run', async () => {
    const values = { scalars: { title: 'Pushed' }, tags: {} };
    const evidence = { how: 'path', score: 98, why: 'the same path' } as const;
    const item = { ratingKey: '7', sectionId: '1', evidence, movedSince: null };
    recordIntent(db, 1, item, { pushed: values, intent: values, before: nothingBefore });
    expect(await ask('release-locks')).toMatchObject({ done: false, count: 1 });
    expect([isPaused(db), isReleasing(db)]).toEqual([false, false]);
    nowMs += seconds(4, 59);
    expect(await ask('release-locks')).toMatchObject({ done: true, count: 1 });
    expect([isPaused(db), isReleasing(db)]).toEqual([true, true]);
    expect(await ask('release-locks')).toMatchObject({ count: 0 });
    expect(said.at(-1)).toMatch(/already: 0 of 1 items/);
  });

  it('never ask for one where a page or a terminal has asked already', async () => {
    raiseScene(db, 1);
    expect(await ask('clear', {}, 'operation')).toMatchObject({ done: true, count: 1 });
    raiseScene(db, 1);
    const told = await ask('clear', {}, 'terminal');
    expect(told).toMatchObject({ done: false, count: 1, secondRunUntil: null });
    expect(told.sentence).toContain('--yes');
    expect(await ask('clear', { yes: true }, 'terminal')).toMatchObject({ done: true, count: 1 });
    // Nor is a first run in a task list the first of a page.
    raiseScene(db, 1);
    await ask('clear', { yes: true });
    expect(waiting()).toEqual(['scene:1']);
  });

  it('[1.2 QUEUE-03] purge by cause and by age in days', async () => {
    const day = 86_400_000;
    giveUp(1, nowMs - 31 * day);
    giveUp(2, nowMs - 30 * day);
    giveUp(3, nowMs - 29 * day);
    const purge = (args: object) => ask('purge', args, 'operation');
    expect(await purge({ days: 30, cause: ['internal'] })).toMatchObject({ count: 0 });
    expect(await purge({ days: '30' })).toMatchObject({ count: 2 });
    expect(await purge({ cause: 'plex-bad-request,internal' })).toMatchObject({ count: 1 });
    expect(deadLetterCount(db)).toBe(0);
  });
});
