// Whatever happened: every figure of the status equals a plain count of the rows and the files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingBefore } from '../../src/domain/mirror/values.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { bury, forgetDeadLetter } from '../../src/store/queue/deadLetter.ts';
import { forgetExtra, recordExtraFailure, wantExtra } from '../../src/store/queue/extra.ts';
import { openStore } from '../../src/store/file/open.ts';
import type { Database } from '../../src/store/file/database.ts';
import { noteOutcome, type OutcomeKind, outcomeKinds } from '../../src/store/queue/outcome.ts';
import { advanceSweep, beginSweep, sweepUnderWay } from '../../src/store/queue/sweep.ts';
import { queueKey, type QueueRow, raise, raiseScene } from '../../src/store/queue/queue.ts';
import { claim, claimFanOut } from '../../src/store/queue/queueClaim.ts';
import {
  finish,
  giveBack,
  giveBackAll,
  giveBackAlone,
  retryAt,
} from '../../src/store/queue/queueSettle.ts';
import { dropReview, putReview } from '../../src/store/match/review.ts';
import { dropScene, recordIntent, recordNoItem } from '../../src/store/mirror/sceneState.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import { plainStatus, type Seen } from '../helpers/plainStatus.ts';

const t0 = Date.UTC(2026, 0, 2, 3, 4, 5);
const codes = ['plex-server-error', 'plex-reset', 'scene-invalid'] as const;
const values = { scalars: {}, tags: {} };

