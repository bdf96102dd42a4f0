// A person holds PlexSync: pauses it, clears its queue in the middle of a drain, retries while Plex
// is away, takes its locks out of Plex. With the real worker, against a simulated Stash and Plex.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { actionAnswer, type ActionAnswer } from '../../src/contract/actions.ts';
import { changes } from '../../src/store/mirror/change.ts';
import { bury, deadLetterCount } from '../../src/store/queue/deadLetter.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { rows, run } from '../../src/store/file/sql.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
const ask = async (world: World, name: string, args = {}): Promise<ActionAnswer> =>
  v.parse(actionAnswer, await world.choose(name, args));

const titleOf = (world: World, ratingKey: string): string | undefined =>
  world.plex.library.item(ratingKey)?.title;

describe('a paused PlexSync', () => {
  let t: Turns;
  beforeEach(async () => {
    t = await openTurns();
  });
  afterEach(async () => {
    await t.close();
  });

  it('[1.2 QUEUE-05] takes in what comes and pushes nothing, says since when, and goes on when it is resumed', async () => {
    const pair = t.world.addPair();
    t.world.edit(pair.sceneId, { title: 'One' });
    await t.turns(3, 3_000);
    expect(t.world.titled([pair], 'One')).toBe(1);

    const paused = await ask(t.world, 'pause');
    expect(paused.sentence).toMatch(/^PlexSync is paused: nothing is pushed from now on/);
    expect((await ask(t.world, 'pause')).sentence).toContain('already');
    t.world.edit(pair.sceneId, { title: 'Two' });
    t.nowMs += minute;
    const requests = t.world.plex.accessLog.length;
    await t.turns(5, minute);
    expect(t.world.plex.accessLog).toHaveLength(requests);
    const status = t.world.status();
    expect(status.queue).toMatchObject({ spooled: 0, pending: 1, inFlight: 0 });
    expect(status.paused?.since).toBeGreaterThan(0);
    expect(status.sentence).toMatch(
      /^PlexSync has been paused for \d+ \S+: nothing is pushed until it is resumed\. 1 change waits, nothing is lost\./,
    );

    // Nothing that has something pushed says that it is.
    for (const [name, args] of [
      ['process', {}],
      ['sync', { scene: pair.sceneId }],
      ['sync-changed', { since: 1 }],
      ['first', { all: true }],
    ] as const) {
      const answer = await t.world.choose(name, args);
      const { sentence } = v.parse(v.object({ sentence: v.string() }), answer);
      expect(sentence).toContain('PlexSync is paused: nothing is pushed until it is resumed.');
      expect(sentence).not.toContain('processed now');
    }
    expect((await ask(t.world, 'resume')).sentence).toBe(
      'PlexSync goes on: 1 change waits to be pushed.',
    );
    expect((await ask(t.world, 'resume')).sentence).toContain('was not paused');
    await t.turns(3, 3_000);
    expect(t.world.titled([pair], 'Two')).toBe(1);
    expect(t.world.status().paused).toBeNull();
  });

  it('asks nothing of a Plex that is away', async () => {
    t.world.edit(t.world.addPair().sceneId, { title: 'One' });
    await t.world.plex.goAway();
    await t.turn();
    expect(t.world.status().plex.circuit).toBe('open');
    await ask(t.world, 'pause');
    t.nowMs += 10 * minute;
    expect(await t.turn()).toEqual({ kind: 'idle', until: null });
  });
});

