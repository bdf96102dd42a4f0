// What of a scene goes into which field of Plex, as the settings have it, whichever way Plex reads
// a list of tags.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type Pair, type World } from '../helpers/world.ts';

describe.each(['append', 'replace'] as const)('a Plex that reads tags as %s', (tagMode) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ plex: { switches: { tagMode } } });
  });
  afterEach(async () => {
    await world.close();
  });

  const itemOf = ({ ratingKey }: Pair) => {
    const item = world.plex.library.item(ratingKey);
    if (item === undefined) throw new Error(`no item ${ratingKey}`);
    return item;
  };

  /** A scene that has something of everything that Stash knows. */
  function fullPair(): Pair {
    const pair = world.addPair('night train');
    const { store } = world.stash;
    const parent = store.addStudio({ name: 'Harbour Group' });
    const mood = store.addTag({ name: 'Mood' });
    const tag = (name: string, fields = {}): number => store.addTag({ name, fields });
    store.changeScene(
      pair.sceneId,
      {
        title: 'Night Train',
        code: 'HF-12',
        details: 'It rains.',
        director: 'Di Rector, Cy Dorn',
        date: '2021-03',
        studioId: store.addStudio({ name: 'Harbour Films', fields: { parent_id: parent } }),
        tagIds: [tag('Noir', { parent_ids: [mood] }), tag('Rail, old'), tag('Private')],
        performerIds: ['actress', 'singer'].map((disambiguation) =>
          store.addPerformer({ name: 'Ann Bell', fields: { disambiguation } }),
        ),
        groups: [{ groupId: store.addGroup({ name: 'Trains' }), sceneIndex: 1 }],
      },
      { touch: true },
    );
    return pair;
  }

  async function push(pair: Pair, settings: Readonly<Record<string, unknown>>): Promise<void> {
    await world.configure(settings);
    const worker = world.startWorker();
    world.dropEvent('Scene.Update.Post', pair.sceneId);
    await world.settled();
    await worker.stop();
  }

  it('has the usual fields by settings that nobody touched', async () => {
    const pair = fullPair();
    await push(pair, {});
    expect(itemOf(pair)).toMatchObject({
      title: 'Night Train',
      titleSort: '',
      summary: 'It rains.',
      originallyAvailableAt: '2021-03-01',
      studio: 'Harbour Films',
      contentRating: '',
      genres: ['Noir', 'Private', 'Rail, old'],
      labels: [],
      actors: ['Ann Bell (actress)', 'Ann Bell (singer)'],
      directors: ['Di Rector', 'Cy Dorn'],
      collections: [],
    });
    expect([...itemOf(pair).locked].toSorted()).toEqual([
      'actor',
      'director',
      'genre',
      'originallyAvailableAt',
      'studio',
      'summary',
      'title',
    ]);
    expect(world.plex.counts().writes).toBe(1);
  });

  it('has everything that the settings ask for, in one write, and nothing to write again', async () => {
    const pair = fullPair();
    const settings = {
      titleTemplate: '{studio} - {title} ({date})',
      sortTitleTemplate: '{code} {title}',
      contentRating: 'XXX',
      parentStudio: true,
      tagsAs: 'label',
      includeTags: 'mood, "rail, old", Private',
      excludeTags: 'Nothing of these',
      studioCollections: true,
      groupCollections: true,
    };
    await push(pair, settings);
    expect(itemOf(pair)).toMatchObject({
      title: 'Harbour Group - Night Train (2021-03)',
      titleSort: 'HF-12 Night Train',
      studio: 'Harbour Group',
      contentRating: 'XXX',
      genres: [],
      labels: ['Noir', 'Private', 'Rail, old'],
      collections: ['Harbour Group', 'Trains'],
    });
    expect(itemOf(pair).locked).not.toContain('genre');
    expect(world.plex.counts().writes).toBe(1);
    await push(pair, settings);
    expect(world.plex.counts().writes).toBe(1);
    expect(world.status().deadLetters.count).toBe(0);
  });

  it('takes tags away that the lists or the limit shut out, and no other', async () => {
    const pair = fullPair();
    await push(pair, {});
    const more = [...itemOf(pair).genres, 'Mine'];
    world.plex.library.setByPerson(pair.ratingKey, { genres: more });
    await push(pair, { excludeTags: 'Private' });
    expect([...itemOf(pair).genres].toSorted()).toEqual(['Mine', 'Noir', 'Rail, old']);
    await push(pair, { excludeTags: 'Private', tagLimit: 1 });
    expect([...itemOf(pair).genres].toSorted()).toEqual(['Mine', 'Noir']);
  });

  it('puts an item into collections beside those it is in, and out of ours alone', async () => {
    const pair = fullPair();
    world.plex.library.setByPerson(pair.ratingKey, { collections: ['Favourites'], locked: [] });
    await push(pair, { groupCollections: true });
    expect([...itemOf(pair).collections].toSorted()).toEqual(['Favourites', 'Trains']);
    world.stash.store.changeScene(pair.sceneId, { groups: [] }, { touch: true });
    await push(pair, { groupCollections: true });
    expect(itemOf(pair).collections).toEqual(['Favourites']);
  });

  it('can sort by the very title, which Plex does not tell apart from sorting by none', async () => {
    const pair = fullPair();
    await push(pair, { sortTitleTemplate: '{title}' });
    expect(itemOf(pair)).toMatchObject({ title: 'Night Train', titleSort: 'Night Train' });
    await push(pair, { sortTitleTemplate: '{title}' });
    expect(world.plex.counts().writes).toBe(1);
    expect(world.status().deadLetters.count).toBe(0);
  });

  it('is called after its file where the scene has no title', async () => {
    const pair = fullPair();
    world.stash.store.changeScene(pair.sceneId, { title: '' }, { touch: true });
    await push(pair, { titleTemplate: '{studio}: {title}' });
    expect(itemOf(pair).title).toBe('Harbour Films: night train');
  });
});
