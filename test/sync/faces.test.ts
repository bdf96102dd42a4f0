// What a scene shows of a performer, studio, tag or group through another, or only by the settings,
// reaches Plex when it changes; and what no scene shows costs nothing.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../helpers/wait.ts';
import { openWorld, type Pair, type RunningWorker, type World } from '../helpers/world.ts';

type Kind = 'performer' | 'studio' | 'tag' | 'group';
type Fields = Readonly<Record<string, unknown>>;

describe('[1.0 MATCH-02] what scenes show of others', () => {
  let world: World;
  /** Not taken by `scenes` yet. All are there before the worker, which looks for new ones seldom. */
  let free: readonly Pair[];
  beforeEach(async () => {
    world = await openWorld();
    free = world.addPairs(8);
  });
  afterEach(async () => {
    await world.close();
  });

  const item = ({ ratingKey }: Pair) => {
    const found = world.plex.library.item(ratingKey);
    if (found === undefined) throw new Error('the item is gone');
    return found;
  };
  const studios = (pairs: readonly Pair[]) => pairs.map((pair) => item(pair).studio);
  const genres = (pairs: readonly Pair[]) => pairs.map((pair) => item(pair).genres.toSorted());
  const actors = (pairs: readonly Pair[]) => pairs.map((pair) => item(pair).actors.toSorted());

  const arrived = (pairs: readonly Pair[]) =>
    pairs.map((pair) => item(pair).title === `Scene ${pair.sceneId}`);

  const make = (kind: Kind, name: string, fields: Fields = {}): number =>
    world.stash.store.addEntity(kind, { name, fields });
  const start = async (settings: Fields): Promise<RunningWorker> => {
    await world.configure(settings);
    return world.startWorker();
  };
  type Links = Parameters<World['stash']['store']['changeScene']>[1];
  /** Scenes that no one has taken yet with these links, pushed. */
  const scenes = async (count: number, links: Links): Promise<readonly Pair[]> => {
    const pairs = free.slice(0, count);
    free = free.slice(count);
    for (const { sceneId } of pairs) {
      world.stash.store.changeScene(sceneId, links, { touch: true });
      world.edit(sceneId, { title: `Scene ${sceneId}` });
    }
    await world.settled();
    return pairs;
  };
  const waiting = (): number => {
    const { spooled, pending, inFlight } = world.status().queue;
    return spooled + pending + inFlight;
  };
  /** How many scenes a save of the performer, studio, tag or group raises. */
  const saved = async (kind: Kind, id: number, hook = 'Update'): Promise<number> => {
    const key = `"key":"${kind}:${id}"`;
    const raised = (): readonly string[] =>
      world
        .logText()
        .split('\n')
        .filter((line) => line.includes(key) && line.includes('"Raised '));
    const before = raised().length;
    world.dropEvent(`${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}.${hook}.Post`, id);
    await until('its scenes are raised', () => raised().length > before);
    await until('they arrive', () => waiting() === 0, 120_000);
    return raised()
      .slice(before)
      .reduce((sum, line) => sum + Number(/Raised (\d+) of/.exec(line)?.[1]), 0);
  };
  const change = async (kind: Kind, id: number, name: string | null, fields: Fields = {}) => {
    const named = name === null ? {} : { name };
    world.stash.store.changeEntity(kind, id, { ...named, fields });
    return await saved(kind, id);
  };

  describe('with the parent studio shown', () => {
    it('a parent that is renamed is renamed in the scenes of its studios, and in no other', async () => {
      await start({ parentStudio: true, studioCollections: true });
      const top = make('studio', 'Top');
      const parent = make('studio', 'Parent', { parent_id: top });
      const child = make('studio', 'Child', { parent_id: parent });
      const ofChild = await scenes(3, { studioId: child });
      const ofParent = await scenes(1, { studioId: parent });
      expect(studios([...ofChild, ...ofParent])).toEqual(['Parent', 'Parent', 'Parent', 'Top']);
      expect(await change('studio', parent, 'New Parent')).toBe(4);
      expect(studios(ofChild)).toEqual(ofChild.map(() => 'New Parent'));
      expect(item(ofChild[0] ?? { sceneId: 0, ratingKey: '' }).collections).toEqual(['New Parent']);
      // Its own scenes show the one above it, and needed one look only.
      expect(await change('studio', parent, 'Newer Parent')).toBe(3);
      expect(studios([...ofChild, ...ofParent]).at(-1)).toBe('Top');
      expect(await change('studio', top, 'New Top')).toBe(1);
      expect(studios(ofParent)).toEqual(['New Top']);
      expect(studios(ofChild)).toEqual(ofChild.map(() => 'Newer Parent'));
    });

    it('a studio that gets another parent, or none, is shown by that', async () => {
      await start({ parentStudio: true });
      const [one, two] = [make('studio', 'One'), make('studio', 'Two')];
      const child = make('studio', 'Child', { parent_id: one });
      const pairs = await scenes(2, { studioId: child });
      expect(await change('studio', child, null, { parent_id: two })).toBe(2);
      expect(studios(pairs)).toEqual(['Two', 'Two']);
      expect(await change('studio', child, null, { details: 'not shown', rating100: 80 })).toBe(0);
      expect(await change('studio', child, null, { parent_id: null })).toBe(2);
      expect(studios(pairs)).toEqual(['Child', 'Child']);
    });

    it('a parent that is deleted leaves its studios their own names', async () => {
      await start({ parentStudio: true });
      const parent = make('studio', 'Parent');
      const child = make('studio', 'Child', { parent_id: parent });
      const pairs = await scenes(2, { studioId: child });
      expect(studios(pairs)).toEqual(['Parent', 'Parent']);
      world.stash.store.removeEntity('studio', parent);
      expect(await saved('studio', parent, 'Destroy')).toBe(2);
      expect(studios(pairs)).toEqual(['Child', 'Child']);
    });

    it('780 scenes of a studio and its child are each written once for its new name', async () => {
      const pairs = world.addPairs(780);
      await start({ parentStudio: true });
      const parent = make('studio', 'Parent');
      const child = make('studio', 'Child', { parent_id: parent });
      for (const [at, { sceneId }] of pairs.entries()) {
        const studioId = at % 3 === 0 ? parent : child;
        world.stash.store.changeScene(sceneId, { studioId }, { touch: false });
      }
      expect(await change('studio', parent, 'New')).toBe(780);
      expect(new Set(studios(pairs))).toEqual(new Set(['New']));
      expect(world.plex.counts().editedItems).toBe(780);
      expect(await saved('studio', parent)).toBe(0);
    }, 180_000);
  });

  it('a parent studio that is renamed costs the scenes of its studios nothing where it is not shown', async () => {
    await start({});
    const parent = make('studio', 'Parent');
    const child = make('studio', 'Child', { parent_id: parent });
    const pairs = await scenes(2, { studioId: child });
    expect(await change('studio', parent, 'New Parent')).toBe(0);
    expect(await saved('studio', child)).toBe(2);
    expect(await change('studio', child, null, { parent_id: null })).toBe(0);
    expect(studios(pairs)).toEqual(['Child', 'Child']);
  });

  describe('where the lists of tags name a tag', () => {
    it('a tag that comes below it is shown, and hidden when it is taken out', async () => {
      await start({ includeTags: 'Mood' });
      const [mood, other] = [make('tag', 'Mood'), make('tag', 'Other')];
      const noir = make('tag', 'Noir');
      const pairs = await scenes(2, { tagIds: [noir] });
      expect(genres(pairs)).toEqual([[], []]);
      expect(await change('tag', noir, null, { parent_ids: [mood] })).toBe(2);
      expect(genres(pairs)).toEqual([['Noir'], ['Noir']]);
      expect(await change('tag', noir, null, { parent_ids: [mood, other] })).toBe(0);
      expect(await change('tag', noir, null, { parent_ids: [other] })).toBe(2);
      expect(genres(pairs)).toEqual([[], []]);
      // Nobody sees its name now.
      expect(await change('tag', noir, 'Film noir')).toBe(0);
    });

    it('a rename that lets it out of the list hides those below it, and one back in shows them', async () => {
      await start({ includeTags: 'Mood' });
      const mood = make('tag', 'Mood');
      const pairs = await scenes(2, { tagIds: [make('tag', 'Noir', { parent_ids: [mood] })] });
      expect(genres(pairs)).toEqual([['Noir'], ['Noir']]);
      expect(await change('tag', mood, 'Feeling')).toBe(2);
      expect(genres(pairs)).toEqual([[], []]);
      expect(await change('tag', mood, 'Sentiment')).toBe(0);
      expect(await change('tag', mood, 'mood')).toBe(2);
      expect(genres(pairs)).toEqual([['Noir'], ['Noir']]);
      expect(await change('tag', mood, 'MOOD')).toBe(0);
    });

    it('tags that are put below it or taken out at it alone, with no word about them, are noticed', async () => {
      await start({ excludeTags: 'Private' });
      const hidden = make('tag', 'Private');
      const [one, two] = [make('tag', 'One', { parent_ids: [hidden] }), make('tag', 'Two')];
      const ofOne = await scenes(2, { tagIds: [one] });
      const ofTwo = await scenes(2, { tagIds: [two] });
      const ofBoth = await scenes(1, { tagIds: [two, hidden] });
      expect(await saved('tag', hidden)).toBe(3);
      world.stash.store.changeEntity('tag', one, { fields: { parent_ids: [] } });
      world.stash.store.changeEntity('tag', two, { fields: { parent_ids: [hidden] } });
      expect(await saved('tag', hidden)).toBe(5);
      expect(genres([...ofOne, ...ofTwo, ...ofBoth])).toEqual([['One'], ['One'], [], [], []]);
      expect(await saved('tag', hidden)).toBe(0);
    });

    it('its end shows what it hid', async () => {
      await start({ excludeTags: 'Private' });
      const hidden = make('tag', 'Private');
      const pairs = await scenes(2, { tagIds: [make('tag', 'One', { parent_ids: [hidden] })] });
      expect(genres(pairs)).toEqual([[], []]);
      world.stash.store.removeEntity('tag', hidden);
      expect(await saved('tag', hidden, 'Destroy')).toBe(2);
      expect(genres(pairs)).toEqual([['One'], ['One']]);
    });

    it('its merge into a tag that no list names shows what it hid', async () => {
      await start({ excludeTags: 'Private' });
      const [hidden, shown] = [make('tag', 'Private'), make('tag', 'Shown')];
      const pairs = await scenes(2, { tagIds: [make('tag', 'One', { parent_ids: [hidden] })] });
      expect(await saved('tag', shown)).toBe(0);
      world.stash.store.mergeEntities('tag', [hidden], shown);
      expect(await saved('tag', shown, 'Merge')).toBe(2);
      expect(genres(pairs)).toEqual([['One'], ['One']]);
    });

    it('scenes that it lets into Plex arrive when a tag of theirs comes below it', async () => {
      await start({ onlyWithTags: 'Plex', tagsAs: 'off' });
      const wanted = make('tag', 'Plex');
      const family = make('tag', 'Family');
      const pairs = await scenes(2, { tagIds: [family] });
      expect(arrived(pairs)).toEqual([false, false]);
      expect(await change('tag', family, null, { parent_ids: [wanted] })).toBe(2);
      expect(arrived(pairs)).toEqual([true, true]);
      expect(await change('tag', family, 'Relatives')).toBe(0);
    });

    it('scenes that it keeps out of Plex arrive when it has another name, or is gone', async () => {
      await start({ neverWithTags: 'Private, Secret' });
      const [one, two] = [make('tag', 'Private'), make('tag', 'Secret')];
      const below = (parent: number) => [make('tag', `Below ${parent}`, { parent_ids: [parent] })];
      const [ofOne, ofTwo] = [
        await scenes(2, { tagIds: below(one) }),
        await scenes(2, { tagIds: below(two) }),
      ];
      expect(arrived([...ofOne, ...ofTwo])).toEqual([false, false, false, false]);
      expect(await change('tag', one, 'Public')).toBe(2);
      expect(arrived(ofOne)).toEqual([true, true]);
      world.stash.store.removeEntity('tag', two);
      expect(await saved('tag', two, 'Destroy')).toBe(2);
      expect(arrived(ofTwo)).toEqual([true, true]);
    });
  });

  it('parents of tags that no list names cost nothing', async () => {
    await start({ excludeTags: 'Private' });
    const [one, two] = [make('tag', 'One'), make('tag', 'Two')];
    const pairs = await scenes(2, { tagIds: [one] });
    expect(await saved('tag', one)).toBe(2);
    expect(await change('tag', one, null, { parent_ids: [two] })).toBe(0);
    expect(await change('tag', two, 'New')).toBe(0);
    expect(genres(pairs)).toEqual([['One'], ['One']]);
  });

  it('a disambiguation that is changed arrives where two performers have one name, and costs the others nothing', async () => {
    await start({});
    const first = make('performer', 'Ann Bell', { disambiguation: 'actress' });
    const second = make('performer', 'Ann Bell', { disambiguation: 'dancer' });
    const both = await scenes(2, { performerIds: [first, second] });
    const alone = await scenes(3, { performerIds: [first] });
    expect(actors(both)).toEqual(both.map(() => ['Ann Bell (actress)', 'Ann Bell (dancer)']));
    expect(await saved('performer', first)).toBe(5);
    expect(await change('performer', first, null, { disambiguation: 'singer' })).toBe(2);
    expect(actors(both)).toEqual(both.map(() => ['Ann Bell (dancer)', 'Ann Bell (singer)']));
    expect(actors(alone)).toEqual(alone.map(() => ['Ann Bell']));
    const notShown = { gender: 'FEMALE', details: 'x', birthdate: '1970-01-01', favorite: true };
    expect(await change('performer', first, null, notShown)).toBe(0);
    expect(await change('performer', second, 'Bea Cole')).toBe(2);
    expect(actors(both)).toEqual(both.map(() => ['Ann Bell', 'Bea Cole']));
    expect(await change('performer', first, null, { disambiguation: 'actress' })).toBe(0);
  });

  it('a disambiguation that every name carries is changed in every scene', async () => {
    await start({ performerDisambiguation: true });
    const ann = make('performer', 'Ann Bell', { disambiguation: 'actress' });
    const pairs = await scenes(2, { performerIds: [ann] });
    expect(await change('performer', ann, null, { disambiguation: 'dancer' })).toBe(2);
    expect(actors(pairs)).toEqual(pairs.map(() => ['Ann Bell (dancer)']));
    expect(await change('performer', ann, null, { gender: 'FEMALE' })).toBe(0);
  });

  it('a group is renamed in its collection, and costs nothing where there are no collections', async () => {
    const worker = await start({});
    const group = make('group', 'Saga');
    const pairs = await scenes(2, { groups: [{ groupId: group, sceneIndex: null }] });
    await saved('group', group);
    expect(await change('group', group, 'New Saga')).toBe(0);
    await worker.stop();
    await start({ groupCollections: true });
    expect(await change('group', group, 'Newest Saga')).toBe(2);
    expect(pairs.map((pair) => item(pair).collections)).toEqual([['Newest Saga'], ['Newest Saga']]);
  });

  it('settings that are saved alone write nothing; what is saved after that follows them', async () => {
    const worker = await start({});
    const parent = make('studio', 'Parent');
    const child = make('studio', 'Child', { parent_id: parent });
    const [first, ...others] = await scenes(3, { studioId: child });
    if (first === undefined) throw new Error('no pair');
    await worker.stop();
    await start({ parentStudio: true });
    // A worker that has settled something has read the settings.
    await scenes(1, {});
    expect(studios([first, ...others])).toEqual(['Child', 'Child', 'Child']);
    world.edit(first.sceneId, { title: 'Edited' });
    await world.settled();
    expect(studios([first, ...others])).toEqual(['Parent', 'Child', 'Child']);
    await saved('studio', child);
    expect(studios(others)).toEqual(['Parent', 'Parent']);
  });
});
