// What the Stash client reads, against a real Stash: filters and absence as they are and not only
// as the simulator plays them.
import { readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type StashClient, openStashClient } from '../../../src/stash/client.ts';
import { makeVideos, scanDocument } from '../harness/library.ts';
import { type StashProcess, type StashProcessOptions, startStash } from '../harness/process.ts';

interface ReadStash {
  readonly stash: StashProcess;
  readonly client: StashClient;
  /** A mutation with one input. @returns the id of what it answers, if it answers such */
  mutate(name: string, type: string, input: Readonly<Record<string, unknown>>): Promise<number>;
  sql(statement: string): Promise<void>;
  close(): Promise<void>;
}

const answered = v.record(v.string(), v.unknown());
const withId = v.object({ id: v.pipe(v.string(), v.transform(Number)) });
const withoutSelection = /Destroy$/;

async function openReadStash(
  options: Pick<StashProcessOptions, 'media' | 'database'>,
): Promise<ReadStash> {
  const { binary, root } = inject('realStash');
  const stash = await startStash({ ...options, binary, root });
  const { hostname, port } = new URL(stash.face.url);
  const client = openStashClient({
    scheme: 'http',
    host: hostname,
    port: Number(port),
    cookie: null,
    apiKey: null,
  });
  return {
    stash,
    client,
    mutate: async (name, type, input) => {
      const selection = withoutSelection.test(name) ? '' : '{ id }';
      const document = `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`;
      const answer = await stash.face.graphql(answered, document, { input });
      const parsed = v.safeParse(withId, answer[name]);
      return parsed.success ? parsed.output.id : Number.NaN;
    },
    sql: async (statement) => {
      const document = 'mutation ($sql: String!) { execSQL(sql: $sql) { rows_affected } }';
      await stash.face.graphql(answered, document, { sql: statement });
    },
    close: async () => {
      await client.close();
      await stash.close();
    },
  };
}

/** All ids that `read` gives page by page; `between` runs after every page. */
async function allPages(
  read: (afterId: number) => Promise<readonly number[]>,
  between: (page: readonly number[]) => Promise<void> = async () => {},
): Promise<readonly number[]> {
  const all: number[] = [];
  for (;;) {
    const page = await read(all.at(-1) ?? 0);
    if (page.length === 0) return all;
    all.push(...page);
    await between(page);
  }
}

const kinds = [
  { kind: 'performer', type: 'Performer', field: 'performer_ids' },
  { kind: 'studio', type: 'Studio', field: 'studio_id' },
  { kind: 'tag', type: 'Tag', field: 'tag_ids' },
  { kind: 'group', type: 'Group', field: 'group_ids' },
] as const;
type Kind = (typeof kinds)[number];

