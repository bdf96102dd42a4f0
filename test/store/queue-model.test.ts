// The queue as a state machine: any verbs in any order, held against a plain Map that follows the
// rules in words. What a hook acknowledged is never lost, and no scene is in two places at once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAt } from '../../src/domain/recover/coalesce.ts';
import { bury, deadLetters, forgetDeadLetter } from '../../src/store/queue/deadLetter.ts';
import type { Database } from '../../src/store/file/database.ts';
import {
  nextDueAt,
  type QueueRow,
  raiseScene as raiseInBulk,
} from '../../src/store/queue/queue.ts';
import {
  advanceFanOut,
  claim,
  claimFanOut,
  type FanOutRow,
} from '../../src/store/queue/queueClaim.ts';
import {
  finish,
  giveBack,
  giveBackAll,
  giveBackAlone,
  retryAt,
} from '../../src/store/queue/queueSettle.ts';
import { queueCounts } from '../../src/store/queue/queueCounts.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { allRows, newStore, raiseScene, t0 } from './support.ts';

interface Entry {
  readonly scene: boolean;
  revision: number;
  due: number | null;
  firstEvent: number;
  lastEvent: number;
  attempts: number;
  alone: number;
  firstError: number | null;
  error: string | null;
  source: string;
  correlation: string;
  inFlight: number | null;
  /** 0 = a person's edit, 1 = what follows in bulk. */
  priority: number;
  /** Of a fan-out: the last scene it has raised. */
  cursor: number;
}

interface Model {
  now: number;
  readonly queue: Map<string, Entry>;
  /** Dead letters: attempts, first and last time of the error. */
  readonly dead: Map<string, readonly [number, number, number]>;
  /** Rows as they were claimed, oldest claim first. */
  readonly held: QueueRow[];
  /** Those of them that are pages of a fan-out, and others that once were. */
  readonly pages: FanOutRow[];
  lastEventAt: number | null;
}

type Verb = fc.Command<Model, Database>;
type Entity = 'scene' | 'tag';
const gatherMs = 250;

function entryOf(model: Model, key: string): Entry {
  const entry = model.queue.get(key);
  if (entry === undefined) throw new Error(`the model has no ${key}`);
  return entry;
}

function takeHeld(model: Model, at: number): QueueRow {
  const [row] = model.held.splice(at % model.held.length, 1);
  if (row === undefined) throw new Error('nothing is held');
  return row;
}

/** After every verb: the table is what the Map says, and so is what is counted. */
function compare(model: Model, db: Database): void {
  const expected = new Map(
    [...model.queue].map(([key, entry]) => [
      key,
      {
        entity: key.split(':')[0],
        entity_id: Number(key.split(':')[1]),
        revision: entry.revision,
        due_at: entry.due,
        first_event_at: entry.firstEvent,
        last_event_at: entry.lastEvent,
        attempts: entry.attempts,
        alone_failures: entry.alone,
        first_error_at: entry.firstError,
        error_code: entry.error,
        source: entry.source,
        correlation: entry.correlation,
        in_flight: entry.inFlight,
        priority: entry.priority,
        cursor: entry.cursor,
      },
    ]),
  );
  const found = new Map(allRows(db, 'queue').map(({ key, ...rest }) => [key, rest]));
  expect(found).toEqual(expected);
  const dead = deadLetters(db, 1_000).map(
    (letter) => [letter.key, [letter.attempts, letter.firstErrorAt, letter.lastErrorAt]] as const,
  );
  expect(new Map(dead)).toEqual(model.dead);

  const entries = [...model.queue.values()];
  const pending = entries.filter((entry) => entry.due !== null && entry.inFlight === null);
  const dues = pending.flatMap((entry) => (entry.due === null ? [] : [entry.due]));
  const waiting = entries.filter((entry) => entry.due !== null);
  expect(nextDueAt(db)).toBe(dues.length === 0 ? null : Math.min(...dues));
  expect(queueCounts(db)).toMatchObject({
    pending: pending.length,
    inFlight: entries.filter((entry) => entry.inFlight !== null).length,
    retrying: pending.filter((entry) => entry.attempts > 0).length,
    fanOuts: pending.filter((entry) => !entry.scene).length,
    oldestEventAt:
      waiting.length === 0 ? null : Math.min(...waiting.map((entry) => entry.firstEvent)),
  });
}

function verb(
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, db: Database) => void,
): Verb {
  return {
    check,
    run: (model, db) => {
      run(model, db);
      compare(model, db);
    },
    toString: () => name,
  };
}

const always = (): boolean => true;
const holds = (model: Model): boolean => model.held.length > 0;

const pass = (ms: number): Verb =>
  verb(`${ms} ms pass`, always, (model) => {
    model.now += ms;
  });

