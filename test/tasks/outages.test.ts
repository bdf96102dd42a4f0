// The outages as a person asks for them, and what was given up in them. Each operation runs as it does
// for Stash, on a clock that the test moves.
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { deadLettersAnswer } from '../../src/contract/lists.ts';
import { outagesAnswer, recoverAnswer } from '../../src/contract/outages.ts';
import { type Circuit, closed } from '../../src/domain/recover/circuit.ts';
import { nothingBefore } from '../../src/domain/mirror/values.ts';
import { paused } from '../../src/store/queue/control.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { bury, deadLetterCount } from '../../src/store/queue/deadLetter.ts';
import type { Database } from '../../src/store/file/database.ts';
import { followCircuit } from '../../src/store/queue/outage.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { forgetScene, recordIntent, recordPushed } from '../../src/store/mirror/sceneState.ts';
import { run, transaction } from '../../src/store/file/sql.ts';
import { circuit, writeState } from '../../src/store/file/state.ts';
import { noteHolder } from '../../src/sync/process/holder.ts';
import { openLog } from '../../src/sync/base/log.ts';
import type { TaskContext } from '../../src/tasks/context.ts';
import { findTask } from '../../src/tasks/dispatch.ts';
import { allRows, newDirectory, newStore, raiseScene, t0 } from '../store/support.ts';

const minute = 60_000;
let db: Database;
let said: string[];
let nowMs: number;
let directory: ReturnType<typeof makeDataDirectory>;

beforeEach(() => {
  directory = makeDataDirectory(newDirectory());
  db = newStore(join(directory.path, 'plex-sync.db'));
  said = [];
  nowMs = t0;
});

async function ask(name: string, args: object = {}): Promise<unknown> {
  const clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  const task = await findTask(name);
  const context: TaskContext = {
    db,
    directory,
    version: '0.0.0-test',
    programPath: import.meta.filename,
    caller: 'task',
    clock,
    now: nowMs,
    log: openLog(directory.log, clock),
    say: (line) => said.push(line),
    progress: () => {},
  };
  return await task(context, { ...args });
}
const report = async () => v.parse(outagesAnswer, await ask('outages'));
const recover = async (args: object = {}) =>
  v.parse(recoverAnswer, await ask('recover-outage', args));

function move(next: Circuit, at: number): void {
  transaction(db, () => {
    writeState(db, circuit, next);
    followCircuit(db, next, { code: 'plex-unreachable', cause: 'Nothing listens there.' }, at);
  });
}
function away(from: number, to: number | null): void {
  const cause = 'Nothing listens there.';
  const outage = { since: from, cause, code: 'plex-unreachable', lastFailed: null } as const;
  move({ kind: 'open', probeAt: from + 5_000, failedProbes: 0, ...outage }, from);
  if (to !== null) move(closed, to);
}

