// What a person sees in Plex after an edit in Stash, whichever way Plex reads a list of tags.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

describe.each(['append', 'replace'] as const)('a Plex that reads tags as %s', (tagMode) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ plex: { switches: { tagMode } } });
    await world.configure();
  });
  afterEach(async () => {
    await world.close();
  });

  const itemOf = (ratingKey: string) => {
    const item = world.plex.library.item(ratingKey);
    if (item === undefined) throw new Error(`no item ${ratingKey}`);
    return item;
  };

  it('carries every mirrored field of an edit, locked', async () => {
    const { sceneId, ratingKey } = world.addPair();
    world.startWorker();
    world.edit(sceneId, {
      title: 'Blue Harbour',
      details: 'A long night.\n\nIt rains.',
      date: '2021-03-04',
      studio: 'Harbour Films',
      tags: ['Noir', 'Rain, heavy'],
      performers: ['Ann Bell', 'Cy Dorn'],
    });
    await world.settled();
    const item = itemOf(ratingKey);
    expect(item).toMatchObject({
      title: 'Blue Harbour',
      summary: 'A long night.\n\nIt rains.',
      originallyAvailableAt: '2021-03-04',
      studio: 'Harbour Films',
      genres: ['Noir', 'Rain, heavy'],
      actors: ['Ann Bell', 'Cy Dorn'],
    });
    expect([...item.locked].sort()).toEqual(
      ['actor', 'genre', 'originallyAvailableAt', 'studio', 'summary', 'title'].sort(),
    );
    expect(world.plex.counts().writes).toBe(1);
  });

  it.each([
    ['2020', '2020-01-01'],
    ['2020-07', '2020-07-01'],
  ])('shows the partial date %s as its first day', async (date, shown) => {
    const { sceneId, ratingKey } = world.addPair();
    world.startWorker();
    world.edit(sceneId, { date });
    await world.settled();
    expect(itemOf(ratingKey).originallyAvailableAt).toBe(shown);
  });

  it('takes tags and actors away that Stash has no more, and leaves a person’s alone', async () => {
    const { sceneId, ratingKey } = world.addPair();
    world.startWorker();
    world.edit(sceneId, { tags: ['Noir', 'Rail'], performers: ['Ann Bell', 'Cy Dorn'] });
    await world.settled();
    world.plex.library.setByPerson(ratingKey, { genres: ['Noir', 'Rail', 'Favourite'] });
    world.edit(sceneId, { tags: ['Rail', 'Night'], performers: ['Cy Dorn'] });
    await world.settled();
    const item = itemOf(ratingKey);
    expect([...item.genres].sort()).toEqual(['Favourite', 'Night', 'Rail']);
    expect(item.actors).toEqual(['Cy Dorn']);
  });

  it('empties what it filled when Stash empties it, and calls it after its file then', async () => {
    const { sceneId, ratingKey } = world.addPair('night train 1');
    world.startWorker();
    world.edit(sceneId, { title: 'Night Train', details: 'Text', tags: ['Rail'], date: '2020' });
    await world.settled();
    world.edit(sceneId, { title: '', details: '', tags: [] });
    await world.settled();
    expect(itemOf(ratingKey)).toMatchObject({ title: 'night train 1', summary: '', genres: [] });
  });

  it('empties nothing for a scene of which nothing is left', async () => {
    const { sceneId, ratingKey } = world.addPair();
    world.startWorker();
    world.edit(sceneId, { title: 'Night Train', details: 'Text', tags: ['Rail'] });
    await world.settled();
    const before = itemOf(ratingKey);
    world.edit(sceneId, { title: '', details: '', tags: [] });
    await world.settled();
    expect(itemOf(ratingKey)).toEqual(before);
    // And follows Stash again once something is entered.
    world.edit(sceneId, { details: 'New' });
    await world.settled();
    expect(itemOf(ratingKey)).toMatchObject({ summary: 'New', genres: [] });
  });

  it('makes no write for a scene that was saved without a change', async () => {
    const pairs = world.addPairs(60);
    world.startWorker();
    for (const { sceneId } of pairs)
      world.edit(sceneId, { title: `Scene ${sceneId}`, tags: ['A'] });
    await world.settled();
    world.plex.resetCounts();
    for (const { sceneId } of pairs) world.dropEvent('Scene.Update.Post', sceneId);
    await world.settled();
    expect(world.plex.counts()).toMatchObject({ writes: 0 });
    expect(world.plex.counts().reads).toBeGreaterThan(0);
  });

  it('[1.0 MATCH-02] pushes again what was edited while it was being pushed', async () => {
    world.plex.switches.writeServiceMs = 300;
    const { sceneId, ratingKey } = world.addPair();
    world.startWorker();
    world.edit(sceneId, { title: 'First' });
    await until('the first write is at Plex', () => world.plex.counts().writes === 1);
    world.edit(sceneId, { title: 'Second' });
    await until('the second edit is there', () => itemOf(ratingKey).title === 'Second');
    await world.settled();
    expect(world.plex.history(ratingKey)).toHaveLength(2);
  });

  it('[1.0 VALID-02] brings a hostile 20 KB text through as documented', async () => {
    const { sceneId, ratingKey } = world.addPair();
    world.startWorker();
    const family = '👩‍👩‍👧‍👦';
    const head = `\u0000Caf\u0065\u0301 ${family}\r\nשלום\u200f \u0007`;
    world.edit(sceneId, { details: head + 'word '.repeat(4_000) });
    await world.settled();
    const { summary } = itemOf(ratingKey);
    expect(summary.startsWith(`Café ${family}\nשלום\u200f word word`)).toBe(true);
    expect(summary.endsWith('word…')).toBe(true);
    expect(encodeURIComponent(summary).length).toBeLessThanOrEqual(5_000);
    expect(world.logText()).toMatch(/"event":"cut","message":"Too long .* cut: summary"/);
    const longest = Math.max(...world.plex.accessLog.map((entry) => entry.target.length));
    expect(longest).toBeLessThanOrEqual(6_000);
  });

  it('does not take a write that timed out but was applied for a person’s edit', async () => {
    await world.configure({ plexWriteTimeout: 1 });
    const { sceneId, ratingKey } = world.addPair();
    world.plex.switches.applyThenHang = { items: 'all', count: 1 };
    world.startWorker();
    world.edit(sceneId, { title: 'Applied', tags: ['Noir'] });
    await world.settled();
    world.edit(sceneId, { title: 'Changed later', tags: [] });
    await world.settled();
    expect(itemOf(ratingKey)).toMatchObject({ title: 'Changed later', genres: [] });
    expect(world.status().deadLetters.count).toBe(0);
  });
});
