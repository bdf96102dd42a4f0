// The client against the simulated Plex: what is written is what is read back, whichever way the
// server takes a tag list, and a library is walked whole.
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import type { PlexSwitches } from '../../simulators/plex/switches.ts';
import { fields, type ItemEdit, type PlexItem } from '../../src/domain/base/plexItem.ts';
import type { PlexClient } from '../../src/plex/client.ts';
import { ratingKeys } from '../../src/plex/ratingKeys.ts';
import { canaryToken, failureOf, openClient } from './support.ts';

const nothing: ItemEdit = { scalars: {}, tags: {}, removeTags: {}, locks: {} };
const limits = { readHeadersMs: 500, readBodyMs: 500, writeHeadersMs: 500, writeBodyMs: 500 };

interface Stage {
  readonly plex: PlexSimulator;
  readonly client: PlexClient;
  readonly sectionId: string;
}

async function setUp(switches: Partial<PlexSwitches> = {}, timeouts = {}): Promise<Stage> {
  const plex = await startPlexSimulator({ token: canaryToken, switches });
  onTestFinished(() => plex.close());
  const sectionId = plex.library.addSection({ title: 'Scenes', locations: ['/data/scenes'] });
  return { plex, client: openClient(plex.url, timeouts), sectionId };
}

function addScene({ plex, sectionId }: Stage, number: number, content: object = {}): string {
  return plex.library.addItem(sectionId, {
    title: `scene-${number}`,
    files: [{ path: `/data/scenes/${number}.mp4`, size: number, durationMs: 1_000 }],
    addedAt: 1_700_000_000 + number,
    ...content,
  });
}

async function readOne(client: PlexClient, key: string): Promise<PlexItem> {
  const item = (await client.items([key])).get(key);
  if (item === undefined) throw new Error(`no item ${key}`);
  return item;
}

describe('an introduction', () => {
  it('tells who the server is and which libraries it has', async () => {
    const { plex, client, sectionId } = await setUp();
    plex.library.addSection({ title: 'TV', type: 'show', agent: 'tv.plex.agents.series' });
    const { machineIdentifier, version } = await client.identity();
    expect(machineIdentifier).toBe(plex.machineIdentifier);
    expect(await client.server()).toEqual({
      machineIdentifier,
      version,
      friendlyName: 'Simulated Plex',
    });
    expect(await client.sections()).toMatchObject([
      { id: sectionId, title: 'Scenes', type: 'movie', locations: ['/data/scenes'] },
      { title: 'TV', type: 'show', agent: 'tv.plex.agents.series' },
    ]);
  });
});