describe('[1.5 VISB-04] the task "Outage summary"', () => {
  it('says that nothing is known where there was none', async () => {
    expect(await report()).toMatchObject({ now: null, outages: [], meanMs: null, longestMs: 0 });
    expect(said).toEqual(['Plex is well. No outage is known.']);
  });

  it('tells the longest, the total, the mean, the share of time, and a line for each', async () => {
    away(t0, t0 + 10 * minute);
    away(t0 + 60 * minute, t0 + 80 * minute);
    nowMs = t0 + 100 * minute;
    const { outages, ...figures } = await report();
    expect(figures).toMatchObject({
      now: null,
      longestMs: 20 * minute,
      totalMs: 30 * minute,
      meanMs: 15 * minute,
      availability: 0.7,
      since: t0,
    });
    expect(outages.map(({ durationMs }) => durationMs)).toEqual([20 * minute, 10 * minute]);
    expect(said).toHaveLength(3);
    expect(said[0]).toBe(
      'Plex is well. 2 outages are known, the longest 20 minutes, 30 minutes in all, back after 15 minutes on average, there 70.0 % of the time.',
    );
  });

  it('[1.5 VISB-01] counts the one under way, which the circuit tells', async () => {
    raiseScene(db, 1, t0 - minute);
    away(t0, null);
    nowMs = t0 + 5 * minute;
    const { now, ...rest } = await report();
    expect(now).toMatchObject({ kind: 'away', since: t0, waiting: 1, nextTryAt: t0 + 5_000 });
    expect(rest).toMatchObject({ totalMs: 5 * minute, meanMs: null, availability: 0 });
    expect(rest.outages).toMatchObject([{ endedAt: null, durationMs: 5 * minute }]);
  });

  it('[1.5 VISB-01] says what waits now and when the next try is, not what the history has counted', async () => {
    raiseScene(db, 1, t0 - minute);
    raiseScene(db, 2, t0 - minute);
    away(t0, null);
    run(db, 'DELETE FROM queue WHERE entity_id = 1');
    nowMs = t0 + 2_000;
    const { now, outages, sentence } = await report();
    expect(now).toMatchObject({ waiting: 1, probes: 0 });
    expect(outages).toMatchObject([{ jobs: 2 }]);
    expect(sentence).toMatch(
      /^Plex has been away for 2 s \(Nothing listens there\); 1 waits for it; the next save or task in Stash starts a worker\. 1 outage is known,/,
    );
    noteHolder(db, 'worker', nowMs);
    expect((await report()).sentence).toContain('; 1 waits for it, next try in 3 s.');
    writeState(db, paused, { since: t0 });
    expect((await report()).sentence).toContain('; PlexSync is paused, so it is not tried.');
  });

  it('tells a refused token in words of its own', async () => {
    move({ kind: 'refused', since: t0, retryAt: t0 + minute, settingsHash: '' }, t0);
    nowMs = t0 + 5_000;
    const { now, sentence } = await report();
    expect(now).toEqual({
      kind: 'token',
      since: t0,
      code: 'plex-unauthorized',
      cause: 'Plex refuses the token.',
      nextTryAt: t0 + minute,
      waiting: 0,
      probes: 0,
    });
    expect(sentence).toMatch(/^Plex has refused the token for 5 s; 0 wait for it\./);
  });

  it('does not take a row of the history for the present', async () => {
    away(t0, null);
    writeState(db, circuit, closed);
    nowMs = t0 + minute;
    expect(await report()).toMatchObject({ now: null, outages: [] });
  });
});

function giveUp(scene: number, at: number, code: ErrorCode): void {
  const key = raiseScene(db, scene, at - 1_000);
  const row = claim(db, at, 500).find((one) => one.key === key);
  if (row === undefined) throw new Error('it was not claimed');
  transaction(db, () => bury(db, row, { code, message: 'why', field: null }, 6, at));
}
function push(scene: number, at: number): void {
  const none = { scalars: {}, tags: {} };
  const values = { pushed: none, intent: none, before: nothingBefore };
  const evidence = { how: 'path', score: 98, why: 'the same path' } as const;
  recordIntent(
    db,
    scene,
    { ratingKey: `k${scene}`, sectionId: '1', evidence, movedSince: null },
    values,
  );
  recordPushed(db, scene, none, at);
}

