// Which tags a person's list means, and which scenes go to Plex at all.
import { describe, expect, it } from 'vitest';
import { gateOf } from '../../src/domain/mirror/gate.ts';
import type { SceneTag } from '../../src/domain/base/scene.ts';
import { chosenTags } from '../../src/domain/mirror/tagChoice.ts';
import { bareScene, fieldSettings, gateSettings, tagsNamed } from './sceneKit.ts';

const below = (name: string, ...parents: string[]): SceneTag => ({
  id: 90,
  name,
  parents: parents.map((parent, at) => ({ id: 70 + at, name: parent })),
});

describe('the tags that are shown', () => {
  const shown = (tags: readonly SceneTag[], raw: Readonly<Record<string, unknown>>) =>
    chosenTags(tags, fieldSettings(raw)).map(({ name }) => name);
  const tags = tagsNamed('Noir', 'Rain, heavy', 'Blonde');

  it('are all of them, in their order, where no list is typed', () => {
    expect(shown(tags, {})).toEqual(['Noir', 'Rain, heavy', 'Blonde']);
  });

  it('are those of the list, by name in any case, by id, by a quoted name', () => {
    expect(shown(tags, { includeTags: 'blonde, NOIR' })).toEqual(['Noir', 'Blonde']);
    expect(shown(tags, { includeTags: '3' })).toEqual(['Blonde']);
    expect(shown(tags, { includeTags: '"rain, heavy"' })).toEqual(['Rain, heavy']);
  });

  it('are without those of the other list, which goes before the first', () => {
    expect(shown(tags, { excludeTags: 'Noir' })).toEqual(['Rain, heavy', 'Blonde']);
    const nested = [below('Film noir', 'Mood'), below('Gloom', 'Mood', 'Hidden')];
    expect(shown(nested, { includeTags: 'Mood', excludeTags: 'Hidden' })).toEqual(['Film noir']);
  });

  it('are meant by the tag right above them as well', () => {
    expect(shown([below('Noir', 'Mood')], { includeTags: 'Mood' })).toEqual(['Noir']);
    expect(shown([below('Noir', 'Mood')], { excludeTags: '70' })).toEqual([]);
  });

  it('take a number for the name of a tag that is called so', () => {
    expect(shown(tagsNamed('x', '1984'), { includeTags: '1984' })).toEqual(['1984']);
  });
});

describe('a scene goes to Plex', () => {
  const scene = { ...bareScene, tags: tagsNamed('Noir', 'Private') };

  it('unless a setting keeps it out', () => {
    expect(gateOf(scene, gateSettings())).toBeNull();
  });

  it('only when it is organised, if that is set', () => {
    const settings = gateSettings({ onlyOrganized: true });
    expect(gateOf(scene, settings)?.kind).toBe('not-organized');
    expect(gateOf({ ...scene, organized: true }, settings)).toBeNull();
  });

  it('only with one of the wanted tags, if some are named', () => {
    expect(gateOf(scene, gateSettings({ onlyWithTags: 'noir, Rail' }))).toBeNull();
    const gate = gateOf(scene, gateSettings({ onlyWithTags: 'Rail' }));
    expect(gate?.kind).toBe('without-wanted-tag');
    expect(gate?.words).toMatch(/onlyWithTags/);
    expect(gateOf(bareScene, gateSettings({ onlyWithTags: 'Rail' }))).not.toBeNull();
  });

  it('never with an unwanted tag, whatever else it has, and is told which', () => {
    const settings = gateSettings({ neverWithTags: 'private', onlyWithTags: 'Noir' });
    expect(gateOf(scene, settings)).toEqual({
      kind: 'with-unwanted-tag',
      words: 'It has the tag "Private", which neverWithTags keeps out of Plex.',
    });
    const child = { ...bareScene, tags: [below('Home', 'Private')] };
    expect(gateOf(child, settings)?.kind).toBe('with-unwanted-tag');
  });
});
