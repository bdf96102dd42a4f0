// What PlexSync wrote, as a client reads it that no one here wrote: python-plexapi. The worker drives
// the simulated Plex, and python-plexapi alone says what is there.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jpeg } from '../helpers/pictures.ts';
import { openWorld, type Pair, type World } from '../helpers/world.ts';
import { CHECKS_SCRIPT, pythonEnvironment } from '../simulators/plex-python-environment.ts';

const environment = await pythonEnvironment();
const run = promisify(execFile);
const views = v.record(
  v.string(),
  v.object({
    title: v.string(),
    titleSort: v.string(),
    summary: v.string(),
    date: v.nullable(v.string()),
    year: v.nullable(v.number()),
    studio: v.nullable(v.string()),
    contentRating: v.nullable(v.string()),
    genres: v.array(v.string()),
    labels: v.array(v.string()),
    collections: v.array(v.string()),
    directors: v.array(v.string()),
    roles: v.array(v.tuple([v.string(), v.nullable(v.string())])),
    rating: v.nullable(v.number()),
    posters: v.array(v.tuple([v.string(), v.boolean()])),
    backgrounds: v.array(v.tuple([v.string(), v.boolean()])),
    locked: v.array(v.string()),
  }),
);

const skipped = 'missing' in environment ? ` – SKIPPED: ${environment.missing}` : '';

