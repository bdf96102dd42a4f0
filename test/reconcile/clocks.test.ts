// Which scenes a run of changed ones looks at, whatever the clocks do: Stash's in another time zone, one
// hour twice in autumn.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type InStep, openInStep } from './inStep.ts';

const hourMs = 3_600_000;

let library: InStep;
beforeEach(async () => {
  library = await openInStep(4);
});
afterEach(async () => {
  await library.close();
});

/** A tag that no hook told, with the time that Stash wrote then, as it wrote it. */
function tagAt(at: number, updatedAt: string): void {
  const { stash } = library.world;
  const { sceneId } = library.pair(at);
  stash.library.autoTag(sceneId, [stash.store.addTag({ name: `found ${at}` })]);
  stash.store.stampScene(sceneId, updatedAt);
}

/** As Stash writes a moment with its machine's offset. */
function stamp(atMs: number, offsetHours: number): string {
  const local = new Date(atMs + offsetHours * hourMs).toISOString().slice(0, 19);
  const sign = offsetHours < 0 ? '-' : '+';
  return `${local}${sign}${String(Math.abs(offsetHours)).padStart(2, '0')}:00`;
}

describe('[1.4 GAP-02] [1.4 AUTO-03] scenes changed since a time', () => {
  it('are those by their moment, in whatever time zone Stash wrote it', async () => {
    const since = library.nowMs - 24 * hourMs;
    tagAt(0, stamp(since + 60_000, 14));
    tagAt(1, stamp(since + 60_000, -12));
    tagAt(2, stamp(since - hourMs, 14));
    tagAt(3, stamp(since - hourMs, -12));
    const scope = { since, until: null, library: null, kinds: null };
    await library.reconciled({ scope, dry: true });
    expect(library.told()).toEqual([0, 1].map((at) => `stale genre ${library.pair(at).sceneId}`));
  });

  it('are those of the hour that comes twice when clocks go back', async () => {
    // 02:30 in summer's time, and half an hour after it 02:00 in winter's: as texts the wrong way round.
    const before = Date.UTC(2026, 9, 25, 0, 30);
    tagAt(0, '2026-10-25T02:30:00+02:00');
    tagAt(1, '2026-10-25T02:05:00+01:00');
    tagAt(2, '2026-10-25T01:59:00+02:00');
    tagAt(3, '2026-10-25T03:10:00+01:00');
    const scope = { since: before, until: null, library: null, kinds: null };
    await library.reconciled({ scope, dry: true });
    expect(library.told()).toEqual(
      [0, 1, 3].map((at) => `stale genre ${library.pair(at).sceneId}`),
    );
  });
});
