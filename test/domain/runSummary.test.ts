// What a comparison has found, in good English.
import { describe, expect, it } from 'vitest';
import { gapKinds } from '../../src/contract/gaps.ts';
import { runSummary } from '../../src/domain/words/runSummary.ts';

const figures = (count: number) => ({
  scenes: count,
  unread: count,
  found: Object.fromEntries(gapKinds.map((kind) => [kind, count])),
  queued: {},
  waiting: count,
  covers: count,
  putOff: count,
  unlisted: count,
});

describe('[1.4 RECON-02] the summary of a run', () => {
  it('counts one of each in the singular, and more in the plural', () => {
    const one = runSummary({ dry: false, figures: figures(1) });
    expect(one).not.toMatch(/\b1 (?:scenes|items|files|pictures|gaps)\b/);
    expect(one).toContain(
      '1 scene without an item; 1 scene gone from Stash; 1 item gone from Plex',
    );
    expect(one).toContain('1 picture may be another than in Stash and is to be compared');
    expect(one).toContain('1 scene could not be judged');
    const two = runSummary({ dry: false, figures: figures(2) });
    expect(two).not.toMatch(/\b2 (?:scene|item|file|picture|gap)\b/);
    expect(two).toContain('2 scenes without an item; 2 scenes gone from Stash; 2 items gone');
    expect(two).toContain('2 pictures may be others than in Stash and are to be compared');
  });
});
