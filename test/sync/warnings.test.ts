// What is worth telling about Plex's libraries: shown while it holds, told once, and in nobody's way.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statusLines } from '../../src/tasks/statusLines.ts';
import { openTurns, type Turns } from './turns.ts';

const minute = 60_000;
let t: Turns;
beforeEach(async () => {
  t = await openTurns();
});
afterEach(async () => {
  await t.close();
});

const push = async (title: string): Promise<string | undefined> => {
  const { sceneId, ratingKey } = t.world.addPair();
  t.world.edit(sceneId, { title });
  await t.turns(3, 3_000);
  return t.world.plex.library.item(ratingKey)?.title;
};
/** In the log, by level. */
const told = (level: 'warn' | 'info'): number =>
  t.world
    .logText()
    .split('\n')
    .filter((line) => line.includes('"warning"') && line.includes(`"${level}"`)).length;

describe('a library whose agent goes online', () => {
  it('is mirrored all the same, and told once, until its agent is another one', async () => {
    t.world.plex.library.setAgent(t.world.section, 'tv.plex.agents.movie');
    expect(await push('One')).toBe('One');
    const { warnings, problems } = t.world.status();
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      {
        about: 'library "Videos"',
        message: expect.stringMatching(/tv\.plex\.agents\.movie, which fetches metadata/) as string,
      },
    ]);
    expect(statusLines(t.world.status())).toContain(`Warning: ${warnings[0]?.message}`);

    // Asked for again, also by the next worker: it is still so.
    t.nowMs += 6 * minute;
    expect(await push('Two')).toBe('Two');
    await t.restart();
    expect(await push('Three')).toBe('Three');
    expect(t.world.status().warnings).toEqual(warnings);
    expect([told('warn'), told('info')]).toEqual([1, 0]);

    t.world.plex.library.setAgent(t.world.section, 'com.plexapp.agents.imdb');
    t.nowMs += 6 * minute;
    await push('Four');
    expect(t.world.status().warnings[0]?.message).toContain('com.plexapp.agents.imdb');
    expect([told('warn'), told('info')]).toEqual([2, 0]);

    t.world.plex.library.setAgent(t.world.section, 'tv.plex.agents.none');
    t.nowMs += 6 * minute;
    await push('Five');
    expect(t.world.status().warnings).toEqual([]);
    expect([told('warn'), told('info')]).toEqual([2, 1]);
  });
});

describe('a library of type show that the setting names', () => {
  beforeEach(() => {
    t.world.plex.library.addSection({ title: 'Series', type: 'show' });
  });

  it('beside one that fits is a warning, and that one is mirrored', async () => {
    await t.world.configure({ plexLibraries: 'Videos, Series' });
    expect(await push('One')).toBe('One');
    const { warnings, problems } = t.world.status();
    expect(problems).toEqual([]);
    expect(warnings.map(({ about }) => about)).toEqual(['plexLibraries']);
    await t.world.configure({ plexLibraries: 'Videos' });
    t.nowMs += minute;
    await push('Two');
    expect(t.world.status().warnings).toEqual([]);
  });

  it('alone is a problem with the way out: there is nothing to push to', async () => {
    await t.world.configure({ plexLibraries: 'Series' });
    expect(await push('One')).toMatch(/^scanned/);
    const { warnings, problems } = t.world.status();
    expect(warnings).toEqual([]);
    expect(problems).toEqual([
      {
        setting: 'plexLibraries',
        message: expect.stringMatching(/"Series", a library of type show.*"Videos"/) as string,
      },
    ]);
  });
});
