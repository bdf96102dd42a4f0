// The client and the files of a simulated Plex: what a listing tells of them, a folder that is
// scanned because it was asked for, and files that moved.
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PlexSimulator, startPlexSimulator } from '../../simulators/plex/server.ts';
import type { PlexSwitches } from '../../simulators/plex/switches.ts';
import type { ListedItem } from '../../src/domain/base/plexItem.ts';
import type { PlexClient } from '../../src/plex/client.ts';
import { canaryToken, failureOf, openClient } from './support.ts';

interface Stage {
  readonly plex: PlexSimulator;
  readonly client: PlexClient;
  readonly sectionId: string;
  readonly list: () => Promise<readonly ListedItem[]>;
}

async function setUp(switches: Partial<PlexSwitches> = {}): Promise<Stage> {
  const plex = await startPlexSimulator({ token: canaryToken, switches });
  onTestFinished(() => plex.close());
  const sectionId = plex.library.addSection({ title: 'Scenes', locations: ['/data/scenes'] });
  const client = openClient(plex.url);
  const list = async (): Promise<readonly ListedItem[]> =>
    (await client.listPage(sectionId, { start: 0, size: 50 })).items;
  return { plex, client, sectionId, list };
}

describe('[1.0 MATCH-01] a listed item', () => {
  it('has its date, studio and duration, and every file of every version', async () => {
    const { plex, sectionId, list } = await setUp();
    const ratingKey = plex.library.addItem(sectionId, {
      title: 'Full',
      date: '2020-02-03',
      studio: 'Acme',
      addedAt: 1_700_000_000,
      files: [
        { path: '/data/scenes/small.mp4', size: 10, durationMs: 60_000 },
        { path: '/data/scenes/large.mkv', size: 20, durationMs: 61_000 },
      ],
    });
    expect(await list()).toEqual([
      {
        ratingKey,
        title: 'Full',
        date: '2020-02-03',
        studio: 'Acme',
        durationMs: 61_000,
        addedAt: 1_700_000_000,
        updatedAt: 1_700_000_000,
        parts: [
          { file: '/data/scenes/small.mp4', size: 10, durationMs: 60_000 },
          { file: '/data/scenes/large.mkv', size: 20, durationMs: 61_000 },
        ],
      },
    ]);
  });

  it('that Plex has not analysed has its file, and neither size nor duration', async () => {
    const { plex, sectionId, list } = await setUp();
    const path = '/data/scenes/new.mp4';
    const file = { path, size: 10, durationMs: 60_000, analysed: false };
    const ratingKey = plex.library.addItem(sectionId, { title: 'new', files: [file] });
    const unread = { file: path, size: null, durationMs: null };
    const bare = { date: '', studio: '', durationMs: null, parts: [unread] };
    expect(await list()).toMatchObject([bare]);
    plex.library.analyse(ratingKey);
    const known = { file: path, size: 10, durationMs: 60_000 };
    expect(await list()).toMatchObject([{ durationMs: 60_000, parts: [known] }]);
  });
});

describe('[1.0 MATCH-01] a scan of one folder', () => {
  const folder = '/data/scenes/Ü & co + "x" (100%) #1';

  it('brings its files into the listing, and those of no other folder', async () => {
    const { plex, client, sectionId, list } = await setUp();
    plex.library.addUnscannedFile(sectionId, { path: `${folder}/One.mp4`, size: 1 });
    plex.library.addUnscannedFile(sectionId, { path: '/data/scenes/other/Two.mp4', size: 2 });
    await client.scanFolder(sectionId, folder);
    expect(await list()).toMatchObject([{ title: 'One', parts: [{ file: `${folder}/One.mp4` }] }]);
    expect(plex.scans).toMatchObject([{ method: 'GET', path: folder, force: false }]);
    expect(plex.counts().writes).toBe(0);
  });

  it('is answered at once, while its files come when Plex is through', async () => {
    const { plex, client, sectionId, list } = await setUp({ scanDelayMs: 'held' });
    plex.library.addUnscannedFile(sectionId, { path: `${folder}/One.mp4`, size: 1 });
    await client.scanFolder(sectionId, folder);
    expect(await list()).toEqual([]);
    plex.finishScans();
    expect(await list()).toHaveLength(1);
  });

  it('fails as any request does when the section is gone, the token wrong or Plex away', async () => {
    const { plex, client, sectionId } = await setUp();
    const codeOf = async (id = sectionId): Promise<string> =>
      (await failureOf(client.scanFolder(id, folder))).code;
    expect(await codeOf('77')).toBe('plex-not-found');
    plex.switches.unauthorized = true;
    expect(await codeOf()).toBe('plex-unauthorized');
    plex.switches.unauthorized = false;
    plex.switches.maintenance = true;
    expect(await codeOf()).toBe('plex-maintenance');
    await plex.goAway();
    expect(await codeOf()).toBe('plex-unreachable');
    expect(plex.scans).toEqual([]);
  });
});

describe.each(['same-item', 'new-item'] as const)(
  '[1.0 MATCH-01] a file that moved, where Plex takes it for the %s',
  (movedFile) => {
    it('is listed under its new path only, and found among what was updated since', async () => {
      const { plex, client, sectionId, list } = await setUp({ movedFile });
      const old = plex.library.addItem(sectionId, {
        title: 'Named',
        files: [{ path: '/data/scenes/a/One.mp4', size: 1 }],
        addedAt: 1_600_000_000,
      });
      const key = plex.library.moveFile('/data/scenes/a/One.mp4', '/data/scenes/b/Uno.mp4');
      const items = await list();
      expect(items.map((item) => item.ratingKey)).toEqual([key]);
      expect(items).toMatchObject([{ parts: [{ file: '/data/scenes/b/Uno.mp4' }] }]);
      const since = { start: 0, size: 50, updatedSince: 1_600_000_001 };
      expect((await client.listPage(sectionId, since)).items).toEqual(items);
      expect((await client.items([old])).has(old)).toBe(movedFile === 'same-item');
    });
  },
);
