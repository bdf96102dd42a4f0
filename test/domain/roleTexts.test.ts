// The role beside an actor's name is never PlexSync's own, and stays whatever becomes of the list.
import { describe, expect, it } from 'vitest';
import { groupEdits } from '../../src/domain/mirror/grouping.ts';
import type { ItemEdit, PlexItem, RoleTexts } from '../../src/domain/base/plexItem.ts';
import { withRoleTexts } from '../../src/domain/mirror/roleTexts.ts';
import { probeOf } from '../../src/domain/mirror/tagMode.ts';
import { fieldByField } from '../../src/sync/write/compare.ts';

const noTags = { genre: [], label: [], director: [], collection: [] };

function job(actors: readonly string[], roleTexts: RoleTexts, list: readonly string[], key = '7') {
  const item: Pick<PlexItem, 'ratingKey' | 'sectionId' | 'tags' | 'roleTexts'> = {
    ratingKey: key,
    sectionId: '1',
    tags: { ...noTags, actor: actors },
    roleTexts,
  };
  const bare: ItemEdit = {
    scalars: {},
    tags: { actor: list },
    removeTags: {},
    locks: { actor: true },
  };
  const pushedBefore = { tags: { actor: actors } };
  return { item, decision: { edit: withRoleTexts(bare, item), stale: {}, pushedBefore } };
}

describe('the role of an actor', () => {
  it('goes along with the list that names the actor, and with no other', () => {
    const { edit } = job(['Ann', 'Bo'], { Ann: 'Captain', Bo: 'Cook' }, ['Ann', 'New']).decision;
    expect(edit.roleTexts).toEqual({ Ann: 'Captain' });
    expect(fieldByField({ edit }, ['actor'])[0]?.roleTexts).toEqual({ Ann: 'Captain' });
  });

  it('keeps writes apart that are equal but for it, unless Plex is known to append', () => {
    const jobs = ['Captain', 'Cook'].map((role, at) =>
      job(['Ann'], { Ann: role }, ['Ann', 'New'], String(at + 1)),
    );
    expect(groupEdits(jobs, {})).toHaveLength(2);
    const [together, ...more] = groupEdits(jobs, { actor: 'append' });
    expect(more).toEqual([]);
    expect(together?.edit).toMatchObject({ tags: { actor: ['New'] } });
    expect(together?.edit.roleTexts).toBeUndefined();
  });

  it('is not put at stake to learn how Plex takes actors', () => {
    expect(probeOf(job(['Ann'], {}, ['Ann', 'New']), 'actor')?.atStake).toEqual(['Ann']);
    expect(probeOf(job(['Ann'], { Ann: 'Captain' }, ['Ann', 'New']), 'actor')).toBeNull();
  });
});
