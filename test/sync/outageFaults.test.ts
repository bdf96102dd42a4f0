// Ways in which a Plex can be away. Whichever it is: it costs nobody an attempt, it is asked no more
// than the probes that are due, all arrives by itself afterwards, and each transition is told once.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outages } from '../../src/store/queue/outage.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';
import { brokenMoves, mostAttempts, movesOf, pass } from './passing.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
/** Real seconds: what hangs must not hang the test. */
const limits = { plexReadTimeout: 0.3, plexWriteTimeout: 0.3 };
let turns: Turns;
let pairs: readonly Pair[];
let stranger: Server | null = null;
beforeEach(async () => {
  turns = await openTurns();
  await turns.world.configure(limits);
  pairs = turns.world.addPairs(12);
  edit('Before');
  await pass(turns, 10_000);
  expect(arrived('Before')).toBe(12);
});
afterEach(async () => {
  await turns.close();
  stranger?.close();
  stranger = null;
});

/** Each with a title of its own: nothing that could be written together. */
function edit(word: string, some = pairs): void {
  for (const { sceneId } of some) turns.world.edit(sceneId, { title: `${word} ${sceneId}` });
}
function arrived(word: string): number {
  const { library } = turns.world.plex;
  return pairs.filter(
    ({ sceneId, ratingKey }) => library.item(ratingKey)?.title === `${word} ${sceneId}`,
  ).length;
}

/** Something else that listens where Plex is looked for. */
async function htmlUrl(): Promise<string> {
  stranger = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>A router</html>');
  });
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address: AddressInfo | string | null = stranger.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  return `http://127.0.0.1:${address.port}`;
}

interface Fault {
  /** Of the clock; each probe of what hangs takes a real second. */
  readonly forMs?: number;
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
  readonly code: string;
}
const at = (): Turns['world'] => turns.world;
const faults: readonly (readonly [string, Fault])[] = [
  [
    'refuses connections',
    {
      begin: () => at().plex.goAway(),
      end: () => at().plex.comeBack(),
      code: 'plex-unreachable',
    },
  ],
  [
    'takes requests and never answers',
    {
      begin: () => void (at().plex.switches.hang = true),
      end: () => void (at().plex.switches.hang = false),
      forMs: 0.3 * minute,
      code: 'plex-header-timeout',
    },
  ],
  [
    'stalls in the middle of its answers',
    {
      begin: () => void (at().plex.switches.stallBody = true),
      end: () => void (at().plex.switches.stallBody = false),
      forMs: 0.3 * minute,
      code: 'plex-body-timeout',
    },
  ],
  [
    'answers 503 for maintenance',
    {
      begin: () => void (at().plex.switches.maintenance = true),
      end: () => void (at().plex.switches.maintenance = false),
      code: 'plex-maintenance',
    },
  ],
  [
    'answers 500 to everything',
    {
      begin: () => void (at().plex.switches.failEverything = { status: 500 }),
      end: () => void (at().plex.switches.failEverything = false),
      code: 'plex-server-error',
    },
  ],
  [
    'has a name that cannot be looked up',
    {
      begin: () => at().configure({ ...limits, plexUrl: 'http://plex.invalid:32400' }),
      end: () => at().configure(limits),
      code: 'plex-unreachable',
    },
  ],
  [
    'is something else, which answers HTML at that port',
    {
      begin: async () => at().configure({ ...limits, plexUrl: await htmlUrl() }),
      end: () => at().configure(limits),
      code: 'plex-bad-answer',
    },
  ],
];

