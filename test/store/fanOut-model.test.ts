// A fan-out over pages, with everything that may come in between: renames whose events come late,
// edits, pushes that read the one name or the other, a worker that dies. In the end every scene
// shows in Plex what Stash says, and none was raised where nothing had changed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginFace,
  carriedFace,
  doubtFace,
  endFace,
  forgetFace,
  recordEntities,
  scenesThatHad,
} from '../../src/store/queue/entity.ts';
import type { Database } from '../../src/store/file/database.ts';
import { type QueueRow, raiseScene } from '../../src/store/queue/queue.ts';
import {
  advanceFanOut,
  claim,
  claimFanOut,
  type FanOutRow,
} from '../../src/store/queue/queueClaim.ts';
import { finish, giveBackAll } from '../../src/store/queue/queueSettle.ts';
import { recordNoItem } from '../../src/store/mirror/sceneState.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { allRows, newStore, raiseScene as raiseEvent, t0 } from './support.ts';

const key = 'tag:1';
const pageSize = 2;
const sceneCount = 5;

/** Stash with one tag on every scene, Plex, and the worker's steps between the two. */
class Worlds {
  readonly db: Database;
  now = t0;
  /** The tag's name; null once it is destroyed. */
  name: string | null = 'A';
  readonly inPlex = new Map<number, string | null>();
  /** Events that the hook has not delivered yet. */
  late = 0;
  page: { readonly row: FanOutRow; readonly name: string | null } | null = null;
  push: { readonly rows: readonly QueueRow[]; readonly name: string | null } | null = null;
  raised = 0;

  constructor(db: Database) {
    this.db = db;
    db.exec('DELETE FROM queue; DELETE FROM scene_state; DELETE FROM entity_face');
    for (let id = 1; id <= sceneCount; id += 1) {
      this.inPlex.set(id, 'A');
      recordNoItem(db, id, 'waiting', false, t0);
      recordEntities(db, id, [{ entity: 'tag', id: 1 }]);
    }
  }

  rename(to: string | null, deliver: boolean): void {
    if (this.name === null) return;
    this.name = to;
    this.late += 1;
    if (deliver) this.deliver();
  }

  deliver(): void {
    for (; this.late > 0; this.late -= 1) {
      raiseEvent(this.db, 1, this.now, { entity: 'tag', source: 'Tag.Update.Post' });
    }
  }

  /** A page is asked of Stash. */
  readPage(): void {
    if (this.page !== null) return;
    const row = claimFanOut(this.db, this.now);
    if (row !== null) this.page = { row, name: this.name };
  }

  /** What the answer says is done, as `src/sync/intake/fanOut.ts` does it. */
  raisePage(): void {
    if (this.page === null) return;
    const { db, now } = this;
    const { row, name } = this.page;
    this.page = null;
    if (name !== null && row.cursor === 0 && carriedFace(db, key) === name) {
      transaction(db, () => finish(db, row, now));
      return;
    }
    const all = Array.from({ length: sceneCount }, (_, at) => at + 1);
    const ids =
      name === null
        ? scenesThatHad(db, { entity: 'tag', id: 1 }, row.cursor, pageSize)
        : all.filter((id) => id > row.cursor).slice(0, pageSize);
    const last = ids.at(-1);
    const isLastPage = ids.length < pageSize || last === undefined;
    this.raised += ids.length;
    transaction(db, () => {
      for (const id of ids) raiseScene(db, id, now, row.source, row.correlation);
      if (row.cursor === 0 && name !== null) beginFace(db, key, name);
      if (!isLastPage) advanceFanOut(db, row, last);
      else if (finish(db, row, now) && name !== null) endFace(db, key, name);
      else forgetFace(db, key);
    });
  }

  /** A batch is claimed and read from Stash. */
  readBatch(limit: number): void {
    if (this.push !== null) return;
    const rows = claim(this.db, this.now, limit);
    if (rows.length === 0) return;
    const { name } = this;
    if (name !== null) transaction(this.db, () => doubtFace(this.db, key, name));
    this.push = { rows, name };
  }

