import { afterEach, describe, expect, it } from 'vitest';
import { type StashClient, openStashClient } from '../../src/stash/client.ts';
import {
  type FakeStash,
  type Handler,
  answerScenes,
  json,
  sceneAnswer,
  startFakeStash,
} from './fakeStash.ts';

let stash: FakeStash | undefined;
let client: StashClient | undefined;

afterEach(async () => {
  await client?.close();
  await stash?.close();
});

async function open(handler: Handler): Promise<{ stash: FakeStash; client: StashClient }> {
  stash = await startFakeStash(handler);
  client = openStashClient(stash.connection);
  return { stash, client };
}

/** A Stash that has these scenes and no others. */
function having(...scenes: readonly (readonly [number, unknown])[]): Handler {
  return (asked, response) => json(response, answerScenes(new Map(scenes), asked));
}

describe('reading scenes', () => {
  it('gives a scene with ids as numbers and empty texts as null', async () => {
    const { client } = await open(having([12, sceneAnswer(12, { title: '', studio: null })]));
    expect(await client.scenes([12])).toEqual([
      {
        kind: 'scene',
        scene: {
          id: 12,
          title: null,
          code: null,
          details: null,
          date: '2020-01-02',
          updatedAt: '2026-11-21T10:47:13+01:00',
          director: null,
          organized: false,
          rating100: null,
          cover: 'http://stash:9999/scene/1/screenshot?t=1',
          studio: null,
          tags: [{ id: 3, name: 'Tag', parents: [] }],
          performers: [{ id: 4, name: 'Ann', disambiguation: null }],
          groups: [{ id: 6, name: 'Group' }],
          urls: ['https://example.org/1'],
          files: [{ path: '/data/12.mp4', size: 26671, durationSeconds: 1.5 }],
        },
      },
    ]);
  });

  it('gives what tells studios, tags and performers apart, and all that was typed', async () => {
    const typed = {
      code: 'N-1',
      director: 'Di Rector, Ann Bell',
      organized: true,
      rating100: 85,
      paths: { screenshot: null },
      studio: { id: '1', name: 'Child', parent_studio: { id: '2', name: 'Parent' } },
      tags: [{ id: '3', name: 'Noir', parents: [{ id: '8', name: 'Mood' }] }],
      performers: [{ id: '4', name: 'Ann', disambiguation: 'actress' }],
    };
    const { client } = await open(having([12, sceneAnswer(12, typed)]));
    expect(await client.scenes([12])).toMatchObject([
      {
        scene: {
          code: 'N-1',
          director: 'Di Rector, Ann Bell',
          organized: true,
          rating100: 85,
          cover: '',
          studio: { id: 1, name: 'Child', parent: { id: 2, name: 'Parent' } },
          tags: [{ id: 3, name: 'Noir', parents: [{ id: 8, name: 'Mood' }] }],
          performers: [{ id: 4, name: 'Ann', disambiguation: 'actress' }],
        },
      },
    ]);
  });

  it('[1.2 PROC-06] asks for 50 scenes in one request and answers in the order of the ids', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => 50 - index);
    const { client, stash } = await open(
      having(...ids.map((id) => [id, sceneAnswer(id)] as const)),
    );
    const reads = await client.scenes(ids);
    expect(reads.map((read) => (read.kind === 'scene' ? read.scene.id : read))).toEqual(ids);
    expect(stash.asked).toHaveLength(1);
  });

  it('asks nothing for no scene, and only once for a scene named twice', async () => {
    const { client, stash } = await open(having([7, sceneAnswer(7)]));
    expect(await client.scenes([])).toEqual([]);
    expect(await client.scenes([7, 7])).toHaveLength(1);
    expect(stash.asked.map(({ variables }) => variables)).toEqual([{ id0: '7' }]);
  });

  it.each([[Array.from({ length: 51 }, (_, index) => index + 1)], [[0]], [[1.5]], [[-1]]])(
    'refuses ids that cannot be asked for: %j',
    async (ids) => {
      const { client, stash } = await open(having());
      await expect(client.scenes(ids)).rejects.toMatchObject({ code: 'bad-arguments' });
      expect(stash.asked).toEqual([]);
    },
  );

  it('knows a scene as gone when Stash answers null for it without an error', async () => {
    const { client } = await open(having([1, sceneAnswer(1)]));
    const reads = await client.scenes([1, 99]);
    expect(reads[0]?.kind).toBe('scene');
    expect(reads[1]).toEqual({ kind: 'gone', id: 99 });
  });

  it.each([['2020'], ['2020-07'], ['2024-02-29'], ['2000-02-29']])(
    'takes the date %s as it is',
    async (date) => {
      const { client } = await open(having([2, sceneAnswer(2, { date })]));
      expect(await client.scenes([2])).toMatchObject([{ kind: 'scene', scene: { date } }]);
    },
  );

  it('takes files of more than 4 GB, and a duration that Stash does not know as none', async () => {
    const file = { path: '/data/big.mkv', size: 60_000_000_000, duration: 0 };
    const { client } = await open(having([2, sceneAnswer(2, { files: [file] })]));
    expect(await client.scenes([2])).toMatchObject([
      { scene: { files: [{ size: 60_000_000_000, durationSeconds: null }] } },
    ]);
  });
});

