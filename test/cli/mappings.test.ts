// The path mappings in a terminal, and as a document.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { mappingsAnswer } from '../../src/contract/mappings.ts';
import * as state from '../../src/store/file/state.ts';
import { writeState } from '../../src/store/file/state.ts';
import { makePlace, t0 } from './support.ts';

const report = {
  files: 12_340,
  inPlex: 12_000,
  explained: 11_902,
  rules: [
    {
      stash: '/data',
      plex: '/media',
      explains: 11_902,
      contradicts: 0,
      use: 'used' as const,
      why: '/data => /media fits all 11,902 files.',
    },
    {
      stash: '/data/odd',
      plex: '/media/even',
      explains: 2,
      contradicts: 1,
      use: 'offered' as const,
      why: 'It fits 2 of 3 files and contradicts one.',
    },
  ],
  handRules: [{ rule: { stash: 'D:\\clips', plex: '/mnt/clips' }, explains: 1, contradicts: 4 }],
  unexplained: [
    { folder: '/data/odd', files: 98, inPlex: 98 },
    { folder: '/elsewhere\u001b[2J', files: 1, inPlex: 0 },
  ],
};

describe('plexsync mappings', () => {
  it('says what is in use and by whom, what is offered and how to use it, and what is left over', async () => {
    const place = makePlace();
    place.withStore((db) => {
      writeState(db, state.mapping, { at: t0, report });
      writeState(db, state.survey, { afterId: 9, doneAt: null, left: 1_200 });
    });
    const { code, stdout, stderr } = await place.plexsync('mappings');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'Of 12,340 files in Stash, Plex has 12,000, 11,902 of them where these mappings put them (as of 2026-01-02 03:04).',
      'PlexSync is still reading which files Stash has: 1,200 scenes are left.',
      '',
      'In use:',
      '  D:\\clips => /mnt/clips explains 1 of 12,340 files and contradicts 4 (in use, from the setting pathMappings)',
      '  /data => /media explains 11,902 of 12,340 files (in use, found by itself)',
      '',
      'Offered, not in use:',
      '  /data/odd => /media/even explains 2 of 12,340 files and contradicts 1 (offered)',
      '    It fits 2 of 3 files and contradicts one.',
      '    To use it, add it to the setting pathMappings: /data/odd=>/media/even',
      '',
      'The rest by folder, as Stash sees it:',
      '  /data/odd      98 files  98 of them elsewhere in Plex',
      '  /elsewhere[2J  1 file    none of them in Plex',
      '',
    ]);
    const json = await place.plexsync('mappings', '--json');
    expect(v.parse(mappingsAnswer, JSON.parse(json.stdout))).toEqual({
      found: { at: t0, report },
      survey: { doneAt: null, left: 1_200 },
    });
  });

  it('says that files are taken to be under the same path where no mapping is needed', async () => {
    const place = makePlace();
    place.withStore((db) => {
      const none = { rules: [], handRules: [], unexplained: [] };
      writeState(db, state.mapping, {
        at: t0,
        report: { files: 1, inPlex: 1, explained: 1, ...none },
      });
      writeState(db, state.survey, { afterId: 9, doneAt: t0, left: 0 });
    });
    expect((await place.plexsync('mappings')).stdout).toBe(
      `Of 1 file in Stash, Plex has 1, 1 of them where these mappings put them (as of 2026-01-02 03:04).

In use:
  None: files are looked for in Plex under the path that they have in Stash.
`,
    );
  });

  it('says so where nothing has been looked for yet', async () => {
    const { stdout } = await makePlace().plexsync('mappings');
    expect(stdout).toBe(
      'No path mappings have been looked for yet.\nPlexSync has not begun to read which files Stash has.\n',
    );
  });
});
