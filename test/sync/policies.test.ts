// What a person's rule for a field changes in Plex: fill once, give back, follow Stash again.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/store/file/sql.ts';
import { openWorld, type Pair, type SceneEdit, type World } from '../helpers/world.ts';

describe('a field of Plex', () => {
  let world: World;
  let pair: Pair;
  beforeEach(async () => {
    world = await openWorld();
    pair = world.addPair();
  });
  afterEach(async () => {
    await world.close();
  });

  const item = () => {
    const found = world.plex.library.item(pair.ratingKey);
    if (found === undefined) throw new Error('the item is gone');
    return found;
  };

  /** @param fields the setting of that name */
  async function push(fields: string, edit: SceneEdit = {}, more = {}): Promise<void> {
    await world.configure({ fields, ...more });
    const worker = world.startWorker();
    world.edit(pair.sceneId, edit);
    await world.settled();
    await worker.stop();
  }

  it('that is to be filled is written once and follows nothing after that', async () => {
    world.plex.library.setByPerson(pair.ratingKey, { genres: ['Scanned'], locked: [] });
    await push('all: fill', { title: 'A', details: 'One', tags: ['a'], performers: ['Ann'] });
    expect(item()).toMatchObject({ summary: 'One', genres: ['Scanned'], actors: ['Ann'] });
    // Plex had a name for it already.
    expect(item().title).toMatch(/^scanned /);
    await push('all: fill', { details: 'Two', performers: ['Bo'] });
    expect(item()).toMatchObject({ summary: 'One', actors: ['Ann'] });
    await push('', {});
    expect(item()).toMatchObject({ title: 'A', summary: 'Two', actors: ['Bo'] });
  });

  it('that is switched off keeps its value, loses its lock, and is a person’s then', async () => {
    await push('', { title: 'A', details: 'One', tags: ['a'] });
    expect([...item().locked].toSorted()).toEqual(['genre', 'summary', 'title']);
    await push('summary: off, genre: off', { details: 'Two', tags: ['b'] });
    expect(item()).toMatchObject({ summary: 'One', genres: ['a'], locked: ['title'] });
    world.plex.resetCounts();
    await push('summary: off, genre: off');
    expect(world.plex.counts().writes).toBe(0);
    world.plex.library.setByPerson(pair.ratingKey, { summary: 'Mine', genres: ['a', 'mine'] });
    await push('');
    expect(item()).toMatchObject({ summary: 'Mine', genres: ['a', 'mine'] });
  });

  it('that a person edited keeps its lock when it is switched off', async () => {
    await push('', { title: 'A', details: 'One', tags: ['a'] });
    world.plex.library.setByPerson(pair.ratingKey, { summary: 'Mine', genres: ['a', 'mine'] });
    await push('all: off');
    expect(item()).toMatchObject({ title: 'A', summary: 'Mine', genres: ['a', 'mine'] });
    expect([...item().locked].toSorted()).toEqual(['genre', 'summary']);
  });

  it('loses its lock as well where the setting that feeds it is emptied', async () => {
    const fed = { contentRating: 'XXX', sortTitleTemplate: '{title} 1', studioCollections: true };
    await push('', { title: 'A', studio: 'S' }, fed);
    expect(item()).toMatchObject({ contentRating: 'XXX', titleSort: 'A 1', collections: ['S'] });
    await push('');
    expect(item()).toMatchObject({ contentRating: 'XXX', titleSort: 'A 1', collections: ['S'] });
    expect([...item().locked].toSorted()).toEqual(['studio', 'title']);
  });

  it('survives a full sync under each policy as a person left it', async () => {
    const mine = { title: 'Mine', summary: 'My words', genres: ['my genre'] };
    world.plex.library.setByPerson(pair.ratingKey, mine);
    for (const policy of ['mirror', 'fill', 'off', 'mirror']) {
      await push(`all: ${policy}`, { title: policy, details: policy, tags: [policy] });
      expect(item()).toMatchObject(mine);
      expect(item().locked).toEqual(['title', 'summary', 'genre']);
    }
    expect(world.plex.counts().writes).toBe(0);
  });

  it('that an earlier version pushed is not written again', async () => {
    const edit = { title: 'A', details: 'One', date: '2020', studio: 'S', performers: ['Ann'] };
    await push('', { ...edit, tags: ['a', 'b'] });
    // The record as it was before there were more fields than these.
    const record = JSON.stringify({
      scalars: { title: 'A', summary: 'One', originallyAvailableAt: '2020-01-01', studio: 'S' },
      tags: { genre: ['a', 'b'], actor: ['Ann'] },
    });
    world.withStore((db) =>
      run(db, 'UPDATE scene_state SET pushed = ?, intent = ?', record, record),
    );
    world.plex.resetCounts();
    await push('');
    expect(world.plex.counts().writes).toBe(0);
    await push('', { details: '' });
    expect(item().summary).toBe('');
  });

  it('is not pushed by a wrong setting, which is told with what would be right', async () => {
    await world.configure({ fields: 'sumary: off' });
    world.startWorker();
    world.edit(pair.sceneId, { title: 'A' });
    await expect.poll(() => world.logText(), { timeout: 20_000 }).toMatch(/Did you mean summary\?/);
    expect(world.plex.counts().writes).toBe(0);
  });
});
