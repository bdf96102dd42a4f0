import { describe, expect, it } from 'vitest';
import { type Groupable, groupEdits, mayBeFewer } from '../../src/domain/mirror/grouping.ts';
import type { ItemEdit, TagField } from '../../src/domain/base/plexItem.ts';
import { probeOf, readProbe, replacedAfterAll } from '../../src/domain/mirror/tagMode.ts';

type Tags = Readonly<Partial<Record<TagField, readonly string[]>>>;

interface Job extends Groupable {
  readonly name: string;
}

let made = 0;

function allTags(some: Tags): Groupable['item']['tags'] {
  const none: readonly string[] = [];
  return {
    genre: none,
    label: none,
    actor: none,
    director: none,
    collection: none,
    ...some,
  };
}

function job(
  name: string,
  has: Tags,
  edit: Partial<ItemEdit> | null,
  more: { readonly stale?: Tags; readonly section?: string; readonly key?: string } = {},
): Job {
  made += 1;
  const { stale = {}, section = '1', key = String(1000 + made) } = more;
  return {
    name,
    item: { ratingKey: key, sectionId: section, tags: allTags(has) },
    decision: {
      edit: edit === null ? null : { scalars: {}, tags: {}, removeTags: {}, locks: {}, ...edit },
      stale,
    },
  };
}

function grouped(
  jobs: readonly Job[],
  modes: Parameters<typeof groupEdits>[1] = {},
  goesAlone?: (one: Job) => boolean,
): readonly string[] {
  return groupEdits(jobs, modes, goesAlone).map((group) =>
    group.jobs.map(({ name }) => name).join(''),
  );
}

const lock = { genre: true };
/** A tag added to what the item has. */
function adding(name: string, has: readonly string[], tag: string): Job {
  return job(name, { genre: has }, { tags: { genre: [...has, tag] }, locks: lock });
}

describe('writes of a batch in as few requests as there can be', () => {
  it('takes equal scalars and locks together, and others on their own, in the order of the batch', () => {
    const studio = { scalars: { studio: 'New' }, locks: { studio: true } };
    const titled = { ...studio, scalars: { ...studio.scalars, title: 'T' } };
    const jobs = [
      job('a', {}, studio),
      job('b', {}, titled),
      job('c', { genre: ['X'] }, studio),
      job('d', {}, null),
      job('e', {}, { ...studio, locks: { studio: false } }),
      job('f', {}, studio),
    ];
    expect(grouped(jobs)).toEqual(['acf', 'b', 'e']);
  });

  it('does not mind in which order an edit names its fields', () => {
    const jobs = [
      job('a', {}, { scalars: { title: 'T', studio: 'S' } }),
      job('b', {}, { scalars: { studio: 'S', title: 'T' } }),
    ];
    expect(grouped(jobs)).toEqual(['ab']);
  });

  it('keeps libraries apart, and rows that are to go alone', () => {
    const edit = { scalars: { studio: 'New' } };
    const jobs = [
      job('a', {}, edit),
      job('b', {}, edit, { section: '2' }),
      job('c', {}, edit),
      job('d', {}, edit),
    ];
    expect(grouped(jobs, {}, ({ name }) => name === 'c')).toEqual(['ad', 'b', 'c']);
  });

  it('never names more than fifty items, nor ids of more than 900 bytes', () => {
    const edit = { scalars: { studio: 'New' } };
    const short = Array.from({ length: 120 }, () => job('x', {}, edit));
    expect(groupEdits(short, {}).map(({ jobs }) => jobs.length)).toEqual([50, 50, 20]);
    const long = Array.from({ length: 50 }, (_, at) =>
      job('x', {}, edit, { key: `${1_000_000_000_000_000 + at}777` }),
    );
    const sizes = groupEdits(long, {}).map(({ jobs }) => jobs.length);
    expect(sizes).toEqual([40, 10]);
  });

  it.each([{}, { genre: 'replace' }, { actor: 'append' }] as const)(
    'takes tags together only where the whole lists are equal, knowing %j',
    (modes) => {
      const jobs = [
        adding('a', ['X'], 'New'),
        adding('b', ['Y'], 'New'),
        adding('c', ['X'], 'New'),
        job('d', { genre: ['X', 'Mine'] }, { tags: { genre: ['X', 'New'] }, locks: lock }),
      ];
      expect(grouped(jobs, modes)).toEqual(['acd', 'b']);
      const [first] = groupEdits(jobs, modes);
      expect(first?.edit.tags).toEqual({ genre: ['X', 'New'] });
    },
  );

  it('sends what comes alone where the server is known to append', () => {
    const jobs = [
      adding('a', ['X'], 'New'),
      adding('b', ['Y', 'Mine'], 'New'),
      adding('c', [], 'New'),
      adding('d', ['X'], 'Other'),
    ];
    const groups = groupEdits(jobs, { genre: 'append' });
    expect(groups.map(({ jobs: members }) => members.length)).toEqual([3, 1]);
    expect(groups[0]?.edit).toMatchObject({
      tags: { genre: ['New'] },
      removeTags: {},
      locks: lock,
    });
    // On its own it gets the whole list: right whatever the server does.
    expect(groups[1]?.edit.tags).toEqual({ genre: ['X', 'Other'] });
  });

  it('takes removals of the same tags together, as Plex spells them', () => {
    const removing = (name: string, has: readonly string[]): Job =>
      job(
        name,
        { genre: has },
        { tags: { genre: has.filter((tag) => tag.toLowerCase() !== 'old') }, locks: lock },
        { stale: { genre: ['Old'] } },
      );
    const jobs = [
      removing('a', ['X', 'Old']),
      removing('b', ['Old', 'Y', 'Z']),
      removing('c', ['X', 'old']),
    ];
    const groups = groupEdits(jobs, { genre: 'append' });
    expect(groups.map(({ jobs: members }) => members.length)).toEqual([2, 1]);
    expect(groups[0]?.edit).toMatchObject({
      tags: {},
      removeTags: { genre: ['Old'] },
      locks: lock,
    });
    expect(groups[1]?.edit.removeTags).toEqual({});
    // Not known: a and c want the same list.
    expect(grouped(jobs)).toEqual(['ac', 'b']);
  });

  it('leaves a list as it is that neither adds nor takes away: it is sent for its order', () => {
    const reordered = (name: string, has: readonly string[]): Job =>
      job(name, { actor: has }, { tags: { actor: ['B', 'A'] }, locks: { actor: true } });
    const jobs = [reordered('a', ['A', 'B']), reordered('b', ['A', 'B'])];
    expect(groupEdits(jobs, { actor: 'append' })[0]?.edit.tags).toEqual({ actor: ['B', 'A'] });
  });

  it('takes equal whole lists together also where different tags come to the items', () => {
    const towards = (name: string, has: readonly string[]): Job =>
      job(name, { genre: has }, { tags: { genre: ['X', 'Y'] }, locks: lock });
    expect(grouped([towards('a', ['X']), towards('b', ['Y'])], { genre: 'append' })).toEqual([
      'ab',
    ]);
  });
});

