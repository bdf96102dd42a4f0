// Whose a Plex item is when several scenes could have it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideClaim,
  type Rival,
  type Strength,
  strengthOf,
} from '../../src/domain/match/claim.ts';

const strengths: readonly Strength[] = ['pin', 'path', 'other'];
const flags = [true, false];

interface Scene {
  readonly sceneId: number;
  readonly strength: Strength;
  readonly isOwner: boolean;
}

const scenes = (sceneId: number): readonly Scene[] =>
  strengths.flatMap((strength) => flags.map((isOwner) => ({ sceneId, strength, isOwner })));

/** What the scene is told, with all of the others known to it as they are. */
function verdict(own: Scene, all: readonly Scene[]): string {
  const rivals: readonly Rival[] = all.filter((other) => other !== own);
  const claim = decideClaim(own.strength, own.isOwner, rivals);
  return claim.kind === 'review' ? `${claim.reason} by ${claim.by}` : claim.kind;
}

describe('[1.0 MATCH-03] an item that only one scene fits', () => {
  it.each(scenes(1).map((own) => [own.strength, own.isOwner, own] as const))(
    'is its (%s, has it already: %s)',
    (_, __, own) => {
      expect(verdict(own, [own])).toBe('granted');
    },
  );
});

describe('[1.0 MATCH-03] an item that two scenes fit', () => {
  // Own strength, own it already; the rival's; the verdict.
  const table: readonly (readonly [Strength, boolean, Strength, boolean, string])[] = [
    ['pin', true, 'pin', true, 'taken by 2'],
    ['pin', true, 'pin', false, 'granted'],
    ['pin', false, 'pin', true, 'taken by 2'],
    ['pin', false, 'pin', false, 'several-scenes by 2'],
    ['pin', true, 'path', true, 'granted'],
    ['pin', true, 'path', false, 'granted'],
    ['pin', false, 'path', true, 'granted'],
    ['pin', false, 'path', false, 'granted'],
    ['pin', true, 'other', true, 'granted'],
    ['pin', true, 'other', false, 'granted'],
    ['pin', false, 'other', true, 'granted'],
    ['pin', false, 'other', false, 'granted'],
    ['path', true, 'pin', true, 'taken by 2'],
    ['path', true, 'pin', false, 'taken by 2'],
    ['path', false, 'pin', true, 'taken by 2'],
    ['path', false, 'pin', false, 'taken by 2'],
    ['path', true, 'path', true, 'taken by 2'],
    ['path', true, 'path', false, 'granted'],
    ['path', false, 'path', true, 'taken by 2'],
    ['path', false, 'path', false, 'several-scenes by 2'],
    ['path', true, 'other', true, 'granted'],
    ['path', true, 'other', false, 'granted'],
    ['path', false, 'other', true, 'granted'],
    ['path', false, 'other', false, 'granted'],
    ['other', true, 'pin', true, 'taken by 2'],
    ['other', true, 'pin', false, 'taken by 2'],
    ['other', false, 'pin', true, 'taken by 2'],
    ['other', false, 'pin', false, 'taken by 2'],
    ['other', true, 'path', true, 'not-ours'],
    ['other', true, 'path', false, 'not-ours'],
    ['other', false, 'path', true, 'not-ours'],
    ['other', false, 'path', false, 'not-ours'],
    ['other', true, 'other', true, 'taken by 2'],
    ['other', true, 'other', false, 'granted'],
    ['other', false, 'other', true, 'taken by 2'],
    ['other', false, 'other', false, 'several-scenes by 2'],
  ];

  it.each(table)(
    'by %s (has it: %s) against %s (has it: %s): %s',
    (own, has, rival, rivalHas, expected) => {
      const first = { sceneId: 1, strength: own, isOwner: has };
      const second = { sceneId: 2, strength: rival, isOwner: rivalHas };
      expect(verdict(first, [first, second])).toBe(expected);
    },
  );

  it('has each combination in this table', () => {
    expect(new Set(table.map((row) => row.slice(0, 4).join())).size).toBe(36);
  });

  it('is never given to both, whatever either believes of who has it', () => {
    for (const first of scenes(1)) {
      for (const second of scenes(2)) {
        const both = [first, second];
        const granted = both.filter((own) => verdict(own, both) === 'granted');
        expect(granted.length).toBeLessThanOrEqual(1);
        // One that has it and fits it no worse keeps it; nobody loses it to an equal.
        const owners = both.filter((own) => own.isOwner);
        const [owner] = owners;
        if (owner !== undefined && owners.length === 1 && first.strength === second.strength) {
          expect(granted).toEqual([owner]);
        }
      }
    }
  });
});

describe('[1.0 MATCH-03] an item that many scenes fit', () => {
  const anyScene = fc.record({
    strength: fc.constantFrom(...strengths),
    isOwner: fc.boolean(),
  });
  const anyScenes = fc
    .array(anyScene, { minLength: 1, maxLength: 6 })
    .map((drawn) => drawn.map((scene, at): Scene => ({ ...scene, sceneId: at + 1 })));

  it('is given to one at most, and to none that another fits better', () => {
    const rank = { pin: 2, path: 1, other: 0 };
    fc.assert(
      fc.property(anyScenes, (all) => {
        const granted = all.filter((own) => verdict(own, all) === 'granted');
        expect(granted.length).toBeLessThanOrEqual(1);
        const best = Math.max(...all.map((scene) => rank[scene.strength]));
        for (const scene of granted) expect(rank[scene.strength]).toBe(best);
      }),
      { numRuns: 500, seed: 71 },
    );
  });

  it('has the same verdict in whatever order the rivals are named', () => {
    fc.assert(
      fc.property(anyScenes, (all) => {
        for (const own of all) {
          const kind = verdict(own, all).split(' by ')[0];
          expect(verdict(own, all.toReversed()).split(' by ')[0]).toBe(kind);
        }
      }),
      { numRuns: 300, seed: 72 },
    );
  });
});

describe('the strength of a claim', () => {
  it('is that of a choice, of the path, or of everything else', () => {
    expect((['pin', 'url'] as const).map(strengthOf)).toEqual(['pin', 'pin']);
    expect(strengthOf('path')).toBe('path');
    const rest = ['name-size', 'name-duration', 'size-duration', 'text'] as const;
    expect(new Set(rest.map(strengthOf))).toEqual(new Set(['other']));
  });
});