describe('the scenes of a performer, studio, tag or group in a real Stash', () => {
  let real: ReadStash;
  let free = 0;
  beforeAll(async () => {
    real = await openReadStash(inject('realStash').library);
  });
  afterAll(async () => {
    await real?.close();
  });

  /** Ids of scenes that no other test here uses. */
  const takeScenes = async (count: number): Promise<readonly number[]> => {
    const { ids } = await real.client.sceneIdsPage({ page: 1, perPage: 1000 });
    const taken = ids.filter((id) => id > free).slice(0, count);
    free = taken.at(-1) ?? free;
    return taken;
  };
  const create = async ({ kind, type }: Kind, input: Readonly<Record<string, unknown>>) =>
    await real.mutate(`${kind}Create`, `${type}CreateInput`, input);
  const link = async ({ kind, field }: Kind, id: number, scenes: readonly number[]) => {
    const value = kind === 'studio' ? String(id) : { mode: 'ADD', ids: [String(id)] };
    const input = { ids: scenes.map(String), [field]: value };
    const document =
      'mutation ($input: BulkSceneUpdateInput!) { bulkSceneUpdate(input: $input) { id } }';
    await real.stash.face.graphql(answered, document, { input });
  };
  const kindOf = (kind: Kind['kind']): Kind => {
    const found = kinds.find((one) => one.kind === kind);
    if (found === undefined) throw new RangeError(kind);
    return found;
  };

  test.each(kinds)(
    '$kind: come in pages while scenes of it are deleted in between',
    async (kind) => {
      const scenes = await takeScenes(7);
      const id = await create(kind, { name: `Paged ${kind.kind}` });
      await link(kind, id, scenes);
      const names: unknown[] = [];
      const read = async (afterId: number): Promise<readonly number[]> => {
        const { entity, ids } = await real.client.scenesOf(kind.kind, id, afterId, 3);
        names.push(entity?.name);
        return ids;
      };
      const destroy = async (page: readonly number[]): Promise<void> => {
        for (const scene of page) {
          await real.mutate('sceneDestroy', 'SceneDestroyInput', { id: String(scene) });
        }
      };
      expect(await allPages(read, destroy)).toEqual(scenes);
      expect(names).toEqual(Array.from({ length: 4 }, () => `Paged ${kind.kind}`));
    },
  );

  test.each(kinds)(
    '$kind: are none once it is destroyed, and it is known as gone',
    async (kind) => {
      const scenes = await takeScenes(1);
      const id = await create(kind, { name: `Destroyed ${kind.kind}` });
      await link(kind, id, scenes);
      await real.mutate(`${kind.kind}Destroy`, `${kind.type}DestroyInput`, { id: String(id) });
      expect(await real.client.scenesOf(kind.kind, id, 0, 10)).toEqual({ entity: null, ids: [] });
    },
  );

  test.each(kinds)('$kind: are none of one that never was', async ({ kind }) => {
    expect(await real.client.scenesOf(kind, 999_999, 0, 10)).toEqual({ entity: null, ids: [] });
  });

  test.each([
    { name: 'tag', mutation: 'tagsMerge', input: 'TagsMergeInput' },
    { name: 'performer', mutation: 'performerMerge', input: 'PerformerMergeInput' },
  ] as const)('$name: are also those of one merged into it', async ({ name, mutation, input }) => {
    const kind = kindOf(name);
    const [first = 0, both = 0, last = 0] = await takeScenes(3);
    const source = await create(kind, { name: `Merged away ${name}` });
    const destination = await create(kind, { name: `Merged into ${name}` });
    await link(kind, source, [first, both]);
    await link(kind, destination, [both, last]);
    await real.mutate(mutation, input, {
      source: [String(source)],
      destination: String(destination),
    });
    expect(await real.client.scenesOf(name, destination, 0, 10)).toMatchObject({
      entity: { name: `Merged into ${name}` },
      ids: [first, both, last],
    });
    expect(await real.client.scenesOf(name, source, 0, 10)).toEqual({ entity: null, ids: [] });
  });

  test.each([
    { name: 'tag', parents: (id: number) => ({ parent_ids: [String(id)] }) },
    { name: 'studio', parents: (id: number) => ({ parent_id: String(id) }) },
    { name: 'group', parents: (id: number) => ({ containing_groups: [{ group_id: String(id) }] }) },
  ] as const)('$name: are not those of its children', async ({ name, parents }) => {
    const kind = kindOf(name);
    const scenes = await takeScenes(1);
    const parent = await create(kind, { name: `Parent ${name}` });
    const child = await create(kind, { name: `Child ${name}`, ...parents(parent) });
    await link(kind, child, scenes);
    const { entity, ids } = await real.client.scenesOf(name, parent, 0, 10);
    expect(ids).toEqual([]);
    expect(entity?.children).toEqual(name === 'group' ? [] : [child]);
    expect((await real.client.scenesOf(name, child, 0, 10)).ids).toEqual(scenes);
    expect(await real.client.scenesOfAny(name, [child, parent], 0, 10)).toEqual(scenes);
  });

  test('scenes are read together with the list of all, and one that was destroyed is gone in both', async () => {
    const [there = 0, gone = 0, next = 0] = await takeScenes(3);
    await real.mutate('sceneDestroy', 'SceneDestroyInput', { id: String(gone) });
    const { reads, page } = await real.client.scenesAndIdsAfter([there, gone], true, there - 1, 2);
    expect(reads.map(({ kind }) => kind)).toEqual(['scene', 'gone']);
    expect(page).toMatchObject({ ids: [there, next], next });
    expect(page.left).toBeGreaterThan(0);
  });

  test('a scene is read with its groups and its links', async () => {
    const [id = 0] = await takeScenes(1);
    const group = await create(kindOf('group'), { name: 'A series' });
    const urls = ['https://example.org/b?x=1&y=2', 'https://example.org/a'];
    const groups = [{ group_id: String(group), scene_index: 3 }];
    await real.mutate('sceneUpdate', 'SceneUpdateInput', { id: String(id), urls, groups });
    expect(await real.client.scenes([id])).toMatchObject([
      { kind: 'scene', scene: { urls, groups: [{ id: group, name: 'A series' }] } },
    ]);
  });
});

