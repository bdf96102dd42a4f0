// Which scenes a run of changed ones looks at, whatever the clocks do: Stash's in another time zone, one
// hour twice in autumn, PlexSync's own set back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entityKinds } from '../../simulators/stash/store/records.ts';
import { lastRuns, type Run } from '../../src/store/run/run.ts';
import { ended, type InStep, openInStep } from './inStep.ts';

const hourMs = 3_600_000;
const longAgo = '2020-01-01T00:00:00Z';

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
  // Long ago: what is found is to be found by the scene.
  const tag = { name: `found ${at}`, createdAt: longAgo, updatedAt: longAgo };
  stash.library.autoTag(sceneId, [stash.store.addTag(tag)]);
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

describe('[1.4 AUTO-01] [1.4 GAP-02] how far a run by itself goes back', () => {
  beforeEach(async () => {
    const settings = { reconcileEvery: 'hourly', noCatchUp: true };
    const { stash } = library.world;
    for (const kind of entityKinds) {
      for (const { id } of stash.store.entities(kind)) stash.store.stampEntity(kind, id, longAgo);
    }
    await library.world.configure({ plexReadTimeout: 1, plexWriteTimeout: 1, ...settings });
    await ownRun();
  });

  /** The next that begins by itself, at its end. */
  async function ownRun(): Promise<Run> {
    const before = lastRuns(library.db, 1)[0]?.id ?? 0;
    for (let made = 0; made < 400; made += 1) {
      await library.turns(1, 600_000);
      const [run] = lastRuns(library.db, 1);
      if (run !== undefined && run.id !== before) return await ended(library, run.id);
    }
    throw new Error('there was none');
  }

  it('is to where the one before began, and an hour more', async () => {
    const [before] = lastRuns(library.db, 1);
    const { scope } = await ownRun();
    expect(scope.since).toBe((before?.begunAt ?? 0) - hourMs);
  });

  it('is to all scenes once PlexSync’s clock was set back: what was edited since may seem to be older', async () => {
    library.nowMs -= 2 * 24 * hourMs;
    // Edited after that, without a hook.
    tagAt(0, stamp(library.nowMs, 0));
    expect((await ownRun()).scope.since).toBeNull();
    await library.drained();
    const { ratingKey } = library.pair(0);
    expect(library.world.plex.library.item(ratingKey)?.genres).toContain('found 0');
    // From then on it goes on as before.
    expect((await ownRun()).scope.since).not.toBeNull();
  });

  it('is not moved by a run of a part of the library, of some kinds, or a dry one', async () => {
    const [before] = lastRuns(library.db, 1);
    const all = { since: null, until: null, library: null, kinds: null };
    await library.reconciled({ scope: { ...all, library: 'Videos' } });
    await library.reconciled({ scope: { ...all, kinds: ['stale'] } });
    await library.reconciled({ dry: true });
    expect((await ownRun()).scope.since).toBe((before?.begunAt ?? 0) - hourMs);
  });

  it('comes back to scenes that could not be judged', async () => {
    const [before] = lastRuns(library.db, 1);
    const { stash } = library.world;
    const { sceneId } = library.pair(0);
    tagAt(0, stamp(library.nowMs, 0));
    stash.store.corrupt(sceneId, { title: new Error('database is locked') });
    const unread = await ownRun();
    expect(unread.figures).toMatchObject({ unread: 1, found: {} });
    stash.store.heal(sceneId);
    const next = await ownRun();
    expect(next.scope.since).toBe((before?.begunAt ?? 0) - hourMs);
    expect(next.figures.found).toEqual({ 'stale:genre': 1 });
  });
});
