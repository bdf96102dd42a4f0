// Writes that fail in every way between a read and its confirmation, turn by turn on a clock that
// only the test moves: one item's failure stops nobody else, a server's costs nobody anything.
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSettings } from '../../src/contract/settings.ts';
import type { PlexClient } from '../../src/plex/client.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { retryPolicies } from '../../src/domain/recover/retryPolicies.ts';
import { rows } from '../../src/store/file/sql.ts';
import * as state from '../../src/store/file/state.ts';
import { readState } from '../../src/store/file/state.ts';
import type { Clock } from '../../src/sync/base/clock.ts';
import { connectToPlex, meetPlex } from '../../src/sync/servers/configuration.ts';
import type { DrainContext } from '../../src/sync/base/context.ts';
import { drainBatch } from '../../src/sync/drain.ts';
import { type Engine, openEngine } from '../../src/sync/engine.ts';
import { openLog } from '../../src/sync/base/log.ts';
import { openStashLink } from '../../src/sync/servers/stashLink.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';

/** A way to Plex on which a test can step in: at a write, right before it and right after it. */
interface Way {
  readonly url: string;
  /** Instead of passing the write on: this status, or a Plex that falls over. */
  atWrite: (write: URLSearchParams) => number | 'crash' | null;
  /** Whether Plex falls over at this read. */
  fallsAtRead: (path: string) => boolean;
  /** The write was carried out and not answered yet. */
  afterWrite: (write: URLSearchParams) => void;
  readonly writes: URLSearchParams[];
  crashes: number;
  /** Plex comes back after it fell over. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

async function openWay(target: string): Promise<Way> {
  const server = createServer((incoming, outgoing) => {
    const write =
      incoming.method === 'PUT' ? new URL(incoming.url ?? '', target).searchParams : null;
    if (write !== null) {
      way.writes.push(write);
      const instead = way.atWrite(write);
      if (instead === 'crash') {
        fallOver();
        return;
      }
      if (instead !== null) {
        outgoing.writeHead(instead, { 'X-Plex-Protocol': '1.0' }).end();
        return;
      }
    } else if (way.fallsAtRead(incoming.url ?? '')) {
      fallOver();
      return;
    }
    const { method, headers } = incoming;
    const onward = request(
      new URL(incoming.url ?? '', target),
      { ...(method === undefined ? {} : { method }), headers },
      (answer: IncomingMessage) => {
        if (write !== null) way.afterWrite(write);
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const fallOver = (): void => {
    way.crashes += 1;
    server.close();
    server.closeAllConnections();
  };
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const way: Way = {
    url: `http://127.0.0.1:${port}`,
    atWrite: () => null,
    fallsAtRead: () => false,
    afterWrite: () => {},
    writes: [],
    crashes: 0,
    restart: async () => {
      if (!server.listening) await listen(port);
    },
    close: async () => {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
  return way;
}

let world: World;
let way: Way;
let db: Database;
let engine: Engine;
let nowMs: number;
let clock: Clock;

beforeEach(async () => {
  world = await openWorld();
  way = await openWay(world.plex.url);
  await world.configure({ plexUrl: way.url, plexReadTimeout: 1, plexWriteTimeout: 1 });
  const directory = makeDataDirectory(world.data);
  nowMs = Date.now() + 10_000;
  clock = { now: () => nowMs, random: () => 0.5, sleep: async () => {} };
  db = openStore(directory.database, nowMs).db;
  const log = openLog(directory.log, clock);
  engine = openEngine({ db, directory, clock, log, version: '0.0.0-test' });
});
afterEach(async () => {
  await engine.close();
  db.close();
  await way.close();
  await world.close();
});

async function turns(count: number, msEach: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await engine.turn();
    nowMs += msEach;
  }
}

/** Pushes until nothing waits. */
async function settle(): Promise<void> {
  do await turns(1, 1_000);
  while (waiting() > 0);
}

function waiting(): number {
  const { queue } = world.status();
  return queue.spooled + queue.pending + queue.inFlight;
}

/** Edits no two of which are equal: each is a request of its own. */
function editEach(pairs: readonly Pair[], title: string): void {
  for (const { sceneId } of pairs) {
    world.edit(sceneId, { title, details: `${title}, number ${sceneId}` });
  }
}

/** What is edited first is due first. */
async function editInTurn(pairs: readonly Pair[], title: string): Promise<void> {
  world.editAll(pairs, title);
  nowMs += 20;
  await engine.turn();
}

function poison(pairs: readonly Pair[], how: `status-${number}` | 'drop' = 'status-500'): void {
  for (const { ratingKey } of pairs) world.plex.switches.poison.set(ratingKey, how);
}

function names(write: URLSearchParams, { ratingKey }: Pair): boolean {
  return (write.get('id') ?? '').split(',').includes(ratingKey);
}

function isRemoval(write: URLSearchParams): boolean {
  return [...write.keys()].some((key) => key.endsWith('.tag.tag-'));
}

/** By hand, in Plex's own web app. */
function typedByHand({ ratingKey }: Pair, title: string): void {
  world.plex.library.setByPerson(ratingKey, { title });
}

describe('[1.0 RTRY-02] one item on whose writes Plex fails', () => {
  it.each([
    ['500', 500, 6],
    ['400', 400, 1],
    ['404, though it is there', 404, 4],
  ] as const)(
    'holds nobody up when only the removal of a tag is answered with %s',
    async (_, status, attempts) => {
      const bad = world.addPair();
      const good = world.addPairs(5);
      world.edit(bad.sceneId, { title: 'First', tags: ['A', 'B'] });
      await settle();
      way.atWrite = (write) => (names(write, bad) && isRemoval(write) ? status : null);
      world.edit(bad.sceneId, { title: 'Second', tags: ['A'] });
      world.editAll(good, 'Good');
      await turns(100, 20_000);
      expect(world.titled(good, 'Good')).toBe(5);
      expect(waiting()).toBe(0);
      expect(world.status().deadLetters.count).toBe(1);
      expect(rows(db, 'SELECT attempts FROM dead_letter')[0]?.['attempts']).toBe(attempts);
      expect(world.status().plex.circuit).toBe('closed');
    },
  );

  it('holds nobody up when the only difference is a tag to be removed', async () => {
    const bad = world.addPair();
    const good = world.addPairs(5);
    world.edit(bad.sceneId, { tags: ['A', 'B'] });
    await settle();
    poison([bad]);
    world.edit(bad.sceneId, { tags: ['A'] });
    nowMs += 20;
    await engine.turn();
    world.editAll(good, 'Good');
    await turns(100, 20_000);
    expect(world.titled(good, 'Good')).toBe(5);
    expect(world.status()).toMatchObject({ deadLetters: { count: 1 }, queue: { pending: 0 } });
  });

  it.each([8, 14, 30])('starves no other: %i bad ones that were due first', async (count) => {
    const bad = world.addPairs(count);
    const good = world.addPairs(60);
    poison(bad);
    await editInTurn(bad, 'Edited');
    world.editAll(good, 'Edited');
    await turns(60, 10_000);
    expect(world.titled(good, 'Edited')).toBe(60);
    await turns(200, 20_000);
    expect(world.status()).toMatchObject({
      deadLetters: { count },
      queue: { pending: 0, inFlight: 0 },
      plex: { circuit: 'closed' },
    });
  });

  it('is tried a few times, and not for ever, when it answers 404 to the write alone', async () => {
    const bad = world.addPair();
    poison([bad], 'status-404');
    world.edit(bad.sceneId, { title: 'Edited' });
    await turns(200, 0);
    expect(way.writes.length).toBe(1);
    await turns(100, 20_000);
    expect(way.writes.length).toBe(retryPolicies['not-found'].maxAttempts);
    expect(world.status()).toMatchObject({ deadLetters: { byCause: { 'plex-not-found': 1 } } });
  });

  it('is given up when each write of it fells Plex', async () => {
    const bad = world.addPair();
    const good = world.addPairs(3);
    way.atWrite = (write) => (names(write, bad) ? 'crash' : null);
    await editInTurn([bad], 'Edited');
    for (let minute = 0; minute < 120; minute += 1) {
      await way.restart();
      // An edit now and then, as in life; and times without any.
      if (minute === 3 || minute === 60) world.editAll(good, `At ${minute}`);
      await turns(4, 15_000);
      if (minute === 8) expect(world.titled(good, 'At 3')).toBe(3);
    }
    await way.restart();
    await turns(10, 60_000);
    expect(way.crashes).toBeLessThanOrEqual(9);
    expect(world.titled(good, 'At 60')).toBe(3);
    expect(world.status()).toMatchObject({ deadLetters: { count: 1 }, queue: { pending: 0 } });
  });

  it('is found among those that were written together with it, when each write of it fells Plex', async () => {
    const pairs = world.addPairs(6);
    const [, bad] = pairs;
    if (bad === undefined) throw new Error('no pair');
    way.atWrite = (write) => (names(write, bad) ? 'crash' : null);
    world.editAll(pairs, 'Edited');
    for (let minute = 0; minute < 60; minute += 1) {
      await way.restart();
      await turns(4, 15_000);
    }
    expect(world.titled(pairs, 'Edited')).toBe(5);
    expect(way.crashes).toBeLessThanOrEqual(10);
    expect(world.status()).toMatchObject({ deadLetters: { count: 1 }, queue: { pending: 0 } });
  });

  it('lets the others go first when it was alone in a batch that Plex did not survive', async () => {
    const bad = world.addPair();
    const good = world.addPair();
    world.editAll([bad, good], 'First');
    await settle();
    const wanted = new RegExp(`/metadata/(\\d+,)*${bad.ratingKey}\\b`);
    way.fallsAtRead = (path) => wanted.test(path);
    await editInTurn([bad], 'Edited');
    world.edit(good.sceneId, { title: 'Edited' });
    for (let minute = 0; minute < 5; minute += 1) {
      await way.restart();
      await turns(3, 20_000);
    }
    expect(world.titled([good], 'Edited')).toBe(1);
  });

  it('is not called a dead letter while an edit that came meanwhile is still to be tried', async () => {
    const bad = world.addPair();
    poison([bad], 'status-400');
    way.afterWrite = () => raiseScene(db, bad.sceneId, nowMs, 'edited meanwhile', 'c-2');
    world.edit(bad.sceneId, { title: 'Edited' });
    await engine.turn();
    expect(world.status()).toMatchObject({ deadLetters: { count: 0 }, queue: { pending: 1 } });
    expect(world.logText()).not.toContain('"event":"dead-letter"');
    way.afterWrite = () => {};
    await turns(2, 1_000);
    expect(world.status().deadLetters.count).toBe(1);
    expect(world.logText()).toContain('"event":"dead-letter"');
  });
});

describe('[1.0 RTRY-02] a Plex that answers reads and fails all writes', () => {
  it.each([2, 5, 11, 20])(
    'makes no dead letters of %i edits in half an hour, and all arrive afterwards',
    async (count) => {
      const pairs = world.addPairs(count);
      world.editAll(pairs, 'Before');
      await settle();
      world.plex.switches.failEverything = { status: 500, on: 'writes' };
      world.editAll(pairs, 'During');
      await turns(180, 10_000);
      expect(world.status()).toMatchObject({ deadLetters: { count: 0 }, queue: { retrying: 0 } });
      world.plex.switches.failEverything = false;
      nowMs += 60_000;
      await turns(count + 10, 1_000);
      expect(world.titled(pairs, 'During')).toBe(count);
      expect(world.status()).toMatchObject({
        deadLetters: { count: 0 },
        queue: { pending: 0 },
        plex: { circuit: 'closed' },
      });
    },
  );

  it('costs no withdrawal an attempt either', async () => {
    await world.configure({ plexUrl: way.url, withdrawWhenGone: true });
    const pairs = world.addPairs(3);
    world.editAll(pairs, 'Ours');
    await settle();
    world.plex.switches.failEverything = { status: 500, on: 'writes' };
    for (const { sceneId } of pairs) {
      world.stash.store.removeScene(sceneId);
      world.dropEvent('Scene.Destroy.Post', sceneId);
    }
    await turns(300, 1_000);
    expect(world.status()).toMatchObject({ deadLetters: { count: 0 }, queue: { retrying: 0 } });
    world.plex.switches.failEverything = false;
    nowMs += 60_000;
    await settle();
    expect(world.titled(pairs, 'Ours')).toBe(0);
  });

  it('is taken for two bad items after hours, when nothing else is there to tell by', async () => {
    const bad = world.addPairs(2);
    poison(bad);
    world.editAll(bad, 'Edited');
    await turns(300, 60_000);
    expect(world.status()).toMatchObject({
      deadLetters: { count: 2 },
      queue: { pending: 0 },
      plex: { circuit: 'closed' },
    });
  });

  it('is known for two bad items as soon as another edit goes through', async () => {
    const bad = world.addPairs(2);
    const good = world.addPair();
    poison(bad);
    world.editAll(bad, 'Edited');
    await turns(5, 60_000);
    expect(world.status().queue.retrying).toBe(0);
    world.edit(good.sceneId, { title: 'Edited' });
    await turns(3, 10_000);
    expect(world.titled([good], 'Edited')).toBe(1);
    expect(world.status()).toMatchObject({ queue: { retrying: 2 }, plex: { circuit: 'closed' } });
  });

  it('does not close the circuit because a failed item waits for its next try', async () => {
    const bad = world.addPair();
    poison([bad]);
    world.edit(bad.sceneId, { title: 'Edited' });
    while (world.status().queue.retrying === 0) await turns(1, 30_000);
    expect(world.logText()).not.toContain('half-open → closed');
    await turns(60, 60_000);
    expect(world.status()).toMatchObject({
      deadLetters: { count: 1 },
      plex: { circuit: 'closed' },
    });
  });
});

describe('what a person does in Plex while a batch is under way', () => {
  it('stays, if it was done after our write and before that was confirmed', async () => {
    const [pair, ...others] = world.addPairs(5);
    if (pair === undefined) throw new Error('no pair');
    way.afterWrite = (write) => {
      if (names(write, pair)) typedByHand(pair, 'By hand');
    };
    world.editAll([pair, ...others], 'Ours');
    await settle();
    expect(world.titled(others, 'Ours')).toBe(4);
    expect(world.titled([pair], 'By hand')).toBe(1);
    expect(world.status().deadLetters.count).toBe(0);
    expect(world.logText()).toMatch(/"kept":"title","changedMeanwhile":"title"/);
    way.afterWrite = () => {};
    world.edit(pair.sceneId, { title: 'Ours again', details: 'And this' });
    await settle();
    const item = world.plex.library.item(pair.ratingKey);
    expect(item).toMatchObject({ title: 'By hand', summary: 'And this' });
  });

  it('stays, if it was a tag of ours that was taken away', async () => {
    const pair = world.addPair();
    way.afterWrite = () => {
      way.afterWrite = () => {};
      world.plex.library.setByPerson(pair.ratingKey, { genres: ['A', 'Mine'] });
    };
    world.edit(pair.sceneId, { title: 'Ours', tags: ['A', 'B'] });
    await settle();
    world.edit(pair.sceneId, { title: 'Ours again' });
    await settle();
    expect(world.plex.library.item(pair.ratingKey)).toMatchObject({
      title: 'Ours again',
      genres: ['A', 'Mine'],
    });
  });

  it('stays, if it was done after the read and before our write, on a Plex that takes its time', async () => {
    const pairs = world.addPairs(5);
    world.editAll(pairs, 'Ours');
    await settle();
    const last = pairs.at(-1);
    if (last === undefined) throw new Error('no pair');
    const typed: string[] = [];
    way.afterWrite = (write) => {
      nowMs += 1_500;
      if (typed.length > 0 || names(write, last)) return;
      typedByHand(last, 'By hand');
      typed.push('By hand');
    };
    editEach(pairs.slice(0, -1), 'Ours too');
    world.edit(last.sceneId, { title: 'Ours too' });
    await settle();
    expect(world.titled(pairs, 'Ours too')).toBe(4);
    expect(world.titled([last], 'By hand')).toBe(1);
    expect(way.writes.filter((write) => names(write, last))).toHaveLength(1);
  });

  it('costs no read of its own while writes are fast, and one for some writes while they are slow', async () => {
    const pairs = world.addPairs(50);
    world.editAll(pairs, 'First');
    await settle();
    const requests = async (msPerWrite: number, title: string): Promise<number> => {
      way.afterWrite = () => {
        nowMs += msPerWrite;
      };
      editEach(pairs, title);
      nowMs += 20;
      const before = world.plex.accessLog.length;
      await settle();
      expect(world.titled(pairs, title)).toBe(50);
      return world.plex.accessLog.length - before;
    };
    // One read before, one after.
    expect(await requests(30, 'Fast')).toBe(52);
    const slow = await requests(300, 'Slow');
    expect(slow).toBeGreaterThan(52);
    expect(slow).toBeLessThanOrEqual(60);
  });
});

describe('a failure of our own or of Stash', () => {
  it('is the one scene’s where deciding about it fails: it costs an attempt, the others go on', async () => {
    const [bad, ...good] = world.addPairs(5);
    if (bad === undefined) throw new Error('no pair');
    const pairs = [bad, ...good];
    world.editAll(pairs, 'First');
    await settle();
    for (const { sceneId } of pairs) {
      world.stash.store.changeScene(sceneId, { title: 'Second' }, { touch: true });
      raiseScene(db, sceneId, nowMs, 'test', `c-${sceneId}`);
    }
    const log = openLog(makeDataDirectory(world.data).log, clock);
    const link = openStashLink(db, clock, log);
    const connection = readState(db, state.connection);
    if (connection === null) throw new Error('no connection');
    const stash = await link.client(connection);
    const checked = checkSettings({ plexUrl: way.url, plexToken: world.plex.token });
    if (checked.kind !== 'valid') throw new Error('settings');
    const { settings } = checked;
    const plex = connectToPlex(db, settings, '0.0.0-test');
    const met = await meetPlex(plex, settings);
    if (met.kind !== 'known') throw new Error('libraries');
    const broken: PlexClient = {
      ...plex,
      items: async (keys) => {
        const items = new Map(await plex.items(keys));
        const item = items.get(bad.ratingKey);
        // Stands for any fault of our own that one item brings to light.
        const scalars = {
          get: () => {
            throw new TypeError('a fault of our own');
          },
        };
        if (item !== undefined) {
          items.set(bad.ratingKey, Object.defineProperty({ ...item }, 'scalars', scalars));
        }
        return items;
      },
    };
    const context: DrainContext = { db, clock, log, settings, rules: [], stash, plex: broken };
    const none = { suspects: [], wrote: false, inDoubt: false };
    const outcome = await drainBatch(context, met.identity, claim(db, nowMs, 50), none);
    await plex.close();
    await link.close();
    expect(outcome.stop).toBeNull();
    expect(world.titled(good, 'Second')).toBe(4);
    expect(rows(db, 'SELECT key, attempts, error_code FROM queue')).toEqual([
      { key: `scene:${bad.sceneId}`, attempts: 1, error_code: 'internal' },
    ]);
  });

  it('forgets who was suspected when Stash fails: nobody is charged for a write that went through', async () => {
    const suspected = world.addPair();
    const good = world.addPair();
    poison([suspected]);
    await editInTurn([suspected], 'Edited');
    world.edit(good.sceneId, { title: 'Edited' });
    nowMs += 1_500;
    await world.stash.goAway();
    await engine.turn();
    await world.stash.comeBack();
    world.plex.switches.poison.clear();
    nowMs += 3_000;
    await turns(5, 3_000);
    expect(world.titled([suspected, good], 'Edited')).toBe(2);
    expect(world.logText()).not.toContain('"event":"retry"');
    expect(waiting()).toBe(0);
  });
});
