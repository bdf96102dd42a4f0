// The three-way decision about one value: what was pushed, what Plex has, what Stash wants.
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/mirror/diff.ts';
import { nothingBefore, nothingPushed, type PushedValues } from '../../src/domain/mirror/values.ts';
import { type ScalarField, scalarFields } from '../../src/domain/base/plexItem.ts';
import {
  desired,
  itemOf,
  newWorld,
  personTypes,
  plexRefreshes,
  serverModes,
  sync,
} from './plexModel.ts';

const mode = serverModes[0] ?? { tags: 'append', caseSensitive: false };

interface Case {
  readonly what: string;
  readonly pushed?: string;
  readonly intent?: string;
  readonly plex: string;
  readonly locked: boolean;
  readonly stash: string;
  /** What is written; null = nothing. */
  readonly write: string | null;
  readonly kept?: true;
}

const table: readonly Case[] = [
  // First contact.
  { what: 'an empty unlocked field is filled', plex: '', locked: false, stash: 'A', write: 'A' },
  { what: "the scanner's value is replaced", plex: 's', locked: false, stash: 'A', write: 'A' },
  { what: "the scanner's value is not cleared", plex: 's', locked: false, stash: '', write: null },
  { what: "a person's is kept", plex: 'p', locked: true, stash: 'A', write: null, kept: true },
  { what: "a person's is kept", plex: 'p', locked: true, stash: '', write: null, kept: true },
  {
    what: 'a locked empty one is kept',
    plex: '',
    locked: true,
    stash: 'A',
    write: null,
    kept: true,
  },
  { what: 'an equal one is adopted', plex: 'A', locked: false, stash: 'A', write: null },
  { what: 'an equal locked one is adopted', plex: 'A', locked: true, stash: 'A', write: null },
  { what: 'nothing on both sides is no work', plex: '', locked: false, stash: '', write: null },
  // Ours.
  { what: 'ours follows Stash', pushed: 'A', plex: 'A', locked: true, stash: 'B', write: 'B' },
  { what: 'ours, unlocked, too', pushed: 'A', plex: 'A', locked: false, stash: 'B', write: 'B' },
  { what: 'ours stays', pushed: 'A', plex: 'A', locked: true, stash: 'A', write: null },
  { what: 'ours is cleared', pushed: 'A', plex: 'A', locked: true, stash: '', write: '' },
  { what: 'ours, cleared, is filled', pushed: '', plex: '', locked: true, stash: 'B', write: 'B' },
  // Changed in Plex.
  {
    what: "a person's edit is kept",
    pushed: 'A',
    plex: 'p',
    locked: true,
    stash: 'A',
    write: null,
    kept: true,
  },
  {
    what: "a person's edit is kept",
    pushed: 'A',
    plex: 'p',
    locked: true,
    stash: 'B',
    write: null,
    kept: true,
  },
  {
    what: "a person's edit is kept",
    pushed: 'A',
    plex: 'p',
    locked: true,
    stash: '',
    write: null,
    kept: true,
  },
  {
    what: "a person's clearing is kept",
    pushed: 'A',
    plex: '',
    locked: true,
    stash: 'A',
    write: null,
    kept: true,
  },
  { what: 'a refresh is replaced', pushed: 'A', plex: 's', locked: false, stash: 'A', write: 'A' },
  { what: 'a refresh is replaced', pushed: 'A', plex: 's', locked: false, stash: 'B', write: 'B' },
  {
    what: 'a refresh is not cleared',
    pushed: 'A',
    plex: 's',
    locked: false,
    stash: '',
    write: null,
  },
  // Both sides came to the same.
  {
    what: 'the same on both sides is adopted',
    pushed: 'A',
    plex: 'B',
    locked: true,
    stash: 'B',
    write: null,
  },
  {
    what: 'cleared on both sides is no work',
    pushed: 'A',
    plex: '',
    locked: true,
    stash: '',
    write: null,
  },
  // Died in between.
  {
    what: 'a write that was applied is ours',
    pushed: 'A',
    intent: 'B',
    plex: 'B',
    locked: true,
    stash: 'C',
    write: 'C',
  },
  {
    what: 'one that was not applied, too',
    pushed: 'A',
    intent: 'B',
    plex: 'A',
    locked: true,
    stash: 'B',
    write: 'B',
  },
  {
    what: 'a first write that was applied is ours',
    intent: 'B',
    plex: 'B',
    locked: true,
    stash: 'C',
    write: 'C',
  },
  {
    what: 'a first one is cleared as well',
    intent: 'B',
    plex: 'B',
    locked: true,
    stash: '',
    write: '',
  },
  {
    what: 'a person after a crash is kept',
    pushed: 'A',
    intent: 'B',
    plex: 'p',
    locked: true,
    stash: 'B',
    write: null,
    kept: true,
  },
];