describe.skipIf('missing' in environment).each(['append', 'replace'] as const)(
  `python-plexapi, on a server whose tag edits %s${skipped}`,
  (tagMode) => {
    let world: World;
    beforeEach(async () => {
      world = await openWorld({ plex: { switches: { tagMode } } });
    });
    afterEach(async () => {
      await world.close();
    });

    async function viewOf({ ratingKey }: Pair) {
      if ('missing' in environment) throw new Error(environment.missing);
      const script = join(CHECKS_SCRIPT, '..', 'view.py');
      const { stdout } = await run(environment.python, [script, ratingKey], {
        env: {
          ...process.env,
          PLEX_URL: world.plex.url,
          PLEX_TOKEN: world.plex.token,
          PLEXAPI_CONFIG_PATH: '/nonexistent',
          PYTHONDONTWRITEBYTECODE: '1',
          NO_PROXY: '127.0.0.1',
        },
      });
      return v.parse(views, JSON.parse(stdout))[ratingKey];
    }

    async function push(pair: Pair, settings: Readonly<Record<string, unknown>>): Promise<void> {
      await world.configure(settings);
      const worker = world.startWorker();
      world.dropEvent('Scene.Update.Post', pair.sceneId);
      await world.settled();
      await worker.stop();
    }

    /** As a person edits the item's cast. */
    async function castByPerson({ ratingKey }: Pair, cast: readonly [string, string][]) {
      const query = new URLSearchParams({ type: '1', id: ratingKey, 'actor.locked': '1' });
      for (const [at, [name, role]] of cast.entries()) {
        query.set(`actor[${at}].tag.tag`, name);
        query.set(`actor[${at}].tagging.text`, role);
      }
      const answer = await fetch(
        `${world.plex.url}/library/sections/${world.section}/all?${query.toString()}`,
        {
          method: 'PUT',
          headers: { 'X-Plex-Token': world.plex.token },
        },
      );
      expect(answer.status).toBe(200);
    }

    const settings = {
      titleTemplate: '{studio} - {title}',
      sortTitleTemplate: '{code}',
      contentRating: 'XXX',
      groupCollections: true,
    };

    function fill({ sceneId }: Pair): void {
      const { store } = world.stash;
      store.changeScene(
        sceneId,
        {
          title: 'Café <Nord> & "Süd" 👩‍👩‍👧',
          code: 'HF-12',
          details: 'Erste Zeile, 100% a+b\nzweite Zeile\n\nשלום',
          director: 'Di Rector; Cy Dorn',
          date: '2021-03',
          studioId: store.addStudio({ name: 'Harbour & Söhne' }),
          tagIds: ['Noir', 'Rail, old', 'A/B "c" #1'].map((name) => store.addTag({ name })),
          performerIds: ['Ann Bell', 'Bo, Jr.', 'Ça Va'].map((name) =>
            store.addPerformer({ name }),
          ),
          groups: [{ groupId: store.addGroup({ name: 'Trains, vol. 1' }), sceneIndex: 1 }],
        },
        { touch: true },
      );
    }

    it('reads every field, tag and lock as it was meant, in any script', async () => {
      const pair = world.addPair('night train');
      fill(pair);
      await push(pair, settings);
      const view = await viewOf(pair);
      expect({ ...view, genres: view?.genres.toSorted() }).toEqual({
        title: 'Harbour & Söhne - Café <Nord> & "Süd" 👩‍👩‍👧',
        titleSort: 'HF-12',
        summary: 'Erste Zeile, 100% a+b\nzweite Zeile\n\nשלום',
        date: '2021-03-01',
        year: 2021,
        studio: 'Harbour & Söhne',
        contentRating: 'XXX',
        genres: ['A/B "c" #1', 'Noir', 'Rail, old'],
        labels: [],
        collections: ['Trains, vol. 1'],
        directors: ['Di Rector', 'Cy Dorn'],
        // Stash knows no roles, and none are made up.
        roles: [
          ['Ann Bell', null],
          ['Bo, Jr.', null],
          ['Ça Va', null],
        ],
        rating: null,
        posters: [],
        backgrounds: [],
        locked: [
          'actor',
          'collection',
          'contentRating',
          'director',
          'genre',
          'originallyAvailableAt',
          'studio',
          'summary',
          'title',
          'titleSort',
        ],
      });
    });

    it('reads the cover as the chosen poster and background, locked, and the rating as stars', async () => {
      const pair = world.addPair();
      const bytes = jpeg('cover');
      const cover = { bytes, contentType: 'image/jpeg' };
      world.stash.store.changeScene(pair.sceneId, { cover, rating100: 70 }, { touch: true });
      await push(pair, { fields: 'background: mirror' });
      const name = (kind: string): string =>
        `upload://${kind}/${createHash('sha1').update(bytes).digest('hex')}`;
      const view = await viewOf(pair);
      expect(view).toMatchObject({
        rating: 7,
        posters: [[name('posters'), true]],
        backgrounds: [[name('arts'), true]],
      });
      expect(view?.locked).toEqual(expect.arrayContaining(['art', 'thumb']));
    });

    it('reads labels where tags become labels, and no genre, locked or not', async () => {
      const pair = world.addPair();
      fill(pair);
      await push(pair, { tagsAs: 'label' });
      const view = await viewOf(pair);
      expect(view?.labels.toSorted()).toEqual(['A/B "c" #1', 'Noir', 'Rail, old']);
      expect(view?.genres).toEqual([]);
      expect(view?.locked).toContain('label');
      expect(view?.locked).not.toContain('genre');
    });

    it('reads the roles that a person typed still, after actors came and went', async () => {
      const pair = world.addPair();
      fill(pair);
      await push(pair, settings);
      await castByPerson(pair, [
        ['Ann Bell', 'The "Captain" & co'],
        ['Bo, Jr.', ''],
        ['Ça Va', 'Rôle, 2'],
        ['By Hand', 'Herself'],
      ]);
      const { store } = world.stash;
      const performerIds = ['Ann Bell', 'Ça Va', 'New One'].map((name) => {
        for (const known of store.entities('performer')) if (known.name === name) return known.id;
        return store.addPerformer({ name });
      });
      store.changeScene(pair.sceneId, { performerIds }, { touch: true });
      await push(pair, settings);
      const view = await viewOf(pair);
      const roles = new Map(view?.roles);
      expect(Object.fromEntries(roles)).toEqual({
        'Ann Bell': 'The "Captain" & co',
        'Ça Va': 'Rôle, 2',
        'By Hand': 'Herself',
        'New One': null,
      });
      expect(world.status().deadLetters.count).toBe(0);
    });
  },
);
