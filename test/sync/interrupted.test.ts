// What a write that was meant and never made leaves behind: nothing that a person does before the
// next life is taken for PlexSync's.
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
    world.plex.library.setByPerson(pair.ratingKey, { genres: ['Scanned'], locked: [] });
  });
  afterEach(async () => {
    await batches.close();
    await world.close();
  });

  const genres = () => world.plex.library.item(pair.ratingKey)?.genres;
  async function push(): Promise<void> {
    const life = await batches.life();
    await life.pushAll();
  }

  it('keeps a list that a person made theirs while the first write of it waited', async () => {
    batches.edit([pair], () => ({ title: 'T', tags: ['A'] }));
    batches.atCall = ({ what, when }) =>
      what === 'edit' && when === 'before' ? 'kill' : undefined;
    await push();
    batches.atCall = () => {};
    world.plex.library.setByPerson(pair.ratingKey, { genres: ['Scanned', 'Mine'] });
    await push();
    expect(genres()).toEqual(['Scanned', 'Mine']);
    batches.edit([pair], () => ({ tags: ['A', 'B'] }));
    await push();
    expect(genres()).toEqual(['Scanned', 'Mine']);
  });

  it('finishes the first write of a list that nobody touched meanwhile', async () => {
    for (const when of ['before', 'after'] as const) {
      batches.edit([pair], () => ({ title: 'T', tags: ['A'] }));
      batches.atCall = (call) => (call.what === 'edit' && call.when === when ? 'kill' : undefined);
      await push();
    }
    batches.atCall = () => {};
    await push();
    expect(genres()).toEqual(['A']);
    batches.edit([pair], () => ({ tags: ['B'] }));
    await push();
    expect(genres()).toEqual(['B']);
  });
});
