// What the check says about the settings that name fields, templates and tags.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mirroredFields, parsePolicies, policyNames } from '../../src/contract/fieldPolicies.ts';
import { tagLimits } from '../../src/contract/fieldSettings.ts';
import { nearest } from '../../src/contract/nearest.ts';
import { checkSettings, type SettingProblem, type Settings } from '../../src/contract/settings.ts';
import { inBoth, parseTagList } from '../../src/contract/tagList.ts';
import { longestTemplate, parseTemplate } from '../../src/contract/template.ts';
import { fields } from '../../src/domain/base/plexItem.ts';

const right = { plexUrl: 'http://192.168.1.10:32400', plexToken: 'token' };

function problemsOf(raw: Readonly<Record<string, unknown>>): readonly SettingProblem[] {
  const check = checkSettings({ ...right, ...raw });
  return check.kind === 'invalid' ? check.problems : [];
}

function settingsOf(raw: Readonly<Record<string, unknown>>): Settings {
  const check = checkSettings({ ...right, ...raw });
  if (check.kind === 'invalid') throw new Error(JSON.stringify(check.problems));
  return check.settings;
}

const texts = [
  'fields',
  'titleTemplate',
  'sortTitleTemplate',
  'contentRating',
  'tagsAs',
  'includeTags',
  'excludeTags',
  'onlyWithTags',
  'neverWithTags',
] as const;
const switches = [
  'parentStudio',
  'performerDisambiguation',
  'studioCollections',
  'groupCollections',
  'onlyOrganized',
] as const;

describe('the settings of fields and gates', () => {
  it('mean the same untouched, empty, 0 and off', () => {
    const untouched = settingsOf({});
    const shown = (text: string) => ({
      ...Object.fromEntries(texts.map((name) => [name, text])),
      ...Object.fromEntries(switches.map((name) => [name, false])),
      tagLimit: 0,
    });
    for (const text of ['', '  ', '\n']) expect(settingsOf(shown(text))).toEqual(untouched);
    expect(untouched.fields).toEqual({
      policies: Object.fromEntries(fields.map((field) => [field, 'mirror'])),
      extras: { poster: 'mirror', background: 'off', rating: 'mirror' },
      titleTemplate: [{ kind: 'name', name: 'title' }],
      sortTitleTemplate: null,
      contentRating: '',
      parentStudio: false,
      tagsAs: 'genre',
      includeTags: { tags: [] },
      excludeTags: { tags: [] },
      tagLimit: 30,
      performerDisambiguation: false,
      studioCollections: false,
      groupCollections: false,
    });
    expect(untouched.gates).toEqual({
      onlyOrganized: false,
      onlyWithTags: { tags: [] },
      neverWithTags: { tags: [] },
    });
  });

  it('are all checked at once, each problem by the name of its setting', () => {
    const problems = problemsOf({
      fields: 'tilte: fill, genre: of, studio',
      titleTemplate: '{titel}',
      sortTitleTemplate: 'always the same',
      contentRating: 'x'.repeat(41),
      tagsAs: 'genres!',
      tagLimit: 2.5,
      includeTags: 'Noir, "Rain',
      excludeTags: ',',
      parentStudio: 'yes',
      onlyOrganized: 1,
      onlyWithTags: 'Noir',
      neverWithTags: 'NOIR',
    });
    expect(problems.map(({ setting }) => setting).toSorted()).toEqual(
      [
        'contentRating',
        'excludeTags',
        'fields',
        'fields',
        'fields',
        'includeTags',
        'onlyOrganized',
        'onlyWithTags',
        'parentStudio',
        'sortTitleTemplate',
        'tagLimit',
        'tagsAs',
        'titleTemplate',
      ].toSorted(),
    );
  });

  it.each(texts)('%s is a text, and nothing else is taken for one', (name) => {
    for (const wrong of [5, true, ['a'], {}]) {
      const problems = problemsOf({ [name]: wrong });
      expect(problems.map(({ setting }) => setting)).toEqual([name]);
      expect(problems[0]?.message).toMatch(/^must be a text, but is /);
    }
  });

  it.each(switches)('%s is a switch', (name) => {
    const { fields: ofFields, gates } = settingsOf({ [name]: true });
    expect({ ...ofFields, ...gates }[name]).toBe(true);
    expect(problemsOf({ [name]: 'true' })).toEqual([
      { setting: name, message: 'must be switched on or off, but is a text.' },
    ]);
  });

  it('take whole numbers of tags within bounds', () => {
    for (const limit of [tagLimits.lowest, 12, tagLimits.highest]) {
      expect(settingsOf({ tagLimit: limit }).fields.tagLimit).toBe(limit);
    }
    for (const wrong of [-1, 0.5, 201, '30', true, Number.NaN]) {
      expect(problemsOf({ tagLimit: wrong })[0]?.message).toMatch(
        /^must be a whole number between 1 and 200 \(0 = 30\), but is /,
      );
    }
  });

  it('take what tags become in any case of letters', () => {
    expect(settingsOf({ tagsAs: ' Label ' }).fields.tagsAs).toBe('label');
    expect(problemsOf({ tagsAs: 'labels' })[0]?.message).toMatch(/Did you mean label\?/);
  });

  it('refuse a tag that is wanted and unwanted', () => {
    const [problem] = problemsOf({ includeTags: 'Noir, Rail', excludeTags: 'rail' });
    expect(problem).toEqual({
      setting: 'includeTags',
      message: 'names "Rail", which excludeTags names as well. Take it out of one of them.',
    });
  });

  it('never throw, whatever Stash answers', () => {
    const names = [...texts, ...switches, 'tagLimit'];
    const anything = fc.oneof(fc.anything(), fc.string(), fc.constantFrom('{', '"', ':', '((('));
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] }),
        (raw) => {
          const check = checkSettings({ ...right, ...raw });
          if (check.kind === 'invalid') {
            for (const { setting } of check.problems) expect(names).toContain(setting);
          } else expect(check.settings.fields.tagLimit).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500, seed: 91 },
    );
  });
});

