// "History" as Stash's `runPluginOperation` asks for it, by a real process that is given the envelope.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { historyAnswer } from '../../src/contract/history.ts';
import { type Change, recordChanges } from '../../src/store/mirror/change.ts';
import { putSceneTitle } from '../../src/store/mirror/sceneTitle.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { makePlace, type Place, t0 } from '../cli/support.ts';

const answerSchema = v.union([
  v.strictObject({ output: historyAnswer }),
  v.strictObject({ error: v.string() }),
]);

async function ask(place: Place, args: object): Promise<v.InferOutput<typeof answerSchema>> {
  const envelope = {
    server_connection: {
      Scheme: 'http',
      Host: '127.0.0.1',
      Port: 9999,
      SessionCookie: null,
      Dir: place.config,
      PluginDir: place.plugin,
    },
    args: { name: 'history', ...args },
  };
  const { stdout } = await place.call(['operation'], { input: JSON.stringify(envelope) });
  return v.parse(answerSchema, JSON.parse(stdout));
}

async function history(
  place: Place,
  args: object = {},
): Promise<v.InferOutput<typeof historyAnswer>> {
  const answer = await ask(place, args);
  if ('error' in answer) throw new Error(answer.error);
  return answer.output;
}

function change(sceneId: number, more: Partial<Change> = {}): Change {
  return {
    sceneId,
    ratingKey: String(100 + sceneId),
    sectionId: '3',
    field: 'title',
    before: 'scanned',
    after: 'Night Train',
    lockedBefore: false,
    lockedAfter: true,
    run: `c${sceneId}`,
    at: t0,
    ...more,
  };
}

function placeWith(changes: readonly Change[]): Place {
  const place = makePlace();
  place.withStore((db) => transaction(db, () => recordChanges(db, changes, t0)));
  return place;
}

describe('the operation "history"', () => {
  it('tells what was changed in Plex and what was there before, the newest first', async () => {
    const genres = {
      field: 'genre',
      before: ['A', 'B, c'],
      after: ['A'],
      lockedBefore: true,
    } as const;
    const place = placeWith([change(12), change(13, genres)]);
    place.withStore((db) => putSceneTitle(db, 13, 'Blue Harbour'));
    expect(await history(place)).toEqual({
      total: 2,
      changes: [
        {
          scene: 13,
          title: 'Blue Harbour',
          item: '113',
          section: '3',
          field: 'genre',
          before: ['A', 'B, c'],
          after: ['A'],
          lockedBefore: true,
          lockedAfter: true,
          run: 'c13',
          at: t0,
        },
        expect.objectContaining({ scene: 12, before: 'scanned', after: 'Night Train' }),
      ],
    });
  });

  it('answers in pages, and for one scene, one item, one field', async () => {
    const place = placeWith([
      change(12),
      change(12, { field: 'studio' }),
      change(13),
      change(14, { ratingKey: '112' }),
    ]);
    const scenes = async (args: object): Promise<readonly [number, ...number[]]> => {
      const { total, changes } = await history(place, args);
      return [total, ...changes.map(({ scene }) => scene)];
    };
    expect(await scenes({ offset: '1', limit: 2 })).toEqual([4, 13, 12]);
    expect(await scenes({ scene: '12' })).toEqual([2, 12, 12]);
    expect(await scenes({ item: 112 })).toEqual([3, 14, 12, 12]);
    expect(await scenes({ item: 112, field: 'title', limit: 1 })).toEqual([2, 14]);
    expect(await scenes({ scene: 99 })).toEqual([0]);
  });

  it('is empty where nothing was changed yet', async () => {
    expect(await history(makePlace())).toEqual({ total: 0, changes: [] });
  });

  it.each([
    [{ scene: 'x' }, 'The argument "scene" must be the number of a scene in Stash'],
    [{ item: 0 }, 'The argument "item" must be the number of an item in Plex'],
    [{ field: 'a b' }, 'The argument "field" must be the name of a field'],
    [{ limit: 501 }, 'The argument "limit" must be a whole number from 1 to 500'],
  ])('refuses %j with the argument named', async (args, told) => {
    const answer = await ask(makePlace(), args);
    expect('error' in answer ? answer.error : '').toContain(told);
  });
});
