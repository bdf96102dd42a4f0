// One scene as it stands between Stash and Plex: every verdict, every reason for which it has no item,
// and what is told where a server is away. Whatever is asked, nothing is written.
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sceneLines } from '../../src/cli/sceneText.ts';
import { widthOf } from '../../src/cli/text.ts';
import { causeOfWaiting } from '../../src/contract/causes.ts';
import { type SceneViewAnswer, sceneViewAnswer, verdicts } from '../../src/contract/sceneView.ts';
import { bury } from '../../src/store/queue/deadLetter.ts';
import type { Database } from '../../src/store/file/database.ts';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { rows, text } from '../../src/store/file/sql.ts';
import * as state from '../../src/store/file/state.ts';
import { writeState } from '../../src/store/file/state.ts';
import { rowsOf, sectionOf, textOf } from '../docs/support.ts';
import { type MatchingWorld, matchingWorld } from '../helpers/matching.ts';
import { jpeg } from '../helpers/pictures.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type Pair, type SceneEdit, type World } from '../helpers/world.ts';

let world: World;
let on: MatchingWorld;
beforeEach(async () => {
  world = await openWorld();
  await world.configure();
  on = matchingWorld(world);
  world.withStore((db) => {
    writeState(db, state.connection, {
      scheme: 'http',
      host: '127.0.0.1',
      port: world.stash.port,
      cookie: null,
      apiKey: null,
      pluginDir: '',
    });
  });
});
afterEach(async () => {
  await world.close();
});

/** All that the data file holds, but the session with Stash and the time of the last look. */
function contentOf(db: Database): unknown {
  const tables = rows(db, `SELECT name FROM sqlite_schema WHERE type = 'table'`).map((found) =>
    text(found, 'name'),
  );
  return tables.map((table) => {
    const where =
      table === 'state'
        ? `WHERE name NOT IN ('connection', 'clock-seen-at', 'client-identifier')`
        : '';
    return [table, rows(db, `SELECT * FROM ${table} ${where}`)];
  });
}

async function view(scene: number): Promise<SceneViewAnswer> {
  const before = world.withStore(contentOf);
  const asked = world.plex.accessLog.length;
  const answer = v.parse(sceneViewAnswer, await world.choose('scene', { scene }));
  const methods = world.plex.accessLog.slice(asked).map(({ method }) => method);
  expect(methods.filter((method) => method !== 'GET')).toEqual([]);
  expect(world.withStore(contentOf)).toEqual(before);
  expect(JSON.stringify(answer)).not.toContain(world.plex.token);
  for (const line of sceneLines(answer, { width: 80 })) {
    expect([line, widthOf(line) <= 80]).toEqual([line, true]);
  }
  return answer;
}

function fieldOf({ fields }: SceneViewAnswer, name: string): SceneViewAnswer['fields'][number] {
  const found = fields.find(({ field }) => field === name);
  if (found === undefined) throw new Error(`no field ${name}`);
  return found;
}

const verdictsOf = ({ fields }: SceneViewAnswer): Readonly<Record<string, string | null>> =>
  Object.fromEntries(fields.map(({ field, verdict }) => [field, verdict]));

/** Pushes what is in Stash, and ends the worker. */
async function push({ sceneId }: Pair, edit: SceneEdit): Promise<void> {
  const worker = world.startWorker();
  world.edit(sceneId, edit);
  await world.settled();
  await worker.stop();
}

/** As a person does in Plex. */
async function rateInPlex({ ratingKey }: Pair, rating: number): Promise<void> {
  const { url, token } = world.plex;
  const query = `key=${ratingKey}&identifier=com.plexapp.plugins.library&rating=${rating}`;
  await fetch(`${url}/:/rate?${query}&X-Plex-Token=${token}`, { method: 'PUT' });
}

const full: SceneEdit = { title: 'One', details: 'Text', tags: ['a', 'b'], performers: ['Ann'] };

