// Lists of tags too long for one request: no tag of a person's is lost, whichever way Plex reads a
// list.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    expect(actors()).toEqual(expect.arrayContaining(persons));
    if (tagMode === 'append') expect(actors()).toHaveLength(83);
  });

  it('keeps them where there are so many that the whole takes several requests', async () => {
    const persons = longNames(40).map((name) => `${name}!`);
    await begin(persons);
    batches.edit([pair], () => ({ performers: ['Ann', 'Mine', ...longNames(30)] }));
    await push();
    expect(actors()).toEqual(expect.arrayContaining(persons));
  });

  it('keeps one of a person’s that the scene has as well', async () => {
    await begin(['Aba']);
    batches.edit([pair], () => ({ performers: ['Aba', 'Ann', ...longNames(80)] }));
    await push();
    expect(actors()).toEqual(expect.arrayContaining(['Aba']));
  });
});