const event = (entity: Entity, id: number, lateMs: number): Verb =>
  verb(`event of ${entity} ${id}, ${lateMs} ms late`, always, (model, db) => {
    const at = model.now - lateMs;
    const key = raiseScene(db, id, at, {
      entity,
      correlation: `c${at}`,
      previousAt: model.lastEventAt,
    });
    const old = model.queue.get(key);
    const due = dueAt(at, model.lastEventAt, old?.firstEvent ?? null);
    if (old === undefined) {
      const begun = newEntry(at, 'Scene.Update.Post', `c${at}`);
      model.queue.set(key, { ...begun, scene: entity === 'scene', due });
    } else {
      old.priority = 0;
      // What a fan-out has raised so far was raised for what the entity was before.
      old.cursor = 0;
      old.revision += 1;
      old.lastEvent = Math.max(old.lastEvent, at);
      old.source = 'Scene.Update.Post';
      if (old.attempts === 0) old.due = due;
      old.correlation = joined(old.correlation, `c${at}`);
    }
    model.lastEventAt = Math.max(at, model.lastEventAt ?? 0);
  });

type Due = readonly [kind: 'edit' | 'bulk' | 'failed', alone: number, due: number];

/** What a claim takes, in its order: of rows that are alike, either may go first. */
function expectedClaim(entries: readonly Entry[], limit: number): readonly Due[] {
  const all = entries
    .map(({ alone, priority, due }): Due => {
      const kind = alone > 0 ? 'failed' : priority === 0 ? 'edit' : 'bulk';
      return [kind, alone, due ?? Number.NaN];
    })
    .toSorted((a, b) => a[1] - b[1] || a[2] - b[2]);
  const of = (wanted: Due[0]): readonly Due[] => all.filter(([kind]) => kind === wanted);
  const [edits, bulk, failed] = [of('edit'), of('bulk'), of('failed')];
  const kept = Math.floor(limit / 10);
  const forFailed = Math.min(kept, failed.length);
  const forBulk = Math.min(kept, bulk.length);
  const first = edits.slice(0, limit - forFailed - forBulk);
  const fresh = [...first, ...bulk.slice(0, limit - forFailed - first.length)];
  return [...fresh, ...failed.slice(0, limit - fresh.length)];
}

const claimUpTo = (limit: number, exceptId: number | null): Verb =>
  verb(`claim ${limit} but not ${exceptId}`, always, (model, db) => {
    const except = exceptId === null ? null : `scene:${exceptId}`;
    const eligible = [...model.queue].flatMap(([key, entry]) => {
      const { scene, due, inFlight, attempts } = entry;
      if (!scene || due === null || inFlight !== null || key === except) return [];
      const isDue = due <= model.now || (attempts === 0 && due <= model.now + gatherMs);
      return isDue ? [entry] : [];
    });
    const claimed = claim(db, model.now, limit, except);
    const taken = claimed.map((row) => entryOf(model, row.key));
    expect(new Set(taken).size).toBe(taken.length);
    for (const entry of taken) expect(eligible).toContain(entry);
    const told = taken.map(({ alone, priority, due }): Due => {
      return [alone > 0 ? 'failed' : priority === 0 ? 'edit' : 'bulk', alone, due ?? Number.NaN];
    });
    expect(told).toEqual(expectedClaim(eligible, limit));
    for (const row of claimed) {
      const entry = entryOf(model, row.key);
      const [correlation = '', ...others] = entry.correlation.split(' ');
      expect(entry.scene).toBe(true);
      expect(row).toMatchObject({
        revision: entry.revision,
        attempts: entry.attempts,
        aloneFailures: entry.alone,
        firstErrorAt: entry.firstError,
        correlation,
        also: others.join(' ') || null,
      });
      entry.inFlight = entry.revision;
      model.held.push(row);
    }
  });

const finishOne = (at: number): Verb =>
  verb(`finish ${at}`, holds, (model, db) => {
    const row = takeHeld(model, at);
    const entry = entryOf(model, row.key);
    const unchanged = entry.revision === row.revision;
    expect(transaction(db, () => finish(db, row, model.now))).toBe(unchanged);
    forgetDeadLetter(db, row.key);
    model.dead.delete(row.key);
    if (unchanged) {
      model.queue.delete(row.key);
    } else {
      Object.assign(entry, { inFlight: null, attempts: 0, alone: 0, error: null, cursor: 0 });
      entry.firstError = null;
      entry.firstEvent = entry.lastEvent;
      entry.correlation = since(entry.correlation, row);
    }
  });