describe('the locks that PlexSync set', () => {
  let t: Turns;
  beforeEach(async () => {
    t = await openTurns();
  });
  afterEach(async () => {
    await t.close();
  });

  const locks = (pair: Pair): readonly string[] =>
    [...(t.world.plex.library.item(pair.ratingKey)?.locked ?? [])].toSorted();

  it('are released page by page, also by the successor of a killed worker; values and a person’s locks stay', async () => {
    const pairs = t.world.addPairs(120);
    const [mine, other] = pairs;
    if (mine === undefined || other === undefined) throw new Error('no pairs');
    t.world.plex.library.setByPerson(mine.ratingKey, { summary: 'typed', locked: ['summary'] });
    for (const { sceneId } of pairs) {
      t.world.edit(sceneId, { title: 'One', details: 'Text', tags: ['A'] });
    }
    for (let turn = 0; turn < 30 && t.world.titled(pairs, 'One') < 120; turn += 1) {
      await t.turns(1, 3_000);
    }
    await t.turns(3, 3_000);
    expect(t.world.status().queue.pending).toBe(0);
    expect(locks(other)).toEqual(['genre', 'summary', 'title']);
    expect(locks(mine)).toEqual(['genre', 'summary', 'title']);

    const asked = await ask(t.world, 'release-locks');
    expect(asked).toMatchObject({ done: true, count: 120 });
    await t.turn();
    const far = t.world.status();
    expect(far.release).toMatchObject({ total: 120, looked: 50, doneAt: null });
    expect(far.sentence).toContain('Its locks are being released: 50 of 120 items');
    await t.restart();
    const writesBefore = t.world.plex.counts().writes;
    await t.turns(8, 1_000);
    const { release, sentence } = t.world.status();
    expect(release).toMatchObject({ looked: 120, released: 359, failed: 0 });
    expect(release?.doneAt).not.toBeNull();
    expect(sentence).toContain('359 of its locks are released.');
    // Equal ones in one request for many items.
    expect(t.world.plex.counts().writes - writesBefore).toBeLessThan(5);
    for (const pair of pairs) expect(locks(pair)).toEqual(pair === mine ? ['summary'] : []);
    expect(t.world.titled(pairs, 'One')).toBe(120);
    const [change] = t.world.withStore((db) =>
      changes(db, { ratingKey: other.ratingKey, field: 'title' }, 0, 1),
    );
    expect(change).toMatchObject({ before: 'One', lockedBefore: true, lockedAfter: false });

    // Nothing sets them again before a person lets it.
    t.world.edit(other.sceneId, { title: 'Two' });
    await t.turns(3, 3_000);
    expect(locks(other)).toEqual([]);
    await ask(t.world, 'resume');
    await t.turns(3, 3_000);
    expect(t.world.titled([other], 'Two')).toBe(1);
    expect(locks(other)).toContain('title');
  });

  it('are released around an item that Plex cannot write, and when an absent Plex is back', async () => {
    const pairs = t.world.addPairs(3);
    t.world.editAll(pairs, 'One');
    await t.turns(6, 3_000);
    expect(t.world.titled(pairs, 'One')).toBe(3);
    const [bad, good] = pairs;
    if (bad === undefined || good === undefined) throw new Error('no pairs');
    await ask(t.world, 'release-locks');
    await t.world.plex.goAway();
    await t.turns(3, minute);
    expect(t.world.status().plex.circuit).toBe('open');
    expect(t.world.status().release).toMatchObject({ looked: 0, doneAt: null });
    t.world.plex.switches.poison = new Map([[bad.ratingKey, 'status-500']]);
    await t.world.plex.comeBack();
    await t.turns(10, minute);
    expect(t.world.status().release).toMatchObject({ looked: 3, released: 2, failed: 1 });
    expect([locks(bad), locks(good)]).toEqual([['title'], []]);
    expect(t.world.status().sentence).toContain('1 items could not be unlocked');
    expect(t.world.status().plex.circuit).toBe('closed');
  });

  it('stop being released when PlexSync is resumed', async () => {
    const pairs = t.world.addPairs(60);
    t.world.editAll(pairs, 'One');
    for (let turn = 0; turn < 30 && t.world.titled(pairs, 'One') < 60; turn += 1) {
      await t.turns(1, 3_000);
    }
    await t.turns(3, 3_000);
    await ask(t.world, 'release-locks');
    await t.turn();
    const { sentence } = await ask(t.world, 'resume');
    expect(sentence).toContain('ends here, after 50 of 60 items');
    await t.turns(3, 3_000);
    expect(t.world.status().release).toMatchObject({ looked: 50 });
  });
});

