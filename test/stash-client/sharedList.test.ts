// Lists of performers, studios, tags and groups with their times, and of the scenes changed last.
import { describe, expect, it } from 'vitest';
import { entityKinds } from '../../simulators/stash/store/records.ts';
import { openSimulated, requestsTo } from './simulated.ts';

const moment = Date.UTC(2026, 10, 21, 10);
const hour = 3_600_000;

describe('performers, studios, tags and groups', () => {
  it('are listed with the time of their last change, all or those changed since, in whatever offset', async () => {
    const { stash, client } = await openSimulated();
    const before = requestsTo(stash);
    for (const kind of entityKinds) {
      stash.store.addEntity(kind, { name: 'early', updatedAt: '2026-11-21T12:59:59+03:00' });
      stash.store.addEntity(kind, { name: 'late', updatedAt: '2026-11-20T22:00:00-12:00' });
    }
    const all = await client.sharedList(null);
    expect(all.items).toEqual(
      entityKinds.flatMap((entity) => [
        { entity, id: 1, at: moment - 1_000 },
        { entity, id: 2, at: moment },
      ]),
    );
    // Within the second, as Stash keeps it.
    const since = await client.sharedList(moment + 400);
    expect(since.items).toEqual(entityKinds.map((entity) => ({ entity, id: 2, at: moment })));
    expect(requestsTo(stash) - before).toBe(2);
  });

  it('are listed a thousand of each kind at a time', async () => {
    const { stash, client } = await openSimulated();
    const tags = Array.from({ length: 2_001 }, (_, at) => stash.store.addTag({ name: `t${at}` }));
    stash.store.addPerformer({ name: 'Ann' });
    const before = requestsTo(stash);
    const list = await client.sharedList(null);
    expect(list.requests).toBe(3);
    expect(requestsTo(stash) - before).toBe(3);
    expect(list.items.filter(({ entity }) => entity === 'tag').map(({ id }) => id)).toEqual(tags);
    expect(list.items.filter(({ entity }) => entity === 'performer')).toHaveLength(1);
  });

  it('of which some go while they are listed are listed anew, so that none slips out of sight', async () => {
    const { stash, client } = await openSimulated();
    const tags = Array.from({ length: 1_500 }, (_, at) => stash.store.addTag({ name: `t${at}` }));
    const before = requestsTo(stash);
    const asked = client.sharedList(null);
    while (requestsTo(stash) === before) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const id of tags.slice(0, 30)) stash.store.removeEntity('tag', id);
    const { items } = await asked;
    const listed = new Set(items.map(({ id }) => id));
    expect(tags.slice(30).filter((id) => !listed.has(id))).toEqual([]);
  });
});

describe('the scenes changed last', () => {
  it('come in one request with the times of those that are asked for, null for one that is gone', async () => {
    const { stash, client } = await openSimulated();
    const ids = [3, 1, 2].map((hours) =>
      stash.store.addScene({ updatedAt: new Date(moment - hours * hour).toISOString() }),
    );
    const [a = 0, b = 0, c = 0] = ids;
    const before = requestsTo(stash);
    const { newest, asked } = await client.newestChanges([a, 999, c]);
    expect(newest).toEqual([
      { id: b, at: moment - hour },
      { id: c, at: moment - 2 * hour },
      { id: a, at: moment - 3 * hour },
    ]);
    expect([...asked]).toEqual([
      [a, moment - 3 * hour],
      [999, null],
      [c, moment - 2 * hour],
    ]);
    expect(requestsTo(stash) - before).toBe(1);
    expect((await client.newestChanges([])).asked.size).toBe(0);
  });
});