describe('the policies of fields', () => {
  const policiesOf = (text: string) => parsePolicies(text).policies;

  it('are there for each field of Plex that is mirrored', () => {
    expect(mirroredFields.toSorted()).toEqual(fields.toSorted());
  });

  it('turn the background on only where it is named', () => {
    const extrasOf = (text: string) => parsePolicies(text).extras;
    const usual = { poster: 'mirror', background: 'off', rating: 'mirror' };
    expect(extrasOf('')).toEqual(usual);
    expect(extrasOf('all: mirror')).toEqual(usual);
    expect(extrasOf('all: fill')).toEqual({ poster: 'fill', background: 'off', rating: 'fill' });
    expect(extrasOf('all: off, pictures: mirror')).toEqual({
      poster: 'mirror',
      background: 'mirror',
      rating: 'off',
    });
    expect(extrasOf('background: fill, poster: off').background).toBe('fill');
  });

  it('are read field by field, in any case, with any separator', () => {
    expect(policiesOf('title: fill, Date=OFF; contentrating : mirror\nactor:off')).toMatchObject({
      title: 'fill',
      originallyAvailableAt: 'off',
      contentRating: 'mirror',
      actor: 'off',
      genre: 'mirror',
    });
  });

  it('take Plex’s own name of a field as well', () => {
    expect(policiesOf('originallyAvailableAt: off').originallyAvailableAt).toBe('off');
  });

  it('go by a field’s own name first, then by its group, then by all', () => {
    for (const text of [
      'all: off, people: fill, actor: mirror',
      'actor: mirror, people: fill, all: off',
    ]) {
      expect(policiesOf(text)).toMatchObject({
        title: 'off',
        genre: 'off',
        actor: 'mirror',
        director: 'fill',
      });
    }
    expect(policiesOf('tags: off')).toMatchObject({ genre: 'off', label: 'off', actor: 'mirror' });
  });

  it.each([
    ['title', '"title" is not of the form field: policy, e.g. genre: off'],
    ['title:', '"title:" is not of the form field: policy, e.g. genre: off'],
    ['title: fill: off', '"title: fill: off" is not of the form field: policy, e.g. genre: off'],
    ['sumary: fill', '"sumary" is no field. Did you mean summary?'],
    ['stars: off', '"stars" is no field.'],
    ['title: fil', '"fil" is no policy. Did you mean fill? There are mirror, fill, off'],
    ['genre: off, Genre: fill', '"genre" stands there twice; keep one of them'],
    ['date: off, originallyAvailableAt: off', '"date" stands there twice; keep one of them'],
  ])('say what is wrong with %s', (text, problem) => {
    const { problems } = parsePolicies(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('name every problem at once, and read what is right', () => {
    const { policies, problems } = parsePolicies('a: b, title: off, c, d: fill');
    expect(problems).toHaveLength(4);
    expect(policies.title).toBe('off');
  });

  it('take each name that they offer', () => {
    for (const name of policyNames) expect(parsePolicies(`${name}: off`).problems).toEqual([]);
  });
});

describe('a list of tags', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['Noir', ['Noir']],
    [' Noir ,Rail,, 12 ', ['Noir', 'Rail', '12']],
    ['"Rain, heavy", Noir', ['Rain, heavy', 'Noir']],
    ['Noir,"Rain, heavy"', ['Noir', 'Rain, heavy']],
    ['Noir, noir, NOIR', ['NOIR']],
  ])('is read from %j', (text, tags) => {
    expect(parseTagList(text)).toEqual({ list: { tags }, problems: [] });
  });

  it.each(['"Rain', 'Rain"', '"a" b, c', ',', ' , '])('is refused as %j', (text) => {
    expect(parseTagList(text).problems).toHaveLength(1);
  });

  it('comes back from what it is written as, whatever its names hold', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'B', ',', ' ', '1', 'é'), minLength: 1 });
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const wanted = names.map((one) => one.trim()).filter((one) => one !== '');
        const { list, problems } = parseTagList(wanted.map((one) => `"${one}"`).join(', '));
        expect(problems).toEqual([]);
        const keys = (tags: readonly string[]) => tags.map((tag) => tag.toLowerCase());
        expect(keys(list.tags)).toEqual([...new Set(keys(wanted))]);
      }),
      { numRuns: 300, seed: 92 },
    );
  });

  it('knows a tag of another list whatever the case of its letters', () => {
    expect(inBoth({ tags: ['Noir', 'Rail'] }, { tags: ['RAIL'] })).toEqual(['Rail']);
  });
});