describe('with a worker at work', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await world.configure();
  });
  afterEach(async () => {
    await world.close();
  });

  it('[1.2 QUEUE-02] the queue is cleared while it is drained: what is in flight finishes, the rest never comes', async () => {
    const pairs = world.addPairs(200);
    world.plex.switches.writeServiceMs = 20;
    // Titles of their own: each is a write of its own.
    pairs.forEach(({ sceneId }, at) => world.edit(sceneId, { title: `Title ${at}` }));
    world.startWorker();
    const pushed = (): number =>
      pairs.filter(({ ratingKey }, at) => titleOf(world, ratingKey) === `Title ${at}`).length;
    await until('the drain is under way', () => pushed() > 5);
    const { count, sentence } = await ask(world, 'clear');
    await world.settled();
    expect(count).toBeGreaterThan(0);
    expect(sentence).toMatch(
      /^Removed \d+ changes from the queue(; \d+ that (is|are) being pushed finish(es)?)?\.$/,
    );
    // Every scene is either pushed or was removed; a batch is never torn.
    expect(pushed() + count).toBe(200);
    expect(world.status().deadLetters.count).toBe(0);
    const [last] = pairs.slice(-1);
    if (last === undefined) throw new Error('no pairs');
    world.edit(last.sceneId, { title: 'After it' });
    await until('what comes later is pushed', () => titleOf(world, last.ratingKey) === 'After it');
  });

  it('[1.0 RTRY-03] dead letters are tried again while Plex is away, and pushed when it is back', async () => {
    const pairs = world.addPairs(5);
    await world.plex.goAway();
    world.withStore((db) => {
      for (const { sceneId } of pairs) {
        world.stash.store.changeScene(sceneId, { title: 'Again' }, { touch: true });
        run(
          db,
          `INSERT INTO queue (key, entity, entity_id, revision, due_at, first_event_at,
             last_event_at, source, correlation) VALUES (?, 'scene', ?, 1, 0, 0, 0, 's', 'c')`,
          `scene:${sceneId}`,
          sceneId,
        );
      }
      for (const row of claim(db, Date.now(), 50)) {
        bury(db, row, { code: 'plex-server-error', message: 'why', field: null }, 6, Date.now());
      }
    });
    // Its connection to Stash comes with an event.
    world.edit(world.addPair().sceneId, { title: 'Wakes' });
    world.startWorker(fastClock(20));
    await until('the outage is seen', () => world.status().plex.circuit === 'open');
    expect((await ask(world, 'retry', { all: true })).sentence).toBe(
      '5 changes are tried again at once.',
    );
    expect(world.withStore(deadLetterCount)).toBe(0);
    expect(world.withStore((db) => rows(db, 'SELECT 1 FROM queue'))).toHaveLength(6);
    await world.plex.comeBack();
    await until('they arrive', () => world.titled(pairs, 'Again') === 5);
    expect(world.withStore(deadLetterCount)).toBe(0);
  });

  it('a paused one leaves after its linger, whatever waits', async () => {
    await world.plex.goAway();
    world.edit(world.addPair().sceneId, { title: 'One' });
    const worker = world.startWorker(fastClock(50), 10 * minute);
    await until('the outage is seen', () => world.status().plex.circuit === 'open');
    await ask(world, 'pause');
    expect(await worker.ended).toBe(0);
    expect(world.logText()).toContain('The worker leaves: PlexSync is paused');
    expect(world.status().queue.pending).toBe(1);
    // One that a hook wakes takes in, and pushes nothing either.
    await world.plex.comeBack();
    world.edit(world.addPair().sceneId, { title: 'Two' });
    const next = world.startWorker(fastClock(50), 10 * minute);
    expect(await next.ended).toBe(0);
    expect(world.status().queue).toMatchObject({ spooled: 0, pending: 2 });
  });
});