describe('1.0 VALID-01: a scene that is not as Stash documents it', () => {
  it.each([
    ['a number for a text', 'title', { title: 5 }],
    ['a day that no calendar has', 'date', { date: '2024-13-45' }],
    ['a 29 February in a common year', 'date', { date: '2023-02-29' }],
    ['the date that Stash answers for one it cannot read', 'date', { date: '0001-01-01' }],
    ['a date with a time', 'date', { date: '2023-02-01T00:00:00Z' }],
    ['a tag without a name', 'tags.0.name', { tags: [{ id: '3', name: '', parents: [] }] }],
    ['a tag without its parents', 'tags.0.parents', { tags: [{ id: '3', name: 'Tag' }] }],
    [
      'a studio above without a name',
      'studio.parent_studio.name',
      { studio: { id: '1', name: 'S', parent_studio: { id: '2', name: '' } } },
    ],
    [
      'a number for what tells performers apart',
      'performers.0.disambiguation',
      {
        performers: [{ id: '4', name: 'Ann', disambiguation: 5 }],
      },
    ],
    ['no word on whether it is organised', 'organized', { organized: null }],
    ['no list of files', 'files', { files: null }],
    ['no list of links', 'urls', { urls: 'https://example.org' }],
    ['a link that is no text', 'urls.0', { urls: [null] }],
    ['a group that is none', 'groups.0.group', { groups: [{ group: null }] }],
    [
      'a group without a name',
      'groups.0.group.name',
      { groups: [{ group: { id: '6', name: '' } }] },
    ],
    [
      'a size that is no whole number',
      'files.0.size',
      { files: [{ path: '/a', size: 1.5, duration: 1 }] },
    ],
    ['an unreadable time', 'updated_at', { updated_at: 'yesterday' }],
    ['a studio that is none', 'studio', { studio: 5 }],
    ['the id of another scene', 'id', { id: '8' }],
  ])('names the field of a scene with %s, and reads the others', async (_title, field, changes) => {
    const { client } = await open(
      having([1, sceneAnswer(1)], [2, sceneAnswer(2, changes)], [3, sceneAnswer(3)]),
    );
    const reads = await client.scenes([1, 2, 3]);
    expect(reads.map(({ kind }) => kind)).toEqual(['scene', 'invalid', 'scene']);
    expect(reads[1]).toMatchObject({ kind: 'invalid', id: 2, field });
  });

  it('says what is wrong with a field in words', async () => {
    const { client } = await open(having([2, sceneAnswer(2, { date: '2024-13-45' })]));
    expect(await client.scenes([2])).toMatchObject([
      { message: 'date is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD: "2024-13-45"' },
    ]);
  });
});

describe('absence is proven, never assumed', () => {
  it('when Stash reports an error for a scene, none is called gone', async () => {
    const { client } = await open((asked, response) => {
      const errors = [{ message: 'database is locked', path: ['s1'] }];
      json(response, answerScenes(new Map([[1, sceneAnswer(1)]]), asked, { errors }));
    });
    expect(await client.scenes([1, 99])).toMatchObject([
      { kind: 'scene' },
      { kind: 'failed', id: 99, message: 'Stash could not read scene 99: database is locked' },
    ]);
  });

  /** Every scene that is asked for has an error, and the list of ids is answered or not. */
  const allFail = (count: number, listIsRead: boolean): Handler => {
    const errors = Array.from({ length: count }, (_, slot) => ({
      message: 'database is locked',
      path: [`s${slot}`, 'files'],
    }));
    const list = { data: { findScenes: { count: 1, scenes: [{ id: '1' }] } } };
    return (asked, response) => {
      if (/findScenes/.test(asked.query)) {
        json(response, listIsRead ? list : { data: null, errors: [{ message: 'disk I/O error' }] });
      } else {
        json(response, answerScenes(new Map(), asked, { errors }));
      }
    };
  };

  it.each([1, 2])(
    'when Stash fails at all of the %i asked for and can read others: it is theirs',
    async (count) => {
      const { client } = await open(allFail(count, true));
      const ids = [5, 6].slice(0, count);
      const reads = await client.scenes(ids);
      expect(reads).toMatchObject(ids.map((id) => ({ kind: 'failed', id })));
    },
  );

  it.each([1, 2])(
    'when Stash fails at all of the %i asked for and can read nothing: it is Stash',
    async (count) => {
      const { client } = await open(allFail(count, false));
      const reads = client.scenes([5, 6].slice(0, count));
      await expect(reads).rejects.toThrow('disk I/O error');
      await expect(reads).rejects.toMatchObject({ code: 'stash-query-failed' });
    },
  );

  it('when Stash reports an error without saying for what', async () => {
    const { client } = await open((asked, response) => {
      json(response, answerScenes(new Map(), asked, { errors: [{ message: 'x' }] }));
    });
    await expect(client.scenes([5])).rejects.toMatchObject({ code: 'stash-query-failed' });
  });

  it.each([
    ['no data', {}],
    ['null as data', { data: null }],
    ['data without the scene', { data: {} }],
    ['a list', []],
    ['errors that are none', { data: { s0: null }, errors: 'x' }],
  ])('when Stash answers with %s', async (_title, document) => {
    const { client } = await open((_asked, response) => json(response, document));
    await expect(client.scenes([5])).rejects.toMatchObject({ code: 'stash-bad-answer' });
  });
});