describe('a template of a title', () => {
  it.each([
    ['{titel}', 'has {titel}, which is not known. Did you mean {title}?'],
    ['{title} {}', 'has {}, which is not known. There are {title}'],
    ['{title', 'has a brace without its counterpart.'],
    ['title}', 'has a brace without its counterpart.'],
    ['My scene', 'names nothing of the scene'],
    [`{title}${'x'.repeat(longestTemplate)}`, 'is longer than 200 characters.'],
  ])('is refused as %s', (text, problem) => {
    expect(parseTemplate(text).problems.join('\n')).toContain(problem);
  });

  it('keeps brackets in pairs together, and others as text', () => {
    expect(parseTemplate('{title} ({date}) (').template).toEqual([
      { kind: 'name', name: 'title' },
      { kind: 'text', text: ' ' },
      { kind: 'group', open: '(', pieces: [{ kind: 'name', name: 'date' }], close: ')' },
      { kind: 'text', text: ' (' },
    ]);
  });
});

describe('the nearest name', () => {
  it('is found whatever the case of letters, or is none', () => {
    expect(nearest('CONTENTRATNG', ['title', 'contentRating'])).toBe('contentRating');
    expect(nearest('zzzzzzzz', ['title', 'contentRating'])).toBeNull();
  });
});
