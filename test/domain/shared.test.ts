// What counts as shown of a performer, studio, tag or group, held against what Plex is to show.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldSettings } from '../../src/contract/fieldSettings.ts';
import { desiredItem } from '../../src/domain/mirror/desired.ts';
import { gateOf } from '../../src/domain/mirror/gate.ts';
import type { NamedEntity, Scene } from '../../src/domain/base/scene.ts';
import { openFaces, sharedOf } from '../../src/domain/gaps/shared.ts';
import { bareScene, fieldSettings, gateSettings } from './sceneKit.ts';

const lists = fc.constantFrom('', 'Mood', 'Light, 11', '"sea"');
const settings = fc
  .record({
    includeTags: lists,
    onlyWithTags: lists,
    excludeTags: fc.constantFrom('', 'Private'),
    neverWithTags: fc.constantFrom('', 'Private, 12'),
    tagsAs: fc.constantFrom('', 'label', 'off'),
    fields: fc.constantFrom('', 'tags: off', 'collection: off'),
    titleTemplate: fc.constantFrom('', '{studio} {title} ({performers})'),
    parentStudio: fc.boolean(),
    performerDisambiguation: fc.boolean(),
    studioCollections: fc.boolean(),
    groupCollections: fc.boolean(),
  })
  .map((raw) => ({ fields: fieldSettings(raw), gates: gateSettings(raw) }));

const named = (id: number, ...names: string[]): fc.Arbitrary<NamedEntity> =>
  fc.constantFrom(...names).map((name) => ({ id, name }));
const tagNames = ['Mood', 'Light', 'Sea', 'Private', 'Other'];
const parents = fc
  .subarray([11, 12, 13])
  .chain((ids) => fc.tuple(...ids.map((id) => named(id, ...tagNames))));
const tag = (id: number) =>
  fc.tuple(named(id, ...tagNames), parents).map(([own, above]) => ({ ...own, parents: above }));
const performer = (id: number) =>
  fc
    .tuple(named(id, 'Ann Bell', 'ann bell', 'Cy'), fc.constantFrom(null, 'actress', 'dancer'))
    .map(([own, disambiguation]) => ({ ...own, disambiguation }));
/** The same scene again and again; all that it shares is called and placed anew each time. */
const scene: fc.Arbitrary<Scene> = fc
  .record({
    studio: fc
      .tuple(named(1, 'Quay', 'Pier'), fc.option(named(2, 'Quay', 'Group')))
      .map(([own, parent]) => ({ ...own, parent })),
    tags: fc.tuple(tag(1), tag(2), tag(3)),
    performers: fc.tuple(performer(1), performer(2)),
    groups: fc.tuple(named(1, 'Saga', 'Tale')),
  })
  .map((shared) => ({ ...bareScene, title: 'A title', ...shared }));

const parts = fc.constantFrom(...(['studio', 'tags', 'performers', 'groups'] as const));

/** What goes to Plex, without the fields that are off. */
function shownOf(which: Scene, settings: FieldSettings): unknown {
  const { scalars, tags, rules } = desiredItem(which, settings);
  const off = new Set(
    Object.entries(rules).flatMap(([field, rule]) => (rule === 'off' ? [field] : [])),
  );
  return Object.entries({ ...scalars, ...tags }).filter(([field]) => !off.has(field));
}

describe('[1.0 MATCH-02] what a scene shows of what it shares with others', () => {
  it('is the same without the parents that no setting looks at', () => {
    fc.assert(
      fc.property(settings, scene, ({ fields, gates }, whole) => {
        const trimmed = openFaces({ fields, gates }).trimmed(whole);
        expect(shownOf(trimmed, fields)).toEqual(shownOf(whole, fields));
        expect(gateOf(trimmed, gates)).toEqual(gateOf(whole, gates));
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  it('has another face wherever Plex is to show anything else, or the gate says otherwise', () => {
    let alike = 0;
    fc.assert(
      fc.property(settings, scene, scene, parts, ({ fields, gates }, one, another, part) => {
        const other = { ...one, [part]: another[part] };
        const faces = openFaces({ fields, gates });
        const facesOf = (which: Scene) =>
          sharedOf(faces.trimmed(which)).map((shared) => [
            shared.entity,
            shared.id,
            faces.of(shared),
          ]);
        if (JSON.stringify(facesOf(one)) !== JSON.stringify(facesOf(other))) return;
        alike += 1;
        expect(shownOf(other, fields)).toEqual(shownOf(one, fields));
        expect(gateOf(other, gates)?.kind).toBe(gateOf(one, gates)?.kind);
      }),
      { numRuns: 10_000, seed: 7 },
    );
    expect(alike).toBeGreaterThan(100);
  });

  it('says nothing of what only a setting that is off would show', () => {
    const shows = (raw: Readonly<Record<string, unknown>>) =>
      openFaces({ fields: fieldSettings(raw), gates: gateSettings(raw) });
    const mood = { id: 11, name: 'Mood' };
    const noir = { entity: 'tag' as const, id: 1, name: 'Noir', parents: [mood] };
    expect(shows({}).of(noir)).toBe(shows({}).of({ ...noir, parents: [] }));
    expect(shows({}).tagParents).toBe(false);
    expect(shows({ includeTags: 'Mood' }).tagParents).toBe(true);
    expect(shows({ includeTags: 'Mood', tagsAs: 'off' }).tagParents).toBe(false);
    expect(shows({ neverWithTags: 'Mood', tagsAs: 'off' }).tagParents).toBe(true);
    const renamed = { ...noir, name: 'Film noir' };
    expect(shows({ excludeTags: 'mood' }).of(renamed)).toBe(
      shows({ excludeTags: 'mood' }).of(noir),
    );
    expect(shows({}).of(renamed)).not.toBe(shows({}).of(noir));
  });
});
