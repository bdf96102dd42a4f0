/** What the simulated Plex makes of files: scans, moves, versions, and files not analysed yet. */
import { describe, expect, it } from 'vitest';
import type { PlexSimulator } from '../../simulators/plex/server.ts';
import { ask, eventually, file, plexWithSection, read, titles, type Told } from './plex-support.ts';

const at = (section: string, query = ''): string => `/library/sections/${section}/refresh${query}`;
const all = (section: string): string => `/library/sections/${section}/all?type=1`;

function scan(plex: PlexSimulator, section: string, path?: string): Promise<Told> {
  return ask(plex, at(section, path === undefined ? '' : `?path=${encodeURIComponent(path)}`));
}

describe('a scan', () => {
  it('of a folder finds the new files there and below, under the names of the files', async () => {
    const { plex, section } = await plexWithSection();
    for (const name of ['a/One.mp4', 'a/deep/Two.2020.mkv', 'ab/Three.mp4', 'Four.mp4']) {
      plex.library.addUnscannedFile(section, file(name));
    }
    expect(await titles(plex, all(section))).toEqual([]);
    expect((await scan(plex, section, '/data/a')).status).toBe(200);
    expect(await titles(plex, all(section))).toEqual(['One', 'Two.2020']);
    expect(plex.library.unscannedFiles(section)).toEqual(['/data/ab/Three.mp4', '/data/Four.mp4']);
    const [one] = plex.library.items(section);
    expect(one?.parts).toMatchObject([{ file: '/data/a/One.mp4', sizeBytes: 1000 }]);
  });

  it.each(['/data/a b', '/data/a b/', '/data', '/'])('takes %j for the folder', async (folder) => {
    const { plex, section } = await plexWithSection();
    plex.library.addUnscannedFile(section, file('a b/One.mp4'));
    await scan(plex, section, folder);
    expect(await titles(plex, all(section))).toEqual(['One']);
  });

  it.each(['/data/a', '/data/A b', '/other', 'a b', '/data/a b/One.mp4'])(
    'of %j does not find a file that is not below it',
    async (folder) => {
      const { plex, section } = await plexWithSection();
      plex.library.addUnscannedFile(section, file('a b/One.mp4'));
      await scan(plex, section, folder);
      expect(await titles(plex, all(section))).toEqual([]);
    },
  );

  it('of a Windows folder finds what lies below it', async () => {
    const { plex, section } = await plexWithSection();
    plex.library.addUnscannedFile(section, { path: 'D:\\Scenes\\a\\One.mp4', size: 1 });
    await scan(plex, section, 'D:\\Scenes');
    expect(await titles(plex, all(section))).toEqual(['One']);
  });

  it.each(['', '?path='])('without a folder (%j) is one of the whole section', async (query) => {
    const { plex, section } = await plexWithSection();
    const other = plex.library.addSection({ title: 'Others' });
    plex.library.addUnscannedFile(section, file('a/One.mp4'));
    plex.library.addUnscannedFile(section, file('b/Two.mp4'));
    plex.library.addUnscannedFile(other, file('c/Three.mp4'));
    await ask(plex, at(section, query));
    expect(await titles(plex, all(section))).toEqual(['One', 'Two']);
    expect(await titles(plex, all(other))).toEqual([]);
    expect(plex.scans).toMatchObject([{ sectionId: section, path: undefined }]);
  });

  it('is remembered with its folder, what it found, and whether it asked for all metadata', async () => {
    let nowMs = 1_700_000_000_000;
    const { plex, section } = await plexWithSection({ nowMs: () => nowMs });
    plex.library.addUnscannedFile(section, file('a/One.mp4'));
    await scan(plex, section, '/data/a');
    nowMs += 5_000;
    await ask(plex, at(section, '?path=%2Fdata+b&force=1'), { method: 'POST' });
    const first = { at: 1_700_000_000_000, method: 'GET', sectionId: section, path: '/data/a' };
    expect(plex.scans).toEqual([
      { ...first, force: false, state: 'done', found: ['1001'] },
      {
        at: nowMs,
        method: 'POST',
        sectionId: section,
        path: '/data b',
        force: true,
        state: 'done',
        found: [],
      },
    ]);
    expect(plex.counts()).toMatchObject({ scans: 2, refreshes: 0, choices: 0 });
  });

  it('can be held until it is told to go on, and its section says that it is refreshing', async () => {
    const { plex, section } = await plexWithSection({ switches: { scanDelayMs: 'held' } });
    plex.library.addUnscannedFile(section, file('a/One.mp4'));
    await scan(plex, section, '/data/a');
    expect(await titles(plex, all(section))).toEqual([]);
    const during = (await read(plex, '/library/sections')).Directory?.[0];
    expect(during).toMatchObject({ refreshing: true });
    expect(plex.scans[0]?.state).toBe('waiting');
    expect(plex.finishScans()).toEqual(['1001']);
    expect(await titles(plex, all(section))).toEqual(['One']);
    const after = (await read(plex, '/library/sections')).Directory?.[0];
    expect(after).toMatchObject({ refreshing: false });
    expect(plex.finishScans()).toEqual([]);
  });

  it('can take its time after the answer', async () => {
    const { plex, section } = await plexWithSection({ switches: { scanDelayMs: 30 } });
    plex.library.addUnscannedFile(section, file('a/One.mp4'));
    await scan(plex, section, '/data/a');
    await eventually(() => plex.scans[0]?.state === 'done');
    expect(await titles(plex, all(section))).toEqual(['One']);
  });

  it('is lost when the server goes away, and can be asked for again', async () => {
    const { plex, section } = await plexWithSection({ switches: { scanDelayMs: 'held' } });
    plex.library.addUnscannedFile(section, file('a/One.mp4'));
    await scan(plex, section, '/data/a');
    await plex.goAway();
    await plex.comeBack();
    expect(plex.scans[0]?.state).toBe('lost');
    expect(plex.finishScans()).toEqual([]);
    await scan(plex, section, '/data/a');
    expect(plex.finishScans()).toEqual(['1001']);
  });

  it('is refused by PUT, for a section that does not exist, and for one that is no number', async () => {
    const { plex, section } = await plexWithSection();
    expect((await ask(plex, at(section), { method: 'PUT' })).status).toBe(404);
    expect((await scan(plex, '77')).status).toBe(404);
    expect((await scan(plex, 'None')).status).toBe(500);
    expect(plex.scans).toEqual([]);
  });
});