  /** And written. */
  write(): void {
    if (this.push === null) return;
    const { rows, name } = this.push;
    this.push = null;
    for (const row of rows) {
      this.inPlex.set(row.entityId, name);
      const had = name === null ? [] : [{ entity: 'tag', id: 1 } as const];
      recordEntities(this.db, row.entityId, had);
      finish(this.db, row, this.now);
    }
  }

  workerDies(): void {
    this.page = null;
    this.push = null;
    giveBackAll(this.db);
  }

  settle(): void {
    this.deliver();
    for (let round = 0; round < 200; round += 1) {
      this.now += 10_000;
      this.raisePage();
      this.write();
      if (allRows(this.db, 'queue').length === 0) return;
      this.readPage();
      this.raisePage();
      this.readBatch(3);
      this.write();
    }
    throw new Error('it never ends');
  }
}

type Step = readonly [words: string, run: (worlds: Worlds) => void];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(fc.constantFrom('A', 'B', 'C'), fc.boolean())
    .map(
      ([to, deliver]): Step => [
        `rename to ${to}${deliver ? '' : ', told later'}`,
        (worlds) => worlds.rename(to, deliver),
      ],
    ),
  fc.constantFrom<Step>(
    ['events come', (worlds) => worlds.deliver()],
    ['a page is read', (worlds) => worlds.readPage()],
    ['a page is raised', (worlds) => worlds.raisePage()],
    ['a batch is read', (worlds) => worlds.readBatch(2)],
    ['a batch is written', (worlds) => worlds.write()],
    ['the worker dies', (worlds) => worlds.workerDies()],
  ),
  fc.integer({ min: 1, max: sceneCount }).map(
    (id): Step => [
      `edit of scene ${id}`,
      (worlds) => {
        raiseEvent(worlds.db, id, worlds.now);
      },
    ],
  ),
);
const destroyed: Step = ['destroyed', (worlds) => worlds.rename(null, true)];
const steps = fc
  .tuple(fc.array(step, { maxLength: 25, size: 'max' }), fc.option(fc.nat(25), { freq: 3 }))
  .map(([drawn, at]) => (at === null ? drawn : drawn.toSpliced(at, 0, destroyed)));

describe('[1.0 MATCH-02] a fan-out', () => {
  it('reaches every scene with the last name, whatever comes between its pages', () => {
    const db = newStore();
    fc.assert(
      fc.property(steps, (drawn) => {
        const worlds = new Worlds(db);
        for (const [, run] of drawn) {
          worlds.now += 5_000;
          run(worlds);
        }
        worlds.settle();
        const told = drawn.map(([words]) => words).join('; ');
        for (const [id, shown] of worlds.inPlex)
          expect([told, id, shown]).toEqual([told, id, worlds.name]);
      }),
      { numRuns: 800, seed: 91 },
    );
  });

  it('raises every scene once for one rename, and none for a change that no scene shows', () => {
    const worlds = new Worlds(newStore());
    worlds.rename('B', true);
    worlds.settle();
    expect(worlds.raised).toBe(sceneCount);
    worlds.rename('B', true);
    worlds.settle();
    expect(worlds.raised).toBe(sceneCount);
    worlds.rename('C', true);
    worlds.settle();
    expect(worlds.raised).toBe(2 * sceneCount);
  });

  it('begins anew when the name changes between two of its pages', () => {
    const worlds = new Worlds(newStore());
    worlds.rename('B', true);
    worlds.readPage();
    worlds.raisePage();
    worlds.now += 10_000;
    worlds.readBatch(50);
    worlds.write();
    worlds.rename('C', true);
    worlds.settle();
    expect(new Set(worlds.inPlex.values())).toEqual(new Set(['C']));
  });
});