describe('[1.5 DLQM-01] the task "Recover Outage Jobs"', () => {
  it('tries again what was given up in an outage, leaves alone what is gone, queued or pushed since, and does nothing twice', async () => {
    const codes: readonly ErrorCode[] = [
      'plex-server-error',
      'plex-header-timeout',
      'plex-reset',
      'plex-bad-request',
    ];
    const codeOf = (scene: number): ErrorCode => codes[scene % 4] ?? 'internal';
    // 1 to 100 before the outage, 101 to 200 in it; a quarter of them for a cause that lasts.
    for (let scene = 1; scene <= 100; scene += 1) giveUp(scene, t0 + scene, codeOf(scene));
    away(t0 + minute, null);
    for (let scene = 101; scene <= 200; scene += 1) {
      giveUp(scene, t0 + 2 * minute + scene, codeOf(scene));
    }
    const until = t0 + 10 * minute;
    move(closed, until);
    const transient = Array.from({ length: 100 }, (_, n) => 101 + n).filter((n) => n % 4 !== 3);
    const [gone, queued, pushed] = [0, 20, 40].map((from) => transient.slice(from, from + 20));
    for (const scene of gone ?? []) {
      push(scene, t0);
      forgetScene(db, scene);
    }
    for (const scene of queued ?? []) raiseScene(db, scene, until);
    for (const scene of pushed ?? []) push(scene, until);
    nowMs = until + minute;
    const recoverable = async () => (await report()).outages.map((outage) => outage.recoverable);
    expect(await recoverable()).toEqual([15]);
    said.length = 0;

    const first = await recover();
    expect(first).toMatchObject({ recovered: 15, gone: 20, queued: 20, succeeded: 20 });
    expect(first.sentence).toBe(
      '15 dead letters are tried again. Left alone: 20 gone from Stash, 20 in the queue already, 20 pushed since.',
    );
    expect(said).toEqual([first.sentence]);
    expect(deadLetterCount(db)).toBe(185);
    expect(allRows(db, 'queue')).toHaveLength(35);
    expect(await recover()).toMatchObject({ recovered: 0, gone: 20, queued: 20, succeeded: 20 });
    expect(await recoverable()).toEqual([0]);
  });

  it('[1.5 DLQM-02] takes any set of causes, one outage, or a time', async () => {
    away(t0, null);
    giveUp(1, t0 + minute, 'plex-reset');
    giveUp(2, t0 + minute, 'plex-bad-request');
    move(closed, t0 + 2 * minute);
    giveUp(3, t0 + 5 * minute, 'plex-reset');
    away(t0 + 10 * minute, null);
    giveUp(4, t0 + 11 * minute, 'plex-reset');
    move(closed, t0 + 12 * minute);
    nowMs = t0 + 60 * minute;
    const from = new Date(t0 + 4 * minute).toISOString();
    const to = new Date(t0 + 6 * minute).toISOString();
    const listed = async (args: object) =>
      v.parse(deadLettersAnswer, await ask('dead-letters', args)).rows.map(({ id }) => id);
    expect(await listed({ outage: 1 })).toEqual([2, 1]);
    expect(await listed({ outage: '1', cause: 'plex-reset' })).toEqual([1]);
    expect(await listed({ outage: 7 })).toEqual([]);
    expect((await recover({ outage: 7 })).recovered).toBe(0);
    expect((await recover({ cause: 'plex-server-error' })).recovered).toBe(0);
    expect((await recover({ outage: 2 })).recovered).toBe(1);
    expect((await recover({ from, to })).recovered).toBe(1);
    expect((await recover({ cause: 'plex-bad-request,plex-server-error' })).recovered).toBe(1);
    expect((await recover()).recovered).toBe(1);
    expect(deadLetterCount(db)).toBe(0);
  });

  it('refuses what it does not know, and two kinds of window at once', async () => {
    await expect(recover({ window: 3 })).rejects.toThrow('"window" is not known here');
    await expect(recover({ outage: 1, from: '1' })).rejects.toThrow('"outage" must not be given');
    await expect(recover({ cause: 'no-such' })).rejects.toThrow('"cause"');
    await expect(recover({ cause: [] })).rejects.toThrow('"cause"');
    await expect(recover({ outage: 'last' })).rejects.toThrow('"outage"');
    await expect(recover({ to: {} })).rejects.toThrow('"to"');
    for (const [from, to] of [
      ['1', '48'],
      ['2026-02-01', '2026-01-01'],
    ]) {
      await expect(recover({ from, to })).rejects.toThrow('"from" must not be later than to');
    }
  });
});