describe('the state of a scene', () => {
  it('is that a push would write nothing, once it was pushed; with what was changed', async () => {
    const pair = world.addPair();
    await push(pair, full);
    const answer = await view(pair.sceneId);
    expect(answer.sentence).toBe('A push now would write nothing.');
    expect(answer.live).toEqual({ stash: null, plex: null });
    expect(answer.scene).toMatchObject({ id: pair.sceneId, state: 'there', title: 'One' });
    expect(answer.scene.path).toMatch(/^\/data\/.*\.mp4$/);
    expect(answer.scene.pushedAt).not.toBeNull();
    expect(answer.item).toMatchObject({
      state: 'has',
      item: pair.ratingKey,
      library: 'Videos',
      title: 'One',
      file: answer.scene.path,
      verified: true,
      match: { how: 'path', score: 98, why: 'the same path' },
      none: null,
      pin: null,
    });
    expect(verdictsOf(answer)).toMatchObject({
      title: 'same',
      titleSort: 'unset',
      summary: 'same',
      studio: 'nothing',
      contentRating: 'unset',
      genre: 'same',
      label: 'unset',
      collection: 'unset',
      actor: 'same',
      rating: 'nothing',
      background: 'off',
    });
    expect(fieldOf(answer, 'contentRating')).toMatchObject({
      policy: 'mirror',
      words: 'Nothing is set: contentRating is empty.',
    });
    expect(answer.fields.map(({ words }) => words)).not.toContain('Switched off.');
    expect(fieldOf(answer, 'genre')).toMatchObject({
      policy: 'mirror',
      wanted: ['a', 'b'],
      present: ['a', 'b'],
      pushed: ['a', 'b'],
      locked: true,
    });
    const changed = answer.history.changes.map(({ field }) => field).toSorted();
    expect(changed).toEqual(['actor', 'genre', 'summary', 'title']);
    expect(answer.history.total).toBe(4);
  });

  it('is what a push then writes, value by value: tags that come and go, a text that is emptied', async () => {
    const pair = world.addPair();
    await push(pair, full);
    world.plex.library.setByPerson(pair.ratingKey, { genres: ['a', 'b', 'mine'] });
    world.edit(pair.sceneId, { title: 'Two', details: '', tags: ['b', 'c'] });
    const answer = await view(pair.sceneId);
    expect(answer.sentence).toMatch(/^A push now would write: title, summary, genre\./);
    expect(fieldOf(answer, 'title')).toMatchObject({ verdict: 'write', toCome: 'Two' });
    expect(fieldOf(answer, 'summary')).toMatchObject({ verdict: 'write', toCome: '' });
    const genre = fieldOf(answer, 'genre');
    expect(genre).toMatchObject({ verdict: 'write', adds: ['c'], removes: ['a'] });
    expect(genre.pushed).toEqual(['a', 'b']);
    const worker = world.startWorker();
    await world.settled();
    await worker.stop();
    const item = world.plex.library.item(pair.ratingKey);
    expect(item).toMatchObject({ title: 'Two', summary: '' });
    expect(item?.genres.toSorted()).toEqual(['b', 'c', 'mine']);
    expect(genre.toCome).toEqual(['b', 'c', 'mine']);
    expect((await view(pair.sceneId)).sentence).toBe('A push now would write nothing.');
  });

  it('tells what is kept for a person: a locked text, tags, a rating', async () => {
    const pair = world.addPair();
    const rated = (rating100: number): unknown =>
      world.stash.store.changeScene(pair.sceneId, { rating100 }, { touch: true });
    rated(80);
    await push(pair, full);
    world.plex.library.setByPerson(pair.ratingKey, { summary: 'Mine', genres: ['a'] });
    await rateInPlex(pair, 3);
    const answer = await view(pair.sceneId);
    expect(verdictsOf(answer)).toMatchObject({ summary: 'kept', genre: 'kept', rating: 'kept' });
    expect(fieldOf(answer, 'summary')).toMatchObject({
      wanted: 'Text',
      present: 'Mine',
      pushed: 'Text',
      locked: true,
    });
    expect(fieldOf(answer, 'rating')).toMatchObject({ wanted: '8', present: '3', pushed: '8' });
    expect(answer.sentence).toBe('A push now would write nothing.');
  });

  it('tells what is switched off, and what the rule fill leaves as it is', async () => {
    const pair = world.addPair();
    await push(pair, full);
    await world.configure({ fields: 'summary: off, genre: fill, title: fill' });
    world.stash.store.changeScene(pair.sceneId, { title: 'Two', tagIds: [] }, { touch: true });
    const answer = await view(pair.sceneId);
    expect(fieldOf(answer, 'summary')).toMatchObject({ policy: 'off', verdict: 'off' });
    expect(fieldOf(answer, 'summary').words).toContain('lock would go');
    expect(fieldOf(answer, 'title')).toMatchObject({ policy: 'fill', verdict: 'filled' });
    expect(verdictsOf(answer)['genre']).toBe('nothing');
  });

  it('tells whether a picture would be sent, is there already, or is a person’s', async () => {
    const pair = world.addPair();
    const give = (name: string): unknown =>
      world.stash.store.changeScene(
        pair.sceneId,
        { cover: { bytes: jpeg(name), contentType: 'image/jpeg' } },
        { touch: true },
      );
    give('first');
    await push(pair, full);
    expect(fieldOf(await view(pair.sceneId), 'poster').verdict).toBe('same');
    give('second');
    const poster = fieldOf(await view(pair.sceneId), 'poster');
    expect(poster.verdict).toBe('write');
    expect(poster.pushed).toMatch(/^upload:/);
    world.plex.library.setImageByPerson(pair.ratingKey, 'posters', jpeg('mine'));
    expect(fieldOf(await view(pair.sceneId), 'poster').verdict).toBe('kept');
  });

  it('of a scene that was never pushed is which item it would be matched to, and what would be written', async () => {
    const pushed = world.addPair();
    const other = world.addPair();
    await push(pushed, full);
    world.stash.store.changeScene(other.sceneId, { title: 'New' }, { touch: true });
    const answer = await view(other.sceneId);
    expect(answer.item).toMatchObject({
      state: 'would-match',
      item: other.ratingKey,
      verified: true,
      match: { how: 'path', score: 98 },
    });
    expect(fieldOf(answer, 'title')).toMatchObject({ verdict: 'write', toCome: 'New' });
    expect(answer.history).toEqual({ total: 0, changes: [] });
  });

  it('follows a choice: the item that a person chose', async () => {
    const scene = on.scene({ path: '/data/x/film.mp4', size: 10 });
    const item = on.item({ path: '/data/y/encoded.mp4', size: 99, seconds: 61.7 });
    const worker = world.startWorker();
    world.edit(scene, { title: 'One' });
    await world.settled();
    await worker.stop();
    await on.pin(scene, item);
    const answer = await view(scene);
    expect(answer.item).toMatchObject({
      state: 'would-match',
      item,
      match: { how: 'pin', score: 100, why: 'a person chose it' },
      pin: { kind: 'item', item, source: 'person' },
    });
    expect(answer.queue.waiting).toMatchObject({ source: 'choice', attempts: 0, cause: null });
    expect(answer.sentence).toContain('A change of it waits.');
  });

  it('tells a field that a setting gave something until now from one that was switched off', async () => {
    const pair = world.addPair();
    await world.configure({ contentRating: 'XXX', fields: 'label: off' });
    await push(pair, full);
    await world.configure({ fields: 'label: off' });
    const answer = await view(pair.sceneId);
    expect(fieldOf(answer, 'contentRating')).toMatchObject({
      verdict: 'unset',
      words:
        'Nothing is set: contentRating is empty. It is filled no more: the value stays, and PlexSync’s lock would go.',
    });
    expect(fieldOf(answer, 'label')).toMatchObject({
      policy: 'off',
      verdict: 'off',
      words: 'Switched off.',
    });
  });

  it('tells what a pause holds back, and until when', async () => {
    const pair = world.addPair();
    await push(pair, full);
    world.stash.store.changeScene(pair.sceneId, { title: 'Two' }, { touch: true });
    world.withStore((db) => raiseScene(db, pair.sceneId, 1_000, 'index', 'c'));
    const told = async (): Promise<readonly [unknown, string, string]> => {
      const answer = await view(pair.sceneId);
      return [answer.held, answer.sentence, sceneLines(answer, { width: null }).join('\n')];
    };
    const written = 'A push now would write: title. A change of it waits.';
    const [free, sentence, text] = await told();
    expect([free, sentence]).toEqual([null, written]);
    expect(text).toMatch(/^A change waits since .* and is tried at /m);

    await world.choose('pause', {});
    const paused = await told();
    const isPaused = 'PlexSync is paused: nothing is pushed until it is resumed.';
    expect(paused.slice(0, 2)).toEqual(['paused', `${written} ${isPaused}`]);
    expect(paused[2]).toMatch(/^A change waits since .* and is tried once PlexSync is resumed\.$/m);

    await world.choose('pause', { setup: true });
    const setup = await told();
    const isSetUp = 'PlexSync is being set up: nothing is pushed before that is finished.';
    expect(setup.slice(0, 2)).toEqual(['setup', `${written} ${isSetUp}`]);
    expect(setup[2]).toMatch(/^A change waits since .* and is tried when the setup is over\.$/m);
    // The one that is tried meanwhile.
    await world.choose('sync', { scene: pair.sceneId });
    expect((await told())[0]).toBeNull();
  });

  it('[1.0 RTRY-03] has what waits, and what was given up with the way out', async () => {
    const { sceneId } = world.addPair();
    const message = 'Plex does not show it';
    world.withStore((db) => {
      raiseScene(db, sceneId, 1_000, 'index', 'c');
      const [row] = claim(db, 2_000, 1);
      if (row === undefined) throw new Error('it was not claimed');
      bury(db, row, { code: 'plex-not-confirmed', message, field: 'genre' }, 3, 2_000);
      raiseScene(db, sceneId, 3_000, 'index', 'c');
    });
    const { queue, sentence } = await view(sceneId);
    expect(queue.waiting).toMatchObject({ since: 3_000, dueAt: 3_000, priority: 'bulk' });
    expect(queue.deadLetter).toMatchObject({
      code: 'plex-not-confirmed',
      message,
      field: 'genre',
      attempts: 3,
    });
    expect(queue.deadLetter?.meaning).toContain('Plex accepted the change twice');
    expect(queue.deadLetter?.wayOut).toContain('retry');
    expect(sentence).toContain('A change of it was given up.');
  });
});

