// When Stash is asked to print what waits for its log, by a clock that the test moves; Stash is a server
// that counts how often it was asked.
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putTimesRight } from '../../src/store/clockBack.ts';
import type { Database } from '../../src/store/file/database.ts';
import { connection, writeState } from '../../src/store/file/state.ts';
import { addTellings, removeTold, tellingsWaiting } from '../../src/store/figures/telling.ts';
import { openLog } from '../../src/sync/base/log.ts';
import {
  longestEveryMs,
  openTeller,
  type Teller,
  usualEveryMs,
} from '../../src/sync/tell/telling.ts';
import { listen } from '../helpers/listen.ts';
import { until } from '../helpers/wait.ts';
import { newDirectory, newStore, t0 } from '../store/support.ts';

const minute = 60_000;
let db: Database;
let stash: Server;
let nowMs: number;
let teller: Teller;
/** What Stash does with a question; null: it refuses. */
let answer: (() => number) | null;
let asked: number;
let answered: number;

beforeEach(async () => {
  [nowMs, asked, answered] = [t0, 0, 0];
  answer = () => {
    const told = tellingsWaiting(db);
    removeTold(db, told);
    return told.waiting.length;
  };
  db = newStore();
  stash = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      asked += 1;
      if (answer === null) response.writeHead(500).end();
      else {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ data: { runPluginOperation: { told: answer() } } }));
      }
      answered += 1;
    });
  });
  const port = await listen(stash);
  const way = { scheme: 'http', host: '127.0.0.1', port, cookie: null, apiKey: null } as const;
  writeState(db, connection, { ...way, pluginDir: '' });
  const clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  teller = openTeller(db, clock, openLog(join(newDirectory(), 'log'), clock));
});
afterEach(async () => {
  await teller.close();
  stash.closeAllConnections();
  stash.close();
});

const isWrong = (): void => teller.log.write('error', 'setting', 'plexUrl: is empty');

/** As the worker does: a tick now and then, and each question is answered before the next. */
async function pass(forMs: number, everyMs = 1_000): Promise<number> {
  const before = asked;
  for (const end = nowMs + forMs; nowMs < end; nowMs += everyMs) {
    const began = asked;
    teller.tick();
    await teller.settled();
    if (asked > began) await until('it was answered', () => answered === asked);
  }
  return asked - before;
}

describe('[1.0 OBS-01] Stash is asked to print what waits', () => {
  it('once for what comes together', async () => {
    isWrong();
    teller.log.write('info', 'settings', 'The settings are in order now');
    expect(await pass(5 * minute)).toBe(1);
    expect(tellingsWaiting(db).waiting).toEqual([]);
  });

  it('also while the same line comes again and again', async () => {
    for (let second = 0; second < 30; second += 1) {
      isWrong();
      await pass(1_000);
    }
    expect(asked).toBe(1);
  });

  it('at once after the clock was put back, whichever way the line was kept', async () => {
    for (const isKept of [true, false]) {
      nowMs = t0 + 86_400_000;
      if (isKept) {
        const line = { level: 'error', event: 'setting', message: 'old', count: 1 } as const;
        addTellings(db, [{ ...line, at: nowMs }]);
      } else isWrong();
      nowMs = t0;
      putTimesRight(db, nowMs);
      expect(await pass(2 * minute)).toBe(1);
      expect(tellingsWaiting(db).waiting).toEqual([]);
    }
  });

  it('also where the clock is behind a line that nobody put right', async () => {
    const line = { level: 'error', event: 'setting', message: 'old', count: 1 } as const;
    addTellings(db, [{ ...line, at: t0 + 86_400_000 }]);
    isWrong();
    expect(await pass(2 * minute)).toBe(1);
  });

  it('less and less often while it does not do it, and never minutes late once it is back', async () => {
    answer = null;
    isWrong();
    const tries = await pass(3_600_000);
    expect(tries).toBeLessThan(12);
    expect(await pass(longestEveryMs + 1_000)).toBe(1);
    answer = () => 1;
    teller.stashCame();
    expect(await pass(usualEveryMs + 3_000)).toBeGreaterThan(0);
  });

  it('less and less often where it says that it has told nothing, and the lines stay', async () => {
    answer = () => 0;
    isWrong();
    expect(await pass(3_600_000)).toBeLessThan(12);
  });
});

it('[1.0 OBS-01] a secret at the end of a long line is no half of one in Stash’s log', async () => {
  const secret = 'SECRET-TOKEN-OF-TWENTY';
  teller.log.keepSecret([secret]);
  teller.log.write('warn', 'circuit', 'x', {
    from: 'closed',
    to: 'open',
    why: `${'x'.repeat(490)} ${secret}`,
  });
  let kept = '';
  answer = () => {
    kept = JSON.stringify(tellingsWaiting(db));
    return 1;
  };
  await pass(5_000);
  expect(kept).toContain('xxx');
  expect(kept).not.toContain('SECRET-T');
});
