// What a person's rule for a field changes: fill once, leave alone, or give back.
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/mirror/diff.ts';
import { nothingBefore, nothingPushed } from '../../src/domain/mirror/values.ts';
import {
  fields,
  type ScalarField,
  scalarFields,
  tagFields,
} from '../../src/domain/base/plexItem.ts';
import { releaseEdit } from '../../src/domain/mirror/release.ts';
import {
  applyEdit,
  crashes,
  desired,
  itemOf,
  newWorld,
  personTags,
  personTypes,
  plexRefreshes,
  serverModes,
  sync,
  unlock,
  visible,
  type World,
} from './plexModel.ts';

const mode = serverModes[0] ?? { tags: 'append', caseSensitive: false };
const synced = (world: World, wanted: ReturnType<typeof desired>): World =>
  sync(world, wanted, mode).world;
const fill = { studio: 'fill', genre: 'fill' } as const;
const off = { studio: 'off', genre: 'off' } as const;
const untouched = { studio: 'untouched', genre: 'untouched' } as const;
const stash = (studio: string, genre: readonly string[], rules = {}) =>
  desired({ studio }, { genre }, rules);

describe('a field that is to be filled', () => {
  it('is written where Plex has nothing, and locked', () => {
    const world = synced(newWorld(), stash('A', ['a'], fill));
    expect(world.scalars.studio).toBe('A');
    expect(world.tags.genre).toEqual(['a']);
    expect([...world.locked].toSorted()).toEqual(['genre', 'studio']);
  });

  it('is left alone where Plex has something, locked or not', () => {
    for (const locked of [[], ['studio', 'genre'] as const]) {
      const found = newWorld({ studio: 's' }, { genre: ['s'] }, locked);
      const { edit } = sync(found, stash('A', ['a'], fill), mode);
      expect(edit).toBeNull();
    }
  });

  it('is left alone where a person locked it while it was empty', () => {
    const { edit } = sync(newWorld({}, {}, ['studio', 'genre']), stash('A', ['a'], fill), mode);
    expect(edit).toBeNull();
  });

  it('is filled once: it follows neither a change nor a removal in Stash', () => {
    const filled = synced(newWorld(), stash('A', ['a'], fill));
    expect(sync(filled, stash('B', ['b'], fill), mode).edit).toBeNull();
    expect(sync(filled, stash('', [], fill), mode).edit).toBeNull();
  });

  it('is not filled again after a person emptied it', () => {
    let world = synced(newWorld(), stash('A', ['a'], fill));
    world = personTags(personTypes(world, 'studio', ''), 'genre', []);
    expect(sync(world, stash('A', ['a', 'b'], fill), mode).edit).toBeNull();
  });

  it('follows Stash again, as ours, once it is mirrored', () => {
    let world = synced(newWorld(), stash('A', ['a'], fill));
    world = synced(world, stash('B', ['b'], fill));
    world = synced(world, stash('B', ['b']));
    expect([world.scalars.studio, world.tags.genre]).toEqual(['B', ['b']]);
  });

  it('is a title only where Plex shows the name of the file, and nobody locked it', () => {
    const parts = [{ file: '/data/night.train-01.mp4', size: 1, durationMs: 1 }];
    const filled = (title: string, locked: readonly 'title'[] = []) => {
      const known = { pushed: nothingPushed, intent: nothingPushed, before: nothingBefore };
      const item = { ...itemOf(newWorld({ title }, {}, locked)), parts };
      return decide(desired({ title: 'T' }, {}, { title: 'fill' }), item, known).edit;
    };
    for (const name of ['night.train-01', 'Night Train 01', '']) {
      expect(filled(name)?.scalars).toEqual({ title: 'T' });
    }
    expect(filled('Another name')).toBeNull();
    expect(filled('Night Train 01', ['title'])).toBeNull();
  });

  it('is a sort title only where Plex sorts by the title', () => {
    const wanted = desired({ title: 'T', titleSort: 'Z' }, {}, { titleSort: 'fill' });
    const plain = newWorld({ title: 'file', titleSort: 'file' });
    expect(sync(plain, wanted, mode).edit?.scalars.titleSort).toBe('Z');
    const sorted = newWorld({ title: 'file', titleSort: 'own' });
    expect(sync(sorted, wanted, mode).edit?.scalars.titleSort).toBeUndefined();
  });

  it.each(crashes)('is filled all the same by the next sync after one that died %s', (crash) => {
    const wanted = stash('A', ['a'], fill);
    const died = sync(newWorld(), wanted, mode, crash).world;
    expect(visible(synced(died, wanted))).toEqual(visible(synced(newWorld(), wanted)));
  });
});