it('a list that was cut to one request is told of as cut, and not as a person’s', async () => {
  world.plex.switches.tagMode = 'replace';
  const pair = world.addPair();
  await push(pair, full);
  const names = Array.from({ length: 120 }, (_, at) => `${'名'.repeat(20)} ${at}`);
  await push(pair, { performers: ['Ann', ...names] });
  await push(pair, { details: 'Another' });
  const actor = fieldOf(await view(pair.sceneId), 'actor');
  expect(actor.words).toContain('Cut to what fits');
  expect(actor.verdict).toBe('same');
  expect(actor.wanted).toHaveLength(121);
  expect(actor.present?.length).toBeLessThan(121);
});

it('the page about operations has every verdict', () => {
  const page = sectionOf(textOf('docs/operations.md'), 'One scene');
  const listed = rowsOf(page, /^(?!verdict$)[a-z]+$/).map(([name]) => name);
  expect(listed).toEqual([...verdicts]);
});

describe('[1.4 GAP-03] a scene without an item says why', () => {
  const none = (answer: SceneViewAnswer, code: string): void => {
    const meaning = causeOfWaiting(code).meaning;
    expect(answer.item).toMatchObject({ state: 'none', item: null, none: { code, meaning } });
    expect(answer.sentence).toContain(meaning);
    expect(answer.fields.map(({ verdict }) => verdict).filter((one) => one !== null)).toEqual([]);
  };

  it('the settings keep it out, with the setting’s name', async () => {
    const { sceneId } = world.addPair();
    await world.configure({ onlyOrganized: true });
    const answer = await view(sceneId);
    none(answer, 'gated');
    expect(answer.item.none?.words).toContain('onlyOrganized');
  });

  it('it was excluded by choice', async () => {
    const { sceneId } = world.addPair();
    await on.never(sceneId);
    const answer = await view(sceneId);
    none(answer, 'excluded');
    expect(answer.item.pin).toEqual({ kind: 'never', item: null, source: 'person' });
  });

  it('a person has to choose, with the candidates', async () => {
    const scene = on.scene({ path: '/data/a/film.mp4' });
    const items = [on.item({ path: '/data/b/film.mp4' }), on.item({ path: '/data/c/film.mp4' })];
    const worker = world.startWorker();
    world.edit(scene, { title: 'One' });
    await until('a person is asked', () => on.reason(scene) === 'review');
    await world.settled();
    await worker.stop();
    const answer = await view(scene);
    none(answer, 'review');
    expect(answer.item.none?.words).toBe('Several Plex items fit equally well.');
    const listed = answer.item.none?.candidates.map(({ item }) => item) ?? [];
    expect(listed.toSorted()).toEqual(items.toSorted());
  });

  it.each([
    ['waiting', '/data/new/film.mp4'],
    ['outside', '/elsewhere/film.mp4'],
  ])('%s', async (reason, path) => {
    await push(world.addPair(), full);
    const answer = await view(on.scene({ path }));
    none(answer, reason);
    expect(answer.item.none?.lookedAt).toBeGreaterThan(0);
  });

  it('Stash has no file for it', async () => {
    none(await view(on.scene()), 'no-file');
  });

  it('another scene has the item', async () => {
    const pair = world.addPair();
    await push(pair, full);
    const path = world.stash.store.scene(pair.sceneId)?.files[0]?.path ?? '';
    const twin = on.scene({ path, size: 1_000_001 });
    const answer = await view(twin);
    none(answer, 'review');
    expect(answer.item.none?.words).toBe('The Plex item is another scene’s.');
  });
});