describe('the files of scenes in a real Stash', () => {
  const names = [
    '100% pure_a.mp4',
    '100X pureXa.mp4',
    'CASE.mp4',
    'case.mp4',
    `it's "quoted".mp4`,
    'back\\slash.mp4',
    'sq[a]*?.mp4',
    'ÄÖ.mp4',
    'äö.mp4',
    'new\nline.mp4',
  ];
  let real: ReadStash;
  let media: string;
  beforeAll(async () => {
    const { root } = inject('realStash');
    makeVideos(root, 'reads', names.length + 6);
    media = join(root, 'reads');
    for (const [index, clip] of readdirSync(media).sort().entries()) {
      renameSync(join(media, clip), join(media, names[index] ?? clip));
    }
    real = await openReadStash({ media });
    await real.stash.face.job(scanDocument);
  });
  afterAll(async () => {
    await real?.close();
  });

  const pathsById = async (): Promise<ReadonlyMap<number, readonly string[]>> => {
    const { scenes } = await real.client.sceneFilesAfter(0, 100);
    return new Map(scenes.map(({ id, files }) => [id, files.map(({ path }) => basename(path))]));
  };
  const idOf = async (name: string): Promise<number> =>
    [...(await pathsById())].find(([, files]) => files.includes(name))?.[0] ?? Number.NaN;

  test.each(names)('exactly the scene with the file %j is found by its path', async (name) => {
    const id = await idOf(name);
    expect(await real.client.scenesWithFile(join(media, name))).toEqual([id]);
  });

  test('no scene is found by a path that no file has, whatever Stash takes for it', async () => {
    for (const name of ['none.mp4', 'Case.mp4', '%', '%.mp4', 'case.mp_']) {
      expect(await real.client.scenesWithFile(join(media, name)), name).toEqual([]);
    }
  });

  test('all files come in pages with what is left, while scenes are deleted in between', async () => {
    const all = (await real.client.sceneIdsPage({ page: 1, perPage: 100 })).ids;
    const counts: number[] = [];
    const read = async (afterId: number): Promise<readonly number[]> => {
      const { count, scenes } = await real.client.sceneFilesAfter(afterId, 7);
      counts.push(count);
      for (const { files, complete } of scenes) {
        expect([files.length, complete]).toEqual([1, true]);
        expect(files[0]?.size).toBeGreaterThan(0);
        expect(files[0]?.durationSeconds).toBeCloseTo(1, 0);
      }
      return scenes.map(({ id }) => id);
    };
    const neededLater = await Promise.all(
      ['case.mp4', 'clip 011.mp4', 'clip 012.mp4', 'clip 013.mp4'].map(idOf),
    );
    const spare = all.filter((id) => !neededLater.includes(id));
    const [alreadyRead = 0, notYetRead = 0] = [spare[0], spare.at(-1)];
    const seen = await allPages(read, async ([first]) => {
      if (first !== all[0]) return;
      for (const id of [alreadyRead, notYetRead]) {
        await real.mutate('sceneDestroy', 'SceneDestroyInput', { id: String(id) });
      }
    });
    expect(seen).toEqual(all.filter((id) => id !== notYetRead));
    expect(counts).toEqual([16, 8, 1, 0]);
  });

  test('a scene is found by its second file as well, and counted once', async () => {
    const [first, second] = [await idOf('clip 011.mp4'), await idOf('clip 012.mp4')];
    const input = { source: [String(second)], destination: String(first) };
    await real.mutate('sceneMerge', 'SceneMergeInput', input);
    for (const name of ['clip 011.mp4', 'clip 012.mp4']) {
      expect(await real.client.scenesWithFile(join(media, name))).toEqual([first]);
    }
    const { count, scenes } = await real.client.sceneFilesAfter(first - 1, 1);
    const names = scenes[0]?.files.map(({ path }) => basename(path));
    expect(names).toEqual(['clip 011.mp4', 'clip 012.mp4']);
    const { ids } = await real.client.sceneIdsPage({ page: 1, perPage: 100 });
    expect(count).toBe(ids.filter((id) => id >= first).length);
  });

  test('a file in the root folder of a file system is found by its path', async () => {
    const id = await idOf('case.mp4');
    await real.sql(`UPDATE folders SET path = '/' WHERE path = '${media}'`);
    try {
      expect(await real.client.scenesWithFile('/case.mp4')).toEqual([id]);
      expect(await real.client.scenesWithFile('//case.mp4')).toEqual([]);
    } finally {
      await real.sql(`UPDATE folders SET path = '${media}' WHERE path = '/'`);
    }
  });

  test('a file that Stash does not know as a video leaves the other scenes readable', async () => {
    const id = await idOf('clip 013.mp4');
    const before = await pathsById();
    const isItsFile = `file_id = (SELECT file_id FROM scenes_files WHERE scene_id = ${id})`;
    await real.sql(`DELETE FROM video_files WHERE ${isItsFile}`);
    const { count, scenes } = await real.client.sceneFilesAfter(0, 100);
    expect(count).toBe(before.size);
    expect(scenes.find((scene) => scene.id === id)).toEqual({ id, files: [], complete: false });
    const others = scenes.filter(({ complete }) => complete);
    expect(others.map((scene) => scene.id)).toEqual([...before.keys()].filter((key) => key !== id));
    await expect(real.client.scenesWithFile(join(media, 'clip 013.mp4'))).rejects.toMatchObject({
      code: 'stash-query-failed',
    });
  });
});