describe.each(['append', 'replace'] as const)('an edit, where tag lists %s', (tagMode) => {
  const everything: ItemEdit = {
    scalars: {
      title: `Ünï & co + "x" !'()* 100% #1`,
      summary: 'Line one\nLine two; a=b&c=d 😀',
      originallyAvailableAt: '2020-02-03',
      studio: 'Stu/dio, Inc.',
      titleSort: 'Ünï',
      contentRating: 'NC-17 & more',
    },
    tags: {
      genre: ['Plain', 'With, comma', 'a+b', '100%25'],
      label: ['Kept & shared'],
      actor: ['Ann', 'Bea, jr.'],
      director: ['Di Rector'],
      collection: ['One', 'Two; too'],
    },
    roleTexts: { Ann: 'Herself, "the" & co' },
    removeTags: {},
    locks: Object.fromEntries(fields.map((field) => [field, true])),
  };

  it('comes back as it was written', async () => {
    const stage = await setUp({ tagMode });
    const { plex, client, sectionId } = stage;
    const key = addScene(stage, 1);
    await client.edit(sectionId, ratingKeys([key]), everything);
    expect(await readOne(client, key)).toEqual({
      ratingKey: key,
      sectionId,
      scalars: everything.scalars,
      tags: everything.tags,
      roleTexts: everything.roleTexts ?? {},
      locked: new Set(Object.keys(everything.locks)),
      parts: [{ file: '/data/scenes/1.mp4', size: 1, durationMs: 1_000 }],
      userRating: null,
      // The still that the scanner took.
      pictures: new Set(['poster']),
    });
    expect(plex.history(key)).toHaveLength(1);
  });

  it('takes away exactly the tags that it names', async () => {
    const stage = await setUp({ tagMode });
    const { client, sectionId } = stage;
    const key = addScene(stage, 1, { genres: ['A', 'B, c', 'a/b', 'D & e', 'keep'] });
    const removeTags = { genre: ['A', 'B, c', 'a/b', 'D & e'] };
    await client.edit(sectionId, ratingKeys([key]), { ...nothing, removeTags });
    expect((await readOne(client, key)).tags.genre).toEqual(['keep']);
  });

  it('reaches the wanted list by additions and then removals', async () => {
    const stage = await setUp({ tagMode });
    const { client, sectionId } = stage;
    const key = addScene(stage, 1, { genres: ['old', 'kept'] });
    await client.edit(sectionId, ratingKeys([key]), {
      ...nothing,
      tags: { genre: ['kept', 'new'] },
      removeTags: { genre: ['old'] },
    });
    expect([...(await readOne(client, key)).tags.genre].sort()).toEqual(['kept', 'new']);
  });

  it('clears fields and lifts locks', async () => {
    const stage = await setUp({ tagMode });
    const { client, sectionId } = stage;
    const key = addScene(stage, 1, { summary: 's', studio: 't', locked: ['title', 'summary'] });
    await client.edit(sectionId, ratingKeys([key]), {
      ...nothing,
      scalars: { summary: '', studio: '' },
      locks: { title: false, studio: true },
    });
    const item = await readOne(client, key);
    expect(item.scalars).toMatchObject({ title: 'scene-1', summary: '', studio: '' });
    expect([...item.locked].sort()).toEqual(['studio', 'summary']);
  });

  it('restores what was there before and unlocks it, as if nothing had been written', async () => {
    const stage = await setUp({ tagMode });
    const { plex, client, sectionId } = stage;
    const key = addScene(stage, 1, { summary: 'Before', genres: ['Own'] });
    const before = await readOne(client, key);
    await client.edit(sectionId, ratingKeys([key]), everything);
    await client.edit(sectionId, ratingKeys([key]), {
      scalars: before.scalars,
      tags: { genre: ['Own'] },
      removeTags: everything.tags,
      locks: Object.fromEntries(fields.map((field) => [field, false])),
    });
    expect(await readOne(client, key)).toEqual(before);
    expect(plex.library.item(key)?.locked).toEqual([]);
  });

  it('unlocks without touching what is written there', async () => {
    const stage = await setUp({ tagMode });
    const { client, sectionId } = stage;
    const key = addScene(stage, 1, { genres: ['A', 'B'], locked: ['title', 'genre', 'studio'] });
    const locks = { title: false, genre: false };
    await client.edit(sectionId, ratingKeys([key]), { ...nothing, locks });
    const item = await readOne(client, key);
    expect([item.scalars.title, item.tags.genre]).toEqual(['scene-1', ['A', 'B']]);
    expect([...item.locked]).toEqual(['studio']);
  });

  it('changes the named items and no other', async () => {
    const stage = await setUp({ tagMode });
    const { plex, client, sectionId } = stage;
    const keys = [1, 2, 3].map((number) => addScene(stage, number));
    const other = addScene(stage, 4);
    await client.edit(sectionId, ratingKeys(keys), { ...nothing, scalars: { studio: 'S' } });
    const items = await client.items([...keys, other]);
    expect(keys.map((key) => items.get(key)?.scalars.studio)).toEqual(['S', 'S', 'S']);
    expect(plex.history(other)).toEqual([]);
  });

  it('of a list too long for one request is whole on a server that appends, else seen to be not', async () => {
    const stage = await setUp({ tagMode });
    const { client, sectionId } = stage;
    const key = addScene(stage, 1);
    const actor = Array.from({ length: 300 }, (_, at) => `Performer with a long name ${at}`);
    await client.edit(sectionId, ratingKeys([key]), { ...nothing, tags: { actor } });
    const read = (await readOne(client, key)).tags.actor;
    if (tagMode === 'append') expect(read).toEqual(actor);
    else expect(read).toEqual(actor.slice(-read.length));
    expect(read.length < actor.length).toBe(tagMode === 'replace');
  });
});

describe('items', () => {
  it('that are gone are left out, one alone and one among others', async () => {
    const stage = await setUp();
    const { plex, client } = stage;
    const [first = '', second = ''] = [1, 2].map((number) => addScene(stage, number));
    plex.library.removeItem(first);
    expect((await client.items([first])).size).toBe(0);
    expect([...(await client.items([first, second])).keys()]).toEqual([second]);
  });

  it('are fifty to a request', async () => {
    const stage = await setUp();
    const keys = Array.from({ length: 50 }, (_, number) => addScene(stage, number));
    expect((await stage.client.items(keys)).size).toBe(50);
    expect(stage.client.requests).toBe(1);
  });
});