describe('[1.5 RECV-01] [1.5 RECV-02] [1.5 HLTH-02] a Plex that', () => {
  it.each(faults)('%s', async (_, { begin, end, code, forMs = 5 * minute }) => {
    const { world, db } = turns;
    // What was read of the settings is read anew.
    turns.nowMs += 6_000;
    await begin();
    const before = world.plex.accessLog.length;
    edit('During');
    await pass(turns, forMs);
    expect(world.status().plex).toMatchObject({ circuit: 'open', code });
    // After 5, 10, 20, 40, 60, 60 … seconds.
    const { probes } = world.status().plex;
    expect(probes).toBe(forMs === 5 * minute ? 8 : 2);
    // Two requests for each at most, and those that found it out.
    expect(world.plex.accessLog.length - before).toBeLessThanOrEqual(2 * probes + 6);
    expect(arrived('During')).toBe(0);
    expect(mostAttempts(turns)).toBe(0);

    await end();
    await pass(turns, 2 * minute);
    expect(arrived('During')).toBe(12);
    expect(world.status()).toMatchObject({
      plex: { circuit: 'closed' },
      queue: { pending: 0, inFlight: 0 },
      deadLetters: { count: 0 },
    });
    const moves = movesOf(world.logText());
    expect(moves.map(({ to }) => to)).toEqual(['open', 'half-open', 'closed']);
    expect(brokenMoves(moves)).toEqual([]);
    expect(outages(db)).toMatchObject([{ jobs: 12, kind: 'away' }]);
    expect(world.logText().match(/"event":"recovery"/g)).toHaveLength(1);
  });

  it('refuses the token in the middle of a batch, for five minutes', async () => {
    const { world, db } = turns;
    const { plex } = world;
    plex.switches.writeServiceMs = 50;
    plex.resetCounts();
    edit('During');
    const passing = pass(turns, 5 * minute);
    await until('two were written', () => plex.counts().writes >= 2);
    plex.switches.unauthorized = true;
    await passing;
    plex.switches.writeServiceMs = 0;
    const early = arrived('During');
    expect(early).toBeGreaterThanOrEqual(2);
    expect(early).toBeLessThan(12);
    expect(world.status().plex.circuit).toBe('refused');
    // The one that was refused; then no write, and a try of the token a minute.
    expect(plex.counts().writes).toBeLessThanOrEqual(early + 1);
    expect(world.status().plex.probes).toBe(4);
    expect(mostAttempts(turns)).toBe(0);
    plex.switches.unauthorized = false;
    await pass(turns, 2 * minute);
    expect(arrived('During')).toBe(12);
    expect(brokenMoves(movesOf(world.logText()))).toEqual([]);
    // Those that were written wait, too: they could not be read again to see that they are there.
    expect(outages(db)).toMatchObject([{ kind: 'token', jobs: 12, probes: 5 }]);
    expect(world.logText()).toContain('Plex takes the token again after');
    expect(world.status().deadLetters.count).toBe(0);
  });

  it.each([
    [
      'comes and goes every seven seconds for ten minutes',
      7_000,
      (isUp: boolean): Promise<void> => (isUp ? at().plex.comeBack() : at().plex.goAway()),
    ],
    [
      'answers 500 to everything in gusts of half a minute',
      30_000,
      (isUp: boolean): void => void (at().plex.switches.failEverything = !isUp && { status: 500 }),
    ],
  ] as const)('%s', async (_, everyMs, turnTo) => {
    const { world, db } = turns;
    let isUp = true;
    let edits = 0;
    await pass(turns, 10 * minute, async (passedMs) => {
      const up = Math.floor(passedMs / everyMs) % 2 === 0;
      if (up !== isUp) await turnTo(up);
      isUp = up;
      // Somebody goes on editing all the time, one scene after the other.
      if (passedMs < edits * 5_000) return;
      const pair = pairs[edits % 12];
      if (pair !== undefined) edit(edits < 108 ? 'Meanwhile' : 'During', [pair]);
      edits += 1;
    });
    await turnTo(true);
    await pass(turns, 2 * minute);
    expect(edits).toBe(120);
    expect(arrived('During')).toBe(12);
    expect(world.status()).toMatchObject({
      plex: { circuit: 'closed' },
      queue: { pending: 0, inFlight: 0 },
      deadLetters: { count: 0 },
    });
    expect(mostAttempts(turns)).toBe(0);
    const moves = movesOf(world.logText());
    expect(brokenMoves(moves)).toEqual([]);
    const opened = moves.filter(({ from }) => from === 'closed').length;
    expect(opened).toBeGreaterThan(1);
    expect(outages(db).length).toBe(Math.min(30, opened));
    expect(outages(db).every(({ endedAt }) => endedAt !== null)).toBe(true);
  });

  it('becomes slower and slower until it answers nothing in time, and recovers', async () => {
    const { world } = turns;
    const { switches } = world.plex;
    const slow = async (ms: number, of: readonly Pair[]): Promise<void> => {
      switches.readServiceMs = ms;
      switches.writeServiceMs = ms;
      edit('During', of);
      await pass(turns, 4_000);
    };
    for (const [n, pair] of pairs.entries()) await slow(2 ** n, [pair]);
    expect(switches.writeServiceMs).toBe(2_048);
    expect(world.status().plex).toMatchObject({ circuit: 'open', code: 'plex-header-timeout' });
    expect(arrived('During')).toBeGreaterThanOrEqual(5);
    expect(arrived('During')).toBeLessThan(12);
    expect(mostAttempts(turns)).toBe(0);
    await slow(1, []);
    await pass(turns, 2 * minute);
    expect(arrived('During')).toBe(12);
    expect(brokenMoves(movesOf(world.logText()))).toEqual([]);
    expect(world.status()).toMatchObject({
      plex: { circuit: 'closed' },
      deadLetters: { count: 0 },
    });
  });
});