describe('a scene', () => {
  it('is of no known item as long as Plex’s libraries were not looked through', async () => {
    const { sceneId } = world.addPair();
    const answer = await view(sceneId);
    expect(answer.item).toMatchObject({ state: 'unknown', none: null });
    expect(answer.sentence).toContain('has not looked through Plex’s libraries yet');
  });

  it('that cannot be read says which field is wrong, and what was known of it', async () => {
    const pair = world.addPair();
    await push(pair, full);
    world.stash.store.changeScene(pair.sceneId, { date: 'someday' }, { touch: true });
    const answer = await view(pair.sceneId);
    expect(answer.scene).toMatchObject({ state: 'unreadable', title: 'One' });
    expect(answer.scene.words).toContain('date');
    expect(answer.item).toMatchObject({ item: pair.ratingKey, verified: false });
    expect(verdictsOf(answer)['title']).toBeNull();
  });

  it('says why what would be written must not be sent', async () => {
    const pair = world.addPair();
    await world.configure({ tagsAs: 'label' });
    await push(pair, full);
    const labels = ['a', 'b', 'Bell\u0007'];
    world.plex.library.setByPerson(pair.ratingKey, { labels, locked: [] });
    world.stash.store.changeScene(pair.sceneId, { tagIds: [] }, { touch: true });
    const { blocked, sentence } = await view(pair.sceneId);
    expect(blocked?.code).toBe('edit-invalid');
    expect(sentence).toContain('must not be sent');
  });

  it('has the item that a push then finds, or the reason that it then has, however it is matched', async () => {
    const moved = on.item({ path: '/data/m/moved.mp4', size: 21 });
    const linked = on.item({ path: '/data/l/linked.mp4', size: 22 });
    on.item({ path: '/data/t/twin.mp4', size: 23 });
    on.item({ path: '/data/u/twin.mp4', size: 23 });
    on.item({ path: '/data/s/other name.mp4', size: 24 });
    const scenes = [
      on.scene({ path: '/data/e/moved.mp4', size: 21 }),
      on.scene({ path: '/data/o/linked.mp4', size: 22 }),
      on.scene({ path: '/data/x/twin.mp4', size: 23 }),
      on.scene({ path: '/data/s/some name.mp4', size: 24 }),
      on.scene({ path: '/data/n/none.mp4', size: 25 }),
      on.scene({ path: '/elsewhere/none.mp4', size: 26 }),
      on.scene(),
    ];
    const [, second = 0] = scenes;
    world.stash.store.changeScene(
      second,
      { urls: [`plex/library/metadata/${linked}`] },
      { touch: true },
    );
    // So that the index has them.
    await push(world.addPair(), full);
    const came = (): unknown => scenes.map((id) => on.itemOfScene(id) ?? on.reason(id));
    const seen = async (): Promise<readonly unknown[]> => {
      const items: unknown[] = [];
      for (const id of scenes) {
        const { item } = await view(id);
        items.push(item.none?.code ?? item.item);
      }
      return items;
    };
    const told = await seen();
    const worker = world.startWorker();
    for (const id of scenes) world.edit(id, { details: 'Pushed' });
    await world.settled();
    await worker.stop();
    const afterwards = await seen();
    expect(afterwards).toEqual(came());
    expect(told).toEqual(afterwards);
    const reasons = ['review', 'review', 'waiting', 'outside', 'no-file'];
    expect(afterwards).toEqual([moved, linked, ...reasons]);
  });

  it('that Stash does not know is told of as gone, with what was known of it', async () => {
    const unknown = await view(999);
    expect(unknown.scene).toMatchObject({ id: 999, state: 'gone', title: '', path: '' });
    expect(unknown.sentence).toBe('Stash has no scene 999.');
    const pair = world.addPair();
    await push(pair, full);
    world.stash.store.removeScene(pair.sceneId);
    const gone = await view(pair.sceneId);
    expect(gone.scene).toMatchObject({ state: 'gone', title: 'One' });
    expect(gone.item).toMatchObject({
      state: 'none',
      item: pair.ratingKey,
      none: { code: 'gone' },
    });
    expect(gone.history.total).toBe(4);
  });

  it.each([
    ['is away', 'plex-unreachable', async () => await world.plex.goAway()],
    [
      'refuses the token',
      'plex-unauthorized',
      async () => {
        world.plex.switches.unauthorized = true;
        await Promise.resolve();
      },
    ],
  ])('is told of as far as it is known while Plex %s', async (_, code, happen) => {
    const pair = world.addPair();
    await push(pair, full);
    const never = world.addPair();
    world.stash.store.changeScene(pair.sceneId, { title: 'Two' }, { touch: true });
    await happen();
    const answer = await view(pair.sceneId);
    expect(answer.live.stash).toBeNull();
    expect(answer.live.plex?.code).toBe(code);
    expect(answer.live.plex?.meaning).toContain('Plex');
    expect(answer.sentence).toContain('Plex could not be asked');
    expect(answer.item).toMatchObject({
      state: 'has',
      item: pair.ratingKey,
      verified: false,
      match: { how: 'path', score: 98 },
    });
    expect(fieldOf(answer, 'title')).toMatchObject({
      wanted: 'Two',
      present: null,
      pushed: 'One',
      verdict: null,
      words: 'Plex could not be asked.',
    });
    expect(answer.history.total).toBe(4);
    expect((await view(never.sceneId)).item).toMatchObject({ verified: false, none: null });
  });

  it('is told of as far as it is known while Stash is away', async () => {
    const pair = world.addPair();
    await push(pair, full);
    await world.stash.close();
    const answer = await view(pair.sceneId);
    expect(answer.scene).toMatchObject({ state: 'unknown', title: 'One' });
    expect(answer.live.stash?.code).toBe('stash-unreachable');
    expect(answer.live.plex?.message).toContain('Plex was not asked');
    expect(answer.item).toMatchObject({ state: 'has', item: pair.ratingKey });
    expect(fieldOf(answer, 'title')).toMatchObject({ wanted: null, pushed: 'One', verdict: null });
    expect(answer.history.total).toBe(4);
  });

  it('is told of while a setting is wrong, by the setting’s name', async () => {
    const pair = world.addPair();
    await push(pair, full);
    await world.configure({ plexToken: '' });
    const { live, item } = await view(pair.sceneId);
    expect(live.stash).toMatchObject({ code: 'config-invalid' });
    expect(live.stash?.message).toContain('plexToken');
    expect(item.item).toBe(pair.ratingKey);
  });
});
