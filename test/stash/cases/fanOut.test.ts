import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { expectQuietLogs } from '../harness/quietLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

describe('what many scenes share changes in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  expectQuietLogs(() => world);
  beforeAll(async () => {
    world = await openRealWorld();
  });
  afterAll(async () => {
    await world?.close();
  });

  const some = (first: number, count: number): readonly Pair[] =>
    world.pairs.slice(first, first + count);
  const genres = (pairs: readonly Pair[]): readonly string[][] =>
    pairs.map((pair) => [...world.item(pair).genres].sort());
  const actors = (pairs: readonly Pair[]): readonly string[][] =>
    pairs.map((pair) => [...world.item(pair).actors].sort());
  const studios = (pairs: readonly Pair[]): readonly string[] =>
    pairs.map((pair) => world.item(pair).studio);
  /** Edits that each item has had so far. */
  const edits = (pairs: readonly Pair[]): readonly number[] =>
    pairs.map(({ ratingKey }) => world.plex.history(ratingKey).length);
  /** Lines of PlexSync's log about each scene so far. */
  const told = (pairs: readonly Pair[]): readonly number[] =>
    pairs.map(({ sceneId }) => world.log().split(`"key":"scene:${sceneId}"`).length - 1);
  const set = async (pairs: readonly Pair[], input: Readonly<Record<string, unknown>>) => {
    await world.bulkEdit(pairs, input);
    await world.settled();
  };
  const only = (ids: readonly string[]): unknown => ({ ids, mode: 'SET' });

  test('a studio renamed is renamed in each of its 60 scenes, each written once [1.0 MATCH-02]', async () => {
    const pairs = some(0, 60);
    const others = some(60, 2);
    const studio = await world.studio('Quay Pictures');
    await set(pairs, { studio_id: studio });
    await set(others, { studio_id: await world.studio('Other Pictures') });
    expect(new Set(studios(pairs))).toEqual(new Set(['Quay Pictures']));
    const before = edits(pairs);
    const othersBefore = edits(others);
    await world.rename('studio', studio, 'Quay & Sons');
    const { queue } = await world.settled();
    expect(queue).toMatchObject({ fanOuts: 0, pending: 0 });
    expect(new Set(studios(pairs))).toEqual(new Set(['Quay & Sons']));
    expect(edits(pairs)).toEqual(before.map((count) => count + 1));
    expect(edits(others)).toEqual(othersBefore);
  });

  test('a performer renamed is renamed in every scene of theirs, and keeps who else is in it [1.0 MATCH-02]', async () => {
    const pairs = some(0, 3);
    const [ann = '', carl = ''] = await world.performers('Ann Bell', 'Carl Dorn');
    await set(pairs, { performer_ids: only([ann, carl]) });
    expect(actors(pairs)).toEqual(pairs.map(() => ['Ann Bell', 'Carl Dorn']));
    await world.rename('performer', ann, 'Ann Bell-Dorn');
    await world.settled();
    expect(actors(pairs)).toEqual(pairs.map(() => ['Ann Bell-Dorn', 'Carl Dorn']));
  });

  test('a tag renamed is renamed in every scene that has it [1.0 MATCH-02]', async () => {
    const pairs = some(3, 3);
    const [sea = '', boats = ''] = await world.tags('Sea', 'Boats');
    await set(pairs, { tag_ids: only([sea, boats]) });
    expect(genres(pairs)).toEqual(pairs.map(() => ['Boats', 'Sea']));
    await world.rename('tag', sea, 'Ocean');
    await world.settled();
    expect(genres(pairs)).toEqual(pairs.map(() => ['Boats', 'Ocean']));
  });

  test('a tag saved again with nothing changed that Plex shows raises no scene', async () => {
    const pairs = some(6, 3);
    const [wind = ''] = await world.tags('Wind');
    await set(pairs, { tag_ids: only([wind]) });
    await world.rename('tag', wind, 'Gale');
    await world.settled();
    const before = told(pairs);
    await world.mutate('mutation ($input: TagUpdateInput!) { tagUpdate(input: $input) { id } }', {
      input: { id: wind, description: 'blows', favorite: true },
    });
    await world.settled();
    expect(told(pairs)).toEqual(before);
    expect(genres(pairs)).toEqual(pairs.map(() => ['Gale']));
  });

  test('a group renamed has its scenes looked at, and as Plex shows nothing of groups nothing is written [1.0 MATCH-02]', async () => {
    const pairs = some(9, 3);
    const group = await world.group('The Harbour Series');
    await set(pairs, { group_ids: only([group]) });
    const before = edits(pairs);
    const toldBefore = told(pairs);
    await world.rename('group', group, 'The Harbour Saga');
    const { deadLetters } = await world.settled();
    expect(deadLetters.count).toBe(0);
    expect(told(pairs)).toEqual(toldBefore.map((count) => count + 1));
    expect(edits(pairs)).toEqual(before);
  });

  const merge = async (source: string, destination: string): Promise<void> => {
    await world.mutate('mutation ($input: TagsMergeInput!) { tagsMerge(input: $input) { id } }', {
      input: { source: [source], destination },
    });
    await world.settled();
  };

  test('a tag merged into another shows as that one in every scene of both [1.0 MATCH-02]', async () => {
    const [ofSource, ofBoth] = [some(12, 2), some(14, 2)];
    const [source = '', destination = ''] = await world.tags('Ships', 'Vessels');
    await set(ofSource, { tag_ids: only([source]) });
    await set(ofBoth, { tag_ids: only([source, destination]) });
    expect(genres(ofBoth)).toEqual(ofBoth.map(() => ['Ships', 'Vessels']));
    await merge(source, destination);
    expect(genres([...ofSource, ...ofBoth])).toEqual(some(12, 4).map(() => ['Vessels']));
  });

  test('a tag merged into one that was renamed before shows as that one, too [1.0 MATCH-02]', async () => {
    const [ofSource, ofDestination] = [some(16, 2), some(18, 2)];
    const [source = '', destination = ''] = await world.tags('Fog', 'Mist');
    await set(ofSource, { tag_ids: only([source]) });
    await set(ofDestination, { tag_ids: only([destination]) });
    await world.rename('tag', destination, 'Haze');
    await world.settled();
    expect(genres(ofDestination)).toEqual(ofDestination.map(() => ['Haze']));
    await merge(source, destination);
    expect(genres(ofSource)).toEqual(ofSource.map(() => ['Haze']));
  });

  test('a tag, a performer and a studio deleted in Stash go from every scene of theirs [1.0 MATCH-02]', async () => {
    const pairs = some(20, 3);
    const [going = '', staying = ''] = await world.tags('Going', 'Staying');
    const [eve = '', finn = ''] = await world.performers('Eve Frost', 'Finn Gray');
    const studio = await world.studio('Short-lived Films');
    await set(pairs, {
      studio_id: studio,
      tag_ids: only([going, staying]),
      performer_ids: only([eve, finn]),
    });
    expect(studios(pairs)).toEqual(pairs.map(() => 'Short-lived Films'));
    await world.destroy('tag', going);
    await world.settled();
    expect(genres(pairs)).toEqual(pairs.map(() => ['Staying']));
    await world.destroy('performer', eve);
    await world.settled();
    expect(actors(pairs)).toEqual(pairs.map(() => ['Finn Gray']));
    await world.destroy('studio', studio);
    await world.settled();
    expect(studios(pairs)).toEqual(pairs.map(() => ''));
  });

  test('several tags deleted at once go from every scene that had one of them [1.0 MATCH-02]', async () => {
    const [first, second] = [some(23, 2), some(25, 2)];
    const [one = '', two = '', staying = ''] = await world.tags('One', 'Two', 'Three');
    await set(first, { tag_ids: only([one, staying]) });
    await set(second, { tag_ids: only([two, staying]) });
    await world.mutate('mutation ($ids: [ID!]!) { tagsDestroy(ids: $ids) }', { ids: [one, two] });
    await world.settled();
    expect(genres([...first, ...second])).toEqual(some(23, 4).map(() => ['Three']));
  });
});
