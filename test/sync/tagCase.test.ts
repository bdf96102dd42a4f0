// A Plex that tells `Noir` from `noir` can have both in one item: PlexSync's and a person's. The one
// goes with Stash, the other stays, whatever PlexSync does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorld, type Pair, type World } from '../helpers/world.ts';
import { type Batches, openBatches } from './batches.ts';

describe.each(['append', 'replace'] as const)(
  'a person’s `noir` beside PlexSync’s `Noir`, in a Plex that tells them apart (tags: %s)',
  (tagMode) => {
    let world: World;
    let batches: Batches;
    beforeEach(async () => {
      world = await openWorld({ plex: { switches: { tagMode, tagCase: 'exact' } } });
      batches = await openBatches(world);
    });
    afterEach(async () => {
      await batches.close();
      await world.close();
    });

    const genres = ({ ratingKey }: Pair) => world.plex.library.item(ratingKey)?.genres ?? [];
    async function push(): Promise<void> {
      const life = await batches.life();
      await life.pushAll();
    }

    /** Items with tags of ours, and one of a person's beside them. */
    async function begin(count: number): Promise<readonly Pair[]> {
      const pairs = world.addPairs(count);
      batches.edit(pairs, (_, at) => ({ title: `T ${at}`, tags: ['Noir', `Own ${at}`] }));
      await push();
      for (const [at, { ratingKey }] of pairs.entries()) {
        const all = ['Noir', 'noir', `Own ${at}`];
        world.plex.library.setByPerson(ratingKey, { genres: all });
      }
      return pairs;
    }

    it.each([1, 12])('stays when Stash has Noir no more (scenes: %i)', async (count) => {
      const pairs = await begin(count);
      batches.edit(pairs, (_, at) => ({ tags: [`Own ${at}`] }));
      await push();
      for (const [at, pair] of pairs.entries()) {
        expect(genres(pair).toSorted()).toEqual([`Own ${at}`, 'noir']);
      }
    });

    it('stays when another tag comes or goes, and so does ours', async () => {
      const pairs = await begin(12);
      batches.edit(pairs, (_, at) => ({ tags: ['Noir', `Own ${at}`, 'More'] }));
      await push();
      for (const [at, pair] of pairs.entries()) {
        expect(genres(pair).toSorted()).toEqual(['More', 'Noir', `Own ${at}`, 'noir']);
      }
      batches.edit(pairs, () => ({ tags: ['Noir', 'More'] }));
      await push();
      for (const pair of pairs) expect(genres(pair).toSorted()).toEqual(['More', 'Noir', 'noir']);
      batches.edit(pairs, () => ({ tags: ['Other'] }));
      await push();
      for (const pair of pairs) expect(genres(pair).toSorted()).toEqual(['Other', 'noir']);
    });

    it('stays when Stash writes its own in another case, and drops it then', async () => {
      const pairs = await begin(1);
      batches.edit(pairs, (_, at) => ({ tags: ['NOIR', `Own ${at}`] }));
      await push();
      for (const pair of pairs) expect(genres(pair)).toEqual(expect.arrayContaining(['noir']));
      batches.edit(pairs, (_, at) => ({ tags: ['noir', `Own ${at}`] }));
      await push();
      batches.edit(pairs, (_, at) => ({ tags: [`Own ${at}`] }));
      await push();
      for (const pair of pairs) expect(genres(pair).toSorted()).toEqual(['Own 0', 'noir']);
    });
  },
);