const only = (field: ScalarField, value: string | undefined): PushedValues => ({
  scalars: value === undefined ? {} : { [field]: value },
  tags: {},
});
const known = (pushed: PushedValues, intent = pushed) => ({
  pushed,
  intent,
  before: nothingBefore,
});

describe.each(scalarFields)('the decision about %s', (field) => {
  it.each(table)(
    '$what (pushed $pushed, meant $intent, Plex "$plex" locked $locked, Stash "$stash")',
    ({ pushed, intent, plex, locked, stash, write, kept }) => {
      const world = newWorld({ [field]: plex }, {}, locked ? [field] : []);
      const decision = decide(
        desired({ [field]: stash }),
        itemOf(world),
        known(only(field, pushed), only(field, intent ?? pushed)),
      );
      // An empty title is never sent: Plex would fall back to the file's name.
      const isTitle = field === 'title' || field === 'titleSort';
      const expected = isTitle && write === '' ? null : write;
      expect(decision.edit?.scalars[field] ?? null).toBe(expected);
      expect(decision.edit === null).toBe(expected === null);
      if (expected !== null) expect(decision.edit?.locks).toEqual({ [field]: true });
      expect(decision.kept).toEqual(kept === true ? [field] : []);
      expect(decision.stale).toEqual({});
      if (expected !== null) {
        expect(decision.pushedAfter.scalars[field]).toBe(expected);
        expect(decision.intent.scalars[field]).toBe(expected);
      }
    },
  );
});

describe('a value', () => {
  it('counts as equal whatever its line endings, outer blanks and composition', () => {
    const world = newWorld({ summary: 'Cafe\u0301\r\nbar ' });
    const { edit, pushedAfter } = decide(
      desired({ summary: 'Café\nbar' }),
      itemOf(world),
      known(nothingPushed),
    );
    expect(edit).toBeNull();
    expect(pushedAfter.scalars.summary).toBe('Café\nbar');
  });

  it('that is empty on both sides is still a first contact when Stash has one later', () => {
    const first = sync(newWorld(), desired(), mode).world;
    expect(first.pushed.scalars).toEqual({});
    const person = personTypes(first, 'studio', 'Mine');
    const second = sync(person, desired({ studio: 'Theirs' }), mode);
    expect(second.edit).toBeNull();
    expect(second.world.scalars.studio).toBe('Mine');
  });

  it('of a person is given up for Stash only when the person puts ours back', () => {
    let world = sync(newWorld(), desired({ studio: 'A' }), mode).world;
    world = sync(personTypes(world, 'studio', 'P'), desired({ studio: 'B' }), mode).world;
    expect(world.scalars.studio).toBe('P');
    world = sync(personTypes(world, 'studio', 'A'), desired({ studio: 'B' }), mode).world;
    expect(world.scalars.studio).toBe('B');
  });

  it('comes back after a refresh of Plex, and is locked by it', () => {
    const before = sync(newWorld({ title: 'file' }), desired({ title: 'A' }), mode).world;
    expect([...before.locked]).toEqual(['title']);
    const scanned = newWorld({ title: 'file' });
    const unlocked = plexRefreshes({ ...before, locked: new Set() }, scanned);
    expect(unlocked.scalars.title).toBe('file');
    const after = sync(unlocked, desired({ title: 'A' }), mode).world;
    expect(after.scalars.title).toBe('A');
    expect(after.locked.has('title')).toBe(true);
  });

  it('of one field is decided without a look at the others', () => {
    const world = newWorld({ title: 'p', summary: 's', studio: 'A' }, {}, ['title', 'studio']);
    const decision = decide(
      desired({ title: 'T', summary: 'S', studio: 'B', originallyAvailableAt: '2020-01-01' }),
      itemOf(world),
      known(only('studio', 'A')),
    );
    expect(decision.edit).toEqual({
      scalars: { summary: 'S', studio: 'B', originallyAvailableAt: '2020-01-01' },
      tags: {},
      removeTags: {},
      locks: { summary: true, studio: true, originallyAvailableAt: true },
    });
    expect(decision.kept).toEqual(['title']);
  });
});
