// Stash answers while its database does not (it is locked, or waits for a migration): a change of a
// studio that has to reach its scenes waits for it, however long that takes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deadLetters } from '../../src/store/queue/deadLetter.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
let t: Turns;
beforeEach(async () => {
  t = await openTurns();
});
afterEach(async () => {
  await t.close();
});

describe('[1.0 MATCH-02] a renamed studio, while Stash cannot read its database for an hour', () => {
  it('costs no attempt, and reaches its scenes when Stash can', async () => {
    const { world, db } = t;
    const pairs = world.addPairs(3);
    for (const { sceneId } of pairs) world.edit(sceneId, { title: 'A', studio: 'Old Studio' });
    await t.turns(10, minute);
    const [studio] = world.stash.store.entities('studio');
    if (studio === undefined) throw new Error('no studio');
    world.stash.store.changeEntity('studio', studio.id, { name: 'New Studio' });
    const message = 'database is locked';
    world.stash.faults.set({ kind: 'graphql-error', message }, Number.POSITIVE_INFINITY, 'find');
    world.dropEvent('Studio.Update.Post', studio.id);
    await t.turns(60, minute);
    expect(deadLetters(db, 10)).toEqual([]);
    world.stash.faults.clear();
    await t.turns(10, minute);
    const studios = pairs.map((pair) => world.plex.library.item(pair.ratingKey)?.studio);
    expect(studios).toEqual(pairs.map(() => 'New Studio'));
  });
});