const buryOne = (at: number): Verb =>
  verb(`bury ${at}`, holds, (model, db) => {
    const row = takeHeld(model, at);
    const entry = entryOf(model, row.key);
    const unchanged = entry.revision === row.revision;
    const error = { code: 'plex-server-error', message: 'x', field: null } as const;
    const buried = transaction(db, () => bury(db, row, error, row.attempts + 1, model.now));
    expect(buried).toBe(unchanged);
    if (unchanged) {
      model.queue.delete(row.key);
      model.dead.set(row.key, [row.attempts + 1, row.firstErrorAt ?? model.now, model.now]);
    } else {
      Object.assign(entry, { inFlight: null, attempts: 0, alone: 0, error: null });
      entry.firstError = null;
    }
  });

const retryOne = (at: number, waitMs: number): Verb =>
  verb(`retry ${at} in ${waitMs} ms`, holds, (model, db) => {
    const row = takeHeld(model, at);
    const entry = entryOf(model, row.key);
    const retry = {
      dueAt: model.now + waitMs,
      attempts: row.attempts + 1,
      errorCode: 'plex-reset',
      now: model.now,
    };
    retryAt(db, row.key, retry);
    Object.assign(entry, { inFlight: null, due: retry.dueAt, attempts: retry.attempts });
    entry.error = 'plex-reset';
    entry.firstError ??= model.now;
  });

const giveBackOne = (at: number, alone: boolean): Verb =>
  verb(`give ${at} back${alone ? ' alone' : ''}`, holds, (model, db) => {
    const row = takeHeld(model, at);
    const entry = entryOf(model, row.key);
    if (alone) giveBackAlone(db, row.key);
    else giveBack(db, row.key);
    entry.inFlight = null;
    if (alone) entry.alone += 1;
  });

const workerDies = (): Verb =>
  verb('the worker dies', always, (model, db) => {
    const held = [...model.queue.values()].filter((entry) => entry.inFlight !== null);
    expect(giveBackAll(db)).toBe(held.length);
    for (const entry of held) entry.inFlight = null;
    model.held.splice(0);
  });

const raiseSome = (first: number, count: number, priority: 0 | 1): Verb =>
  verb(`raise ${count} scenes from ${first} with priority ${priority}`, always, (model, db) => {
    for (let scene = first; scene < first + count; scene += 1) {
      const key = `scene:${scene}`;
      raiseInBulk(db, scene, model.now, 'index', 'index-1', priority);
      const entry = model.queue.get(key);
      if (entry === undefined) {
        model.queue.set(key, { ...newEntry(model.now, 'index', 'index-1'), priority });
        continue;
      }
      entry.revision += 1;
      entry.lastEvent = Math.max(entry.lastEvent, model.now);
      entry.priority = Math.min(entry.priority, priority);
      entry.correlation = joined(entry.correlation, 'index-1');
      if (priority === 0 && entry.due !== null) entry.due = Math.min(entry.due, model.now);
    }
  });

const claimPage = (): Verb =>
  verb('claim a page of a fan-out', always, (model, db) => {
    const waiting = [...model.queue].filter(
      ([, { scene, due, inFlight }]) =>
        !scene && due !== null && due <= model.now && inFlight === null,
    );
    const claimed = claimFanOut(db, model.now);
    if (claimed === null) {
      expect(waiting).toEqual([]);
      return;
    }
    const entry = entryOf(model, claimed.key);
    expect(entry.due).toBe(Math.min(...waiting.map(([, { due }]) => due ?? Number.NaN)));
    expect(claimed).toMatchObject({ revision: entry.revision, cursor: entry.cursor });
    entry.inFlight = entry.revision;
    model.held.push(claimed);
    model.pages.push(claimed);
  });

const advanceOne = (ids: number): Verb =>
  verb(
    `a page of ${ids} was raised`,
    (model) => model.pages.some((page) => model.held.includes(page)),
    (model, db) => {
      const page = model.pages.find((candidate) => model.held.includes(candidate));
      if (page === undefined) throw new Error('no page is held');
      model.held.splice(model.held.indexOf(page), 1);
      const entry = entryOf(model, page.key);
      const cursor = page.cursor + ids;
      advanceFanOut(db, page, cursor);
      entry.inFlight = null;
      entry.cursor = entry.revision === page.revision ? cursor : 0;
    },
  );

/** The ids of the events that a row carries: as many as fit, then their number. */
function joined(ids: string, id: string): string {
  const words = ids.split(' ');
  const last = words.at(-1) ?? '';
  if (words.includes(id)) return ids;
  if (last.startsWith('+')) return [...words.slice(0, -1), `+${Number(last) + 1}`].join(' ');
  return ids.length > 400 ? `${ids} +1` : `${ids} ${id}`;
}

/** What came after the row was claimed. */
function since(ids: string, { correlation, also }: QueueRow): string {
  const done = new Set([correlation, ...(also ?? '').split(' ')]);
  const left = ids.split(' ').filter((id) => !done.has(id));
  return left.length === 0 || left[0]?.startsWith('+') === true ? ids : left.join(' ');
}