describe('a walk through a library', () => {
  it('sees every item once, page by page', async () => {
    const stage = await setUp();
    const keys = Array.from({ length: 25 }, (_, number) => addScene(stage, number));
    const seen: string[] = [];
    for (let start = 0, total = 1; start < total; start += 10) {
      const page = await stage.client.listPage(stage.sectionId, { start, size: 10 });
      total = page.total;
      expect([total, page.skipped]).toEqual([25, 0]);
      seen.push(...page.items.map((item) => item.ratingKey));
    }
    expect(seen).toEqual(keys);
  });

  it('sees what was added or updated since a second, that second included', async () => {
    const stage = await setUp();
    const { client, sectionId } = stage;
    const keys = Array.from({ length: 5 }, (_, number) => addScene(stage, number));
    const page = { start: 0, size: 10 };
    const added = await client.listPage(sectionId, { ...page, addedSince: 1_700_000_003 });
    expect(added.items.map((item) => item.ratingKey)).toEqual(keys.slice(3));
    expect(added.items[0]).toMatchObject({
      title: 'scene-3',
      addedAt: 1_700_000_003,
      parts: [{ file: '/data/scenes/3.mp4', size: 3, durationMs: 1_000 }],
    });

    const [first = ''] = keys;
    await client.edit(sectionId, ratingKeys([first]), { ...nothing, locks: { title: true } });
    const { updatedAt = 0 } = stage.plex.library.item(first) ?? {};
    const updated = await client.listPage(sectionId, { ...page, updatedSince: updatedAt });
    expect(updated.items.map((item) => item.ratingKey)).toContain(first);
    const later = await client.listPage(sectionId, { ...page, updatedSince: updatedAt + 60 });
    expect(later).toEqual({ total: 0, items: [], skipped: 0 });
  });

  it('finds an empty library empty', async () => {
    const { client, sectionId } = await setUp();
    const page = await client.listPage(sectionId, { start: 0, size: 10 });
    expect(page).toEqual({ total: 0, items: [], skipped: 0 });
  });
});

describe('trouble', () => {
  it.each<[Partial<PlexSwitches>, string, string]>([
    [{ hang: true }, 'plex-header-timeout', 'plex-header-timeout'],
    [{ stallBody: true }, 'plex-body-timeout', 'plex-body-timeout'],
    [{ truncateBody: { how: 'cut', on: 'reads' } }, 'plex-bad-answer', ''],
    [{ truncateBody: { how: 'close', on: 'reads' } }, 'plex-bad-answer', ''],
    [{ maintenance: true }, 'plex-maintenance', 'plex-maintenance'],
    [{ failEverything: { status: 500 } }, 'plex-server-error', 'plex-server-error'],
    [{ unauthorized: true }, 'plex-unauthorized', 'plex-unauthorized'],
    [{ rateLimit: { retryAfterSeconds: 3 } }, 'plex-rate-limited', 'plex-rate-limited'],
  ])('of the kind %j has its own code, for reads and writes', async (switches, read, write) => {
    // Short limits only where they are what is tested: a busy machine may be slow to say 503.
    const silent = switches.hang === true || switches.stallBody === true;
    const stage = await setUp(switches, silent ? limits : {});
    const key = addScene(stage, 1, { summary: 'long enough to be cut '.repeat(10) });
    const codeOf = async (call: Promise<unknown>): Promise<string> => (await failureOf(call)).code;
    expect(await codeOf(stage.client.items([key]))).toBe(read);
    const edit = stage.client.edit(stage.sectionId, ratingKeys([key]), {
      ...nothing,
      scalars: { title: 'x' },
    });
    if (write === '') await edit;
    else expect(await codeOf(edit)).toBe(write);
  });

  it('ends with Plex: away is unreachable, and back is back', async () => {
    const { plex, client } = await setUp();
    await client.server();
    await plex.goAway();
    expect((await failureOf(client.server())).code).toBe('plex-unreachable');
    await plex.comeBack();
    expect((await client.server()).machineIdentifier).toBe(plex.machineIdentifier);
  });

  it('of one item is told apart by what Plex did with it', async () => {
    const stage = await setUp({}, { writeHeadersMs: 2_000 });
    const [hang = '', drop = '', bad = ''] = [1, 2, 3].map((number) => addScene(stage, number));
    stage.plex.switches.poison.set(hang, 'hang').set(drop, 'drop').set(bad, 'status-400');
    await stage.client.server();
    const codes: string[] = [];
    for (const key of [hang, drop, bad]) {
      const edit = { ...nothing, scalars: { title: 'x' } };
      codes.push(
        (await failureOf(stage.client.edit(stage.sectionId, ratingKeys([key]), edit))).code,
      );
    }
    expect(codes).toEqual(['plex-header-timeout', 'plex-reset', 'plex-bad-request']);
  });
});
