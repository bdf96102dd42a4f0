// Lists of tags too long for one request: no tag of a person's is lost, whichever way Plex reads a
// list; they arrive whole where Plex adds tags, and cut, with a word about it, where it replaces them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { clearState, tagModes } from '../../src/store/file/state.ts';
import { sceneState } from '../../src/store/mirror/sceneState.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';
import { type Batches, openBatches } from './batches.ts';

describe.each(['append', 'replace'] as const)('a Plex that reads tags as %s', (tagMode) => {
  let world: World;
  let batches: Batches;
  let pair: Pair;
  beforeEach(async () => {
    world = await openWorld({ plex: { switches: { tagMode } } });
    batches = await openBatches(world);
    pair = world.addPair();
  });
  afterEach(async () => {
    await batches.close();
    await world.close();
  });

  const actors = () => world.plex.library.item(pair.ratingKey)?.actors ?? [];
  const longNames = (count: number) =>
    Array.from({ length: count }, (_, at) => `${'名'.repeat(20)} ${at}`);
  async function push(): Promise<void> {
    const life = await batches.life();
    await life.pushAll();
  }

  /** Ours and a person's in one list. */
  async function begin(persons: readonly string[]): Promise<void> {
    batches.edit([pair], () => ({ title: 'T', performers: ['Ann'] }));
    await push();
    world.plex.library.setByPerson(pair.ratingKey, { actors: ['Ann', ...persons] });
  }

  it('keeps a person’s tags beside a list that takes several requests', async () => {
    const persons = ['Mine', 'Yours'];
    await begin(persons);
    batches.edit([pair], () => ({ performers: ['Ann', ...longNames(80)] }));
    await push();
    expect(actors()).toEqual(expect.arrayContaining([...persons]));
    if (tagMode === 'append') expect(actors()).toHaveLength(83);
  });

  it('keeps them where there are so many that the whole takes several requests', async () => {
    const persons = longNames(40).map((name) => `${name}!`);
    await begin(persons);
    batches.edit([pair], () => ({ performers: ['Ann', 'Mine', ...longNames(30)] }));
    await push();
    expect(actors()).toEqual(expect.arrayContaining([...persons]));
  });

  it('keeps one of a person’s that the scene has as well', async () => {
    await begin(['Aba']);
    batches.edit([pair], () => ({ performers: ['Aba', 'Ann', ...longNames(80)] }));
    await push();
    expect(actors()).toEqual(expect.arrayContaining(['Aba']));
  });

  const logText = () => readFileSync(makeDataDirectory(world.data).log, 'utf8');
  const pushed = () =>
    world.withStore((db) => sceneState(db, pair.sceneId))?.pushed.tags.actor?.toSorted();

  it.each([[[]], [['Mine', 'Yours']]])(
    'gets as much as it can show, in Stash’s order, and what was cut is said and not recorded (a person’s: %s)',
    async (persons: readonly string[]) => {
      await begin(persons);
      const names = ['Ann', ...longNames(80)];
      batches.edit([pair], () => ({ performers: names }));
      await push();
      expect(actors()).toEqual(expect.arrayContaining([...persons]));
      const ours = actors().filter((name) => !persons.includes(name));
      expect(ours.toSorted()).toEqual(names.slice(0, ours.length).toSorted());
      expect(pushed()).toEqual(ours.toSorted());
      expect(world.status().deadLetters.count).toBe(0);
      if (tagMode === 'append') expect(ours).toHaveLength(81);
      else expect(ours.length).toBeGreaterThan(20);
      expect(logText().includes('Too long for a request to Plex, cut: actor')).toBe(
        tagMode === 'replace',
      );
      // What is known now holds for the next one, and nothing is written twice.
      batches.writes();
      batches.edit([pair], () => ({ title: 'T' }));
      await push();
      expect(batches.writes()).toBe(0);
      // A shorter list is whole again.
      batches.edit([pair], () => ({ performers: names.slice(0, 10) }));
      await push();
      expect(actors().toSorted()).toEqual([...names.slice(0, 10), ...persons].toSorted());
    },
  );

  it('is filled at once where the item has nothing yet, and so are many with one long list', async () => {
    const pairs = [pair, ...world.addPairs(5)];
    const names = longNames(80);
    batches.edit(pairs, (_, at) => ({ title: `T ${at}`, performers: names }));
    await push();
    for (const { ratingKey } of pairs) {
      const shown = world.plex.library.item(ratingKey)?.actors ?? [];
      expect([...shown]).toEqual(names.slice(0, shown.length));
      if (tagMode === 'append') expect(shown).toHaveLength(80);
      else expect(shown.length).toBeGreaterThan(20);
    }
    expect(world.status().deadLetters.count).toBe(0);
  });

  it('ends right and loses nothing of a person’s, killed at every step', async () => {
    const names = ['Ann', ...longNames(80)];
    let whole: readonly string[] | null = null;
    for (let step = 1; step <= 40; step += 1) {
      await batches.close();
      world.withStore((db) => clearState(db, tagModes));
      pair = world.addPair();
      await begin(['Mine']);
      let calls = 0;
      batches.atCall = () => {
        calls += 1;
        return calls === step ? 'kill' : undefined;
      };
      batches.edit([pair], () => ({ performers: names }));
      await push();
      batches.atCall = () => {};
      await push();
      expect(actors()).toContain('Mine');
      const ours = actors().filter((name) => name !== 'Mine');
      whole ??= ours.toSorted();
      expect(ours.toSorted()).toEqual(whole);
      expect(pushed()).toEqual(whole);
      for (const { before, after } of world.plex.history(pair.ratingKey)) {
        if (before.actors.includes('Mine')) expect(after.actors).toContain('Mine');
      }
      if (calls < step) return;
    }
    throw new Error('there was no end to the steps');
  });
});