function newEntry(at: number, source: string, correlation: string): Entry {
  return {
    scene: true,
    revision: 1,
    due: at,
    firstEvent: at,
    lastEvent: at,
    attempts: 0,
    alone: 0,
    firstError: null,
    error: null,
    source,
    correlation,
    inFlight: null,
    priority: 0,
    cursor: 0,
  };
}

// More than ten of a kind, so that the shares of a batch are felt.
const id = fc.integer({ min: 1, max: 30 });
const at = fc.nat(20);
const verbs = [
  fc.constantFrom(0, 1, 100, 999, 1_000, 6_000, 70_000).map(pass),
  fc.tuple(id, fc.constantFrom(0, 0, 400)).map((drawn) => event('scene', ...drawn)),
  fc
    .tuple(fc.integer({ min: 1, max: 2 }), fc.constantFrom(0, 0, 400))
    .map((drawn) => event('tag', ...drawn)),
  fc.tuple(id, fc.constant(0)).map(([drawn, late]) => event('scene', drawn, late)),
  fc.tuple(fc.constantFrom(1, 2, 10, 20, 50), fc.option(id)).map((drawn) => claimUpTo(...drawn)),
  fc.constant(50).map((limit) => claimUpTo(limit, null)),
  at.map(finishOne),
  at.map(buryOne),
  fc.tuple(at, fc.constantFrom(0, 100, 5_000, 120_000)).map((drawn) => retryOne(...drawn)),
  fc.tuple(at, fc.boolean()).map((drawn) => giveBackOne(...drawn)),
  fc.constant(null).map(workerDies),
  fc
    .tuple(id, fc.constantFrom(1, 1, 12), fc.constantFrom(0, 1, 1))
    .map((drawn) => raiseSome(...drawn)),
  fc.constant(null).map(claimPage),
  fc.integer({ min: 1, max: 500 }).map(advanceOne),
];

describe('[1.0 QUEUE-01] the queue', () => {
  it('is at every moment what its rules say, whatever comes in whatever order', () => {
    const db = newStore();
    fc.assert(
      fc.property(fc.commands(verbs, { maxCommands: 100, size: 'max' }), (commands) => {
        db.exec('DELETE FROM queue; DELETE FROM dead_letter');
        const model: Model = {
          now: t0,
          queue: new Map(),
          dead: new Map(),
          held: [],
          pages: [],
          lastEventAt: null,
        };
        fc.modelRun(() => ({ model, real: db }), commands);
      }),
      { numRuns: 250, seed: 61 },
    );
  });

  it('loses no event: each is in the queue, in flight, pushed at its revision, or a dead letter', () => {
    const db = newStore();
    const step = fc.record({
      what: fc.constantFrom('event', 'claim', 'finish', 'bury', 'retry', 'die'),
      id: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        db.exec('DELETE FROM queue; DELETE FROM dead_letter');
        /** Events acknowledged, and how many of them a push or a dead letter has covered. */
        const acknowledged = new Map<string, number>();
        const covered = new Map<string, number>();
        const seenAtClaim = new Map<string, number>();
        let held: QueueRow[] = [];
        let now = t0;
        for (const { what, id: scene } of steps) {
          now += 10_000_000;
          const key = `scene:${scene}`;
          const row = held.find((candidate) => candidate.key === key);
          if (what === 'event') {
            raiseScene(db, scene, now);
            acknowledged.set(key, (acknowledged.get(key) ?? 0) + 1);
          } else if (what === 'claim') {
            for (const claimed of claim(db, now, 50)) {
              held.push(claimed);
              // A push reads Stash after its claim: it covers all that came before.
              seenAtClaim.set(claimed.key, acknowledged.get(claimed.key) ?? 0);
            }
          } else if (what === 'die') {
            giveBackAll(db);
            held = [];
          } else if (row !== undefined) {
            held = held.filter((candidate) => candidate !== row);
            if (what === 'retry') {
              const retry = { dueAt: now, attempts: row.attempts + 1, errorCode: 'x', now };
              retryAt(db, key, retry);
            } else {
              const error = { code: 'internal', message: 'x', field: null } as const;
              if (what === 'finish') finish(db, row, now);
              else transaction(db, () => bury(db, row, error, 1, now));
              covered.set(key, seenAtClaim.get(key) ?? 0);
            }
          }
          for (const [known, events] of acknowledged) {
            if ((covered.get(known) ?? 0) >= events) continue;
            const kept = allRows(db, 'queue').some((found) => found['key'] === known);
            expect([known, kept]).toEqual([known, true]);
          }
        }
      }),
      { numRuns: 200, seed: 62 },
    );
  });
});
