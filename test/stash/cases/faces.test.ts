import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { expectQuietLogs } from '../harness/quietLogs.ts';
import { openRealWorld, type Pair, type RealWorld } from '../harness/world.ts';

type Input = Readonly<Record<string, unknown>>;

describe('what scenes show through another changes in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  expectQuietLogs(() => world);
  beforeAll(async () => {
    world = await openRealWorld({
      settings: { parentStudio: true, includeTags: 'Mood, Light, Sea', excludeTags: 'Private' },
    });
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
  /** Lines of PlexSync's log about each scene so far. */
  const told = (pairs: readonly Pair[]): readonly number[] =>
    pairs.map(({ sceneId }) => world.log().split(`"key":"scene:${sceneId}"`).length - 1);
  const set = async (pairs: readonly Pair[], input: Input): Promise<void> => {
    await world.bulkEdit(pairs, input);
    await world.settled();
  };
  const only = (...ids: readonly string[]): unknown => ({ ids, mode: 'SET' });
  const update = async (type: 'Tag' | 'Studio' | 'Performer', input: Input): Promise<void> => {
    await world.mutate(
      `mutation ($input: ${type}UpdateInput!) { ${type.toLowerCase()}Update(input: $input) { id } }`,
      { input },
    );
    await world.settled();
  };
  const noMoreThanOnce = async (pairs: readonly Pair[], again: () => Promise<void>) => {
    const before = told(pairs);
    await again();
    expect(told(pairs)).toEqual(before);
  };

  test('a parent studio renamed is renamed in the scenes of its studios, and its end shows their own names [1.0 MATCH-02]', async () => {
    const pairs = some(0, 3);
    const [parent, other, child] = [
      await world.studio('Quay Group'),
      await world.studio('Pier Group'),
      await world.studio('Quay Pictures'),
    ];
    await update('Studio', { id: child, parent_id: parent });
    await set(pairs, { studio_id: child });
    expect(studios(pairs)).toEqual(pairs.map(() => 'Quay Group'));
    await update('Studio', { id: parent, name: 'Harbour Group' });
    expect(studios(pairs)).toEqual(pairs.map(() => 'Harbour Group'));
    await noMoreThanOnce(pairs, async () => {
      await update('Studio', { id: parent, details: 'old', rating100: 80 });
    });
    await update('Studio', { id: child, parent_id: other });
    expect(studios(pairs)).toEqual(pairs.map(() => 'Pier Group'));
    await world.destroy('studio', other);
    await world.settled();
    expect(studios(pairs)).toEqual(pairs.map(() => 'Quay Pictures'));
  });

  test('a tag whose parents change is shown or hidden as the lists say [1.0 MATCH-02]', async () => {
    const pairs = some(3, 3);
    const [mood = '', any = '', noir = ''] = await world.tags('Mood', 'Any', 'Noir');
    await set(pairs, { tag_ids: only(noir) });
    expect(genres(pairs)).toEqual(pairs.map(() => []));
    await update('Tag', { id: noir, parent_ids: [mood] });
    expect(genres(pairs)).toEqual(pairs.map(() => ['Noir']));
    await noMoreThanOnce(pairs, async () => {
      await update('Tag', { id: noir, parent_ids: [mood, any] });
      await update('Tag', { id: noir, description: 'dark' });
    });
    await world.rename('tag', mood, 'Feeling');
    await world.settled();
    expect(genres(pairs)).toEqual(pairs.map(() => []));
    await world.rename('tag', mood, 'Mood');
    await world.settled();
    expect(genres(pairs)).toEqual(pairs.map(() => ['Noir']));
  });

  test('tags put below a tag at that tag alone, and taken out there, are noticed [1.0 MATCH-02]', async () => {
    const pairs = some(6, 2);
    const [light = '', dawn = ''] = await world.tags('Light', 'Dawn');
    await set(pairs, { tag_ids: only(dawn) });
    expect(genres(pairs)).toEqual(pairs.map(() => []));
    await update('Tag', { id: light, child_ids: [dawn] });
    expect(genres(pairs)).toEqual(pairs.map(() => ['Dawn']));
    await update('Tag', { id: light, child_ids: [] });
    expect(genres(pairs)).toEqual(pairs.map(() => []));
    await update('Tag', { id: light, child_ids: [dawn] });
    await world.destroy('tag', light);
    await world.settled();
    expect(genres(pairs)).toEqual(pairs.map(() => []));
  });

  test('a tag that hides those below it hides them no more once it is merged into another [1.0 MATCH-02]', async () => {
    const pairs = some(8, 2);
    const [hidden = '', kept = '', sea = ''] = await world.tags('Private', 'Kept', 'Sea');
    await update('Tag', { id: sea, parent_ids: [hidden] });
    await set(pairs, { tag_ids: only(sea) });
    expect(genres(pairs)).toEqual(pairs.map(() => []));
    await update('Tag', { id: kept, description: 'known before the merge' });
    await world.mutate('mutation ($input: TagsMergeInput!) { tagsMerge(input: $input) { id } }', {
      input: { source: [hidden], destination: kept },
    });
    await world.settled();
    expect(genres(pairs)).toEqual(pairs.map(() => ['Sea']));
  });

  test('a disambiguation changed arrives where two performers have one name; a gender costs nothing [1.0 MATCH-02]', async () => {
    const [both, alone] = [some(10, 2), some(12, 2)];
    const make = async (disambiguation: string): Promise<string> => {
      const [id = ''] = await world.performers(`Ann Bell ${disambiguation}`);
      await update('Performer', { id, name: 'Ann Bell', disambiguation });
      return id;
    };
    const [first, second] = [await make('actress'), await make('dancer')];
    await set(both, { performer_ids: only(first, second) });
    await set(alone, { performer_ids: only(first) });
    expect(actors(both)).toEqual(both.map(() => ['Ann Bell (actress)', 'Ann Bell (dancer)']));
    await update('Performer', { id: first, disambiguation: 'singer' });
    expect(actors(both)).toEqual(both.map(() => ['Ann Bell (dancer)', 'Ann Bell (singer)']));
    expect(actors(alone)).toEqual(alone.map(() => ['Ann Bell']));
    await noMoreThanOnce(alone, async () => {
      await update('Performer', { id: first, disambiguation: 'actress' });
    });
    expect(actors(both)).toEqual(both.map(() => ['Ann Bell (actress)', 'Ann Bell (dancer)']));
    await noMoreThanOnce([...both, ...alone], async () => {
      await update('Performer', { id: first, gender: 'FEMALE', details: 'Sings as well' });
    });
  });
});