describe('a field that is off', () => {
  const ours = synced(newWorld({ studio: 'scan' }, { genre: ['s'] }), stash('A', ['a']));
  const record = (world: World): unknown =>
    [world.pushed, world.intent, world.before].map((values) => [
      values.scalars.studio,
      values.tags.genre,
    ]);
  const nothing = [1, 2, 3].map(() => [undefined, undefined]);

  it('is never written to', () => {
    expect(sync(newWorld(), stash('A', ['a'], off), mode).edit).toBeNull();
  });

  it('keeps its value and loses the lock that PlexSync set', () => {
    const { edit, world } = sync(ours, stash('B', ['b'], off), mode);
    expect(edit).toEqual({
      scalars: {},
      tags: {},
      removeTags: {},
      locks: { studio: false, genre: false },
    });
    expect([world.scalars.studio, world.tags.genre]).toEqual(['A', ['a']]);
    expect(world.locked.size).toBe(0);
  });

  it('is forgotten once it is released: the next sync knows nothing of it and writes nothing', () => {
    const released = synced(ours, stash('B', ['b'], off));
    const second = sync(released, stash('B', ['b'], off), mode);
    expect(second.edit).toBeNull();
    expect(record(second.world)).toEqual(nothing);
    expect(second.world.before).toEqual(nothingBefore);
  });

  it.each(crashes)('is released although the worker died %s', (crash) => {
    const died = sync(ours, stash('B', ['b'], off), mode, crash).world;
    const finished = synced(synced(died, stash('B', ['b'], off)), stash('B', ['b'], off));
    expect(finished.locked.size).toBe(0);
    expect(record(finished)).toEqual(nothing);
  });

  it('loses the lock that PlexSync set on a value which it had found and later changed', () => {
    const adopted = synced(newWorld({ studio: 'A' }), stash('A', []));
    const changed = synced(adopted, stash('B', []));
    expect(changed.locked).toContain('studio');
    expect(synced(changed, stash('B', [], off)).locked.size).toBe(0);
  });

  it('keeps a lock that was there before PlexSync came', () => {
    let world = newWorld({ studio: 'A' }, { genre: ['a'] }, ['studio', 'genre']);
    world = synced(world, stash('A', ['a']));
    world = synced(world, stash('A', ['a'], off));
    expect([...world.locked].toSorted()).toEqual(['genre', 'studio']);
    expect(record(world)).toEqual(nothing);
  });

  it('keeps a lock that was there before PlexSync came, also after writing under it', () => {
    let world = synced(newWorld({}, { genre: ['a'] }, ['genre']), stash('', ['a']));
    world = synced(world, stash('', ['a', 'b']));
    expect(world.tags.genre).toEqual(['a', 'b']);
    expect(synced(world, stash('', ['a', 'b'], off)).locked.has('genre')).toBe(true);
  });

  it("keeps the lock over a person's value, over a tag they added and one they took away", () => {
    const typed = personTypes(ours, 'studio', 'mine');
    const more = synced(newWorld(), stash('', ['a', 'b']));
    for (const [world, field] of [
      [typed, 'studio'],
      [personTags(ours, 'genre', ['a', 'p']), 'genre'],
      [personTags(more, 'genre', ['b']), 'genre'],
    ] as const) {
      const released = synced(world, stash('A', ['a', 'b'], off));
      expect(released.locked.has(field)).toBe(true);
    }
  });

  it('is met for the first time again when it is switched on again', () => {
    let world = synced(ours, stash('A', ['a'], off));
    world = synced(world, stash('A', ['a'], off));
    world = personTypes(world, 'studio', 'mine');
    world = synced(world, stash('B', ['b']));
    expect(world.scalars.studio).toBe('mine');
    expect(world.tags.genre).toEqual(['b']);
  });

  it('is not brought back by a later withdrawal', () => {
    const off2 = synced(synced(ours, stash('A', ['a'], off)), stash('A', ['a'], off));
    expect(off2.before).toEqual(nothingBefore);
  });
});