const scene = fc.integer({ min: 1, max: 12 });
const code = fc.constantFrom(...codes);
const step = fc.oneof(
  fc.record({
    do: fc.constant('event' as const),
    entity: fc.constantFrom('scene' as const, 'performer' as const, 'tag' as const),
    id: scene,
  }),
  fc.record({ do: fc.constant('bulk' as const), id: scene }),
  fc.record({ do: fc.constant('claim' as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constantFrom('end', 'back', 'alone', 'match'), id: scene }),
  fc.record({ do: fc.constantFrom('retry' as const, 'bury' as const), code }),
  fc.record({
    do: fc.constant('no item' as const),
    id: scene,
    reason: fc.constantFrom('waiting' as const, 'outside' as const, 'review' as const),
  }),
  fc.record({ do: fc.constantFrom('gone', 'forget letter', 'choose', 'picture sent'), id: scene }),
  fc.record({
    do: fc.constant('picture' as const),
    id: scene,
    dueAt: fc.constantFrom(null, t0),
  }),
  fc.record({
    do: fc.constantFrom('clear', 'crash', 'all back', 'spool', 'purge', 'sync all', 'sync page'),
  }),
  fc.record({ do: fc.constant('outcome' as const), kind: fc.constantFrom(...outcomeKinds) }),
  fc.record({ do: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 20_000_000 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Run {
  db: Database;
  readonly path: string;
  readonly spool: string;
  readonly seen: Seen[];
  claimed: QueueRow[];
  files: number;
  now: number;
}

function note(run: Run, kind: OutcomeKind): void {
  noteOutcome(run.db, kind, run.now);
  run.seen.push({ kind, at: run.now });
}

function perform(run: Run, made: Step): void {
  const { db, now } = run;
  const about = { source: 'test', correlation: 'c' };
  switch (made.do) {
    case 'event':
      raise(db, { ...about, entity: made.entity, entityId: made.id, at: now, previousAt: null });
      return;
    case 'bulk':
      raiseScene(db, made.id, now, 'test', 'c');
      return;
    case 'claim': {
      const fanOut = claimFanOut(db, now);
      run.claimed.push(...claim(db, now, made.count), ...(fanOut === null ? [] : [fanOut]));
      return;
    }
    case 'retry':
    case 'bury': {
      const row = run.claimed.shift();
      if (row === undefined) return;
      note(run, 'failed');
      const error = { code: made.code, message: 'm', field: null };
      if (made.do === 'retry') {
        retryAt(db, row.key, {
          dueAt: now + 9,
          attempts: row.attempts + 1,
          errorCode: made.code,
          now,
        });
      } else if (bury(db, row, error, 6, now)) note(run, 'dead-letter');
      return;
    }
    case 'no item':
      recordNoItem(db, made.id, made.reason, made.reason === 'waiting', now);
      if (made.reason === 'review') {
        const about = { sceneId: made.id, title: '', path: '', candidates: [] };
        putReview(db, { ...about, reason: 'unsure' }, now);
      }
      return;
    case 'picture': {
      const extra = { sceneId: made.id, kind: 'poster' as const, what: 'a', correlation: 'c' };
      const error = { code: 'plex-reset' as const, message: 'm' };
      wantExtra(db, extra, now);
      if (made.dueAt === null)
        recordExtraFailure(db, extra, { dueAt: null, attempts: 6 }, error, now);
      return;
    }
    case 'outcome':
      note(run, made.kind);
      return;
    case 'time':
      run.now += made.ms;
      return;
    default:
      performSimple(run, made);
  }
}

function performSimple(run: Run, made: { readonly do: string; readonly id?: number }): void {
  const { db, now } = run;
  const id = made.id ?? 0;
  const row = ['end', 'back', 'alone'].includes(made.do) ? run.claimed.shift() : undefined;
  switch (made.do) {
    case 'end':
      if (row === undefined) return;
      finish(db, row, now);
      note(run, 'pushed');
      return;
    case 'back':
      if (row !== undefined) giveBack(db, row.key);
      return;
    case 'alone':
      if (row !== undefined) giveBackAlone(db, row.key);
      return;
    case 'match':
      dropReview(db, id);
      recordIntent(
        db,
        id,
        {
          ratingKey: `item ${id}`,
          sectionId: '1',
          evidence: { how: 'path', score: 98, why: '' },
          movedSince: null,
        },
        { pushed: values, intent: values, before: nothingBefore },
      );
      return;
    case 'gone':
      dropScene(db, id);
      return;
    case 'forget letter':
      forgetDeadLetter(db, queueKey('scene', id));
      return;
    case 'choose':
      dropReview(db, id);
      return;
    case 'picture sent':
      forgetExtra(db, id, 'poster');
      return;
    case 'clear':
      db.exec('DELETE FROM queue WHERE in_flight IS NULL');
      return;
    case 'sync all':
      beginSweep(db, run.now, null);
      return;
    case 'sync page': {
      const found = sweepUnderWay(db);
      if (found === null) return;
      const page = { ids: [1, 2], next: 2, left: 40 };
      advanceSweep(db, found.kind, found.sweep, page, run.now);
      return;
    }
    case 'purge':
      db.exec('DELETE FROM dead_letter');
      return;
    case 'all back':
      giveBackAll(db);
      run.claimed = [];
      return;
    case 'crash':
      run.db.close();
      run.db = openStore(run.path, now).db;
      return;
    default:
      run.files += 1;
      writeFileSync(join(run.spool, `Scene.Update.Post-1-1.1-9-${run.files}`), 'half of an ev');
  }
}

describe('[1.2 TIME-02] the time left', () => {
  it('is also that of the scenes that a sync has still to look at', () => {
    const root = mkdtempSync(join(tmpdir(), 'plexsync-truth-'));
    const directory = makeDataDirectory(root);
    const { db } = openStore(directory.database, t0);
    try {
      beginSweep(db, t0, null);
      const found = sweepUnderWay(db);
      if (found === null) throw new Error('no sweep');
      advanceSweep(db, found.kind, found.sweep, { ids: [1, 2], next: 2, left: 99_998 }, t0);
      const { queue, estimate, sentence } = readStatus(db, directory, '0.0.0-test', t0);
      expect(queue).toMatchObject({ pending: 2, toSync: 99_998 });
      expect(estimate.scenes).toBe(100_000);
      // At 200 ms each it is more than five hours.
      expect(estimate.mostMs).toBeGreaterThan(100_000 * 200);
      expect(sentence).toMatch(/^100,000 changes wait/);
    } finally {
      db.close();
      rmSync(root, { recursive: true });
    }
  });
});

describe('[1.2 QUEUE-01] the status', () => {
  it('says nothing that a plain count of rows and files does not, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) => {
        const root = mkdtempSync(join(tmpdir(), 'plexsync-truth-'));
        const directory = makeDataDirectory(root);
        const { database: path, spool } = directory;
        const run: Run = {
          db: openStore(path, t0).db,
          path,
          spool,
          seen: [],
          claimed: [],
          files: 0,
          now: t0,
        };
        try {
          for (const made of steps) inOneStep(run, made);
          const status = readStatus(run.db, directory, '0.0.0-test', run.now);
          const { estimate, ...plain } = plainStatus(run.db, directory, run.seen, run.now);
          // Names must be the same too, which a match of objects does not ask for.
          expect({ ...status, ...plain }).toEqual(status);
          expect(status.estimate).toMatchObject(estimate);
        } finally {
          run.db.close();
          rmSync(root, { recursive: true });
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

/** One step is one transaction, but for the end of a process, and what is one by itself. */
function inOneStep(run: Run, made: Step): void {
  if (made.do === 'crash' || made.do === 'sync page') perform(run, made);
  else transaction(run.db, () => perform(run, made));
}