describe('a write that tells whether the server appends or replaces', () => {
  const probable = (
    has: readonly string[],
    list: readonly string[],
    own: readonly string[],
    stale: readonly string[] = [],
  ): Parameters<typeof probeOf>[0] => {
    const { item, decision } = job('p', { genre: has }, { tags: { genre: list }, locks: lock });
    return {
      item,
      decision: { ...decision, stale: { genre: stale }, pushedBefore: { tags: { genre: own } } },
    };
  };

  it('is the usual one where a tag of ours is to go, also beside tags of a person', () => {
    const job = probable(['Old', 'Mine'], ['New', 'Mine'], [], ['Old']);
    const probe = probeOf(job, 'genre');
    expect(probe).toMatchObject({ witnesses: ['Old'], atStake: [] });
    expect(probe?.edit).toBe(job.decision.edit);
  });

  it('names the new tags alone where all tags in the item are ours', () => {
    const probe = probeOf(probable(['A', 'B'], ['A', 'B', 'New'], ['a', 'b']), 'genre');
    expect(probe).toMatchObject({ added: ['New'], atStake: ['A', 'B'] });
    expect(probe?.edit.tags).toEqual({ genre: ['New'] });
  });

  it.each([
    ['a tag of a person is there', ['A', 'Mine'], ['A', 'Mine', 'New'], ['A']],
    ['nothing is there', [], ['New'], []],
    ['nothing comes', ['A', 'B'], ['A'], ['A', 'B']],
  ])('is none where %s', (_, has, list, own) => {
    expect(probeOf(probable(has, list, own), 'genre')).toBeNull();
  });

  it('is read only where the new tags are there, and the others all there or all gone', () => {
    const probe = probeOf(probable(['A', 'B'], ['A', 'B', 'New'], ['A', 'B']), 'genre');
    if (probe === null) throw new Error('no probe');
    const read = (genre: readonly string[]): unknown =>
      readProbe(probe, { tags: allTags({ genre }) });
    expect(read(['A', 'B', 'New'])).toBe('append');
    expect(read(['new'])).toBe('replace');
    expect(read(['A', 'New'])).toBeNull();
    expect(read(['A', 'B'])).toBeNull();
    expect(read([])).toBeNull();
  });

  it('shows afterwards where the knowledge was wrong', () => {
    const job = probable(['Mine'], ['Mine', 'New'], []);
    expect(replacedAfterAll(job, { tags: allTags({ genre: ['New'] }) })).toEqual(['genre']);
    expect(replacedAfterAll(job, { tags: allTags({ genre: ['Mine', 'New'] }) })).toEqual([]);
    expect(replacedAfterAll(job, { tags: allTags({ genre: [] }) })).toEqual([]);
  });
});

describe('whether it is worth knowing how Plex takes tags', () => {
  const all = (jobs: readonly Job[], spare = 1): boolean => mayBeFewer(jobs, spare, () => false);

  it('is not where every scene differs in something else as well', () => {
    const jobs = ['a', 'b', 'c', 'd'].map((name) =>
      job(name, { genre: [name] }, { scalars: { title: name }, tags: { genre: [name, 'New'] } }),
    );
    expect(all(jobs)).toBe(false);
    expect(groupEdits(jobs, { genre: 'append' })).toHaveLength(4);
  });

  it('may be where only tags differ, if it saves more than it costs', () => {
    const jobs = ['a', 'b', 'c'].map((name) => adding(name, [name], 'New'));
    expect(all(jobs)).toBe(true);
    expect(all(jobs, 2)).toBe(false);
    expect(all(jobs.slice(1))).toBe(false);
    expect(mayBeFewer(jobs, 1, ({ name }) => name === 'a')).toBe(false);
  });
});