describe.each(['same-item', 'new-item'] as const)('a moved file that is the %s', (movedFile) => {
  const stays = movedFile === 'same-item';

  it(`${stays ? 'keeps its item and everything in it' : 'has a new item with nothing in it'}`, async () => {
    let nowMs = 1_700_000_000_000;
    const { plex, section } = await plexWithSection({
      switches: { movedFile },
      nowMs: () => nowMs,
    });
    const old = plex.library.addItem(section, {
      title: 'Named',
      files: [{ ...file('a/One.mp4'), durationMs: 60_000 }],
      genres: ['G'],
    });
    nowMs += 60_000;
    const key = plex.library.moveFile('/data/a/One.mp4', '/data/b/Uno.mp4');
    expect(key === old).toBe(stays);
    const [item, ...others] = plex.library.items(section);
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      ratingKey: key,
      title: stays ? 'Named' : 'Uno',
      genres: stays ? ['G'] : [],
      addedAt: stays ? 1_700_000_000 : 1_700_000_060,
      updatedAt: 1_700_000_060,
      parts: [{ file: '/data/b/Uno.mp4', sizeBytes: 1000, durationMs: 60_000 }],
    });
    expect((await ask(plex, `/library/metadata/${old}`)).status).toBe(stays ? 200 : 404);
    expect(() => plex.library.moveFile('/data/a/One.mp4', '/x')).toThrow(RangeError);
  });

  it('is seen by a scan of its new folder and not before', async () => {
    const { plex, section } = await plexWithSection({ switches: { movedFile } });
    plex.library.addItem(section, { title: 'Named', files: [file('a/One.mp4')] });
    plex.library.moveFileUnscanned('/data/a/One.mp4', '/data/b/Uno.mp4');
    const files = (): unknown => plex.library.items(section).map(({ parts }) => parts[0]?.file);
    await scan(plex, section, '/data/a');
    expect(files()).toEqual(['/data/a/One.mp4']);
    await scan(plex, section, '/data/b');
    expect(files()).toEqual(['/data/b/Uno.mp4']);
    expect(await titles(plex, all(section))).toEqual([stays ? 'Named' : 'Uno']);
  });

  it('leaves the other version of its item where it is', async () => {
    const { plex, section } = await plexWithSection({ switches: { movedFile } });
    plex.library.addItem(section, { title: 'Both', files: [file('a/1.mp4'), file('a/2.mp4')] });
    plex.library.moveFile('/data/a/2.mp4', '/data/b/2.mp4');
    const found = plex.library.items(section).map(({ parts }) => parts.map((part) => part.file));
    const moved = '/data/b/2.mp4';
    expect(found).toEqual(stays ? [['/data/a/1.mp4', moved]] : [['/data/a/1.mp4'], [moved]]);
  });
});

describe('an item with two versions', () => {
  it('has each as a medium of its own, and lasts as long as the longer', async () => {
    const { plex, section } = await plexWithSection();
    plex.library.addItem(section, {
      title: 'Both',
      files: [
        { ...file('small.mp4', 10), durationMs: 60_000 },
        { ...file('large.mkv', 20), durationMs: 61_000 },
      ],
    });
    const { Metadata } = await read(plex, all(section));
    expect(Metadata).toMatchObject([
      {
        duration: 61_000,
        Media: [
          { duration: 60_000, container: 'mp4', Part: [{ file: '/data/small.mp4', size: 10 }] },
          { duration: 61_000, container: 'mkv', Part: [{ file: '/data/large.mkv', size: 20 }] },
        ],
      },
    ]);
  });
});

describe('a file that was not analysed', () => {
  it('has neither size nor duration in any answer, until it is', async () => {
    const { plex, section } = await plexWithSection();
    const unread = { ...file('a/One.mp4', 10), durationMs: 60_000, analysed: false };
    plex.library.addUnscannedFile(section, unread);
    await scan(plex, section, '/data/a');
    for (const target of [all(section), '/library/metadata/1001']) {
      const text = (await ask(plex, target)).body;
      expect(text).toContain('/data/a/One.mp4');
      expect(text).not.toMatch(/"duration"|"size":10/);
    }
    plex.library.analyse('1001');
    for (const target of [all(section), '/library/metadata/1001']) {
      const { Metadata } = await read(plex, target);
      const part = { size: 10, duration: 60_000 };
      expect(Metadata).toMatchObject([{ duration: 60_000, Media: [{ Part: [part] }] }]);
    }
  });
});
