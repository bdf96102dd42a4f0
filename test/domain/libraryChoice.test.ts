// Which libraries are kept in step, and what a person is told about those that do not fit well.
import { describe, expect, it } from 'vitest';
import { chooseLibraries } from '../../src/domain/match/libraryChoice.ts';
import type { PlexSection } from '../../src/domain/base/plexItem.ts';

const section = (id: string, title: string, more: Partial<PlexSection> = {}): PlexSection => ({
  id,
  title,
  type: 'movie',
  agent: 'tv.plex.agents.none',
  locations: [],
  ...more,
});
const videos = section('1', 'Videos');
const clips = section('2', 'Clips');
const series = section('3', 'Series', { type: 'show', agent: 'tv.plex.agents.series' });

describe('the libraries to keep in step', () => {
  it('are all of type movie where none is named, and nobody is warned of the others', () => {
    expect(chooseLibraries([videos, clips, series], [])).toEqual({
      sections: [videos, clips],
      problems: [],
      warnings: [],
    });
  });

  it('are those named, by name in any case or by number, each once', () => {
    const { sections } = chooseLibraries([videos, clips], ['cLIPS', '2', 'Videos']);
    expect(sections).toEqual([clips, videos]);
  });

  it('are those that fit where a name is that of two libraries', () => {
    const shows = section('9', 'videos', { type: 'show' });
    const chosen = chooseLibraries([shows, videos], ['Videos']);
    expect(chosen).toEqual({ sections: [videos], problems: [], warnings: [] });
  });

  it('are the ones that fit beside one of another type, which is warned of', () => {
    const { sections, problems, warnings } = chooseLibraries([videos, series], ['Series', '1']);
    expect({ sections, problems }).toEqual({ sections: [videos], problems: [] });
    expect(warnings.map(({ about }) => about)).toEqual(['plexLibraries']);
    expect(warnings[0]?.message).toMatch(/"Series" is of type show and is left out.*type movie/);
  });

  it.each(['show', 'artist', 'photo'])(
    'are none where only one of type %s is named: that is a problem, with those that fit',
    (type) => {
      const { problems, warnings } = chooseLibraries(
        [videos, clips, { ...series, type }],
        ['Series'],
      );
      expect(warnings).toEqual([]);
      expect(problems).toEqual([
        {
          setting: 'plexLibraries',
          message: `names "Series", a library of type ${type}. PlexSync works with libraries of type movie (also "Other Videos"): "Videos", "Clips".`,
        },
      ]);
    },
  );
});

describe('an agent', () => {
  const told = (agent: string, wanted: readonly string[] = []): string =>
    chooseLibraries([{ ...videos, agent }], wanted)
      .warnings.map(({ about, message }) => `${about}: ${message}`)
      .join('\n');

  it.each(['tv.plex.agents.none', 'com.plexapp.agents.none', ''])(
    'for personal media, or one that Plex does not name, is not worth a word: %j',
    (agent) => {
      expect(told(agent)).toBe('');
    },
  );

  it.each(['tv.plex.agents.movie', 'com.plexapp.agents.imdb', 'com.plexapp.agents.themoviedb'])(
    'that goes online is told with what it does, the way out and what stays: %s',
    (agent) => {
      for (const message of [told(agent), told(agent, ['Videos'])]) {
        expect(message).toMatch(/^library "Videos": The library "Videos" uses the agent /);
        expect(message).toContain(agent);
        expect(message).toContain('fetches metadata from the internet');
        expect(message).toContain('Edit library > Advanced');
        expect(message).toContain('"Personal Media"');
        expect(message).toContain('locked and stay');
      }
    },
  );

  it.each(['tv.plex.agents.custom.mine', 'com.plexapp.agents.xbmcnfo'])(
    'of somebody else is told without saying more than is known: %s',
    (agent) => {
      expect(told(agent)).toContain('PlexSync does not know');
      expect(told(agent)).not.toContain('fetches metadata from the internet');
    },
  );

  it('of a library that is not kept in step is nobody’s business', () => {
    const other = { ...clips, agent: 'tv.plex.agents.movie' };
    expect(chooseLibraries([videos, other], ['Videos']).warnings).toEqual([]);
  });
});
