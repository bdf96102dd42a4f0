// How the demo tells what happened, and what happens when.
import { describe, expect, it } from 'vitest';
import { linesOf, type SceneChange, seconds } from '../../demo/events.ts';
import { Ledger } from '../../demo/ledger.ts';
import { placed } from '../../demo/page/rows.ts';
import { nextStep } from '../../demo/story.ts';
import { changesBetween, type SceneView } from '../../demo/view.ts';

const view: SceneView = {
  title: 'Night Train',
  date: '2001-02-03',
  studio: 'Northline',
  performers: ['Ann Bell'],
  tags: ['Night', 'Rail'],
  details: 'Long.',
};
const scene = (sceneId: number, changes: readonly string[]): SceneChange => ({
  sceneId,
  title: 'Night Train',
  changes,
});
const at = new Date(2024, 0, 2, 12, 4, 31).getTime();

describe('what the demo tells', () => {
  it('names what changed in a scene, field by field', () => {
    const after = { ...view, title: 'Day Train', tags: ['Rail', 'Steam'], details: 'Short.' };
    expect(changesBetween(view, after)).toEqual([
      'title “Night Train” → “Day Train”',
      'tags +Steam −Night',
      'details “Short.”',
    ]);
    expect(changesBetween(view, view)).toEqual([]);
  });

  it('tells few scenes one by one and many in one line', () => {
    const tagged = ['tags +Rail'];
    expect(linesOf({ kind: 'edited', at, scenes: [scene(12, tagged)] })).toEqual([
      '12:04:31  Stash: scene 12 “Night Train” tags +Rail',
    ]);
    const scenes = [1, 2, 3, 4, 5].map((id) => ({
      ...scene(id, id === 5 ? ['tags +Sea'] : tagged),
      afterMs: id * 10,
    }));
    expect(linesOf({ kind: 'arrived', at, scenes })).toEqual([
      '12:04:31  → Plex after 0.01 to 0.05 s: 5 scenes at once: tags +Rail (4 of them)',
    ]);
  });

  it('counts a wait from the oldest change that is not in Plex', () => {
    const ledger = new Ledger();
    ledger.edited([1], 1_000);
    ledger.edited([1, 2], 5_000);
    expect(ledger.arrived(1, 15_000)).toBe(14_000);
    expect(ledger.arrived(1, 16_000)).toBeUndefined();
    expect(ledger.totals()).toEqual({
      edits: 2,
      changes: 3,
      arrived: 2,
      outages: 0,
      singleMs: null,
      longestMs: 14_000,
    });
    expect([seconds(23), seconds(13_849)]).toEqual(['0.02 s', '13.8 s']);
  });

  it('leaves a scene on the page where it is', () => {
    expect(placed([], [1, 2])).toEqual([1, 2]);
    expect(placed([1, 2, 3], [3, 4, 1])).toEqual([1, 4, 3]);
  });

  it('gives Plex back after twelve seconds, unless a person took it away', () => {
    const story = { since: 0, by: 'story' } as const;
    expect(nextStep(0, story, 99_000, 11_000)).toBe('edit');
    expect(nextStep(0, story, 99_000, 12_000)).toBe('start Plex');
    expect(nextStep(0, { ...story, by: 'person' }, 0, 90_000)).toBe('edit');
    expect(nextStep(0, null, 15_000, 15_000)).toBe('stop Plex');
    expect(nextStep(8, null, 15_000, 0)).toBe('bulk edit');
  });
});