describe('a field about which a scene has nothing to say', () => {
  it('is neither written nor cleared nor released, and stays known as ours', () => {
    const ours = synced(newWorld(), stash('A', ['a']));
    const { edit, world } = sync(ours, stash('', [], untouched), mode);
    expect(edit).toBeNull();
    expect(world).toEqual(ours);
    expect(synced(world, stash('B', ['b'])).scalars.studio).toBe('B');
  });

  it('is not adopted where Plex has something by itself', () => {
    const found = newWorld({ studio: 's' }, { genre: ['s'] });
    expect(sync(found, stash('', [], untouched), mode).world).toEqual(found);
  });
});

describe.each(['label', 'collection'] as const)('the list %s', (field) => {
  const wants = (...tags: string[]) => desired({}, { [field]: tags });

  it.each(serverModes)(
    'is added to at first contact, and what is there stays ($tags, $caseSensitive)',
    (server) => {
      const found = newWorld({}, { [field]: ['Favourites'] });
      let { world } = sync(found, wants('Studio', 'Favourites'), server);
      expect(world.tags[field].toSorted()).toEqual(['Favourites', 'Studio']);
      expect(world.pushed.tags[field]).toEqual(['Studio']);
      world = sync(world, wants(), server).world;
      expect(world.tags[field]).toEqual(['Favourites']);
    },
  );

  it('is kept as it is where a person locked it', () => {
    const decision = decide(wants('Studio'), itemOf(newWorld({}, { [field]: ['Mine'] }, [field])), {
      pushed: nothingPushed,
      intent: nothingPushed,
      before: nothingBefore,
    });
    expect([decision.edit, decision.kept]).toEqual([null, [field]]);
  });

  it('is adopted where Plex has the very same', () => {
    const found = newWorld({}, { [field]: ['studio'] });
    const { edit, world } = sync(found, wants('Studio'), mode);
    expect([edit, world.pushed.tags[field]]).toEqual([null, ['studio']]);
  });
});

describe('releasing every lock of PlexSync', () => {
  const values = (of: string): Record<ScalarField, string> => ({
    title: of,
    titleSort: of,
    summary: of,
    originallyAvailableAt: of,
    studio: of,
    contentRating: of,
  });
  const lists = (of: string) => ({
    genre: [of],
    label: [of],
    actor: [of],
    director: [of],
    collection: [of],
  });

  it('unlocks each field that it locked, changes no value, and is done after one time', () => {
    const world = synced(newWorld(values('s')), desired(values('A'), lists('a')));
    expect(world.locked.size).toBe(fields.length);
    const edit = releaseEdit(itemOf(world), world);
    if (edit === null) throw new Error('nothing to release');
    const after = applyEdit(world, edit, mode);
    expect(after.locked.size).toBe(0);
    for (const field of scalarFields) expect(after.scalars[field]).toBe('A');
    for (const field of tagFields) expect(after.tags[field]).toEqual(['a']);
    expect(releaseEdit(itemOf(after), after)).toBeNull();
  });

  it('leaves locks of which it does not know that they are ours', () => {
    const world = synced(newWorld(values('A'), {}, fields), desired(values('A')));
    expect(releaseEdit(itemOf(world), world)).toBeNull();
    const refreshed = plexRefreshes(unlock(world, 'title'), newWorld());
    expect(releaseEdit(itemOf(refreshed), refreshed)).toBeNull();
  });
});
